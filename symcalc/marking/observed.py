"""What somebody says a loss and its slopes are at one point, and what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.evaluate import Evaluator
from symcalc.calculus.gradient import Gradient
from symcalc.errors import InputError
from symcalc.marking.diagnosis import FAULTS
from symcalc.marking.equality import proper
from symcalc.marking.points import Place
from symcalc.marking.trial import Tried


@dataclass(frozen=True)
class Observed:
    """What somebody says at one point.

    Attributes:
        place: The point: values of all names.
        where: How messages call it: "row 2", "m = 1, b = 2".
        slopes: Parameter → the slope as given.
        loss: The loss as given, or None.
        slack: By how much a given number may be off, by the name it is given for ("" for the loss).
        moves: Parameter → where a step of a descent is said to lead.
    """

    place: Place
    where: str
    slopes: Mapping[str, Any]
    loss: Any = None
    slack: Mapping[str, Any] = field(default_factory=dict)
    moves: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Off:
    """One number that is not what it should be."""

    where: str
    name: str
    word: str
    given: Any
    right: Any
    place: Place


def worked_out(gradient: Gradient, o: Observed) -> Any:
    """All values at a point.

    Raises:
        InputError: The loss has none there.
    """
    try:
        values = Evaluator(gradient.equations, gradient.notation.axes, o.place.size).run(o.place.given)
    except FAULTS:
        values = None
    if values is None or not proper(values[gradient.loss.output.name.symbol]):
        raise InputError(f"{gradient.loss.name} has no value at {o.where}, so nothing can be compared there.")
    return values


def near(given: Any, right: Any, slack: Any) -> bool:
    if np.shape(given) != np.shape(right):
        return False
    one, two = np.ravel(np.asarray(given, dtype=object)), np.ravel(np.asarray(right, dtype=object))
    tiny = mpmath.mpf(10) ** -25
    return all(mpmath.isfinite(a) and abs(a - b) <= slack + abs(b) * tiny for a, b in zip(one, two))


def fits(t: Tried, values: list[Any]) -> bool:
    return all(t.near(v, t.answered_at(e)) for e, v in zip(t.entries, values))


def plain(value: Any) -> Any:
    """A number or nested lists of them; whole numbers as such."""
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value]
    number = float(mpmath.re(value))
    return int(number) if np.isfinite(number) and number == int(number) and abs(number) < 1e15 else number


def shown(value: Any) -> str:
    """A number or lists of them with six digits."""
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return f"{float(value):.8g}"
