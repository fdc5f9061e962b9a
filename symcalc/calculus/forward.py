"""Forward accumulation: how every name changes as the parameters move along one direction.

Applied to the equations of a gradient it gives the Hessian times a direction, at about the cost of one
more gradient and without ever forming the Hessian.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapters 3 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from symcalc.calculus.contraction import contracted
from symcalc.calculus.partials import base_of, partials
from symcalc.equations import Equation, Name, Term
from symcalc.language.scope import Scope, Value


def tangents(
    equations: tuple[Equation, ...], seeds: Mapping[Any, Name], outputs: tuple[Name, ...], scope: Scope
) -> tuple[Name, ...]:
    """Adds the equations of the change along a direction to a scope.

    Args:
        equations: The equations to follow.
        seeds: Private symbol of each moving name → the Name of its direction, over the same axes.
        outputs: Names whose change is wanted.
        scope: Where the new equations go.

    Returns:
        The names of the changes of `outputs`; None-valued changes (nothing moves them) are equations that say 0.
    """
    change: dict[Any, Any] = {symbol: name.symbol for symbol, name in seeds.items()}
    for equation in equations:
        if equation.name.symbol in change:
            continue
        terms = contracted(_moved(equation, change, scope))
        if terms:
            made = scope.define(
                Value(tuple(terms), equation.indices), name=f"change of {equation.name.name}", kind="derivative",
                rule="chain rule", reason="how it changes along the direction",
            )  # fmt: skip
            change[equation.name.symbol] = base_of(made.body)
    return tuple(_final(name, change, scope) for name in outputs)


def _moved(equation: Equation, change: Mapping[Any, Any], scope: Scope) -> list[Term]:
    terms = []
    for partial in partials(equation, change, scope):
        reference = partial.reference
        moving = change[base_of(reference)]
        moving = moving[reference.indices] if isinstance(reference, sp.Indexed) else moving
        over = partial.over if equation.reduction == "sum" else equation.terms[0].over
        terms.append(Term(over, partial.slope * moving))
    return terms


def _final(name: Name, change: Mapping[Any, Any], scope: Scope) -> Name:
    if name.symbol in change:
        return scope.name_of[change[name.symbol]]
    indices = tuple(scope.index(a) for a in name.axes)
    value = scope.define(
        Value((Term((), sp.S.Zero),), indices), name=f"change of {name.name}", kind="derivative", rule="chain rule",
        reason="nothing moves it",
    )  # fmt: skip
    return scope.name_of[base_of(value.body)]
