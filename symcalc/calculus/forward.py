"""Forward accumulation: how every name changes as the parameters move.

Along one direction, over the equations of a gradient, it gives the Hessian times that direction, at about
the cost of one more gradient and without forming the Hessian. Along all unit directions at once it gives
the Hessian itself as equations.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapters 3 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from symcalc.calculus.contraction import contracted
from symcalc.calculus.partials import base_of, partials
from symcalc.equations import Equation, Name, Term
from symcalc.language.scope import Scope, Value

# The change of a name: from its indices to terms (a contraction each).
Change = Callable[[tuple[Any, ...]], tuple[Term, ...]]


def along(name: Name, extra: tuple[Any, ...] = ()) -> Change:
    """The change that a direction given by name prescribes; extra indices of it stand last."""
    return _by_name(name.symbol, extra)


def unit(extra: tuple[Any, ...]) -> Change:
    """The change towards one entry, which the extra indices name."""
    return lambda indices: (Term((), sp.Mul(*(sp.KroneckerDelta(i, e) for i, e in zip(indices, extra)))),)


def tangents(
    equations: tuple[Equation, ...],
    seeds: Mapping[Any, Change],
    scope: Scope,
    extra: tuple[Any, ...] = (),
    inline: bool = False,
    towards: str = "",
) -> dict[Any, Change]:
    """Adds the equations of the change to a scope.

    Args:
        equations: The equations to follow, in order.
        seeds: Private symbol of each moving name → its change.
        scope: Where the new equations go.
        extra: Indices that every change has besides those of its name.
        inline: Put short changes into what uses them instead of naming them: for reading.
        towards: What the changes are towards, for the names of those that have to be read by name.

    Returns:
        Private symbol → its change, for every name that moves.
    """
    change: dict[Any, Change] = dict(seeds)
    shifted = _read_beyond(equations, scope)
    for equation in equations:
        if equation.name.symbol in change:
            continue
        terms = contracted(_moved(equation, change, scope), scope.size_of)
        if not terms:
            continue
        short = len(terms) == 1 and not terms[0].over and sp.count_ops(terms[0].body) <= 4
        if inline and short and equation.name.symbol not in shifted:
            change[equation.name.symbol] = _put_in(equation.indices, terms)
            continue
        read = bool(towards) and equation.name.symbol in shifted
        made = scope.define(
            Value(tuple(terms), (*equation.indices, *extra)),
            name=_slope_of(equation.name.name, towards) if read else f"change of {equation.name.name}",
            kind="derivative", shown=read, rule="chain rule", reason="how it changes with the parameters",
        )  # fmt: skip
        change[equation.name.symbol] = _by_name(base_of(made.body), extra)
    return change


def _slope_of(name: str, towards: str) -> str:
    """`d²L/dudx` for dL/du, `du/dx` for u."""
    above, slash, below = name.partition("/")
    d = name[0] if slash else "d"
    return f"{d}²{above[1:]}/{below}{d}{towards}" if slash else f"d{name}/d{towards}"


def _read_beyond(equations: tuple[Equation, ...], scope: Scope) -> set[Any]:
    """Names that are read where they may have no entry, as u[j - 1] at j = 0: it counts as 0, and so must its change."""
    found = set()
    for read in (a for e in equations for t in e.terms for a in t.body.atoms(sp.Indexed)):
        axes = scope.name_of[read.base].axes
        if any(not (i.is_Integer or (i.is_Symbol and scope.axis_of[i] == a)) for i, a in zip(read.indices, axes)):
            found.add(read.base)
    return found


def _by_name(symbol: Any, extra: tuple[Any, ...]) -> Change:
    def change(indices: tuple[Any, ...]) -> tuple[Term, ...]:
        whole = (*indices, *extra)
        return (Term((), symbol[whole] if whole else symbol),)

    return change


def _put_in(own: tuple[Any, ...], terms: list[Term]) -> Change:
    def change(indices: tuple[Any, ...]) -> tuple[Term, ...]:
        mapping = dict(zip(own, indices))
        return tuple(Term(t.over, t.body.xreplace(mapping)) for t in terms)

    return change


def _moved(equation: Equation, change: Mapping[Any, Change], scope: Scope) -> list[Term]:
    terms = []
    for partial in partials(equation, change, scope):
        indices = partial.reference.indices if isinstance(partial.reference, sp.Indexed) else ()
        for moving in change[base_of(partial.reference)](indices):
            terms.append(Term((*partial.over, *moving.over), partial.slope * moving.body))
    return terms


def named(name: Name, change: Mapping[Any, Change], scope: Scope, extra: tuple[Any, ...], title: str) -> Name:
    """The change of a name as an equation of its own, 0 where nothing moves it."""
    indices = tuple(scope.index(a) for a in name.axes)
    terms = change[name.symbol](indices) if name.symbol in change else (Term((), sp.S.Zero),)
    value = scope.define(
        Value(tuple(contracted(terms, scope.size_of)) or (Term((), sp.S.Zero),), (*indices, *extra)), name=title, kind="derivative",
        shown=True, rule="second derivative", reason="the slope of a slope",
    )  # fmt: skip
    return scope.name_of[base_of(value.body)]
