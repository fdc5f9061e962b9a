"""Plain multiples put into what uses them: `s = 200*r; -2*x*s` becomes `-400*x*r`, one product fewer on the way.

In a descent each operation waits for the one before, so a step lasts as long as its longest chain.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sympy as sp

Steps = list[tuple[Any, Any]]
# Numbers that a float holds exactly, over and under the bar of a fraction.
_EXACT = 2**53


def folded_multiples(steps: Sequence[tuple[Any, Any]], results: Collection[Any]) -> Steps:
    """Assignments without those that are a number times a name, where that takes no more products.

    Args:
        steps: (symbol, expression) in order, each symbol set once.
        results: Symbols that have to stay.
    """
    multiples: dict[Any, Any] = {}
    kept: Steps = []
    for place, (symbol, expression) in enumerate(steps):
        found = expression.xreplace(multiples) if multiples else expression
        uses = [later for _, later in steps[place + 1 :]] if symbol not in results and _is_multiple(found) else None
        if uses is not None and sum(_cost(use, symbol) for use in uses) <= 1:
            multiples[symbol] = found
        else:
            kept.append((symbol, found))
    return kept


def _is_multiple(expression: Any) -> bool:
    number, rest = expression.as_coeff_Mul()
    return bool(rest.is_Symbol and number.is_Rational and max(abs(number.p), number.q) < _EXACT)


def _cost(expression: Any, symbol: Any) -> int:
    """How many products more an expression takes with a multiple in the symbol's place."""
    if not expression.has(symbol):
        return 0
    return sum(_cost_in(term, symbol) for term in sp.Add.make_args(expression))


def _cost_in(term: Any, symbol: Any) -> int:
    number, rest = term.as_coeff_Mul()
    # A number that is there already takes the other one in.
    joins = abs(number) != 1 and symbol in sp.Mul.make_args(rest)
    return int(term.count(symbol)) - joins
