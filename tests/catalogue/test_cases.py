"""Physics formulas and optimization surfaces of others: values, slopes and published minima."""

from __future__ import annotations

import random

import mpmath
import pytest
from cases_at_hand import load
from worked_out import Function

import symcalc as sc


def cases(name: str, key: str) -> list[dict]:
    try:
        return load(name)[key]
    except pytest.skip.Exception:
        return []


EQUATIONS = cases("feynman.json", "equations")
SURFACES = cases("test_functions.json", "functions")

# Slopes that are the difference of two terms thousands of times larger, which costs digits: (equation, variable).
CANCELING = {("test_12", "epsilon")}


def compiled(formula, names):
    return sc.compile(sc.differentiate(sc.parse(formula, parameters=names)))


def close(expected, got, scale=0.0):
    """Whether two numbers agree to 12 digits of the larger of the expected one and a scale."""
    return abs(mpmath.mpf(expected) - mpmath.mpf(got)) <= 1e-12 * max(abs(mpmath.mpf(expected)), scale)


def test_the_cases_are_at_hand():
    assert len(load("feynman.json")["equations"]) >= 70
    assert len(load("test_functions.json")["functions"]) >= 50


@pytest.mark.parametrize("case", EQUATIONS, ids=lambda c: c["id"])
def test_a_physics_formula_has_the_published_value_and_gradient(case):
    names = [variable["name"] for variable in case["variables"]]
    program = compiled(case["formula"], names)

    for point in case["points"]:
        value, gradient = program.value_and_gradient(dict(zip(names, point["x"])))
        assert close(point["f"], value)
        for name, slope in zip(names, point["grad"]):
            scale = 1e-3 if (case["id"], name) in CANCELING else 0
            assert close(slope, gradient[name], scale), name


@pytest.mark.parametrize("case", SURFACES, ids=lambda c: c["name"])
def test_a_surface_has_the_right_value_and_gradient_inside_its_bounds(case):
    names, draw = case["variables"], random.Random(case["name"])
    program, truth = compiled(case["formula"], names), Function(case["formula"], names)

    for _ in range(3):
        point = [draw.uniform(low, high) for low, high in case["bounds"]]
        value, gradient = program.value_and_gradient(dict(zip(names, point)))
        with mpmath.workdps(60):
            exact = [mpmath.mpf(x) for x in point]
            slopes = [truth.slope(exact, place) for place in range(len(names))]
            # Below 1 the digits count from 1: differences of like numbers have no more of their own.
            assert close(truth(*exact), value, scale=1)
            for name, slope in zip(names, slopes):
                assert close(slope, gradient[name], scale=1), name


@pytest.mark.parametrize("case", SURFACES, ids=lambda c: c["name"])
def test_a_surface_is_flat_and_as_low_as_published_at_its_minima(case):
    names = case["variables"]
    program = compiled(case["formula"], names)
    least = case["published_minimum_value"]

    for point in case["published_minimisers"]:
        assert abs(program.value(dict(zip(names, point))) - least) <= 1e-4 * (1 + abs(least))
    for refined in case["refined"] if case["smooth_at_minimum"] else ():
        value, gradient = program.value_and_gradient(dict(zip(names, map(float, refined["x"]))))
        assert abs(value - float(refined["f"])) <= 1e-12 * (1 + abs(float(refined["f"])))
        assert max(abs(slope) for slope in gradient.values()) < 1e-6
