"""Why a numeric slope misses, said beside it."""

from fractions import Fraction

import numpy as np
import pytest

import symcalc as sc
from symcalc.numeric.differences import METHODS
from symcalc.views import error_curves
from symcalc.views.comparison import explained, lines
from symcalc.views.gaps import power


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


def test_a_gap_of_round_off_is_called_round_off():
    (sentence,) = told("exp(a)", {"a": 1}, ["forward"], 1e-12, parameters=["a"])

    assert sentence.startswith(
        "a, forward: round-off makes a gap of 0.000191: it explains 100.0 % of it. Best h: 2.1e-08"
    )


@pytest.mark.parametrize(("formula", "at", "h", "first"), [("a^4", 0.001, 0.1, "6e-07"), ("exp(a)", 1, 3, "4.08")])
def test_a_gap_that_the_leading_term_does_not_make_is_not_given_one_false_reason(formula, at, h, first):
    # h/2·12·a² = 6e-7 beside a gap of about h³ = 1e-3; 3/2·e beside one of 14.6.
    (sentence,) = told(formula, {"a": at}, ["forward"], h, parameters=["a"])

    assert f"h/2 times the second derivative, which alone is {first}, and its higher derivatives, makes" in sentence


def test_beyond_the_40_digits_the_rest_is_not_given_one_false_reason():
    x = np.linspace(0, 1, 10_001)
    (sentence,) = told("mean((y - m*x)^2)", {"m": 2}, ["forward"], 1e-14, data={"x": x, "y": x})

    assert "of the gap; the rest is round-off or higher derivatives" in sentence


@pytest.mark.parametrize(("factor", "exponent", "words"), [
    (Fraction(1, 2), 1, "h/2"), (Fraction(-1, 30), 4, "-h⁴/30"), (Fraction(2, 3), 2, "2h²/3"), (Fraction(1), 12, "h¹²"),
])  # fmt: skip
def test_a_multiple_of_a_power_of_h_is_written_as_one_writes_it(factor, exponent, words):
    assert words == power(factor, exponent)


@pytest.mark.parametrize("width", [80, 200])
def test_a_large_array_does_not_flood_the_screen(width):
    program = sc.compile(sc.differentiate(sc.parse("sum(exp(w))", parameters={"w": (50,)})))
    shown = lines(sc.compare(program, at={"w": np.linspace(0, 2, 50)}), width)

    assert len(shown) <= 30
    assert max(map(len, shown)) <= width
    assert any("w has 50 entries: each method shows the one whose gap is widest" in line for line in shown)


def test_the_error_against_h_fits_the_screen():
    program = sc.compile(sc.differentiate(sc.parse("exp(a)", parameters=["a"])))
    found = sc.compare(program, at={"a": 1})
    shown = error_curves.lines([found.curve("a", name) for name in METHODS], 80)

    assert max(map(len, shown)) <= 80
    assert sum(line.lstrip().startswith("1e-08 ") for line in shown) == 2
