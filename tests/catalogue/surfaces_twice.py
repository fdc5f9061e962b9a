"""Surfaces a second time: in mpmath here, or under a name in the published list of test functions."""

from __future__ import annotations

import mpmath
from mpmath import atan2, cos, exp, fabs, mpf, pi, sin, sqrt

# Name in the catalogue → name in the published list, where formula, bounds and minima stand, too.
CASES = {
    "ackley": "Ackley",
    "ackley2": "Ackley02",
    "alpine2": "Alpine02",
    "amgm": "AMGM",
    "beale": "Beale",
    "biggs_exp2": "BiggsExp02",
    "biggs_exp3": "BiggsExp03",
    "bird": "Bird",
    "bohachevsky2": "Bohachevsky2",
    "bohachevsky3": "Bohachevsky3",
    "box_betts": "BoxBetts",
    "branin": "Branin01",
    "branin2": "Branin02",
    "cigar": "Cigar",
    "colville": "Colville",
    "deckkers_aarts": "DeckkersAarts",
    "easom": "Easom",
    "freudenstein_roth": "FreudensteinRoth",
    "giunta": "Giunta",
    "goldstein_price": "GoldsteinPrice",
    "hartmann6": "Hartmann6",
    "himmelblau": "Himmelblau",
    "hosaki": "Hosaki",
    "judge": "Judge",
    "rosenbrock": "Leon",
    "levy3": "Levy03",
    "levy13": "Levy13",
    "matyas": "Matyas",
    "mccormick": "McCormick",
    "michalewicz": "Michalewicz",
    "quartic": "Plateau_quadratic",
    "power_sum": "PowerSum",
    "price2": "Price02",
    "price3": "Price03",
    "qing": "Qing",
    "quadratic": "Quadratic",
    "rosenbrock3": "Rosenbrock3",
    "rosenbrock_modified": "RosenbrockModified",
    "six_hump_camel": "SixHumpCamel",
    "styblinski_tang": "StyblinskiTang",
    "three_hump_camel": "ThreeHumpCamel",
    "trid": "Trid",
    "ursem1": "Ursem01",
    "venter": "VenterSobieski",
    "wood": "Wood",
    "zakharov": "Zacharov",
    "zettl": "Zettl",
}


def _shubert(u: mpf) -> mpf:
    return sum(j * cos((j + 1) * u + j) for j in range(1, 6))


def _helical(x: mpf, y: mpf, z: mpf) -> mpf:
    turn = atan2(y, x) / (2 * pi)
    return 100 * ((z - 10 * turn) ** 2 + (mpmath.hypot(x, y) - 1) ** 2) + z**2


_HARTMANN = (
    (mpf(1), (3, 10, 30), ("0.3689", "0.117", "0.2673")),
    (mpf("1.2"), ("0.1", 10, 35), ("0.4699", "0.4387", "0.747")),
    (mpf(3), (3, 10, 30), ("0.1091", "0.8732", "0.5547")),
    (mpf("3.2"), ("0.1", 10, 35), ("0.03815", "0.5743", "0.8828")),
)


def _hartmann3(*x: mpf) -> mpf:
    return -sum(c * exp(-sum(mpf(a) * (u - mpf(q)) ** 2 for a, u, q in zip(s, x, p))) for c, s, p in _HARTMANN)


TWICE = {
    "sphere": lambda x, y: x * x + y * y,
    "booth": lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "bohachevsky": lambda x, y: (
        x**2 + 2 * y**2 - mpf("0.3") * cos(3 * pi * x) - mpf("0.4") * cos(4 * pi * y) + mpf("0.7")
    ),
    "zirilli": lambda x, y: x**4 / 4 - x**2 / 2 + x / 10 + y**2 / 2,
    "cube": lambda x, y: 100 * (y - x**3) ** 2 + (1 - x) ** 2,
    "brown_badly_scaled": lambda x, y: (x - 10**6) ** 2 + (y - mpf("2e-6")) ** 2 + (x * y - 2) ** 2,
    "jennrich_sampson": lambda x, y: sum((2 + 2 * i - exp(i * x) - exp(i * y)) ** 2 for i in range(1, 11)),
    "rastrigin": lambda x, y: 20 + sum(u**2 - 10 * cos(2 * pi * u) for u in (x, y)),
    "griewank": lambda x, y: 1 + (x**2 + y**2) / 4000 - cos(x) * cos(y / sqrt(2)),
    "drop_wave": lambda x, y: -(1 + cos(12 * mpmath.hypot(x, y))) / (mpf("0.5") * (x**2 + y**2) + 2),
    "schaffer2": lambda x, y: (
        mpf("0.5") + (sin(x**2 - y**2) ** 2 - mpf("0.5")) / (1 + mpf("0.001") * (x**2 + y**2)) ** 2
    ),
    "schwefel": lambda x, y: mpf("837.9657745448678") - sum(u * sin(sqrt(fabs(u))) for u in (x, y)),
    "egg_crate": lambda x, y: sum(u**2 + 25 * sin(u) ** 2 for u in (x, y)),
    "bukin6": lambda x, y: 100 * sqrt(fabs(y - x**2 / 100)) + fabs(x + 10) / 100,
    "cross_in_tray": lambda x, y: (
        -((fabs(sin(x) * sin(y) * exp(fabs(100 - mpmath.hypot(x, y) / pi))) + 1) ** mpf("0.1")) / 10000
    ),
    "holder_table": lambda x, y: -fabs(sin(x) * cos(y) * exp(fabs(1 - mpmath.hypot(x, y) / pi))),
    "shubert": lambda x, y: _shubert(x) * _shubert(y),
    "trefethen": lambda x, y: (
        exp(sin(50 * x))
        + sin(60 * exp(y))
        + sin(70 * sin(x))
        + sin(sin(80 * y))
        - sin(10 * (x + y))
        + (x**2 + y**2) / 4
    ),
    "helical_valley": _helical,
    "powell_singular": lambda a, b, c, d: (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4,
    "hartmann3": _hartmann3,
}
