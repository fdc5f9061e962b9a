"""Equations over rows written anew over moments: what is left holds no rows, and costs the same for any number.

Σ_i r[i]^2   becomes   s + 2 Σ_j g[j]·δ[j] + Σ_p c[p]^2   with   δ[j] = θ[j] - a[j],   c[p] = Σ_j R[p,j]·δ[j]

(see `moments`). Beside each form stands how much of it cancels: Σ_j δ[j]²·Σφ[j]² may be at most `MOST_CANCELLED`
times Σu²; beyond that the roundings of c would show, and the rows themselves are gone over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symcalc.compute.families import Families, Family, Feature, Wanted, entries
from symcalc.compute.form_equations import Columns, FormEquations, Names
from symcalc.compute.moments import Moments
from symcalc.compute.products import paired
from symcalc.compute.separation import Form, Inseparable, Part, Separation
from symcalc.equations import Axis, Equation, Name, Term


@dataclass(frozen=True)
class Sought:
    """What equations ask of rows.

    Attributes:
        row: The index of the rows.
        equations: The equations, all with that index of rows.
        sums: (symbol of an equation, number of its term) → what it is made of.
        families: The families of forms that are asked for.
        separation: How rows separate.
        kept: A sentence for each sum that stays with the rows.
    """

    row: Any
    equations: tuple[Equation, ...]
    sums: Mapping[tuple[Any, int], tuple[Wanted, ...]]
    families: tuple[Family, ...]
    separation: Separation
    kept: tuple[str, ...]


def sought(
    equations: tuple[Equation, ...], axes: Mapping[Any, Axis], moving: set[Any],
    best: Callable[[Separation, Form], tuple[Any, Mapping[Feature, Any]]], weighted: bool = True,
) -> Sought | None:  # fmt: skip
    """Which sums over rows separate; None where there are no rows, or rows of two kinds.

    Args:
        equations: In an order they can be worked out in.
        axes: Index symbol → Axis.
        moving: Private symbols of what changes from call to call.
        best: Gives what stands for a form at its least-squares solution, and for the coefficients there.
        weighted: Whether a row part beside two forms is a weight; otherwise it belongs to one of them.
    """
    rows = {axes[i] for e in equations for i in _indices(e) if axes[i].rows}
    if len(rows) != 1:
        return None
    row = next(i for e in equations for i in _indices(e) if axes[i].rows)
    equations = tuple(_with_row(e, row, axes) for e in equations)
    separation = Separation(row, axes, moving)
    families = Families(
        separation, lambda part: paired(part, separation, lambda form: best(separation, form)), weighted
    )
    found: dict[tuple[Any, int], list[Part]] = {}
    kept: list[str] = []
    why = ""
    for equation in equations:
        try:
            if any(axes[i].rows for i in equation.indices):
                separation.add(equation)
                continue
        except Inseparable as fault:
            why = str(fault)
            continue
        for number, term in enumerate(equation.terms):
            if row not in term.over:
                continue
            try:
                if equation.reduction != "sum":
                    raise Inseparable(f"it is no sum but a {equation.reduction}")
                found[equation.name.symbol, number] = families.pieces(equation, term)
            except Inseparable as fault:
                own = why if why and str(fault).startswith("it holds") else str(fault)
                kept.append(f"{equation.name.name} stays with the rows: {own}.")
    made: dict[tuple[Any, int], list[Wanted]] = {key: [] for key in found}
    for squares in (True, False):
        for key, parts in found.items():
            for part in parts:
                if (len(part.forms) == 2) == squares:
                    made[key].append(families.square(part) if squares else families.slope(part))
    sums = {key: tuple(value) for key, value in made.items()}
    return Sought(row, equations, sums, tuple(families.by_weight.values()), separation, tuple(kept))


def _indices(equation: Equation) -> list[Any]:
    return [*equation.indices, *(i for t in equation.terms for i in t.over)]


def _with_row(equation: Equation, row: Any, axes: Mapping[Any, Axis]) -> Equation:
    """An equation with its one index of rows called `row`."""
    own = {i for i in _indices(equation) if axes[i].rows}
    if len(own) != 1 or own == {row}:
        return equation
    renamed = {own.pop(): row}
    terms = tuple(Term(tuple(renamed.get(i, i) for i in t.over), t.body.xreplace(renamed)) for t in equation.terms)
    return replace(equation, indices=tuple(renamed.get(i, i) for i in equation.indices), terms=terms)


@dataclass(frozen=True)
class Reduced:
    """Equations over moments.

    Attributes:
        equations: In an order they can be worked out in.
        checks: What has to be at least 0 for the moments to hold, one for each form that may cancel.
        given: Private symbol → moments.
        names: Private symbol → Name, of what was added.
        axes: Index symbol → Axis, those of before and those added.
        sizes: Axis → number of entries, of what was added.
    """

    equations: tuple[Equation, ...]
    checks: tuple[Name, ...]
    given: Mapping[Any, Any]
    names: Mapping[Any, Name]
    axes: Mapping[Any, Axis]
    sizes: Mapping[Axis, int]


def reduced(
    found: Sought,
    axes: Mapping[Any, Axis],
    sizes: Mapping[Axis, int],
    label: Callable[[Any], str],
    moments: Mapping[Any, Moments],
    totals: Mapping[Feature, Any],
) -> Reduced:
    """The equations over moments.

    Args:
        found: What they ask of rows.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        label: What a row part, or a form, is called in a plan.
        moments: Weight → moments of its family.
        totals: Row part → its sum over the rows.
    """
    names = Names(axes)
    columns = {f.weight: Columns(f, moments[f.weight], names, lambda i: sizes[axes[i]], label) for f in found.families}
    fixed = {f.weight: {u: k for k, (u, _, _) in enumerate(anchored(f, found.separation))} for f in found.families}
    forms: dict[tuple[Any, Any], FormEquations] = {}

    def form(weight: Any, symbol: Any) -> FormEquations:
        if (weight, symbol) not in forms:
            moving = entries(found.separation.forms[symbol], found.separation)[1]
            one = FormEquations(label(symbol), columns[weight], moving, fixed[weight].get(symbol))
            forms[weight, symbol] = one
        return forms[weight, symbol]

    def value(one: Wanted) -> Any:
        if not one.forms:
            assert one.feature is not None
            indices = () if one.feature.index is None else (one.feature.index,)
            return names.value(f"Σ({label(one.feature.row)})", totals[one.feature], *indices)
        own = [form(one.weight, symbol) for symbol in one.forms]
        return own[0].times(own[-1]) if one.feature is None else own[0].along(one.feature)

    for equation in found.equations:
        terms: list[Term] = []
        for number, term in enumerate(equation.terms):
            wanted = found.sums.get((equation.name.symbol, number))
            terms += [term] if wanted is None else [Term((), one.coefficient * value(one)) for one in wanted]
        names.equations.append(replace(equation, terms=tuple(terms)))
    checks = tuple(each.check for each in forms.values() if each.check is not None)
    return Reduced(tuple(names.equations), checks, names.given, names.made, names.axes, names.sizes)


def anchored(family: Family, separation: Separation) -> list[tuple[Any, Any, list[Feature]]]:
    """(form, its fixed part, the features that it moves) for each form with a fixed part, in order."""
    found = []
    for symbol in family.forms:
        fixed, moving = entries(separation.forms[symbol], separation)
        if fixed:
            body = sp.Add(*(p.coefficient * p.row for p in fixed))
            # A product is taken about the best fit of its factors already: its own would lie elsewhere.
            product = bool(separation.forms[symbol].factors)
            found.append((symbol, body, [] if product else [feature for feature, _ in moving]))
    return found
