"""How far a point is from its kinks: against residuals by hand."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc
from symcalc.compute.nearest_kink import crossed, nearest

X = np.array([1.0, 2.0, 4.0])
Y = np.array([3.0, 3.5, 9.0])


def made(formula: str) -> sc.Program:
    return sc.compile(sc.differentiate(sc.parse(formula, data={"x": X, "y": Y})))


def test_the_nearest_row_and_the_rate_that_reaches_the_first_kink() -> None:
    """r = y - 2x - 0.5 = (0.5, -1, 0.5): slopes -mean(x·sign(r)) = -1, -mean(sign(r)) = -1/3 by hand.

    A step at rate t adds t to m and t/3 to b, so r falls by t·(x + 1/3): row 1 reaches 0 at 0.5/(4/3) = 0.375,
    row 3 at 0.5/(13/3) = 0.11538.
    """
    found = nearest(made("mean(abs(y - (m*x + b)))"), {"m": 2, "b": 0.5})
    assert found is not None
    assert found.first is not None
    assert found.nearest.row in (1, 3)
    assert found.nearest.value == pytest.approx(0.5)
    assert found.first.row == 3
    assert found.first.rate == pytest.approx(0.5 / (13 / 3), rel=1e-12)


@pytest.mark.parametrize("formula", ["mean(abs(y - (m*x + b)))", "mean(max(0, y - (m*x + b))) + 0.1*m^2",
                                     "mean(max(y - (m*x + b), 0.5*(m*x + b - y)))", "max(abs(y - (m*x + b)))"])  # fmt: skip
def test_no_kink_is_crossed_below_the_rate_and_one_above(formula: str) -> None:
    program, at = made(formula), {"m": 1.9, "b": 0.4}
    found = nearest(program, at)
    assert found is not None
    assert found.first is not None
    _, slopes = program.value_and_gradient(at)

    def after(rate: float) -> dict[str, float]:
        return {n: at[n] - rate * float(slopes[n]) for n in at}

    assert not crossed(program, at, after(found.first.rate * 0.999))
    assert crossed(program, at, after(found.first.rate * 1.001))


def test_what_passes_a_kink_on_the_way_is_named() -> None:
    """r = y - 2x - 0.5 = (0.5, -1, 0.5) becomes y - 2.4x - 0.5 = (0.1, -1.8, -1.1): row 3 passes 0."""
    told = crossed(made("mean(abs(y - (m*x + b)))"), {"m": 2, "b": 0.5}, {"m": 2.4, "b": 0.5})
    assert told == ["row 3 passes r = 0"]


def test_the_largest_entry_may_change() -> None:
    """|r| = (0.5, 1, 0.5) is largest in row 2; at m = 1 it is (1.5, 1, 4.5): row 3."""
    told = crossed(made("max(abs(y - (m*x + b)))"), {"m": 2, "b": 0.5}, {"m": 1, "b": 0.5})
    assert any("row 3" in sentence and "extreme" in sentence for sentence in told)


def test_a_kink_typed_from_the_other_side_is_told_by_its_residual() -> None:
    found = nearest(made("mean(max(0, y - (m*x + b)))"), {"m": 2, "b": 0.75})
    assert found is not None
    assert found.nearest.place == "row 1, where r is 0.25"


def test_a_smooth_loss_has_none_and_a_point_on_a_kink_is_on_it() -> None:
    assert nearest(made("mean((y - (m*x + b))^2)"), {"m": 2, "b": 0.5}) is None
    assert nearest(made("mean(abs(y - (m*x + b)))"), {"m": 2, "b": 1}) is None


def test_step_sizes_say_how_near_the_kinks_are() -> None:
    found = sc.step_sizes(made("mean(abs(y - (m*x + b)))"), at={"m": 2, "b": 0.5})
    assert any(
        "nearest kink" in sentence and "row 3" in sentence and "0.11538" in sentence for sentence in found.findings
    )
