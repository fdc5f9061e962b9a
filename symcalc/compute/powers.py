"""Whole powers as products: what is raised gets a name, so that every engine multiplies alike.

A general power costs several products and rounds otherwise; `x^6` becomes `s = x*x` and `s*s*s`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

MOST = 16
Steps = list[tuple[Any, Any]]


def multiplied(steps: Sequence[tuple[Any, Any]]) -> Steps:
    """Assignments without whole powers beyond squares and cubes of names.

    Args:
        steps: (symbol, expression) in order.
    """
    return _Multiplying().through(steps)


class _Multiplying:
    def __init__(self) -> None:
        self.done: Steps = []
        self.count = 0

    def through(self, steps: Sequence[tuple[Any, Any]]) -> Steps:
        for symbol, expression in steps:
            value = self.plain(expression)
            self.done.append((symbol, value))
        return self.done

    def named(self, expression: Any) -> Any:
        """A name of its own for an expression."""
        if expression.is_Symbol:
            return expression
        symbol = sp.Symbol(f"power{self.count}", real=True)
        self.count += 1
        self.done.append((symbol, expression))
        return symbol

    def plain(self, expression: Any) -> Any:
        """The expression with its powers named."""
        if not expression.args or not expression.has(sp.Pow):
            return expression
        if expression.is_Pow and expression.exp.is_Integer and 2 <= abs(expression.exp) <= MOST:
            return self.power(self.named(self.plain(expression.base)), int(expression.exp))
        arguments = [self.plain(a) for a in expression.args]
        return expression if tuple(arguments) == expression.args else expression.func(*arguments)

    def power(self, base: Any, exponent: int) -> Any:
        """A name's power by repeated squaring."""
        left, factors = abs(exponent), []
        while left > 3:
            if left % 2:
                factors.append(base)
            base, left = self.named(base**2), left // 2
        product = sp.Mul(*factors, base**left)
        return product if exponent > 0 else self.named(product) ** -1
