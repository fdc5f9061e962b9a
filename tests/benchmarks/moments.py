"""Moments beside JAX and beside rows: `python tests/benchmarks/moments.py` prints the tables (it needs jax).

The sides of a row take turns, and each time is the least over the turns: a busy machine only ever adds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest import mock

import jax
import jax.numpy as jnp
import numpy as np

import symcalc as sc
from symcalc.compute import over_moments

jax.config.update("jax_enable_x64", True)
RNG = np.random.default_rng(0)
TURNS, SECONDS = 7, 0.02


def line(n: int):
    x = RNG.normal(size=n)
    y = 2 * x + 1 + RNG.normal(size=n)

    def by_hand(m, b, x, y):
        return jnp.mean((y - (m * x + b)) ** 2)

    return "mean((y - (m*x + b))^2)", {"x": x, "y": y}, {"m": 0.5, "b": 0.1}, by_hand


def cubic(n: int):
    x = RNG.normal(size=n)
    y = 1 + x - x**2 + 0.3 * x**3 + RNG.normal(size=n)

    def by_hand(w, b, x, y):
        r = y - (w[0] * x + w[1] * x**2 + w[2] * x**3) - b
        return jnp.mean(r**2) + 0.1 * w @ w

    text = "F = [x, x^2, x^3]; mean((y - F@w - b)^2) + 0.1*w@w"
    return text, {"x": x, "y": y}, {"w": np.array([0.1, 0.2, 0.3]), "b": 0.5}, by_hand


def regression(n: int, k: int = 10):
    X = RNG.normal(size=(n, k))
    y = X @ np.arange(k) + 1 + RNG.normal(size=n)

    def by_hand(w, b, X, y):
        return jnp.mean((y - X @ w - b) ** 2)

    return "mean((y - X@w - b)^2)", {"X": X, "y": y}, {"w": np.full(k, 0.1), "b": 0.5}, by_hand


def program(text, data):
    return sc.compile(sc.differentiate(sc.parse(text, data=data)))


def of_jax(by_hand, data, point) -> Callable[[], object]:
    both = jax.jit(jax.value_and_grad(by_hand, tuple(range(len(point)))))
    columns = [jnp.asarray(c) for c in data.values()]
    values = [jnp.asarray(v) for v in point.values()]
    return lambda: jax.block_until_ready(both(*values, *columns))


def least(sides: list[Callable[[], object]]) -> list[float]:
    counts = []
    for side in sides:
        side()
        start = time.perf_counter()
        side()
        counts.append(max(1, int(SECONDS / (time.perf_counter() - start))))
    found = [np.inf] * len(sides)
    for _ in range(TURNS):
        for number, (side, count) in enumerate(zip(sides, counts)):
            start = time.perf_counter()
            for _ in range(count):
                side()
            found[number] = min(found[number], (time.perf_counter() - start) / count)
    return found


def sides_of(work):
    text, data, point, by_hand = work
    values = tuple(point.values())
    with mock.patch.object(over_moments, "LEAST_ROWS", 1 << 60):
        rows = program(text, data).function
        rows(*values)
    start = time.perf_counter()
    over = program(text, data).function
    gathering = time.perf_counter() - start
    return [lambda: over(*values), lambda: rows(*values), of_jax(by_hand, data, point)], gathering


def row(title: str, work) -> str:
    sides, gathering = sides_of(work)
    own, rows, peer = least(sides)
    return (
        f"| {title} | {own * 1e6:.1f} | {rows / own:,.0f} | {peer / own:,.0f} | {gathering * 1e3:.0f} "
        f"| {gathering / rows:.0f} |"
    )


def growth(n: int) -> str:
    with mock.patch.object(over_moments, "LEAST_ROWS", 1):
        sides, _ = sides_of(line(n))
    return f"| {n:,} | " + " | ".join(f"{t * 1e6:,.1f}" for t in least(sides)) + " |"


if __name__ == "__main__":
    print("| work | a call, µs | rows / moments | JAX / moments | gathering, ms | in calls over rows |")
    print("|---|---|---|---|---|---|")
    print(row("line, 1e6 rows", line(1_000_000)))
    print(row("cubic, 3 features and ridge, 1e6 rows", cubic(1_000_000)))
    print(row("10 features, 1e6 rows", regression(1_000_000)))
    print(row("50 features, 200,000 rows", regression(200_000, 50)))
    print("\n| rows of a line | moments, µs | rows, µs | JAX, µs |\n|---|---|---|---|")
    for n in (100, 1000, 10_000, 100_000, 1_000_000, 10_000_000):
        print(growth(n))
