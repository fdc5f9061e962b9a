"""Claims about opposite masks: a choice in their place, with the same values, and no word from the branch not taken."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

import symcalc as sc
from symcalc.compute.masks import merged
from symcalc.language.functions import LessEqual, Where

a, b, c, x, one, other = sp.symbols("a b c x one other", real=True)
HERE, THERE = (one, Where(c, 1, 0)), (other, Where(c, 0, 1))


@pytest.mark.parametrize(
    ("sum_of_masks", "choice"),
    [
        (one * a + other * b, Where(c, a, b)),
        (2 * one * a - other * b + x, Where(c, 2 * a, -b) + x),
        (one * a + one * x + other, Where(c, a + x, 1)),
        (b * sp.exp(one * a + other * x), b * sp.exp(Where(c, a, x))),
        (one * a + b, one * a + b),
        (one * other * a + b, one * other * a + b),
    ],
)
def test_opposite_masks_become_a_choice(sum_of_masks, choice):
    steps = [(c, LessEqual(a, b)), HERE, THERE, (x, sum_of_masks)]
    assert choice == merged(steps)[-1][1]
    assert steps[:-1] == merged(steps)[:-1]


def test_masks_of_different_conditions_stay():
    steps = [HERE, (other, Where(x, 0, 1)), (b, one * a + other * a)]
    assert steps == merged(steps)


def test_a_branch_that_was_not_taken_has_no_say():
    y = np.array([-2.0, 0.25, 3.0, 0.0])
    made = sc.compile(sc.differentiate(sc.parse("sum(huber(y - b, 0.5))", data={"y": y})))
    for shift in (0.0, 1e300):
        # Far out the slope is ∓δ, even where the square is infinite.
        expected = -np.clip(y - shift, -0.5, 0.5).sum()
        assert expected == made.gradient({"b": shift})["b"]
