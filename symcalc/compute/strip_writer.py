"""The equations of a pass as loops over a strip of rows: products of matrices, and what is done entry by entry between them.

Rows lie side by side, so a loop over them fills vectors however short the other axes are: a sum over ten classes is nine
additions of vectors, and each entry of a product of matrices is a number times a vector.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.apart import apart
from symcalc.compute.dialects import NotWritten
from symcalc.compute.plan import Pass
from symcalc.compute.row_names import symbol_of
from symcalc.compute.row_writer import FINITE
from symcalc.compute.strip_lines import Along, Line, Product, StripLines, Tile
from symcalc.compute.strip_names import StripNames, places
from symcalc.equations import Axis, Equation, Name, Term

# Beyond, sums leave the cache, and products are large enough for BLAS.
MOST_SUMS = MOST_WEIGHTS = 8192


def in_strips(
    one: Pass, axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name], known: Mapping[Any, Any]
) -> StripLines:
    """A pass as loops over strips.

    Args:
        one: The pass.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        known: Private symbol → value of data and of what was worked out once.

    Raises:
        NotWritten: It has no such form, or BLAS does it better.
    """
    writer = _Writer(axes, sizes, names, known)
    for equation in one.rows:
        writer.row(apart(equation))
    for equation in one.sums:
        writer.sum(equation)
    return writer.made


class _Writer(StripNames):
    # -- within a row ----------------------------------------------------------------------------

    def row(self, equation: Equation) -> None:
        """The loops of an equation with entries for each row."""
        order = self.inner(equation.indices)
        shape = self.shape(order)
        if equation.reduction == "sum":
            body = sp.Add(*(self.term(term, order) for term in equation.terms))
        else:
            (term,) = equation.terms
            over = self.inner(term.over)
            body = self.reduced(equation.reduction, self.local(term.body, (*order, *over)), shape, self.shape(over))
        name = symbol_of(equation.name.symbol, ()).name
        self.values[equation.name.symbol] = self.line(body, shape, Tile(name, shape))
        if equation.reduction == "logsumexp":
            self.exponentials[self.values[equation.name.symbol]] = self.exponentials.pop(body)

    def reduced(self, word: str, body: Any, shape: tuple[int, ...], over: tuple[int, ...]) -> Any:
        """max, min, prod or logsumexp within a row, over the last axes of a body."""
        if word in ("max", "min", "prod"):
            return self.within(word, body, shape, over)
        if word != "logsumexp":
            raise NotWritten(f"there is no {word} of a row")
        top = self.line(FINITE(self.within("max", body, shape, over)), shape)
        powers = self.line(sp.exp(body - top), (*shape, *over))
        total = self.within("sum", powers, shape, over)
        found = sp.log(total) + top
        self.exponentials[found] = (body, powers / total)
        return found

    def term(self, term: Term, order: Sequence[Any]) -> Any:
        """One contraction, at the indices of an order."""
        over = self.inner(term.over)
        factors = [self.local(f, (*order, *over)) for f in sp.Mul.make_args(term.body)]
        if not over:
            return sp.Mul(*factors)
        summed = places(len(order) + len(over))[len(order) :]
        inside = [f for f in factors if f.free_symbols & set(summed)]
        outside = [f for f in factors if not f.free_symbols & set(summed)]
        left = {s for f in inside for s in f.free_symbols} & set(summed)
        outside += [sp.Integer(self.sizes[self.axes[i]]) for i, s in zip(over, summed) if s not in left]
        if not inside:
            return sp.Mul(*outside)
        return sp.Mul(*outside, self.contracted(inside, summed, self.shape((*order, *over))))

    def contracted(self, factors: list[Any], summed: tuple[Any, ...], sizes: tuple[int, ...]) -> Any:
        """Σ of a product over the places `summed`: a product of matrices where one factor is the same for every row."""
        weight = sp.Mul(*(f for f in factors if not self.has_rows(f)))
        rest = sp.Mul(*(f for f in factors if self.has_rows(f)))
        of_weight, of_rest = (self.own(body, len(sizes)) for body in (weight, rest))
        terms = [p for p in of_rest if p in summed]
        batch = [p for p in of_rest if p not in summed]
        outs = [p for p in of_weight if p not in of_rest]
        kept = [*batch, *outs]
        if weight == 1 or not of_rest or set(outs) & set(summed) or not set(terms) <= set(of_weight):
            body = self.moved(weight * rest, [*kept, *(p for p in summed if p in {*of_weight, *of_rest})])
            inner = [p for p in summed if p in {*of_weight, *of_rest}]
            found = self.within("sum", body, self.entries(kept, sizes), self.entries(inner, sizes))
            return self.moved_back(found, kept)
        own = [*(batch if set(batch) & set(of_weight) else ()), *outs, *terms]
        left = self.operand(weight, own, sizes)
        right = self.operand(rest, [*batch, *terms], sizes)
        if left.size > MOST_WEIGHTS:
            raise NotWritten("it multiplies large matrices, which NumPy does by BLAS")
        tile = self.fresh(self.entries(kept, sizes))
        counts = (prod(self.entries(part, sizes)) for part in (batch, outs, terms))
        level = self.when(self.tile_at(right), None)
        self.made.steps.append(Product(tile, level, left, right, *counts))
        self.level[tile.name] = level
        return self.moved_back(self.tile(tile), kept)

    # -- over rows -------------------------------------------------------------------------------

    def sum(self, equation: Equation) -> None:
        """A sum over all rows."""
        if equation.reduction != "sum":
            raise NotWritten(f"{equation.name.name} is a {equation.reduction} over rows")
        (term,) = equation.terms
        order, over = equation.indices, self.inner(term.over)
        sizes = self.shape((*order, *over))
        factors = [self.local(f, (*order, *over)) for f in sp.Mul.make_args(term.body)]
        shape, first = sizes[: len(order)], self.made.size
        self.made.gives.append((equation.name.symbol, shape, first))
        self.made.size += prod(shape)
        if self.made.size > MOST_SUMS:
            raise NotWritten("its sums have too many entries, which NumPy adds by BLAS")
        out, summed = places(len(sizes))[: len(order)], places(len(sizes))[len(order) :]
        one, two = self.two(factors, len(sizes))
        lefts, rights = self.own(one, len(sizes)), self.own(two, len(sizes))
        if {*out, *summed} - {*lefts, *rights} or (rights and set(summed) - ({*lefts} & {*rights})):
            raise NotWritten(f"{equation.name.name} is no sum of products over rows")
        batch = [p for p in lefts if p in rights and p in out] if rights else []
        parts = [batch, *([p for p in side if p in out and p not in batch] for side in (lefts, rights))]
        left = self.of_rows(self.operand(one, [*batch, *summed, *parts[1]], sizes))
        right = self.of_rows(self.operand(two, [*batch, *summed, *parts[2]], sizes)) if two != 1 else None
        b, c, i, j = (prod(self.entries(part, sizes)) for part in (batch, summed, *parts[1:]))
        steps = [
            (sizes[out.index(p)], int(np.prod(shape[out.index(p) + 1 :], dtype=int))) for part in parts for p in part
        ]
        self.made.sums.append(Along(left, right, b, c, i, j, first, tuple(steps)))

    def two(self, factors: list[Any], count: int) -> tuple[Any, Any]:
        """A product as that of its widest factor, with what has no other index, and of the rest."""
        by_places: dict[tuple[Any, ...], Any] = {}
        for factor in factors:
            own = tuple(self.own(factor, count))
            by_places[own] = by_places.get(own, sp.S.One) * factor
        widest = max(by_places, key=lambda own: (len(own), self.has_rows(by_places[own])))
        one = sp.Mul(*(body for own, body in by_places.items() if set(own) <= set(widest)))
        two = sp.Mul(*(body for own, body in by_places.items() if not set(own) <= set(widest)))
        return one, two

    # -- places ----------------------------------------------------------------------------------

    def inner(self, indices: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(i for i in indices if not self.axes[i].rows)

    def shape(self, indices: Sequence[Any]) -> tuple[int, ...]:
        return tuple(self.sizes[self.axes[i]] for i in indices)

    def own(self, body: Any, count: int) -> list[Any]:
        """The places that a body depends on, in order."""
        return [p for p in places(count) if p in body.free_symbols]

    def entries(self, kept: Sequence[Any], sizes: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sizes[places(len(sizes)).index(p)] for p in kept)

    def moved(self, body: Any, kept: Sequence[Any]) -> Any:
        """A body with `kept` as its places, from the first on."""
        return body.xreplace(dict(zip(kept, places(len(kept)))))

    def moved_back(self, body: Any, kept: Sequence[Any]) -> Any:
        return body.xreplace(dict(zip(places(len(kept)), kept)))

    def operand(self, body: Any, kept: Sequence[Any], sizes: tuple[int, ...]) -> Tile:
        """A tile with a body's entries, its axes in the order of `kept`."""
        found = self.line(self.moved(body, kept), self.entries(kept, sizes))
        ((tile, _),) = self.tiles_of(found)
        return tile

    def of_rows(self, tile: Tile) -> Tile:
        """A tile with an entry for each row, also of what is the same for all."""
        if tile.rows:
            return tile
        own = self.fresh(tile.shape)
        self.tile(own)
        self.made.steps.append(Line(own, self.tile_at(tile), 0))
        self.level[own.name] = 0
        return own

    def tile_at(self, tile: Tile) -> Any:
        return (
            sp.IndexedBase(sp.Symbol(tile.name, real=True))[places(len(tile.shape))]
            if tile.shape
            else sp.Symbol(tile.name, real=True)
        )
