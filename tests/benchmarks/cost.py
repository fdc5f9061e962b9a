"""What deriving costs: `python tests/benchmarks/cost.py` prints the table of docs/performance.md.

Times are the best of several runs in one process, so only ratios within a row mean something.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable

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


if __name__ == "__main__":
    print(f"{platform.machine()}, Python {platform.python_version()}, SymPy {sp.__version__}\n")
    deriving()
