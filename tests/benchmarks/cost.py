"""What deriving and evaluating cost: `python tests/benchmarks/cost.py` prints the tables of docs/performance.md.

Times are the best of several runs in one process, so only ratios within a row mean something.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable

import numpy as np
import sympy as sp

import symcalc as sc


def best(work: Callable[[], object], repeats: int = 7) -> float:
    """The shortest of several runs, in seconds."""
    work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def chain(layers: int) -> str:
    """A chain of tanh layers with two numbers each."""
    lines = [f"h{k} = tanh(a{k}*h{k - 1} + b{k})" for k in range(1, layers + 1)]
    return "h0 = 1/2; " + "; ".join(lines) + f"; (h{layers} - 1)^2"


def plain_gradient(layers: int) -> list[sp.Expr]:
    """The same chain as one SymPy expression, differentiated by SymPy alone."""
    symbols = [sp.symbols(f"a{k} b{k}", real=True) for k in range(1, layers + 1)]
    value: sp.Expr = sp.Rational(1, 2)
    for a, b in symbols:
        value = sp.tanh(a * value + b)
    return [((value - 1) ** 2).diff(s) for pair in symbols for s in pair]


def deriving() -> None:
    """How long a gradient takes to derive, as the chain gets longer."""
    print("| layers | parameters | symcalc, s | plain SymPy diff, s |")
    print("|---|---|---|---|")
    for layers in (10, 20, 30, 100, 500):
        loss = sc.parse(chain(layers))
        own = best(lambda loss=loss: sc.differentiate(loss), 2)
        plain = f"{best(lambda n=layers: plain_gradient(n), 1):.2f}" if layers <= 30 else "-"
        print(f"| {layers} | {2 * layers} | {own:.3f} | {plain} |")


def evaluating() -> None:
    """Gradient against loss, and against the same gradient written by hand in NumPy."""
    rng = np.random.default_rng(0)
    n = 200_000
    x, features = rng.uniform(0, 3, n), rng.normal(size=(20_000, 50))
    y, t = 2 * np.exp(-1.3 * x) + 0.5, (features[:, 0] > 0) * 1.0

    def line(m: float, b: float) -> tuple[float, float, float]:
        r = y - (m * x + b)
        return float(np.mean(r**2)), float(-2 * np.mean(x * r)), float(-2 * np.mean(r))

    def decay(a: float, b: float, c: float) -> tuple[float, ...]:
        e = np.exp(-b * x)
        r = y - a * e - c
        return (
            float(np.mean(r**2)),
            float(-2 * np.mean(e * r)),
            float(2 * a * np.mean(x * e * r)),
            float(-2 * np.mean(r)),
        )

    def logistic(w: np.ndarray, b: float) -> tuple[object, ...]:
        z = features @ w + b
        p = 1 / (1 + np.exp(-z))
        return np.mean(np.logaddexp(0, z) - t * z), features.T @ (p - t) / len(t), np.mean(p - t)

    cases = (
        ("mean((y - (m*x + b))^2)", {"x": x, "y": y}, (1.0, 2.0), line),
        ("mean((y - a*exp(-b*x) - c)^2)", {"x": x, "y": y}, (1.0, 1.0, 0.0), decay),
        ("z = X@w + b; mean(log(1 + exp(z)) - t*z)", {"X": features, "t": t}, (np.zeros(50), 0.0), logistic),
    )
    print("| loss | gradient / loss | hand-written NumPy / symcalc |")
    print("|---|---|---|")
    for text, data, point, by_hand in cases:
        program = sc.compile(sc.differentiate(sc.parse(text, data=data)))
        only = sc.compile(sc.differentiate(sc.parse(text, data=data), wrt=[]))
        gradient = best(lambda p=program, a=point: p.function(*a))
        loss = best(lambda p=only, a=point: p.function(*a))
        hand = best(lambda h=by_hand, a=point: h(*a))
        print(f"| `{text}`, {len(next(iter(data.values()))):,} rows | {gradient / loss:.2f} | {hand / gradient:.2f} |")


if __name__ == "__main__":
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, SymPy {sp.__version__}\n")
    deriving()
    print()
    evaluating()
