"""`symcalc step-sizes` as it is typed."""

from __future__ import annotations

import pytest

RSS = "sum((y - (m*x + b))^2)"
STEPLAB = ("step-sizes", RSS, "--data", "steplab", "--at", "m=43,b=12")


def test_a_rate_too_large_is_named(run):
    ran = run(*STEPLAB, "--learning-rate", "0.026")

    text = " ".join(ran.out.split())
    assert ran.code == 0
    assert "largest stable rate 0.0253285 = 2/λmax" in text
    assert "0.026 > 0.0253285 = 2/λmax: the error grows 1.05-fold a step along b + 0.581·m" in text
    assert "a rate below 0.0253285; 0.0241313 is the best constant one" in text


def test_the_document_says_all(run):
    document = run(*STEPLAB, "--learning-rate", "0.026", "--json").document

    assert {"largest", "best", "condition", "contraction", "directions", "eigenvalues", "minimum", "verdict", "findings",
            "remedies", "quadratic", "convex", "standardized", "point", "parameters", "columns"} <= document.keys()  # fmt: skip
    assert document["diverges"] is True
    assert document["largest"] == pytest.approx(0.025328536434424421622)
    assert document["standardized"]["condition"] == pytest.approx(1)
    assert len(document["directions"]) == len(document["contraction"]) == 2


def test_infinite_conditions_are_words(run):
    document = run("step-sizes", "mean((y - (a + b))^2)", "--data", "movies", "--json").document

    assert document["condition"] == "inf"
    assert document["findings"] == ["a - b is not determined by the data: the loss does not change along it."]


def test_the_closed_form_stands_beside_the_run(run):
    document = run(*STEPLAB, "--steps", "50", "--json").document
    shown = run(*STEPLAB, "--steps", "50").out

    assert len(document["path"]) == 51
    assert all(step["predicted"] == pytest.approx(step["came"], rel=1e-12) for step in document["path"])
    assert "predicted loss" in shown


def test_steps_until_a_tolerance(run):
    assert "198 steps make the gradient shorter than 1e-06." in run(*STEPLAB, "--tolerance", "1e-6").out
    assert run(*STEPLAB, "--tolerance", "1e-6", "--json").document["steps"] == 198


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_it_is_never_wider_than_the_terminal(run, columns):
    for words in (STEPLAB, ("step-sizes", "houses"), ("step-sizes", "rosenbrock", "--optimizer", "momentum")):
        ran = run(*words, columns=columns)
        assert ran.code == 0
        assert max(map(len, ran.out.splitlines())) <= columns


def test_ascii(run):
    ran = run(*STEPLAB, "--ascii")

    assert ran.out.isascii()
    assert "2/(lambdamin + lambdamax)" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rosenbrock", "--steps", "5"], "not proven quadratic"),
        (["rosenbrock", "--tolerance", "1e-6"], "quadratic losses alone"),
        (["log(x)", "--parameters", "x", "--at", "x=-1"], "not finite"),
        (["movies", "--learning-rate", "0"], "positive"),
        (["movies", "--optimizer", "adm"], "Did you mean adam"),
        (["movies", "--at", "q=1"], "q is no parameter"),
        (["log(1 + exp(-y*p))", "--data", "movies"], "one value a row"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_no_answer(run, words, said):
    ran = run("step-sizes", *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_descent_tells_of_its_end(run):
    words = ("descend", "sum((y - (m*x + b))^2)", "--data", "steplab", "--steps", "400")

    end = run(*words, "--json").document["ending"]
    shown = " ".join(run(*words).out.split())

    assert (end["kind"], end["is_global"]) == ("minimum", True)
    assert [e["name"] for e in end["entries"]] == ["m", "b"]
    assert end["entries"][0]["standard_error"] == pytest.approx(1.70035, rel=1e-5)
    assert "A minimum: the gradient is" in shown
    assert "No point is lower" in shown


def test_where_the_loss_bends_down_no_number_of_steps_and_no_best_rate_is_told(run):
    shown = run("step-sizes", "x^2 - y^2", "--parameters", "x,y", "--at", "x=1,y=1", "--learning-rate", "0.1").out

    assert "best constant rate   none: along what bends down no rate settles" in shown
    assert "the error down to" not in shown


def test_where_nothing_bends_a_missing_rate_says_why(run):
    shown = run("step-sizes", "mean(abs(y - (m*x + b)))", "--data", "movies", "--at", "m=1,b=1").out

    assert "largest stable rate  none: no bend sets one" in shown
