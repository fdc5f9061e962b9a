"""Whole fits beside scikit-learn: from arrays to the optimum, derivation and compiling included.

`python tests/benchmarks/fits.py [rows]` prints the table; scikit-learn must be installed. The sides take turns, and
a ratio is the median over the turns. Both must reach the same optimum: the last columns say how far each is from it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression

import symcalc as sc

TURNS, FEATURES = 5, 10
LINEAR = "mean((y - X@w - b)^2)"
LOGISTIC = "z = X@w + b; mean(log(1 + exp(z)) - t*z)"


def data(rows: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, FEATURES))
    z = X @ rng.normal(size=FEATURES) + 0.5
    return X, z + rng.normal(size=rows), (rng.random(rows) < 1 / (1 + np.exp(-z))) * 1.0


def ours(text: str, given: dict[str, Any]) -> Callable[[], Any]:
    def fit() -> Any:
        program = sc.compile(sc.differentiate(sc.parse(text, given)))
        trace = sc.descend(program, optimizer="newton", steps=30, tolerance=1e-7)
        return np.append(trace.point["w"], trace.point["b"])

    return fit


def theirs(model: Any, X: Any, y: Any) -> Callable[[], Any]:
    def fit() -> Any:
        model.fit(X, y)
        return np.append(model.coef_, model.intercept_)

    return fit


def optimum(X: Any, t: Any) -> Any:
    """The logistic optimum by Newton's method written out, until nothing moves."""
    ones = np.column_stack([X, np.ones(len(X))])
    w = np.zeros(ones.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(ones @ w)))
        w = w - np.linalg.solve(ones.T @ ((p * (1 - p))[:, None] * ones), ones.T @ (p - t))
    return w


def in_turns(sides: list[Callable[[], Any]]) -> tuple[list[list[float]], list[Any]]:
    times: list[list[float]] = [[] for _ in sides]
    found: list[Any] = [side() for side in sides]
    for _ in range(TURNS):
        for side, spent in zip(sides, times):
            begun = time.perf_counter()
            side()
            spent.append(time.perf_counter() - begun)
    return times, found


def main(rows: int) -> None:
    X, y, t = data(rows)
    exact = np.linalg.lstsq(np.column_stack([X, np.ones(rows)]), y, rcond=None)[0]
    cases = {
        "linear": (LINEAR, {"X": X, "y": y}, {"LinearRegression": LinearRegression()}, y, exact),
        "logistic": (
            LOGISTIC,
            {"X": X, "t": t},
            {
                "LogisticRegression, lbfgs": LogisticRegression(C=np.inf, tol=1e-6, max_iter=1000),
                "LogisticRegression, newton-cholesky": LogisticRegression(C=np.inf, tol=1e-6, solver="newton-cholesky"),
            },
            t,
            optimum(X, t),
        ),
    }
    print(f"{rows:,} rows, {FEATURES} features; above 1, symcalc is faster")
    print("| fit | beside | peer / symcalc | symcalc off by | peer off by |")
    print("|---|---|---|---|---|")
    for name, (text, given, peers, target, right) in cases.items():
        times, found = in_turns([ours(text, given), *(theirs(model, X, target) for model in peers.values())])
        off = [float(np.abs(f - right).max()) for f in found]
        for k, peer in enumerate(peers, 1):
            ratio = statistics.median(b / a for a, b in zip(times[0], times[k]))
            print(f"| {name} | {peer} | {ratio:.2f} | {off[0]:.0e} | {off[k]:.0e} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
