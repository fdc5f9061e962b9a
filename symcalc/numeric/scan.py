"""The error of a numeric slope for many steps h: too wide a step cuts the curve, too small a one loses digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.numeric.differences import Method
from symcalc.numeric.differentiable import Vector

MANY_ROWS = 100_000


@dataclass(frozen=True)
class ErrorCurve:
    """One method on one entry, at many steps.

    Attributes:
        method: Name of the difference method.
        parameter: Name of the entry.
        steps: The steps h, rising, (69,); fewer for a loss of many rows.
        numeric: The slope at each, nan where the loss is not finite.
        errors: numeric - reference at each.
        evaluations: How many values of the loss they took.
        truncation: The first term of the truncation at each; None where it is not known.
        round_off: The size that theory gives round-off at each, eps·|f|/h times the weights; None for the complex step.
        to_symbolic: Whether errors are taken from the symbolic slope, because there is no reference.
    """

    method: str
    parameter: str
    steps: Vector
    numeric: Vector
    errors: Vector
    evaluations: int
    truncation: Vector | None
    round_off: Vector | None
    to_symbolic: bool

    @property
    def best(self) -> int | None:
        """Where the error is least, an index into `steps`; of several the widest step.

        Round-off may be nothing at one step by luck: a step counts for the largest error within half a decade of it.
        """
        sizes = np.abs(self.errors)
        sizes[~np.isfinite(sizes)] = np.inf
        reach = max(1, (len(sizes) - 1) // 34)
        worst = np.array([sizes[max(0, k - reach) : k + reach + 1].max() for k in range(len(sizes))])
        # At either end fewer neighbors speak.
        inner = worst[reach : len(worst) - reach]
        if not np.isfinite(inner).any():
            return None
        return reach + int(np.flatnonzero(inner == inner.min())[-1])

    @property
    def best_step(self) -> float | None:
        """The step around which the error is least."""
        return None if self.best is None else float(self.steps[self.best])

    @property
    def best_error(self) -> float | None:
        """The error there, with its sign."""
        return None if self.best is None else float(self.errors[self.best])


def steps_for(x: float, rows: int | None = None) -> Vector:
    """The steps h to try, evenly spaced in their logarithm; fewer where a loss takes long."""
    count = 69 if (rows or 1) <= MANY_ROWS else 35
    return np.geomspace(1e-16, 10, count) * max(1.0, abs(x))


def measured(
    method: Method, f: Callable[[Any], Any], x: float, steps: Vector, truth: Any
) -> tuple[Vector, Vector, int]:
    """The slope at each step, its error, and the values of the loss all of them took.

    Args:
        method: The difference method.
        f: The loss along the entry.
        x: Where.
        steps: The steps.
        truth: The exact slope; with 40 digits the subtraction is done with them.
    """
    found = [method.measure(f, x, float(h)) for h in steps]
    slopes = np.array([estimate.slope for estimate in found], dtype=float)
    errors = np.array([float(s - truth) if math.isfinite(s) else math.nan for s in slopes.tolist()])
    return slopes, errors, sum(estimate.evaluations for estimate in found)
