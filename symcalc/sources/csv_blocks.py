"""Large CSV files in blocks of whole lines: by duckdb where it is installed, else by the reader of small ones.

duckdb only takes what is plain: every cell asked for a finite number in plain digits. A block that is anything
else goes to the reader of small files, which finds the place of a fault and the sentence for it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from symcalc.errors import DataError
from symcalc.sources import cells, csv_file, text_file
from symcalc.sources.cells import Floats
from symcalc.sources.stored import Block

_BEGINNING = 2**20
_FAST, _STANDARD = 2**24, 2**21


class CsvBlocks:
    """A CSV file that gives its rows block by block.

    Args:
        path: Where the file is.
        size: Bytes of a block; 16 MiB for duckdb and 2 MiB for the other reader unless given.

    Raises:
        DataError: The file cannot be read, or its header cannot be used.
    """

    def __init__(self, path: str | os.PathLike[str], size: int | None = None) -> None:
        self.file = str(path)
        self._duckdb = _Duckdb.where_installed()
        self._size = size or (_FAST if self._duckdb else _STANDARD)
        beginning = text_file.first_bytes(path, _BEGINNING)
        # A cut inside a letter of several bytes would look like a fault.
        whole = beginning[: beginning.rfind(b"\n") + 1] if len(beginning) == _BEGINNING else beginning
        text = text_file.text_of(whole or text_file.first_bytes(path, None), path)
        self._head = csv_file.read_head(text, self.file)
        mark = 3 if beginning.startswith(b"\xef\xbb\xbf") else 0
        self._first = mark + len(text[: self._head.length].encode())
        self._lines = text.count("\n", 0, self._head.length)

    @property
    def names(self) -> tuple[str, ...]:
        """All headers in order."""
        return self._head.names

    def notes(self, of_rows: Sequence[str], skipped: int) -> tuple[str, ...]:
        """What is worth telling of the file."""
        return self._head.notes(self.file, of_rows, skipped)

    def no_rows(self) -> DataError:
        """What is said where there is no row."""
        return csv_file.no_rows(self.file)

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """The columns asked for, from the first row to the last.

        Raises:
            DataError: A row does not fit the header, or the file is no UTF-8 text.
        """
        total, done, rows, lines = Path(self.file).stat().st_size, self._first, 0, self._lines
        for piece in self._pieces():
            done += len(piece)
            found = self._duckdb.numbers(piece, self._head, wanted) if self._duckdb else None
            if found is not None:
                block = Block(dict(found), len(next(iter(found.values()))), done / total)
            else:
                text = text_file.text_of(piece, self.file, lines)
                entries, count, notes, blank = csv_file.read_rows(text, self._head, self.file, rows, wanted)
                block = Block(entries, count, done / total, tuple(notes), blank)
            rows, lines = rows + block.rows, lines + piece.count(b"\n")
            yield block

    def _pieces(self) -> Iterator[bytes]:
        """The bytes behind the header, cut at ends of lines that are outside quotes."""
        with Path(self.file).open("rb") as file:
            file.seek(self._first)
            rest = b""
            while read := file.read(self._size):
                rest += read
                end = rest.rfind(b"\n") + 1
                while end and rest.count(b'"', 0, end) % 2:
                    end = rest.rfind(b"\n", 0, end - 1) + 1
                if end:
                    yield rest[:end]
                    rest = rest[end:]
            if rest:
                yield rest


class _Duckdb:
    """duckdb as a parser of plain rows."""

    def __init__(self, duckdb: Any) -> None:
        self._error, self._connection = duckdb.Error, duckdb.connect()

    @staticmethod
    def where_installed() -> _Duckdb | None:
        try:
            import duckdb
        except ModuleNotFoundError:
            return None
        return _Duckdb(duckdb)

    def numbers(self, piece: bytes, head: csv_file.Head, wanted: Sequence[str]) -> dict[str, Floats] | None:
        """Columns of plain rows; None where anything asks for a closer look."""
        # duckdb takes 1_000 for a number, and a NUL for the end of its cell; quotes may hide ends of lines.
        if any(odd in piece for odd in (b"_", b"\0", b'"')) or (b"\r" in piece and b"\r\r" in piece):
            return None
        kinds = ", ".join(f"'c{k}': '{'DOUBLE' if n in wanted else 'VARCHAR'}'" for k, n in enumerate(head.names))
        taken = ", ".join(f"c{head.names.index(name)}" for name in wanted)
        # It reads files only; the block's is on the disk for a moment, or never leaves the system's cache.
        with tempfile.TemporaryDirectory(prefix="symcalc-") as folder:
            path = Path(folder) / "block.csv"
            path.write_bytes(piece)
            named = str(path).replace("'", "''")
            try:
                found = self._connection.execute(
                    f"SELECT {taken} FROM read_csv('{named}', auto_detect = false, header = false, "
                    f"delim = '{head.separator}', quote = '\"', escape = '\"', null_padding = false, "
                    f"columns = {{{kinds}}})"
                ).fetchnumpy()
            except self._error:
                return None
        columns = dict(zip(wanted, found.values()))
        # duckdb passes over blank lines without a word, so the rows are counted.
        rows = piece.count(b"\n") + (not piece.endswith(b"\n"))
        return columns if all(_plain(column, rows) for column in columns.values()) else None


def _plain(column: Any, rows: int) -> bool:
    """Whether all numbers are there, finite, and none may be a rounded integer."""
    if np.ma.is_masked(column) or len(column) != rows:
        return False
    # The comparison is false for NaN and beyond all finite numbers too.
    return bool((np.abs(column) < cells.EXACT_INTEGERS).all())
