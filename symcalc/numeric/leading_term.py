"""What the step h alone makes of a numeric slope, from exact derivatives of the loss: Taylor's next term.

leading_term(program, point, entry, "forward", 0.001)      # h/2·f'' = 0.0005·2 = 0.001
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from symcalc.numeric.differences import EPS, METHODS
from symcalc.numeric.differentiable import Differentiable, Vector


@dataclass(frozen=True)
class LeadingTerm:
    """The error of one slope that is due to the step.

    Attributes:
        order: Which derivative makes it: 2 or 3.
        derivative: That derivative of the loss along the entry.
        factor: What it is multiplied by: h/2, -h/2, h²/6 or -h²/6.
        gap: Their product: numeric minus exact.
    """

    order: int
    derivative: float
    factor: float
    gap: float


def leading_term(program: Differentiable, point: Vector, entry: int, method: str, h: float) -> LeadingTerm | None:
    """The leading error of a difference; None where the method has no such formula, or it is not finite.

    Args:
        program: The compiled loss.
        point: Flat point (P,).
        entry: Which entry of it is moved, from 0.
        method: Name of a row of `differences.METHODS`.
        h: The step that was used.

    Source: Nocedal and Wright (2006), Numerical Optimization, section 8.1.
    """
    row = METHODS[method]
    if row.truncation is None:
        return None
    with np.errstate(all="ignore"):
        derivative = _second(program, point, entry) if row.derivative == 2 else _third(program, point, entry)
    gap = row.truncation(h, derivative)
    if not math.isfinite(gap):
        return None
    # Adding 0 turns -0 into 0.
    return LeadingTerm(row.derivative, derivative, row.truncation(h, 1.0), gap + 0.0)


def _second(program: Differentiable, point: Vector, entry: int) -> float:
    """Exact second derivative along an entry: one Hessian-vector product."""
    unit = np.zeros_like(point)
    unit[entry] = 1.0
    return float(np.asarray(program.hessian_product(point, unit))[entry])


def _third(program: Differentiable, point: Vector, entry: int) -> float:
    """Third derivative along an entry: a central difference of exact second derivatives."""
    h = METHODS["central"].default_step(float(point[entry]))
    ahead, behind = point.copy(), point.copy()
    ahead[entry] += h
    behind[entry] -= h
    up, down = _second(program, ahead, entry), _second(program, behind, entry)
    # A difference within round-off says that there is no third derivative to speak of.
    if abs(up - down) <= 16 * EPS * max(abs(up), abs(down)):
        return 0.0
    return float((up - down) / (ahead[entry] - behind[entry]))
