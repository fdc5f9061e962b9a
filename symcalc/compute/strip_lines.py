"""A pass over strips of rows, written out: arrays with the rows of a strip side by side, and the loops that fill them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import Any


@dataclass(frozen=True)
class Tile:
    """An array of a strip, or one that is the same for every row.

    Attributes:
        name: What the code calls it.
        shape: Entries of a row along each axis.
        rows: Whether it has an entry for each row of the strip.
    """

    name: str
    shape: tuple[int, ...]
    rows: bool = True

    @property
    def size(self) -> int:
        """Entries of a row."""
        return prod(self.shape)


@dataclass(frozen=True)
class Line:
    """tile[j] = body(j), entry by entry.

    Attributes:
        tile: What is filled.
        body: Its expression over references to tiles at the loops' indices.
        level: When: loops of a level run before what puts entries together.
    """

    tile: Tile
    body: Any
    level: int


@dataclass(frozen=True)
class Within:
    """tile[j] = Σ, max, min or Π over k of body(j, k), within a row.

    Attributes:
        tile: What is filled.
        body: Its expression; the indices of `over` come after those of the tile.
        level: When.
        word: sum, max, min or prod.
        over: Entries along each index that is gone over.
    """

    tile: Tile
    body: Any
    level: int
    word: str
    over: tuple[int, ...]


@dataclass(frozen=True)
class Product:
    """tile[b, o] = Σ_c weight[b, o, c]·factor[b, c]: a product of matrices for each b.

    Attributes:
        tile: What is filled.
        level: When.
        weight: The same for every row; without b where it does not depend on it.
        factor: A tile of the strip.
        batch: Entries of b.
        outs: Entries of o.
        terms: Entries of c.
    """

    tile: Tile
    level: int
    weight: Tile
    factor: Tile
    batch: int
    outs: int
    terms: int


@dataclass(frozen=True)
class Along:
    """Σ over rows, and over c, of left[b, c, i]·right[b, c, j]; of left[b, c, i] alone where there is no right.

    Attributes:
        left: A tile of the strip.
        right: Another, or None.
        batch: Entries of b.
        terms: Entries of c.
        lefts: Entries of i.
        rights: Entries of j.
        first: The first place in what is given back.
        steps: (entries, step there) along each axis of b, i and j, in order.
    """

    left: Tile
    right: Tile | None
    batch: int
    terms: int
    lefts: int
    rights: int
    first: int
    steps: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """Entries of the sum."""
        return self.batch * self.lefts * self.rights


Step = Line | Within | Product


@dataclass
class StripLines:
    """One pass, written out.

    Attributes:
        given: Private symbol → (first place, entries) of what has no rows, in one array.
        begins: Name of a tile → its first place there.
        columns: (private symbol, entries a row) of data.
        read: Name of a tile → the number of the column it is read from.
        tiles: Name → tile.
        fixed: What is the same for every row, worked out before.
        steps: What is done for a strip; their levels say in which order.
        sums: The sums over rows, at the end of a strip.
        gives: (private symbol, shape, first place) of the results.
        size: Entries of the results.
    """

    given: dict[Any, tuple[int, int]] = field(default_factory=dict)
    begins: dict[str, int] = field(default_factory=dict)
    columns: list[tuple[Any, int]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    tiles: dict[str, Tile] = field(default_factory=dict)
    fixed: list[Line] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    sums: list[Along] = field(default_factory=list)
    gives: list[tuple[Any, tuple[int, ...], int]] = field(default_factory=list)
    size: int = 0
