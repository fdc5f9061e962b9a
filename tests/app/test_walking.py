"""Claims about `symcalc descend` with batches, schedules, limits, polish and saving, as typed."""

from __future__ import annotations

import json

import pytest

from symcalc.catalogue.methods import METHODS
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.catalogue.schedules import SCHEDULES
from symcalc.descent.methods import SEARCHES


def test_newton_with_twenty_digits(run):
    ran = run("descend", "movies", "--optimizer", "newton", "--digits", "20")

    assert ran.code == 0
    assert "m = 1.4410377358490566038" in ran.out
    assert "b = 102.53537735849056604" in ran.out
    assert "Polished to 20 digits by" in ran.out


def test_polished_digits_are_text_in_json(run):
    ran = run("descend", "movies", "--optimizer", "newton", "--digits", "30", "--json")

    found = json.loads(ran.out)["polished"]
    assert found["digits"] == 30
    assert found["point"]["m"] == "1.44103773584905660377358490566"
    assert set(found["float64_digits"]) == {"m", "b"}
    assert json.loads(run("descend", "movies", "--steps", "1", "--json").out)["polished"] is None


def test_a_batch_says_whose_slopes_it_follows(run):
    words = ["--optimizer", "sgd", "--batch-size", "2", "--seed", "1", "--learning-rate", "1e-6", "--steps", "3"]
    ran = run("descend", "movies", *words, "--schedule", "1/t")

    assert ran.code == 0
    assert "∂L_B/∂m" in ran.out
    assert "2 of 5 rows (seed 1, 3 steps an epoch)" in " ".join(ran.out.split())
    assert "rate/(1 + decay*(t - 1))" in ran.out


LASSO = "mean((y - (m*x + b))^2) + 0.1*sum(abs(m))"


@pytest.mark.parametrize("name", sorted({**OPTIMIZERS, **METHODS}))
def test_every_row_of_the_catalogue_walks_down_from_the_command_line(run, name):
    words = [LASSO, "--data", "steplab"] if name == "proximal-gradient" else ["steplab"]
    rate = ["--learning-rate", "0.01"] if name in ("momentum", "nesterov", "sgd") else []
    ran = run("descend", *words, "--start", "m=43,b=12", "--optimizer", name, *rate, "--steps", "5", "--json")

    assert ran.code == 0
    assert ran.document["optimizer"]["name"] == name
    assert ran.document["loss"] < ran.document["steps"][0]["loss"]


@pytest.mark.parametrize("words", [["--schedule", s] for s in SCHEDULES] + [["--line-search", s] for s in SEARCHES])
def test_every_schedule_and_line_search_is_there_too(run, words):
    rate = ["--learning-rate", "0.02"] if words[0] == "--schedule" else []
    ran = run("descend", "steplab", "--start", "m=43,b=12", *words, *rate, "--steps", "20", "--json")

    assert ran.code == 0
    assert ran.document["loss"] < ran.document["steps"][0]["loss"] / 1.5


def test_constants_of_an_optimizer_are_set_and_checked(run):
    # From x = 1 with slope 2x: 1, 0.8, then 0.8 - 0.1·(0.5·2 + 1.6) = 0.54.
    words = ["descend", "x^2", "--start", "x=1", "--learning-rate", "0.1", "--steps", "2", "--optimizer", "momentum"]
    found = run(*words, "--optimizer-constants", "decay=0.5", "--json").document

    assert found["optimizer"]["constants"] == {"decay": 0.5}
    assert found["point"]["x"] == pytest.approx(0.54)
    wrong = run(*words, "--optimizer-constants", "beta=0.5")
    assert (wrong.code, wrong.out) == (2, "")
    assert "momentum has no constant 'beta'; it has decay." in wrong.err
    assert "such as decay=0.95; this is 'decay'" in run(*words, "--optimizer-constants", "decay").err
    limit = run(
        "step-sizes", "x^2", "--at", "x=1", "--optimizer", "momentum", "--optimizer-constants", "decay=0.5", "--json"
    )
    # Polyak's limit for a heavy ball: 2(1 + decay)/λ.
    assert limit.document["largest"] == pytest.approx(1.5, rel=1e-9)


def test_bounds_are_kept_and_told(run):
    ran = run("descend", "movies", "--optimizer", "newton", "--bounds", "b=0..100,m=..5")

    assert "m = 1.44959   b = 100" in ran.out
    assert "b is at its bound 100" in ran.out


def test_a_constraint_is_kept(run):
    ran = run(
        "descend", "movies", "--optimizer", "newton", "--constraint", "m + b = 50", "--constraint", "m >= 0", "--json"
    )

    point = json.loads(ran.out)["point"]
    assert point["m"] + point["b"] == pytest.approx(50, rel=1e-12)


def test_every_screen_keeps_to_its_width_in_ascii(run):
    words = ["--optimizer", "levenberg-marquardt", "--digits", "12", "--ascii"]
    ran = run("descend", "movies", *words, columns=60)

    assert ran.out.isascii()
    assert max(map(len, ran.out.splitlines())) <= 60


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--bounds", "b=3"], "--bounds takes a name and two ends"),
        (["--bounds", "b=0..1", "--bounds", "b=0..2"], "gives b twice"),
        (["--bounds", "q=0..1"], "q is no parameter"),
        (["--constraint", "m*b <= 1"], "not linear"),
        (["--schedule", "cosin", "--learning-rate", "1"], "Did you mean cosine"),
        (["--line-search", "golden"], "there are armijo, wolfe"),
        (["--batch-size", "2", "--optimizer", "newton"], "looks at all rows"),
        (["--optimizer", "newtn"], "Did you mean newton"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(run, words, sentence):
    ran = run("descend", "movies", *words)

    assert (ran.code, ran.out) == (2, "")
    assert sentence in " ".join(ran.err.split())


def test_a_saved_run_with_batches_goes_on(run, tmp_path):
    file = str(tmp_path / "run.json")
    words = ["descend", "movies", "--optimizer", "adam", "--batch-size", "2", "--learning-rate", "0.1", "--json"]
    whole = json.loads(run(*words, "--steps", "8").out)

    run(*words, "--steps", "5", "--save", file)
    resumed = json.loads(run("descend", "--resume", file, "--steps", "3", "--json").out)

    assert whole["point"] == resumed["point"]
