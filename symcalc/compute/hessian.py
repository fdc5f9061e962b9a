"""The whole Hessian in numbers.

Of few parameters it is worked out entry by entry: Σ_i X[i,p]·s[i]·X[i,q] is one product of matrices. Of many it is the
product of the Hessian with many directions at once, so that shared work is done once and the products of rows with
directions become products of matrices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symcalc.calculus.hessian import product, whole
from symcalc.compute.assembly import Assembled, assemble
from symcalc.equations import Axis, Equation

if TYPE_CHECKING:
    from symcalc.compute.program import Program

# Parameters, or directions at once, and numbers that the changes in one row may take: beyond, rows would not stay in
# the cache.
MOST, WIDTH = 64, 4096


class WholeHessian:
    """The compiled Hessian.

    Args:
        program: The compiled gradient.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.moving = tuple(n for n in program.gradient_equations.wrt if n in program.parameters)
        self._hessian = _by_entries(program, self.moving) or _ByDirections(program, self.moving)

    def __call__(self, point: Any) -> Any:
        """The Hessian (P, P) at a flat point."""
        with np.errstate(all="ignore"):
            found = self._hessian(self.program.checked_point(point))
        return (found + found.T) / 2


class _ByEntries:
    def __init__(self, program: Program, assembled: Assembled, blocks: Any) -> None:
        self.program, self.assembled, self.blocks = program, assembled, blocks

    def __call__(self, values: Any) -> Any:
        layout = self.program.layout
        found = np.zeros((layout.total, layout.total))
        for (p, q), block in zip(self.blocks, self.assembled.function(*values.values())):
            rows, columns = layout.slices[p.name], layout.slices[q.name]
            shape = layout.shapes[p.name] + layout.shapes[q.name]
            entries = np.broadcast_to(np.asarray(block, dtype=float), shape)
            found[rows, columns] = entries.reshape(rows.stop - rows.start, -1)
            found[columns, rows] = found[rows, columns].T if p != q else found[rows, columns]
        return found


def _by_entries(program: Program, moving: Any) -> _ByEntries | None:
    """The Hessian entry by entry; None without rows, where they would not stay in the cache, and for matrices and series.

    Directions are what is left for factored matrices, and for entries that are read at shifted places.
    """
    loss = program.loss
    if (
        program.layout.total > MOST
        or loss.rows is None
        or loss.per_row
        or not all(map(_plain, program.gradient_equations.equations))
    ):
        return None
    made = whole(program.gradient_equations, moving)
    of_rows = (e.name for e in made.equations if any(a.rows for a in e.name.axes))
    if max((_entries(program, name) for name in of_rows), default=1) > WIDTH:
        return None
    given = {**program.given, **{name.symbol: program.sizes[axis] for axis, name in made.sizes.items()}}
    assembled = assemble(
        made.equations, program.parameters, made.blocks.values(), given, made.axes, program.sizes, made.names, None,
        program._moments,
    )  # fmt: skip
    return _ByEntries(program, assembled, made.blocks)


class _ByDirections:
    def __init__(self, program: Program, moving: Any) -> None:
        self.program, self.moving = program, moving
        self.together = max(1, min(program.layout.total, MOST, WIDTH // _width(program)))
        axis = Axis("e", "e", self.together)
        made = product(program.gradient_equations, self.moving, axis)
        self.assembled: Assembled = assemble(
            made.equations, (*program.parameters, *made.directions), made.changes, program.given, made.axes,
            {**program.sizes, axis: self.together}, made.names, None, program._moments,
        )  # fmt: skip

    def __call__(self, values: Any) -> Any:
        layout, size = self.program.layout, self.program.layout.total
        found = np.zeros((size, size))
        for first in range(0, size, self.together):
            units = np.zeros((size, self.together))
            count = min(self.together, size - first)
            units[first + np.arange(count), np.arange(count)] = 1.0
            given = [
                units[layout.slices[n.name]].reshape(*layout.shapes[n.name], self.together) for n in self.moving
            ]  # fmt: skip
            changes = self.assembled.function(*values.values(), *given)
            for name, change in zip(self.moving, changes):
                shape = (*layout.shapes[name.name], self.together)
                rows = np.broadcast_to(np.asarray(change, dtype=float), shape).reshape(-1, self.together)
                found[layout.slices[name.name], first : first + count] = rows[:, :count]
        return found


def _plain(equation: Equation) -> bool:
    """Whether an equation factors no matrix and reads every entry at the very place that an index names."""
    read = {i for t in equation.terms for a in t.body.atoms(sp.Indexed) for i in a.indices}
    return equation.reduction not in ("inv", "det", "logdet") and all(i.is_Symbol for i in read)


def _entries(program: Program, name: Any) -> int:
    return int(np.prod([program.sizes[a] for a in name.axes if not a.rows], dtype=float))


def _width(program: Program) -> int:
    """Numbers in the widest row of what the gradient works out."""
    names = [e.name for e in program.gradient_equations.equations if any(a.rows for a in e.name.axes)]
    return max((_entries(program, n) for n in names), default=1)
