"""A few places at which a loss, its slope and an answer are known, to try explanations of the answer at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.language.loss import Loss
from symcalc.marking.equality import Comparing, close
from symcalc.marking.points import Place, Places

DIGITS, MOST = 40, 4


@dataclass(frozen=True)
class Tried:
    """One place.

    Attributes:
        place: The place.
        words: Name → value: parameters, columns, constants, definitions, n.
        values: Private symbol → value, for every equation of loss and slopes.
        right: The slope.
        answered: The answer.
        entries: The entries of the slope that are looked at.
    """

    place: Place
    words: Mapping[str, Any]
    values: Mapping[Any, Any]
    right: Any
    answered: Any
    entries: tuple[tuple[int, ...], ...]

    def right_at(self, entry: tuple[int, ...]) -> Any:
        return self.right[entry] if entry else self.right

    def answered_at(self, entry: tuple[int, ...]) -> Any:
        return self.answered[entry] if np.shape(self.answered) else self.answered


def tried(comparing: Comparing, places: Places, transposed: bool = False) -> list[Tried]:
    """Places, on tables of different lengths, at which loss, slope and answer all have values.

    Beyond the first few only such are kept as show a side of a condition that was not seen before.
    """
    found: list[Tried] = []
    sides: set[tuple[Any, int]] = set()
    for k in range(200):
        if len(found) >= MOST and (len(sides) >= 2 * len(comparing.own_gaps) or k > 60):
            break
        if k == 30:
            places.widen()
        place = places.drawn()
        at = comparing.at(place)
        if at is None or at[1] is None:
            continue
        right, answered, values = at
        if transposed:
            answered = np.transpose(answered)
        if np.shape(answered) not in (np.shape(right), ()):
            continue
        new = set(comparing.signs(comparing.own_gaps, place, values)) - sides
        if len(found) >= MOST and not new:
            continue
        sides |= new
        entries = _entries(np.shape(right), len(found))
        found.append(Tried(place, _by_word(comparing.gradient, place, values), values, right, answered, entries))
    return found


def _entries(shape: tuple[int, ...], k: int) -> tuple[tuple[int, ...], ...]:
    every = list(np.ndindex(shape))
    return tuple(dict.fromkeys((every[k % len(every)], every[-1 - k % len(every)])))


def _by_word(gradient: Gradient, place: Place, values: Mapping[Any, Any]) -> dict[str, Any]:
    loss: Loss = gradient.loss
    words = {n.name: values[n.symbol] for n in (*loss.parameters, *loss.columns, *loss.constants)}
    words.setdefault("n", mpmath.mpf(place.rows))
    return {"pi": +mpmath.pi, "e": +mpmath.e, **words}


def same(found: list[Tried], values: list[list[Any]]) -> bool:
    """Whether numbers worked out at each place and entry are the answer."""
    return all(close(value, t.answered_at(e)) for t, row in zip(found, values) for e, value in zip(t.entries, row))


@dataclass(frozen=True)
class Ratio:
    """A constant that an answer is too large by: `number` times n to the `power`."""

    number: Fraction
    power: int = 0

    def __str__(self) -> str:
        sign, above, below = "-" if self.number < 0 else "", abs(self.number.numerator), self.number.denominator
        n = {0: "", 1: "n", 2: "n^2"}[abs(self.power)]
        top = (n if above == 1 else f"{above}{n}") if self.power > 0 and n else str(above)
        bottom = [str(below)] * (below != 1) + [n] * bool(n and self.power < 0)
        return sign + top + (f"/{bottom[0]}" if len(bottom) == 1 else f"/({'*'.join(bottom)})" if bottom else "")

    @property
    def minus(self) -> bool:
        """Whether it is -1."""
        return self.number == -1 and self.power == 0

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio(self.number * other.number, self.power + other.power)


def ratio(found: list[Tried], values: list[list[Any]]) -> Ratio | None:
    """By what constant the answer is larger than numbers worked out at each place; None where there is none."""
    quotients = []
    for t, row in zip(found, values):
        for e, value in zip(t.entries, row):
            answered = t.answered_at(e)
            if value == 0 and answered == 0:
                continue
            if value == 0 or abs(value) < mpmath.mpf(10) ** -30:
                return None
            quotients.append((answered / value, t.place.rows))
    if len(quotients) < 2:
        return None
    for power in (0, 1, -1, 2, -2):
        scaled = [q / mpmath.mpf(n) ** power for q, n in quotients]
        if all(close(s, scaled[0]) for s in scaled[1:]):
            # Where all tables are equally long, a power of n cannot be told from a number.
            number = _fraction(scaled[0])
            return None if number is None else Ratio(number, power)
    return None


def _fraction(value: Any) -> Fraction | None:
    """The short fraction a number is, or None."""
    value = mpmath.re(value)
    if value == 0 or abs(value) > 10**6:
        return None
    near = Fraction(mpmath.nstr(value, 30)).limit_denominator(10**6)
    return near if near and close(value, mpmath.mpf(near.numerator) / near.denominator) else None
