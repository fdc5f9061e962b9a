"""Why a numeric slope misses, said beside it."""

import pytest

import symcalc as sc
from symcalc.views.comparison import explained


def told(formula, at, methods, h, data=None, **given):
    program = sc.compile(sc.differentiate(sc.parse(formula, data, **given)))
    return explained(sc.compare(program, at=at, methods=methods, h=h))


def test_the_gap_of_the_lesson_is_truncation():
    # n·h = 30·0.001 = 0.03 for the intercept of the sum of squares over thirty rows.
    (slope, intercept) = told("sum((y - (m*x + b))^2)", {"m": 1, "b": 0}, ["forward"], 0.001, "steplab")

    assert "makes a gap of 0.03: it explains 100.0 % of it." in intercept
    assert slope.startswith("m, forward: truncation, h/2 times the second derivative")


def test_a_cubic_has_a_third_derivative_to_show():
    (sentence,) = told("a^3", {"a": 2}, ["central"], 0.01, parameters=["a"])

    # h²/6·6 = 1e-4.
    assert "makes a gap of 0.0001: it explains 100.0 % of it." in sentence


@pytest.mark.parametrize(("formula", "at", "h"), [("exp(a)", 1, 1e-12), ("a^4", 0.001, 0.1), ("exp(a)", 1, 3)])
def test_a_gap_that_the_leading_term_does_not_make_is_not_given_one_false_reason(formula, at, h):
    (sentence,) = told(formula, {"a": at}, ["forward"], h, parameters=["a"])

    assert sentence.endswith("the rest is round-off or higher derivatives.")
