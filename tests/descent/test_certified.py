"""Fits that others certified, reached by descent on standardized columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc

SCALED = "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)"


def line(x: np.ndarray, y: np.ndarray, steps: int = 200) -> tuple[float, float]:
    """Slope and intercept of the line, by descent on the standardized column."""
    program = sc.compile(sc.differentiate(sc.parse(SCALED, data={"x": x, "y": y})))
    trace = sc.descend(program, start={"m": 0, "b": 0}, learning_rate=0.25, steps=steps)
    slope = trace.point["m"] / np.std(x)
    return slope, trace.point["b"] - slope * np.mean(x)


def straight_lines() -> list[dict[str, Any]]:
    try:
        return [p for p in load("nist_linear.json")["problems"] if p["model"] == "B0+B1*x"]
    except pytest.skip.Exception:
        return []


@pytest.mark.parametrize("problem", straight_lines(), ids=lambda p: p["name"])
def test_certified_lines(problem: dict[str, Any]) -> None:
    y, x = np.array(problem["data"], dtype=float).T
    slope, intercept = line(x, y)
    certified = {p["name"]: float(p["exact_25"]) for p in problem["params"]}
    assert slope == pytest.approx(certified["B1"], rel=1e-9)
    assert intercept == pytest.approx(certified["B0"], rel=1e-9)


def test_a_line_through_the_origin() -> None:
    for problem in load("nist_linear.json")["problems"]:
        if problem["model"] != "B1*x":
            continue
        y, x = np.array(problem["data"], dtype=float).T
        program = sc.compile(sc.differentiate(sc.parse("mean((y - B1*x)^2)", data={"x": x, "y": y})))
        rate = 0.25 / float(np.mean(x**2))
        trace = sc.descend(program, start={"B1": 0}, learning_rate=rate, steps=200)
        assert trace.point["B1"] == pytest.approx(float(problem["params"][0]["exact_25"]), rel=1e-9)


def test_movies3_to_nine_digits() -> None:
    part = load("lesson.json")["movies3"]
    x, y = (np.array(part[n], dtype=float) for n in ("x", "y"))
    slope, intercept = line(x, y)
    assert slope == pytest.approx(1.5, rel=1e-9)
    assert intercept == pytest.approx(75.0, rel=1e-9)
    program = sc.compile(sc.differentiate(sc.parse("mean((y - (m*x + b))^2)", data={"x": x, "y": y})))
    assert 3 * program.value({"m": slope, "b": intercept}) == pytest.approx(8750.0, rel=1e-9)
