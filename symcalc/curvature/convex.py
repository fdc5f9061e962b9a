"""What is known about a loss as a whole: convex by how it is composed, or by its one Hessian; else not known.

What is proven is said to be; a look at one Hessian of a loss that is not quadratic proves nothing beyond the point,
except that a loss that bends down anywhere is not convex.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symcalc.compute.convexity import is_convex
from symcalc.compute.program import Program
from symcalc.curvature.spectrum import Spectrum
from symcalc.numeric.differentiable import Vector


@dataclass(frozen=True)
class Convexity:
    """Whether a loss is convex in its parameters.

    Attributes:
        convex: True or False where that is proven, else None.
        proof: How: "composition", "Hessian" or "".
        sentence: That in words.
    """

    convex: bool | None
    proof: str
    sentence: str


def convexity(program: Program, point: Vector, found: Spectrum | None, quadratic: bool) -> Convexity:
    """What is known about a loss as a whole.

    Args:
        program: The compiled loss.
        point: A flat point.
        found: The spectrum there, or None.
        quadratic: Whether the loss is proven quadratic.
    """
    lowest = None if found is None else float(found.values.min(initial=0.0))
    if found is not None and lowest is not None and lowest < -found.off:
        where = "it bends down here" if not quadratic else "its Hessian, the same everywhere, has a negative eigenvalue"
        return Convexity(False, "Hessian", f"Not convex: {where}.")
    if quadratic and found is not None and found.whole:
        return Convexity(
            True,
            "Hessian",
            "Convex: it is quadratic, and its Hessian, the same everywhere, has no negative eigenvalue.",
        )
    with np.errstate(all="ignore"):
        if is_convex(program, point):
            return Convexity(True, "composition", "Convex by how it is composed: every minimum is a global one.")
    if found is None:
        return Convexity(None, "", "Whether the loss is convex is not known.")
    return Convexity(
        None,
        "",
        "Whether the loss is convex is not known: it bends down in no direction here, which says nothing beyond.",
    )
