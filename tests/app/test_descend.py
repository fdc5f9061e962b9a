"""`symcalc descend`: the lesson, a plain descent, its document, its exit codes, saved and resumed runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cases_at_hand import load

ROOT = Path(__file__).resolve().parents[2]
MSE, RSS = "mean((y - (m*x + b))^2)", "sum((y - (m*x + b))^2)"


def close(found: float, expected: Any) -> bool:
    return found == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def test_alone_it_tells_the_lesson_on_one_screen(process):
    ran = process("descend")

    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    assert "revenue 1.441038*300 + 102.535377 = 534.85" in ran.out


@pytest.mark.parametrize("name", ["movies", "movies3", "steplab", "passfail", "houses"])
def test_every_lesson_is_told(run, name):
    ran = run("descend", name)

    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "PREDICT" in ran.out


@pytest.mark.parametrize("case", range(4))
def test_the_descents_on_movies_have_the_figures_of_the_lesson(run, case):
    row = load("lesson.json")["movies"]["descents on mse from m=0 b=0"][case]

    ran = run("descend", "movies", "--start", "m=0,b=0", "--learning-rate", row["learning_rate"],
              "--steps", str(row["steps"]), "--json")  # fmt: skip

    document = ran.document
    assert len(document["steps"]) == row["steps"] + 1
    assert close(document["point"]["m"], row["m"])
    assert close(document["point"]["b"], row["b"])
    grew = document["stop_reason"] == "diverged"
    assert (ran.code, grew) == ((1, True) if float(row["learning_rate"]) > 1.33e-5 else (0, False))


@pytest.mark.parametrize("case", range(5))
def test_the_descents_on_steplab_have_the_figures_of_the_lesson(run, case):
    row = load("lesson.json")["steplab"]["descents on rss from m=43 b=12"][case]

    ran = run("descend", RSS, "--data", "steplab", "--start", "m=43,b=12", "--json",
              "--learning-rate", row["learning_rate"], "--steps", str(row["steps"]))  # fmt: skip

    assert close(ran.document["point"]["m"], row["m"])
    assert close(ran.document["point"]["b"], row["b"])


def test_one_lever_of_steplab_and_movies3_step_by_step(run):
    lesson = load("lesson.json")
    expected = lesson["steplab"]["descent in b only, m=43, rate 0.01 on rss, from 3"]["b"]
    ran = run("descend", "steplab", "--set", "m=43", "--start", "b=3", "--learning-rate", "0.01", "--steps", "5",
              "--compare", "forward", "--h", "0.001", "--json")  # fmt: skip

    steps = ran.document["steps"]
    assert all(close(step["point"]["b"], b) for step, b in zip(steps, expected, strict=True))
    slope = lesson["steplab"]["slope in b at m=43"][0]
    assert close(steps[0]["gradient"]["b"], slope["exact"])
    assert steps[0]["numeric"]["b"] == pytest.approx(float(slope["forward"]), rel=1e-7)

    expected = lesson["movies3"]["descent in m only, b=133.33, rate 1e-6 on rss, from 0"]
    ran = run("descend", RSS, "--data", "movies3", "--set", "b=133.33", "--learning-rate", "1e-6", "--steps", "11",
              "--json")  # fmt: skip
    found = [step["point"]["m"] for step in ran.document["steps"]]
    assert all(close(m, e) for m, e in zip(found, expected, strict=True))


def test_the_document_says_all_about_the_run(run):
    document = run("descend", "movies", "--steps", "2", "--learning-rate", "1e-6", "--json").document

    assert document["parameters"] == [{"name": "m", "shape": []}, {"name": "b", "shape": []}]
    assert document["columns"] == [{"name": "y", "shape": [5]}, {"name": "x", "shape": [5]}]
    assert (document["stop_reason"], document["formula"]) == ("max_steps", MSE)
    first, last = document["steps"][0], document["steps"][-1]
    assert {"index", "point", "loss", "gradient", "slope_change", "curvature_change", "predicted_change",
            "actual_change"} <= first.keys()  # fmt: skip
    assert "numeric" not in first
    # For a squared loss the prediction to second order is exact.
    assert first["predicted_change"] == pytest.approx(first["actual_change"], rel=1e-9)
    assert last["predicted_change"] is None
    assert document["loss"] == last["loss"]


def test_a_lesson_alone_as_json_is_its_last_descent(run):
    document = run("descend", "--json").document

    assert len(document["steps"]) == 31
    assert document["point"]["b"] == pytest.approx(470)
    assert document["steps"][0]["numeric"]["m"] == pytest.approx(-296.7268, rel=1e-6)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["movies", "--learning-rate", "1"], 1, "lower the learning rate"),
        (["log(x)", "--start", "x=-1"], 1, "log(x) is nan at x = -1"),
        (["movies", "--learning-rate", "1", "--steps", "2000"], 1, "left the finite numbers"),
        (["x^2", "--start", "x=1", "--learning-rate", "0.5", "--tolerance", "1e-6"], 0, "smaller than the tolerance"),
        (["x^2", "--start", "x=1", "--steps", "0"], 0, "step 0"),
    ],
)
def test_a_bad_end_is_shown_and_told_by_the_exit_code(run, words, code, said):
    ran = run("descend", *words)

    assert ran.code == code
    assert said in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["movies", "--optimizer", "adm"], "Did you mean adam"),
        (["movies", "--start", "q=1"], "q is no parameter"),
        (["movies", "--learning-rate", "-1"], "walks uphill"),
        (["movies", "--compare", "centrl"], "Did you mean central"),
        (["movies", "--steps", "-3"], "steps"),
        (["movies", "--save", "nowhere/run.json"], "There is no folder nowhere"),
        (["movies", "--plot", "run.bmp"], ".png"),
        (["--data", "movies"], "Which loss?"),
        (["mean((y - m*x)^2"], "'('"),
        (["--resume", "nowhere.json"], "nowhere.json"),
        (["movies", "--set", "m=1,b=2", "--steps", "3"], "nothing to learn"),
        (["log(1 + exp(-y*p))", "--data", "movies"], "one value a row"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_no_answer(run, words, said):
    ran = run("descend", *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_numbers_that_are_not_finite_are_words_in_json(run):
    ran = run("descend", "log(x)", "--start", "x=-1", "--json")

    assert (ran.code, ran.document["loss"], ran.document["stop_reason"]) == (1, "nan", "not_finite")


def test_a_saved_run_goes_on_as_if_it_had_not_stopped(run, tmp_path):
    path = str(tmp_path / "run.json")
    whole = run("descend", "movies", "--optimizer", "adam", "--learning-rate", "1", "--steps", "20", "--json").document

    run("descend", "movies", "--optimizer", "adam", "--learning-rate", "1", "--steps", "12", "--save", path)
    rest = run("descend", "--resume", path, "--steps", "8", "--save", path, "--json").document

    assert rest["point"] == whole["point"]
    assert [s["loss"] for s in rest["steps"]] == [s["loss"] for s in whole["steps"]]


def test_a_resumed_run_knows_its_own_data_columns_and_shapes(run, tmp_path):
    table = tmp_path / "ads.csv"
    table.write_text("tv,the radio,sales\n1,4,5\n2,1,4\n3,0,3\n5,2,9\n")
    path = str(tmp_path / "run.json")
    first = run("descend", "mean((sales - X@w - k)^2)", "--data", str(table), "--columns", "X=tv,the radio",
                "--set", "k=0.5", "--steps", "3", "--save", path)  # fmt: skip
    assert first.code == 0

    again = run("descend", "--resume", path, "--steps", "2", "--json")

    assert again.code == 0, again.err
    assert [s["index"] for s in again.document["steps"]] == [0, 1, 2, 3, 4, 5]


def test_a_bad_run_is_saved_all_the_same(run, tmp_path):
    path = tmp_path / "run.json"

    assert run("descend", "movies", "--learning-rate", "1", "--steps", "9", "--save", str(path)).code == 1
    assert json.loads(path.read_text())["stop_reason"] == "diverged"


def test_the_lesson_saves_the_model_it_told_of(run, tmp_path):
    path, new = tmp_path / "run.json", tmp_path / "new.csv"
    new.write_text("x\n300\n")

    assert "PREDICT" in run("descend", "--save", str(path)).out
    ran = run("predict", str(path), "--data", str(new))

    assert ran.code == 0, ran.err
    assert "534.84669" in ran.out


def test_a_picture_of_the_run_is_drawn(run, tmp_path):
    path = tmp_path / "run.svg"

    assert run("descend", "movies", "--learning-rate", "1e-6", "--steps", "5", "--plot", str(path)).code == 0
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_descent_is_never_wider_than_the_terminal(run, columns):
    for words in (["movies", "--steps", "20"], ["houses", "--steps", "3"], ["rosenbrock", "--optimizer", "adam"]):
        ran = run("descend", *words, columns=columns)
        assert max(map(len, ran.out.splitlines())) <= columns


def test_ascii_and_digits(run):
    ran = run("descend", "movies", "--set", "m=1.417", "--steps", "2", "--ascii", "--digits", "10")

    assert ran.out.isascii()
    assert "dL/db = -2*mean(r)" in ran.out


def test_an_output_that_cannot_show_the_signs_gets_plain_ones(process):
    ran = process("descend", PYTHONIOENCODING="ascii")

    assert ran.code == 0
    assert "b <- 70 - 0.25*(-77.33) = 89.3325" in ran.out


def test_a_pipe_closed_early_is_quiet(process):
    ran = process("descend", "movies", "--steps", "3000", "--every", "1", shell="| head -3")

    assert ran.err == ""
    assert len(ran.out.splitlines()) == 3


def test_an_interrupted_descent_shows_and_saves_what_there_is(tmp_path):
    path = tmp_path / "run.json"
    words = ["descend", "x^2", "--start", "x=1", "--learning-rate", "1e-9", "--steps", "100000000", "--save", str(path)]
    child = subprocess.Popen(
        [sys.executable, "-m", "symcalc.app.cli", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    begun = time.monotonic()
    # It is under way once it has saved for the first time.
    while not path.exists() and time.monotonic() - begun < 60:
        time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)

    assert child.returncode == 130, err
    assert b"Interrupted after" in out
    assert json.loads(path.read_text())["stop_reason"] == "interrupted"


def test_help_shows_examples_without_loading_sympy(process):
    code = "import sys; from symcalc.app.cli import main; main(['descend', '--help']); sys.exit('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)

    assert done.returncode == 0
    assert b"symcalc descend passfail" in done.stdout


def test_a_descent_that_ends_on_a_kink_says_whether_it_is_a_minimum(run):
    ran = run("descend", "abs(x) + abs(y - 1)", "--parameters", "x,y", "--start", "x=2,y=3", "--learning-rate", "0.5")
    document = json.loads(
        run(
            "descend", "abs(x)", "--parameters", "x", "--start", "x=1", "--learning-rate", "1", "--steps", "3", "--json"
        ).out
    )

    assert "the loss is convex, so this is the global minimum" in " ".join(ran.out.split())
    assert document["certificate"]["contains_zero"] is True
    assert document["kinks"] == ["abs(x) stands on its kink."]


def test_a_saved_run_keeps_its_convention(run, tmp_path):
    saved = str(tmp_path / "run.json")
    walked = ("--learning-rate", "0.5", "--steps", "2")
    run("descend", "abs(x)", "--parameters", "x", "--start", "x=0", "--kinks", "right", *walked, "--save", saved)

    assert "(convention: right)" in run("descend", "--resume", saved, "--steps", "1").out
    refused = run("descend", "--resume", saved, "--steps", "1", "--kinks", "left")
    assert refused.code == 2
    assert "convention right" in refused.err
