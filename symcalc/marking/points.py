"""Where two formulas are compared: random values for every name, on tables of several lengths.

Numbers that occur in the loss, values of its constants and the size of its data all set scales, so that both
sides of every threshold are met; half the points keep everything positive, for logarithms and roots.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from symcalc.compute.bound import column
from symcalc.equations import Axis, Name
from symcalc.language.loss import Loss
from symcalc.language.names import walk
from symcalc.notation import tree

ROWS = (3, 4, 2, 5)
_INNER = (2, 3)


@dataclass(frozen=True)
class Place:
    """A value for every name of a loss.

    Attributes:
        given: Private symbol → mpf, or an object array of them.
        rows: Number of rows of the table.
        inner: Number of entries of an axis whose size is open.
    """

    given: dict[Any, Any]
    rows: int
    inner: int

    def size(self, axis: Axis) -> int:
        """The number of entries of an axis."""
        if axis.rows:
            return self.rows
        return axis.size if axis.size is not None else self.inner


class Places:
    """Draws places for one loss.

    Args:
        loss: The loss.
        held: Whether its constants keep their values.
        on_data: Whether its columns are those of its table.
        seed: Of the random numbers.
    """

    def __init__(self, loss: Loss, held: bool = False, on_data: bool = False, seed: int = 7) -> None:
        self.loss, self.on_data = loss, on_data
        self.held = {n.symbol: loss.values[n.name] for n in loss.constants if held and n.name in loss.values}
        self.random = random.Random(seed)
        self.scales = _scales(loss)
        self.count = 0

    def widen(self) -> None:
        """From here on larger numbers are drawn as well."""
        self.scales = [*self.scales, 4.0, 16.0, 100.0, 2000.0]

    def drawn(self) -> Place:
        """The next place: in the first half of each eight all is positive, and every second one has another scale."""
        k, self.count = self.count, self.count + 1
        scales = [1.0] if k % 2 == 0 else [1.0, *self.scales]
        signs = ("+", "+-", "own", "+-")[k // 2 % 4]
        return self._place(ROWS[k % len(ROWS)], _INNER[k // 2 % 2], lambda: self._number(signs, scales), signs)

    def small(self, values: tuple[float, ...] = (-2, -1, 0, 1, 2, 3)) -> Place:
        """A place of small whole numbers: readable, and often on a kink."""
        rows = 2 + (self.count % 2)
        self.count += 1
        return self._place(rows, 2, lambda: mpmath.mpf(self.random.choice(values)), "+-")

    def _place(self, rows: int, inner: int, number: Any, signs: str) -> Place:
        if self.on_data and self.loss.rows:
            rows = self.loss.rows
        place = Place({}, rows, inner)
        for name in (*self.loss.parameters, *self.loss.columns, *self.loss.constants):
            place.given[name.symbol] = self._value(name, place, number, signs)
        for name, axis in self.loss.sizes:
            place.given[name.symbol] = mpmath.mpf(place.size(axis))
        return place

    def _value(self, name: Name, place: Place, number: Any, signs: str) -> Any:
        if name.symbol in self.held:
            return as_written(self.held[name.symbol])
        if name.name in self.loss.labels:
            return _one_hot(self.random, place.rows, place.size(name.axes[1]))
        if self.on_data and name.kind == "column" and self.loss.data is not None:
            return as_written(column(self.loss, name))
        drawn = number
        if signs == "own":  # each name is positive throughout or not, by itself
            own = self.random.choice(("+", "+-"))
            drawn = lambda: self._number(own, [1.0])  # noqa: E731
        shape = tuple(place.size(axis) for axis in name.axes)
        if not shape:
            return drawn()
        made = np.empty(shape, dtype=object)
        for where in np.ndindex(shape):
            made[where] = drawn()
        return made

    def _number(self, signs: str, scales: list[float]) -> Any:
        size = self.random.uniform(0.1, 2.0) * self.random.choice(scales)
        return mpmath.mpf(size if signs == "+" or self.random.random() < 0.5 else -size)


def as_written(value: Any) -> Any:
    """Floats as the decimals that people write for them: 0.1 is one tenth."""
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return mpmath.mpf(repr(float(array)))
    made = np.empty(array.shape, dtype=object)
    for where in np.ndindex(array.shape):
        made[where] = mpmath.mpf(repr(float(array[where])))
    return made


def _one_hot(source: random.Random, rows: int, classes: int) -> Any:
    made = np.full((rows, classes), mpmath.mpf(0), dtype=object)
    for row in range(rows):
        made[row, source.randrange(classes)] = mpmath.mpf(1)
    return made


def _scales(loss: Loss) -> list[float]:
    """Sizes of numbers that matter: those typed, those of constants, those of the data."""
    found = {abs(float(n.value)) for n in _numbers(loss)}
    for value in loss.values.values():
        found |= {float(v) for v in np.abs(np.ravel(np.asarray(value, dtype=float)))[:20]}
    kept = sorted(v for v in found if 1e-6 < v < 1e9 and v != 1)
    return kept[:8]


def _numbers(loss: Loss) -> Iterator[tree.Number]:
    for statement in loss.formula.statements:
        yield from (n for n in walk(statement.expression) if isinstance(n, tree.Number))
