"""Claims about numeric slopes beside exact ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases_at_hand import load
from numeric.hand_written import HandWritten, bowl, line_fit, rosenbrock

from symcalc.errors import InputError
from symcalc.numeric.comparison import compare
from symcalc.numeric.differences import METHODS
from symcalc.numeric.slopes import numeric_gradient


def test_each_parameter_is_compared_by_each_method_in_order():
    found = compare(rosenbrock(), {"x": -1.2, "y": 1.0})

    assert [("x", m) for m in ("forward", "central", "complex-step", "richardson")] + [
        ("y", m) for m in ("forward", "central", "complex-step", "richardson")
    ] == [(row.parameter, row.method) for row in found.rows]
    assert found.point == {"x": -1.2, "y": 1.0}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_agrees_with_the_exact_gradient(method):
    for row in compare(rosenbrock(), {"x": -1.2, "y": 1.0}, methods=[method]).rows:
        assert row.numeric == pytest.approx(row.symbolic, rel=1e-5)
        assert row.error == row.numeric - row.symbolic
        assert float(row.reference) == pytest.approx(row.symbolic, rel=1e-15)


def test_the_forward_gap_of_the_lesson_is_n_times_h():
    case = load("lesson.json")["steplab"]
    for slope in case["slope in b at m=43"]:
        (row,) = [
            row
            for row in compare(
                line_fit(case["x"], case["y"]), {"m": 43, "b": float(slope["b"])}, "forward", h=float(slope["h"])
            ).rows
            if row.parameter == "b"
        ]

        assert float(slope["exact"]) == pytest.approx(row.symbolic, rel=1e-12)
        assert float(slope["forward"]) == pytest.approx(row.numeric, rel=1e-11)
        assert float(slope["gap"]) == pytest.approx(row.error, abs=1e-9)
        assert float(slope["gap"]) == pytest.approx(row.predicted_error, rel=1e-12)
        assert (0.001, 2) == (row.step, row.evaluations)


def test_a_quadratic_has_no_central_truncation():
    for row in compare(line_fit([1, 2, 4], [2, 3, 7]), {"m": 1, "b": 2}, "central").rows:
        assert row.predicted_error == 0


def test_the_central_error_is_predicted_from_the_change_of_the_second_derivative():
    (row, _) = compare(rosenbrock(), {"x": -1.2, "y": 1.0}, "central", h=1e-3).rows

    # f''' in x is 2400 x; h²/6 of it.
    assert 1e-6 / 6 * 2400 * -1.2 == pytest.approx(row.predicted_error, rel=1e-9)
    assert row.predicted_error == pytest.approx(row.error, rel=1e-4)


def test_entries_of_arrays_are_named_from_0():
    found = compare(bowl(3), {"w": [1.0, 2.0, 3.0]}, "central")

    assert ["w[0]", "w[1]", "w[2]"] == [row.parameter for row in found.rows]
    assert [1.0, 2.0, 3.0] == pytest.approx([row.numeric for row in found.rows], rel=1e-9)


def test_the_complex_step_does_not_apply_at_a_kink():
    program = bowl(1)
    program.standing = ("abs(w) has a kink at w = 0.",)

    (row,) = compare(program, {"w": [0.0]}, "complex-step").rows

    assert (None, None, 0) == (row.numeric, row.error, row.evaluations)
    assert "does not apply at a kink: abs(w) has a kink" in row.note


def test_a_loss_without_complex_form_says_so():
    program = HandWritten({"a": ()}, lambda p: p[0] ** 2, lambda p: 2 * p, lambda p: [[2]], complex=False)

    (row,) = compare(program, {"a": 1.0}, "complex-step").rows

    assert row.numeric is None
    assert row.note == "The complex step does not apply: the loss has no complex form."


def test_beyond_the_reference_a_comparison_says_so():
    program = bowl(1)
    program.reference = lambda point: None
    program.loss.rows = 20_000

    found = compare(program, {"w": [1.0]}, "central")

    assert found.rows[0].reference is None
    assert found.notes == ("No 40-digit reference: there are too many rows (20,000 rows).",)


def test_a_slope_that_cannot_be_measured_says_why():
    def value(p):
        return np.log(p[0])

    program = HandWritten({"a": ()}, value, lambda p: 1 / p, lambda p: [[-1 / p[0] ** 2]])
    program.reference = lambda point: None

    (row,) = compare(program, {"a": 1e-9}, "central").rows

    assert math.isnan(row.numeric)
    assert "choose a smaller h" in row.note


@pytest.mark.parametrize("point", [{"x": 1}, {"x": 1, "y": 2, "z": 3}, {"x": "one", "y": 2}, {"x": [1, 2], "y": 2}])
def test_a_point_that_does_not_fit_is_refused(point):
    with pytest.raises(InputError):
        compare(rosenbrock(), point)


@pytest.mark.parametrize("methods", ["sideways", ["central", "sideways"], []])
def test_methods_that_do_not_exist_are_refused(methods):
    with pytest.raises(InputError, match="There are forward, backward, central"):
        compare(rosenbrock(), {"x": 1, "y": 1}, methods)


@pytest.mark.parametrize("method", METHODS)
def test_a_numeric_gradient_comes_in_the_form_of_the_point(method):
    program = rosenbrock()
    named = numeric_gradient(program, {"x": -1.2, "y": 1.0}, method)
    flat = numeric_gradient(program, np.array([-1.2, 1.0]), method)

    assert {"x": -215.6, "y": -88} == pytest.approx(named, rel=1e-5)
    assert [named["x"], named["y"]] == flat.tolist()
