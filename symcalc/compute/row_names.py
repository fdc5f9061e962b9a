"""What the code of a row calls everything: entries of data, numbers that are the same for every row, parts of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.dialects import NotWritten
from symcalc.compute.row_lines import RowLines
from symcalc.equations import Axis, Name

# Beyond, C takes longer to compile than it saves.
MOST_OPERATIONS = 600
ROW = sp.Symbol("row", integer=True)


class RowNames:
    """Names of one pass, given as they are asked for.

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
        self.made = RowLines()
        self.cells: dict[tuple[Any, tuple[int, ...]], Any] = {}  # entry of a row → its symbol
        self.fixed: dict[Any, bool] = {}  # symbol of what has no rows → whether it is a size
        self.counted = self.operations = 0

    def cell(self, reference: Any) -> Any:
        """The symbol of one entry."""
        base, name = reference.base, self.names[reference.base]
        along = [k for k, axis in enumerate(name.axes) if axis.rows]
        kept = tuple(i for k, i in enumerate(reference.indices) if k not in along)
        if not all(i.is_Integer for i in kept):
            raise NotWritten(f"{name.name} is read at other rows")
        key = tuple(map(int, kept))
        shape = tuple(self.sizes[a] for a in name.axes if not a.rows)
        if not along:
            place = self.given(base, int(np.prod(shape, dtype=int))) + flat(key, shape)
            return self.fixed_symbol(symbol_of(base, key), place)
        if (base, key) not in self.cells:
            if base not in self.known or along != [0]:
                raise NotWritten(f"{name.name} does not have its rows first")
            column = self.column(base, int(np.prod(shape, dtype=int)))
            self.cells[base, key] = symbol_of(base, key)
            self.made.read[str(self.cells[base, key])] = (column, flat(key, shape))
        return self.cells[base, key]

    def scalar(self, symbol: Any) -> Any:
        """The symbol of a number without rows."""
        if self.names[symbol].axes:
            raise NotWritten("an array is read whole")
        return self.fixed_symbol(symbol_of(symbol, ()), self.given(symbol, 1), self.names[symbol].kind == "size")

    def fixed_symbol(self, symbol: Any, place: int, size: bool = False) -> Any:
        """A symbol of a number that is the same for every row; a size is a whole number from 1 on."""
        self.made.numbers[str(symbol)] = place
        self.fixed[symbol] = size
        return symbol

    # -- what is the same for every row ----------------------------------------------------------

    def hoisted(self, body: Any) -> Any:
        """A body with its costly parts that are the same for every row given names.

        Sums and products stay in the order in which NumPy's code has them, so that residuals have the same bits: whether
        a row stands on a kink is then the same for both.
        """
        if not body.args:
            return body
        if body.free_symbols and body.free_symbols <= self.fixed.keys() and not (body.is_Mul or body.is_Add):
            return self.hoist(body)
        return body.func(*map(self.hoisted, body.args)) if not self.divides(body) else body

    def divides(self, factor: Any) -> bool:
        """Whether a factor divides by what could be too small for its reciprocal to be a number."""
        return bool(factor.is_Pow and factor.exp.could_extract_minus_sign() and not self.fixed.get(factor.base))

    def hoist(self, body: Any) -> Any:
        """A name for what is the same for every row."""
        if self.divides(body):
            return body
        for symbol, expression in self.made.hoisted.items():
            if expression == body:
                return symbol
        symbol = sp.Symbol(f"h{len(self.made.hoisted)}", real=True)
        self.fixed[symbol] = False
        self.made.hoisted[symbol] = body
        return symbol

    # -- names and places ------------------------------------------------------------------------

    def places(self, indices: Sequence[Any]) -> Iterator[dict[Any, Any]]:
        """Every value of the indices that do not run over rows; rows are ROW throughout."""
        inner = [i for i in indices if not self.axes[i].rows]
        rows = {i: ROW for i in indices if self.axes[i].rows}
        sizes = [self.sizes[self.axes[i]] for i in inner]
        if np.prod(sizes, dtype=float) > MOST_OPERATIONS:
            raise NotWritten("a row has too many entries to be written out")
        for values in itertools.product(*map(range, sizes)):
            yield {**rows, **{i: sp.Integer(v) for i, v in zip(inner, values)}}

    def entries(self, indices: Sequence[Any], place: Mapping[Any, Any]) -> tuple[int, ...]:
        return tuple(int(place[i]) for i in indices if not self.axes[i].rows)

    def given(self, symbol: Any, entries: int) -> int:
        """The first place of something without rows."""
        if symbol not in self.made.given:
            self.made.given[symbol] = (sum(size for _, size in self.made.given.values()), entries)
        return self.made.given[symbol][0]

    def column(self, symbol: Any, entries: int) -> int:
        """The number of a column."""
        if (symbol, entries) not in self.made.columns:
            self.made.columns.append((symbol, entries))
        return self.made.columns.index((symbol, entries))

    def fresh(self, letter: str) -> Any:
        self.counted += 1
        return sp.Symbol(f"{letter}{self.counted}", real=True)

    def named(self, expression: Any) -> Any:
        """A name for an expression."""
        if expression.is_Symbol:
            return expression
        symbol = self.fresh("r")
        self.line(symbol, expression)
        return symbol

    def line(self, symbol: Any, expression: Any) -> None:
        self.made.lines.append((symbol, expression))

    def count(self, body: Any) -> None:
        """Straight-line code that is too long takes longer to compile than it saves."""
        self.operations += 1 + int(body.count_ops())
        if self.operations > MOST_OPERATIONS:
            raise NotWritten("the code of a row would be too long")


def symbol_of(name: Any, place: tuple[int, ...]) -> Any:
    """The symbol of an entry: names sort as they do in NumPy's code, so that sums keep their order."""
    word = "_".join(map(str, ("n", getattr(name, "label", name), *place)))
    if not word.isascii() or not word.isidentifier():
        raise NotWritten("a name is none in C")
    return sp.Symbol(word, real=True)


def flat(place: tuple[int, ...], shape: tuple[int, ...]) -> int:
    return int(np.ravel_multi_index(place, shape)) if shape else 0
