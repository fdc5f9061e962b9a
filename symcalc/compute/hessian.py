"""The whole Hessian in numbers: its product with many directions at once, so that shared work is done once.

What does not depend on the direction, such as every inner value and its slopes, is worked out once for all of them,
and the products of rows with directions become products of matrices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.calculus.hessian import product
from symcalc.compute.assembly import Assembled, assemble
from symcalc.equations import Axis

if TYPE_CHECKING:
    from symcalc.compute.program import Program

# Directions at once, and numbers that the changes in one row may take: beyond, rows would not stay in the cache.
MOST, WIDTH = 64, 4096


class WholeHessian:
    """The compiled product of the Hessian with a block of directions.

    Args:
        program: The compiled gradient.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.together = max(1, min(program.layout.total, MOST, WIDTH // _width(program)))
        axis = Axis("e", "e", self.together)
        self.moving = tuple(n for n in program.gradient_equations.wrt if n in program.parameters)
        made = product(program.gradient_equations, self.moving, axis)
        self.assembled: Assembled = assemble(
            made.equations, (*program.parameters, *made.directions), made.changes, program.given, made.axes,
            {**program.sizes, axis: self.together}, made.names, None, program._moments,
        )  # fmt: skip

    def __call__(self, point: Any) -> Any:
        """The Hessian (P, P) at a flat point."""
        layout, size = self.program.layout, self.program.layout.total
        values = self.program.checked_point(point)
        whole = np.zeros((size, size))
        for first in range(0, size, self.together):
            units = np.zeros((size, self.together))
            count = min(self.together, size - first)
            units[first + np.arange(count), np.arange(count)] = 1.0
            given = [
                units[layout.slices[n.name]].reshape(*layout.shapes[n.name], self.together) for n in self.moving
            ]  # fmt: skip
            with np.errstate(all="ignore"):
                changes = self.assembled.function(*values.values(), *given)
            for name, change in zip(self.moving, changes):
                shape = (*layout.shapes[name.name], self.together)
                rows = np.broadcast_to(np.asarray(change, dtype=float), shape).reshape(-1, self.together)
                whole[layout.slices[name.name], first : first + count] = rows[:, :count]
        return (whole + whole.T) / 2


def _width(program: Program) -> int:
    """Numbers in the widest row of what the gradient works out."""
    names = [e.name for e in program.gradient_equations.equations if any(a.rows for a in e.name.axes)]
    widths = [int(np.prod([program.sizes[a] for a in n.axes if not a.rows])) for n in names]
    return max(widths, default=1)
