"""Claims about a loss at many points at once: each point has the value and slopes it has alone."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc
from symcalc.compute.across import across

POINTS = np.random.default_rng(3).normal(size=(40, 3))
LOSSES = {
    "scalars": ("(1 - a)^2 + 100*(b - a^2)^2 + exp(-c^2)*abs(a)", {}),
    "a vector": ("sum((w - 1)^4) + w@w", {"parameters": {"w": (3,)}}),
    "data": (
        "mean((y - (a*x + b))^2) + c^2",
        {"data": {"x": [1.0, 2, 4], "y": [2.0, 1, 5]}, "parameters": ["a", "b", "c"]},
    ),
    "a constant slope": ("a + 2*b - c", {}),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_point_has_what_it_has_alone(name):
    text, given = LOSSES[name]
    program = sc.compile(sc.differentiate(sc.parse(text, **given)))

    values, slopes = across(program)(POINTS)

    for point, value, slope in zip(POINTS, values, slopes):
        assert program.value(point) == pytest.approx(value, rel=1e-13)
        assert program.gradient(point) == pytest.approx(slope, rel=1e-12, abs=1e-13)


def test_what_does_not_come_entry_by_entry_has_no_such_function():
    program = sc.compile(sc.differentiate(sc.parse("logdet(A)", parameters={"A": (3, 3)})))

    assert across(program) is None
