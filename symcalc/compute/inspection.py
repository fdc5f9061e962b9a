"""Looking inside a program at one point: every intermediate value, kinks, and where a number stopped being finite."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import sympy as sp

from symcalc.calculus.partials import active
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.kinks import Kink, kinks, one_sided
from symcalc.equations import Equation, Term
from symcalc.language.functions import KINKED, Above, CubeRoot, Same, SignAt

if TYPE_CHECKING:
    from symcalc.compute.program import Program

_MANY = 5
# Functions without a meaning for complex numbers; and those whose complex values in floats lose a small imaginary part.
ONLY_REAL = (*KINKED, Above, SignAt, CubeRoot, sp.atan2, sp.besselj, sp.Si, sp.Ci)


def has_complex_form(program: Program) -> bool:
    """Whether the loss has a value at complex parameters, smooth around real ones."""
    return all(
        e.reduction in ("sum", "prod") and not any(t.body.has(*ONLY_REAL) for t in e.terms)
        for e in program.loss.equations
    )


def array_form(program: Program) -> ArrayForm:
    """How the program's bodies become array expressions."""
    notation = program.gradient_equations.notation
    return ArrayForm(notation.axes, lambda axis: sp.Integer(program.sizes[axis]), notation.names)


_moving: WeakKeyDictionary[Program, tuple[Kink, ...]] = WeakKeyDictionary()


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
    if program not in _moving:
        moved = active(program.loss.equations, {p.symbol for p in program.parameters}, program.loss.output.name.symbol)
        _moving[program] = kinks(program.loss.equations, moved)
    return _moving[program]


def kink_text(program: Program, kink: Kink) -> str:
    """A kinked function as typed."""
    notation = program.gradient_equations.notation
    typed = kink.equation.typed
    return notation.as_typed(typed) if typed is not None else notation.right(kink.equation)


def gap_text(program: Program, kink: Kink) -> str:
    """What is 0 on a kink, as written: `r`, `r1 - z`; for a max or min over entries what it is taken over."""
    body = kink.gap if kink.gap is not None else kink.equation.terms[0].body
    bare = replace(kink.equation, typed=None, reduction="sum", indices=kink.indices, terms=(Term((), body),))
    return program.gradient_equations.notation.right(bare)


def standing_on(program: Program, point: Any) -> tuple[str, ...]:
    """A sentence for each kink that a point stands on; empty if none."""
    from symcalc.compute.near_kinks import possible
    from symcalc.compute.standing import described, standing

    if not possible(program, point):
        return ()
    return tuple(described(kink_text(program, s.kink), s) for s in standing(program, point) if np.any(s.on))


def ties(program: Program) -> tuple[Term, ...]:
    """What counts the entries that stand exactly on a kink, as terms of one equation."""
    terms = []
    for kink in moving_kinks(program):
        if kink.gap is not None:
            terms.append(Term(kink.equation.indices, Same(kink.gap, 0)))
        else:
            # Entries that reach an extreme, less the one that always does.
            own, (term,) = kink.equation.indices, kink.equation.terms
            value = kink.equation.name.symbol[own] if own else kink.equation.name.symbol
            terms += [Term((*own, *term.over), Same(term.body, value)), Term(own, sp.S.NegativeOne)]
    return tuple(terms)


def rows(places: Any, dimensions: int) -> str:
    """` in rows 1, 5`, for places in an array; "" for a number."""
    if dimensions == 0:
        return ""
    found = sorted({int(p[0]) + 1 for p in places})
    if len(found) > _MANY:
        return f" in {len(found)} rows ({', '.join(map(str, found[:_MANY]))}, …)"
    return f" in row{'s' * (len(found) > 1)} {', '.join(map(str, found))}"


def sides(program: Program, point: Any) -> dict[str, tuple[Any, Any]]:
    """Parameter → (slope to its left, slope to its right), arrays of its shape."""
    values, form = all_values(program, point), array_form(program)
    layout = program.layout
    found = {n: (np.zeros(layout.shapes[n]), np.zeros(layout.shapes[n])) for n in layout.names}
    loss = program.loss
    for name, place, left, right in one_sided(loss.equations, loss.output.name, program.parameters, values, form):
        found[name][0][place], found[name][1][place] = left, right
    return found


def _not_definite(program: Program, equation: Equation, values: dict[Any, Any]) -> str:
    """That a matrix is not positive-definite as declared; "" where this is not why an equation has no value."""
    names = program.gradient_equations.notation.names
    for reference in (a for t in equation.terms for a in t.body.atoms(sp.Indexed)):
        name = names.get(reference.base)
        matrix = np.asarray(values.get(reference.base, 0.0), dtype=float)
        if name is None or name.structure != "positive-definite" or matrix.ndim != 2 or not np.isfinite(matrix).all():
            continue
        least = float(np.linalg.eigvalsh(matrix)[0])
        if least <= 0:
            word = name.name.removeprefix("sym(").removesuffix(")")
            return f"{word} is declared positive-definite, and its smallest eigenvalue is {least:.6g} there."
    return ""


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
            lacking = _not_definite(program, equation, values)
            if lacking:
                return f"{text} is {number}{' at ' + at if at else ''}: {lacking}"
            return f"{text} is {number}{rows(bad, value.ndim)}{' at ' + at if at else ''}."
    return "The loss is finite."
