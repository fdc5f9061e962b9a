"""The stated minima, against each surface written down a second time; the gradient there by mpmath."""

from __future__ import annotations

import mpmath
import pytest
from cases_at_hand import load
from mpmath import cos, exp, mpf, pi, sin, sqrt

from symcalc.catalogue.surfaces import SURFACES

TWICE = {
    "sphere": lambda x, y: x * x + y * y,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "beale": lambda x, y: sum((c - x * (1 - y**k)) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))),
    "booth": lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "matyas": lambda x, y: mpf("0.26") * (x**2 + y**2) - mpf("0.48") * x * y,
    "three_hump_camel": lambda x, y: 2 * x**2 - mpf("1.05") * x**4 + x**6 / 6 + x * y + y**2,
    "six_hump_camel": lambda x, y: 4 * x**2 - mpf("2.1") * x**4 + x**6 / 3 + x * y - 4 * y**2 + 4 * y**4,
    "goldstein_price": lambda x, y: (
        (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2))
        * (30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2))
    ),
    "styblinski_tang": lambda x, y: sum(u**4 - 16 * u**2 + 5 * u for u in (x, y)) / 2,
    "mccormick": lambda x, y: sin(x + y) + (x - y) ** 2 - mpf("1.5") * x + mpf("2.5") * y + 1,
    "easom": lambda x, y: -cos(x) * cos(y) * exp(-((x - pi) ** 2) - (y - pi) ** 2),
    "rastrigin": lambda x, y: 20 + sum(u**2 - 10 * cos(2 * pi * u) for u in (x, y)),
    "ackley": lambda x, y: (
        -20 * exp(-sqrt((x**2 + y**2) / 2) / 5) - exp((cos(2 * pi * x) + cos(2 * pi * y)) / 2) + 20 + mpmath.e
    ),
    "bohachevsky": lambda x, y: (
        x**2 + 2 * y**2 - mpf("0.3") * cos(3 * pi * x) - mpf("0.4") * cos(4 * pi * y) + mpf("0.7")
    ),
    "branin": lambda x, y: (
        (y - mpf("5.1") / (4 * pi**2) * x**2 + 5 / pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10
    ),
}
AS_IN_CASES = {name.replace("_", ""): name for name in SURFACES} | {"branin01": "branin"}


def test_every_surface_is_written_twice():
    assert list(SURFACES) == list(TWICE)


@pytest.mark.parametrize("name", SURFACES)
def test_the_stated_minima_are_minima(name):
    f, row = TWICE[name], SURFACES[name]
    with mpmath.workdps(40):
        for point in row.minima:
            x, y = mpf(point["x"]), mpf(point["y"])
            assert abs(f(x, y) - row.lowest) < 1e-13 * (1 + abs(row.lowest))
            if name != "ackley":
                slopes = [mpmath.diff(f, (x, y), order) for order in ((1, 0), (0, 1))]
                assert max(map(abs, slopes)) < 1e-12
            for dx, dy in ((0.01, 0), (0, 0.01), (-0.01, 0.01), (0.01, 0.01)):
                assert f(x + dx, y + dy) > row.lowest - 1e-12


def test_the_minima_agree_with_the_published_ones():
    published = {case["name"].lower(): case for case in load("test_functions.json")["functions"]}
    shared = [name for name in AS_IN_CASES if name in published and published[name]["dim"] == 2]

    assert len(shared) >= 9
    for name in shared:
        row, case = SURFACES[AS_IN_CASES[name]], published[name]
        assert abs(row.lowest - case["published_minimum_value"]) < 1e-6
        for point in case["published_minimisers"]:
            gaps = [max(abs(m["x"] - point[0]), abs(m["y"] - point[1])) for m in row.minima]
            assert min(gaps) < 1e-5
