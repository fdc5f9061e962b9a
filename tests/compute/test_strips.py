"""Claims about passes over strips of rows: NumPy by hand, its stages, published numbers, the same bits for any number of threads."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from cases_at_hand import load
from compute.test_row_kernels import needs_vectors

import symcalc as sc
from symcalc.compute import threads
from symcalc.compute.row_kernels import rows_by

IN_C = "The rows are gone over in C, a strip at a time."
# One row, strips that are not full, one row more than a strip of any length, and many strips.
COUNTS = [1, 5, 24, 25, 49, 97, 193, 2500]


def program(text, data, point=None, engine="strips", **rest):
    """A program whose rows an engine goes over; it says so itself."""
    shapes = {name: np.shape(value) for name, value in (point or {}).items()}
    with rows_by(engine), mock.patch("symcalc.compute.blocks.worth_it", return_value=True):
        made = sc.compile(sc.differentiate(sc.parse(text, data=data, shapes=shapes, **rest)))
        if point is not None:
            made.value(point)
        said = " ".join(made.plan().notes)
    assert (IN_C in said) == (engine == "strips"), said
    return made


def answers(made, point):
    value, *slopes = made.function(*(point[p.name] for p in made.parameters))
    return value, dict(zip((p.name for p in made.parameters), slopes))


# -- by hand ---------------------------------------------------------------------------------------


def network(n, rng):
    X, y = rng.normal(size=(n, 7)), rng.normal(size=n)
    W, c, v, d = rng.normal(size=(7, 11)), rng.normal(size=11), rng.normal(size=11), 0.3
    h = np.tanh(X @ W + c)
    r = h @ v + d - y
    back = 2 * r / n
    inner = back[:, None] * v / np.cosh(X @ W + c) ** 2
    slopes = {"W": X.T @ inner, "c": inner.sum(0), "v": h.T @ back, "d": back.sum()}
    return "h = tanh(X@W + c); yhat = h@v + d; mean((y - yhat)^2)", {"X": X, "y": y}, {"W": W, "c": c, "v": v, "d": d}, np.mean(r**2), slopes  # fmt: skip


def classes(n, rng):
    X, Y = rng.normal(size=(n, 6)), np.eye(10)[rng.integers(0, 10, n)]
    W, b = rng.normal(size=(6, 10)), rng.normal(size=10)
    E = np.exp(X @ W + b)
    miss = (E / E.sum(1, keepdims=True) - Y) / n
    value = np.mean(np.log(E.sum(1)) - ((X @ W + b) * Y).sum(1))
    return "Z = X@W + b; mean(logsumexp(Z) - sum(Y*Z, axis=1))", {"X": X, "Y": Y}, {"W": W, "b": b}, value, {"W": X.T @ miss, "b": miss.sum(0)}  # fmt: skip


def layers(n, rng):
    X, Y = rng.normal(size=(n, 5)), rng.normal(size=(n, 3))
    A, B = rng.normal(size=(5, 9)), rng.normal(size=(9, 3))
    on = X @ A > 0
    h = np.where(on, X @ A, 0)
    R = h @ B - Y
    slopes = {"A": X.T @ (2 * (R @ B.T) * on), "B": h.T @ (2 * R)}
    return "h = relu(X@A); sum((h@B - Y)^2)", {"X": X, "Y": Y}, {"A": A, "B": B}, np.sum(R**2), slopes


BY_HAND = (network, classes, layers)


@needs_vectors
@pytest.mark.parametrize("n", COUNTS)
@pytest.mark.parametrize("case", BY_HAND)
def test_strips_give_what_numpy_gives_by_hand(case, n):
    text, data, point, value, slopes = case(n, np.random.default_rng(n))
    came, found = answers(program(text, data, point), point)

    assert came == pytest.approx(value, rel=1e-12)
    assert set(slopes) == set(found)
    for name, slope in slopes.items():
        np.testing.assert_allclose(found[name], slope, rtol=1e-10, atol=1e-12 * np.abs(slope).max(), err_msg=name)


@needs_vectors
@pytest.mark.parametrize("case", BY_HAND)
def test_the_bits_are_the_same_for_any_number_of_threads_and_at_every_call(case):
    text, data, point, *_ = case(20_011, np.random.default_rng(5))
    made, again = program(text, data, point), program(text, data, point)
    found = []
    for of, number in ((made, 1), (made, 2), (again, 3), (made, 4), (made, 7)):
        with threads.limited(number):
            value, slopes = answers(of, point)
            found.append([np.asarray(v).tobytes() for v in (value, *slopes.values())])

    assert [found[0]] * 5 == found


# -- published -------------------------------------------------------------------------------------

MIXTURE = """
    Q[k,a,b] = l[k,a,b]*M[a,b] + exp(q[k,a])*I[a,b]
    D[i,k,a] = sum(Q[k,a,b]*(x[i,b] - mu[k,b]), b)
    E[i,k] = alpha[k] + sum(q[k,a], a) - 0.5*sum(D[i,k,a]^2, a)
    sum(logsumexp(E[i,k], k)) - n*logsumexp(alpha[k], k) + 0.5*(sum((l[k,a,b]*M[a,b])^2) + sum(exp(q[k,a])^2))
"""


@needs_vectors
def test_a_mixture_has_the_published_slopes():
    case = load("adbench_gmm.json")
    d, k = case["d"], case["k"]
    icf = np.array(case["icf"])
    lower = np.tril(np.ones((d, d)), -1)
    l = np.zeros((k, d, d))  # noqa: E741
    l[:, 1, 0] = icf[:, d]
    point = {"l": l, "q": icf[:, :d], "mu": np.array(case["means"]), "alpha": np.array(case["alphas"])}
    made = program(MIXTURE, {"x": np.array(case["x"])}, point, constants={"M": lower, "I": np.eye(d)})
    _, slopes = answers(made, point)
    found = np.concatenate(
        [slopes["alpha"], np.ravel(slopes["mu"]), np.ravel(np.column_stack([slopes["q"], slopes["l"][:, 1, 0]]))]
    )

    np.testing.assert_allclose(found, case["gradient_published"], rtol=1e-11, atol=1e-13)
