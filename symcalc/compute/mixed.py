"""Mixed second derivatives in numbers: how the slopes at a point change when a constant or a cell of the data does."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from symcalc.calculus.mixed import mixed
from symcalc.compute.assembly import Assembled, assemble
from symcalc.compute.program import Program
from symcalc.equations import Name


class MixedProgram:
    """The change of a loss and its slopes with one name, compiled.

    Args:
        program: The compiled loss.
        moving: The constant or column that moves.
    """

    def __init__(self, program: Program, moving: Name) -> None:
        self.program, self.moving = program, moving
        self.shape = tuple(np.shape(program.given[moving.symbol]))
        self._wrt = tuple(n for n in program.gradient_equations.wrt if n in program.parameters)

    @cached_property
    def _assembled(self) -> Assembled:
        made = mixed(self.program.gradient_equations, self.program.parameters, self.moving)
        return assemble(
            made.equations, (*self.program.parameters, made.direction), (made.loss, *made.slopes), self.program.given,
            made.axes, self.program.sizes, made.names, "numpy",
        )  # fmt: skip

    def along(self, point: Any, direction: Any) -> tuple[float, Any]:
        """∂L/∂c·d, and ∂²L/∂x∂c·d as one flat array (P,).

        Args:
            point: The point x.
            direction: The direction d, of the shape of c.
        """
        layout = self.program.layout
        values = self.program.checked_point(point)
        with np.errstate(all="ignore"):
            loss, *slopes = self._assembled.function(*values.values(), direction)
        whole = {n: np.zeros(layout.shapes[n]) for n in layout.names}
        for name, slope in zip(self._wrt, slopes):
            whole[name.name] = np.broadcast_to(np.asarray(slope, dtype=float), layout.shapes[name.name])
        return float(loss), np.asarray(layout.joined(whole), dtype=float)
