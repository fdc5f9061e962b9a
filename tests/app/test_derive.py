"""`symcalc derive`: what it shows, and the figures of the lessons through its JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cases_at_hand import load

LINE = "mean((y - (m*x + b))^2)"


def test_it_shows_the_formula_how_names_were_read_the_slopes_why_and_the_verdict(run):
    ran = run("derive", "movies")

    assert ran.code == 0
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert lines[:4] == [
        f"L = {LINE}",
        "  m, b   parameters: inferred",
        "  y, x   columns: movies, 5 rows",
        "  units  L y^2, m y/x, b y, ∂L/∂m y·x, ∂L/∂b y",
    ]
    assert "  ∂L/∂m = -2·mean(x·r)" in lines
    assert "    r = y - (m*x + b)" in lines
    assert any("chain rule through r (line 1); only m*x" in line for line in lines)
    assert "  each line judged alone: all 5 hold" in lines
    assert lines[-1].startswith("checked: exact, 20 points (")


def test_the_result_alone_has_no_equations(run):
    ran = run("derive", "movies", "--explain", "0")

    assert "∂L/∂m = -2·mean(x·r)" in ran.out
    assert "why" not in ran.out
    assert "Σ" not in ran.out


def test_more_explaining_shows_inner_equations_and_numbers(run):
    shown, inner = run("derive", "huber"), run("derive", "huber", "--explain", "2")
    numbers = run("derive", "movies", "--explain", "3", "--at", "m=1.417,b=133.33")

    assert len(shown.out.splitlines()) < len(inner.out.splitlines())
    assert "= 4452.64" in numbers.out
    assert "= -2·(-6034.78) = 12069.6" in numbers.out


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("latex", "\\begin{align}\n"),
        ("markdown", "1. $r = "),
        ("html", '<div class="wide"><table'),
        ("mathml", "<math "),
    ],
)
def test_the_derivation_alone_is_written_in_other_forms(run, form, begins):
    assert run("derive", "movies", "--format", form).out.startswith(begins)


def test_json_has_the_lines_of_the_derivation(run):
    lines = json.loads(run("derive", "movies", "--json", "--explain", "2").out)["derivation"]

    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0]["text"] == "r = y - (m*x + b)"
    assert all(line["checked"]["status"] in ("exact", "numeric") for line in lines)
    assert any(line["inner"] and line["rule"] == "power rule" for line in lines)


def test_a_point_gives_the_loss_and_every_slope(run):
    ran = run("derive", "movies", "--at", "m=1.417,b=133.33", "--digits", "9")

    assert "  L     = 4452.63563" in ran.out
    assert "  ∂L/∂m = 12069.55" in ran.out


def test_kinks_say_which_value_is_taken(run):
    assert "kink: abs(r) at r = 0: slope 0" in run("derive", "mae").out
    assert "kink: max(m*x, 0) at m*x = 0" in run("derive", "sum(max(m*x, 0))").out


def test_a_kink_the_point_stands_on_is_named(run):
    ran = run("derive", "abs(m)", "--at", "m=0", "--explain", "0")

    assert "kink: abs(m) stands on its kink." in ran.out


@pytest.mark.parametrize("columns", [80, 200])
def test_lines_fit_the_screen(run, columns):
    ran = run("derive", "logistic", "--explain", "2", columns=columns)

    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= columns


def test_the_hessian_is_derived_and_has_numbers_at_a_point(run):
    ran = run("derive", "rosenbrock", "--at", "x=-1.2,y=1", "--hessian")

    assert "∂²L/∂x∂y = -400·x = 480" in ran.out


def test_a_hessian_block_of_arrays_is_a_table(run, sales):
    ran = run("derive", "mean((y - X@w)^2)", "--data", sales, "--columns", "y=Budget ($m),X=tv,radio", "--at", "w=0",
              "--hessian")  # fmt: skip

    assert "= (2/n)·XᵀX =\n    17.3333  18.6667\n    18.6667       22" in ran.out


# -- where the formula comes from ----------------------------------------------------------------


def test_a_formula_may_come_from_a_file_or_standard_input(run, tmp_path):
    file = tmp_path / "loss.txt"
    file.write_text("yhat = m*x + b\nmean((y - yhat)^2)\n", encoding="utf-8")

    from_file = run("derive", f"@{file}", "--json").document
    from_stdin = run("derive", "-", "--json", stdin=file.read_text(encoding="utf-8")).document

    assert [g["text"] for g in from_file["gradient"]] == ["-2·mean(x·r)", "-2·mean(r)"]
    assert from_stdin["gradient"] == from_file["gradient"]


def test_a_lesson_brings_its_table_and_other_data_go_before_it(run, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("x,y\n1,2\n2,4\n", encoding="utf-8")

    assert run("derive", "movies", "--json").document["rows"] == 5
    assert run("derive", "movies", "--data", str(file), "--json").document["rows"] == 2


def test_a_catalogue_row_brings_its_constants_and_parameters(run):
    huber = run("derive", "huber", "--json").document
    surface = run("derive", "rosenbrock", "--json").document
    held = run("derive", "rosenbrock", "--set", "x=1", "--json").document

    assert huber["constants"] == [{"name": "delta", "shape": [], "value": 1.0}]
    assert [p["name"] for p in surface["parameters"]] == ["x", "y"]
    assert [p["name"] for p in held["parameters"]] == ["y"]


# -- what is said about names --------------------------------------------------------------------


@pytest.fixture
def sales(tmp_path) -> str:
    file = tmp_path / "sales.csv"
    file.write_text("tv,radio,Budget ($m)\n1,2,3\n3,2,6\n4,5,5\n", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    "bound",
    [
        ["--columns", "X=tv,radio", "--columns", "y=Budget ($m)"],
        ["--columns", "X=tv,radio,y=Budget ($m)"],
        ["--columns", "y=`Budget ($m)`,X=tv,radio"],
    ],
)
def test_names_are_bound_to_headers(run, sales, bound):
    ran = run("derive", "mean((y - (X@w + b))^2)", "--data", sales, *bound, "--at", "w=[1,0.5],b=2", "--json")

    assert {c["name"]: c["shape"] for c in ran.document["columns"]} == {"y": [3], "X": [3, 2]}
    assert ran.document["parameters"] == [{"name": "w", "shape": [2]}, {"name": "b", "shape": []}]
    assert ran.document["gradient"][0]["value"] == pytest.approx([10, 13], rel=1e-12)


def test_constants_may_be_numbers_ratios_and_lists(run):
    ran = run("derive", "sum(c*w) + lam*m", "--set", "lam=1/4,c=[1,.5]", "--set", "w=[2,2]", "--at", "m=4", "--json")

    assert ran.document["loss"]["value"] == 4.0
    assert [p["name"] for p in ran.document["parameters"]] == ["m"]


def test_a_shape_leaves_the_other_names_to_be_inferred(run):
    ran = run("derive", "x@A@x + c", "--shape", "x=3,A=3x3", "--wrt", "x", "--json")

    assert ran.document["parameters"] == [
        {"name": "x", "shape": [3]}, {"name": "A", "shape": [3, 3]}, {"name": "c", "shape": []}
    ]  # fmt: skip


def test_a_point_may_come_from_a_file_and_one_number_fills_an_array(run, tmp_path):
    file = tmp_path / "point.json"
    file.write_text(json.dumps({"x": [1, 2, 3], "A": [[1, 1, 1]] * 3}), encoding="utf-8")
    words = ["derive", "x@A@x", "--shape", "x=3,A=3x3", "--json"]

    from_file = run(*words, "--at", f"@{file}").document
    filled = run(*words, "--at", "x=[1,2,3],A=1").document

    assert from_file["loss"]["value"] == filled["loss"]["value"] == 36.0


def test_slopes_in_a_definition_come_one_a_row(run):
    ran = run("derive", "yhat = m*x + b; mean((y - yhat)^2)", "--data", "movies", "--wrt", "yhat,m", "--at", "m=1,b=2",
              "--json")  # fmt: skip

    assert [g["parameter"] for g in ran.document["gradient"]] == ["yhat", "m"]
    assert ran.document["gradient"][0]["value"] == pytest.approx([-69.2, -39.2, -119.2, -79.2, -119.2], rel=1e-12)


# -- the document --------------------------------------------------------------------------------


def test_the_document_has_all_that_tools_rely_on(run):
    found = run("derive", "movies", "--json").document

    assert set(found) >= {"loss", "parameters", "columns", "gradient", "equations", "notes", "checked"}
    assert found["loss"]["text"] == LINE
    assert found["loss"]["value"] is None
    assert found["columns"] == [{"name": "y", "shape": [5]}, {"name": "x", "shape": [5]}]
    assert found["gradient"][0]["value"] is None
    assert set(found["gradient"][0]) == {"parameter", "text", "latex", "index", "value"}
    assert all(set(e) == {"text", "latex", "rule", "reason", "checked"} for e in found["equations"])
    assert found["checked"]["status"] == "exact"


def test_numbers_that_are_not_finite_are_words(run):
    found = run("derive", "log(m)", "--at", "m=0", "--json").document

    assert found["loss"]["value"] == "-inf"
    assert found["gradient"][0]["value"] == "inf"


def _slopes(document: Any) -> dict[str, Any]:
    return {g["parameter"]: g["value"] for g in document["gradient"]}


def test_the_figures_of_the_movies_come_out(run):
    at = load("lesson.json")["movies"]["at m=1.417 b=133.33"]
    rss = run("derive", "rss", "--data", "movies", "--at", "m=1.417,b=133.33", "--json").document
    rmse = run("derive", "rmse", "--data", "movies", "--at", "m=1.417,b=133.33", "--json").document
    mae = run("derive", "mae", "--data", "movies", "--at", "m=1.417,b=133.33", "--json").document

    assert rss["loss"]["value"] == pytest.approx(float(at["rss"]), rel=1e-9)
    assert rmse["loss"]["value"] == pytest.approx(float(at["rmse"]), rel=1e-9)
    assert mae["loss"]["value"] == pytest.approx(float(at["mae"]), rel=1e-9)
    assert _slopes(rss) == pytest.approx({"m": float(at["d_rss_dm"]), "b": float(at["d_rss_db"])}, rel=1e-9)


@pytest.mark.parametrize("lesson", ["movies", "movies3", "steplab"])
def test_hessian_and_optimum_of_each_lesson_come_out(run, lesson):
    case = load("lesson.json")[lesson]
    at = f"m={case['optimum']['m']},b={case['optimum']['b']}"
    found = run("derive", "rss", "--data", lesson, "--at", at, "--hessian", "--json").document
    blocks = {tuple(block["parameters"]): block["value"] for block in found["hessian"]}
    expected = [[float(entry) for entry in row] for row in case["hessian_rss"]]

    assert found["loss"]["value"] == pytest.approx(float(case["optimum"]["rss"]), rel=1e-9)
    assert [[blocks[p, q] for q in "mb"] for p in "mb"] == [pytest.approx(row, rel=1e-9) for row in expected]
    assert _slopes(found) == pytest.approx({"m": 0, "b": 0}, abs=1e-6)


def test_the_figures_of_the_other_lessons_come_out(run):
    cases = load("lesson.json")
    movies3 = run("derive", "rss", "--data", "movies3", "--at", "m=0.6,b=133.33", "--json").document
    steplab = run("derive", "rss", "--data", "steplab", "--set", "m=43", "--at", "b=3", "--json").document
    passfail = run("derive", "passfail", "--at", "w=0,c=0", "--json").document
    rosenbrock = run("derive", "rosenbrock", "--at", "x=-1.2,y=1", "--hessian", "--json").document

    assert _slopes(movies3)["m"] == pytest.approx(float(cases["movies3"]["slope in m at m=0.6 b=133.33"]["exact"]))
    assert _slopes(steplab)["b"] == pytest.approx(float(cases["steplab"]["slope in b at m=43"][0]["exact"]), rel=1e-9)
    assert passfail["loss"]["value"] == pytest.approx(float(cases["logistic"]["at 0,0"]["loss"]), rel=1e-9)
    assert _slopes(passfail) == pytest.approx({"w": float(cases["logistic"]["at 0,0"]["dw"]), "c": 0}, rel=1e-9)
    assert list(_slopes(rosenbrock).values()) == pytest.approx([-215.6, -88], rel=1e-9)
    assert [block["value"] for block in rosenbrock["hessian"]] == pytest.approx([1330, 480, 480, 200], rel=1e-9)


def test_a_convention_is_chosen_and_shown(run):
    ran = run("derive", "abs(m)", "--at", "m=0", "--explain", "0", "--kinks", "right")

    assert "kink: abs(m) at m = 0: slope 1 (convention: right)" in ran.out
    assert "dL/dm = 1" in ran.out


def test_an_unknown_convention_is_refused(run):
    ran = run("derive", "abs(m)", "--kinks", "middle")

    assert (ran.code, ran.out) == (2, "")
    assert "'middle'" in ran.err


def test_a_minimum_on_a_kink_is_proved(run):
    place = "m=1.4166666666666667,b=133.33333333333334"
    ran = run("derive", "mean(abs(y - (m*x + b)))", "--data", "movies", "--at", place, "--explain", "0")
    document = json.loads(run("derive", "mae", "--data", "movies", "--at", place, "--json").out)

    assert "slopes left open: ∂L/∂m from -45 to 155, ∂L/∂b from -0.2 to 0.6" in ran.out
    assert "multipliers 5/12 (row 1) and 7/12 (row 5)" in ran.out
    assert document["convention"] == "minimum-norm"
    assert document["certificate"]["contains_zero"] is True
    assert [m["row"] for m in document["certificate"]["multipliers"]] == [1, 5]
    assert document["subdifferential"]["exact"] is True


def test_a_jacobian_is_shown_as_a_formula_and_in_numbers(run):
    formula = "yhat = X@w; mean((y - yhat)^2)"
    words = ["derive", formula, "--parameters", "w", "--set", "X=[[1,2],[3,4]]", "--set", "y=[1,2]"]
    (block,) = json.loads(run(*words, "--jacobian", "yhat", "--at", "w=[1,2]", "--json").out)["jacobian"]

    assert (block["of"], block["parameter"], block["text"]) == ("yhat", "w", "X")
    assert block["value"] == [[1, 2], [3, 4]]
    assert "∂yhat/∂w = X" in run(*words, "--jacobian", "yhat").out
    refused = run(*words, "--jacobian", "yhta")
    assert refused.code == 2
    assert "Did you mean yhat?" in refused.err


def test_a_symmetric_matrix_is_declared_and_its_convention_said(run):
    words = ["derive", "x@A@x", "--shape", "A=2x2", "--parameters", "A", "--set", "x=[1,2]"]
    shown = " ".join(run(*words, "--symmetric", "A").out.split())

    assert "dL/dA = outer(x, x)" in shown
    assert "A is symmetric: its slope is (G + Gᵀ)/2 for the slope G with all entries free" in shown
    assert run(*words, "--positive-definite", "B").code == 2


def test_what_pulls_on_a_slope_is_said(run):
    words = ["derive", "mean((y - (m*x + b))^2) + m^2", "--data", "movies", "--at", "m=1.417,b=70", "--pull"]
    shown = run(*words).out
    document = json.loads(run(*words, "--json").out)["contributions"]

    # Row 3 has the largest residual times x: -2/5·250·125.75.
    assert "3  550  250  -12575" in shown or "3  250  550  -12575" in shown
    assert "of m^2: 2.834" in shown
    assert document["rows"]["m"][2] == pytest.approx(-12575)
    assert run("derive", "movies", "--pull").code == 2


@pytest.fixture
def pulled(run, tmp_path):
    """What the pull on b is said to be, with slopes of mean(abs(y - b)): -1/n for a row above b, 1/n for one below."""

    def said(*values, loss="mean(abs(y - b))"):
        path = tmp_path / "own.csv"
        path.write_text("y\n" + "\n".join(map(str, values)) + "\n", encoding="utf-8")
        return run("derive", loss, "--data", str(path), "--at", "b=0", "--pull").out

    return said


def test_a_sixth_row_is_shown_and_rows_that_tie_are_named(pulled):
    shown = pulled(1, 2, 3, 4, 5, -6)

    assert "other" not in shown.replace("of these, row 6 pulls the other way", "")
    assert "rows 1, 2, 3, 4, 5, 6 pull equally hard" in shown


def test_rows_that_are_not_shown_and_pull_the_other_way_are_counted(pulled):
    # Pulls -2·y/8: five rows of 10 outweigh three of -1.
    shown = pulled(10, 10, 10, 10, 10, -1, -1, -1, loss="mean((y - b)^2)")

    assert "3 others" in shown
    assert "3 of the others pull the other way" in shown
    assert "rows 1, 2, 3, 4, 5 pull equally hard" in shown
