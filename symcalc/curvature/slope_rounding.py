"""How far rounding alone can have moved the loss and its slopes at a point."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.compute import rounding
from symcalc.compute.assembly import assemble
from symcalc.compute.inspection import all_values, array_form
from symcalc.compute.program import Program
from symcalc.numeric.differentiable import Vector

# Rows times equations: beyond, a bound that grows along the equations takes longer than it tells.
MOST_WORK = 3_000_000


def slope_rounding(program: Program, point: Vector) -> tuple[float, Vector] | None:
    """Bounds on the round-off of the loss and of each slope, (P,); None where that is too much work.

    Args:
        program: The compiled loss.
        point: Flat point.
    """
    gradient, layout = program.gradient_equations, program.layout
    if (program.loss.rows or 1) * len(gradient.equations) * max(1, layout.total) > MOST_WORK:
        return None
    notation = gradient.notation
    form = array_form(program)
    form = type(form)(notation.axes, form.size, notation.names)
    values: dict[Any, Any] = all_values(program, point)
    values.update(_derived(program, point))
    inputs = [s for s in (*program.given, *(p.symbol for p in program.parameters)) if s in values]
    try:
        found = rounding.bounds(gradient.equations, values, inputs, form)
    except (ValueError, TypeError, KeyError, FloatingPointError):
        return None
    slopes = {n.name: found[s.symbol] for n, s in zip(gradient.wrt, gradient.slopes) if n in program.parameters}
    # In float32 a row is rounded as much more coarsely; what has no rows is bounded with it.
    coarser = program.precision.unit / rounding.UNIT if program.rounds else 1.0
    whole = {n: coarser * np.broadcast_to(slopes.get(n, 0.0), layout.shapes[n]) for n in layout.names}
    return coarser * float(np.max(found[program.loss.output.name.symbol])), np.asarray(
        layout.joined(whole), dtype=float
    )


def _derived(program: Program, point: Vector) -> dict[Any, Any]:
    """Private symbol → value of every equation that differentiation added."""
    gradient, notation = program.gradient_equations, program.gradient_equations.notation
    names = tuple(e.name for e in gradient.derived)
    assembled = assemble(
        gradient.equations, program.parameters, names, program.given, notation.axes, program.sizes, notation.names,
        "numpy",
    )  # fmt: skip
    with np.errstate(all="ignore"):
        found = assembled.function(*program.checked_point(point).values())
    return {name.symbol: value for name, value in zip(names, found)}
