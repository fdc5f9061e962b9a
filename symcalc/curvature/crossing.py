"""Kinks that lie between two points: what a step jumps over, where the bend at its start says nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.compute.inspection import kink_text, rows
from symcalc.compute.program import Program
from symcalc.compute.standing import standing
from symcalc.numeric.differentiable import Vector

_MOST = 3


def crossed(program: Program, here: Vector, there: Vector) -> str:
    """The kinked functions that are on another branch at another point: `abs(r) in rows 1, 5`; "" if none.

    Args:
        program: The compiled loss.
        here: Flat point.
        there: Flat point.
    """
    texts = []
    for one, two in zip(standing(program, here), standing(program, there)):
        before, after = (_branch(s.gap, s.kink.gap is None) for s in (one, two))
        changed = (before != after) & ~one.on & ~two.on
        if np.any(changed):
            texts.append(f"{kink_text(program, one.kink)}{rows(np.argwhere(changed), changed.ndim)}")
    more = len(texts) - _MOST
    return "; ".join(texts[:_MOST]) + (f"; {more} more" if more > 0 else "")


def _branch(gap: Any, extreme: bool) -> Any:
    """Which branch each entry is on: the sign of its gap, or whether it is the largest or least of all."""
    return gap == 0 if extreme else np.sign(gap)
