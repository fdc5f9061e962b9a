"""The measurements that the design pages quote: `python docs/design/measure.py chain|work|exact|checks`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

import symcalc as sc


def chain_text(layers: int) -> str:
    """A chain of layers h = tanh(a*h + b), two parameters each, and a squared distance at its end."""
    lines = ["h0 = 1/2"]
    lines += [f"h{k} = tanh(a{k}*h{k - 1} + b{k})" for k in range(1, layers + 1)]
    return "\n".join([*lines, f"(h{layers} - 1)^2"])


def chain_inlined(layers: int) -> tuple[sp.Expr, list[sp.Symbol]]:
    """The same chain as one SymPy expression."""
    h, symbols = sp.Rational(1, 2), []
    for k in range(1, layers + 1):
        a, b = sp.symbols(f"a{k} b{k}", real=True)
        h, symbols = sp.tanh(a * h + b), [*symbols, a, b]
    return (h - 1) ** 2, symbols


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came out."""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def chain() -> None:
    """How long it takes to derive the gradient of a chain, and how large the gradient is."""
    print("SymPy, one expression, diff by each parameter")
    for layers in (5, 10, 20, 30):
        loss, symbols = chain_inlined(layers)
        seconds, slopes = timed(lambda loss=loss, symbols=symbols: [loss.diff(s) for s in symbols])
        operations = sum(sp.count_ops(slope) for slope in slopes)
        print(f"  {layers:>3} layers, {2 * layers:>4} parameters: {seconds:6.2f} s, {operations:>7,} operations")
    print("symcalc, equations")
    for layers in (5, 10, 20, 30, 500):
        loss = sc.parse(chain_text(layers))
        seconds, gradient = timed(lambda loss=loss: sc.differentiate(loss))
        bodies = [term.body for equation in gradient.equations for term in equation.terms]
        operations = sum(sp.count_ops(body) for body in bodies)
        print(f"  {layers:>3} layers, {2 * layers:>4} parameters: {seconds:6.2f} s, {operations:>7,} operations")


def work() -> None:
    """How much longer value and gradient take than the value alone."""
    random = np.random.default_rng(0)
    rows = 100_000
    x, y = random.normal(size=rows), random.normal(size=rows)
    wide = random.normal(size=(rows, 10))
    for title, text, data, shapes in (
        ("line, 100,000 rows", "mean((y - (m*x + b))^2)", {"x": x, "y": y}, {}),
        ("exponential, 100,000 rows", "mean((y - a*exp(-b*x) - c)^2)", {"x": x, "y": y}, {}),
        ("network of 20, 100,000 rows", "mean((y - tanh(X@W)@v)^2)", {"X": wide, "y": y}, {"W": (10, 20)}),
    ):
        program = sc.compile(sc.differentiate(sc.parse(text, data=data, shapes=shapes or None)))
        point = {name: np.full(shape, 0.1) if shape else 0.1 for name, shape in program.layout.shapes.items()}
        alone = min(timed(lambda p=program, at=point: p.value(at))[0] for _ in range(9))
        both = min(timed(lambda p=program, at=point: p.value_and_gradient(at))[0] for _ in range(9))
        print(f"{title}: value {alone * 1e3:.1f} ms, value and gradient {both * 1e3:.1f} ms, {both / alone:.1f} times")


def exact() -> None:
    """What becomes of decimals if they are floats, and if they are fractions."""
    x = sp.Symbol("x", real=True)
    tenth = sp.Rational(1, 10)
    print("the slope of 0.1*x + 0.2*x - 0.3*x")
    print("  with floats:   ", (0.1 * x + 0.2 * x - 0.3 * x).diff(x))
    print("  with fractions:", (tenth * x + 2 * tenth * x - 3 * tenth * x).diff(x))
    print("x^0.1*x^0.2*x^0.7 - x is found to be 0")
    print("  with floats:   ", sp.simplify(x**0.1 * x**0.2 * x**0.7 - x) == 0)
    print("  with fractions:", sp.simplify(x**tenth * x ** (2 * tenth) * x ** (7 * tenth) - x) == 0)


def checks() -> None:
    """How long the checks of a gradient take."""
    for title, text, data in (
        ("line", "mean((y - (m*x + b))^2)", "movies"),
        ("classifier", "mean(log(1 + exp(w*x + c)) - t*(w*x + c))", "passfail"),
        ("four weights", "X = [area, rooms, age, distance];  mean((price - (X@w + b))^2)", "houses"),
    ):
        gradient = sc.differentiate(sc.parse(text, data=data))
        seconds, verdict = timed(lambda gradient=gradient: gradient.verdict)
        print(f"{title}: {verdict.sentence}, {seconds:.2f} s")


if __name__ == "__main__":
    {"chain": chain, "work": work, "exact": exact, "checks": checks}[sys.argv[1] if len(sys.argv) > 1 else "chain"]()
