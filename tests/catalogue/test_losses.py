"""Losses and models: each is what its name says, its gradient is right, its stated minimum is one."""

from __future__ import annotations

import re
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from losses_twice import TWICE
from rows_at_hand import ROWS, flat, gradient, points, program

import symcalc as sc
from symcalc.calculus.evaluate import Evaluator, exactly
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.models import MODELS

NAMES = [*LOSSES, *MODELS]
STATED = [name for name in NAMES if ROWS[name].lowest is not None]
POINTS, DIGITS = 20, 40

# Momentum and scaling as in adam, each number in proportion to its own size, steps ever shorter.
RULE = (
    "m1 = 0.9*m1 + 0.1*gradient;  m2 = 0.99*m2 + 0.01*gradient^2;  "
    "point = point - learning_rate*(abs(point) + 0.1)/(1 + t/100)*(m1/(1 - 0.9^t))/(sqrt(m2/(1 - 0.99^t)) + 1e-12)"
)


def test_every_loss_and_model_is_written_twice():
    assert NAMES == list(TWICE)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_has_the_value_of_its_second_writing(name):
    row, layout = ROWS[name], program(name).layout
    given = {n: np.array(values, float) for n, values in {**row.example, **row.constants}.items()}

    for point in points(name, 3, seed=5):
        expected = TWICE[name](SimpleNamespace(**given, **layout.split(point)))
        assert pytest.approx(expected, rel=1e-11, abs=1e-13) == program(name).value(point)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_is_proven_or_checked_at_random_points(name):
    verdict = gradient(name).verdict

    assert verdict
    assert verdict.status in ("exact", "numeric")


@pytest.mark.parametrize("name", ROWS)
def test_a_gradient_is_printed_in_names_of_the_row(name):
    found = gradient(name)

    for shown in (*found.text.values(), *found.latex.values()):
        assert shown
        assert not re.search(r"KroneckerDelta|Subs|Derivative|Heaviside|DiracDelta|Piecewise|\bv\d+\b|Dummy", shown)


@pytest.mark.parametrize("name", ROWS)
def test_the_gradient_is_the_change_of_the_loss_to_40_digits(name):
    compiled = program(name)
    loss = compiled.loss
    evaluator = Evaluator(loss.equations, loss.notation.axes, lambda axis: compiled.sizes[axis])
    given = {symbol: exactly(value) for symbol, value in compiled.given.items()}
    draw = np.random.default_rng(11)

    def value(vector):
        parts = split(compiled.layout, vector)
        return evaluator.run({**given, **{p.symbol: parts[p.name] for p in loss.parameters}})[loss.output.name.symbol]

    for point in points(name, POINTS, seed=3):
        direction = draw.uniform(-1, 1, point.shape) * np.where(point == 0, 1, np.abs(point))
        with mpmath.workdps(DIGITS):
            h = mpmath.mpf(10) ** (-DIGITS // 3)
            ahead, behind = ([mpmath.mpf(x) + s * h * mpmath.mpf(d) for x, d in zip(point, direction)] for s in (1, -1))
            change = float((value(ahead) - value(behind)) / (2 * h))
        slopes = compiled.gradient(point)
        assert abs(change - slopes @ direction) <= 1e-9 * (np.abs(slopes) @ np.abs(direction) + 1e-9)


def split(layout, vector):
    """A list of mpf as parameter → mpf or object array of the parameter's shape."""
    parts = {}
    for name, shape in layout.shapes.items():
        piece = np.array(vector[layout.slices[name]], dtype=object)
        parts[name] = piece.reshape(shape) if shape else piece[0]
    return parts


@pytest.mark.parametrize("name", STATED)
def test_a_stated_minimum_has_the_stated_value_and_nothing_near_lies_lower(name):
    row = ROWS[name]
    draw = np.random.default_rng(2)

    for minimum in row.minima:
        point = flat(name, minimum)
        assert pytest.approx(row.lowest, rel=1e-12, abs=1e-13) == program(name).value(point)
        for reach in (1e-3, 1e-2, 0.1, 1):
            step = reach * draw.normal(size=point.shape) * np.where(point == 0, 1, np.abs(point))
            nearby = program(name).value(point + step)
            assert not nearby < row.lowest - 1e-12 * (1 + abs(row.lowest))


@pytest.mark.parametrize("name", STATED)
def test_a_descent_reaches_the_stated_minimum(name):
    start = flat(name, ROWS[name].start)
    trace = sc.descend(program(name), start=start, optimizer=RULE, learning_rate=0.1, steps=600)
    lowest = ROWS[name].lowest
    # At a kink the slope does not fade, so every step oversteps by its length.
    near = 2e-3 if "kink" in ROWS[name].domain else 1e-4

    assert not trace.loss < lowest - 1e-12 * (1 + abs(lowest))
    assert trace.loss - lowest <= near * (1 + abs(lowest))
