"""Secants that turn into the tangent."""

import math

import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.views.figures.secant import HALVINGS, secant, shrinking


def lines(axes, role):
    return [artist for artist in axes.get_children() if artist.get_gid() == role]


def test_every_secant_goes_through_both_of_its_points(exponential):
    axes = secant(exponential, {"a": 1.0}, widths=[1.0, 0.5]).figure.axes[0]

    for line, h in zip(lines(axes, "secant"), (1.0, 0.5)):
        (x0, x1), (y0, y1) = line.get_xdata()[[0, -1]], line.get_ydata()[[0, -1]]
        assert (y1 - y0) / (x1 - x0) == pytest.approx((math.exp(1 + h) - math.e) / h, rel=1e-12)
        assert y0 + (1 - x0) * (y1 - y0) / (x1 - x0) == pytest.approx(math.e, rel=1e-12)


def test_the_tangent_touches_with_the_exact_slope(exponential, part):
    x, y = part(secant(exponential, {"a": 1.0}).figure.axes[0], "tangent").get_data()

    assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(math.e, rel=1e-12)


def test_the_widest_secant_reaches_the_other_side_of_the_bowl_and_each_next_is_half_as_wide(lever):
    slope, bend = float(lever.g(np.array([70.0]))[0]), 2.0
    widths = shrinking(70.0, 5339.26, slope, bend)

    assert len(widths) == HALVINGS
    assert 70 + widths[0] > 70 - slope / bend
    assert widths[1:] == pytest.approx([w / 2 for w in widths[:-1]])


def test_at_the_bottom_and_on_a_flat_loss_there_is_a_width(lever, line):
    assert all(w > 0 for w in shrinking(108.665, 3843.61, 0.0, 2.0))
    line.f, line.g, line.H = lambda p: 3.0, lambda p: [0.0, 0.0], lambda p: np.zeros((2, 2))
    assert secant(line, {"m": 1.0, "b": 1.0}, "b").figure.axes[0].get_xlim()[1] > 1


def test_the_words_say_by_how_much_each_secant_is_off(exponential):
    # (e^2 - e)/1 - e = 1.95249.
    assert "h = 1 gives 4.67077, off by 1.95" in secant(exponential, {"a": 1.0}, widths=[1.0]).alt


def test_where_the_loss_is_not_finite_there_is_no_picture(line):
    line.f = lambda p: float("nan")
    with pytest.raises(InputError, match="not finite"):
        secant(line, {"m": 1.0, "b": 1.0})
