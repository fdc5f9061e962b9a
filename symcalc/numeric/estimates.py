"""A measured slope, the plain differences it is made of, and the same differences as exact weights.

    central(math.exp, 0.0, 1e-3).slope          # 1.0000001666666813
    central(Linear.at, 0.0, 1e-3).slope         # exp(h)·500 - exp(-h)·500, as a Linear: point → weight

A difference is linear in the values of the loss: run on `Linear.at` in place of the loss, the same function gives
its weights, as fractions, without a second formula that could differ from the first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

EPS = float(np.finfo(np.float64).eps)
Curve = Callable[[Any], Any]


class Estimate(NamedTuple):
    """A measured slope.

    Attributes:
        slope: Units of the loss per unit of the parameter.
        step: The step h used, in units of the parameter.
        evaluations: How many values of the loss it took.
        error: The method's own estimate of its error, never negative; None where it has none.
        steps: The steps whose central differences were extrapolated to h = 0; empty for a plain difference.
    """

    slope: float
    step: float
    evaluations: int
    error: float | None = None
    steps: tuple[float, ...] = ()


class Linear:
    """A sum of values of the loss: point → weight, exact fractions.

    Args:
        weights: Point → weight.
    """

    def __init__(self, weights: Mapping[float, Fraction]) -> None:
        self.weights = {point: weight for point, weight in weights.items() if weight}

    @classmethod
    def at(cls, point: float) -> Linear:
        """The value at one point."""
        return cls({float(point): Fraction(1)})

    def __add__(self, other: Linear) -> Linear:
        points = {**self.weights, **other.weights}
        return Linear({p: self.weights.get(p, Fraction(0)) + other.weights.get(p, Fraction(0)) for p in points})

    def __sub__(self, other: Linear) -> Linear:
        return self + other * -1

    def __mul__(self, factor: float | Fraction) -> Linear:
        exact = Fraction(factor)
        return Linear({point: weight * exact for point, weight in self.weights.items()})

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Linear:
        return self * (1 / Fraction(divisor))


def quotient(rise: Any, run: float) -> Any:
    """Rise over run; nan for a run of 0."""
    # A step below half a spacing of floats moves nothing: no slope can be measured.
    if not run:
        return math.nan
    return rise / run if isinstance(rise, Linear) else float(rise) / run


def central(f: Curve, x: float, h: float) -> Estimate:
    """One step to either side."""
    # Divide by the distance really moved: x + h is rounded.
    ahead, behind = x + h, x - h
    return Estimate(quotient(f(ahead) - f(behind), ahead - behind), h, 2)
