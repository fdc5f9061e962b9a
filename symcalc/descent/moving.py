"""What an end point is differentiated by: a constant, a column, or one entry of either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.compute.program import Program
from symcalc.equations import Name
from symcalc.errors import InputError
from symcalc.language.vocabulary import nearest

# Each cell costs one more solution; a table of millions has other means.
MOST_CELLS = 20_000


@dataclass(frozen=True)
class Moving:
    """What moves.

    Attributes:
        name: The constant or column it is, or is an entry of.
        text: How it is written: `lam`, `y[3]`.
        place: Which entry, from 0; () for all of it.
        value: What it is now.
        whole: The shape of the constant or column.
    """

    name: Name
    text: str
    place: tuple[int, ...]
    value: Any
    whole: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what moves: () for a number or one entry."""
        return () if self.place else self.whole

    @property
    def described(self) -> tuple[str, Any, tuple[int, ...]]:
        """Text, value and shape."""
        return self.text, self.value, self.shape

    def directions(self) -> Iterator[Any]:
        """One unit direction for each number that moves, of the shape of the whole."""
        if not self.whole:
            yield 1.0
            return
        for place in [self.place] if self.place else np.ndindex(self.whole):
            unit = np.zeros(self.whole)
            unit[place] = 1.0
            yield unit


def moving_of(program: Program, to: Any) -> Moving:
    """What a word, or a pair of a word and a place, speaks of.

    Args:
        program: The compiled loss.
        to: `"lam"`, `"y"`, `"y[3]"`, `("y", 3)` or `("X", (3, 1))`; places count from 0.

    Raises:
        InputError: There is nothing of that name, or no such place in it.
    """
    word, place = _parted(to)
    known = {n.name: n for n in (*program.loss.constants, *program.loss.columns)}
    if word not in known:
        if any(word == p.name for p in program.parameters):
            raise InputError(
                f"{word} is a parameter, which is found and not given; hold it with --set to ask what it does."
            )
        near = nearest(word, list(known))
        hint = f" Did you mean {near}?" if near else f" There are {', '.join(known) or 'none'}."
        raise InputError(f"There is no constant or column {word} to differentiate by.{hint}")
    name = known[word]
    values = np.asarray(program.given[name.symbol], dtype=float)
    if place:
        if len(place) != values.ndim or any(not 0 <= k < n for k, n in zip(place, values.shape)):
            raise InputError(f"{word} has no entry {list(place)}: it has shape {values.shape}, counted from 0.")
        text = f"{word}[{','.join(map(str, place))}]"
        return Moving(name, text, place, float(values[place]), values.shape)
    if values.size > MOST_CELLS:
        raise InputError(f"{word} has {values.size:,} entries, more than {MOST_CELLS:,}: name one, such as {word}[0].")
    return Moving(name, word, (), values if values.ndim else float(values), values.shape)


def _parted(to: Any) -> tuple[str, tuple[int, ...]]:
    if isinstance(to, str):
        match = re.fullmatch(r"\s*(.*?)\s*\[\s*(\d+(?:\s*,\s*\d+)*)\s*\]\s*", to)
        if match is None:
            return to.strip(), ()
        return match[1], tuple(int(k) for k in match[2].split(","))
    try:
        word, place = to
        whole = (place,) if isinstance(place, int | np.integer) else tuple(place)
        return str(word), tuple(int(k) for k in whole)
    except (TypeError, ValueError):
        raise InputError(f"Differentiate by a name, or a name and a place such as ('y', 3); this is {to!r}.") from None
