"""The first term of a method's truncation from exact second derivatives, where nothing better is at hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from symcalc.numeric.differences import METHODS, Method
from symcalc.numeric.differentiable import Differentiable, Vector
from symcalc.numeric.estimates import EPS
from symcalc.numeric.explanation import Leading


class Derivatives:
    """Second and third derivatives along the entries of a point, from Hessian products in floats.

    Args:
        program: The compiled loss.
        point: Flat point (P,).
    """

    def __init__(self, program: Differentiable, point: Vector) -> None:
        self.program, self.point = program, point
        self._known: dict[tuple[int, float], float] = {}

    def of(self, order: int, k: int) -> float | None:
        """The second or third derivative along entry k; None for any other."""
        return self._second(self.point, k) if order == 2 else self._third(k) if order == 3 else None

    def _second(self, point: Vector, k: int) -> float:
        """One Hessian-vector product."""
        key = (k, float(point[k]))
        if key not in self._known:
            unit = np.zeros_like(point)
            unit[k] = 1.0
            self._known[key] = float(np.asarray(self.program.hessian_product(point, unit))[k])
        return self._known[key]

    def _third(self, k: int) -> float:
        """A central difference of exact second derivatives."""
        h = METHODS["central"].default_step(float(self.point[k]))
        ahead, behind = self.point.copy(), self.point.copy()
        ahead[k] += h
        behind[k] -= h
        up, down = self._second(ahead, k), self._second(behind, k)
        # A difference within round-off says that there is no third derivative to speak of.
        if abs(up - down) <= 16 * EPS * max(abs(up), abs(down)):
            return 0.0
        return float((up - down) / (ahead[k] - behind[k]))


def first_term(method: Method, h: float, derivatives: Derivatives, k: int) -> Leading | None:
    """The first term of the truncation at step h; None where its derivative is not at hand."""
    derivative = derivatives.of(method.derivative, k)
    if method.truncation is None or derivative is None:
        return None
    factor = Fraction(method.truncation(1.0, 1.0)).limit_denominator(1000)
    # Adding 0 turns -0 into 0.
    value = method.truncation(h, derivative) + 0.0
    return Leading(method.derivative, factor, derivative, value) if math.isfinite(value) else None


def round_off_size(method: Method, loss: float) -> float | None:
    """What theory says of round-off, times h: eps/2·|f| for every value, by the weights; None where none is known."""
    if method.complex or not method.truncation:
        return None
    found = method.measure(lambda t: 0.0, 0.0, 1.0)
    weights = method.weights(0.0, found)
    return None if weights is None else EPS / 2 * abs(loss) * float(sum(map(abs, weights.values())))
