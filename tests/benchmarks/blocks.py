"""Blocks of rows beside whole arrays and hand-written NumPy: `python tests/benchmarks/blocks.py` prints the table.

The sides of a row take turns, and each ratio is the median over the turns, so that a busy machine slows all alike.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from unittest import mock

import numpy as np

import symcalc as sc
from symcalc.compute import blocks, threads
from symcalc.compute.row_kernels import rows_by

TURNS = 15
RNG = np.random.default_rng(0)


def decay(n: int):
    x = RNG.uniform(0, 4, n)
    y = 2.5 * np.exp(-1.3 * x) + 0.5

    def by_hand(a, b, c):
        u = np.exp(-b * x)
        r = y - a * u - c
        return r @ r / n, -2 * (r @ u) / n, 2 * a * ((r * u) @ x) / n, -2 * r.mean()

    return "mean((y - a*exp(-b*x) - c)^2)", {"x": x, "y": y}, {"a": 1.0, "b": 1.0, "c": 0.0}, by_hand


def logistic(n: int, k: int):
    X = RNG.normal(size=(n, k))
    t = (RNG.random(n) < 0.5) * 1.0

    def by_hand(w, b):
        z = X @ w + b
        miss = (1 / (1 + np.exp(-z)) - t) / n
        return np.mean(np.logaddexp(0, z) - t * z), X.T @ miss, miss.sum()

    return "z = X@w + b; mean(log(1 + exp(z)) - t*z)", {"X": X, "t": t}, {"w": np.full(k, 0.1), "b": 0.0}, by_hand


def absolute(n: int):
    x = RNG.normal(size=n)
    y = 2 * x + RNG.normal(size=n)

    def by_hand(m, b):
        r = y - (m * x + b)
        s = np.sign(r)
        return np.abs(r).mean(), -(s @ x) / n, -s.mean()

    return "mean(abs(y - (m*x + b)))", {"x": x, "y": y}, {"m": 1.0, "b": 0.0}, by_hand


def compiled(text, data):
    with rows_by("numpy"):
        program = sc.compile(sc.differentiate(sc.parse(text, data=data)))
        return program.function, program.plan()


def in_turns(sides: list[Callable[[], object]]) -> list[list[float]]:
    times: list[list[float]] = [[] for _ in sides]
    for side in sides:
        side()
    for _ in range(TURNS):
        for side, spent in zip(sides, times):
            start = time.perf_counter()
            side()
            spent.append(time.perf_counter() - start)
    return times


def peak(call: Callable[[], object]) -> float:
    tracemalloc.start()
    call()
    found = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return found


def row(title: str, work) -> str:
    text, data, point, by_hand = work
    values = tuple(point.values())
    function, plan = compiled(text, data)
    with mock.patch.object(blocks, "worth_it", return_value=False):
        whole, _ = compiled(text, data)

    def alone():
        with threads.limited(1):
            return function(*values)

    sides = [lambda: function(*values), alone, lambda: whole(*values), lambda: by_hand(*values)]
    own, *others = in_turns(sides)
    ratios = [statistics.median(o / t for o, t in zip(other, own)) for other in others]
    memory = [peak(sides[0]), peak(sides[3])]
    numbers = " | ".join(f"{r:.1f}" for r in ratios)
    return f"| {title} | {plan.block:,} | {plan.passes} | {numbers} | {memory[0]:.1f} | {memory[1]:.1f} |"


if __name__ == "__main__":
    print("| work | rows a block | passes | one thread | whole arrays | NumPy by hand | MiB | MiB by hand |")
    print("|---|---|---|---|---|---|---|---|")
    print(row("decay, 1e6 rows", decay(1_000_000)))
    print(row("decay, 1e7 rows", decay(10_000_000)))
    print(row("line, mean of absolute residuals, 1e6 rows", absolute(1_000_000)))
    print(row("logistic, 200,000 × 50", logistic(200_000, 50)))
