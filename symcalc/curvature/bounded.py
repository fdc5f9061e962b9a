"""Entries of a point that a bound holds: the slope pushes against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symcalc.compute.program import Program
from symcalc.errors import InputError
from symcalc.notation.entries import entry_names
from symcalc.numeric.differentiable import Vector


def held(program: Program, point: Vector, gradient: Vector, bounds: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """Which entries a bound holds, (P,) of bool, and a sentence for each.

    Args:
        program: The compiled loss.
        point: Flat point.
        gradient: Flat gradient there.
        bounds: Parameter name → (lowest, highest), None for no end.

    Raises:
        InputError: A name is no parameter.
    """
    layout = program.layout
    low, high = np.full(layout.total, -np.inf), np.full(layout.total, np.inf)
    for name, (least, most) in bounds.items():
        if name not in layout.slices:
            raise InputError(f"The bounds name {name}, which is no parameter; there are {', '.join(layout.names)}.")
        low[layout.slices[name]] = -np.inf if least is None else least
        high[layout.slices[name]] = np.inf if most is None else most
    active = ((point <= low) & (gradient > 0)) | ((point >= high) & (gradient < 0))
    names = entry_names(program)
    return active, tuple(
        f"{names[k]} is held at its bound {point[k]:.6g}: its slope {gradient[k]:.4g} pushes against it."
        for k in np.flatnonzero(active)
    )
