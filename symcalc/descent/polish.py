"""The end of a descent at as many digits as asked for: Newton steps worked out by the same equations in mpmath.

trace = descend(program, optimizer="newton", digits=20)
trace.polished.point["b"]          '470.00000000000000000'
trace.polished.float64["b"]        how many digits the float had
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from symcalc.compute.exact_newton import ExactNewton
from symcalc.compute.program import Program
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector

mp = mpmath.mp
# Working digits beyond those asked for, and what is added where rounding shows.
GUARD, MORE, LEAST = 15, 40, 40
MOST_DIGITS, MOST_STEPS, MOST_ROUNDS = 200, 60, 6
_FLOAT = 16


@dataclass(frozen=True)
class Polished:
    """Where the slopes vanish, near where a descent ended.

    Attributes:
        digits: Correct significant digits of every number, as asked for; 0 where no such place was found.
        point: Parameter name → its value as text, nested lists for arrays.
        loss: The loss there, as text.
        float64: Entry (`b`, `w[0]`) → how many of its digits the end of the descent itself had.
        steps: Newton steps it took.
        sentence: All that in words.
    """

    digits: int
    point: Mapping[str, Any]
    loss: str
    float64: Mapping[str, int]
    steps: int
    sentence: str

    @property
    def found(self) -> bool:
        """Whether there is such a place."""
        return self.digits > 0


def checked_digits(digits: int | None) -> int | None:
    """How many digits to finish with; None for what a float has.

    Raises:
        InputError: It is no whole number from 1 to 200.
    """
    if digits is None:
        return None
    if isinstance(digits, bool) or not isinstance(digits, (int, np.integer)) or not 1 <= digits <= MOST_DIGITS:
        raise InputError(f"digits is {digits!r}; it must be a whole number from 1 to {MOST_DIGITS}.")
    return int(digits)


def polish(program: Differentiable, point: Vector, digits: int) -> Polished:
    """The stationary point that Newton's steps lead to from a point, with so many correct digits.

    Args:
        program: The compiled loss.
        point: Flat start (P,), near a minimum.
        digits: Correct significant digits wanted.

    Raises:
        InputError: The loss has no formula at hand.
    """
    if not isinstance(program, Program):
        raise InputError("Digits beyond those of a float need the formula of the loss.")
    if program.kinks(point):
        return _none(program, f"Not polished: {program.kinks(point)[0]} Newton's steps need smooth slopes.")
    exact = ExactNewton(program)
    if not exact.affordable:
        why = f"Not polished: that would work out {exact.work:,} terms at {digits} digits a step: use fewer rows."
        return _none(program, why)
    working = max(LEAST, digits + GUARD)
    for _ in range(MOST_ROUNDS):
        try:
            found = _walked(exact, point, digits, working)
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return _none(program, "Not polished: Newton's steps leave the domain of the loss.")
        if found is None:
            return _none(
                program,
                "Not polished: the loss does not bend up in every direction where the descent ended, so no single "
                "point is the minimum there: raise steps, or drop a parameter that the loss does not determine.",
            )
        place, steps, settled = found
        if settled:
            return _told(program, exact, point, place, digits, working, steps)
        working += MORE
    return _none(program, "Not polished: Newton's steps do not settle from where the descent ended: raise steps.")


def _walked(exact: ExactNewton, point: Vector, digits: int, working: int) -> tuple[list[Any], int, bool] | None:
    """Newton steps until they are shorter than the digits asked for; None where the Hessian is not positive."""
    with mpmath.workdps(working):
        here = [mp.mpf(float(x)) for x in point]
        last, hessian = mp.inf, None
        for count in range(1, MOST_STEPS + 1):
            step = exact.step(here, working, hessian)
            if step.correction is None:
                return None
            here = [x + dx for x, dx in zip(here, step.correction)]
            size = max(_share(dx, x) for x, dx in zip(here, step.correction))
            if size < mp.mpf(10) ** -(digits + 2):
                return here, count, True
            if count > 3 and size > last / 4:
                # Rounding at this many digits hides the rest.
                return here, count, False
            # Close by, the Hessian of a step before serves as well, and costs nothing.
            hessian, last = (step.hessian if size < 1e-6 else None), size
    return here, MOST_STEPS, False


def _share(change: Any, value: Any) -> Any:
    """A change as a share of the value; of 1e-30 where the value is smaller."""
    return abs(change) / max(abs(value), mp.mpf(10) ** -30)


def _told(
    program: Program, exact: ExactNewton, start: Vector, place: list[Any], digits: int, working: int, steps: int
) -> Polished:
    layout = program.layout
    with mpmath.workdps(working):
        loss = exact.loss(place, working)
        words = [mp.nstr(x, digits, strip_zeros=False) for x in place]
        agreed = {
            entry: _agreement(float(x), exactly)
            for entry, x, exactly in zip(layout.entries(), start, place)
        }  # fmt: skip
        text = mp.nstr(loss, digits, strip_zeros=False)
    worst = min(agreed, key=lambda entry: agreed[entry])
    alone = (
        f"the descent alone, in 64-bit floats, had {agreed[worst]}"
        if min(agreed.values()) == max(agreed.values())
        else f"the descent alone, in 64-bit floats, had {agreed[worst]} to {max(agreed.values())} (fewest in {worst})"
    )
    some = "1 Newton step" if steps == 1 else f"{steps} Newton steps"
    sentence = f"Polished to {digits} digits by {some} at {working} digits; {alone}."
    return Polished(digits, _nested(layout, words), text, agreed, steps, sentence)


def _agreement(value: float, exactly: Any) -> int:
    """Correct significant digits of a float, at most 16."""
    gap = abs(mp.mpf(value) - exactly)
    if gap == 0:
        return _FLOAT
    size = max(abs(exactly), mp.mpf(10) ** -30)
    return max(0, min(_FLOAT, math.floor(-float(mp.log10(gap / size)))))


def _nested(layout: Any, words: Sequence[str]) -> dict[str, Any]:
    found = {}
    for name in layout.names:
        part = np.array(words[layout.slices[name]], dtype=object)
        found[name] = part.reshape(layout.shapes[name]).tolist() if layout.shapes[name] else str(part[0])
    return found


def _none(program: Program, sentence: str) -> Polished:
    return Polished(0, {}, "", {}, 0, sentence)
