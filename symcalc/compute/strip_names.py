"""What the code of a strip calls everything: tiles, where their entries lie, and when they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import sympy as sp

from symcalc.compute.dialects import NotWritten
from symcalc.compute.row_names import symbol_of
from symcalc.compute.strip_lines import Line, StripLines, Tile, Within
from symcalc.equations import Axis, Name

# Calls that cost about as much as an addition: they are made again where they are needed.
CHEAP = {
    "Maximum", "Minimum", "Absolute", "Sign", "SignAt", "Above", "Where", "Less", "LessEqual", "Same", "Differs",
    "Masked", "Relu", "FiniteOr0", "floor", "sqrt",
}  # fmt: skip
# Beyond, C takes longer to compile than it saves.
MOST_OPERATIONS = 1200
_PLACES = tuple(sp.Symbol(f"j{k}", integer=True) for k in range(12))


def places(count: int) -> tuple[Any, ...]:
    """The indices of loops, from the outermost on."""
    if count > len(_PLACES):
        raise NotWritten("an array has too many axes")
    return _PLACES[:count]


class StripNames:
    """Tiles of one pass, made as they are asked for.

    Args:
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        known: Private symbol → value of data and of what was worked out once.
    """

    def __init__(
        self, axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name], known: Mapping[Any, Any]
    ) -> None:
        self.axes, self.sizes, self.names, self.known = axes, sizes, names, known
        self.made = StripLines()
        self.values: dict[Any, Any] = {}  # private symbol → its reference at the indices of its own axes
        self.level: dict[str, int] = {}  # name of a tile with rows → when it is known
        self.entrywise: set[str] = set()  # names of tiles that a `Line` fills
        self.lines: dict[tuple[Any, tuple[int, ...]], Any] = {}  # (body, shape) → the reference to its tile
        self.exponentials: dict[Any, tuple[Any, Any]] = {}  # logsumexp → (its body, exp(body - top) over Σ)
        self.counted = self.operations = 0

    # -- references ------------------------------------------------------------------------------

    def local(self, body: Any, order: Sequence[Any]) -> Any:
        """A body over indices in an order, as references to tiles at the indices of loops."""
        own = dict(zip(order, places(len(order))))
        mapping = {d: d.xreplace(own) for d in body.atoms(sp.KroneckerDelta)}
        mapping |= {r: self.reference(r, order) for r in body.atoms(sp.Indexed)}
        mapping |= {s: self.value(s) for s in body.free_symbols if s in self.names}
        return body.xreplace(mapping)

    def reference(self, reference: Any, order: Sequence[Any]) -> Any:
        name = self.names[reference.base]
        own = [(i, a) for i, a in zip(reference.indices, name.axes) if not a.rows]
        found = {}
        for place, (index, axis) in zip(places(len(own)), own):
            if index.is_Integer:
                found[place] = index
            elif index in order and self.sizes[self.axes[index]] == self.sizes[axis]:
                found[place] = places(len(order))[list(order).index(index)]
            else:
                raise NotWritten(f"{name.name} is read at other places")
        return self.value(reference.base).xreplace(found)

    def value(self, symbol: Any) -> Any:
        """The reference to something at the indices of its own axes."""
        if symbol not in self.values:
            name = self.names[symbol]
            shape = tuple(self.sizes[a] for a in name.axes if not a.rows)
            rows = any(a.rows for a in name.axes)
            word = symbol_of(symbol, ()).name
            if rows and (symbol not in self.known or not name.axes[0].rows):
                raise NotWritten(f"{name.name} does not have its rows first")
            self.values[symbol] = self.tile(Tile(word, shape, rows))
            if rows:
                self.made.read[word] = len(self.made.columns)
                self.made.columns.append((symbol, prod(shape)))
                self.level[word] = 0
                self.entrywise.add(word)
            else:
                self.made.begins[word] = sum(size for _, size in self.made.given.values())
                self.made.given[symbol] = (self.made.begins[word], prod(shape))
        return self.values[symbol]

    def tile(self, tile: Tile) -> Any:
        """The reference to a new tile at the indices of its axes."""
        self.made.tiles[tile.name] = tile
        symbol = sp.Symbol(tile.name, real=True)
        return sp.IndexedBase(symbol)[places(len(tile.shape))] if tile.shape else symbol

    def fresh(self, shape: tuple[int, ...], rows: bool = True) -> Tile:
        self.counted += 1
        return Tile(f"q{self.counted}", shape, rows)

    def tiles_of(self, body: Any) -> list[tuple[Tile, tuple[Any, ...]]]:
        """(tile, its indices) of every reference in a body."""
        inside = {r.base.label for r in body.atoms(sp.Indexed)}
        found = [(self.made.tiles[r.base.label.name], r.indices) for r in body.atoms(sp.Indexed)]
        single = (s for s in body.atoms(sp.Symbol) if s not in inside and s.name in self.made.tiles)
        return [*found, *((self.made.tiles[s.name], ()) for s in single)]

    def has_rows(self, body: Any) -> bool:
        return any(tile.rows for tile, _ in self.tiles_of(body))

    # -- when ------------------------------------------------------------------------------------

    def when(self, body: Any, shape: tuple[int, ...] | None) -> int:
        """The level at which a body can be worked out: in a loop over a shape, or (None) after the loops."""
        found = 0
        for tile, indices in self.tiles_of(body):
            if not tile.rows:
                continue
            read = tile.name in self.made.read
            same = tile.name in self.entrywise and (
                shape is None or (tile.shape == shape and indices == places(len(shape)))
            )
            found = max(found, self.level[tile.name] + (not (same or read)))
        return found

    # -- lines -----------------------------------------------------------------------------------

    def line(self, body: Any, shape: tuple[int, ...], tile: Tile | None = None) -> Any:
        """The reference to a tile that is filled entry by entry; one of before where it holds the same."""
        if (body, shape) not in self.lines:
            if len(self.tiles_of(body)) == 1 and (body.is_Symbol or isinstance(body, sp.Indexed)):
                (one, indices), = self.tiles_of(body)  # fmt: skip
                if (one.shape, indices) == (shape, places(len(shape))):
                    return body
            rows = self.has_rows(body)
            settled = self.parts(self.shared(body), shape) if rows else body
            self.operations += 1 + int(settled.count_ops())
            if self.operations > MOST_OPERATIONS:
                raise NotWritten("the code of a strip would be too long")
            own = replace(tile, rows=rows) if tile else self.fresh(shape, rows)
            level = self.when(settled, shape) if rows else 0
            self.lines[body, shape] = self.tile(own)
            (self.made.steps if rows else self.made.fixed).append(Line(own, settled, level))
            if rows:
                self.level[own.name] = level
                self.entrywise.add(own.name)
        return self.lines[body, shape]

    def settled(self, body: Any, shape: tuple[int, ...]) -> Any:
        """A body whose costly calls are made as soon as, and no more often than, their arguments are there."""
        body = self.shared(body)
        if not isinstance(body, sp.Function) or type(body).__name__ in CHEAP:
            return self.parts(body, shape)
        own = [p for p in places(len(shape)) if p in body.free_symbols]
        sizes = tuple(size for p, size in zip(places(len(shape)), shape) if p in own)
        return self.line(body.xreplace(dict(zip(own, places(len(own))))), sizes).xreplace(
            dict(zip(places(len(own)), own))
        )

    def parts(self, body: Any, shape: tuple[int, ...]) -> Any:
        """A body with its parts settled."""
        if not body.args or isinstance(body, sp.Indexed):
            return body
        return body.func(*(self.settled(a, shape) for a in body.args))

    def shared(self, body: Any) -> Any:
        """exp(a - logsumexp(a)) as a share of the sum that the logsumexp worked out already."""
        if isinstance(body, sp.exp):
            for subtracted in sp.Add.make_args(body.args[0]):
                inside, share = self.exponentials.get(-subtracted, (None, None))
                if inside is not None and body.args[0] == inside + subtracted:
                    return share
        return body

    def within(self, word: str, body: Any, shape: tuple[int, ...], over: tuple[int, ...]) -> Any:
        """The reference to a tile of what a row's entries come to."""
        own = self.fresh(shape)
        settled = self.settled(body, (*shape, *over))
        level = self.when(settled, None)
        self.made.steps.append(Within(own, settled, level, word, over))
        self.level[own.name] = level
        return self.tile(own)
