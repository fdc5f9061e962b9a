"""Looking inside a program at one point: every intermediate value, kinks, and where a number stopped being finite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symcalc.calculus.partials import active
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.kinks import Kink, _worked, kinks, one_sided

if TYPE_CHECKING:
    from symcalc.compute.program import Program

_MANY = 5


def array_form(program: Program) -> ArrayForm:
    """How the program's bodies become array expressions."""
    notation = program.gradient_equations.notation
    return ArrayForm(notation.axes, lambda axis: sp.Integer(program.sizes[axis]), notation.names)


def all_values(program: Program, point: Any) -> dict[Any, Any]:
    """Private symbol → value, for every name of the loss at a point."""
    values = program.checked_point(point)
    found: dict[Any, Any] = dict(program.given)
    found.update({p.symbol: values[p.name] for p in program.parameters})
    results = program.every_value(values)
    found.update({e.name.symbol: v for e, v in zip(program.loss.equations, results)})
    return found


def moving_kinks(program: Program) -> tuple[Kink, ...]:
    """The kinks of the loss that move with its parameters."""
    moved = active(program.loss.equations, {p.symbol for p in program.parameters}, program.loss.output.name.symbol)
    return kinks(program.loss.equations, moved)


def standing_on(program: Program, point: Any) -> tuple[str, ...]:
    """A sentence for each kink that a point stands on; empty if none."""
    found = moving_kinks(program)
    if not found:
        return ()
    values, form, notation = all_values(program, point), array_form(program), program.gradient_equations.notation
    sentences = []
    for kink in found:
        typed = kink.equation.typed
        text = notation.as_typed(typed) if typed is not None else notation.right(kink.equation)
        if kink.gap is None:
            count = _tied(kink, values, form)
            if count > 1:
                sentences.append(f"{text} is reached by {count} entries at once: they share its slope.")
            continue
        with np.errstate(all="ignore"):
            gap = np.asarray(_worked(kink.gap, values, form, kink.equation.indices))
        places = np.argwhere(np.equal(gap, 0))
        if len(places):
            sentences.append(f"{text} stands on its kink{_rows(places, gap.ndim)}.")
    return tuple(sentences)


def _tied(kink: Kink, values: Mapping[Any, Any], form: ArrayForm) -> int:
    equation = kink.equation
    (term,) = equation.terms
    inner = np.asarray(_worked(term.body, values, form, (*equation.indices, *term.over)))
    value = np.asarray(values[equation.name.symbol])
    return int(np.max(np.sum(inner == value.reshape(value.shape + (1,) * len(term.over)), axis=-1)))


def _rows(places: Any, dimensions: int) -> str:
    if dimensions == 0:
        return ""
    rows = sorted({int(p[0]) + 1 for p in places})
    if len(rows) > _MANY:
        return f" in {len(rows)} rows ({', '.join(map(str, rows[:_MANY]))}, …)"
    return f" in row{'s' * (len(rows) > 1)} {', '.join(map(str, rows))}"


def sides(program: Program, point: Any) -> dict[str, tuple[Any, Any]]:
    """Parameter → (slope to its left, slope to its right), arrays of its shape."""
    values, form = all_values(program, point), array_form(program)
    layout = program.layout
    found = {n: (np.zeros(layout.shapes[n]), np.zeros(layout.shapes[n])) for n in layout.names}
    loss = program.loss
    for name, place, left, right in one_sided(loss.equations, loss.output.name, program.parameters, values, form):
        found[name][0][place], found[name][1][place] = left, right
    return found


def not_finite(program: Program, point: Any) -> str:
    """Where the loss first leaves the finite numbers: equation, row and point, as a sentence."""
    values = all_values(program, point)
    notation = program.gradient_equations.notation
    at = ", ".join(f"{n} = {v:.6g}" for n, v in program.checked_point(point).items() if np.ndim(v) == 0)
    for equation in program.loss.equations:
        value = np.asarray(values[equation.name.symbol], dtype=float)
        bad = np.argwhere(~np.isfinite(value))
        if len(bad):
            typed = equation.typed
            text = notation.as_typed(typed) if typed is not None else notation.right(equation)
            number = value[tuple(bad[0])] if value.ndim else float(value)
            return f"{text} is {number}{_rows(bad, value.ndim)}{' at ' + at if at else ''}."
    return "The loss is finite."
