"""Claims about passes over rows in C: NumPy by hand, mpmath's digits, the same bits for any number of threads."""

from __future__ import annotations

import math
import re
import tracemalloc
from unittest import mock

import mpmath
import numpy as np
import pytest
from cases_at_hand import load
from compute.test_stable import LIMIT, ROWS, units

import symcalc as sc
from symcalc.compute import native, threads
from symcalc.compute.row_kernels import LEAST_ROWS, rows_by
from symcalc.compute.row_words import HEAD

VECTORS = native.c_rows(HEAD + "int walk, together;") is not None
needs_vectors = pytest.mark.skipif(not VECTORS, reason="no C compiler with vector functions is here")
IN_C = "The rows are gone over in C, in one loop a pass."
RNG = np.random.default_rng(11)


def program(text, engine="native", **given):
    """A program whose rows an engine goes over; it says so itself."""
    with rows_by(engine), mock.patch("symcalc.compute.blocks.worth_it", return_value=True):
        made = sc.compile(sc.differentiate(sc.parse(text, **given)))
        said = " ".join(made.plan().notes)
        made.value(dict.fromkeys(made.layout.names, 0.5) if not any(made.layout.shapes.values()) else _ones(made))
    assert (IN_C in said) == (engine == "native"), said
    return made


def _ones(made):
    return {name: np.ones(shape) for name, shape in made.layout.shapes.items()}


def drawn(n, k=3):
    x = RNG.uniform(0, 4, n)
    y = 2.5 * np.exp(-1.3 * x) + 0.5 + RNG.normal(size=n) * 0.1
    return {"x": x, "y": y, "X": RNG.normal(size=(n, k)), "t": (RNG.random(n) < 0.5) * 1.0}


def decay(d, a, b, c):
    u = np.exp(-b * d["x"])
    r = d["y"] - a * u - c
    return np.mean(r**2), [np.mean(-2 * r * u), np.mean(2 * a * r * d["x"] * u), np.mean(-2 * r)]


def huber(d, m, b):
    r = d["y"] - (m * d["x"] + b)
    q = np.clip(r, -0.5, 0.5)
    return np.mean(q * (r - q / 2)), [np.mean(-q * d["x"]), np.mean(-q)]


def absolute(d, m, b):
    r = d["y"] - (m * d["x"] + b)
    return np.mean(np.abs(r)), [np.mean(-d["x"] * np.sign(r)), np.mean(-np.sign(r))]


def logistic(d, w, b):
    z = d["X"] @ w + b
    miss = (1 / (1 + np.exp(-z)) - d["t"]) / len(z)
    return np.mean(np.log1p(np.exp(z)) - d["t"] * z), [d["X"].T @ miss, miss.sum()]


def poisson(d, w):
    z = d["X"] @ w
    return np.sum(np.exp(z) - d["y"] * z) / 3, [d["X"].T @ (np.exp(z) - d["y"]) / 3]


def spread(d, a):
    f = np.exp(a * d["x"])
    return f.std(), [np.mean((f - f.mean()) * d["x"] * f) / f.std()]


CASES = {
    "mean((y - a*exp(-b*x) - c)^2)": (decay, (1.0, 1.1, 0.2)),
    "mean(huber(y - (m*x + b), 0.5))": (huber, (-0.4, 1.6)),
    "mean(abs(y - (m*x + b)))": (absolute, (-0.4, 1.6)),
    "z = X@w + b; mean(log(1 + exp(z)) - t*z)": (logistic, (0.3, 0.1)),
    "z = X@w; sum(exp(z) - y*z)/3": (poisson, (-0.2,)),
    "std(exp(a*x))": (spread, (-0.4,)),
}


def case(text, n, k=3):
    by_hand, point = CASES[text]
    data = {name: value for name, value in drawn(n, k).items() if re.search(rf"\b{name}\b", text)}
    if "X" in data:
        point = (point[0] / np.arange(1, k + 1), *point[1:])
    return data, point, by_hand(data, *point)


@needs_vectors
@pytest.mark.parametrize("n", [1, 7, 1024, 1025, 50_003])
@pytest.mark.parametrize("text", CASES)
def test_rows_in_c_give_what_numpy_gives_by_hand(text, n):
    if "std" in text and n == 1:
        pytest.skip("one row has no spread")
    data, point, (value, slopes) = case(text, n)
    came, *found = program(text, data=data).function(*point)

    assert came == pytest.approx(value, rel=1e-12)
    for one, slope in zip(found, slopes):
        np.testing.assert_allclose(one, slope, rtol=1e-10, atol=1e-13)


@needs_vectors
@pytest.mark.parametrize("k", [8, 9, 50, 131])
@pytest.mark.parametrize("text", [t for t in CASES if "X@w" in t])
def test_rows_of_any_length_are_read_once_for_both_products(text, k):
    for n in (1, 5, 4099):
        data, point, (value, slopes) = case(text, n, k)
        came, *found = program(text, data=data).function(*point)

        assert came == pytest.approx(value, rel=1e-12)
        for one, slope in zip(found, slopes):
            np.testing.assert_allclose(one, slope, rtol=1e-10, atol=1e-12)


@needs_vectors
@pytest.mark.parametrize("text", CASES)
def test_the_bits_are_the_same_for_any_number_of_threads_and_at_every_call(text):
    data, point, _ = case(text, 300_007, 9)
    made, again = program(text, data=data), program(text, data=data)
    answers = []
    for of, number in ((made, 1), (made, 2), (again, 3), (made, 4), (made, 7)):
        with threads.limited(number):
            answers.append([np.asarray(v).tobytes() for v in of.function(*point)])

    assert [answers[0]] * 5 == answers
    value = made.value({p.name: v for p, v in zip(made.parameters, point)})
    assert np.float64(value).tobytes() == answers[0][0]


# Without a form for vectors that keeps their digits, or without rows in the end.
NOT_IN_C = {
    "sin(x)/x", "x/2*(1 + erf(x/sqrt(2)))", "0.5*x*(1+erf(x/sqrt(2)))", "1 - cos(x)", "1-cos(x)", "(x+1)^2-x^2-2*x-1",
}  # fmt: skip


def of_one_number(formula):
    """The formula with its variable given as a parameter, in each of sixteen rows: (x) → (value, slope)."""
    *before, last = re.sub(r"\bx\b", "z", formula).split("; ")
    text = "; ".join(["z = u + x", *before, f"sum({last})"])
    made = program(text, data={"u": np.zeros(16)}, parameters=["x"])
    # Sixteen equal numbers are added without rounding.
    return lambda x: [float(v) / 16 for v in made.function(x)]


def misses(formula, points, values, slopes):
    work = of_one_number(formula)
    found = []
    for x, value, slope in zip(points, values, slopes):
        for what, came, truth in zip(("value", "slope"), work(x), (value, slope)):
            if abs(truth) < mpmath.mpf("1e307"):
                found.append((x, what, units(came, truth)))
    return [miss for miss in found if miss[2] > LIMIT]


@needs_vectors
@pytest.mark.parametrize("case", load("stable_numerics.json")["functions"], ids=lambda c: c["formula"])
def test_every_case_of_the_file_within_4_units(case):
    formula = case["formula"].replace("**", "^")
    if formula in NOT_IN_C:
        pytest.skip("NumPy goes over its rows")
    with mpmath.workdps(30):
        numbers = [[mpmath.mpf(p[key]) for p in case["points"]] for key in ("f", "df")]
        assert not misses(formula, [float(p["x"]) for p in case["points"]], *numbers)


@needs_vectors
@pytest.mark.parametrize(("formula", "value", "slope", "points"), ROWS, ids=[r[0] for r in ROWS])
def test_value_and_slope_keep_their_digits(formula, value, slope, points):
    if formula in NOT_IN_C:
        pytest.skip("NumPy goes over its rows")
    with mpmath.workdps(700):
        exact = [mpmath.mpf(x) for x in points]
        assert not misses(formula, list(points), [value(x) for x in exact], [slope(x) for x in exact])


ELEMENTARY = {
    "exp(x)": mpmath.exp, "log(x)": mpmath.log, "tan(x)": mpmath.tan,
    "asin(x)": mpmath.asin, "acos(x)": mpmath.acos, "atan(x)": mpmath.atan, "sinh(x)": mpmath.sinh,
    "cosh(x)": mpmath.cosh, "tanh(x)": mpmath.tanh, "asinh(x)": mpmath.asinh, "acosh(x)": mpmath.acosh,
    "atanh(x)": mpmath.atanh, "erf(x)": mpmath.erf, "x^2.7": lambda x: x ** mpmath.mpf(2.7), "sqrt(x)": mpmath.sqrt,
}  # fmt: skip


@needs_vectors
@pytest.mark.parametrize("formula", ELEMENTARY)
def test_elementary_functions_are_within_4_units(formula):
    points = [*np.exp(RNG.uniform(-20, 6, 250)), *RNG.uniform(0, 1, 150), *-np.exp(RNG.uniform(-20, 6, 100))]
    work = of_one_number(formula)
    with mpmath.workdps(60):
        truths = [(float(x), ELEMENTARY[formula](mpmath.mpf(float(x)))) for x in points]
        errors = [units(work(x)[0], t) for x, t in truths if not isinstance(t, mpmath.mpc)]

    assert len(errors) >= 40
    assert max(errors) <= LIMIT


AWKWARD = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e300, -1e300, 5e-324]


@needs_vectors
@pytest.mark.parametrize("place", [0, 9, -1])
@pytest.mark.parametrize("number", AWKWARD)
@pytest.mark.parametrize(
    "text",
    ["sum(huber(x - m, 0.5))", "sum(abs(x - m))", "sum(max(x*m, 0))", "sum(log(1 + exp(m*x)))", "sum(exp(m*x) - exp(2*m*x))",
     "sum(where(x < m, x*m, m^2))", "sum(tanh(m*x) + sqrt(1 + (m*x)^2))", "sum(min(x, m)*abs(m))"],
)  # fmt: skip
def test_awkward_numbers_come_out_as_numpy_has_them(text, number, place):
    values = np.linspace(-2, 2, 37)
    values[place] = number
    # A table may not hold them, but what is worked out from a parameter can.
    data = {
        "u": np.where(np.arange(37) == place % 37, 1.0, 0.0),
        "v": np.where(np.arange(37) == place % 37, 0.0, values),
    }
    text = re.sub(r"\bx\b", "(where(u > 0.5, q, v))", text)
    answers = []
    for engine in ("native", "numpy"):
        made = program(text, engine, data=data, parameters=["m", "q"])
        answers.append(made.function(*(np.float64({"m": 0.7, "q": number}[p.name]) for p in made.parameters)))

    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-13)


@needs_vectors
def test_rows_on_a_kink_have_the_slope_of_numpy():
    data = {"x": np.arange(1.0, 9.0), "y": np.array([3.0, 5.0, 7.0, 8.0, 11.5, 13.0, 14.0, 17.0])}
    by = program("sum(abs(y - (m*x + b)))", data=data)
    value, slopes = by.value_and_gradient({"m": 2.0, "b": 1.0})
    # Residuals 0, 0, 0, -1, ½, 0, -1, 0.
    assert (2.5, {"m": 4.0 - 5.0 + 7.0, "b": 1.0}) == (value, slopes)
    at_the_bend = program("sum(huber(y - b, 0.5))", data={"y": np.array([0.5, -0.5, 0.25])})
    assert (0.5 + 0.125 + 0.125 + 0.03125 - 0.5, {"b": -0.25}) == at_the_bend.value_and_gradient({"b": 0.0})


@needs_vectors
def test_what_rounding_loses_between_strips_is_put_back():
    values = RNG.uniform(size=1_000_003)
    found = program("sum(abs(a*x))", data={"x": values}, parameters=["a"]).value({"a": 1.0})

    assert abs(found - math.fsum(values)) <= 2 * math.ulp(found)


@needs_vectors
def test_memory_stays_flat_in_the_number_of_rows():
    n = 3_000_000
    made = program("mean((y - a*exp(-b*x) - c)^2)", data={"x": np.linspace(0, 4, n), "y": np.linspace(3, 1, n)})
    tracemalloc.start()
    made.function(1.0, 1.0, 0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 2**20


def large(text="mean(abs(y - (m*x + b)))", n=LEAST_ROWS * 2):
    data, point, expected = case(text, n)
    made = sc.compile(sc.differentiate(sc.parse(text, data=data)))
    value, *slopes = made.function(*point)
    assert value == pytest.approx(expected[0], rel=1e-12)
    assert slopes == pytest.approx(expected[1], rel=1e-10)
    return " ".join(made.plan().notes)


@needs_vectors
def test_many_rows_are_compiled_without_being_asked():
    assert IN_C in large()


def test_without_a_compiler_numpy_goes_over_the_rows(monkeypatch):
    monkeypatch.setattr(native, "compiler", lambda: None)
    assert "NumPy goes over the rows: there is no C compiler" in large()


def test_a_compiler_that_fails_is_no_fault(tmp_path, monkeypatch):
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    assert "NumPy goes over the rows: the compiler here did not compile the pass" in large()


def test_the_environment_turns_compiled_rows_off(monkeypatch):
    monkeypatch.setenv("SYMCALC_NATIVE", "0")
    assert "NumPy goes over the rows: compiled rows are turned off" in large()


def test_what_has_no_form_in_c_stays_with_numpy_and_the_plan_says_why():
    data = drawn(70_001)
    made = sc.compile(sc.differentiate(sc.parse("max(abs(y - m*x))", data={"x": data["x"], "y": data["y"]})))
    assert "L is a max over rows" in " ".join(made.plan().notes) or native.compiler() is None


@needs_vectors
@pytest.mark.parametrize(
    "text",
    [
        "mean(sqrt(1 + (y - m*x - b)^2) - 1)",
        "mean(1 - exp(-((y - m*x - b)/3)^2))",
        "mean(log(1 + (y - m*x - b)^2))",
        "mean(abs(y - m*x - b) - log(1 + abs(y - m*x - b)))",
    ],
)
def test_a_slope_that_is_one_number_for_every_row_needs_no_column(text):
    data = drawn(3000)
    in_c, by_numpy = (program(text, engine, data=data) for engine in ("native", "numpy"))

    assert "full(" not in str(in_c.plan())
    for a, b in zip(in_c.function(0.3, 1.0), by_numpy.function(0.3, 1.0)):
        assert a == pytest.approx(b, rel=1e-12)


@needs_vectors
@pytest.mark.parametrize("k", [2, 5, 10, 33])
@pytest.mark.parametrize("n", [4001, 4002, 4003])
def test_the_hessian_of_a_logistic_loss_is_one_pass(n, k):
    data = drawn(n, k)
    made = program("z = X@w + b; mean(log(1 + exp(z)) - t*z)", data=data)
    point = np.linspace(-0.5, 0.5, k + 1)
    with rows_by("native"), mock.patch("symcalc.compute.blocks.worth_it", return_value=True):
        found = made.hessian(point)

    X1 = np.column_stack([data["X"], np.ones(n)])
    p = 1 / (1 + np.exp(-(X1 @ point)))
    assert found == pytest.approx((X1.T * (p * (1 - p))) @ X1 / n, rel=1e-12, abs=1e-15)


@needs_vectors
def test_a_square_of_sums_has_the_same_bits_for_any_number_of_threads():
    made = program("z = X@w + b; mean(log(1 + exp(z)) - t*z)", data=drawn(60_000, 10))
    with rows_by("native"), mock.patch("symcalc.compute.blocks.worth_it", return_value=True):
        found = []
        for number in (1, 2, 5):
            with threads.limited(number):
                found.append(made.hessian(np.linspace(-0.5, 0.5, 11)))

    assert all(np.array_equal(found[0], other) for other in found)
