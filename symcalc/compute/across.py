"""Value and slopes of a loss at many points at once: its lines over arrays, one entry a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symcalc.compute.assembly import Lines
from symcalc.compute.dialects import NotWritten
from symcalc.compute.points import Vector
from symcalc.compute.printing import compiled
from symcalc.compute.program import Program
from symcalc.compute.unrolled import unrolled

Across = Callable[[Vector], tuple[Vector, Vector]]


def over_arrays(lines: Lines) -> Callable[..., tuple[Any, ...]]:
    """Lines as one NumPy function of arrays: (P arrays) → (loss, *slopes)."""
    function = compiled([*lines.arguments, *lines.values], list(lines.results), list(lines.steps), "numpy")
    numbers = tuple(lines.values.values())
    return lambda *point: function(*point, *numbers)


def across(program: Any) -> Across | None:
    """A function of points (B, P) that gives losses (B,) and slopes (B, P); None where the loss is too long for it.

    Args:
        program: The compiled loss.
    """
    if not isinstance(program, Program) or tuple(program.gradient_equations.wrt) != program.parameters:
        return None
    try:
        function = over_arrays(program.lines or unrolled(program))
    except NotWritten:
        return None

    def evaluate(points: Vector) -> tuple[Vector, Vector]:
        with np.errstate(all="ignore"):
            found = function(*np.ascontiguousarray(points.T))
        value, *slopes = (np.broadcast_to(np.asarray(v, dtype=float), len(points)) for v in found)
        return np.array(value), np.stack(slopes, axis=1)

    return evaluate
