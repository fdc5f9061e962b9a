"""A pass over rows, written out: what is the same for every row, the lines of one row, and the sums over all."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import Any


@dataclass(frozen=True)
class Dot:
    """Σ_j column[row, j]·weight(j).

    Attributes:
        symbol: Where it goes.
        column: Which column.
        length: Entries of a row, the range of j.
        weight: Its expression over `entries`.
        entries: (symbol, first place in what is given, step from one j to the next) of what the weight reads.
    """

    symbol: Any
    column: int
    length: int
    weight: Any
    entries: tuple[tuple[Any, int, int], ...]


@dataclass(frozen=True)
class Outer:
    """Σ_row column[row, j]·factor for every j: where it goes, first place and step, and the factor."""

    column: int
    length: int
    first: int
    step: int
    factor: Any


@dataclass(frozen=True)
class Square:
    """Σ_row left[row, k]·factor·right[row, j] for every k and j: the columns, their entries, first place, and the factor."""

    left: int
    high: int
    right: int
    wide: int
    first: int
    factor: Any


@dataclass
class RowLines:
    """One pass, written out.

    Attributes:
        given: Private symbol → (first place, entries) of what has no rows, in one array.
        columns: (private symbol, entries a row) of data.
        numbers: What the code calls an entry of what is given → its place.
        read: What the code calls an entry of a row of data → (column, entry).
        hoisted: (symbol, expression): what is the same for every row.
        lines: (symbol, expression) in order, for one row.
        dots: Products of rows with weights, before the lines.
        sums: (place, expression): Σ over rows of each.
        outers: Sums with an entry for each entry of a row.
        squares: Sums with an entry for each two entries of rows.
        gives: (private symbol, shape, first place) of the results.
        size: Entries of the results.
    """

    given: dict[Any, tuple[int, int]] = field(default_factory=dict)
    columns: list[tuple[Any, int]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    read: dict[str, tuple[int, int]] = field(default_factory=dict)
    hoisted: dict[Any, Any] = field(default_factory=dict)
    lines: list[tuple[Any, Any]] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    sums: list[tuple[int, Any]] = field(default_factory=list)
    outers: list[Outer] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)
    gives: list[tuple[Any, tuple[int, ...], int]] = field(default_factory=list)
    size: int = 0

    @property
    def widest(self) -> int:
        """Entries of the largest matrix of sums; those along a long row are loops of their own and do not count."""
        own = {place for place, _ in self.sums}
        return max((len(own & {*range(first, first + prod(shape))}) for _, shape, first in self.gives), default=0)
