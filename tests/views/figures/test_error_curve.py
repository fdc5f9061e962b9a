"""The error of numeric slopes against h: the V and its theory."""

import mpmath
import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.views.figures.error_curve import error_curve


def test_the_truncation_lines_are_those_of_theory(exponential, part):
    axes = error_curve(exponential, {"a": 1.0}).figure.axes[0]
    forward, central = part(axes, "forward truncation"), part(axes, "central truncation")

    # For exp every derivative is e at 1.
    assert forward.get_ydata() == pytest.approx(np.e / 2 * forward.get_xdata(), rel=1e-4)
    assert central.get_ydata() == pytest.approx(np.e / 6 * central.get_xdata() ** 2, rel=1e-4)
    assert forward.get_linestyle() != central.get_linestyle()


def test_the_round_off_line_falls_like_one_over_h(exponential, part):
    line = part(error_curve(exponential, {"a": 1.0}).figure.axes[0], "round-off")

    assert line.get_ydata() * line.get_xdata() == pytest.approx(np.full(69, np.finfo(float).eps * np.e))


def test_the_dots_follow_truncation_on_the_right_and_round_off_on_the_left(exponential, part):
    axes = error_curve(exponential, {"a": 1.0}).figure.axes[0]
    h, error = part(axes, "central").get_data()
    right, left = (h > 1e-3) & (h < 0.1), (h < 1e-9)

    assert error[right] == pytest.approx(np.e / 6 * h[right] ** 2, rel=0.01)
    assert (error[left] < 10 * np.finfo(float).eps * np.e / h[left]).all()
    assert np.median(error[left]) > 1e-9


def test_a_central_difference_of_a_parabola_has_no_truncation_line(lever):
    axes = error_curve(lever, {"b": 70.0}).figure.axes[0]
    drawn = [line.get_gid() for line in axes.lines]

    assert "forward truncation" in drawn
    assert "central truncation" not in drawn


def test_an_error_of_zero_lies_on_the_lowest_line_which_says_so(lever, part):
    picture = error_curve(lever, {"b": 70.0})
    axes = picture.figure.axes[0]
    low = axes.get_ylim()[0]

    assert (part(axes, "complex-step").get_ydata() == low).any()
    assert axes.get_yticks()[0] == low
    assert axes.get_yticklabels()[0].get_text() == "0"


def test_methods_differ_by_marker(exponential, part):
    axes = error_curve(exponential, {"a": 1.0}).figure.axes[0]

    assert len({part(axes, name).get_marker() for name in ("forward", "central", "complex-step")}) == 3


def test_at_a_kink_there_is_no_complex_step(exponential):
    exponential.kinked = ("abs(a) has a kink at a = 0.",)
    axes = error_curve(exponential, {"a": 1.0}).figure.axes[0]

    assert "complex-step" not in [line.get_gid() for line in axes.lines]


def test_the_40_digit_slope_is_the_measure_where_there_is_one(exponential):
    with mpmath.workdps(40):
        truth = mpmath.exp(1)
    exponential.reference = lambda point: (truth, {"a": truth})
    axes = error_curve(exponential, {"a": 1.0}).figure.axes[0]

    assert axes.get_ylabel() == "|numeric − 40-digit slope|"


def test_both_axes_are_logarithmic_and_labeled(line):
    picture = error_curve(line, {"m": 1.0, "b": 2.0}, "b")
    axes = picture.figure.axes[0]

    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlabel() == "step h"
    assert axes.get_title(loc="left") == "Error of the numeric slope along b at 2"
    assert "forward is nearest at h = " in picture.alt


def test_every_method_can_be_drawn(exponential):
    names = ["forward", "backward", "central", "five-point", "complex-step", "richardson"]
    axes = error_curve(exponential, {"a": 1.0}, methods=names).figure.axes[0]

    assert set(names) <= {line.get_gid() for line in axes.lines}


def test_a_point_where_the_loss_is_not_finite_is_refused(exponential):
    with pytest.raises(InputError, match="not finite at the point"):
        error_curve(exponential, {"a": 800.0})


def test_an_unknown_method_is_refused(exponential):
    with pytest.raises(InputError, match="sideways"):
        error_curve(exponential, {"a": 1.0}, methods=["sideways"])
