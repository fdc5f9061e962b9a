"""How near "near this point" is: what one step jumps over, and what it does to the largest stable rate."""

from __future__ import annotations

import numpy as np

from symcalc.compute.nearest_kink import crossed
from symcalc.compute.program import Program
from symcalc.curvature.rules import Linear
from symcalc.curvature.spectrum import spectrum
from symcalc.numeric.differentiable import Vector


def onward(
    program: Program, point: Vector, gradient: Vector, theory: Linear | None, rate: float | None, largest: float | None
) -> tuple[float, float | None] | None:
    """The largest stable rate where one step leads: at the rate asked for, or half the limit where that is too large."""
    if theory is None or not theory.plain or largest is None or not np.any(gradient):
        return None
    taken = rate if rate is not None and rate < largest else largest / 2
    with np.errstate(all="ignore"):
        found = spectrum(program, point - taken * gradient)
    if found is None:
        return None
    return taken, theory.largest(np.where(found.flat, 0.0, found.values))


def jumped(
    program: Program, point: Vector, gradient: Vector, theory: Linear | None, rate: float | None
) -> tuple[str, ...]:
    """What passes a kink in a step of gradient descent at a rate, a sentence each."""
    if theory is None or not theory.plain or rate is None:
        return ()
    return tuple(crossed(program, point, point - rate * gradient))
