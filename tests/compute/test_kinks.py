"""Kinks: the stated convention, and slopes by branch where both sides agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from cases_at_hand import load

import symcalc as sc
from symcalc.calculus.conventions import CONVENTIONS


def program(text: str, data: Any = None, **declared: Any) -> Any:
    return sc.compile(sc.differentiate(sc.parse(text, data=data, **declared)))


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("abs(x)", 0.0), ("|x|", 0.0), ("relu(x)", 0.0), ("max(x, 0)", 0.0), ("min(x, 0)", 0.0), ("sign(x)", 0.0),
        ("max(x, -x)", 0.0), ("where(x > 0, x, 0)", 0.0),
        # Both sides agree, so it is no kink of the whole.
        ("relu(x) - relu(-x)", 1.0), ("max(x, 0) + min(x, 0)", 1.0), ("abs(x)*x", 0.0), ("where(x > 0, x^2, -x^2)", 0.0),
        ("max(2*x, x + x)", 2.0), ("max(x, x)", 1.0),
    ],
)  # fmt: skip
def test_the_slope_at_the_kink(text: str, slope: float) -> None:
    assert program(text, parameters=["x"]).gradient({"x": 0.0}) == {"x": slope}


def test_a_point_that_stands_on_a_kink_says_where() -> None:
    made = program("mean(abs(y - (m*x + b)))", {"x": [1, 2, 3], "y": [1, 2, 5]})
    assert made.kinks({"m": 1.0, "b": 0.0}) == ("abs(y - (m*x + b)) stands on its kink in rows 1, 2.",)
    assert made.kinks({"m": 1.0, "b": 0.5}) == ()


def test_one_sided_slopes_on_movies_are_the_intervals_of_the_lesson() -> None:
    part = load("lesson.json")["movies"]["mae kink"]
    # What is left of y there; no float is exactly 17/12, so the kink is moved to m = 0, b = 0.
    x, y = np.array([100.0, 200, 250, 325, 400]), np.array([275.0, 300, 550, 525, 700])
    made = program("mean(abs(y - (m*x + b)))", {"x": x, "y": y - (17 * x + 1600) / 12})
    sides = made.sides({"m": 0.0, "b": 0.0})
    assert [float(v) for v in part["d_b interval"]] == pytest.approx([float(s) for s in sides["b"]])
    assert [float(v) for v in part["d_m interval"]] == pytest.approx([float(s) for s in sides["m"]])


def test_nan_stays_nan() -> None:
    made = program("max(x, 0)", parameters=["x"])
    assert np.isnan(made.value({"x": float("nan")}))


def test_a_branch_not_taken_does_not_spoil_the_slope() -> None:
    made = program("sum(where(w > 0, log(w), 0))", parameters={"w": (3,)})
    assert list(made.gradient(np.array([2.0, 0.0, -1.0]))) == [0.5, 0.0, 0.0]
    assert made.value(np.array([2.0, 0.0, -1.0])) == pytest.approx(np.log(2))


# The value of each convention at 0, in the order of CONVENTIONS: by hand, from what each tool says.
AT_ZERO = {
    "abs(x)": (0, -1, 1, 0, 0, 1, 0),
    "norm1(x)": (0, -1, 1, 0, 0, 1, 0),
    "relu(x)": (0, 0, 1, 0.5, 0.5, 0, 0),
    "max(x, 0)": (0, 0, 1, 0.5, 0.5, 0.5, 0.5),
    "max(2, x + 2)": (0, 0, 1, 0.5, 0.5, 0.5, 0.5),
    "min(x, 0)": (0, 1, 0, 0.5, 0.5, 0.5, 0.5),
    "max(2*x, x)": (1.5, 1, 2, 1.5, 1.5, 1.5, 1.5),
    "min(2*x, x)": (1.5, 2, 1, 1.5, 1.5, 1.5, 1.5),
    "sign(x)": (0, 0, 0, 0, 0, 0, 0),
    # Both sides agree: no convention has a say.
    "relu(x) - relu(-x)": (1, 1, 1, 1, 1, 1, 1),
    "max(x, 0) + min(x, 0)": (1, 1, 1, 1, 1, 1, 1),
}


@pytest.mark.parametrize("text", AT_ZERO)
@pytest.mark.parametrize("kinks", CONVENTIONS)
def test_a_convention_says_what_is_taken_at_a_kink(text: str, kinks: str) -> None:
    expected = AT_ZERO[text][list(CONVENTIONS).index(kinks)]
    made = sc.compile(sc.differentiate(sc.parse(text, parameters=["x"]), kinks=kinks))

    assert made.gradient({"x": 0.0}) == {"x": expected}
    assert made.gradient_equations.verdict


@pytest.mark.parametrize("text", ["abs(x)", "max(x, 0)", "min(x, 0)"])
def test_the_sympy_convention_is_what_sympy_does(text: str) -> None:
    x = sp.Symbol("x", real=True)
    own = {"abs(x)": sp.Abs(x), "max(x, 0)": sp.Max(x, 0), "min(x, 0)": sp.Min(x, 0)}[text]
    made = sc.compile(sc.differentiate(sc.parse(text, parameters=["x"]), kinks="sympy"))

    assert float(own.diff(x).subs(x, 0)) == made.gradient({"x": 0.0})["x"]


@pytest.mark.parametrize("kinks", CONVENTIONS)
def test_away_from_kinks_all_conventions_agree(kinks: str) -> None:
    loss = sc.parse("sum(max(w, v) + abs(w) + relu(v) + min(w, 1))", parameters={"w": (3,), "v": (3,)})
    point = {"w": np.array([0.5, -1, 2.0]), "v": np.array([1.5, -2, 0.25])}
    usual = sc.compile(sc.differentiate(loss)).gradient(point)
    chosen = sc.compile(sc.differentiate(loss, kinks=kinks)).gradient(point)

    assert all(np.array_equal(usual[n], chosen[n]) for n in usual)


@pytest.mark.parametrize("kinks", CONVENTIONS)
def test_arrays_forty_digits_and_the_hessian_take_the_same_value(kinks: str) -> None:
    loss = sc.parse("sum(w*abs(w - 1))", parameters={"w": (2,)})
    made = sc.compile(sc.differentiate(loss, kinks=kinks))
    expected = float(CONVENTIONS[kinks].absolute)
    rules = made._call(made._both, {"w": np.array([1.0, 2.0])})[1]

    assert list(rules) == [expected, 3]
    assert float(made.reference({"w": [1.0, 2.0]})[1]["w"][0]) == expected
    assert made.hessian({"w": [1.0, 2.0]})["w", "w"][0, 0] == 2 * expected


def test_an_unknown_convention_is_refused_with_those_there_are() -> None:
    with pytest.raises(sc.InputError, match="minimum-norm, left, right, average, sympy, jax, torch"):
        sc.differentiate(sc.parse("abs(x)", parameters=["x"]), kinks="tensorflow")


def test_every_convention_states_its_source() -> None:
    assert next(iter(CONVENTIONS)) == "minimum-norm"
    assert all(row.source and row.about for row in CONVENTIONS.values())


def test_rounding_does_not_hide_a_kink() -> None:
    part = load("lesson.json")["movies"]["mae kink"]
    made = program("mean(abs(y - (m*x + b)))", "movies")
    rows = ", ".join(map(str, part["rows on the kink (1-based)"]))
    (sentence,) = made.kinks({"m": 17 / 12, "b": 400 / 3})

    assert sentence.startswith(f"abs(y - (m*x + b)) stands on its kink in rows {rows}, to within rounding (")


@pytest.mark.parametrize("shift", [1e-9, 1e-11, -1e-11])
def test_what_is_more_than_rounding_is_no_kink(shift: float) -> None:
    assert program("mean(abs(y - (m*x + b)))", "movies").kinks({"m": 17 / 12, "b": 400 / 3 + shift}) == ()


@pytest.mark.parametrize("x", [1e-300, 1e-20, -1e-9])
def test_a_small_number_is_not_taken_for_0(x: float) -> None:
    assert program("abs(x) + max(x, 0)", parameters=["x"]).kinks({"x": x}) == ()
