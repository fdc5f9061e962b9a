"""Parquet files by duckdb: their columns as numbers, with the faults and the sentences of a CSV file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from symcalc.errors import DataError, MissingExtra
from symcalc.sources import cells, text_file
from symcalc.sources.cells import Floats
from symcalc.sources.stored import Block
from symcalc.sources.table import Columns, Fault, Table

_NUMBERS_OF_BLOCK = 2**20
_WIDE_INTEGERS = ("BIGINT", "UBIGINT")
_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UHUGEINT",
    "FLOAT",
    "DOUBLE",
)


class ParquetFile:
    """A Parquet file, opened: its headers, its number of rows, and its columns from row to row.

    Args:
        path: Where the file is.
        name: What faults call it; its path unless given.

    Raises:
        MissingExtra: duckdb is not installed.
        DataError: The file cannot be read, or has no rows or no columns.
    """

    def __init__(self, path: str | os.PathLike[str], name: str | None = None) -> None:
        try:
            import duckdb
        except ModuleNotFoundError:
            raise MissingExtra(
                "Parquet files need duckdb: install duckdb, or symcalc-explorer with its extra data, "
                "pip install 'symcalc-explorer[data]'."
            ) from None
        place, self.file = str(path), name or str(path)
        if text_file.first_bytes(path, 4) != b"PAR1":
            raise DataError(
                f"{self.file} is no Parquet file. If it is a CSV file, let its name end in .csv.", self.file
            )
        self._connection = duckdb.connect()
        self._source = "read_parquet('" + place.replace("'", "''") + "', file_row_number = true)"
        try:
            described = self._connection.execute(f"DESCRIBE SELECT * FROM {self._source}").fetchall()
            self.rows = int(self._connection.execute(f"SELECT count(*) FROM {self._source}").fetchall()[0][0])
        except duckdb.Error as error:
            reason = str(error).splitlines()[0].replace(place, self.file)
            raise DataError(f"{self.file} cannot be read as a Parquet file: {reason}", self.file) from None
        self._types: dict[str, str] = {name: kind for name, kind, *_ in described if name != "file_row_number"}
        if not self.rows:
            raise self.no_rows()

    @property
    def names(self) -> tuple[str, ...]:
        """All headers in order."""
        return tuple(self._types)

    @property
    def size(self) -> int:
        """Bytes that the numbers of all its columns take."""
        return 8 * self.rows * len(self._types)

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """The columns asked for, from the first row to the last."""
        step = max(1, _NUMBERS_OF_BLOCK // len(wanted))
        for first in range(0, self.rows, step):
            last = min(self.rows, first + step)
            entries, notes = self.columns(wanted, first, last)
            yield Block(entries, last - first, last / self.rows, notes)

    def notes(self, of_rows: Sequence[str], skipped: int) -> tuple[str, ...]:
        """What is worth telling of the file."""
        return tuple(of_rows)

    def no_rows(self) -> DataError:
        """What is said where there is no row."""
        return DataError(f"{self.file} has columns and no rows. Add at least one row.", self.file)

    def columns(
        self, headers: Sequence[str], first: int, last: int
    ) -> tuple[dict[str, Floats | Fault], tuple[str, ...]]:
        """Columns from one row to another.

        Args:
            headers: Which columns.
            first: The first row, from 0.
            last: One behind the last row.

        Returns:
            Header → float64 (last - first) or its fault, and notes on rounded integers.
        """
        wanted = ", ".join(self._selected(header) for header in headers)
        found = self._connection.execute(
            f"SELECT {wanted} FROM {self._source} WHERE file_row_number >= {first} AND file_row_number < {last}"
        ).fetchnumpy()
        entries: dict[str, Floats | Fault] = {}
        notes: list[str] = []
        for header, values in zip(headers, found.values()):
            entries[header], note = self._column(values, header, first)
            notes += note
        return entries, tuple(notes)

    def _selected(self, header: str) -> str:
        quoted, kind = '"' + header.replace('"', '""') + '"', self._types[header]
        if kind in _WIDE_INTEGERS:
            return quoted
        if kind in _NUMBERS or kind.startswith("DECIMAL"):
            return f"CAST({quoted} AS DOUBLE)"
        return f"coalesce(CAST({quoted} AS VARCHAR), '')"

    def _column(self, values: Any, header: str, first: int) -> tuple[Floats | Fault, tuple[str, ...]]:
        if values.dtype.kind == "O":
            return self._text([str(value).strip() for value in values], header, first)
        missing = np.ma.getmaskarray(values)
        plain = np.ma.getdata(values)
        numbers = np.ascontiguousarray(plain, dtype=np.float64)
        bad = np.flatnonzero(missing | ~np.isfinite(numbers))
        if len(bad):
            raw = tuple("" if gone else str(value) for gone, value in zip(missing.tolist(), plain.tolist()))
            return self._fault(raw, int(bad[0]), header, first), ()
        if plain.dtype.kind not in "iu" or np.abs(numbers).max(initial=0.0) < cells.EXACT_INTEGERS:
            return numbers, ()
        large = np.flatnonzero(np.abs(numbers) >= cells.EXACT_INTEGERS).tolist()
        return numbers, cells.rounding(
            [(k, str(plain[k])) for k in large], numbers, header, self.file, first
        )  # fmt: skip

    def _text(self, column: Sequence[str], header: str, first: int) -> tuple[Floats | Fault, tuple[str, ...]]:
        """A column that is text in the file: its cells may be numbers all the same, as those of a CSV file are."""
        numbers = cells.numbers(column)
        if numbers is None:
            bad = next(k for k, cell in enumerate(column) if cells.fault(cell))
            return self._fault(tuple(column), bad, header, first), ()
        large = np.flatnonzero(np.abs(numbers) >= cells.EXACT_INTEGERS).tolist()
        return numbers, cells.rounding([(k, column[k]) for k in large], numbers, header, self.file, first)

    def _fault(self, column: tuple[str, ...], place: int, header: str, first: int) -> Fault:
        row = first + place + 1
        return Fault(f"{self.file}: row {row}, column {header}: {cells.fault(column[place])}", row, column)


def whole(opened: ParquetFile) -> Table:
    """An opened file as a table in memory.

    Columns of whole numbers, floats and decimals are numbers; others are text, whose cells may be numbers too.
    A column with a fault is refused only when it is used.

    Returns:
        The table, equal to that of a CSV file with the same cells.
    """
    entries, notes = opened.columns(opened.names, 0, opened.rows)
    return Table(Path(opened.file).name, Columns(entries, opened.file), opened.rows, notes, opened.file)
