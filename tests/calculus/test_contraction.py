"""Sums that a delta pins down: Σ_l [l = j - 1]·f[l], with l in 0, 1, 2 and j in 0, …, 3, written out by hand."""

from __future__ import annotations

import pytest
import sympy as sp

from symcalc.calculus.contraction import contracted
from symcalc.equations import Term

j, k, l = sp.symbols("j k l", integer=True)  # noqa: E741
f = sp.IndexedBase("f")
SIZES = {j: sp.Integer(4), k: sp.Integer(3), l: sp.Integer(3)}


def test_an_entry_that_is_read_carries_the_range_with_it() -> None:
    (term,) = contracted([Term((l,), sp.KroneckerDelta(l, j - 1) * f[l])], SIZES.__getitem__)
    assert (term.over, term.body) == ((), f[j - 1])


def test_indices_of_one_range_are_one() -> None:
    (term,) = contracted([Term((l,), sp.KroneckerDelta(l, k))], SIZES.__getitem__)
    assert (term.over, term.body) == ((), 1)


@pytest.mark.parametrize("body", [
    # The sum is 0 at j = 0, where j - 1 is no value of l; 1 would be wrong there.
    sp.KroneckerDelta(l, j - 1),
    # At j = 0 it is 0 and not f[0].
    sp.KroneckerDelta(l, j - 1) * f[l + 1],
    # j = 3 is no value of l.
    sp.KroneckerDelta(l, j),
])  # fmt: skip
def test_where_nothing_tells_the_range_the_delta_stays(body: sp.Expr) -> None:
    (term,) = contracted([Term((l,), body)], SIZES.__getitem__)
    assert (term.over, term.body) == ((l,), body)
