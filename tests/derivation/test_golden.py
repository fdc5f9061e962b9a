"""Derivations read by eye and kept as files: `python tests/derivation/test_golden.py` writes them anew."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import symcalc as sc

FOLDER = Path(__file__).parents[1] / "cases" / "derivations"
LINE = "mean((y - (m*x + b))^2)"
X = np.arange(8.0).reshape(4, 2)
# Name → formula, what else is said, levels, point for level 3.
LOSSES = {
    "line": (LINE, {"data": "movies"}, (0, 1, 2, 3), {"m": 1.417, "b": 70}),
    "logistic": ("z = X@w + b; mean(log(1 + exp(z)) - y*z)", {"data": {"X": X, "y": [0.0, 1, 1, 0]}}, (1, 2), None),
    "ridge": ("mean((y - X@w)^2) + lam*sum(w^2)", {"data": {"X": X, "y": [0.0, 1, 1, 0]}, "constants": {"lam": 0.1}}, (1, 2), None),
    "network": ("h = tanh(X@W); mean((y - h@v)^2)",
                {"data": {"X": X, "y": [0.0, 1, 1, 0]}, "shapes": {"W": (2, 3), "v": (3,)}}, (1, 2), None),
    "softmax": ("Z = X@W; mean(logsumexp(Z)) - sum(Y*Z)/n",
                {"data": {"X": X, "Y": np.eye(4)[:, :3]}, "shapes": {"W": (2, 3)}}, (1, 2), None),
    "huber": ("mean(huber(y - (m*x + b), 1))", {"data": "movies"}, (1, 2), None),
    "rosenbrock": ("(1 - x)^2 + 100*(y - x^2)^2", {"parameters": ["x", "y"]}, (1, 2, 3), {"x": -1.2, "y": 1}),
    "quadratic": ("x@A@x", {"parameters": {"x": (3,)}, "constants": {"A": np.arange(9.0).reshape(3, 3)}}, (1, 2), None),
    "logdet": ("logdet(A)", {"parameters": {"A": (3, 3)}}, (1, 2), None),
    "exponential": ("mean((y - a*exp(-b*x))^2)", {"data": "movies"}, (1, 2), None),
    "gaussian": ("mean(log(s) + (y - m)^2/(2*s^2))", {"data": "movies"}, (1, 2), None),
    "quotient": ("(a*t + b)/(1 + t^2)", {"parameters": ["t"], "constants": {"a": 1, "b": 2}}, (1, 2), None),
}  # fmt: skip
CASES = [(name, level) for name, (_, _, levels, _) in LOSSES.items() for level in levels]


def told(name: str, level: int) -> str:
    formula, given, _, point = LOSSES[name]
    derivation = sc.differentiate(sc.parse(formula, **given)).explain(level, point if level == 3 else None)
    # Whether a line is proven exactly or at 20 points depends on the time it takes; that it is checked does not.
    told_verdict = "Every line is checked." if derivation.verdict else derivation.verdict.sentence
    return f"{formula}\n\n{derivation.text(96)}\n\n{told_verdict}\n"


@pytest.mark.parametrize(("name", "level"), CASES)
def test_the_derivation_is_the_one_that_was_read(name, level):
    assert told(name, level) == (FOLDER / f"{name}-{level}.txt").read_text(encoding="utf-8")


def test_there_are_as_many_files_as_cases():
    assert len(list(FOLDER.glob("*.txt"))) == len(CASES) > 20


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, level in CASES:
        (FOLDER / f"{name}-{level}.txt").write_text(told(name, level), encoding="utf-8")
    sys.exit(0)
