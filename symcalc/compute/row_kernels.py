"""Compiled passes over rows: where they are used, and how they are called.

The choice depends on the formula, the number of rows and the machine, never on what was compiled before: a run that is
resumed has the bits of one that was never stopped. `SYMCALC_NATIVE=0` leaves all rows to NumPy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np

from symcalc.compute import native, threads
from symcalc.compute.dialects import NotWritten
from symcalc.compute.plan import Pass, cost
from symcalc.compute.precision import FLOAT64, Precision
from symcalc.compute.row_code import source
from symcalc.compute.row_lines import RowLines
from symcalc.compute.row_writer import written_out
from symcalc.compute.strip_code import rows_of_strip, strip_source
from symcalc.compute.strip_lines import StripLines
from symcalc.compute.strip_writer import in_strips
from symcalc.equations import Axis, Name

# From here on a pass saves more than a millisecond a call, and C takes a fifth of a second to compile.
LEAST_ROWS, LEAST_WORK = 50_000, 500_000
# Fewer rows pay too where there is so much to do in each.
MUCH_WORK = 10_000_000
# Entries of a matrix of sums in a loop over rows; a larger one is a product that strips do better, where they can.
MOST_IN_REGISTERS = 24
STRETCHES = 16
# Below this work a thread takes as long to wake as it saves.
_WORK_OF_A_THREAD = 400_000
_asked: list[str] = []


@contextmanager
def rows_by(engine: str) -> Iterator[None]:
    """Programs compiled inside go over their rows by this engine, however many rows there are.

    Args:
        engine: native (where the formula and the machine allow it), rows or strips (only this way), or numpy.
    """
    _asked.append(engine)
    try:
        yield
    finally:
        _asked.pop()


class RowKernel:
    """A pass over rows in C.

    Args:
        made: The pass, written out.
        code: Its source.
        known: Private symbol → value of data.
        rows: Number of rows.
        block: Rows in a block: a stretch of rows is some whole blocks.
        work: Elementary operations of the pass.
        precision: How exactly rows are worked out.
    """

    def __init__(
        self, made: RowLines | StripLines, code: str, known: Mapping[Any, Any], rows: int, block: int, work: int,
        precision: Precision,
    ) -> None:  # fmt: skip
        self.precision = precision
        self.made, self.source, self.rows, self.block, self.work = made, code, rows, block, work
        self._data = [known[symbol] for symbol, _ in made.columns]
        self._columns = np.array([d.ctypes.data for d in self._data], dtype=np.uintp)
        self._entries = sum(size for _, size in made.given.values())

    @property
    def in_strips(self) -> bool:
        """Whether rows are taken a strip at a time."""
        return isinstance(self.made, StripLines)

    @cached_property
    def compiled(self) -> native.CompiledRows | None:
        """The pass's library; None where it cannot be compiled here."""
        flags = native.STRIP_FLAGS if self.in_strips else native.ROW_FLAGS
        return native.c_rows(self.source, (*flags, *native.SINGLE_FLAGS) if self.precision.single else flags)

    def sums(self, values: Mapping[Any, Any]) -> tuple[Any, ...]:
        """The pass's reductions.

        Args:
            values: Private symbol → value of everything without rows.
        """
        library = self.compiled
        assert library is not None
        given = np.empty(self._entries)
        for symbol, (first, size) in self.made.given.items():
            given[first : first + size] = np.ravel(values[symbol])
        parts = min(STRETCHES, -(-self.rows // self.block))
        counter, found = np.zeros(1, dtype=np.int64), np.zeros((parts, 2, self.made.size))
        out = np.empty(self.made.size)

        def work() -> None:
            # It holds the arrays itself: an interrupted call leaves threads behind that still write to them.
            arrays = (given, self._columns, found)
            library.walk(counter.ctypes.data, parts, self.rows, self.block, *(a.ctypes.data for a in arrays))

        threads.side_by_side(work, 1 + self.work // _WORK_OF_A_THREAD)
        library.together(parts, found.ctypes.data, out.ctypes.data)
        return tuple(
            out[first : first + int(np.prod(shape, dtype=int))].reshape(shape) if shape else out[first]
            for _, shape, first in self.made.gives
        )


def are_ready(kernels: Sequence[RowKernel | None]) -> bool:
    """Whether every pass has its library; compiles what is missing."""
    return all(kernel is not None and kernel.compiled is not None for kernel in kernels)


def kernels(
    passes: Sequence[Pass], axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name],
    known: Mapping[Any, Any], rows: int, block: int, precision: Precision = FLOAT64,
) -> list[RowKernel] | str:  # fmt: skip
    """What goes over the rows of each pass in C, or why NumPy does.

    All passes or none: a later one may look for the row whose value an earlier one found, to the last bit.

    Args:
        passes: The passes.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        known: Private symbol → value of data and of what was worked out once.
        rows: Number of rows.
        block: Rows in a block.
        precision: How exactly rows are worked out; columns are these numbers.
    """
    work = [sum(cost(e, axes, sizes) for e in (*one.rows, *one.sums)) for one in passes]
    why = unwanted(rows, sum(work))
    if why:
        return why
    engine = _asked[-1] if _asked else "native"

    def by(way: Callable[..., RowKernel]) -> list[RowKernel] | str:
        try:
            found = [way(one, (axes, sizes, names, known), rows, block, w, precision) for one, w in zip(passes, work)]
            for symbol, entries in (column for one in found for column in one.made.columns):
                _check(names[symbol], known[symbol], rows, entries, precision)
            return found
        except NotWritten as reason:
            return str(reason)

    by_rows = by(_by_rows) if engine != "strips" else ""
    if engine == "rows" or _in_registers(by_rows):
        return by_rows
    by_strips = by(_by_strips)
    return by_strips if isinstance(by_rows, str) or not isinstance(by_strips, str) else by_rows


def _in_registers(kernels: list[RowKernel] | str) -> bool:
    """Whether there are loops over rows, each of whose matrices of sums stays in the processor."""
    return not isinstance(kernels, str) and all(
        isinstance(kernel.made, RowLines) and kernel.made.widest <= MOST_IN_REGISTERS for kernel in kernels
    )


def _by_rows(one: Pass, given: Any, rows: int, block: int, work: int, precision: Precision) -> RowKernel:
    """A pass whose rows are few numbers each, one row a lane of a vector."""
    made = written_out(one, *given)
    return RowKernel(made, source(made), given[-1], rows, block, work, precision)


def _by_strips(one: Pass, given: Any, rows: int, block: int, work: int, precision: Precision) -> RowKernel:
    """A pass with products of matrices, whose rows lie side by side in a strip."""
    made = in_strips(one, *given)
    strip = rows_of_strip(made, precision)
    return RowKernel(made, strip_source(made, precision), given[-1], rows, strip, work, precision)


def unwanted(rows: int, work: int) -> str:
    """Why rows are not to be compiled; empty where they are."""
    engine = _asked[-1] if _asked else ""
    if engine == "numpy" or os.environ.get("SYMCALC_NATIVE", "") == "0":
        return "compiled rows are turned off"
    if not engine and work < (LEAST_WORK if rows >= LEAST_ROWS else MUCH_WORK):
        return f"compiling pays from {LEAST_ROWS:,} rows and {LEAST_WORK:,} operations on"
    return "" if native.compiler() else "there is no C compiler"


def _check(name: Name, value: Any, rows: int, entries: int, precision: Precision) -> None:
    """Whether a column lies in memory row by row.

    Raises:
        NotWritten: It does not.
    """
    plain = isinstance(value, np.ndarray) and value.dtype == precision.kind and value.flags.c_contiguous
    if not plain or value.size != rows * entries:
        raise NotWritten(f"{name.name} does not lie in memory row by row")
