"""Parts of plain-float code that are written twice are worked out once, with the same bits."""

from __future__ import annotations

import random

import pytest
import sympy as sp

import symcalc as sc
from symcalc.compute.printing import Printer, compiled
from symcalc.compute.repeated import named

x, y, u, v, w = sp.symbols("x y u v w", real=True)
STEPS = {
    "a sum inside products": [(u, x * (3 * x**2 + 6 * x * y + 1)), (v, y * (3 * x**2 + 6 * x * y + 1) - u)],
    "calls": [(u, sp.sin(2 * x + 1) * sp.exp(y)), (v, sp.cos(2 * x + 1) * sp.exp(y) / u), (w, sp.exp(y) - v)],
    "the start of a longer sum": [(u, x + y), (v, (x + y + 1) * (x + y)), (w, -(x + y) / v)],
    "roots and quotients": [(u, sp.sqrt(x) / (1 + x * y)), (v, 1 / (1 + x * y) + sp.sqrt(x))],
    "numbers alone": [(u, sp.Rational(1, 3) * x), (v, sp.Rational(1, 3) + sp.pi * y)],
    "a whole line again": [(u, x * y + 1), (v, 2 * (x * y + 1)), (w, x * y + 1)],
}


def code(steps):
    return [f"{symbol} = {Printer().doprint(expression)}" for symbol, expression in steps]


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_the_bits_stay(steps):
    results = [symbol for symbol, _ in steps]
    plain, quick = (compiled([x, y], results, made, "math") for made in (steps, named(steps)))
    rng = random.Random(0)

    for _ in range(200):
        point = rng.uniform(0, 3), rng.uniform(-3, 3)
        assert plain(*point) == quick(*point)


@pytest.mark.parametrize(
    ("steps", "part"),
    [("a sum inside products", "6*"), ("calls", "exp("), ("calls", "2*x"), ("the start of a longer sum", "x + y")],
)
def test_a_part_is_written_once(steps, part):
    def times(made):
        return sum(line.replace(" ", "").count(part.replace(" ", "")) for line in code(made))

    assert times(STEPS[steps]) > 1
    assert times(named(STEPS[steps])) == 1


def test_what_is_too_deep_is_left_alone():
    long = sp.Add(*(sp.sin(k * x) for k in range(1, 300)))

    assert named([(u, long), (v, long + 1)]) == [(u, long), (v, long + 1)]


def test_a_loss_and_its_slopes_share_their_parts():
    text = "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2))*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2))"
    program = sc.compile(sc.differentiate(sc.parse(text)))
    value, by_x, by_y = program.function(0.5, -0.25)

    # By hand: A = 1 + s²·p, B = 30 + d²·q with s = 1.25, p = 12.75, d = 1.75, q = 5.
    a, b = 1 + 1.25**2 * 12.75, 30 + 1.75**2 * 5
    assert value == pytest.approx(a * b, rel=1e-14)
    assert by_x == pytest.approx((2 * 1.25 * 12.75 - 11 * 1.25**2) * b + a * (4 * 1.75 * 5 - 20 * 1.75**2), rel=1e-14)
    assert by_y == pytest.approx(2 * 1.25 * 12.75 * b - 6 * 1.75 * 5 * a, rel=1e-14)
