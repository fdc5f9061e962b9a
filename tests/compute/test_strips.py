"""Claims about passes over strips of rows: NumPy by hand, its stages, published numbers, the same bits for any number of threads."""

from __future__ import annotations

import math
import re
import tracemalloc
from unittest import mock

import mpmath
import numpy as np
import pytest
from cases_at_hand import load
from compute.test_row_kernels import needs_vectors

import symcalc as sc
from symcalc.compute import native, threads
from symcalc.compute.row_kernels import MUCH_WORK, rows_by
from symcalc.compute.strip_code import chunks
from symcalc.compute.strip_words import STRIPS

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


@needs_vectors
@pytest.mark.parametrize("size", [1, 30, 700])
def test_shares_of_classes_keep_their_digits_where_exponentials_would_overflow(size):
    rng = np.random.default_rng(3)
    n, count = 29, 4
    B = rng.normal(size=(n, count)) * size
    point = {"v": rng.normal(size=count)}
    made = program("Z = B*v; sum(logsumexp(Z))", {"B": B}, point)
    value, slopes = answers(made, point)
    with mpmath.workdps(40):
        Z = [[mpmath.mpf(b) * mpmath.mpf(v) for b, v in zip(row, point["v"])] for row in B]
        totals = [mpmath.fsum(map(mpmath.exp, row)) for row in Z]
        shares = [[mpmath.exp(z) / total for z in row] for row, total in zip(Z, totals)]
        truth = [float(mpmath.fsum(s[k] * mpmath.mpf(b[k]) for s, b in zip(shares, B))) for k in range(count)]
        exact = float(mpmath.fsum(map(mpmath.log, totals)))

    assert value == pytest.approx(exact, rel=4e-16 * n)
    # A product b·v of some hundreds is off by its own rounding, and so is the logarithm of a share.
    np.testing.assert_allclose(slopes["v"], truth, rtol=2e-16 * (n + 4 * size))


# -- beside NumPy's stages ---------------------------------------------------------------------------

RNG = np.random.default_rng(8)
DATA = {"X": RNG.normal(size=(157, 5)), "Y": RNG.normal(size=(157, 3)), "y": RNG.normal(size=157), "s": RNG.uniform(0.5, 2, 157)}  # fmt: skip
POINT = {
    "W": RNG.normal(size=(5, 3)), "V": RNG.normal(size=(3, 6)), "w": RNG.normal(size=5), "b": RNG.normal(size=3),
    "u": RNG.normal(size=6), "T": RNG.normal(size=(2, 3, 5)), "a": 0.4,
}  # fmt: skip
FORMULAS = {
    "a maximum within a row": "sum(max(X@W, axis=1)^2)",
    "a minimum within a row": "sum(min(X@W + b, axis=1)*y)",
    "a product within a row": "sum(prod(1 + (X@W)^2/9, axis=1))",
    "a norm within a row": "D = X@W - Y; sum(sqrt(1 + sum(D^2, axis=1)))",
    "two layers": "h = tanh(X@W + b); g = tanh(h@V); mean((y - g@u)^2)",
    "a barrier between two passes": "Z = X@W; m = mean(Z^2); sum(log(m + Z^2))",
    "rows with weights": "Z = X@W + b; sum(s*(logsumexp(Z) - sum(Y*Z, axis=1))) + sum(W^2)",
    "three indices": "D[i,k,c] = sum(T[k,c,j]*X[i,j], j); sum(logsumexp(-sum(D[i,k,c]^2, c), k))",
    "a product of a difference, multiplied out": "D[i,k,c] = sum(T[k,c,j]*X[i,j] - T[k,c,j]*W[j,c], j); sum(D[i,k,c]^2)",
    "an index that is read twice": "D[i,k] = sum(T[k,c,j]*X[i,j]*Y[i,c], c, j); sum(tanh(D[i,k]))",
    "a sum over two indices": "D[i,c] = X[i,0]*W[0,c] + Y[i,c]*b[c]; sum(D[i,c]^3)",
    "exponentials of what has no rows": "Z = X@exp(W); sum(Z*exp(a)*exp(-b))",
    "rates": "z = X@w; mean(exp(z) - y*z) + a*sum(abs(w))",
    "kinks": "h = relu(X@W - b); sum(where(h > 1, h, h^2)) + sum(max(h, Y))",
    "a number for each row only": "sum((y - a*tanh(s*a))^2)",
}  # fmt: skip


def used(text, table):
    return {name: value for name, value in table.items() if re.search(rf"\b{name}\b", text)}


@needs_vectors
@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_strips_give_what_stages_of_numpy_give(text):
    data, point = used(text, DATA), used(text, POINT)
    value, slopes = answers(program(text, data, point), point)
    by_numpy, expected = answers(program(text, data, point, "numpy"), point)

    assert value == pytest.approx(by_numpy, rel=1e-13)
    for name, slope in expected.items():
        np.testing.assert_allclose(slopes[name], slope, rtol=1e-11, atol=1e-12 * np.abs(slope).max(), err_msg=name)


@needs_vectors
@pytest.mark.parametrize("place", [0, 40, -1])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e300])
@pytest.mark.parametrize(
    "text", ["Z = N@W + b; sum(logsumexp(Z))", "h = tanh(N@W + b); sum(h^2)", "sum(max(N@W, axis=1))"]
)
def test_awkward_numbers_come_out_as_numpy_has_them(text, number, place):
    on = np.zeros(157)
    on[place] = 1.0
    data = {"X": DATA["X"], "on": on}
    # A table may not hold them, but what is worked out from a parameter can.
    text = "N[i,j] = where(on[i] > 0.5, q, X[i,j]); " + text
    point = {"q": number, **used(text, {"W": POINT["W"], "b": POINT["b"]})}
    value, slopes = answers(program(text, data, point), point)
    by_numpy, expected = answers(program(text, data, point, "numpy"), point)

    np.testing.assert_allclose(value, by_numpy, rtol=1e-13)
    for name, slope in expected.items():
        np.testing.assert_allclose(slopes[name], slope, rtol=1e-11, atol=1e-12, err_msg=name)


# -- when ------------------------------------------------------------------------------------------


def asked_for_nothing(n, features, units):
    rng = np.random.default_rng(1)
    data = {"X": rng.normal(size=(n, features)), "y": rng.normal(size=n)}
    point = {"W": rng.normal(size=(features, units)), "v": rng.normal(size=units)}
    shapes = {name: np.shape(value) for name, value in point.items()}
    made = sc.compile(sc.differentiate(sc.parse("mean((y - tanh(X@W)@v)^2)", data=data, shapes=shapes)))
    h = np.tanh(data["X"] @ point["W"])
    assert made.value(point) == pytest.approx(np.mean((data["y"] - h @ point["v"]) ** 2), rel=1e-12)
    return made.plan()


@needs_vectors
def test_much_work_in_few_rows_is_compiled_without_being_asked():
    plan = asked_for_nothing(1500, 60, 60)
    assert plan.cost > MUCH_WORK
    assert IN_C in plan.notes[-1]
    assert plan.block in STRIPS


@needs_vectors
def test_a_matrix_of_sums_that_leaves_the_registers_is_made_in_strips():
    assert IN_C in asked_for_nothing(60_000, 7, 11).notes[-1]
    assert "in one loop a pass" in asked_for_nothing(60_000, 3, 4).notes[-1]


@needs_vectors
def test_large_products_stay_with_blas_and_the_plan_says_why():
    assert "large matrices, which NumPy does by BLAS" in asked_for_nothing(5000, 120, 80).notes[-1]


def test_without_a_compiler_numpy_goes_over_the_rows(monkeypatch):
    monkeypatch.setattr(native, "compiler", lambda: None)
    plan = asked_for_nothing(1500, 60, 60)
    assert plan.why == "Whole arrays: 1,500 rows stay in the cache."


@needs_vectors
def test_memory_stays_flat_in_the_number_of_rows():
    text, data, point, *_ = network(200_000, np.random.default_rng(2))
    made = program(text, data, point)
    tracemalloc.start()
    answers(made, point)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 2**20


@pytest.mark.parametrize("most", [3, 4])
@pytest.mark.parametrize("count", range(1, 30))
def test_parts_of_a_product_cover_it_once_and_differ_by_one_at_most(count, most):
    found = [
        first + k * size + j for first, parts, size in chunks(count, most) for k in range(parts) for j in range(size)
    ]
    sizes = {size for _, _, size in chunks(count, most)}

    assert list(range(count)) == found
    assert max(sizes) <= most
    assert max(sizes) - min(sizes) <= 1
