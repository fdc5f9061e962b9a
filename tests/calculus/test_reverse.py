"""Reverse accumulation: the equations it adds, and what they cost."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc
from symcalc.errors import InputError


def equations(text: str, **declared: object) -> list[str]:
    return [e.text for e in sc.differentiate(sc.parse(text, **declared)).equations]


def test_the_line_fit_is_derived_as_people_derive_it() -> None:
    assert equations("yhat = m*x + b; mean((y - yhat)^2)") == [
        "yhat[i] = m·x[i] + b",
        "r[i] = y[i] - yhat[i]",
        "L = (1/n)·Σ_i r[i]^2",
        "∂L/∂r[i] = 2·r[i]/n",
        "∂L/∂m = -Σ_i x[i]·∂L/∂r[i]",
        "∂L/∂b = -Σ_i ∂L/∂r[i]",
    ]


def test_a_network_reuses_what_it_defined() -> None:
    derived = equations("h = tanh(X@W + c); yhat = h@v; mean((y - yhat)^2)", shapes={"W": ("k", 8), "v": (8,)})
    assert "∂L/∂z[i,j] = ∂L/∂h[i,j]·(1 - h[i,j]^2)" in derived
    assert "∂L/∂W[j,k] = Σ_i X[i,j]·∂L/∂z[i,k]" in derived


def test_every_rule_has_a_reason() -> None:
    gradient = sc.differentiate(sc.parse("mean((y - (m*x + b))^2)"))
    assert [(e.rule, e.reason) for e in gradient.derived] == [
        ("power rule", "r enters L directly"),
        ("chain rule", "L depends on m through r"),
        ("chain rule", "L depends on b through r"),
    ]


@pytest.mark.parametrize("layers", [20, 40])
def test_the_number_of_equations_grows_with_depth_not_with_its_square(layers: int) -> None:
    lines = [f"h{k} = tanh(a{k}*h{k - 1} + b{k})" for k in range(1, layers + 1)]
    gradient = sc.differentiate(sc.parse("h0 = x*1; " + "; ".join(lines) + f"; (h{layers} - 1)^2"))
    assert len(gradient.equations) < 8 * layers


def test_a_slope_per_row() -> None:
    data = {"y": [1.0, -1.0], "p": [0.5, 2.0]}
    gradient = sc.differentiate(sc.parse("log(1 + exp(-y*p))", data=data), wrt="p")
    assert gradient.text["p"] == "-y·sigmoid(-y*p)"


def test_the_slope_in_a_definition_is_one_a_row() -> None:
    gradient = sc.differentiate(sc.parse("yhat = m*x + b; mean((y - yhat)^2)"), wrt="yhat")
    assert gradient.text["yhat"] == "-2·r/n"


def test_an_unknown_name_to_differentiate_by_is_refused() -> None:
    loss = sc.parse("mean((y - (slope*x + b))^2)")
    with pytest.raises(InputError, match="Did you mean slope"):
        sc.differentiate(loss, wrt="slpe")


def test_a_parameter_the_loss_does_not_use_has_slope_zero() -> None:
    program = sc.compile(sc.differentiate(sc.parse("(a - 1)^2", parameters=["a", "b"])))
    assert program.gradient({"a": 3.0, "b": 1.0}) == {"a": 4.0, "b": 0.0}


REDUCTIONS = [
    "sum(w^2)", "mean(exp(w))", "prod(w)", "norm(w)", "norm1(w)", "var(w)", "std(w)", "max(w)", "min(w)",
    "logsumexp(w)", "sum(softmax(w)*[1, 2, 3])", "w@[1, 2, 3]", "dot(w, w)", "sum(diff(w)^2)",
    "trace(outer(w, w))", "sum(diag(outer(w, w)))", "log(mean(exp(w)))", "max(w)*min(w)", "prod(w^2) + prod(w)",
    "sum(where(w > 0, w^3, -w))", "sum(max(w, 0.3, -w))", "sum(relu(w - 0.2))",
]  # fmt: skip


@pytest.mark.parametrize("text", REDUCTIONS)
def test_reductions_agree_with_the_40_digit_change_of_the_loss(text: str) -> None:
    gradient = sc.differentiate(sc.parse(text, parameters={"w": (3,)}))
    program = sc.compile(gradient)
    at = np.array([0.7, -1.3, 0.45])
    slopes = program.gradient(at)
    for k, unit in enumerate(np.eye(3)):
        ends = [program.reference(at + s * 2.0**-20 * unit)[0] for s in (1, -1)]
        assert slopes[k] == pytest.approx(float((ends[0] - ends[1]) * 2.0**19), rel=1e-9, abs=1e-9)
    assert gradient.verdict


@pytest.mark.parametrize("text", REDUCTIONS)
def test_hessians_of_reductions_agree_with_differences_of_gradients(text: str) -> None:
    program = sc.compile(sc.differentiate(sc.parse(text, parameters={"w": (3,)})))
    at = np.array([0.7, -1.3, 0.45])
    numeric = [(program.gradient(at + 1e-6 * u) - program.gradient(at - 1e-6 * u)) / 2e-6 for u in np.eye(3)]
    np.testing.assert_allclose(program.hessian(at), numeric, atol=1e-7)


def test_a_product_with_a_zero_entry_still_has_a_slope() -> None:
    program = sc.compile(sc.differentiate(sc.parse("prod(w)", parameters={"w": (3,)})))
    assert list(program.gradient(np.array([0.0, 2.0, 5.0]))) == [10.0, 0.0, 0.0]
