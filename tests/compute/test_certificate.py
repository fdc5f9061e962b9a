"""The slopes that kinks leave open, and the proof that 0 is one of them or not."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.compute.convexity import is_convex
from symcalc.compute.membership import closest

MAE = "mean(abs(y - (m*x + b)))"
OPTIMUM = {"m": 17 / 12, "b": 400 / 3}


def program(text: str, data: Any = None, **declared: Any) -> Any:
    return sc.compile(sc.differentiate(sc.parse(text, data=data, **declared)))


def at_zero(text: str) -> Any:
    return program(text, parameters=["x"]), {"x": 0.0}


# -- the lesson ----------------------------------------------------------------------------------


def test_the_best_line_through_the_movies_is_proved_best() -> None:
    part = load("lesson.json")["movies"]["mae kink"]
    found = program(MAE, "movies").certificate(OPTIMUM)

    assert part["global optimum"] is (found.contains_zero and found.convex)
    assert {r: float(Fraction(v)) for r, v in part["multipliers"].items()} == pytest.approx(
        {f"row {m.row}": m.value for m in found.multipliers}, abs=1e-12
    )
    assert found.slopes == pytest.approx({"m": 0, "b": 0}, abs=1e-12)
    assert found.message == (
        "0 lies in the subdifferential, with multipliers 5/12 (row 1) and 7/12 (row 5) of abs(y - (m*x + b)); "
        "the loss is convex, so this is the global minimum."
    )


def test_its_slopes_fill_the_intervals_of_the_lesson() -> None:
    part = load("lesson.json")["movies"]["mae kink"]
    found = program(MAE, "movies").subdifferential(OPTIMUM)

    assert found.exact
    assert [float(v) for v in part["d_b interval"]] == pytest.approx(list(found.intervals["b"]))
    assert [float(v) for v in part["d_m interval"]] == pytest.approx(list(found.intervals["m"]))


def test_next_to_the_best_line_the_proof_fails() -> None:
    found = program(MAE, "movies").certificate({"m": 0, "b": 275.0})

    assert found.contains_zero is False
    assert "∂L/∂m stays between -255 and -215" in found.message


# -- one parameter, by hand ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high", "exact"),
    [
        ("abs(x)", -1, 1, True), ("abs(x) + 3*x", 2, 4, True), ("relu(x) - x/4", -0.25, 0.75, True),
        ("-abs(x)", -1, 1, True), ("max(x, -x)", -1, 1, True), ("min(x, 2*x)", 1, 2, True),
        ("relu(x) - relu(-x)", 1, 1, True), ("min(x, 2*x) + max(x, -3*x)", -1, 2, True),
        ("abs(abs(x))", -1, 1, True), ("max(0, abs(x))", -1, 1, True), ("abs(x)*x", 0, 0, True),
        ("where(x > 0, x, 0)", 0, 1, True), ("where(x > 0, x^2, -x^2)", 0, 0, True), ("x^2 + 5*x", 5, 5, True),
        ("where(x > 0, x + 1, x)", 1, 1, False), ("abs(x) - abs(x)", 0, 0, True),
    ],
)  # fmt: skip
def test_the_interval_at_0(text: str, low: float, high: float, exact: bool) -> None:
    made, point = at_zero(text)
    found = made.subdifferential(point)

    assert ((low, high), exact) == (found.intervals["x"], found.exact)


@pytest.mark.parametrize(
    ("text", "contains", "ending"),
    [
        ("abs(x)", True, "the loss is convex, so this is the global minimum."),
        ("abs(x) + 3*x", False, "dL/dx stays between 2 and 4, so this is no minimum."),
        ("-abs(x)", True, "this is a stationary point."),
        ("relu(x) - relu(-x)", False, "dL/dx is 1, so this is no minimum."),
        ("x^2", True, "the loss is convex, so this is the global minimum."),
        ("max(0, abs(x)) - x/2", True, "the loss is convex, so this is the global minimum."),
        ("where(x > 0, x + 1, x)", None, "so it has no subdifferential there."),
    ],
)
def test_whether_0_is_a_slope_at_0(text: str, contains: bool | None, ending: str) -> None:
    made, point = at_zero(text)
    found = made.certificate(point)

    assert contains is found.contains_zero
    assert found.message.endswith(ending)


# -- several parameters --------------------------------------------------------------------------


def test_the_lasso_at_0_is_optimal_exactly_from_the_known_penalty_on() -> None:
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(12, 4)), rng.normal(size=12)
    largest = np.abs(X.T @ y / 12).max()  # Tibshirani (1996): all coefficients are 0 from here on
    for penalty, expected in ((1.001 * largest, True), (0.999 * largest, False)):
        made = program("mean((y - X@w)^2)/2 + lam*norm1(w)", {"X": X, "y": y}, constants={"lam": penalty})
        found = made.certificate({"w": np.zeros(4)})
        assert expected is found.contains_zero
    assert found.convex


def test_tied_entries_share_a_sum_of_1() -> None:
    made = program("max(w) - mean(w)", parameters={"w": (3,)})
    found = made.certificate({"w": [1.0, 1, 1]})

    assert found.contains_zero
    assert [m.value for m in found.multipliers] == pytest.approx([1 / 3] * 3)
    assert program("max(w)", parameters={"w": (3,)}).certificate({"w": [1.0, 1, 0]}).contains_zero is False


def test_one_sided_slopes_stay_within_the_intervals() -> None:
    rng = np.random.default_rng(5)
    data = {"X": rng.integers(-2, 3, size=(9, 3)).astype(float), "y": rng.integers(-2, 3, size=9).astype(float)}
    for text in ("mean(abs(y - X@w))", "mean(max(0, 1 - y*(X@w)))", "mean(relu(X@w - y)^2 + min(X@w, y))"):
        made = program(text, data)
        for _ in range(5):
            point = {"w": rng.integers(-1, 2, size=3).astype(float)}
            low, high = made.subdifferential(point).intervals["w"]
            left, right = made.sides(point)["w"]
            assert np.all(low - 1e-12 <= np.minimum(left, right))
            assert np.all(high + 1e-12 >= np.maximum(left, right))


def test_a_convex_loss_opens_exactly_what_its_sides_say() -> None:
    rng = np.random.default_rng(6)
    data = {"X": rng.integers(-2, 3, size=(9, 3)).astype(float), "y": rng.integers(-2, 3, size=9).astype(float)}
    made = program("mean(abs(y - X@w)) + sum(w^2)", data)
    point = {"w": np.array([1.0, 0, -1])}
    found, (left, right) = made.subdifferential(point), made.sides(point)["w"]

    assert found.exact
    assert np.allclose(found.intervals["w"], (left, right), atol=1e-12)


def test_a_kink_inside_a_kink_gets_an_outer_bound() -> None:
    rng = np.random.default_rng(7)
    data = {"X": rng.normal(size=(20, 3)), "y": rng.normal(size=20)}
    made = program("h = relu(X@W); mean((y - relu(h@v))^2)", data, parameters={"W": (3, 2), "v": (2,)})
    point = {"W": np.zeros((3, 2)), "v": np.ones(2)}
    found = made.subdifferential(point)
    low, high = found.intervals["W"]
    left, right = made.sides(point)["W"]

    assert not found.exact
    assert np.all(low <= np.minimum(left, right) + 1e-12)
    assert np.all(high >= np.maximum(left, right) - 1e-12)
    assert made.certificate(point).contains_zero is None


def test_smooth_joins_open_nothing() -> None:
    text = "mean(where(abs(y - m*x) <= 1, (y - m*x)^2/2, abs(y - m*x) - 1/2))"
    found = program(text, {"x": [1.0, 2], "y": [2.0, 2]}).subdifferential({"m": 1.0})

    assert found.exact
    assert found.intervals["m"] == (-0.5, -0.5)


def test_a_formula_with_one_value_a_row_is_refused() -> None:
    with pytest.raises(sc.InputError, match="reduce it with mean"):
        program("abs(w - x)", {"x": [1.0, 2]}, columns=["x"]).certificate({"w": 1.0})


# -- convexity -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "convex"),
    [
        (MAE, True), ("mean((y - (m*x + b))^2)", True), ("mean(max(0, 1 - y*(m*x + b))) + m^2", True),
        ("mean(log(1 + exp(-y*(m*x + b))))", True), ("sum(t*abs(y - m*x))", True), ("-log(m) + m", True),
        ("max(m*x)", True), ("mean(max(0, abs(y - m*x) - 1))", True), ("mean((y - m*x)^4)", True),
        ("sum((t - 2)*abs(y - m*x))", False), ("mean(abs(y - exp(m*x)))", False), ("-abs(m)", False),
        ("m*b", False), ("min(m, b)", False), ("mean((y - m*x)^3)", False), ("sqrt(abs(m))", False),
    ],
)  # fmt: skip
def test_what_is_certified_convex(text: str, convex: bool) -> None:
    data = {"x": [1.0, 2, 3], "y": [1.0, -1, 1], "t": [1.0, 2, 3]}
    made = program(text, data)
    point = dict.fromkeys(made.layout.names, 1.0)

    assert convex is is_convex(made, point)


# -- the linear program --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("parameters", [1, 2, 3, 4])
def test_multipliers_that_exist_are_found(parameters: int, seed: int) -> None:
    if parameters > 2:
        pytest.importorskip("scipy")
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 9))
    # Round numbers give parallel and upright columns.
    columns = np.round(2 * rng.normal(size=(parameters, count))) / 2
    low, high = -rng.integers(0, 2, count).astype(float), np.ones(count)
    chosen = np.where(rng.random(count) < 0.5, rng.choice([0.0, 1.0], count), rng.uniform(low, high))
    fixed = -columns @ chosen
    found = closest(fixed, columns, low, high, [-1] * count)

    assert np.abs(fixed + columns @ found).max() < 1e-10
    assert np.all((found >= low - 1e-12) & (found <= high + 1e-12))


def test_by_hand_and_by_program_agree_on_what_has_none() -> None:
    pytest.importorskip("scipy")
    rng = np.random.default_rng(11)
    told = []
    for _ in range(60):
        count = int(rng.integers(1, 7))
        columns, fixed = rng.normal(size=(2, count)), 2 * rng.normal(size=2)
        low, high = -np.ones(count), np.ones(count)
        plane = closest(fixed, columns, low, high, [-1] * count)
        # A third slope that is 0 anyway forces the linear program.
        whole = np.vstack([columns, columns.sum(axis=0)])
        other = closest(np.append(fixed, fixed.sum()), whole, low, high, [-1] * count)
        told.append([np.abs(fixed + columns @ s).max() < 1e-9 for s in (plane, other)])
    assert all(a == b for a, b in told)
    assert len({a for a, _ in told}) == 2


def test_without_scipy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    made = program("abs(x) + abs(y) + abs(z)", parameters=["x", "y", "z"])
    with pytest.raises(sc.MissingExtra, match=r"symcalc-explorer\[fit\]"):
        made.certificate({"x": 0, "y": 0, "z": 0})
    # The lesson has two parameters and needs none of it.
    assert program(MAE, "movies").certificate(OPTIMUM).contains_zero
