"""Claims about code over plain floats: multiples are put into what uses them, signs cost nothing, numbers are floats."""

from __future__ import annotations

import pytest
import sympy as sp

import symcalc as sc
from symcalc.compute.multiples import folded_multiples
from symcalc.compute.printing import FloatPrinter, Printer

a, b, r, s, x, h, g = sp.symbols("a b r s x h g", real=True)


def test_a_multiple_goes_into_the_number_that_is_there_already():
    steps = folded_multiples([(s, 200 * r), (h, -2 * x * s), (g, s)], [h, g])

    assert [(h, -400 * r * x), (g, 200 * r)] == steps


@pytest.mark.parametrize(
    "steps",
    [
        # Two products more, one less.
        [(s, 3 * r), (h, a * s), (g, b * s)],
        # What is asked for stays.
        [(h, 3 * r), (g, 2 * h)],
        # No float holds this number.
        [(s, (2**53 + 1) * r), (h, 2 * s), (g, s)],
        # No multiple of one name.
        [(s, 3 * r * x), (h, 2 * s), (g, a)],
    ],
)
def test_what_would_take_more_products_or_round_otherwise_stays(steps):
    assert steps == folded_multiples(steps, [h, g])


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (b - a, "b - a"),
        (-a * a + b, "b - (a*a)"),
        (-a - b, "-a - b"),
        (1 - x, "1.0 - x"),
        (2 * x - 11, "2.0*x - 11.0"),
        (x / 3, "(1/3)*x"),
        (x**2, "(x*x)"),
        (1 / x, "(1.0/x)"),
        ((2**53 + 1) * x, "9007199254740992.0*x"),
    ],
)
def test_code_over_floats_is_written_with_floats_and_without_signs(expression, code):
    assert code == FloatPrinter().doprint(expression).replace("((1/3))", "(1/3)")


def test_other_code_keeps_whole_numbers():
    assert "2*x - 11" == Printer().doprint(2 * x - 11)


def test_slopes_stay_what_algebra_by_hand_gives():
    ready = sc.compile(sc.differentiate(sc.parse("(1 - x)^2 + 100*(y - x^2)^2")))

    # At (2, 3) both brackets are -1: 1 + 100, then 400·2 + 2, then -200.
    assert (101.0, 802.0, -200.0) == ready.function(2.0, 3.0)
