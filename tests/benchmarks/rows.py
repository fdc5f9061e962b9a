"""Rows in C beside NumPy by hand, numba and JAX: `python tests/benchmarks/rows.py` prints the table.

All sides work out value and gradient of the same loss on the same data in one process, in turn; each ratio is the median
over the turns of that side's time divided by symcalc's. JAX and numba are peers, not dependencies: without one its column is empty.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import symcalc as sc
from symcalc.compute.row_kernels import rows_by

TURNS = 31
RNG = np.random.default_rng(0)
SIDES = ("NumPy stages", "NumPy by hand", "numba", "JAX")
Sides = dict[str, Callable[[], Any]]


def peers() -> tuple[Any, Any]:
    """(jax, numba), each None where it is missing."""
    try:
        import jax

        jax.config.update("jax_enable_x64", True)
    except ImportError:
        jax = None
    try:
        import numba
    except ImportError:
        numba = None
    return jax, numba


JAX, NUMBA = peers()


def own(text: str, data: dict[str, Any], point: dict[str, Any], engine: str) -> Callable[[], Any]:
    with rows_by(engine):
        program = sc.compile(sc.differentiate(sc.parse(text, data=data)))
        begun = time.perf_counter()
        function, values = program.function, [point[p.name] for p in program.parameters]
        function(*values)
        if engine == "native":
            print(f"{text}: {time.perf_counter() - begun:.2f} s to the first value", file=sys.stderr)
    return lambda: function(*values)


def jaxed(loss: Callable[..., Any], *point: Any) -> Callable[[], Any]:
    compiled = JAX.jit(JAX.value_and_grad(loss, argnums=tuple(range(len(point)))))
    return lambda: JAX.block_until_ready(compiled(*point))


def numbaed(body: Callable[..., Any], *given: Any) -> Callable[[], Any]:
    compiled = NUMBA.njit(parallel=True, fastmath=True)(body)
    return lambda: compiled(*given)


def line(n: int) -> dict[str, Any]:
    x = RNG.uniform(0, 4, n)
    return {"x": x, "y": 2.5 * np.exp(-1.3 * x) + 0.5 + 0.1 * RNG.normal(size=n)}


def decay(n: int) -> Sides:
    text, data, point = "mean((y - a*exp(-b*x) - c)^2)", line(n), {"a": 1.0, "b": 1.0, "c": 0.0}
    x, y = data["x"], data["y"]

    def by_hand() -> Any:
        a, b, c = point.values()
        u = np.exp(-b * x)
        r = y - a * u - c
        return r @ r / n, -2 * (r @ u) / n, 2 * a * ((r * u) @ x) / n, -2 * r.mean()

    def loop(x, y, a, b, c):
        s0 = s1 = s2 = s3 = 0.0
        for i in NUMBA.prange(len(x)):
            u = np.exp(-b * x[i])
            r = y[i] - a * u - c
            s0 += r * r
            s1 += r * u
            s2 += r * u * x[i]
            s3 += r
        return s0, s1, s2, s3

    def theirs(a, b, c):
        return JAX.numpy.mean((y - a * JAX.numpy.exp(-b * x) - c) ** 2)

    return sides(text, data, point, by_hand, loop, theirs)


def huber(n: int) -> Sides:
    text, data, point = "mean(huber(y - (m*x + b), 0.5))", line(n), {"m": 1.0, "b": 1.0}
    x, y = data["x"], data["y"]

    def by_hand() -> Any:
        r = y - (point["m"] * x + point["b"])
        q = np.clip(r, -0.5, 0.5)
        return np.mean(q * (r - q / 2)), -np.mean(q * x), -np.mean(q)

    def loop(x, y, m, b):
        s0 = s1 = s2 = 0.0
        for i in NUMBA.prange(len(x)):
            r = y[i] - (m * x[i] + b)
            q = min(max(r, -0.5), 0.5)
            s0 += q * (r - q / 2)
            s1 += q * x[i]
            s2 += q
        return s0, s1, s2

    def theirs(m, b):
        r = y - (m * x + b)
        size = JAX.numpy.abs(r)
        return JAX.numpy.mean(JAX.numpy.where(size <= 0.5, r * r / 2, 0.5 * (size - 0.25)))

    return sides(text, data, point, by_hand, loop, theirs)


def absolute(n: int) -> Sides:
    text, data, point = "mean(abs(y - (m*x + b)))", line(n), {"m": 1.0, "b": 1.0}
    x, y = data["x"], data["y"]

    def by_hand() -> Any:
        r = y - (point["m"] * x + point["b"])
        s = np.sign(r)
        return np.abs(r).mean(), -(s @ x) / n, -s.mean()

    def loop(x, y, m, b):
        s0 = s1 = s2 = 0.0
        for i in NUMBA.prange(len(x)):
            r = y[i] - (m * x[i] + b)
            s = np.sign(r)
            s0 += abs(r)
            s1 += s * x[i]
            s2 += s
        return s0, s1, s2

    def theirs(m, b):
        return JAX.numpy.mean(JAX.numpy.abs(y - (m * x + b)))

    return sides(text, data, point, by_hand, loop, theirs)


def logistic(n: int, k: int) -> Sides:
    text, point = "z = X@w + b; mean(log(1 + exp(z)) - t*z)", {"w": np.full(k, 0.1), "b": 0.0}
    X, t = RNG.normal(size=(n, k)), (RNG.random(n) < 0.5) * 1.0

    def by_hand() -> Any:
        z = X @ point["w"] + point["b"]
        miss = (1 / (1 + np.exp(-z)) - t) / n
        return np.mean(np.logaddexp(0, z) - t * z), X.T @ miss, miss.sum()

    def theirs(w, b):
        z = X @ w + b
        return JAX.numpy.mean(JAX.nn.softplus(z) - t * z)

    return sides(text, {"X": X, "t": t}, point, by_hand, None, theirs)


def sides(text: str, data: dict[str, Any], point: dict[str, Any], by_hand: Any, loop: Any, theirs: Any) -> Sides:
    found = {"C": own(text, data, point, "native"), "NumPy stages": own(text, data, point, "numpy")}
    found["NumPy by hand"] = by_hand
    if NUMBA and loop:
        found["numba"] = numbaed(loop, data["x"], data["y"], *point.values())
    if JAX:
        found["JAX"] = jaxed(theirs, *point.values())
    return found


def row(title: str, found: Sides) -> str:
    times: dict[str, list[float]] = {name: [] for name in found}
    for side in found.values():
        side(), side()
    for _ in range(TURNS):
        for name, side in found.items():
            begun = time.perf_counter()
            side()
            times[name].append(time.perf_counter() - begun)
    ratios = {name: statistics.median(t / c for t, c in zip(times[name], times["C"])) for name in found}
    cells = [f"{ratios[name]:.1f}" if name in ratios else "" for name in SIDES]
    return f"| {title} | {1000 * statistics.median(times['C']):.2f} | {' | '.join(cells)} |"


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores", file=sys.stderr)
    print(f"| work | in C, ms | {' | '.join(SIDES)} |")
    print("|---" * (2 + len(SIDES)) + "|")
    for n in (100_000, 1_000_000, 10_000_000):
        print(row(f"decay, {n:,} rows", decay(n)))
    print(row("Huber, line, 1,000,000 rows", huber(1_000_000)))
    print(row("absolute residuals, line, 1,000,000 rows", absolute(1_000_000)))
    print(row("logistic, 200,000 × 50", logistic(200_000, 50)))
