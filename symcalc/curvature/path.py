"""The run on a quadratic in closed form: where step k stands, without walking there.

The error along the eigenvector of bend λ is (1 - rate·λ)^k times that of the start; a rule with memory multiplies
(error, memory) by the k-th power of a small matrix.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.errors import InputError
from symcalc.numeric.differentiable import Vector

if TYPE_CHECKING:
    from symcalc.curvature.step_sizes import StepSizes

MOST_STEPS = 10**15


@dataclass(frozen=True, eq=False)
class Path:
    """A run on a quadratic in closed form.

    Attributes:
        points: Where each step stands, (N + 1, P).
        losses: The loss there, (N + 1,).
        gradient_lengths: The length of the gradient there, (N + 1,).
    """

    points: Vector
    losses: Vector
    gradient_lengths: Vector


def path(found: StepSizes, steps: int, learning_rate: float | None = None) -> Path:
    """The whole run from the point that was looked at.

    Args:
        found: What is known at the start.
        steps: How many steps.
        learning_rate: The rate; that of `found` unless given.

    Raises:
        InputError: The loss is not proven quadratic, or the rule is not linear.
    """
    rate = _rate(found, learning_rate)
    ks = np.arange(steps + 1)
    bends, along = np.array(found.eigenvalues), found.slopes
    moved = _moved(found, rate, bends, ks)
    start = np.asarray(found.layout.joined(found.point), dtype=float)
    shifts = -moved * along
    points = start + shifts @ found.spectrum.vectors.T
    slopes = along + bends * shifts
    if found.lowest is not None:
        up = bends > 0
        errors = slopes[:, up] / bends[up]
        losses = found.lowest + 0.5 * (errors**2 @ bends[up])
    else:
        losses = found.loss + shifts @ along + 0.5 * (shifts**2 @ bends)
    return Path(points, losses, np.linalg.norm(slopes, axis=1))


def _moved(found: StepSizes, rate: float, bends: Vector, ks: Any) -> Vector:
    """How far the run has come along each eigenvector per unit of the first slope, (N + 1, P)."""
    assert found.rule is not None
    if found.rule.plain:
        return np.column_stack([_plain(rate, float(bend), ks) for bend in bends])
    # With memory: what is left of (error 1, memory 0) after k steps; without a bend the slope never changes.
    matrices = found.rule.matrices(rate, np.where(bends == 0, 1.0, bends))
    size = matrices.shape[-1]
    left = np.zeros((len(ks), len(bends), size))
    left[0, :, 0] = 1.0
    for k in range(1, len(ks)):
        left[k] = np.einsum("pij,pj->pi", matrices, left[k - 1])
    if np.any(bends == 0):
        raise InputError("Some direction does not bend, and the rule has memory: there is no closed form here.")
    moved: Vector = (1 - left[:, :, 0]) / bends
    return moved


def _plain(rate: float, bend: float, ks: Any) -> Vector:
    """(1 - (1 - rate·λ)^k)/λ, without cancellation where rate·λ is small."""
    if bend == 0:
        straight: Vector = rate * ks.astype(float)
        return straight
    factor = 1 - rate * bend
    with np.errstate(over="ignore"):
        if 0 < factor < 1 or factor > 1:
            left: Vector = -np.expm1(ks * math.log1p(-rate * bend))
        else:
            left = 1 - np.power(factor, ks.astype(float))
    moved: Vector = left / bend
    return moved


def steps_to(found: StepSizes, tolerance: float, learning_rate: float | None = None) -> int | None:
    """Steps until the gradient is shorter than a tolerance; None if never.

    Raises:
        InputError: The loss is not proven quadratic, or the rule has memory.
    """
    rate = _rate(found, learning_rate)
    if found.rule is None or not found.rule.plain:
        raise InputError("The number of steps is known for gradient descent alone: a rule with memory swings.")
    if not (math.isfinite(tolerance) and tolerance > 0):
        raise InputError(f"The tolerance is {tolerance}; it must be positive and finite.")
    bends, along = np.array(found.eigenvalues), found.slopes
    factors = np.abs(1 - rate * bends)

    def length(k: int) -> float:
        with np.errstate(over="ignore", under="ignore"):
            return float(np.linalg.norm(along * np.power(factors, float(k))))

    if length(0) < tolerance:
        return 0
    live = np.abs(along) > 1e-14 * np.linalg.norm(along)
    if np.any(factors[live] >= 1) and not length(MOST_STEPS) < tolerance:
        return None
    low, high = 0, 1
    while not length(high) < tolerance:
        low, high = high, 2 * high
        if high > MOST_STEPS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if length(middle) < tolerance else (middle, high)
    return high


def _rate(found: StepSizes, learning_rate: Any) -> float:
    if not found.quadratic or not found.whole:
        raise InputError(
            "The path in closed form is known for quadratic losses alone; this one is not proven quadratic."
        )
    if found.rule is None:
        raise InputError(f"{found.optimizer} is no linear rule: its path has no closed form.")
    rate = found.learning_rate if learning_rate is None else float(learning_rate)
    if rate is None:
        raise InputError("There is no best constant rate here: give a learning rate.")
    return rate
