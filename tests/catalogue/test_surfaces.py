"""Surfaces: each is what its name says, and its stated minima are the published ones."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from cases_at_hand import load
from rows_at_hand import flat, gradient, program
from surfaces_twice import CASES, TWICE
from worked_out import Function

import symcalc as sc
from symcalc.catalogue.surfaces import SURFACES

# Where the gradient at a minimum is not 0, or not defined: pointed bottoms and kinks.
POINTED = ("ackley", "ackley2", "drop_wave", "bukin6")
# One rate for numbers of a million and of two millionths; slopes without bound all along the valley.
OUT_OF_REACH = ("brown_badly_scaled", "bukin6")
# Momentum and scaling as in adam, with steps that get shorter.
RULE = (
    "m1 = 0.9*m1 + 0.1*gradient;  m2 = 0.99*m2 + 0.01*gradient^2;  "
    "point = point - learning_rate/(1 + t/50)*(m1/(1 - 0.9^t))/(sqrt(m2/(1 - 0.99^t)) + 1e-12)"
)


def test_there_are_surfaces_enough_and_each_is_written_twice():
    assert len(SURFACES) >= 45
    assert set(SURFACES) == set(TWICE) | set(CASES)
    assert not set(TWICE) & set(CASES)


def inside(row, count, seed):
    """Random points within the bounds of a row, as parameter → number or array."""
    draw = np.random.default_rng(seed)
    for _ in range(count):
        yield {name: draw.uniform(*row.bounds[name], shape) for name, shape in row.parameters.items()}


def numbers(point):
    """All numbers of a point, in order."""
    return [mpmath.mpf(float(x)) for value in point.values() for x in np.ravel(value)]


def second_writing(name):
    """The surface as a function of its numbers, worked out in mpmath."""
    if name in TWICE:
        return TWICE[name]
    published = {case["name"]: case for case in load("test_functions.json")["functions"]}[CASES[name]]
    return Function(published["formula"], published["variables"])


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_has_the_value_of_its_second_writing(name):
    truth = second_writing(name)

    for point in inside(SURFACES[name], 4, seed=9):
        with mpmath.workdps(40):
            expected = float(truth(*numbers(point)))
        assert pytest.approx(expected, rel=1e-12, abs=1e-12) == program(name).value(point)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_is_proven_or_checked_at_random_points(name):
    assert gradient(name).verdict


@pytest.mark.parametrize("name", SURFACES)
def test_the_stated_minima_are_flat_and_as_low_as_stated(name):
    row = SURFACES[name]

    for minimum in row.minima:
        value, slopes = program(name).value_and_gradient(flat(name, minimum))
        assert pytest.approx(row.lowest, rel=1e-12, abs=1e-12) == value
        assert name in POINTED or np.max(np.abs(slopes)) < 1e-6


@pytest.mark.parametrize("name", SURFACES)
def test_no_point_within_the_bounds_lies_lower(name):
    row = SURFACES[name]

    values = [program(name).value(point) for point in inside(row, 500, seed=4)]
    assert min(values) >= row.lowest - 1e-9 * (1 + abs(row.lowest))


@pytest.mark.parametrize("name", CASES)
def test_the_minima_are_the_published_ones(name):
    row = SURFACES[name]
    published = {case["name"]: case for case in load("test_functions.json")["functions"]}[CASES[name]]

    assert abs(row.lowest - published["published_minimum_value"]) <= 1e-4 * (1 + abs(row.lowest))
    refined = [list(map(float, found["x"])) for found in published["refined"]] or published["published_minimisers"]
    for point in refined:
        gaps = [np.max(np.abs(flat(name, minimum) - point)) for minimum in row.minima]
        assert min(gaps) <= 1e-7 * (1 + np.max(np.abs(point)))


@pytest.mark.parametrize("name", [name for name in SURFACES if name not in OUT_OF_REACH])
def test_a_descent_from_nearby_reaches_the_stated_minimum(name):
    row = SURFACES[name]
    widths = flat(name, {n: np.full(s, row.bounds[n][1] - row.bounds[n][0]) for n, s in row.parameters.items()})
    minimum = flat(name, row.minima[0])
    signs = np.where(np.arange(len(minimum)) % 2, 1, -1)
    start = minimum + 0.002 * widths * signs

    trace = sc.descend(
        program(name), start=start, optimizer=RULE, learning_rate=float(0.0005 * np.min(widths)), steps=400
    )

    way = program(name).value(start) - row.lowest
    assert trace.loss - row.lowest <= 0.01 * way + 1e-12 * (1 + abs(row.lowest))
