"""Columns of a file too large for memory: read once in blocks, kept as float64 in private files on disk.

Each column becomes one file of the plain numbers, mapped into memory read-only: who takes a slice of it makes
the system read that slice, and it may forget it again. A column nobody asked for is not read at all.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from symcalc.errors import DataError
from symcalc.sources.cells import Floats
from symcalc.sources.table import Columns, Fault, Table
from symcalc.sources.watching import Reading, tell

_MOST_NOTES = 3
_ROWS = 65_536


@dataclass(frozen=True)
class Block:
    """Some rows of a file.

    Attributes:
        entries: Header → numbers, or fault, of each column that was asked for.
        rows: How many rows these are.
        share: How much of the file has been read with them, from 0 to 1.
        notes: Sentences worth telling.
        blank: Blank lines skipped among them.
    """

    entries: dict[str, Floats | Fault]
    rows: int
    share: float
    notes: tuple[str, ...] = ()
    blank: int = 0


class Source(Protocol):
    """A file that gives its rows block by block."""

    file: str

    @property
    def names(self) -> tuple[str, ...]:
        """All headers in order."""
        ...

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """The columns asked for, from the first row to the last."""
        ...

    def notes(self, of_rows: Sequence[str], skipped: int) -> tuple[str, ...]:
        """What is worth telling of the file."""
        ...

    def no_rows(self) -> DataError:
        """What is said where there is no row."""
        ...


class StoredColumns(Columns):
    """The columns of a large file; see the module.

    Args:
        source: The file.
        wanted: The headers of the columns to read at once; others are read when they are asked for.

    Raises:
        DataError: The file has no rows, a row that does not fit, or finds no room on the disk.
    """

    def __init__(self, source: Source, wanted: Collection[str]) -> None:
        super().__init__({}, source.file)
        self._source = source
        # Removed when this is no longer needed, at the latest when the process ends.
        self._folder = tempfile.mkdtemp(prefix="symcalc-")
        weakref.finalize(self, shutil.rmtree, self._folder, True)
        self._files = 0
        self.notes: tuple[str, ...] = ()
        self.rows = 0
        self.rows = self._read([name for name in source.names if name in wanted] or list(source.names[:1]))

    def __contains__(self, name: object) -> bool:
        return name in self._source.names

    def __iter__(self) -> Iterator[str]:
        return iter(self._source.names)

    def __len__(self) -> int:
        return len(self._source.names)

    def width(self, name: str) -> tuple[int, ...]:
        """A column of a file has one number a row; it need not be read to know that."""
        return ()

    def entry(self, name: str) -> Floats | Fault:
        """The column or its fault; the file is read again for a column that was not asked for at first."""
        if name not in self._entries:
            self._read([name])
        return self._entries[name]

    def together(self, names: Sequence[str]) -> Floats:
        """Columns beside each other, (n, k), in a file of their own."""
        parts = [self[name] for name in names]
        path = self._path()
        with self._room(), path.open("wb") as file:
            for first in range(0, self.rows, _ROWS):
                file.write(np.column_stack([part[first : first + _ROWS] for part in parts]).data)
        return _mapped(path, (self.rows, len(names)))

    def _read(self, names: Sequence[str]) -> int:
        """Reads columns in one go through the file; how many rows it has."""
        paths = {name: self._path() for name in names}
        faults: dict[str, Fault] = {}
        notes: list[str] = []
        rows = blank = stored = 0
        with self._room(), ExitStack() as open_files:
            files = {name: open_files.enter_context(path.open("wb")) for name, path in paths.items()}
            for block in self._source.blocks(names):
                rows, blank = rows + block.rows, blank + block.blank
                notes += block.notes
                for name, entry in block.entries.items():
                    if isinstance(entry, Fault):
                        faults.setdefault(name, replace(entry, cells=None))
                    elif name not in faults:
                        stored += files[name].write(entry.data)
                tell(Reading(self._source.file, len(names), rows, block.share, stored, self._folder))
        if not rows:
            raise self._source.no_rows()
        if self.rows not in (0, rows):
            file = self._source.file
            raise DataError(f"{file} has changed: it had {self.rows:,} rows and has {rows:,} now. Read it again.", file)
        tell(Reading(self._source.file, len(names), rows, 1.0, stored, self._folder, True))
        for name, path in paths.items():
            self._entries[name] = faults[name] if name in faults else _mapped(path, (rows,))
        more = ["More numbers were rounded further down."] if len(notes) > _MOST_NOTES else []
        self.notes += self._source.notes([*notes[:_MOST_NOTES], *more], blank)
        return rows

    def _path(self) -> Path:
        self._files += 1
        return Path(self._folder) / f"{self._files}.float64"

    @contextlib.contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DataError(
                f"{self._source.file}: its columns cannot be kept in {self._folder}: {error.strerror}. Set TMPDIR "
                f"to a folder with 8 bytes of room for each number.",
                self._source.file,
            ) from None


def table(source: Source, wanted: Collection[str] | None) -> Table:
    """A table of columns kept on disk; `wanted` are the headers to read at once, all of them for None."""
    columns = StoredColumns(source, source.names if wanted is None else wanted)
    return Table(Path(source.file).name, columns, columns.rows, columns.notes, source.file)


def _mapped(path: Path, shape: tuple[int, ...]) -> Floats:
    # A plain view of the map: slices of a np.memmap cost several times as much as those of an array.
    values: Floats = np.asarray(np.memmap(path, dtype=np.float64, mode="r", shape=shape))
    # Where the system allows it, the name goes at once: then even a killed process leaves nothing behind.
    with contextlib.suppress(OSError):
        path.unlink()
    return values
