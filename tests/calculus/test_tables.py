"""Gradients against tables of derivatives made by others."""

from __future__ import annotations

import re

import numpy as np
import pytest
from cases_at_hand import load
from matrix_cases import SHAPES, drawn, every_pair

import symcalc as sc


def close(expected: float, got: float, relative: float) -> bool:
    return abs(expected - got) <= relative * max(abs(expected), 1e-300)


def pairs() -> list[dict]:
    try:
        return load("derivatives.json")["pairs"]
    except pytest.skip.Exception:
        return []


PAIRS = pairs()


def test_the_table_of_derivatives_is_at_hand() -> None:
    assert len(load("derivatives.json")["pairs"]) > 90


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p['f']}-{p['order']}")
def test_value_and_derivative_agree_with_the_table(pair: dict) -> None:
    program = sc.compile(sc.differentiate(sc.parse(pair["f"], parameters=["x"])))
    for x, value, derivative in pair["points_x_f_d"]:
        point = {"x": float(x)}
        got = program.gradient(point)["x"] if pair["order"] == 1 else program.hessian(point)["x", "x"]
        assert close(float(value), program.value(point), 1e-12)
        assert close(float(derivative), got, 1e-12)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p['f']}-{p['order']}")
def test_no_printed_derivative_shows_sympy_internals(pair: dict) -> None:
    gradient = sc.differentiate(sc.parse(pair["f"], parameters=["x"]))
    shown = " ".join([*gradient.text.values(), *(e.text for e in gradient.equations)])
    assert not re.search(
        r"KroneckerDelta|Subs|Derivative|Heaviside|DiracDelta|Piecewise|polygamma|\bv\d+\b|Dummy", shown
    )


NUMPY = {
    "outer": np.outer, "eye": np.eye, "exp": np.exp, "log": np.log, "sum": np.sum, "mean": np.mean, "tanh": np.tanh,
    "sign": np.sign, "sqrt": np.sqrt, "diff": np.diff, "append": np.append, "std": np.std, "len": len, "None": None,
}  # fmt: skip


def matrix_pairs() -> list[dict]:
    return [p for p in every_pair() if not re.search(r"\b(inv|det)\b", p["expr"])]


@pytest.mark.parametrize("pair", matrix_pairs(), ids=lambda p: f"{p['expr']} by {p['wrt']}")
def test_matrix_gradients_agree_with_the_cookbook(pair: dict) -> None:
    rng = np.random.default_rng(7)
    words = set(re.findall(r"[A-Za-z_]\w*", pair["expr"])) & set(SHAPES) | {pair["wrt"]}
    values = {word: drawn(word, rng) for word in sorted(words)}
    point = {pair["wrt"]: values[pair["wrt"]]}
    constants = {k: v for k, v in values.items() if k != pair["wrt"]}
    loss = sc.parse(pair["expr"], parameters={pair["wrt"]: SHAPES[pair["wrt"]]}, constants=constants)
    gradient = sc.differentiate(loss)
    # The expected side is the cookbook's own NumPy formula, run as NumPy.
    expected = eval(pair["gradient"], {**NUMPY, **values})

    got = sc.compile(gradient).gradient(point)[pair["wrt"]]

    assert np.max(np.abs(got - expected)) <= 1e-10 * np.max(np.abs(expected))
    assert gradient.verdict
    assert not re.search(r"KroneckerDelta|ArrayTensor|Subs|\bv\d+\b|Dummy", gradient.text[pair["wrt"]])
