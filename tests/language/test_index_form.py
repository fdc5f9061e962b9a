"""Index form as typed, and functions that stand for formulas."""

from __future__ import annotations

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc

RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(7, 3)), RNG.normal(size=7)


def compiled(text: str, **declared: object) -> object:
    return sc.compile(sc.differentiate(sc.parse(text, **declared)))


def test_index_form_and_array_form_are_one_loss() -> None:
    w = {"w": np.array([0.5, -1.0, 2.0])}
    indexed = compiled("z[i] = sum(X[i,k]*w[k], k); mean((y[i] - z[i])^2)", data={"X": X, "y": Y})
    arrays = compiled("mean((y - X@w)^2)", data={"X": X, "y": Y})
    assert indexed.value(w) == pytest.approx(arrays.value(w), rel=1e-15)
    np.testing.assert_allclose(indexed.gradient(w)["w"], arrays.gradient(w)["w"], rtol=1e-14)


def test_a_tensor_of_rank_three() -> None:
    q, mu = RNG.normal(size=(2, 3, 3)), RNG.normal(size=(2, 3))
    text = "D[i,k,a] = sum(Q[k,a,b]*(X[i,b] - mu[k,b]), b); sum(D[i,k,a]^2)"
    made = compiled(text, data={"X": X}, shapes={"Q": (2, 3, 3), "mu": (2, 3)})
    d = np.einsum("kab,ikb->ika", q, X[:, None, :] - mu[None])
    expected = 2 * np.einsum("ika,ikb->kab", d, X[:, None, :] - mu[None])
    assert made.value({"Q": q, "mu": mu}) == pytest.approx(np.sum(d**2), rel=1e-13)
    np.testing.assert_allclose(made.gradient({"Q": q, "mu": mu})["Q"], expected, rtol=1e-12)
    assert made.gradient_equations.verdict


def test_letters_give_undeclared_names_their_shape() -> None:
    loss = sc.parse("z[i,c] = sum(X[i,k]*W[k,c], k); sum(z[i,c]^2)", data={"X": X}, shapes={"W": (3, 2)})
    assert loss.name_of("z").shape == (7, 2)
    assert sc.parse("sum((X[i,k]*w[k])^2)", data={"X": X}).name_of("w").shape == (3,)


def test_what_is_printed_in_plain_index_form_reads_back() -> None:
    loss = sc.parse("z = X@w; mean((y - z)^2)", data={"X": X, "y": Y})
    shown = loss.notation.equation(loss.equations[0], "ascii")
    assert shown == "z[i] = sum(X[i,j]*w[j], j)"
    again = compiled(shown + "; mean((y - z)^2)", data={"X": X, "y": Y})
    assert again.value({"w": [1, 2, 3]}) == pytest.approx(
        compiled(loss.text, data={"X": X, "y": Y}).value({"w": [1, 2, 3]})
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("z[i] = sum(X[i,k]*w[k]); sum(z)", "i stands on the left only"),
        ("z[i] = X[i,k]*w[k]; sum(z)", "k is free on the right: sum over it, or put it on the left."),
        ("sum(X[i]*w[i])", "X has 2 indices (n, 3), here it carries 1."),
        ("sum(X[i,k]*y)", "In index form every array carries its indices: y[…]."),
        ("sum(X[i,k]*v[i], k)", "i runs over n elsewhere and over 4 in v[i]."),
        ("sum(X[i,k]*w[k], j)", "sum takes 1 argument"),
        ("sum(w[5] + X[i,k])", "w has entries 0 to 2 there, not 5."),
        ("sum(X[i,k]@w[k])", "In index form a product is written with *"),
    ],
)
def test_a_wrong_index_is_named_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(sc.FormulaError) as caught:
        sc.parse(text, data={"X": X, "y": Y}, shapes={"v": (4,), "w": (3,)})
    assert caught.value.reason.startswith(reason)


def test_the_gaussian_mixture_written_once_equals_its_published_gradient() -> None:
    case = load("adbench_gmm.json")
    d, k = case["d"], case["k"]
    text = """
        Q[k,a,b] = l[k,a,b]*M[a,b] + exp(q[k,a])*I[a,b]
        D[i,k,a] = sum(Q[k,a,b]*(x[i,b] - mu[k,b]), b)
        E[i,k] = alpha[k] + sum(q[k,a], a) - 0.5*sum(D[i,k,a]^2, a)
        sum(logsumexp(E[i,k], k)) - n*logsumexp(alpha[k], k) - n*d*log(2*pi)/2
            + 0.5*g^2*(sum((l[k,a,b]*M[a,b])^2) + sum(exp(q[k,a])^2)) - m*sum(q[k,a]) - C
    """
    text = text.replace("\n            +", " +")
    icf = np.array(case["icf"])
    lower = np.zeros((k, d, d))
    places = [(row, column) for column in range(d) for row in range(column + 1, d)]
    for place, values in zip(places, icf[:, d:].T):
        lower[:, place[0], place[1]] = values
    gamma, prior = float(case["wishart_gamma"]), float(case["wishart_m"])
    from math import lgamma, log, pi

    nw = d + prior + 1
    log_gamma = d * (d - 1) / 4 * log(pi) + sum(lgamma(nw / 2 - j / 2) for j in range(d))
    constant = k * (nw * d * (log(gamma) - 0.5 * log(2)) - log_gamma)
    constants = {
        "M": np.tril(np.ones((d, d)), -1), "I": np.eye(d), "g": gamma, "m": prior, "d": d, "C": constant,
    }  # fmt: skip
    shapes = {"l": (k, d, d), "q": (k, d), "mu": (k, d), "alpha": (k,)}
    made = compiled(text, data={"x": np.array(case["x"])}, constants=constants, shapes=shapes)
    point = {"l": lower, "q": icf[:, :d], "mu": np.array(case["means"]), "alpha": np.array(case["alphas"])}
    value, slopes = made.value_and_gradient(point)
    factors = np.concatenate([slopes["q"], np.array([slopes["l"][:, r, c] for r, c in places]).T], axis=1)
    flat = np.concatenate([slopes["alpha"], slopes["mu"].ravel(), factors.ravel()])

    assert value == pytest.approx(float(case["objective_published"]), rel=1e-12)
    np.testing.assert_allclose(flat, np.array(case["gradient_published"], dtype=float), rtol=1e-10)


def test_a_function_that_stands_for_a_formula() -> None:
    loss = sc.parse("mse(y, m*x + b)")
    assert sc.differentiate(loss).text == {"m": "-2·mean(x·r)", "b": "-2·mean(r)"}
    assert loss.notes == ("mse(y, yhat) is mean((y - yhat)^2): mean squared error, without a factor 1/2.",)


def test_it_may_stand_inside_a_formula() -> None:
    one = compiled("mean(huber(y - m*x, 1)) + ridge(m, 0.1)", data={"x": [1.0, 2, 3], "y": [2.0, 3, 9]})
    two = compiled(
        "mean(where(abs(y - m*x) <= 1, (y - m*x)^2/2, abs(y - m*x) - 1/2)) + 0.1*m^2",
        data={"x": [1.0, 2, 3], "y": [2.0, 3, 9]},
    )
    assert one.value_and_gradient({"m": 1.5}) == two.value_and_gradient({"m": 1.5})
    assert one.loss.residual == ("y", None)


def test_a_wrong_number_of_arguments_is_refused() -> None:
    with pytest.raises(sc.FormulaError, match=r"mse takes 2 arguments \(y, yhat\), got 1."):
        sc.parse("mse(y)")
