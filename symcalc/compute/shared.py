"""Function calls that several lines of code make, made once: the condition of a where, a sigmoid, an exponential."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sympy as sp

from symcalc.compute.printing import Text

MOST = 50
Assignments = list[tuple[Any, Any]]


def shared(steps: Assignments) -> Assignments:
    """Assignments in which no function is called twice with the same arguments.

    Args:
        steps: (symbol, expression) in the order in which they are worked out, each symbol once.
    """
    for number in range(MOST):
        counts = Counter(call for _, expression in steps for call in _calls(expression))
        twice = [call for call, count in counts.items() if count > 1]
        if not twice:
            break
        # From the outside in: what is inside a shared call is shared with it.
        call = max(twice, key=lambda c: (sp.count_ops(c), str(c)))
        symbol = sp.Symbol(f"shared{number}", real=True)
        first = next(k for k, (_, expression) in enumerate(steps) if expression.has(call))
        replaced = [(s, expression.xreplace({call: symbol})) for s, expression in steps]
        steps = [*replaced[:first], (symbol, call), *replaced[first:]]
    return steps


def _calls(expression: Any) -> list[Any]:
    """Every call of a function in an expression, as often as it occurs; code without a word for it is left alone."""
    nodes = sp.preorder_traversal(expression)
    return [n for n in nodes if isinstance(n, sp.Function) and not isinstance(n, Text) and n.free_symbols]
