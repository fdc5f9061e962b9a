"""Steps of a descent that somebody prints: do they go down the slope, and does the loss fall?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.evaluate import Evaluator
from symcalc.calculus.gradient import Gradient
from symcalc.marking import audit_words
from symcalc.marking.diagnosis import FAULTS
from symcalc.marking.points import Place
from symcalc.marking.words import Diagnosis


def judged(gradient: Gradient, place: Place, values: Mapping[Any, Any], moves: Mapping[str, Any]) -> Diagnosis | None:
    """What is wrong with a step; None where the loss falls along the slope.

    Args:
        gradient: The slopes.
        place: Where the step begins.
        values: All values there.
        moves: Parameter → where it leads.
    """
    loss = gradient.loss
    steps = {w: to - place.given[loss.name_of(w).symbol] for w, to in moves.items()}
    slopes = {w: values[gradient.slope_name(w).symbol] for w in moves}
    rates = [
        -s / g for w in moves
        for s, g in zip(_flat(steps[w]), _flat(slopes[w])) if g != 0 or s != 0
    ]  # fmt: skip
    if not rates or any(r <= 0 or abs(r - rates[0]) > abs(rates[0]) * mpmath.mpf(10) ** -6 for r in rates):
        return audit_words.step_elsewhere(", ".join(moves)) if rates else None
    before = values[loss.output.name.symbol]
    after = _loss_at(gradient, place, moves)
    if after is not None and after <= before:
        return None
    largest = largest_rate(gradient, place, values, list(moves))
    return audit_words.step_too_long(rates[0], before, mpmath.inf if after is None else after, largest)


def largest_rate(gradient: Gradient, place: Place, values: Mapping[Any, Any], words: Sequence[str]) -> Any:
    """The rate at which a step along the slope leaves a quadratic loss as it was: 2·g·g/(g·H·g); None where it bends down."""
    loss, h = gradient.loss, mpmath.mpf(10) ** -10
    slopes = {w: values[gradient.slope_name(w).symbol] for w in words}
    size = sum(g * g for w in words for g in _flat(slopes[w]))
    ends = [
        _loss_at(gradient, place, {w: place.given[loss.name_of(w).symbol] + k * h * slopes[w] for w in words})
        for k in (1, -1)
    ]  # fmt: skip
    if ends[0] is None or ends[1] is None:
        return None
    bend = (ends[0] + ends[1] - 2 * values[loss.output.name.symbol]) / h**2
    return 2 * size / bend if bend > 0 else None


def after_step(gradient: Gradient, place: Place, values: Mapping[Any, Any], words: Sequence[str]) -> dict[str, Any]:
    """Where a step of the best rate along the slope leads."""
    rate = (largest_rate(gradient, place, values, words) or 0) / 2
    loss = gradient.loss
    return {
        w: place.given[loss.name_of(w).symbol] - rate * values[gradient.slope_name(w).symbol] for w in words
    }  # fmt: skip


def _loss_at(gradient: Gradient, place: Place, point: Mapping[str, Any]) -> Any:
    loss = gradient.loss
    given = {**place.given, **{loss.name_of(w).symbol: v for w, v in point.items()}}
    moved = replace(place, given=given)
    try:
        return Evaluator(loss.equations, loss.notation.axes, moved.size).run(given)[loss.output.name.symbol]
    except FAULTS:
        return None


def _flat(value: Any) -> list[Any]:
    return list(np.ravel(np.asarray(value, dtype=object)))
