"""Whether a function of one value is convex, or smooth at its branches, proven piece by piece with exact numbers.

The line is cut where a kink or a branch changes; on each piece the second derivative is a quotient of polynomials whose
sign is settled by counting roots, and where pieces meet the value must agree and the slope must not fall.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sympy as sp

from symcalc.language import functions as f

_KINKED = (f.Absolute, f.Relu, f.Maximum, f.Minimum, f.Where)
_MOST_PIECES = 12
# Values at a cut are compared with so many digits: they are rational, or logarithms of rationals.
_DIGITS = 50
_SAME = sp.Float(10, _DIGITS) ** -40


def is_convex_in(e: Any, u: Any) -> bool:
    """Whether an expression in one real symbol, with numbers for all else, is proven convex on the whole line.

    Args:
        e: The expression.
        u: The symbol.
    """
    cuts, turns, pieces = _cut_up(e, u)
    bend_up = (_bends_up(piece, u, a, b) for piece, (a, b) in zip(pieces, _intervals(cuts)))
    return bool(pieces) and all(bend_up) and all(turn >= 0 for turn in turns)


def is_smooth_in(e: Any, u: Any) -> bool:
    """Whether an expression in one real symbol is proven to keep its value and its slope wherever a branch changes.

    Args:
        e: The expression.
        u: The symbol.
    """
    _, turns, pieces = _cut_up(e, u)
    return bool(pieces) and all(turn == 0 for turn in turns)


def _cuts(e: Any, u: Any) -> list[Any] | None:
    """Every place where a branch changes, in order; None where they cannot be settled or are too many."""
    cuts: list[Any] = []
    while len(cuts) <= _MOST_PIECES:
        found = _new_cut(e, u, cuts)
        if found is _NONE:
            return cuts
        if found is None:
            return None
        cuts = sorted([*cuts, found])
    return None


def _cut_up(e: Any, u: Any) -> tuple[list[Any], Iterator[float], list[Any]]:
    """The places where a branch changes, how the slope turns at each, and the pieces between; no piece if not settled."""
    cuts = _cuts(e, u)
    if cuts is None:
        return [], iter(()), []
    pieces = [_resolved(e, u, _inside(a, b))[0] for a, b in _intervals(cuts)]
    turns = (_turns(left, right, u, cut) for left, right, cut in zip(pieces, pieces[1:], cuts))
    return cuts, turns, pieces


_NONE = object()


def _intervals(cuts: list[Any]) -> list[tuple[Any, Any]]:
    ends = [None, *cuts, None]
    return list(pairwise(ends))


def _inside(a: Any, b: Any) -> Any:
    """A rational number between two ends, None being infinite."""
    if a is None:
        return sp.Integer(0) if b is None else b - 1
    return a + 1 if b is None else (a + b) / 2


def _new_cut(e: Any, u: Any, cuts: list[Any]) -> Any:
    """A place where a branch changes that is no cut yet; _NONE if there is none, None if that cannot be settled."""
    for a, b in _intervals(cuts):
        _, gaps = _resolved(e, u, _inside(a, b))
        for gap in gaps:
            if not gap.is_polynomial(u) or sp.degree(gap, u) > 1:
                return None
            slope = gap.coeff(u, 1)
            if slope == 0:
                continue
            root = -gap.coeff(u, 0) / slope
            if root.is_Rational and (a is None or root > a) and (b is None or root < b):
                return root
    return _NONE


def _resolved(e: Any, u: Any, at: Any) -> tuple[Any, list[Any]]:
    """The expression with the branch taken that holds at a place, and what must be 0 for a branch to change."""
    gaps: list[Any] = []
    while True:
        inner = [n for n in e.atoms(*_KINKED) if not any(a.atoms(*_KINKED) for a in n.args)]
        if not inner:
            return e, gaps
        for node in inner:
            branch, gap = _branch(node, u, at)
            gaps.append(sp.expand(gap))
            e = e.xreplace({node: branch})


def _branch(node: Any, u: Any, at: Any) -> tuple[Any, Any]:
    if isinstance(node, f.Absolute | f.Relu):
        gap = node.args[0]
        negative = -gap if isinstance(node, f.Absolute) else sp.Integer(0)
        return (gap if gap.subs(u, at) >= 0 else negative), gap
    if isinstance(node, f.Where):
        condition, then, otherwise = node.args
        gap = condition.args[0] - condition.args[1]
        holds = gap.subs(u, at) <= 0 if isinstance(condition, f.LessEqual) else gap.subs(u, at) < 0
        return (then if holds else otherwise), gap
    a, b = node.args
    first = (a - b).subs(u, at) >= 0
    return (a if first == isinstance(node, f.Maximum) else b), a - b


def _bends_up(piece: Any, u: Any, a: Any, b: Any) -> bool:
    """Whether the second derivative of a smooth piece is nowhere negative between two ends."""
    second = sp.together(piece.diff(u, 2))
    above, below = sp.fraction(second)
    if not (above.is_polynomial(u) and below.is_polynomial(u)):
        return False
    for polynomial in (above, below):
        if polynomial.has(u):
            inside = sp.Poly(polynomial, u).count_roots(a, b) - sum(
                polynomial.subs(u, end) == 0 for end in (a, b) if end is not None
            )
            if inside > 0:
                return False
    return bool(second.subs(u, _inside(a, b)) >= 0)


def _turns(left: Any, right: Any, u: Any, cut: Any) -> float:
    """By how much the slope rises where two pieces meet, exactly 0 where it does not; nan where the values differ."""
    jump = sp.N((right - left).subs(u, cut), _DIGITS)
    turn = sp.N((right - left).diff(u).subs(u, cut), _DIGITS)
    if not (jump.is_finite and turn.is_finite and abs(jump) <= _SAME):
        return math.nan
    return 0.0 if abs(turn) <= _SAME else float(turn)
