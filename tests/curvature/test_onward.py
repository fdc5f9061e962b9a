"""How near "near this point" is: the limit where one step leads, against second derivatives by hand."""

from __future__ import annotations

import pytest

import symcalc as sc


def test_the_limit_after_one_step_by_hand() -> None:
    """L = x⁴: slope 4x³, bend 12x². At x = 1 the limit is 2/12; half of it leads to 1 - 4/12 = 2/3, limit 2/(12·4/9)."""
    found = sc.step_sizes(sc.compile(sc.differentiate(sc.parse("x^4", parameters=["x"]))), at={"x": 1}, learning_rate=1)
    assert found.onward is not None
    rate, largest = found.onward
    assert rate == pytest.approx(1 / 12, rel=1e-12)
    assert largest == pytest.approx(2 / (12 * 4 / 9), rel=1e-9)


def test_a_rate_that_works_is_the_one_that_is_taken() -> None:
    found = sc.step_sizes(
        sc.compile(sc.differentiate(sc.parse("x^4", parameters=["x"]))), at={"x": 1}, learning_rate=0.05
    )
    assert found.onward is not None
    assert found.onward[0] == 0.05
    assert found.onward[1] == pytest.approx(2 / (12 * 0.8**2), rel=1e-9)


def test_a_quadratic_needs_no_such_word() -> None:
    found = sc.step_sizes(sc.compile(sc.differentiate(sc.parse("x^2", parameters=["x"]))), at={"x": 1})
    assert found.onward is None
