"""In which units a loss, its parameters and its slopes are: worked out by hand for each formula."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import symcalc as sc
from symcalc.calculus.units import units
from symcalc.views.units import lines, text

NAMES = "y x temp label links hours tv radio".split()
DATA = {name: np.arange(1.0, 5.0) for name in NAMES}

# Formula, then what its loss and its parameters are in, by hand.
BY_HAND = [
    ("mean((y - (m*x + b))^2)", "L y^2, m y/x, b y"),
    ("mean(abs(y - (m*x + b)))", "L y, m y/x, b y"),
    ("sqrt(mean((y - m*x)^2))", "L y, m y/x"),
    ("mean((y - a*exp(-k*x) - c)^2)", "L y^2, a y, k 1/x, c y"),
    ("mean(max(0.9*(y - q), -0.1*(y - q)))", "L y, q y"),
    ("z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)", "L y^2, m y, b y"),
    ("h = tanh(w*x + c); mean((y - v*h)^2)", "L y^2, w 1/x, c no unit, v y"),
    ("mean((y - a*sin(f*hours + p))^2)", "L y^2, a y, f 1/hours, p no unit"),
    ("X = [tv, radio]; mean((y - (X@w + b))^2)", "L y^2, w y/X, b y"),
    ("mean(where(y > m*x, (y - m*x)^2, 2*(y - m*x)^2))", "L y^2, m y/x"),
    ("mean(((y - m*x)/s)^2)", "L y^2/s^2, m y/x, s s"),
]


def told(formula: str, **declared: object) -> str:
    """The sentence on units without its slopes."""
    loss = sc.parse(formula, data=DATA, **declared)
    found = units(loss)
    assert found is not None
    return ", ".join(f"{n} {text(found.of[n])}" for n in (loss.name, *(p.name for p in loss.parameters)))


@pytest.mark.parametrize(("formula", "expected"), BY_HAND, ids=[f for f, _ in BY_HAND])
def test_units_by_hand(formula: str, expected: str) -> None:
    assert told(formula) == expected


def test_a_penalty_takes_the_unit_of_what_it_is_added_to() -> None:
    """0.5·b² is added to a squared residual: its 0.5 carries the unit, and b stays y/x."""
    assert told("mean((y - (a + b*x))^2) + 0.5*b^2") == "L y^2, a y, b y/x"


def test_what_exp_and_open_powers_take_is_a_plain_number() -> None:
    loss = sc.parse("mean((y - k*x^p)^2)", data=DATA)
    found = units(loss)
    assert found is not None
    assert found.plain == ("x",)
    loss = sc.parse("mean(log(1 + exp(-(2*label - 1)*(w*links + b))))", data=DATA)
    found = units(loss)
    assert found is not None
    assert found.plain == ("label",)
    assert found.of["w"] == {"links": Fraction(-1)}
    assert not found.of["b"]
    assert not found.of["L"]


def test_a_product_of_two_parameters_leaves_one_unit_open() -> None:
    found = units(sc.parse("mean((y - u*v*x)^2)", data=DATA))
    assert found is not None
    assert len(found.open) == 1
    (free,) = found.open
    (other,) = {"u", "v"} - {free}
    assert found.of[other] == {"y": 1, "x": -1, free: -1}


def test_columns_that_are_added_have_one_unit() -> None:
    found = units(sc.parse("mean((y - x - b)^2)", data=DATA))
    assert found is not None
    assert found.of["y"] == found.of["x"] == found.of["b"]


def test_the_slope_is_in_units_of_the_loss_over_those_of_the_parameter() -> None:
    gradient = sc.differentiate(sc.parse("mean((y - (m*x + b))^2)", data=DATA))
    assert lines(gradient) == ("units", "L y^2, m y/x, b y, ∂L/∂m y·x, ∂L/∂b y")
    assert lines(gradient, "ascii") == ("units", "L y^2, m y/x, b y, dL/dm y*x, dL/db y")


def test_a_loss_without_columns_has_no_units() -> None:
    assert units(sc.parse("(1 - x)^2 + 100*(y - x^2)^2")) is None


def test_units_scale_as_they_say() -> None:
    """Another unit for x and y: with the parameters converted, loss and slopes are those the powers say."""
    formula = "mean((y - a*exp(-k*x) - c)^2)"
    rng = np.random.default_rng(3)
    data = {"x": rng.uniform(0.5, 2, 9), "y": rng.normal(size=9)}
    factor = {"x": 60.0, "y": 2.54}
    found = units(sc.parse(formula, data=data))
    assert found is not None
    scale = {n: float(np.prod([factor[c] ** float(p) for c, p in powers.items()])) for n, powers in found.of.items()}
    at = {"a": 1.3, "k": 0.7, "c": -0.2}
    value, slopes = sc.compile(sc.differentiate(sc.parse(formula, data=data))).value_and_gradient(at)
    other = sc.parse(formula, data={n: v * factor[n] for n, v in data.items()})
    moved = {n: v * scale[n] for n, v in at.items()}
    value_then, slopes_then = sc.compile(sc.differentiate(other)).value_and_gradient(moved)
    assert value_then == pytest.approx(value * scale["L"], rel=1e-12)
    for name in at:
        assert slopes_then[name] == pytest.approx(slopes[name] * scale["L"] / scale[name], rel=1e-11)
