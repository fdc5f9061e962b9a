"""A few places at which a loss, its slope and an answer are known, to try explanations of the answer at."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.language.loss import Loss
from symcalc.marking.equality import Comparing, close
from symcalc.marking.points import Place, Places

DIGITS, MOST, SECONDS = 70, 4, 2.0


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
        slack: By how much the answer may be off, where it was measured or printed: 0 for a formula.
    """

    place: Place
    words: Mapping[str, Any]
    values: Mapping[Any, Any]
    right: Any
    answered: Any
    entries: tuple[tuple[int, ...], ...]
    slack: Any = 0

    def near(self, value: Any, answered: Any) -> bool:
        """Whether a number is the answered one, as far as it is known."""
        return close(value, answered) or bool(abs(mpmath.re(value) - mpmath.re(answered)) <= self.slack)

    def alike(self, values: Any) -> bool:
        """Whether values of the answer's shape are the answer."""
        if np.shape(values) != np.shape(self.answered):
            return False
        return all(self.near(v, self.answered[e] if e else self.answered) for e, v in _each(values))

    def right_at(self, entry: tuple[int, ...]) -> Any:
        return self.right[entry] if entry else self.right

    def answered_at(self, entry: tuple[int, ...]) -> Any:
        return self.answered[entry] if np.shape(self.answered) else self.answered


def _each(values: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """(place, entry) of a number or an array."""
    if not np.shape(values):
        yield (), values
    else:
        yield from ((e, values[e]) for e in np.ndindex(np.shape(values)))


def tried(comparing: Comparing, places: Places, transposed: bool = False) -> list[Tried]:
    """Places, on tables of different lengths, at which loss, slope and answer all have values.

    Beyond the first few only such are kept as show a side of a condition that was not seen before.
    """
    found: list[Tried] = []
    sides: set[tuple[Any, int]] = set()
    begun = time.process_time()
    for k in range(200):
        if len(found) >= 2 and time.process_time() - begun > SECONDS:
            break
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
        found.append(Tried(place, by_word(comparing.gradient, place, values), values, right, answered, entries))
    return found


def _entries(shape: tuple[int, ...], k: int) -> tuple[tuple[int, ...], ...]:
    every = list(np.ndindex(shape))
    return tuple(dict.fromkeys((every[k % len(every)], every[-1 - k % len(every)])))


def by_word(gradient: Gradient, place: Place, values: Mapping[Any, Any]) -> dict[str, Any]:
    loss: Loss = gradient.loss
    words = {n.name: values[n.symbol] for n in (*loss.parameters, *loss.columns, *loss.constants)}
    words.setdefault("n", mpmath.mpf(place.rows))
    return {"pi": +mpmath.pi, "e": +mpmath.e, **words}


def same(found: list[Tried], values: list[list[Any]]) -> bool:
    """Whether numbers worked out at each place and entry are the answer."""
    return all(t.near(value, t.answered_at(e)) for t, row in zip(found, values) for e, value in zip(t.entries, row))


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

    @property
    def simple(self) -> bool:
        """Whether it is one that people lose: a sign, 2, 1/3, n."""
        return abs(self.number.numerator) <= 4 and self.number.denominator <= 4 and abs(self.power) <= 1

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio(self.number * other.number, self.power + other.power)


def ratio(found: list[Tried], values: list[list[Any]]) -> Ratio | None:
    """By what constant the answer is larger than numbers worked out at each place; None where there is none.

    Where all tables are equally long, a power of n cannot be told from a number.
    """
    pairs = [(t, value, t.answered_at(e)) for t, row in zip(found, values) for e, value in zip(t.entries, row)]
    pairs = [(t, value, answered) for t, value, answered in pairs if value != 0 or answered != 0]
    if not pairs or any(abs(value) < mpmath.mpf(10) ** -30 for _, value, _ in pairs):
        return None
    # The quotient known best decides the number, and all must agree with it.
    known, value, answered = max(pairs, key=lambda p: abs(p[2]) / (p[0].slack + mpmath.mpf(10) ** -30))
    loose = any(t.slack for t, _, _ in pairs)
    for power in (0, 1, -1, 2, -2):
        number = _fraction(answered / value / mpmath.mpf(known.place.rows) ** power, loose, len(pairs))
        if number is not None and all(t.near(_times(number, power, t, v), a) for t, v, a in pairs):
            return Ratio(number, power)
    return None


def _times(number: Fraction, power: int, t: Tried, value: Any) -> Any:
    return mpmath.mpf(number.numerator) / number.denominator * mpmath.mpf(t.place.rows) ** power * value


def _fraction(value: Any, loose: bool, count: int) -> Fraction | None:
    """The short fraction a number is, or None; the fewer and the looser the numbers, the shorter it must be."""
    value = mpmath.re(value)
    if value == 0 or abs(value) > 10**6:
        return None
    near = Fraction(mpmath.nstr(value, 30)).limit_denominator(10**6 if not loose else 100 if count > 1 else 12)
    if loose and count == 1 and abs(near.numerator) > 12:
        return None
    return near or None
