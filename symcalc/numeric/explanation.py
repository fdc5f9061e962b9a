"""Where the gap of a measured slope comes from: truncation, round-off, and the exact slope's own rounding.

A measured slope is Σ c·f(t) over the points t that the method took. Written out,

    numeric - symbolic =   Σ c·f(t) - f'                  truncation: Taylor's series, Σ c·(t - x)^k/k! times derivative k
                         + Σ c·(value at t - f(t))        round-off of the values of the loss
                         + (numeric - Σ c·value at t)     round-off of the subtraction and the division
                         + f' - symbolic                  the exact slope's own rounding

Weights are exact fractions, values and derivatives have 50 digits: every part is known, none is estimated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath

from symcalc.numeric.estimates import EPS

mp = mpmath.mp
KINK = "A kink or a pole lies within the step: the derivatives at the point do not know of it, so no gap is predicted."
WIDE = "The step is too wide for a series of derivatives: its truncation is worked out from 50-digit values instead."
LOST = (
    "The complex value of the loss has lost its small imaginary part, so this slope is wrong and no gap is predicted."
)
OUTSIDE = "The step leaves the domain of the loss, so no gap is predicted."
_DIGITS = 100


@dataclass(frozen=True)
class Leading:
    """The first term of the truncation of a method: factor·h^(order - 1) times a derivative.

    Attributes:
        order: Which derivative.
        factor: 1/2 for the forward difference, 1/6 for the central one.
        derivative: That derivative along the entry, exact before it was rounded to a float.
        value: The term, in units of the slope.
    """

    order: int
    factor: Fraction
    derivative: float
    value: float


@dataclass(frozen=True)
class Explanation:
    """The parts of a gap.

    Attributes:
        truncation: What the step h makes of it; None where a kink within the step forbids to say.
        round_off: What floats make of it.
        leading: The first term of the truncation; None where no derivative at hand makes one.
        noise: How far a value of the loss is off, in units of the loss: half a spacing of floats, or what was seen.
        weight: Sum of the sizes of the weights, times h: round-off is of the size weight·noise/h.
        note: What to know about it; "" mostly.
    """

    truncation: float | None
    round_off: float
    leading: Leading | None
    noise: float
    weight: float
    note: str = ""

    @property
    def best_step(self) -> float | None:
        """The h at which the first term of truncation and the size of round-off together are least."""
        first = self.leading
        if first is None or not first.derivative or not self.noise:
            return None
        steepness = (first.order - 1) * abs(float(first.factor) * first.derivative)
        # d/dh of steepness/(order - 1)·h^(order - 1) + weight·noise/h is 0.
        found = (self.weight * self.noise / steepness) ** (1 / first.order) if steepness else math.inf
        return found if math.isfinite(found) else None


def explain(
    x: float,
    h: float,
    weights: Mapping[float, Fraction],
    values: Mapping[float, float],
    exact: Mapping[float, Any],
    derivatives: Sequence[Any],
    numeric: float,
) -> Explanation:
    """The parts of the gap of a difference.

    Args:
        x: Where the slope was measured.
        h: The step.
        weights: Point → weight, as `Method.weights` gives them.
        values: Point → value of the loss in floats.
        exact: Point → value of the loss with 50 digits.
        derivatives: f, f', f'', … at x, mpf.
        numeric: The measured slope.
    """
    with mp.workdps(_DIGITS):
        slope = derivatives[1]
        factors = {t: mp.mpf(c.numerator) / c.denominator for t, c in weights.items()}
        whole = mp.fsum(c * exact[t] for t, c in factors.items())
        terms, rounded, first = _terms(x, h, factors, derivatives)
        series = mp.fsum(terms)
        # Points are rounded too: x + h is not where it was meant to be.
        worked = whole - slope - rounded
        round_off = (mp.mpf(numeric) - whole) + rounded
        # Below it lie the digits that the exact values do not have. What round-off drowns needs no other reason.
        floor = mp.mpf(10) ** -45 * mp.fsum(abs(c * exact[t]) for t, c in factors.items())
        round_off = round_off if abs(round_off) > floor else mp.mpf(0)
        differs = abs(series - worked) > max(abs(worked) / 100, abs(round_off) / 1000, floor)
        settled = sum(map(abs, terms[-4:])) <= abs(series) / 1000
        truncation, note = (series, "") if not differs else (None, KINK) if settled else (worked, WIDE)
        seen = max(abs(mp.mpf(values[t]) - exact[t]) for t in weights)
        noise = max(float(seen), EPS / 2 * max(abs(v) for v in values.values()))
        return Explanation(
            None if truncation is None else float(truncation), float(round_off), first, noise,
            float(sum(map(abs, factors.values()))) * h, note,
        )  # fmt: skip


def explain_complex(x: float, h: float, derivatives: Sequence[Any], numeric: float) -> Explanation | None:
    """The parts of the gap of a complex step: Im f(x + ih)/h = f' - h²/6 f''' + h⁴/120 f⁽⁵⁾ - …

    Args:
        x: Where the slope was measured.
        h: The step.
        derivatives: f, f', f'', … at x, mpf.
        numeric: The measured slope.

    Returns:
        None where the step is too wide for the series.
    """
    with mp.workdps(_DIGITS):
        orders = range(3, len(derivatives), 2)
        terms = [(-1) ** (k // 2) * derivatives[k] * mp.mpf(h) ** (k - 1) / mp.factorial(k) for k in orders]
        series = mp.fsum(terms)
        if sum(map(abs, terms[-2:])) > abs(series) / 1000 and abs(series) > EPS * abs(derivatives[1]):
            return None
        first = Leading(3, Fraction(-1, 6), float(derivatives[3]), float(terms[0]))
        round_off = mp.mpf(numeric) - derivatives[1] - series
        # Nothing is subtracted, so round-off is some last digits of the slope and of what moves it, never more.
        if abs(round_off) > (abs(derivatives[1]) + abs(x * derivatives[2])) / 1000:
            return Explanation(None, float(round_off), None, 0.0, 0.0, LOST)
        noise = float(abs(derivatives[1])) * EPS / 2 * h
        return Explanation(float(series), float(round_off), first, noise, 1.0)


def _terms(
    x: float, h: float, factors: Mapping[float, Any], derivatives: Sequence[Any]
) -> tuple[list[Any], Any, Leading | None]:
    """The terms of Taylor's series that h makes, what the rounding of the points makes, and the first term."""
    terms, rounded, first = [], mp.mpf(0), None
    moves = [(mp.mpf(t) - mp.mpf(x), c, EPS * max(abs(x), abs(t))) for t, c in factors.items()]
    for order in range(1, len(derivatives)):
        moment = mp.fsum(c * move**order for move, c, _ in moves)
        # As large a moment comes of the rounding of the points alone: it would be 0 (for the slope itself 1) without.
        chance = 2 * order * mp.fsum(abs(c * move ** (order - 1)) * spacing for move, c, spacing in moves)
        whole = derivatives[order] / mp.factorial(order)
        if order == 1 or abs(moment) <= chance:
            rounded += (moment - (order == 1)) * whole
            continue
        terms.append(moment * whole)
        if first is None:
            factor = Fraction(float(moment / mp.mpf(h) ** (order - 1) / mp.factorial(order))).limit_denominator(10_000)
            first = Leading(order, factor, float(derivatives[order]), float(terms[0]))
    return terms, rounded, first
