"""Two branches that were summed with opposite masks, as one choice.

The slope of a `where` is  m·A + (1 - m)·B  with masks of 0 and 1; it becomes  Where(condition, A, B): one array in place
of four, with the same bits. A branch that was not taken no longer has a say, not even as 0·inf.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from symcalc.language.functions import Where

Steps = list[tuple[Any, Any]]


def merged(steps: Sequence[tuple[Any, Any]]) -> Steps:
    """Assignments whose sums hold no two opposite masks.

    Args:
        steps: (symbol, expression) in order, each symbol once.
    """
    masks = {symbol: (e.args[0], e.args[1] == 1) for symbol, e in steps if _is_mask(e)}
    if len(masks) < 2:
        return list(steps)
    return [(symbol, _merged(expression, masks)) for symbol, expression in steps]


def _is_mask(expression: Any) -> bool:
    return isinstance(expression, Where) and {*expression.args[1:]} == {sp.S.Zero, sp.S.One}


def _merged(expression: Any, masks: dict[Any, tuple[Any, bool]]) -> Any:
    if not expression.free_symbols & masks.keys() or not expression.args:
        return expression
    expression = expression.func(*(_merged(a, masks) for a in expression.args))
    if not expression.is_Add:
        return expression
    branches: dict[Any, dict[bool, list[Any]]] = {}
    for term in expression.args:
        held = [f for f in sp.Mul.make_args(term) if f in masks]
        if len(held) == 1:
            condition, holds = masks[held[0]]
            branches.setdefault(condition, {}).setdefault(holds, []).append(term)
    for condition, sides in branches.items():
        if len(sides) < 2:
            continue
        rest = [t for t in expression.args if t not in sides[True] and t not in sides[False]]
        then, otherwise = (sp.Add(*(_without(t, masks) for t in sides[side])) for side in (True, False))
        expression = sp.Add(Where(condition, then, otherwise), *rest)
    return expression


def _without(term: Any, masks: dict[Any, tuple[Any, bool]]) -> Any:
    """A product without its mask."""
    return sp.Mul(*(f for f in sp.Mul.make_args(term) if f not in masks))
