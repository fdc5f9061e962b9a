"""Blocks of rows: the same answers as whole arrays, the same bits for any number of threads, flat memory."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

import symcalc as sc
from symcalc.compute import blocks, threads

ROWS = 70_001  # no multiple of a block
RNG = np.random.default_rng(7)
X = RNG.normal(size=(ROWS, 3))
x = RNG.uniform(0, 4, ROWS)
y = 2.5 * np.exp(-1.3 * x) + 0.5 + RNG.normal(size=ROWS) * 0.1
t = (RNG.random(ROWS) < 0.5) * 1.0
DATA = {"X": X, "x": x, "y": y, "t": t}
W = np.array([0.3, -0.2, 0.1])


def program(text: str, data=None, **settings):
    names = set(DATA if data is None else data)
    used = {k: v for k, v in (data or DATA).items() if k in names and k in text}
    made = sc.compile(sc.differentiate(sc.parse(text, data=used, **settings)))
    made.plan()  # a program is compiled when it is first used
    return made


def decay(a, b, c):
    u = np.exp(-b * x)
    r = y - a * u - c
    slopes = {"a": np.mean(-2 * r * u), "b": np.mean(2 * a * r * x * u), "c": np.mean(-2 * r)}
    return np.mean(r**2), slopes


def logistic(w, b):
    z = X @ w + b
    miss = (1 / (1 + np.exp(-z)) - t) / ROWS
    return np.mean(np.log1p(np.exp(z)) - t * z), {"w": X.T @ miss, "b": miss.sum()}


def log_of_mean(a, b, c):
    value, slopes = decay(a, b, c)
    return np.log(value), {k: v / value for k, v in slopes.items()}


def largest(m):
    r = np.abs(y - m * x)
    i = np.argmax(r)
    return r[i], {"m": -x[i] * np.sign(y[i] - m * x[i])}


def line(m, b):
    z = (x - np.mean(x)) / np.std(x)
    r = y - (m * z + b)
    return np.mean(np.abs(r)), {"m": np.mean(-z * np.sign(r)), "b": np.mean(-np.sign(r))}


def ridge(w):
    r = y - X @ w
    return np.sum(r**2) / ROWS + 0.1 * w @ w, {"w": -2 * X.T @ r / ROWS + 0.2 * w}


def spread(a):
    f = np.exp(a * x)
    mean = f.mean()
    return f.std(), {"a": np.mean((f - mean) * x * f) / f.std()}


def soft(a):
    f = a * x
    p = np.exp(f - f.max())
    return f.max() + np.log(p.sum()), {"a": np.sum(p * x) / p.sum()}


CASES = {
    "mean((y - a*exp(-b*x) - c)^2)": (decay, {"a": 1.0, "b": 1.1, "c": 0.2}, 1),
    "z = X@w + b; mean(log(1 + exp(z)) - t*z)": (logistic, {"w": W, "b": 0.1}, 1),
    "log(mean((y - a*exp(-b*x) - c)^2))": (log_of_mean, {"a": 1.0, "b": 1.1, "c": 0.2}, 1),
    "max(abs(y - m*x))": (largest, {"m": 0.7}, 2),
    "z = (x - mean(x))/std(x); mean(abs(y - (m*z + b)))": (line, {"m": 0.5, "b": 0.3}, 1),
    "mean((y - X@w)^2) + 0.1*w@w": (ridge, {"w": W}, 1),
    "std(exp(a*x))": (spread, {"a": -0.4}, 3),
    "logsumexp(a*x)": (soft, {"a": 3.0}, 2),
}


@pytest.mark.parametrize("text", CASES)
def test_blocks_give_what_numpy_gives_by_hand(text: str) -> None:
    by_hand, point, passes = CASES[text]
    with blocks.of_rows(4096):
        made = program(text)
        value, slopes = made.value_and_gradient(point)
    expected, by_name = by_hand(**point)

    assert (4096, passes) == (made.plan().block, made.plan().passes)
    assert value == pytest.approx(expected, rel=1e-12)
    for name, slope in by_name.items():
        np.testing.assert_allclose(slopes[name], slope, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("text", CASES)
def test_the_bits_are_the_same_for_any_number_of_threads(text: str) -> None:
    _, point, _ = CASES[text]
    with blocks.of_rows(2048):
        made = program(text)
        answers = []
        for number in (1, 2, 3, 7):
            with threads.limited(number):
                value, slopes = made.value_and_gradient(point)
            answers.append((value, *(np.asarray(s).tobytes() for s in slopes.values())))

    assert [answers[0]] * 4 == answers


def test_memory_stays_flat_in_the_number_of_rows() -> None:
    n = 3_000_000
    data = {"x": np.linspace(0, 4, n), "y": np.linspace(3, 1, n)}
    made = program("mean((y - a*exp(-b*x) - c)^2)", data)
    point = {"a": 1.0, "b": 1.0, "c": 0.0}
    made.value_and_gradient(point)
    tracemalloc.start()
    made.value_and_gradient(point)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 16 * 2**20


def test_what_rounding_loses_between_blocks_is_put_back() -> None:
    values = np.tile([1e16, 1.0, -1e16, 1.0], 8)
    with blocks.of_rows(1):
        found = program("sum(a*x)", {"x": values}, parameters=["a"]).value({"a": 1.0})

    assert math.fsum(values) == found == 16.0
    assert np.sum(values) != found


def test_a_hessian_product_goes_by_blocks_too() -> None:
    point, along = {"w": W}, {"w": np.array([1.0, 2.0, -1.0])}
    made = program("mean((y - X@w)^2) + 0.1*w@w")

    expected = 2 * X.T @ (X @ along["w"]) / ROWS + 0.2 * along["w"]
    np.testing.assert_allclose(made.hessian_product(point, along)["w"], expected, rtol=1e-12)


@pytest.mark.parametrize("place", [0, 5, -1])
@pytest.mark.parametrize(("text", "expected"), [("sum(exp(a*x))", np.inf), ("sum(exp(a*x) - exp(2*a*x))", np.nan)])
def test_a_number_that_is_not_finite_comes_out_as_it_does_from_whole_arrays(place, text, expected) -> None:
    values = np.ones(64)
    values[place] = 1000.0
    with blocks.of_rows(8):
        made = program(text, {"x": values}, parameters=["a"])
        found = made.value({"a": 2.0})

    assert made.plan().block == 8
    np.testing.assert_equal(found, expected)


def test_few_rows_are_not_cut_and_the_plan_says_so() -> None:
    plan = program("mean((y - (m*x + b))^2)", {"x": np.arange(5.0), "y": np.arange(5.0)}).plan()

    assert (None, 0) == (plan.block, plan.passes)
    assert "Whole arrays: 5 rows stay in the cache." in str(plan)


def test_what_has_one_value_a_row_is_not_cut_and_the_plan_says_so() -> None:
    assert "It gives one value a row." in str(program("log(1 + exp(-y*p))", parameters=["p"], columns=["y"]).plan())


def test_the_plan_lists_what_is_worked_out_once_and_what_in_each_pass() -> None:
    plan = program("z = (x - mean(x))/std(x); mean((y - a*exp(z*b))^2)").plan()
    once = {o.name for o in plan.operations if o.when == "once"}

    assert "z" in once
    assert {(), (ROWS,)} == {o.shape for o in plan.operations}
    assert plan.cost == sum(o.cost for o in plan.operations if o.when != "once") > 10 * ROWS
    assert "pass 1 over the rows" in str(plan)


def test_sums_of_outer_products_become_matrix_products() -> None:
    rng = np.random.default_rng(4)
    n = 50_000
    A, B = rng.normal(size=(n, 3)), rng.normal(size=(n, 3))
    made = sc.compile(sc.differentiate(sc.parse("mean(sum((A@W)^2 - (B@W)^2, axis=1))", {"A": A, "B": B},
                                                parameters={"W": (3, 2)})))  # fmt: skip
    W = rng.normal(size=(3, 2))
    expected = 2 * (A.T @ (A @ W) - B.T @ (B @ W)) / n
    np.testing.assert_allclose(made.gradient({"W": W})["W"], expected, rtol=1e-11, atol=1e-12)
    assert "None, :]" not in "".join(o.code for o in made.plan().operations)
