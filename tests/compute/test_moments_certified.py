"""Certified linear regressions over moments: the certified residuals, and slopes no worse than by rows."""

from __future__ import annotations

from typing import Any
from unittest import mock

import mpmath
import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.compute import over_moments

PROBLEMS = load("nist_linear.json")["problems"]
AWAY = {"at the certified point": 0.0, "1e-6 away": 1e-6, "1/10 away": 0.1}


def program(problem: dict[str, Any]) -> Any:
    columns = {c: [float(row[k]) for row in problem["data"]] for k, c in enumerate(problem["columns"])}
    names = [p["name"] for p in problem["params"]]
    return sc.compile(sc.differentiate(sc.parse(problem["loss_text"], columns, parameters=names)))


def exactly(problem: dict[str, Any], point: np.ndarray) -> tuple[Any, list[Any], list[Any]]:
    """The mean of squared residuals, its slopes, and the most that each could be; by hand at 40 digits."""
    rows = [[mpmath.mpf(float(v)) for v in row] for row in problem["data"]]
    index = {c: k for k, c in enumerate(problem["columns"])}
    predictors = [row[: index["y"]] + row[index["y"] + 1 :] for row in rows]
    first = int(problem["params"][0]["name"][1:])
    width = len(point)
    if len(predictors[0]) == 1:
        designs = [[p[0] ** k for k in range(first, first + width)] for p in predictors]
    else:
        designs = [[mpmath.mpf(1), *p] for p in predictors]
    values = [mpmath.mpf(float(p)) for p in point]
    residuals = [row[index["y"]] - mpmath.fdot(d, values) for row, d in zip(rows, designs)]
    n = len(rows)
    slopes = [-2 * mpmath.fdot(residuals, [d[k] for d in designs]) / n for k in range(width)]
    value = mpmath.fdot(residuals, residuals) / n
    most = [2 * mpmath.sqrt(mpmath.fsum(d[k] ** 2 for d in designs) / n * value) for k in range(width)]
    return value, slopes, most


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["name"])
def test_certified_regressions_are_as_accurate_over_moments_as_by_rows(problem: dict[str, Any], away: str) -> None:
    certified = np.array([float(p["exact_25"]) for p in problem["params"]])
    point = certified * (1 + AWAY[away] * np.random.default_rng(0).normal(size=len(certified)))
    rows = program(problem).function(*point)
    with mock.patch.object(over_moments, "LEAST_ROWS", 1):
        made = program(problem)
        over = made.function(*point)
    with mpmath.workdps(40):
        value, slopes, most = exactly(problem, point)

        def errors(found: tuple[float, ...]) -> list[float]:
            pairs = zip(found, [value, *slopes], [value, *most])
            return [float(abs(mpmath.mpf(float(f)) - s) / (scale or 1)) for f, s, scale in pairs]

        assert str(made.plan()).startswith("Moments, gathered once")
        for error, beside in zip(errors(over), errors(rows)):
            assert error <= max(4 * beside, 2e-15)


@pytest.mark.parametrize("problem", [p for p in PROBLEMS if p["name"] != "Filip"], ids=lambda p: p["name"])
def test_the_residuals_at_the_certified_point_are_the_certified_ones(problem: dict[str, Any]) -> None:
    with mock.patch.object(over_moments, "LEAST_ROWS", 1):
        value = program(problem).value([float(p["exact_25"]) for p in problem["params"]])
    certified = float(problem["exact_rss_25"]) / problem["n_obs"]

    assert value == pytest.approx(certified, rel=1e-12, abs=1e-18)
