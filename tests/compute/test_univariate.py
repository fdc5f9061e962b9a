"""Convex functions of one value, proven; and functions that only look convex, refused."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc
from symcalc.compute.convexity import is_convex


@pytest.mark.parametrize(
    ("text", "convex"),
    [
        ("where(abs(y - m) <= 1, (y - m)^2/2, abs(y - m) - 1/2)", True),
        # The linear part of Huber's loss joined at the wrong height, or with too small a slope.
        ("where(abs(y - m) <= 1, (y - m)^2/2, abs(y - m) - 1/4)", False),
        ("where(abs(y - m) <= 1, (y - m)^2/2, (abs(y - m))/2)", False),
        ("where(y - m <= 0, (y - m)^2, 3*(y - m)^2)", True),
        ("where(y - m <= 0, (y - m)^2, -(y - m)^2)", False),
        ("abs(y - m) - log(1 + abs(y - m))", True),
        ("log(1 + abs(y - m))", False),
        ("abs(y - m)^3 - abs(y - m)", False),
        ("max(0, 1 - y*m)^2 + min(0, y*m)", False),
        ("abs(abs(y - m) - 1)", False),
        ("max(abs(y - m), 2*(y - m) + 1)", True),
    ],
)
def test_a_piecewise_loss_is_certified_only_where_it_is_convex(text, convex):
    y = np.array([-1.0, 1, 1, -1])
    program = sc.compile(sc.differentiate(sc.parse(f"mean({text})", {"y": y}, parameters=["m"])))

    certified = is_convex(program, {"m": 0.3})

    # The truth, by second differences along a fine grid.
    grid = np.linspace(-4, 4, 4001)
    values = np.array([program.value({"m": m}) for m in grid[::10]])
    bends = values[2:] - 2 * values[1:-1] + values[:-2]
    assert certified == convex
    if convex:
        assert bends.min() >= -1e-12
