"""The value of every equation of a derivation at one point, inner ones included; for looking, not for speed."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.compute.assembly import assemble
from symcalc.compute.program import Program


def equation_values(program: Program, point: Any) -> dict[Any, Any]:
    """Private symbol → value: a float, or an array of the shape the equation runs over.

    Args:
        program: The compiled gradient.
        point: Parameter name → number or array.
    """
    gradient = program.gradient_equations
    names = [equation.name for equation in gradient.equations]
    notation = gradient.notation
    assembled = assemble(
        gradient.equations, program.parameters, names, program.given, notation.axes, program.sizes, notation.names, None
    )
    with np.errstate(all="ignore"):
        found = assembled.function(*program.checked_point(point).values())
    values: dict[Any, Any] = {}
    for name, value in zip(names, found):
        shape = tuple(program.sizes[axis] for axis in name.axes)
        array = np.broadcast_to(np.asarray(value, dtype=float), shape)
        values[name.symbol] = np.array(array) if shape else float(array)
    return values
