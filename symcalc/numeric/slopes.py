"""The gradient measured by a difference method, entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from symcalc.numeric.differences import checked_step, method_named
from symcalc.numeric.differentiable import Differentiable, Vector, named


def along(program: Differentiable, point: Vector, entry: int, base: float | None = None) -> Callable[[Any], Any]:
    """The loss as a function of one entry of the flat point, the others held.

    Args:
        program: The compiled loss.
        point: Flat vector (P,).
        entry: Which entry moves, from 0.
        base: The loss at the point, if known.
    """

    def curve(x: Any) -> Any:
        if base is not None and x == point[entry]:
            return base
        moved = point.astype(complex if isinstance(x, complex) else float)
        moved[entry] = x
        if isinstance(x, complex):
            value = program.complex_value(program.layout.split(moved))
            return complex(math.nan, math.nan) if value is None else value
        return program.value(moved)

    return curve


def numeric_gradient(program: Differentiable, point: Any, method: str = "central", h: float | None = None) -> Any:
    """The slope in every parameter, measured by a difference method.

    Args:
        program: The compiled loss.
        point: Parameter name → number or array; or one flat vector (P,).
        method: Name of a row of `differences.METHODS`.
        h: The step in units of each parameter; the method's own unless given.

    Returns:
        Slopes in the form of the point; nan where the method does not apply or the loss is not finite.

    Raises:
        InputError: The method is unknown, h is not positive, or the point does not fit.
    """
    row, step = method_named(method), checked_step(h)
    if isinstance(point, np.ndarray):
        vector = np.asarray(point, dtype=float)
        return _measured(program, vector, row.measure, step)
    checked = program.checked_point(point)
    return named(program.layout, _measured(program, program.layout.joined(checked), row.measure, step))


def _measured(program: Differentiable, vector: Vector, measure: Callable[..., Any], h: float | None) -> Vector:
    with np.errstate(all="ignore"):
        base = float(program.value(vector))
        slopes = [measure(along(program, vector, k, base), float(vector[k]), h).slope for k in range(len(vector))]
    return np.array(slopes, dtype=float)
