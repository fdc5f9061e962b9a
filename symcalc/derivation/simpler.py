"""A shorter way to write a result, with the rule that allows it: tried one by one, none of them able to hang."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.simplify.fu import TR5, TR6, TR8, TR11, TR22, TR10i

from symcalc.calculus.plain import plainly
from symcalc.calculus.unrolled import zero
from symcalc.equations import Equation, Verdict
from symcalc.notation.references import parts, references

SECONDS = 0.2
PROVEN = Verdict("exact", "exact: the difference is 0 by algebra")
# A form must save so many characters, and more where another one was found before.
_LARGEST, _GAIN, _MORE = 60, 2, 4


def _factored(expression: Any) -> Any:
    """Polynomials only, and small ones: factoring those always ends soon."""
    symbols = expression.free_symbols
    if not expression.is_polynomial(*symbols) or len(symbols) > 4 or sp.Poly(expression, *symbols).total_degree() > 6:
        return expression
    return sp.factor(expression)


def _angles(identity: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An identity of sin, cos and tan, tried only where there are any."""

    def rewritten(expression: Any) -> Any:
        return sp.expand(identity(sp.expand(expression))) if expression.has(sp.sin, sp.cos, sp.tan) else expression

    return rewritten


_RULES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("common factor", sp.factor_terms),
    ("factored", _factored),
    ("cos(u)^2 + sin(u)^2 = 1", _angles(TR5)),
    ("cos(u)^2 + sin(u)^2 = 1", _angles(TR6)),
    ("products of sin and cos as sums, by the double angle", _angles(TR8)),
    ("sum of angles", _angles(TR10i)),
    ("double angle", _angles(TR11)),
    ("1 + tan(u)^2 = 1/cos(u)^2", _angles(TR22)),
    ("like terms", sp.expand),
)


def offered(expression: Any, written: str, text: Callable[[Any], str]) -> tuple[Any, str] | None:
    """The shortest form that is proven equal to an expression, and the rule; None where none is shorter.

    Args:
        expression: One expression over names, or None.
        written: How it is written now; only what is shorter on paper is simpler.
        text: How an expression is written.
    """
    if expression is None or not expression.free_symbols or not _GAIN < sp.count_ops(expression) <= _LARGEST:
        return None
    if expression.atoms(sp.Indexed) or expression.has(sp.Piecewise):
        return None
    deadline, best = time.perf_counter() + SECONDS, None
    for rule, rewritten in _RULES:
        if time.perf_counter() > deadline:
            break
        other = rewritten(expression)
        shorter = len(text(other)) + (_GAIN if best is None else _MORE) <= len(written)
        if not shorter or other == expression or not _same_domain(expression, other):
            continue
        if _proven(plainly(expression) - plainly(other)):
            best, written = (other, rule), text(other)
    return best


def _proven(difference: Any) -> bool:
    """Whether a difference is 0 by algebra, angles taken apart and cos(u)^2 + sin(u)^2 = 1 where there are any."""
    if difference.has(sp.sin, sp.cos):
        difference = TR5(sp.expand(sp.expand_trig(difference)))
    return zero(difference) is True


def _same_domain(one: Any, other: Any) -> bool:
    """Whether the same things stand below a line, under a root or in a logarithm."""
    return _guarded(one) == _guarded(other)


def _guarded(expression: Any) -> set[Any]:
    found = {p.base for p in expression.atoms(sp.Pow) if not (p.exp.is_Integer and p.exp > 0) and p.base is not sp.E}
    return found | {
        f for f in expression.atoms(sp.Function) if type(f).__name__ in ("log", "tan", "gamma", "asin", "acos")
    }


def scalar(equation: Equation, by_symbol: Mapping[Any, Equation]) -> Any:
    """A slope as one expression over the names of the loss; None where it sums over something or grows large."""
    if equation.indices or any(t.over for t in equation.terms):
        return None
    expression = sp.Add(*(t.body for t in equation.terms))
    for _ in range(30):
        strange = [r for r in references(expression) if parts(r)[0] in by_symbol]
        if not strange:
            return expression
        put = {r: _meaning(by_symbol[parts(r)[0]], r) for r in strange}
        if None in put.values() or sp.count_ops(expression) > 2 * _LARGEST:
            return None
        expression = expression.xreplace(put)
    return None


def _meaning(equation: Equation, reference: Any) -> Any:
    if equation.reduction != "sum" or any(t.over for t in equation.terms):
        return None
    return sp.Add(*(t.body for t in equation.terms)).xreplace(dict(zip(equation.indices, parts(reference)[1])))
