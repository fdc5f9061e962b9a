"""Moments: what NumPy gives by hand, at least as accurate as rows, and rows wherever digits would be lost."""

from __future__ import annotations

import tracemalloc
from contextlib import contextmanager
from unittest import mock

import numpy as np
import pytest

import symcalc as sc
from symcalc.compute import factors, moments, over_moments, stretches, threads

ROWS = 20_001  # no multiple of a block
RNG = np.random.default_rng(11)
X = RNG.normal(size=(ROWS, 3)) + 1.0
x = RNG.uniform(-1, 3, ROWS)
s = RNG.uniform(0, 2, ROWS)
y = 2.5 * x + 0.5 + RNG.normal(size=ROWS) * 0.1
DATA = {"X": X, "x": x, "s": s, "y": y}
W = np.array([0.3, -0.2, 0.1])
OVER = "Moments, gathered once from 20,001 rows: a call costs the same for any number of rows."


def program(text: str, data=None, **settings):
    names = data or {
        k: v for k, v in DATA.items() if k in text.replace("sum", "").replace("max", "").replace("exp", "")
    }
    return sc.compile(sc.differentiate(sc.parse(text, data=names, **settings)))


@contextmanager
def least_rows(number: int):
    with mock.patch.object(over_moments, "LEAST_ROWS", number):
        yield


def from_rows(text: str, data=None, **settings):
    """The same program without moments."""
    with least_rows(1 << 60):
        made = program(text, data, **settings)
        made.function, made.value(np.zeros(made.layout.total)), made.plan()
    return made


def line(m, b):
    r = y - (m * x + b)
    return np.mean(r**2), {"m": np.mean(-2 * r * x), "b": np.mean(-2 * r)}


def cubic(w, b):
    f = np.stack([x, x**2, x**3], axis=1)
    r = y - f @ w - b
    return np.mean(r**2) + 0.1 * w @ w, {"w": -2 * f.T @ r / ROWS + 0.2 * w, "b": -2 * np.mean(r)}


def regression(w, b):
    r = y - X @ w - b
    return np.sum(r**2), {"w": -2 * X.T @ r, "b": -2 * np.sum(r)}


def weighted(m):
    r = y - m * x
    return np.sum(s * r**2) / np.sum(s), {"m": -2 * np.sum(s * x * r) / np.sum(s)}


def standardized(m, b):
    z = (x - x.mean()) / x.std()
    r = y - (m * z + b)
    return np.mean(r**2), {"m": -2 * np.mean(r * z), "b": -2 * np.mean(r)}


def spread(m):
    r = y - m * x
    d = r - r.mean()
    return np.std(r), {"m": -np.mean(d * (x - x.mean())) / np.std(r)}


def logarithm(a, b):
    r = y - a**2 * x - np.exp(b)
    L = np.mean(r**2)
    return np.log(L), {"a": np.mean(-4 * a * x * r) / L, "b": np.mean(-2 * np.exp(b) * r) / L}


def product(a, b):
    u, v = y - a * x, s - b * x
    return np.mean(u * v), {"a": np.mean(-x * v), "b": np.mean(-x * u)}


def covariance(m):
    return m * np.mean(x * y) + m**2, {"m": np.mean(x * y) + 2 * m}


def many(a, b):
    return np.sum(y * np.log(a) + x * np.exp(b) + s**2 * a), {
        "a": np.sum(y) / a + np.sum(s**2),
        "b": np.exp(b) * np.sum(x),
    }


def fourth(m, b):
    r = y - (m * x + b)
    return np.mean(r**4), {"m": np.mean(-4 * r**3 * x), "b": np.mean(-4 * r**3)}


def third(m, b):
    r = y - (m * x + b)
    return np.mean(r**3), {"m": np.mean(-3 * r**2 * x), "b": np.mean(-3 * r**2)}


def signed(m):
    r = y - m * x
    return np.mean((s - 1) * r**2), {"m": np.mean(-2 * (s - 1) * r * x)}


CASES = {
    "mean((y - (m*x + b))^2)": (line, {"m": 0.7, "b": -0.4}),
    "F = [x, x^2, x^3]; mean((y - F@w - b)^2) + 0.1*w@w": (cubic, {"w": W, "b": 0.2}),
    "sum((y - X@w - b)^2)": (regression, {"w": W, "b": 0.2}),
    "sum(s*(y - m*x)^2)/sum(s)": (weighted, {"m": 0.7}),
    "z = (x - mean(x))/std(x); r = y - (m*z + b); mean(r^2)": (standardized, {"m": 0.7, "b": 0.2}),
    "std(y - m*x)": (spread, {"m": 0.7}),
    "log(mean((y - a^2*x - exp(b))^2))": (logarithm, {"a": 1.2, "b": -0.3}),
    "mean((y - a*x)*(s - b*x))": (product, {"a": 1.2, "b": -0.3}),
    "mean((y - (m*x + b))^4)": (fourth, {"m": 2.4, "b": 0.6}),
    "mean((y - (m*x + b))^3)": (third, {"m": 1.0, "b": 0.6}),
    "mean((s - 1)*(y - m*x)^2)": (signed, {"m": 0.7}),
    "mean(x*y*m) + m^2": (covariance, {"m": 1.2}),
    "sum(y*log(a) + x*exp(b) + s^2*a)": (many, {"a": 1.2, "b": -0.3}),
}


@pytest.mark.parametrize("text", CASES)
def test_moments_give_what_numpy_gives_by_hand(text: str) -> None:
    by_hand, point = CASES[text]
    made = program(text)
    value, slopes = made.value_and_gradient(point)
    expected, by_name = by_hand(**point)

    assert str(made.plan()).startswith(OVER)
    assert value == pytest.approx(expected, rel=1e-13)
    for name, slope in by_name.items():
        np.testing.assert_allclose(slopes[name], slope, rtol=1e-11)


@pytest.mark.parametrize("text", CASES)
def test_the_value_alone_has_the_bits_of_the_value_beside_its_slopes(text: str) -> None:
    _, point = CASES[text]
    made = program(text)

    assert made.value(point) == made.value_and_gradient(point)[0] == made.function(*point.values())[0]


@pytest.mark.parametrize("text", CASES)
def test_the_bits_are_the_same_for_any_number_of_threads(text: str) -> None:
    _, point = CASES[text]
    answers = []
    for number in (1, 2, 3, 7):
        with threads.limited(number):
            value, slopes = program(text).value_and_gradient(point)
        answers.append((value, *(np.asarray(v).tobytes() for v in slopes.values())))

    assert [answers[0]] * 4 == answers


def test_a_hessian_product_is_over_moments_too() -> None:
    made, along = program("mean((y - X@w)^2) + 0.1*w@w"), {"w": np.array([1.0, 2.0, -1.0])}

    expected = 2 * X.T @ (X @ along["w"]) / ROWS + 0.2 * along["w"]
    np.testing.assert_allclose(made.hessian_product({"w": W}, along)["w"], expected, rtol=1e-12)
    np.testing.assert_array_equal(made.hessian_product({"w": W}, {"w": 0 * W})["w"], 0 * W)
    np.testing.assert_allclose(made.hessian(W), 2 * X.T @ X / ROWS + 0.2 * np.eye(3), rtol=1e-12)


def test_a_descent_over_moments_ends_at_the_least_squares_solution() -> None:
    trace = sc.descend(program("mean((y - (m*x + b))^2)"), {"m": 0.0, "b": 0.0}, learning_rate=0.2, steps=300)

    m, b = np.polyfit(x, y, 1)
    assert [trace.point["m"], trace.point["b"]] == pytest.approx([m, b], rel=1e-11)
    r = y - (trace.steps[3].point["m"] * x + trace.steps[3].point["b"])
    assert trace.steps[3].loss == pytest.approx(np.mean(r**2), rel=1e-14)


def test_few_rows_keep_their_bits() -> None:
    few = {k: v[:9_999] for k, v in DATA.items() if k in "xy"}
    text, point = "mean((y - (m*x + b))^2)", {"m": 0.7, "b": -0.4}
    r = few["y"] - (-(0.4) + 0.7 * few["x"])
    found = program(text, few)

    assert "oments" not in str(found.plan())
    assert found.value_and_gradient(point) == from_rows(text, few).value_and_gradient(point)
    assert found.value(point) == pytest.approx(r @ r / 9_999, rel=1e-14)


# -- what stays with the rows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mean(abs(y - m*x))", "L stays with the rows: the Absolute of a value that moves differs from row to row."),
        ("mean(exp(m*x))", "L stays with the rows: the exp of a value that moves differs from row to row."),
        ("mean((y - m*x)^6)", "L stays with the rows: the power of a value that moves differs from row to row."),
        ("max(abs(y - m*x))", "L stays with the rows: it is no sum but a max."),
        ("log(1 + exp(-y*m))", ""),
    ],
)
def test_what_does_not_separate_stays_with_the_rows(text: str, reason: str) -> None:
    made, rows = program(text), from_rows(text)

    assert "Moments, gathered" not in str(made.plan())
    assert reason in str(made.plan())
    np.testing.assert_array_equal(made.value({"m": 0.3}), rows.value({"m": 0.3}))
    np.testing.assert_array_equal(made.gradient({"m": 0.3})["m"], rows.gradient({"m": 0.3})["m"])


def test_sums_that_separate_leave_the_others_to_the_rows_and_the_plan_says_why() -> None:
    made = program("mean((y - X@w - b)^2) + mean(exp(c*x))")
    point = {"w": W, "b": 0.2, "c": -0.5}
    r, e = y - X @ W - 0.2, np.exp(-0.5 * x)
    value, slopes = made.value_and_gradient(point)

    assert value == pytest.approx(np.mean(r**2) + np.mean(e), rel=1e-13)
    np.testing.assert_allclose(slopes["w"], -2 * X.T @ r / ROWS, rtol=1e-12)
    assert slopes["c"] == pytest.approx(np.mean(x * e), rel=1e-12)
    assert made.value(point) == value
    plan = str(made.plan())
    assert "L stays with the rows: the exp of a value that moves differs from row to row." in plan
    assert "Where too many digits of r cancel, all of it goes over the rows." in plan
    assert "Σ(X·r)" in plan
    assert "r = " not in plan


@pytest.mark.parametrize("x7", [0.0, -1.0])
@pytest.mark.parametrize("text", ["mean((y - (m*log(x) + b))^2)", "mean(m*log(x)) + b*mean(y)"])
def test_rows_that_are_not_finite_do_as_they_do_by_rows(x7: float, text: str) -> None:
    data = {"x": np.abs(x) + 1, "y": y}
    data["x"][7] = x7
    made, rows, point = program(text, data), from_rows(text, data), {"m": 0.7, "b": -0.4}

    assert "No moments: its rows are not all finite." in str(made.plan())
    assert not np.isfinite(made.value(point))
    np.testing.assert_equal(made.value_and_gradient(point), rows.value_and_gradient(point))


@pytest.mark.parametrize("m", [np.nan, np.inf, -np.inf, 1e200, 1e308])
def test_points_that_are_not_finite_do_as_they_do_by_rows(m: float) -> None:
    text = "mean((y - (m*x + b))^2)"
    found, rows = (made.value_and_gradient({"m": m, "b": 0.0}) for made in (program(text), from_rows(text)))

    np.testing.assert_equal(found[0], rows[0])
    for name, slope in rows[1].items():
        np.testing.assert_allclose(found[1][name], slope, rtol=1e-13)


def test_a_coefficient_that_divides_by_0_does_as_it_does_by_rows() -> None:
    text, data = "mean((y - x/a)^2)", {"x": np.abs(x), "y": y}
    found, rows = (made.value_and_gradient({"a": 0.0}) for made in (program(text, data), from_rows(text, data)))

    np.testing.assert_equal(found, rows)
    assert found[0] == np.inf


# -- digits ----------------------------------------------------------------------------------------


def exactly(x, y, m, b):
    """The loss of a line and its slopes, with 64-bit mantissas, each sum pairwise."""
    long = np.longdouble
    u = x.astype(long)
    r = y.astype(long) - (long(m) * u + long(b))
    return np.mean(r * r), -2 * np.mean(u * r), -2 * np.mean(r)


TABLES = {
    "years": (2000.0, 10.0, 1.0),
    "offset of 1e6": (1e6, 1e3, 1.0),
    "offset of 1e6, spread of 1": (1e6, 1.0, 1.0),
    "residuals of 1e-8": (3.0, 2.0, 1e-8),
}
PLACES = {
    "the best fit": (0.0, 0.0),
    "near the best fit": (1e-8, 1e-9),
    "across the ravine": (1.0, 0.0),
    "along the ravine": (0.0, 1.0),
    "between": (1.0, 0.1),
}


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="the truth here needs longer mantissas")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("table", TABLES)
def test_moments_are_as_accurate_as_rows(table: str, place: str) -> None:
    # The worst of several draws: of a single one, rows or moments may be right by luck.
    worst = np.max([_errors(np.random.default_rng(seed), TABLES[table], PLACES[place]) for seed in range(6)], axis=0)

    for error, beside in worst.T:
        assert error <= max(beside, 2e-15)


def _errors(rng, table, place):
    """(errors of value and slopes over moments, those from rows)."""
    center, spread, noise = table
    u = center + spread * rng.normal(size=ROWS)
    v = 2 * u + 1 + noise * rng.normal(size=ROWS)
    text, data = "mean((v - (m*u + b))^2)", {"u": u, "v": v}
    over, rows = program(text, data).function, from_rows(text, data).function
    slope = np.sum((u - u.mean()) * (v - v.mean())) / np.sum((u - u.mean()) ** 2)
    across, along = place
    m = slope + along
    b = v.mean() - slope * u.mean() - along * u.mean() + across
    truth = exactly(u, v, m, b)
    scales = [truth[0], np.sqrt(np.mean(u**2) * truth[0]), np.sqrt(truth[0])]
    return [[float(abs(np.longdouble(a) - e) / s) for a, e, s in zip(f(m, b), truth, scales)] for f in (over, rows)]


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="the truth here needs longer mantissas")
@pytest.mark.parametrize(("mixed", "condition"), [(0.0, 4.0), (0.99, 1e5), (1 - 1e-9, np.inf)])
def test_a_triangular_factor_is_exact_however_it_is_made(mixed: float, condition: float) -> None:
    # Columns that are nearly independent, less so, and hardly so: one factor, two, reflections.
    rng = np.random.default_rng(3)
    base = rng.normal(size=(ROWS, 3)) * [1.0, 1e-6, 1e8]
    base[:, 1] = (1 - mixed) * base[:, 1] + mixed * 1e-6 * base[:, 0]
    rows = stretches.Rows(lambda cut: (base[cut].T, np.empty((0, len(base[cut]))), None), ROWS, ())
    R, _ = factors.factored(rows, np.zeros(3), None)
    lengths = np.linalg.norm(base, axis=0)
    by_products = factors._by_products(rows, np.zeros(3), None, ())

    assert (by_products is None) == (condition == np.inf)
    assert np.allclose(np.tril(R, -1), 0)
    scaled = R.astype(np.longdouble) / lengths
    truth = (base / lengths).astype(np.longdouble)
    assert np.abs(scaled.T @ scaled - truth.T @ truth).max() < 2e-14


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="the truth here needs longer mantissas")
@pytest.mark.parametrize("center", [3.0, 300.0, 2000.0, 1e5])
def test_small_differences_of_the_loss_are_no_noisier_than_by_rows(center: float) -> None:
    u = center + 10 * RNG.normal(size=ROWS)
    v = 2 * u + 1 + RNG.normal(size=ROWS)
    text, data = "mean((v - (m*u + b))^2)", {"u": u, "v": v}
    over, rows = program(text, data).function, from_rows(text, data).function
    errors = []
    for k in range(12):
        m, b = 3.0 + 1e-7 * k, v.mean() - 3 * u.mean() + 10.0
        truth = exactly(u, v, m, b)[0]
        errors.append([float((np.longdouble(f(m, b)[0]) - truth) / truth) for f in (over, rows)])
    noise, beside = np.std(errors, axis=0)

    assert noise <= max(2 * beside, 2.5e-16)


def test_where_even_longer_mantissas_would_not_do_rows_give_the_answer() -> None:
    u = RNG.uniform(10, 12, ROWS)
    v = 1 + u**3 + RNG.normal(size=ROWS)
    text, data = "mean((v - (a + b*u + c*u^2 + d*u^3))^2)", {"u": u, "v": v}
    # (u - 11)^3 beside 1 + u^3: a difference in which six digits of each power cancel.
    point = np.array([1.0, 0.0, 0.0, 1.0]) + np.array([-1331.0, 363.0, -33.0, 1.0])
    made, rows = program(text, data), from_rows(text, data)

    assert "Moments, gathered" in str(made.plan())
    assert made.function(*point) == rows.function(*point)
    assert made.function(0.0, 0.0, 0.0, 0.0) != rows.function(0.0, 0.0, 0.0, 0.0)


def test_without_longer_mantissas_rows_come_next() -> None:
    u = 2000 + 10 * RNG.normal(size=ROWS)
    text, data = "mean((u*2 - (m*u + b))^2)", {"u": u}
    point = (3.0, -u.mean() + 5.0)
    longer = program(text, data).function(*point)
    with mock.patch.object(over_moments, "EXTENDED", np.float64):
        rows = program(text, data).function(*point)

    assert rows == from_rows(text, data).function(*point)
    assert longer == pytest.approx(rows, rel=1e-12)


# -- the moments themselves ------------------------------------------------------------------------


def of_line(first: int, last: int, weighted: bool) -> moments.Rows:
    """Features 1 and x, fixed part y."""
    u, v, w = x[first:last], y[first:last], s[first:last]

    def read(cut: slice):
        return np.stack([np.ones_like(u[cut]), u[cut]]), v[None, cut], w[cut] if weighted else None

    return moments.Rows(read, last - first, ((0, 1),), 0)


@pytest.mark.parametrize("weighted", [False, True])
def test_appended_rows_give_what_all_rows_give(weighted: bool) -> None:
    streamed = moments.gathered(of_line(0, 9_000, weighted))
    for first, last in ((9_000, 9_001), (9_001, 17_500), (17_500, ROWS)):
        streamed = streamed.appended(of_line(first, last, weighted))
    w = s if weighted else np.ones(ROWS)
    features = np.stack([np.ones(ROWS), x])
    beside = y + streamed.anchors[0] @ features

    assert streamed.rows == ROWS
    np.testing.assert_allclose(streamed.triangle.T @ streamed.triangle, (features * w) @ features.T, rtol=1e-13)
    np.testing.assert_allclose(streamed.products, [[np.sum(w * beside**2)]], rtol=1e-13)
    np.testing.assert_allclose(streamed.slopes[0], features @ (w * beside), rtol=1e-10)


def test_the_anchor_is_the_least_squares_solution() -> None:
    found = moments.gathered(of_line(0, ROWS, False))

    np.testing.assert_allclose(-found.anchors[0][::-1], np.polyfit(x, y, 1), rtol=1e-12)


def test_gathering_keeps_memory_flat_in_the_number_of_rows() -> None:
    n = 3_000_000
    data = {"x": np.linspace(0, 4, n), "y": np.linspace(3, 1, n)}
    program("mean((y - (m*x + b))^2)").value({"m": 1.0, "b": 0.0})
    made = program("mean((y - (m*x + b))^2)", data)
    tracemalloc.start()
    made.value_and_gradient({"m": 1.0, "b": 0.0})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 16 * 2**20


def test_the_plan_lists_moments_once_and_costs_the_same_for_any_number_of_rows() -> None:
    plan, longer = (program("mean((y - (m*x + b))^2)", {"x": np.tile(x, k), "y": np.tile(y, k)}).plan() for k in (1, 3))

    assert ["triangular factor of [1, x]"] == [o.code for o in plan.operations if o.when == "once"]
    assert plan.cost == longer.cost < 100
    assert {"Σ(x·r)", "Σ(1·r)", "Σ(r·r)"} <= {o.name for o in plan.operations}
