"""Are two slopes the same formula? Decided at many places with 40 digits and more.

A place counts where the loss has a value. Places are drawn until both sides of every kink were seen, and small whole
numbers are tried as well, since they often lie on one: there, and only there, a difference is a matter of
convention.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.evaluate import Evaluator
from symcalc.calculus.gradient import Gradient
from symcalc.equations import Equation
from symcalc.language import functions as f
from symcalc.language.answer import Answer
from symcalc.marking.points import Place, Places

DIGITS, ENOUGH, SECONDS = 70, 24, 2.0
_FAULTS = (ValueError, ZeroDivisionError, OverflowError, TypeError, NotImplementedError, ArithmeticError)
_KINKED = (f.Absolute, f.Relu, f.Sign, f.SignAt, f.Maximum, f.Minimum, f.Above, f.Less, f.LessEqual, f.Same, f.Differs)
_ONE_ARGUMENT = (f.Absolute, f.Relu, f.Sign, f.SignAt)


@dataclass
class Seen:
    """What comparing came to.

    Attributes:
        agreed: At how many places both were equal.
        apart: A place where they differ, or None.
        at_kinks: A place on a kink of the loss where they differ, or None.
        without: A place where the loss has a slope and the answer has no value, or None.
        unseen: Parts of formulas whose sign was always the same, so that one branch was never compared.
    """

    agreed: int = 0
    apart: Place | None = None
    at_kinks: Place | None = None
    without: Place | None = None
    unseen: int = 0
    sides: dict[Any, set[int]] = field(default_factory=dict)


class Comparing:
    """Works out the slope and an answer at places.

    Args:
        gradient: The slopes of the loss.
        word: Which slope.
        answer: The answer.
    """

    def __init__(self, gradient: Gradient, word: str, answer: Answer) -> None:
        self.gradient, self.answer = gradient, answer
        self.slope = gradient.slope_name(word).symbol
        self.output = gradient.loss.output.name.symbol
        self.equations = (*gradient.equations, *answer.equations)
        self.axes = {**gradient.notation.axes, **answer.index_axes}
        self.gaps = list(_gaps(self.equations))
        self.own_gaps = list(_gaps(gradient.equations))

    def at(self, place: Place) -> tuple[Any, Any, dict[Any, Any]] | None:
        """The slope, the answer (None where it has no value) and all values; None where the loss has none."""
        given = dict(place.given)
        for name, axis in self.answer.sizes:
            given.setdefault(name.symbol, mpmath.mpf(place.size(axis)))
        try:
            values = Evaluator(self.gradient.equations, self.axes, place.size).run(given)
        except _FAULTS:
            return None
        right = values[self.slope]
        if not (proper(values[self.output]) and proper(right)):
            return None
        try:
            values = Evaluator(self.answer.equations, self.axes, place.size).run(values)
            answered = values[self.answer.symbol]
        except _FAULTS:
            return right, None, values
        return right, answered if proper(answered) else None, values

    def signs(self, gaps: Iterable[tuple[Any, tuple[Any, ...]]], place: Place, values: Any) -> Iterator[Any]:
        """(part of a formula, its sign) for everything that decides a branch."""
        evaluator = Evaluator((), self.axes, place.size)
        for gap, indices in gaps:
            body = evaluator.body(gap)
            for entry in itertools.product(*(range(place.size(self.axes[i])) for i in indices)):
                values.update(zip(indices, entry))
                try:
                    value = body(values)
                    yield gap, int(mpmath.sign(value)) if not isinstance(value, mpmath.mpc) else 2
                except _FAULTS:
                    continue


def seen(comparing: Comparing, places: Places, rearranged: Callable[[Any], Any] = lambda v: v) -> Seen:
    """Compares at as many places as it takes, and ends at the first difference.

    Args:
        comparing: The slope and the answer.
        places: Where.
        rearranged: What is done to the answer first, such as transposing it.
    """
    with mpmath.workdps(DIGITS):
        found = _drawn(comparing, places, rearranged)
        if found.apart is None and found.agreed:
            _at_small_numbers(comparing, places, rearranged, found)
    return found


def _drawn(comparing: Comparing, places: Places, rearranged: Callable[[Any], Any]) -> Seen:
    found = Seen(sides={gap: set() for gap, _ in comparing.gaps})
    begun, tries = time.process_time(), 0
    while tries < 40 * ENOUGH:
        spent = time.process_time() - begun
        waiting = any(len(s) < 2 for s in found.sides.values())
        if found.agreed >= ENOUGH and (not waiting or tries > 6 * ENOUGH):
            break
        if tries == 2 * ENOUGH:
            places.widen()
        if spent > SECONDS and (found.agreed >= 3 or spent > 4 * SECONDS):
            break
        tries += 1
        place = places.drawn()
        at = comparing.at(place)
        if at is None:
            continue
        right, answered, values = at
        if answered is None:
            found.without = found.without or place
            continue
        if not equal(right, rearranged(answered)):
            found.apart = place
            return found
        found.agreed += 1
        if waiting:
            for gap, sign in comparing.signs(comparing.gaps, place, values):
                found.sides[gap].add(sign)
    found.unseen = sum(len(s - {0, 2}) < 2 for s in found.sides.values())
    return found


def _at_small_numbers(comparing: Comparing, places: Places, rearranged: Callable[[Any], Any], found: Seen) -> None:
    """Differences on a kink of the loss are noted; elsewhere they are differences."""
    if not comparing.gaps or places.on_data:
        return
    numbers = (-2, -1, 0, 1, 2, 3, *places.scales[:3])
    for _ in range(30):
        place = places.small(numbers)
        at = comparing.at(place)
        if at is None or at[1] is None or equal(at[0], rearranged(at[1])):
            continue
        if any(sign == 0 for _, sign in comparing.signs(comparing.own_gaps, place, at[2])):
            found.at_kinks = found.at_kinks or place
        else:
            found.apart = place
            return


def equal(right: Any, answered: Any) -> bool:
    """Whether two numbers, or arrays of them, agree to 20 digits; one number stands for every entry."""
    if np.shape(answered) not in (np.shape(right), ()):
        return False
    one, two = np.broadcast_arrays(np.asarray(right, dtype=object), np.asarray(answered, dtype=object))
    return all(close(a, b) for a, b in zip(one.ravel(), two.ravel()))


def close(a: Any, b: Any) -> bool:
    """Whether two numbers agree to 20 digits, or both are nothing but what rounding left."""
    a, b = mpmath.re(a), mpmath.re(b)
    gap = abs(a - b)
    return bool(gap <= max(abs(a), abs(b)) * mpmath.mpf(10) ** -20 or gap <= mpmath.mpf(10) ** -55)


def proper(value: Any) -> bool:
    """Whether a value is made of finite real numbers."""
    for entry in np.ravel(np.asarray(value, dtype=object)):
        if isinstance(entry, mpmath.mpc) and abs(entry.imag) > mpmath.mpf(10) ** -40 * (1 + abs(entry.real)):
            return False
        if not mpmath.isfinite(entry) or abs(entry) > mpmath.mpf(10) ** 300:
            return False
    return True


def _gaps(equations: tuple[Equation, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Everything whose sign decides a branch, with the indices it runs over."""
    known = set()
    for equation in equations:
        for term in equation.terms:
            for node in term.body.atoms(*_KINKED):
                gap = node.args[0] if isinstance(node, _ONE_ARGUMENT) else node.args[0] - node.args[1]
                if gap in known or gap.is_number:
                    continue
                known.add(gap)
                yield gap, tuple(i for i in (*equation.indices, *term.over) if i in gap.free_symbols)
