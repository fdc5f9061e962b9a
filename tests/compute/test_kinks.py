"""Kinks: the stated convention, and slopes by branch where both sides agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc


def program(text: str, data: Any = None, **declared: Any) -> Any:
    return sc.compile(sc.differentiate(sc.parse(text, data=data, **declared)))


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("abs(x)", 0.0), ("|x|", 0.0), ("relu(x)", 0.0), ("max(x, 0)", 0.0), ("min(x, 0)", 0.0), ("sign(x)", 0.0),
        ("max(x, -x)", 0.0), ("where(x > 0, x, 0)", 0.0),
        # Both sides agree, so it is no kink of the whole.
        ("relu(x) - relu(-x)", 1.0), ("max(x, 0) + min(x, 0)", 1.0), ("abs(x)*x", 0.0), ("where(x > 0, x^2, -x^2)", 0.0),
        ("max(2*x, x + x)", 2.0), ("max(x, x)", 1.0),
    ],
)  # fmt: skip
def test_the_slope_at_the_kink(text: str, slope: float) -> None:
    assert program(text, parameters=["x"]).gradient({"x": 0.0}) == {"x": slope}


def test_a_point_that_stands_on_a_kink_says_where() -> None:
    made = program("mean(abs(y - (m*x + b)))", {"x": [1, 2, 3], "y": [1, 2, 5]})
    assert made.kinks({"m": 1.0, "b": 0.0}) == ("abs(y - (m*x + b)) stands on its kink in rows 1, 2.",)
    assert made.kinks({"m": 1.0, "b": 0.5}) == ()


def test_one_sided_slopes_on_movies_are_the_intervals_of_the_lesson() -> None:
    part = load("lesson.json")["movies"]["mae kink"]
    # What is left of y there; no float is exactly 17/12, so the kink is moved to m = 0, b = 0.
    x, y = np.array([100.0, 200, 250, 325, 400]), np.array([275.0, 300, 550, 525, 700])
    made = program("mean(abs(y - (m*x + b)))", {"x": x, "y": y - (17 * x + 1600) / 12})
    sides = made.sides({"m": 0.0, "b": 0.0})
    assert [float(v) for v in part["d_b interval"]] == pytest.approx([float(s) for s in sides["b"]])
    assert [float(v) for v in part["d_m interval"]] == pytest.approx([float(s) for s in sides["m"]])


def test_nan_stays_nan() -> None:
    made = program("max(x, 0)", parameters=["x"])
    assert np.isnan(made.value({"x": float("nan")}))


def test_a_branch_not_taken_does_not_spoil_the_slope() -> None:
    made = program("sum(where(w > 0, log(w), 0))", parameters={"w": (3,)})
    assert list(made.gradient(np.array([2.0, 0.0, -1.0]))) == [0.5, 0.0, 0.0]
    assert made.value(np.array([2.0, 0.0, -1.0])) == pytest.approx(np.log(2))
