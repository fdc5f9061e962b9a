"""The function of equations over moments, with the rows behind it for points where digits would be lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute import straight
from symcalc.compute.dependence import needed
from symcalc.compute.families import Feature
from symcalc.compute.gathering import best_fit, gathered_for
from symcalc.compute.moment_rows import Reader
from symcalc.compute.moments import EXTENDED, Moments
from symcalc.compute.plan import Operation
from symcalc.compute.reduction import Sought, reduced, sought
from symcalc.compute.separation import Form, Separation
from symcalc.compute.stretches import NegativeWeights, Unfit
from symcalc.equations import Axis, Equation, Name

# Fewer rows stay in the cache, and going over them costs little.
LEAST_ROWS = 10_000

Function = Callable[..., tuple[Any, ...]]


@dataclass(frozen=True)
class OverMoments:
    """What is to be worked out over moments.

    Attributes:
        equations: What is left to do on every call.
        outputs: What it gives.
        checks: Names that have to be at least 0, else the rows are gone over.
        known: Private symbol → value of moments, data and what was worked out once.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        gathered: Lines of the plan: what was gathered from the rows once.
        notes: Sentences of the plan: what stays with the rows, and why.
        rows: Whether any row is left.
        extended: The same with the moments' longer mantissas; made when called.
    """

    equations: tuple[Equation, ...]
    outputs: tuple[Name, ...]
    checks: tuple[Name, ...]
    known: Mapping[Any, Any]
    axes: Mapping[Any, Axis]
    sizes: Mapping[Axis, int]
    names: Mapping[Any, Name]
    gathered: tuple[Operation, ...]
    notes: tuple[str, ...]
    rows: bool
    extended: Callable[[], Mapping[Any, Any]]


Direct = Callable[[OverMoments, Mapping[Any, Any]], Function]


def over_moments(
    live: Sequence[Equation], outputs: tuple[Name, ...], moving: set[Any], known: Mapping[Any, Any],
    axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name], shared: dict[Any, Any],
) -> tuple[OverMoments | None, tuple[str, ...]]:  # fmt: skip
    """(The equations over moments, or None; what the plan says of it).

    Args:
        live: The equations, in an order they can be worked out in.
        outputs: What is asked for.
        moving: Private symbols of what changes from call to call.
        known: Private symbol → value of data and of what was worked out once.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        shared: Moments of the same data that were gathered before; new ones are put in.
    """
    if any(axis.rows for name in outputs for axis in name.axes):
        return None, ()
    if max((sizes[axes[i]] for e in live for i in _indices(e) if axes[i].rows), default=0) < LEAST_ROWS:
        return None, ()
    known, names = dict(known), dict(names)
    spelled: dict[Any, Any] = {}

    def best(separation: Separation, form: Form) -> tuple[Any, dict[Feature, Any]]:
        name = names[form.symbol].name if form.symbol in names else "u"
        beside, at, values = best_fit(separation, form, Reader(separation.row, known, axes, sizes, names), shared)
        known.update(values)
        names.update({s: Name(f"best({name})", "intermediate", (), s) for s in values})
        spelled[beside] = sp.Symbol(f"({name}*)")
        return beside, at

    def gather(weighted: bool) -> tuple[Sought, dict[Any, Moments], dict[Feature, Any]] | None:
        found = sought(tuple(live), axes, moving, best, weighted)
        if found is None:
            return None
        return found, *gathered_for(found, Reader(found.row, known, axes, sizes, names), shared)

    try:
        try:
            all_found = gather(True)
        except NegativeWeights:
            all_found = gather(False)
    except Unfit as fault:
        return None, (f"No moments: {fault}.",)
    if all_found is None:
        return None, ()
    found, moments, totals = all_found
    if not found.sums:
        return None, found.kept
    spell = _speller(found, names, spelled)
    made = reduced(found, axes, sizes, spell, moments, totals)
    left = tuple(needed(made.equations, (*outputs, *made.checks)))
    rows = any(axes_of.rows for e in left for axes_of in (made.axes[i] for i in _indices(e)))
    # The first of what is asked for decides: a loss has the same bits alone as beside its slopes.
    first = needed(left, outputs[:1]), needed(live, outputs[:1])
    if rows and _row_operations(first[0], made.axes) > 0.75 * _row_operations(first[1], axes):
        return None, found.kept

    def extended() -> Mapping[Any, Any]:
        longer = {weight: replace(m, extended=True) for weight, m in moments.items()}
        return {**known, **reduced(found, axes, sizes, spell, longer, totals).given}

    count = sizes[axes[found.row]]
    lines = tuple(_line(f.weight, f.features, moments[f.weight], count, spell) for f in found.families) + tuple(
        Operation("once", f"Σ({spell(f.row)})", f"total({spell(f.row)})", np.shape(v), count) for f, v in totals.items()
    )
    return OverMoments(
        left, outputs, made.checks, {**known, **made.given}, made.axes, {**sizes, **made.sizes},
        {**names, **made.names}, lines, found.kept, rows, extended,
    ), found.kept  # fmt: skip


def function_of(work: OverMoments, inputs: Sequence[Name], by_rows: Function, direct: Direct) -> Function:
    """The function over moments.

    Args:
        work: What is to be worked out.
        inputs: What the function takes, positionally.
        by_rows: The same answers from the rows.
        direct: (what is to be worked out, values of what is known) → its function over arrays, checks last.
    """
    if work.rows:
        return _guarded(direct(work, work.known), len(work.outputs), by_rows)
    again = _when_called(lambda: _extended(work, by_rows, direct)) if work.checks else by_rows
    try:
        quick = straight.function(
            work.equations, inputs, work.outputs, work.checks, work.known, work.axes, work.sizes, again
        )
    except straight.TooLong:
        return _guarded(direct(work, work.known), len(work.outputs), again)
    return _or_rows(quick, by_rows) if _can_fail(work.equations) else quick


def _guarded(every: Function, count: int, otherwise: Function) -> Function:
    """`every` without its checks, and what comes in its place where one is below 0 or no number."""

    def function(*point: Any) -> tuple[Any, ...]:
        found = every(*point)
        return found[:count] if all(c >= 0 for c in found[count:]) else otherwise(*point)

    return function


def _extended(work: OverMoments, by_rows: Function, direct: Direct) -> Function:
    """The moments with longer mantissas, where this machine has them; else the rows."""
    if np.finfo(EXTENDED).eps >= np.finfo(float).eps:
        return by_rows
    every = direct(work, work.extended())
    count = len(work.outputs)

    def function(*point: Any) -> tuple[Any, ...]:
        with np.errstate(all="ignore"):
            found = every(*(np.asarray(p, dtype=EXTENDED)[()] for p in point))
            answer = tuple(np.asarray(v, dtype=float)[()] for v in found[:count])
            # What only longer exponents can hold is infinite to everybody else.
            holds = all(c >= 0 for c in found[count:]) and all(np.all(np.isfinite(v)) for v in answer)
            return answer if holds else by_rows(*point)

    return function


def _when_called(make: Callable[[], Function]) -> Function:
    """A function that is made at its first call."""
    made: list[Function] = []

    def function(*point: Any) -> tuple[Any, ...]:
        if not made:
            made.append(make())
        return made[0](*point)

    return function


def _or_rows(quick: Function, by_rows: Function) -> Function:
    def function(*point: Any) -> tuple[Any, ...]:
        try:
            return quick(*point)
        except (OverflowError, ValueError, ZeroDivisionError, TypeError):
            return by_rows(*point)

    return function


def _can_fail(equations: Sequence[Equation]) -> bool:
    """Whether plain floats could raise where NumPy gives inf or nan."""
    return any(
        node.is_Function or (node.is_Pow and not (node.exp.is_Integer and 0 < node.exp <= 4))
        for e in equations
        for t in e.terms
        for node in sp.preorder_traversal(t.body)
    )


def _indices(equation: Equation) -> list[Any]:
    return [*equation.indices, *(i for t in equation.terms for i in t.over)]


def _row_operations(equations: Sequence[Equation], axes: Mapping[Any, Axis]) -> int:
    return sum(
        int(t.body.count_ops()) + 1
        for e in equations
        for t in e.terms
        if any(axes[i].rows for i in (*e.indices, *t.over))
    )


def _speller(found: Sought, names: Mapping[Any, Name], spelled: Mapping[Any, Any]) -> Callable[[Any], str]:
    """What a row part, or a form, is called in a plan."""

    def spell(part: Any) -> str:
        if part in names:
            return names[part].name
        form = found.separation.forms.get(part)
        if form is not None and form.factors:
            return "·".join(spell(factor) for factor in form.factors)
        if form is not None:
            return f"({spell(sp.Add(*(p.coefficient * p.row for p in form.parts)))})"
        part = part.xreplace(spelled)
        plain = {a: sp.Symbol(names[a.base].name) for a in part.atoms(sp.Indexed) if a.base in names}
        part = part.xreplace(plain)
        part = part.xreplace({s: sp.Symbol(names[s].name) for s in part.atoms(sp.Symbol) if s in names})
        return str(part).replace("**", "^")

    return spell


def _line(
    weight: Any, features: Sequence[Feature], moments: Moments, rows: int, spell: Callable[[Any], str]
) -> Operation:
    listed = ", ".join(spell(f.row) for f in features)
    weighted = "" if weight == 1 else f", weight {spell(weight)}"
    p, q = moments.triangle.shape[0], len(moments.anchors)
    cost = rows * (2 * (p + q) ** 2 + 2 * q * (p + q))
    return Operation("once", "moments", f"triangular factor of [{listed}]{weighted}", moments.triangle.shape, cost)
