"""The tables of the page on moments: `python docs/design/moments_measured.py` prints them.

Truth is the same sum with 64-bit mantissas over the rows, added pairwise.
"""

from __future__ import annotations

from unittest import mock

import numpy as np

import symcalc as sc
from symcalc.compute import over_moments

ROWS = 20_000
LONG = np.longdouble
TEXT = "mean((y - (m*x + b))^2)"


def drawn(center: float, spread: float, noise: float, seed: int = 0):
    rng = np.random.default_rng(seed)
    x = center + spread * rng.normal(size=ROWS)
    return x, 2 * x + 1 + noise * rng.normal(size=ROWS)


def best(x, y):
    """Slope and intercept of least squares, about the means."""
    u, v = x - x.mean(), y - y.mean()
    m = np.dot(u, v) / np.dot(u, u)
    return m, y.mean() - m * x.mean()


def exactly(x, y, m, b):
    u = x.astype(LONG)
    r = y.astype(LONG) - (LONG(m) * u + LONG(b))
    return np.mean(r * r), -2 * np.mean(u * r), -2 * np.mean(r)


def raw(x, y, m, b):
    square = np.mean(y * y) - 2 * m * np.mean(x * y) - 2 * b * np.mean(y)
    return square + m * m * np.mean(x * x) + 2 * m * b * np.mean(x) + b * b


def about_means(x, y, m, b):
    u, v = x - x.mean(), y - y.mean()
    return np.mean(v * v) - 2 * m * np.mean(u * v) + m * m * np.mean(u * u) + (y.mean() - m * x.mean() - b) ** 2


def factor(x, y, m, b):
    R = np.linalg.qr(np.stack([np.ones(ROWS), x, y], axis=1), mode="r")
    return np.sum((R @ [-b, -m, 1.0]) ** 2) / ROWS


def functions(x, y):
    data = {"x": x, "y": y}
    over = sc.compile(sc.differentiate(sc.parse(TEXT, data=data))).function
    with mock.patch.object(over_moments, "LEAST_ROWS", 1 << 60):
        rows = sc.compile(sc.differentiate(sc.parse(TEXT, data=data))).function
    return over, rows


def ways() -> None:
    x, y = drawn(1e6, 1.0, 1e-3)
    m, b = best(x, y)
    over, rows = functions(x, y)
    truth = exactly(x, y, m, b)[0]
    found = {
        "raw sums": raw(x, y, m, b), "sums about the means": about_means(x, y, m, b),
        "a triangular factor of [1, x, y]": factor(x, y, m, b), "rows": rows(m, b)[0],
        "a triangular factor of [1, x], about the best fit": over(m, b)[0],
    }  # fmt: skip
    print("| way | error |\n|---|---|")
    for way, value in found.items():
        print(f"| {way} | {float(abs(value - truth) / truth):.0e} |")


def places() -> None:
    print("\n| place | value, moments | value, rows | slope, moments | slope, rows |\n|---|---|---|---|---|")
    for title, table, (across, along) in (
        ("x = 3 ± 2, errors of 1, from far", (3.0, 2.0, 1.0), (1.0, 1.0)),
        ("x = 3 ± 2, errors of 1e-8, near the best fit", (3.0, 2.0, 1e-8), (1e-9, 1e-8)),
        ("x = 2000 ± 10, along the ravine", (2000.0, 10.0, 1.0), (0.0, 1.0)),
        ("x = 1e6 ± 1000, at the best fit", (1e6, 1e3, 1.0), (0.0, 0.0)),
        ("x = 1e6 ± 1, along the ravine", (1e6, 1.0, 1.0), (0.1, 1.0)),
    ):
        errors = np.zeros((2, 2))
        for seed in range(5):
            x, y = drawn(*table, seed)
            m, b = best(x, y)
            m, b = m + along, b - along * x.mean() + across
            truth = exactly(x, y, m, b)
            most = [truth[0], 2 * np.sqrt(np.mean(x * x) * truth[0]), 2 * np.sqrt(truth[0])]
            for k, function in enumerate(functions(x, y)):
                off = [float(abs(f - t) / s) for f, t, s in zip(function(m, b), truth, most)]
                errors[k] = np.maximum(errors[k], [off[0], max(off[1:])])
        (over, over_slope), (rows, rows_slope) = errors
        print(f"| {title} | {over:.0e} | {rows:.0e} | {over_slope:.0e} | {rows_slope:.0e} |")


if __name__ == "__main__":
    ways()
    places()
