"""`symcalc compare`, `predict` and `catalogue`."""

from __future__ import annotations

import csv
import io

import pytest
from cases_at_hand import load

import symcalc as sc


def test_a_wide_screen_gets_one_table_and_a_narrow_one_a_table_a_parameter(run):
    wide = run("compare", "movies", "--at", "m=1.417,b=133.33", columns=200)
    narrow = run("compare", "movies", "--at", "m=1.417,b=133.33", columns=70)

    assert "parameter  method" in wide.out
    assert "m: the symbolic slope is 12069.6" in narrow.out
    assert max(map(len, narrow.out.splitlines())) <= 70


def test_a_method_that_does_not_apply_says_so(run):
    ran = run("compare", "abs(m)", "--at", "m=0")

    assert ran.code == 0
    assert "does not apply" in ran.out
    assert "note: The complex step does not apply at a kink" in ran.out


def test_the_gap_of_a_forward_difference_is_the_lessons(run):
    case = load("lesson.json")["steplab"]["slope in b at m=43"][0]
    found = run("compare", "rss", "--data", "steplab", "--set", "m=43", "--at", f"b={case['b']}",
                "--methods", "forward", "--h", case["h"], "--json").document  # fmt: skip
    (row,) = found["rows"]

    assert found["point"] == {"b": 3.0}
    assert row["symbolic"] == pytest.approx(float(case["exact"]), rel=1e-9)
    assert row["reference"] == pytest.approx(float(case["exact"]), rel=1e-9)
    assert row["error"] == pytest.approx(float(case["gap"]), rel=1e-6)
    assert (row["parameter"], row["method"], row["step"], row["evaluations"]) == ("b", "forward", 0.001, 2)


def test_every_method_has_a_row_for_every_entry(run):
    found = run("compare", "x@x", "--shape", "x=2", "--at", "x=[1,2]", "--json").document

    assert [(r["parameter"], r["method"]) for r in found["rows"]][:2] == [("x[0]", "forward"), ("x[0]", "central")]
    assert len(found["rows"]) == 8
    assert found["rows"][2]["numeric"] == pytest.approx(2, rel=1e-15)


def test_a_row_carries_the_parts_of_its_gap(run):
    (row,) = run("compare", "a^3", "--parameters", "a", "--at", "a=2", "--methods", "central", "--h", "0.01",
                 "--json").document["rows"]  # fmt: skip

    # h²/6·6 = 1e-4; a cube has no derivative beyond.
    assert row["truncation"] == pytest.approx(1e-4, rel=1e-9)
    assert row["derivative"] == {
        "order": 3,
        "value": 6,
        "factor": pytest.approx(1 / 6),
        "first_term": row["truncation"],
    }
    assert (row["cause"], row["share"]) == ("truncation", pytest.approx(1, rel=1e-6))
    assert row["predicted_error"] == pytest.approx(row["error"], rel=1e-9)
    assert 1e-7 < row["best_step"] < 1e-3
    assert row["scanned_step"] > 0


def test_the_error_against_h_is_a_table_and_a_document(run):
    asked = ("compare", "exp(x)", "--parameters", "x", "--at", "x=1", "--methods", "forward,central", "--curve", "x")
    ran, found = run(*asked), run(*asked, "--json").document

    assert "central: nearest around h = " in ran.out
    assert [(c["method"], len(c["steps"]), len(c["errors"])) for c in found["curves"]] == [
        ("forward", 69, 69), ("central", 69, 69)]  # fmt: skip


def test_a_curve_in_an_unknown_parameter_is_refused(run):
    ran = run("compare", "exp(x)", "--parameters", "x", "--at", "x=1", "--curve", "z")

    assert (ran.code, ran.out) == (2, "")
    assert "There is no entry 'z'; there are x." in ran.err


# -- predict -------------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path):
    """Saves a descent of a formula over a table; gives its path."""
    from symcalc.descent.save import save

    def saving(formula: str, data: str, rate: float, steps: int, **declared: object) -> str:
        program = sc.compile(sc.differentiate(sc.parse(formula, data, **declared)))
        path = tmp_path / "run.json"
        save(sc.descend(program, learning_rate=rate, steps=steps), path)
        return str(path)

    return saving


@pytest.fixture
def new_rows(tmp_path) -> str:
    file = tmp_path / "new.csv"
    file.write_text('title,x\nFirst,300\n"Second, too",200\n', encoding="utf-8")
    return str(file)


def test_predictions_keep_the_statistics_of_the_training_data(run, saved, new_rows):
    model = saved("z = (x - mean(x))/std(x);  mean((y - (m*z + b))^2)", "movies", 0.25, 40)
    ran = run("predict", model, "--data", new_rows)
    rows = list(csv.reader(io.StringIO(ran.out)))

    assert ran.code == 0
    assert rows[0] == ["title", "x", "prediction"]
    assert rows[2][:2] == ["Second, too", "200"]
    assert float(rows[1][2]) == pytest.approx(611 / 424 * 300 + 43475 / 424, rel=1e-8)
    assert "compares with y" in ran.err


def test_the_column_is_named_after_the_definition(run, saved, new_rows):
    model = saved("yhat = m*x + b + 1/n;  mean((y - yhat)^2)", "movies", 1e-6, 2)
    found = run("predict", model, "--data", new_rows, "--json").document
    point = found["point"]

    assert found["name"] == "yhat"
    assert found["predictions"][0] == pytest.approx(point["m"] * 300 + point["b"] + 1 / 5, rel=1e-14)


def test_another_definition_may_predict(run, saved, new_rows):
    model = saved("z = (x - mean(x))/std(x);  mean((y - (m*z + b))^2)", "movies", 0.25, 2)
    ran = run("predict", model, "--data", new_rows, "--name", "z")

    assert ran.out.splitlines()[0] == "title,x,z"


def test_a_header_already_there_is_kept(run, saved, tmp_path):
    model = saved("yhat = m*x + b;  mean((y - yhat)^2)", "movies", 1e-6, 2)
    file = tmp_path / "new.csv"
    file.write_text("x,yhat\n1,2\n", encoding="utf-8")

    assert run("predict", model, "--data", str(file)).out.splitlines()[0] == "x,yhat,yhat_predicted"


def test_bound_columns_and_arrays_predict_as_in_training(run, saved):
    headers = {"X": ["area", "rooms"], "y": "price"}
    model = saved("mean((y - (X@w + b))^2)", "houses", 1e-6, 5, columns=headers)
    table = sc.parse("mean((y - (X@w + b))^2)", "houses", columns=headers).data
    found = run("predict", model, "--data", "houses", "--json").document
    w, b = found["point"]["w"], found["point"]["b"]

    expected = table.column("area") * w[0] + table.column("rooms") * w[1] + b
    assert found["predictions"] == pytest.approx(expected.tolist(), rel=1e-12)


def test_predictions_may_be_written_to_a_file(run, saved, new_rows, tmp_path):
    model = saved("yhat = m*x + b;  mean((y - yhat)^2)", "movies", 1e-6, 2)
    ran = run("predict", model, "--data", new_rows, "-o", str(tmp_path / "out.csv"))

    assert ran.out == ""
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[0] == "title,x,yhat"


def test_only_columns_that_predict_must_hold_numbers(run, saved, tmp_path):
    model = saved("yhat = m*x + b;  mean((y - yhat)^2)", "movies", 1e-6, 2)
    file = tmp_path / "bad.csv"
    file.write_text("x,y\n1,\n,3\n", encoding="utf-8")
    ran = run("predict", model, "--data", str(file))

    assert (ran.code, ran.out) == (2, "")
    assert "row 2, column x: the value is missing" in ran.err


def test_a_column_that_is_missing_is_named(run, saved):
    model = saved("yhat = m*x + b;  mean((y - yhat)^2)", "movies", 1e-6, 2)
    ran = run("predict", model, "--data", "houses")

    assert (ran.code, ran.out) == (2, "")
    assert "has no column 'x'" in ran.err


# -- catalogue -----------------------------------------------------------------------------------


def test_the_whole_catalogue_has_a_line_for_each_row(run):
    out = run("catalogue").out

    for word in ("lessons:", "losses:", "surfaces:", "optimizers:", "functions:"):
        assert word in out
    for word in ("  movies ", "  huber ", "  rosenbrock ", "  adam ", "  softplus(u) "):
        assert word in out


@pytest.mark.parametrize(("word", "name"), [("lessons", "movies"), ("loss", "huber"), ("optimizers", "adam")])
def test_one_kind(run, word, name):
    (rows,) = run("catalogue", word, "--json").document.values()

    assert name in [row["name"] for row in rows]


def test_one_row_shows_all_there_is(run):
    out = run("catalogue", "huber").out

    assert "formula" in out
    assert "delta = 1" in out
    assert "Huber (1964)" in out


def test_a_function_is_found_by_every_spelling(run):
    assert run("catalogue", "arctan").out.startswith("atan(u), function: inverse tangent")
