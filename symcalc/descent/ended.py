"""Where a descent ended, or any point, looked at within the bounds or constraints it was kept within."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symcalc.compute.program import Program
from symcalc.curvature import ending as place
from symcalc.curvature.ending import Ending
from symcalc.descent.limits import bounds_of, constraints_of
from symcalc.errors import InputError


def ending(
    program: Program, at: Any, likelihood: str | None = None, bounds: Mapping[str, Any] | None = None,
    constraints: Sequence[str] = (),
) -> Ending:  # fmt: skip
    """Why a point is believed to be a minimum, and how sharply it is known.

    Args:
        program: The compiled loss.
        at: The point.
        likelihood: "sum" or "mean" where the loss is a negative log-likelihood over rows, for standard errors; found
            out where it can be.
        bounds: Parameter name → (lowest, highest), None for no end.
        constraints: Linear constraints as text: "a + b <= 1". What pushes back at the point is said, and the rest is
            looked at along it.

    Raises:
        InputError: The point does not fit, the loss has one value a row, or it is not finite there; or the limits
            cannot be used.
    """
    if bounds and constraints:
        raise InputError("Give bounds or constraints, not both: a bound is a constraint too, such as 'a >= 0'.")
    limits = (
        bounds_of(bounds, program.layout) if bounds
        else constraints_of(constraints, program.layout) if constraints
        else None
    )  # fmt: skip
    return place.ending(program, at, likelihood, limits)
