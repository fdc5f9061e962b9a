"""Jacobians, Gauss-Newton matrices and Hessians against algebra done by hand."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc
from symcalc.calculus.hessian import second_derivatives
from symcalc.calculus.jacobian import jacobian as symbolic

RNG = np.random.default_rng(5)
X, Y = RNG.normal(size=(9, 3)), RNG.normal(size=9)
AT = {"w": np.array([1.0, -2.0, 0.5]), "b": 0.25}


def program(text: str, **declared: object) -> object:
    return sc.compile(sc.differentiate(sc.parse(text, data={"X": X, "y": Y}, **declared)))


def test_the_jacobian_of_a_linear_model_is_its_matrix() -> None:
    made = program("yhat = X@w + b; mean((y - yhat)^2)")
    found = sc.jacobian(made, AT, "yhat")
    np.testing.assert_array_equal(found["w"], X)
    np.testing.assert_array_equal(found["b"], np.ones(9))
    assert symbolic(made.loss, "yhat")["w"].text == "X"


def test_the_jacobian_of_a_logistic_model() -> None:
    made = program("p = sigmoid(X@w + b); mean((y - p)^2)")
    p = 1 / (1 + np.exp(-(X @ AT["w"] + AT["b"])))
    np.testing.assert_allclose(sc.jacobian(made, AT, "p")["w"], (p * (1 - p))[:, None] * X, rtol=1e-13)


def test_an_unknown_definition_is_refused() -> None:
    with pytest.raises(sc.InputError, match="Did you mean yhat"):
        sc.jacobian(program("yhat = X@w + b; mean((y - yhat)^2)"), AT, "yhut")


def test_for_a_linear_model_gauss_newton_is_the_hessian() -> None:
    made = program("mean((y - X@w - b)^2) + 0.1*w@w")
    whole = np.column_stack([X, np.ones(9)])
    expected = 2 * whole.T @ whole / 9 + np.diag([0.2, 0.2, 0.2, 0])
    np.testing.assert_allclose(sc.gauss_newton(made, AT), expected, rtol=1e-13)
    np.testing.assert_allclose(made.hessian(made.layout.joined(AT)), expected, rtol=1e-13)


def test_gauss_newton_leaves_the_bend_of_the_residual_out() -> None:
    made = program("mean((y - exp(X@w))^2)")
    w = {"w": np.array([0.1, -0.2, 0.3])}
    rows = np.exp(X @ w["w"])[:, None] * X
    np.testing.assert_allclose(sc.gauss_newton(made, w), 2 * rows.T @ rows / 9, rtol=1e-13)


def test_a_loss_that_is_no_sum_of_squares_has_no_gauss_newton_matrix() -> None:
    with pytest.raises(sc.InputError, match="no sum of squares"):
        sc.gauss_newton(program("mean(abs(y - X@w))"), {"w": AT["w"]})


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("mean((y - (m*x + b))^2)", {("m", "m"): "2·mean(x^2)", ("m", "b"): "2·mean(x)", ("b", "b"): "2"}),
        ("mean((y - X@w)^2)", {("w", "w"): "(2/n)·XᵀX"}),
        ("(1 - x)^2 + 100*(y - x^2)^2", {("x", "y"): "-400·x", ("y", "y"): "200"}),
    ],
)
def test_the_hessian_is_written_as_people_write_it(text: str, blocks: dict[tuple[str, str], str]) -> None:
    found = second_derivatives(sc.differentiate(sc.parse(text)))
    assert {pair: found[pair].text for pair in blocks} == blocks


def test_a_hessian_product_needs_no_hessian() -> None:
    made = program("mean(log(1 + exp(X@w)) - 0.5*(X@w))")
    w, d = np.array([0.3, -0.1, 0.2]), np.array([1.0, 2.0, -1.0])
    p = 1 / (1 + np.exp(-(X @ w)))
    expected = X.T @ (p * (1 - p) * (X @ d)) / 9
    np.testing.assert_allclose(made.hessian_product({"w": w}, {"w": d})["w"], expected, rtol=1e-12)


def test_a_hessian_of_more_parameters_than_go_at_once() -> None:
    rng = np.random.default_rng(8)
    A, x = rng.normal(size=(70, 70)), rng.normal(size=70)
    loss = sc.parse("x@A@x + sum(exp(x))", parameters={"x": (70,)}, constants={"A": A})
    made = sc.compile(sc.differentiate(loss))
    # By hand: A + Aᵀ, and exp(x) on the diagonal.
    np.testing.assert_allclose(made.hessian(x), A + A.T + np.diag(np.exp(x)), rtol=1e-13, atol=1e-13)


def test_a_hessian_over_blocks_of_rows_is_that_of_the_data() -> None:
    rng = np.random.default_rng(9)
    rows, t = rng.normal(size=(150_000, 5)), (rng.random(150_000) < 0.4) * 1.0
    made = sc.compile(sc.differentiate(sc.parse("z = X@w + b; mean(log(1 + exp(z)) - t*z)", {"X": rows, "t": t})))
    w, b = rng.normal(size=5), 0.3
    p = 1 / (1 + np.exp(-(rows @ w + b)))
    with_one = np.column_stack([rows, np.ones(len(rows))])
    expected = with_one.T @ ((p * (1 - p))[:, None] * with_one) / len(rows)
    np.testing.assert_allclose(made.hessian(np.append(w, b)), expected, rtol=1e-11, atol=1e-13)


def test_a_size_that_only_the_bends_need_is_known():
    # ∂²/∂b² of sum((y - m*x - b)^2) is 2n, and the formula itself has no n.
    program = sc.compile(
        sc.differentiate(sc.parse("sum((y - m*x - b)^2)", {"x": [1.0, 2.0, 4.0], "y": [1.0, 3.0, 2.0]}))
    )

    assert program.hessian([0.0, 0.0]).tolist() == [[42.0, 14.0], [14.0, 6.0]]
