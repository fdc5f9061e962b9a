"""Claims about formulas that nobody chose: compiled values and slopes have the digits of mpmath, and every line about them holds."""

from __future__ import annotations

import random

import mpmath
import numpy as np
import pytest
from random_formulas import COLUMNS, PARAMETERS, formula, shape_of, used, values

import symcalc as sc
from symcalc.views.numpy_code import module

SEEDS = range(60)


def drawn(seed):
    """A formula that can be read and has parameters: its gradient, and a point; None where there is none."""
    draw, rng = random.Random(seed), np.random.default_rng(seed)
    for _ in range(200):
        text, given = formula(draw, draw.choice((2, 3, 3, 4))), values(rng)
        names = used(text)
        if not names & set(PARAMETERS):
            continue
        data = {n: given[n] for n in COLUMNS if n in names}
        constants = {n: given[n] for n in sorted(names) if n not in COLUMNS and n not in PARAMETERS}
        parameters = {n: shape_of(n) for n in PARAMETERS if n in names}
        try:
            loss = sc.parse(text, data=data or None, constants=constants, parameters=parameters)
        except sc.FormulaError:
            continue  # in index form every array carries its indices
        return sc.differentiate(loss), {n: given[n] for n in parameters}
    raise AssertionError("no formula could be read")


def as_floats(exact):
    return np.array([float(mpmath.re(x)) for x in np.ravel(np.asarray(exact, dtype=object))])


@pytest.mark.parametrize("seed", SEEDS)
def test_value_and_slopes_are_those_of_forty_digits(seed):
    gradient, point = drawn(seed)
    program = sc.compile(gradient)
    value, slopes = program.value_and_gradient(point)
    exact = program.reference(point)
    if exact is None or not np.isfinite(value) or program.kinks(point):
        pytest.skip("it has no value here, or stands on a kink")

    assert value == pytest.approx(float(exact[0]), rel=1e-9, abs=1e-9), gradient.loss.text
    for name, slope in slopes.items():
        truth = as_floats(exact[1][name])
        gap = np.abs(np.broadcast_to(slope, np.shape(point[name])).ravel() - truth)
        assert np.all(gap <= 1e-8 * max(1.0, float(np.max(np.abs(truth))))), (gradient.loss.text, name)


@pytest.mark.parametrize("seed", SEEDS)
def test_its_gradient_is_proven_and_written_in_every_form(seed):
    gradient, _ = drawn(seed)

    assert gradient.verdict.status != "failed", gradient.loss.text
    for name in gradient.wrt:
        assert gradient.text[name.name]
        assert gradient.latex[name.name]
    if seed % 4 == 0:
        assert "def value_and_gradient" in module(gradient)


@pytest.mark.parametrize("seed", [s for s in SEEDS if s % 2 == 0])
def test_every_line_of_its_derivation_holds(seed):
    gradient, _ = drawn(seed)
    found = gradient.explain(1 + seed // 2 % 2)

    assert all(line.checked.status != "failed" for line in found.lines), str(found)
