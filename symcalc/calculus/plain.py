"""Equations as plain SymPy with the user's names: inner names put in, sums as Sum, kinks as Piecewise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.codegen import cfunctions

from symcalc.equations import Axis, Equation
from symcalc.language import functions, safe
from symcalc.notation.indexed import LETTERS, letters
from symcalc.notation.writing import Notation

# What each function of symcalc's own is in plain SymPy.
PLAIN: dict[Any, Callable[..., Any]] = {
    functions.Absolute: sp.Abs,
    functions.Sign: sp.sign,
    functions.SignAt: lambda u, value: sp.Piecewise((value, sp.Eq(u, 0)), (sp.sign(u), True)),
    functions.Relu: lambda u: sp.Piecewise((u, u > 0), (0, True)),
    functions.Above: lambda a, b, tie: _above(a, b, tie),
    functions.Maximum: lambda a, b: sp.Piecewise((a, a >= b), (b, True)),
    functions.Minimum: lambda a, b: sp.Piecewise((a, a <= b), (b, True)),
    functions.Less: lambda a, b: sp.Lt(a, b),
    functions.LessEqual: lambda a, b: sp.Le(a, b),
    functions.Same: lambda a, b: sp.Piecewise((1, sp.Eq(a, b)), (0, True)),
    functions.Differs: lambda a, b: sp.Ne(a, b),
    functions.Where: lambda c, a, b: sp.Piecewise((a, _condition(c)), (b, True)),
    functions.Masked: lambda s, f: s * f,
    functions.Sigmoid: lambda u: 1 / (1 + sp.exp(-u)),
    functions.Softplus: lambda u: sp.log(1 + sp.exp(u)),
    functions.tanh: sp.tanh,
    functions.asinh: sp.asinh,
    cfunctions.hypot: lambda u, w: sp.sqrt(u**2 + w**2),
    cfunctions.expm1: lambda u: sp.exp(u) - 1,
    cfunctions.log1p: lambda u: sp.log(1 + u),
    **{each: each.plain for each in safe.SAFE},
    safe.LogisticLoss: lambda u, w: sp.log(1 + sp.exp(u)) - w * u,
    functions.CubeRoot: lambda u: sp.sign(u) * sp.Abs(u) ** sp.Rational(1, 3),
}


def _above(a: Any, b: Any, tie: Any) -> Any:
    if tie == 1:
        return sp.Piecewise((1, a >= b), (0, True))
    return sp.Piecewise((1, a > b), (tie, sp.Eq(a, b)), (0, True))


def _condition(c: Any) -> Any:
    if isinstance(c, sp.Piecewise):  # Same, as a condition
        return c.args[0].cond
    return c


def plainly(expression: Any) -> Any:
    """An expression with symcalc's own functions replaced by SymPy's."""
    if not expression.args or expression.is_Indexed:
        return expression
    arguments = [plainly(a) for a in expression.args]
    own = PLAIN.get(type(expression))
    return own(*arguments) if own else expression.func(*arguments)


def plain(equation: Equation, equations: tuple[Equation, ...], notation: Notation) -> Any:
    """The right side of an equation in plain SymPy, in terms of parameters, columns and constants only."""
    return _Plain(equations, notation).right(equation)


class _Plain:
    def __init__(self, equations: tuple[Equation, ...], notation: Notation) -> None:
        self.equations: Mapping[Any, Equation] = {e.name.symbol: e for e in equations}
        self.notation = notation
        self.letters: dict[Any, Any] = {}
        taken = {n.name for n in notation.names.values() if n.shown}
        self.alphabet = letters("i" + LETTERS, taken)

    def right(self, equation: Equation, indices: tuple[Any, ...] | None = None) -> Any:
        free = indices if indices is not None else tuple(self._letter(i) for i in equation.indices)
        total = sp.S.Zero
        for term in equation.terms:
            mapping = dict(zip(equation.indices, free))
            bound = []
            for index in term.over:
                letter = self._letter(sp.Symbol(f"{index.name}_{len(self.letters)}"))
                mapping[index] = letter
                bound.append((letter, 0, self._size(self.notation.axes[index]) - 1))
            body = self._body(term.body, mapping)
            if bound and equation.reduction == "sum":
                body = sp.Sum(body, *bound)
            elif bound:
                body = sp.Function(equation.reduction)(body, *(b[0] for b in bound))
            total = total + body
        return total

    def _letter(self, index: Any) -> Any:
        if index not in self.letters:
            self.letters[index] = sp.Symbol(next(self.alphabet), integer=True)
        return self.letters[index]

    def _size(self, axis: Axis) -> Any:
        if axis.size is not None and not axis.rows:
            return sp.Integer(axis.size)
        return sp.Symbol(axis.label, integer=True, positive=True)

    def _body(self, expression: Any, mapping: Mapping[Any, Any]) -> Any:
        if isinstance(expression, sp.Indexed):
            indices = tuple(i.xreplace(mapping) for i in expression.indices)
            if expression.base in self.equations:
                return self.right(self.equations[expression.base], indices)
            return sp.IndexedBase(sp.Symbol(self.notation.names[expression.base].name, real=True))[indices]
        if expression.is_Symbol:
            if expression in mapping:
                return mapping[expression]
            if expression in self.equations:
                return self.right(self.equations[expression], ())
            name = self.notation.names[expression]
            if name.kind == "size":
                return sp.Symbol(name.name, integer=True, positive=True)
            return sp.Symbol(name.name, real=True)
        if not expression.args:
            return expression
        arguments = [self._body(a, mapping) for a in expression.args]
        own = PLAIN.get(type(expression))
        return own(*arguments) if own else expression.func(*arguments)
