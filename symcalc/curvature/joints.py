"""Whether the slope of a loss jumps where its branches change, or goes on as that of Huber's loss does.

Source: for the sum of functions that each move with one linear value, the pieces of each are compared where they meet.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from symcalc.calculus.partials import base_of, references
from symcalc.compute.inspection import all_values, array_form, moving_kinks
from symcalc.compute.program import Program
from symcalc.compute.single import Singles, U
from symcalc.compute.univariate import is_smooth_in
from symcalc.curvature.degree import degrees
from symcalc.curvature.spectrum import largest_bend
from symcalc.language.functions import KINKED
from symcalc.numeric.differentiable import Differentiable, Vector

# How far beside, as a share of the size of the point.
_BESIDE = 1e-8
_known: WeakKeyDictionary[Program, bool] = WeakKeyDictionary()


def slopes_jump(program: Program) -> bool:
    """Whether the loss may have kinks that move with its parameters; False where its slopes are proven to go on.

    Args:
        program: The compiled loss.
    """
    if program not in _known:
        _known[program] = bool(moving_kinks(program)) and not _goes_on(program)
    return _known[program]


def kinks_at(program: Differentiable, point: Any) -> tuple[str, ...]:
    """A sentence for each kink that a point stands on; none where the slopes of the loss go on across its branches.

    Args:
        program: The compiled loss.
        point: A point.
    """
    found = program.kinks(point)
    return found if found and not (isinstance(program, Program) and not slopes_jump(program)) else ()


def bend_place(program: Program, point: Vector) -> Vector:
    """Where the bend at a point is looked at: beside it where it stands on a joint, on the side that bends more.

    The rules take one branch there, or the slope of |u| at 0 as 0: right for a slope that goes on, not for its change.

    Args:
        program: The compiled loss.
        point: Flat point.
    """
    if not program.kinks(point) or slopes_jump(program):
        return point
    way = np.random.default_rng(0).normal(size=point.shape)
    way *= _BESIDE * max(1.0, float(np.linalg.norm(point))) / float(np.linalg.norm(way))
    bends = {side: largest_bend(program, point + side * way) for side in (1.0, -1.0)}
    return np.asarray(point + max(bends, key=lambda side: bends[side] or 0.0) * way)


def _goes_on(program: Program) -> bool:
    loss = program.loss
    singles = Singles(all_values(program, np.zeros(program.layout.total)), array_form(program))
    degree, moved = degrees(loss), {p.symbol for p in loss.parameters}
    singles.known.update({symbol: (symbol, U) for symbol in moved})
    for equation in loss.equations:
        if not any(references(term.body, moved) for term in equation.terms):
            continue
        symbol = equation.name.symbol
        singles.add(equation, moved, degree[symbol] <= 1)
        # What later equations put in as a whole is judged there.
        whole = symbol not in singles.known or symbol == loss.output.name.symbol
        order = equation.indices
        if whole and not all(_smooth(singles, t.body, (*order, *t.over), moved) for t in equation.terms):
            return False
        if equation.reduction in ("max", "min"):
            return False
        moved.add(symbol)
    return True


def _smooth(singles: Singles, body: Any, order: tuple[Any, ...], moved: set[Any]) -> bool:
    """Whether a body has no branches, or none where its slope jumps; else whether that holds of all its addends."""
    put_in = [singles.known[base_of(r)][1] for r in references(body, moved) if base_of(r) in singles.known]
    if not any(part.has(*KINKED) for part in (body, *put_in)) or singles.proven(is_smooth_in, body, order, moved):
        return True
    return bool(body.is_Add) and all(_smooth(singles, part, order, moved) for part in body.args)
