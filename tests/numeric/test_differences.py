"""Claims about the table of difference methods."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.numeric.differences import METHODS, checked_step, method_named

# f for real and complex numbers, f', worked out by hand.
CURVES = {
    "exp": (lambda x: cmath.exp(x) if isinstance(x, complex) else math.exp(x), math.exp),
    "sin": (lambda x: cmath.sin(x) if isinstance(x, complex) else math.sin(x), math.cos),
    "cubic": (lambda x: x**3 - 2 * x, lambda x: 3 * x**2 - 2),
    "reciprocal": (lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
}
ACCURACY = {
    "forward": 1e-6, "backward": 1e-6, "central": 1e-9, "five-point": 1e-11, "complex-step": 1e-15,
    "richardson": 1e-11, "adaptive": 1e-12,
}  # fmt: skip


@pytest.mark.parametrize("x", [-2.0, -0.3, 0.0, 1e-3, 1.5])
@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_measures_every_slope(method, curve, x):
    f, slope = CURVES[curve]

    found = METHODS[method].measure(f, x)

    assert found.slope == pytest.approx(slope(x), abs=ACCURACY[method] * 20, rel=ACCURACY[method] * 20)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_counts_its_evaluations(method):
    count = 0

    def f(x):
        nonlocal count
        count += 1
        return x * x

    found = METHODS[method].measure(f, 1.25)

    assert found.evaluations == count


@pytest.mark.parametrize(("method", "power"), [("forward", 1), ("central", 2), ("five-point", 4)])
def test_the_error_shrinks_by_the_order_of_the_method(method, power):
    f, slope = CURVES["exp"]
    coarse, fine = (METHODS[method].measure(f, 0.5, h).slope - slope(0.5) for h in (0.08, 0.04))

    assert 2**power == pytest.approx(coarse / fine, rel=0.05)


@pytest.mark.parametrize("method", ["forward", "backward", "central"])
def test_the_predicted_truncation_is_the_error_of_a_wide_step(method):
    f, slope = CURVES["exp"]
    row = METHODS[method]

    found = row.measure(f, 0.5, 1e-3)

    assert row.truncation(1e-3, math.exp(0.5)) == pytest.approx(found.slope - slope(0.5), rel=1e-3)


def test_the_distance_really_moved_divides_the_rise():
    # At 1e8 a step of 1e-8 is rounded to 1.49e-8; on a straight line the slope must come out exact.
    assert METHODS["forward"].measure(lambda x: 2 * x, 1e8, 1e-8).slope == 2


def test_a_step_that_moves_nothing_gives_no_slope():
    assert math.isnan(METHODS["forward"].measure(lambda x: x, 1e20, 1e-3).slope)


def test_richardson_states_an_error_that_holds():
    f, slope = CURVES["sin"]
    found = METHODS["richardson"].measure(f, 1.0)

    assert abs(found.slope - slope(1.0)) <= found.error < 1e-9


def test_richardson_finds_its_way_back_into_the_domain():
    def f(x):
        return math.log(x) if x > 0 else math.nan

    assert METHODS["richardson"].measure(f, 0.01).slope == pytest.approx(100, rel=1e-9)


def test_the_complex_step_is_exact_where_differences_are_not():
    # sin(1e8 x): a difference of values loses half of the digits, the complex step none.
    slope = 1e8 * math.cos(1e8 * 0.7)

    found = METHODS["complex-step"].measure(lambda x: cmath.sin(1e8 * x), 0.7, 1e-30)

    assert found.slope == pytest.approx(slope, rel=1e-14)


def test_values_that_are_not_finite_give_nan_without_a_warning():
    def f(x):
        return np.log(np.float64(x))

    assert math.isnan(METHODS["central"].measure(f, 0.0).slope)


def test_an_unknown_method_names_the_nearest_ones():
    with pytest.raises(InputError, match=r"no difference method 'centrall'\. Did you mean central\?"):
        method_named("centrall")


@pytest.mark.parametrize("h", [0, -1e-3, math.inf, math.nan, "wide"])
def test_a_step_must_be_a_positive_number(h):
    with pytest.raises(InputError, match="step h is"):
        checked_step(h)
