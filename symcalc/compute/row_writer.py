"""The equations of a pass as straight-line code for one row: every small axis written out entry by entry.

Products of a long row of data with weights (`X@w`) and of a long row with a number (`X.T@r`) stay loops over its entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.dialects import NotWritten
from symcalc.compute.plan import Pass
from symcalc.compute.row_lines import Dot, Outer, RowLines, Square
from symcalc.compute.row_names import RowNames, flat, symbol_of
from symcalc.equations import Axis, Equation, Name, Term
from symcalc.language.functions import Maximum, Minimum

# Longer axes of data are loops; shorter ones are written out.
SHORT, LONG = 8, 4096
# Beyond, C takes seconds to compile; products of matrices are BLAS's own work besides.
MOST_LOOPS = 6
# A square of this many sums stays in the nearest cache.
MOST_SQUARE = 1024
FINITE = sp.Function("FiniteOr0")


def written_out(
    one: Pass, axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name], known: Mapping[Any, Any]
) -> RowLines:
    """A pass as straight-line code.

    Args:
        one: The pass.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        known: Private symbol → value of data and of what was worked out once.

    Raises:
        NotWritten: It does not fit into one loop over rows.
    """
    writer = _Writer(axes, sizes, names, known)
    for equation in one.rows:
        writer.row(equation)
    for equation in one.sums:
        writer.sum(equation)
    return writer.made


class _Writer(RowNames):
    def __init__(
        self, axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name], known: Mapping[Any, Any]
    ) -> None:
        super().__init__(axes, sizes, names, known)
        self.dots: dict[tuple[Any, ...], Any] = {}

    # -- equations -------------------------------------------------------------------------------

    def row(self, equation: Equation) -> None:
        """The lines of an equation with one value, or a few, a row."""
        for place in self.places(equation.indices):
            key = self.entries(equation.indices, place)
            symbol = symbol_of(equation.name.symbol, key)
            self.line(symbol, self.value(equation, place))
            self.cells[equation.name.symbol, key] = symbol

    def value(self, equation: Equation, place: Mapping[Any, Any]) -> Any:
        """An equation's right side at one place."""
        if equation.reduction == "sum":
            return sp.Add(*(self.term(term, place) for term in equation.terms))
        (term,) = equation.terms
        entries = [self.body(term.body, {**place, **inner}) for inner in self.places(term.over)]
        return self.reduced(equation.reduction, entries)

    def reduced(self, reduction: str, entries: list[Any]) -> Any:
        """max, min, prod or logsumexp of a few entries of one row."""
        if reduction == "prod":
            return sp.Mul(*entries, evaluate=False)
        if reduction not in ("max", "min", "logsumexp"):
            raise NotWritten(f"there is no {reduction} of a row")
        named = [self.named(e) for e in entries]
        best = named[0]
        for other in named[1:]:
            best = self.named((Minimum if reduction == "min" else Maximum)(best, other))
        if reduction != "logsumexp":
            return best
        top = self.named(FINITE(best))
        return sp.log(sp.Add(*(sp.exp(e - top) for e in named))) + top

    def sum(self, equation: Equation) -> None:
        """A sum over all rows."""
        if equation.reduction != "sum":
            raise NotWritten(f"{equation.name.name} is a {equation.reduction} over rows")
        (term,) = equation.terms
        shape = tuple(self.sizes[a] for a in equation.name.axes)
        first = self.made.size
        self.made.gives.append((equation.name.symbol, shape, first))
        self.made.size += int(np.prod(shape, dtype=int))
        if self.square(equation, term, first, shape):
            return
        along = [i for i in equation.indices if self.sizes[self.axes[i]] > SHORT and self.matrix(term.body, i)]
        if along:
            self.outer(equation, term, along[0], first, shape)
            return
        for place in self.places(equation.indices):
            found = sp.Add(*(self.body(term.body, {**place, **inner}) for inner in self.places(term.over)))
            self.made.sums.append((first + flat(self.entries(equation.indices, place), shape), found))

    def square(self, equation: Equation, term: Term, first: int, shape: tuple[int, ...]) -> bool:
        """A sum with an entry for each two entries of rows, Σ_i X[i, k]·s[i]·X[i, j]; whether it is one."""
        if len(shape) != 2 or not SHORT < shape[0] * shape[1] <= MOST_SQUARE or len(term.over) != 1:
            return False
        found = [self.matrix(term.body, index) for index in equation.indices]
        if not all(found):
            return False
        (left, one), (right, two) = found
        rest = sp.Mul(*(f for f in sp.Mul.make_args(term.body) if f not in (one, two)))
        if rest.free_symbols & set(equation.indices):
            return False
        factor = self.named(self.body(rest, next(self.places(term.over))))
        self.few_loops()
        self.made.squares.append(Square(left, shape[0], right, shape[1], first, factor))
        return True

    def outer(self, equation: Equation, term: Term, index: Any, first: int, shape: tuple[int, ...]) -> None:
        """A sum with an entry for each entry of a long row: Σ_i X[i, j]·r[i]."""
        column, reference = self.matrix(term.body, index)
        rest = [f for f in sp.Mul.make_args(term.body) if f != reference]
        if any(index in f.free_symbols for f in rest) or set(term.over) - {i for i in term.over if self.axes[i].rows}:
            raise NotWritten(f"{equation.name.name} is no product of a row with a number")
        position, length = equation.indices.index(index), self.sizes[self.axes[index]]
        step = int(np.prod(shape[position + 1 :], dtype=int))
        for place in self.places([i for i in equation.indices if i != index]):
            key = self.entries(equation.indices, {**place, index: sp.S.Zero})
            factor = self.named(self.body(sp.Mul(*rest), place))
            self.few_loops()
            self.made.outers.append(Outer(column, length, first + flat(key, shape), step, factor))

    def few_loops(self) -> None:
        """Many products of the same rows are one of matrices."""
        if len(self.made.dots) + len(self.made.outers) + len(self.made.squares) >= MOST_LOOPS:
            raise NotWritten("it multiplies matrices, which NumPy does by BLAS")

    # -- terms -----------------------------------------------------------------------------------

    def term(self, term: Term, place: Mapping[Any, Any]) -> Any:
        """One contraction at one place."""
        long = [i for i in term.over if self.sizes[self.axes[i]] > SHORT]
        if len(term.over) == 1 and long and self.matrix(term.body, long[0]):
            return self.dot(term.body, long[0], place)
        return sp.Add(*(self.body(term.body, {**place, **inner}) for inner in self.places(term.over)))

    def dot(self, body: Any, index: Any, place: Mapping[Any, Any]) -> Any:
        """Σ_j X[i, j]·weight(j), times what does not depend on j."""
        column, reference = self.matrix(body, index)
        rest = [f for f in sp.Mul.make_args(body) if f != reference]
        weight = sp.Mul(*(f for f in rest if index in f.free_symbols)).xreplace(dict(place))
        entries = []
        for k, r in enumerate(sorted(weight.atoms(sp.Indexed), key=str)):
            axes = self.names[r.base].axes
            if any(a.rows for a in axes) or any(not (i == index or i.is_Integer) for i in r.indices):
                raise NotWritten("a row's weights differ from row to row")
            shape = tuple(self.sizes[a] for a in axes)
            start = flat(tuple(0 if i == index else int(i) for i in r.indices), shape)
            step = sum(int(np.prod(shape[p + 1 :], dtype=int)) for p, i in enumerate(r.indices) if i == index)
            symbol = sp.Symbol(f"e{k}", real=True)
            weight = weight.xreplace({r: symbol})
            entries.append((symbol, self.given(r.base, int(np.prod(shape, dtype=int))) + start, step))
        weight = weight.xreplace({s: self.scalar(s) for s in weight.free_symbols if s in self.names})
        if index in weight.free_symbols:
            raise NotWritten("a row's weights depend on their number")
        key = (column, weight, tuple(entries))
        if key not in self.dots:
            self.dots[key] = self.fresh("z")
            self.few_loops()
            self.made.dots.append(Dot(self.dots[key], column, self.sizes[self.axes[index]], weight, tuple(entries)))
        outside = sp.Mul(*(f for f in rest if index not in f.free_symbols))
        return self.dots[key] * self.body(outside, place)

    def matrix(self, body: Any, index: Any) -> Any:
        """(column, reference) of the one factor of data whose rows run along an index; None where there is none."""
        for factor in sp.Mul.make_args(body):
            if isinstance(factor, sp.Indexed) and len(factor.indices) == 2 and factor.base in self.known:
                row, entry = factor.indices
                if entry == index and row in self.axes and self.axes[row].rows and self.names[factor.base].axes[0].rows:
                    length = self.sizes[self.axes[index]]
                    if length == self.sizes[self.names[factor.base].axes[1]] and length <= LONG:
                        return self.column(factor.base, length), factor
        return None

    def body(self, body: Any, place: Mapping[Any, Any]) -> Any:
        """A body at one place, over symbols of the row and of what is the same for every row."""
        here = body.xreplace(dict(place))
        mapping: dict[Any, Any] = {r: self.cell(r) for r in here.atoms(sp.Indexed)}
        mapping |= {s: self.scalar(s) for s in here.free_symbols if s in self.names}
        found = self.hoisted(here.xreplace(mapping))
        self.count(found)
        return found
