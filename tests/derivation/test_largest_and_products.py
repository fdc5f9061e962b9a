"""Claims about derivations through the largest, the smallest and products of entries: every line holds, judged alone."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc
from symcalc.app.cli import main

X = np.array([[1.0, 2.0, -1.0], [0.5, -2.0, 3.0], [2.0, 1.0, 1.0], [-1.0, 0.3, 0.7]])
CASES = {
    "max(g)": {"g": (4,)},
    "prod(g)": {"g": (4,)},
    "min(1 + a*g^2)": {"a": (), "g": (4,)},
    "max(abs(a*g))": {"a": (), "g": (4,)},
    "prod(1 + a*g/9)": {"a": (), "g": (4,)},
    "sum(max(X@W, axis=1))": {"W": (3, 2)},
    "sum(prod(X@W, axis=1))": {"W": (3, 2)},
    "log(prod(1 + g^2))": {"g": (4,)},
}


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("text", CASES)
def test_every_line_holds_alone(text, level):
    shapes = CASES[text]
    loss = sc.parse(text, data={"X": X} if "X" in text else None, parameters=shapes)
    at = {name: np.linspace(0.4, 1.3, int(np.prod(shape, dtype=int))).reshape(shape) for name, shape in shapes.items()}
    found = sc.differentiate(loss).explain(level, at if level == 3 else None)

    statuses = [line.checked.status for line in found.lines]
    assert len(statuses) >= 2
    assert set(statuses) <= {"exact", "numeric"}, str(found)


def test_the_share_of_the_largest_and_the_product_of_all_others_are_told(capsys, tmp_path):
    table = tmp_path / "y.csv"
    table.write_text("y\n1\n2\n4\n")
    assert main(["derive", "prod(1 + a*y/9)", "--data", str(table), "--at", "a=1"]) == 0
    product = " ".join(capsys.readouterr().out.split())
    # d/da (1 + a/9)(1 + 2a/9)(1 + 4a/9) at a = 1: 11·13/729 + 2·10·13/729 + 4·10·11/729
    assert "the slope of a product in one factor is the product of all others" in product
    assert f"dL/da = {(11 * 13 + 2 * 10 * 13 + 4 * 10 * 11) / 729:.6g}" in product
    assert main(["derive", "max(a*y)", "--data", str(table), "--at", "a=1"]) == 0
    assert "only the largest entry matters: ties share the slope" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("norm(var(a*X, axis=0))", {"a": ()}),
        ("where(a < a, a, a^2)", {"a": ()}),
        ("where(a*sum(X) < sum(X^2), a, a^2)", {"a": ()}),
        ("erf(where(g < a, g, g^2))@g", {"a": (), "g": (4,)}),
    ],
)
def test_tiny_values_and_comparisons_are_judged_too(text, shapes):
    loss = sc.parse(text, data={"X": X} if "X" in text else None, parameters=shapes)
    for level in (1, 2):
        found = sc.differentiate(loss).explain(level)
        assert {line.checked.status for line in found.lines} <= {"exact", "numeric"}, str(found)
