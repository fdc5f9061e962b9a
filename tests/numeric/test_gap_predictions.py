"""Claims about the gap of a numeric slope: its parts are what mpmath and hand-made algebra say they are."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from cases_at_hand import load
from numeric.hand_written import rosenbrock

import symcalc as sc
from symcalc.numeric.comparison import AT_KINK
from symcalc.numeric.differences import METHODS
from symcalc.numeric.exact_curve import ExactCurve
from symcalc.numeric.explanation import KINK, LOST, WIDE, explain_complex

STEPS = (1e-2, 1e-5, 1e-9)


def compiled(formula, data=None, **given):
    return sc.compile(sc.differentiate(sc.parse(formula, data, **given)))


def row_of(formula, x, method, h=None):
    (row,) = sc.compare(compiled(formula, parameters=["x"]), at={"x": x}, methods=method, h=h).rows
    return row


def pairs():
    try:
        return load("derivatives.json")["pairs"]
    except pytest.skip.Exception:
        return []


@pytest.mark.parametrize("pair", pairs(), ids=lambda p: f"{p['f']}-{p['order']}")
def test_a_gap_is_as_predicted_wherever_truncation_or_round_off_rules(pair):
    program = compiled(pair["f"], parameters=["x"])
    ruled = 0
    for x, _, _ in pair["points_x_f_d"][:2]:
        for h in STEPS:
            for row in sc.compare(program, at={"x": float(x)}, methods=list(METHODS), h=h).rows:
                if row.predicted_error is None:
                    assert row.note, (row.method, h)
                    continue
                cut, off = abs(row.truncation), abs(row.round_off)
                if row.error and max(cut, off) >= 10 * min(cut, off):
                    ruled += 1
                    assert row.error == pytest.approx(row.predicted_error, rel=0.05, abs=0), (row.method, x, h)
    # A straight line has no gap at all.
    assert ruled >= 10 or pair["f"].startswith(("Max(", "Min(", "sqrt(x**2)"))


def test_the_cases_are_at_hand():
    assert len(load("derivatives.json")["pairs"]) > 90


# The slope that each formula gives for exp at 0, worked out on paper and put into mpmath.
EXACT = {
    "forward": lambda h: mpmath.expm1(h) / h,
    "backward": lambda h: -mpmath.expm1(-h) / h,
    "central": lambda h: mpmath.sinh(h) / h,
    "five-point": lambda h: (8 * mpmath.sinh(h) - mpmath.sinh(2 * h)) / (6 * h),
    "complex-step": lambda h: mpmath.sin(h) / h,
}
FIRST = {"forward": (2, 1 / 2), "backward": (2, -1 / 2), "central": (3, 1 / 6), "five-point": (5, -1 / 30),
         "complex-step": (3, -1 / 6)}  # fmt: skip


@pytest.mark.parametrize("h", [0.5, 0.125, 2.0**-10, 2.0**-20])
@pytest.mark.parametrize("method", EXACT)
def test_the_parts_of_the_gap_of_exp_are_those_of_mpmath(method, h):
    row = row_of("exp(x)", 0.0, method, h)
    with mpmath.workdps(50):
        exact = EXACT[method](mpmath.mpf(h))
        truncation, round_off = float(exact - 1), float(row.numeric - exact)

    assert row.truncation == pytest.approx(truncation, rel=1e-3)
    assert row.round_off == pytest.approx(round_off, rel=1e-3, abs=1e-30 + 1e-3 * abs(truncation))
    assert FIRST[method] == (row.leading.order, pytest.approx(float(row.leading.factor), rel=1e-6))
    assert row.leading.derivative == 1


@pytest.mark.parametrize("method", ["richardson", "adaptive"])
def test_extrapolated_slopes_are_predicted_beside_their_own_estimate(method):
    row = row_of("sin(x)", 1.0, method)

    assert row.predicted_error == pytest.approx(row.error, rel=0.05)
    assert abs(row.numeric - math.cos(1.0)) <= row.own_error < 1e-9


def test_round_off_is_known_and_not_only_bounded():
    row = row_of("exp(x)", 1.0, "forward", 1e-12)

    # By hand: how far the two values were rounded, over the distance moved.
    ahead = 1.0 + 1e-12
    with mpmath.workdps(50):
        moved = mpmath.mpf(ahead) - 1
        rounded = ((np.exp(ahead) - mpmath.exp(mpmath.mpf(ahead))) - (np.exp(1.0) - mpmath.e)) / moved
    assert row.round_off == pytest.approx(float(rounded), rel=1e-3)
    assert ("round-off", pytest.approx(1, rel=1e-3)) == (row.cause, row.share)


def test_a_parabola_has_no_central_truncation_and_no_best_step():
    row = row_of("x^2", 1.7, "central", 1e-3)

    assert (0.0, None) == (row.truncation, row.best_step)


def test_the_lessons_gaps_are_truncation():
    case = load("lesson.json")["steplab"]["slope in b at m=43"][0]
    program = compiled("sum((y - (m*x + b))^2)", "steplab")
    by_m, by_b = sc.compare(program, at={"m": 43, "b": float(case["b"])}, methods="forward", h=0.001).rows

    assert float(case["gap"]) == pytest.approx(by_b.predicted_error, rel=1e-5)
    assert program.loss.rows * 0.001 == pytest.approx(by_b.truncation, rel=1e-9)
    assert 0.001 * float(np.sum(np.square(program.loss.data.column("x")))) == pytest.approx(by_m.truncation, rel=1e-9)
    assert ("truncation", "truncation") == (by_m.cause, by_b.cause)
    assert 1 == pytest.approx(by_b.share, rel=1e-5)


def test_the_own_rounding_of_the_exact_slope_is_told_in_ulps():
    row = row_of("exp(x)", 1.0, "central")
    with mpmath.workdps(50):
        off = float(row.symbolic - mpmath.e)

    assert off / math.ulp(math.e) == pytest.approx(row.ulps, rel=1e-9)
    assert off == pytest.approx(row.symbolic_error, rel=1e-9)


def test_at_a_kink_nothing_is_predicted_and_a_sentence_says_so():
    row = row_of("abs(x)", 0.0, "forward", 1e-3)

    assert (None, None, AT_KINK) == (row.predicted_error, row.truncation, row.note)


@pytest.mark.parametrize("formula", ["besselj(0, x)", "Si(x)", "Ci(x)"])
def test_a_function_that_loses_a_small_imaginary_part_has_no_complex_step(formula):
    assert row_of(formula, 2.0, "complex-step").note == "The complex step does not apply: the loss has no complex form."


def test_a_complex_step_that_is_wrong_is_not_called_round_off():
    # At x = 1 the slope of exp is e; 3 is no rounding of it.
    found = explain_complex(1.0, 1e-20, [mpmath.e] * 8, 3.0)

    assert (None, LOST) == (found.truncation, found.note)


def test_a_kink_within_the_step_is_noticed():
    inside, outside = (row_of("abs(x)^3 + relu(x)", 0.001, "central", h) for h in (0.01, 0.0005))

    assert (None, KINK) == (inside.predicted_error, inside.note)
    assert ("", pytest.approx(outside.error, rel=0.05)) == (outside.note, outside.predicted_error)


def test_a_step_too_wide_for_the_series_says_so_and_is_still_predicted():
    row = row_of("log(x)", 1.0, "central", 0.9)

    assert WIDE == row.note
    assert math.log(1.9 / 0.1) / 1.8 - 1 == pytest.approx(row.predicted_error, rel=1e-9)


def test_the_best_step_by_theory_balances_truncation_and_round_off():
    row = row_of("exp(x)", 1.0, "forward")

    # h/2·e against eps·e/h: the sum is least at sqrt(2 eps).
    assert math.sqrt(2 * np.finfo(float).eps) == pytest.approx(row.best_step, rel=0.5)
    assert 1 / 10 < row.scanned_step / row.best_step < 10


@pytest.mark.parametrize("formula", ["exp(sin(x))", "besselj(1, x)", "log(x)/x"])
def test_derivatives_along_an_entry_are_those_of_mpmath(formula):
    curves = {"exp(sin(x))": lambda t: mpmath.exp(mpmath.sin(t)), "besselj(1, x)": lambda t: mpmath.besselj(1, t),
              "log(x)/x": lambda t: mpmath.log(t) / t}  # fmt: skip
    found = ExactCurve.of(compiled(formula, parameters=["x"]), np.array([1.25])).derivatives(0, 0.1)
    with mpmath.workdps(60):
        expected = [mpmath.diff(curves[formula], mpmath.mpf(1.25), k) for k in range(1, 6)]

    assert [float(e) for e in expected] == pytest.approx([float(f) for f in found[1:6]], rel=1e-9)


def test_the_weights_of_a_method_are_its_formula():
    method = METHODS["five-point"]
    found = method.measure(lambda t: t, 0.0, 0.5)

    twelfth = Fraction(1, 6)
    assert {0.5: 8 * twelfth, -0.5: -8 * twelfth, 1.0: -twelfth, -1.0: twelfth} == method.weights(0.0, found)


@pytest.mark.parametrize("method", ["richardson", "adaptive"])
def test_the_weights_of_an_extrapolation_give_its_slope_back(method):
    found = METHODS[method].measure(math.exp, 0.3)
    weights = METHODS[method].weights(0.3, found)

    assert 0 == sum(weights.values())
    assert float(sum(c * Fraction(math.exp(t)) for t, c in weights.items())) == pytest.approx(found.slope, rel=1e-11)


def test_a_loss_without_equations_is_explained_by_its_hessian():
    (row, _) = sc.compare(rosenbrock(), at={"x": -1.2, "y": 1.0}, methods="forward", h=1e-3).rows

    assert (None, row.truncation) == (row.round_off, row.predicted_error)
    assert 1e-3 / 2 * (2 - 400 + 1200 * 1.44) == pytest.approx(row.truncation, rel=1e-12)


def test_beyond_ten_thousand_rows_truncation_is_still_predicted():
    x = np.linspace(0, 1, 10_001)
    found = sc.compare(compiled("mean((y - m*x)^2)", {"x": x, "y": x}), at={"m": 2.0}, methods="forward", h=1e-3)
    (row,) = found.rows

    assert (None, None) == (row.reference, row.round_off)
    assert 1e-3 * float(np.mean(x * x)) == pytest.approx(row.predicted_error, rel=1e-12)
    assert "No 40-digit reference" in found.notes[0]


def test_of_many_entries_the_widest_gaps_are_explained_to_the_last_digit():
    rng = np.random.default_rng(1)
    data = {f"x{k}": rng.normal(size=1500) for k in range(4)} | {"y": rng.normal(size=1500)}
    program = compiled("mean((y - X@w)^2)", data, columns={"X": [f"x{k}" for k in range(4)]})
    found = sc.compare(program, at={"w": [1, 2, 3, 4]}, methods="forward", h=1e-6)
    known = [row for row in found.rows if row.round_off is not None]

    assert 0 < len(known) < 4
    assert max(abs(row.error) for row in found.rows) == max(abs(row.error) for row in known)
    assert "would take too long" in found.notes[-1]


def test_the_error_against_h_comes_as_numbers():
    found = sc.compare(compiled("exp(x)", parameters=["x"]), at={"x": 0.0}, methods="central")
    curve = found.curve("x", "central")

    assert curve is found.rows[0].curve
    wide = curve.steps > 1e-3
    assert np.sinh(curve.steps[wide]) / curve.steps[wide] - 1 == pytest.approx(curve.errors[wide], rel=1e-4)
    assert curve.steps**2 / 6 == pytest.approx(curve.truncation)
    assert np.finfo(float).eps / 2 / curve.steps == pytest.approx(curve.round_off)
    assert 1e-7 < curve.best_step < 1e-4


@pytest.mark.parametrize(("entry", "method"), [("z", "central"), ("x", "sideways")])
def test_a_curve_of_what_is_not_there_is_refused(entry, method):
    found = sc.compare(compiled("exp(x)", parameters=["x"]), at={"x": 0.0})

    with pytest.raises(sc.SymcalcError, match="There is no"):
        found.curve(entry, method)
