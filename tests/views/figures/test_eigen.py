"""The eigen-directions on the contour."""

import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.views.figures.eigen import eigen


def direction(line):
    x, y = line.get_data()
    way = np.array([x[1] - x[0], y[1] - y[0]])
    return way / np.linalg.norm(way)


def test_the_lines_run_along_the_eigenvectors_through_the_point(rosenbrock, part):
    point = {"x": 1.0, "y": 1.0}
    axes = eigen(rosenbrock, point).figure.axes[0]
    hessian = np.array([[802.0, -400.0], [-400.0, 200.0]])
    values, vectors = np.linalg.eigh(hessian)

    for role, k in (("steepest", 1), ("flattest", 0)):
        line = part(axes, role)
        assert abs(direction(line) @ vectors[:, k]) == pytest.approx(1, abs=1e-12)
        (x0, x1), (y0, y1) = line.get_data()
        assert (y0 - 1) * (x1 - 1) == pytest.approx((y1 - 1) * (x0 - 1))
        assert f"{values[k]:.6g}" in line.get_label()


def test_the_lines_end_at_the_edge_of_the_axes(rosenbrock, part):
    axes = eigen(rosenbrock, {"x": 1.0, "y": 1.0}).figure.axes[0]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()

    for role in ("steepest", "flattest"):
        for x, y in zip(*part(axes, role).get_data()):
            edges = [x - left, right - x, y - low, high - y]
            assert min(edges) == pytest.approx(0, abs=1e-9)


def test_the_words_carry_the_condition_number(rosenbrock):
    # λ of ((802, -400), (-400, 200)): 501 ± sqrt(301² + 400²).
    root = np.hypot(301, 400)
    assert f"The condition number is {(501 + root) / (501 - root):.6g}." in eigen(rosenbrock, {"x": 1.0, "y": 1.0}).alt


def test_axes_that_are_eigenvectors_are_drawn_straight(line, part):
    line.H = lambda p: np.diag([4.0, 1.0])
    axes = eigen(line, {"m": 0.0, "b": 0.0}).figure.axes[0]

    assert np.ptp(part(axes, "steepest").get_ydata()) == pytest.approx(0, abs=1e-12)
    assert np.ptp(part(axes, "flattest").get_xdata()) == pytest.approx(0, abs=1e-12)


def test_second_derivatives_that_are_not_finite_are_refused(line):
    line.H = lambda p: np.full((2, 2), np.nan)
    with pytest.raises(InputError, match="not finite"):
        eigen(line, {"m": 1.0, "b": 1.0})
