"""Gradients without indices and in index form: as people write them, and true."""

from __future__ import annotations

import re
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.notation import tree

_spec = util.spec_from_file_location("tree_values", Path(__file__).with_name("tree_values.py"))
tree_values = util.module_from_spec(_spec)
_spec.loader.exec_module(tree_values)
worth, worth_by_entries = tree_values.worth, tree_values.worth_by_entries

GOLDEN = Path(__file__).resolve().parents[1] / "cases" / "matrix_gradients.txt"
LINES = [
    re.fullmatch(r"(.+) ; (\w+) => (.+)", line).groups() for line in GOLDEN.read_text("utf-8").splitlines() if line
]
SHAPES = {
    **dict.fromkeys("xyzwvu", (4,)), **dict.fromkeys("ABCSDK", (4, 4)), "X": (6, 4), "Y": (6, 3), "G": (6, 3),
    "W": (4, 3), "t": (6,), "s": (6,), "ypm": (6,), "y01": (6,), "q": (3,), **dict.fromkeys(["a", "b", "c", "lam"], ()),
}  # fmt: skip


def drawn(name: str, rng: np.random.Generator) -> Any:
    value = rng.normal(size=SHAPES[name])
    if name in "xu":
        return np.abs(value) + 0.3
    if name in "DK":
        return value @ value.T + 4 * np.eye(4) + (value if name == "D" else 0)
    if name == "S":
        return value + value.T
    return (value > 0) * 1.0 if name == "y01" else value


def pair(expression: str, word: str) -> tuple[sc.Gradient, dict[str, Any]]:
    """A gradient and a random value for each of its names."""
    rng = np.random.default_rng(5)
    words = set(re.findall(r"[A-Za-z_]\w*", expression)) & set(SHAPES) | {word}
    values = {name: drawn(name, rng) for name in sorted(words)}
    constants = {k: v for k, v in values.items() if k != word}
    loss = sc.parse(expression, parameters={word: SHAPES[word]}, constants=constants)
    return sc.differentiate(loss), values


def both_forms(gradient: sc.Gradient, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Parameter → its slope by the printed formula and by the index form, inner names worked out the same way."""
    notation, names = gradient.notation, {**values}
    if "I" not in names:
        names["I"] = np.eye(4)
    program = sc.compile(gradient)
    sizes = dict(program.sizes)
    for name in notation.names.values():
        if name.kind == "size":
            names.setdefault(name.name, next(s for a, s in sizes.items() if a.label == name.name))
    found = {}
    for equation in gradient.equations:
        shape = tuple(sizes[axis] for axis in equation.name.axes)
        left, right = notation.index_trees(equation)
        by_entries = None
        finals = [p.name for p in gradient.wrt if gradient.equation_of(p.name) is equation]
        if finals or (equation.name.shown and equation.name.kind != "definition"):
            by_entries = worth_by_entries(right, left.indices, shape, names)
        if notation.has_indices(equation) and not (equation.typed and equation.name.kind == "definition"):
            value = by_entries
        elif equation.name.shown:
            value = worth(notation.right_tree(equation), names)
            inner = np.broadcast_to(value, shape)
            assert by_entries is None or close(by_entries, inner) or np.max(np.abs(inner)) < 1e-12
        else:
            continue
        names[equation.name.name] = value
        for word in finals:
            found[word] = (value, by_entries)
    return found


def close(expected: Any, got: Any) -> bool:
    scale = max(1e-300, float(np.max(np.abs(expected))))
    return bool(np.shape(expected) == np.shape(got) and np.max(np.abs(np.subtract(expected, got))) <= 1e-10 * scale)


def test_the_golden_lines_are_all_pairs() -> None:
    wanted = [(p["expr"], p["wrt"]) for p in load("matrix_calculus.json")["pairs"]]

    assert [(e, w) for e, w, _ in LINES] == wanted


@pytest.mark.parametrize(("expression", "word", "text"), LINES, ids=lambda v: v[:40])
def test_a_gradient_is_written_as_people_write_it(expression: str, word: str, text: str) -> None:
    gradient, _ = pair(expression, word)

    assert gradient.text[word] == text


@pytest.mark.parametrize(("expression", "word", "text"), LINES, ids=lambda v: v[:40])
def test_both_forms_of_a_gradient_are_true(expression: str, word: str, text: str) -> None:
    gradient, values = pair(expression, word)
    expected = sc.compile(gradient).gradient({word: values[word]})[word]

    closed, entries = both_forms(gradient, values)[word]

    assert close(expected, closed)
    assert close(expected, entries)


LOSSES = {
    "line": "mean((y - (m*x + b))^2)",
    "weights": "mean((y - (X@w + b))^2)",
    "sum": "sum((y - X@w)^2)/(2*n)",
    "ridge": "mean((y - X@w)^2) + lam*sum(w^2)",
    "lasso": "mean(abs(y - X@w)) + lam*norm1(w)",
    "logistic": "mean(log(1 + exp(-y*(X@w))))",
    "logits": "z = X@w; mean(log(1 + exp(z)) - y*z)",
    "network": "h = tanh(X@W + c); yhat = h@v; mean((y - yhat)^2)",
    "hidden": "h = tanh(X@W); mean((y - h@v)^2)",
    "softmax": "Z = X@U; mean(logsumexp(Z) - sum(G*Z, axis=1))",
    "huber": "r = y - X@w; mean(where(abs(r) <= 1, r^2/2, abs(r) - 1/2))",
    "poisson": "mean(exp(X@w) - y*(X@w))",
    "spread": "var(y - m*x)",
    "scaled": "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)",
}
ROWS = 7
SIZES = {"w": (3,), "W": (3, 5), "c": (5,), "v": (5,), "U": (3, 4), "m": (), "b": ()}


def with_rows(formula: str) -> tuple[sc.Gradient, dict[str, Any]]:
    rng = np.random.default_rng(3)
    words = set(re.findall(r"[A-Za-z_]\w*", formula))
    defined = set(re.findall(r"(\w+) =", formula))
    data = {"x": rng.normal(size=ROWS), "y": rng.normal(size=ROWS), "X": rng.normal(size=(ROWS, 3))}
    data["G"] = rng.dirichlet(np.ones(4), size=ROWS)
    data = {k: v for k, v in data.items() if k in words}
    parameters = {k: s for k, s in SIZES.items() if k in words - defined}
    constants = {"lam": 0.7} if "lam" in words else {}
    loss = sc.parse(formula, data=data, parameters=parameters, constants=constants)
    point = {k: rng.normal(size=s) if s else float(rng.normal()) for k, s in parameters.items()}
    return sc.differentiate(loss), {**data, **constants, **point}


@pytest.mark.parametrize("formula", LOSSES.values(), ids=LOSSES.keys())
def test_both_forms_of_every_slope_with_rows_are_true(formula: str) -> None:
    gradient, values = with_rows(formula)
    expected = sc.compile(gradient).gradient({p.name: values[p.name] for p in gradient.wrt})

    for word, (closed, entries) in both_forms(gradient, values).items():
        assert close(expected[word], closed), f"{word}: {gradient.text[word]}"
        assert close(expected[word], entries), gradient.index_text[word]


def test_a_network_is_written_with_its_inner_slope() -> None:
    gradient, _ = with_rows(LOSSES["hidden"])

    assert gradient.text["W"] == "Xᵀ(∂L/∂h ⊙ (1 - h^2))"


def test_softmax_is_written_by_name() -> None:
    gradient, _ = with_rows(LOSSES["softmax"])

    assert "softmax(Z)" in gradient.text["U"]


COMMANDS = {
    "frac", "left", "right", "top", "odot", "cdot", "sum", "operatorname", "mathrm", "sqrt", "partial", "lVert", "rVert",
    "exp", "log", "tanh", "cosh", "det", "max", "min", "hat", "le", "ge", "ne", "alpha", "beta", "pi", "lambda", "sin", "cos",
}  # fmt: skip


@pytest.mark.parametrize(("expression", "word", "text"), LINES, ids=lambda v: v[:40])
def test_latex_is_balanced_and_known(expression: str, word: str, text: str) -> None:
    gradient, _ = pair(expression, word)
    for latex in (gradient.latex[word], gradient.index_latex[word]):
        depth = 0
        for character in re.sub(r"\\.", "", latex):
            depth += (character == "{") - (character == "}")
            assert depth >= 0
        assert depth == 0
        assert latex.count(r"\left") == latex.count(r"\right")
        assert set(re.findall(r"\\([A-Za-z]+)", latex)) <= COMMANDS
        assert latex.isascii()


def test_an_index_runs_inside_of_its_array_only() -> None:
    array = tree.Ref(-1, -1, "x", ("j+1",))

    assert worth_by_entries(array, ("j",), (2,), {"x": np.array([1.0, 2.0])}).tolist() == [2.0, 0.0]
