"""A table: named columns of numbers, checked once, never changed.

A column that holds text or a missing value does no harm until a formula uses it: it is kept with the sentence
that says what is wrong, and the sentence is raised when the column is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from symcalc.errors import DataError
from symcalc.sources.cells import Floats
from symcalc.sources.in_place import Sample


@dataclass(frozen=True)
class Fault:
    """A column that cannot be used as numbers.

    Attributes:
        reason: The whole sentence with its remedy.
        row: The first row at fault, from 1 after the header; None where it is the whole column.
        cells: What the column holds, untouched; None where the file is read in blocks.
    """

    reason: str
    row: int | None
    cells: Any


class Columns(Mapping[str, Floats]):
    """Column name → float64 array of shape (n,) or (n, k); taking a faulty column raises its DataError.

    Names, length and `in` tell of all columns, the faulty ones included.

    Args:
        entries: Column name → array or fault.
        file: The path as given; None for data in memory.
        samples: Column name → sample of an array that is the caller's own: taking it after a change raises a DataError.
    """

    def __init__(
        self, entries: Mapping[str, Floats | Fault], file: str | None = None, samples: Mapping[str, Sample] | None = None
    ) -> None:  # fmt: skip
        self._entries, self._file, self._samples = dict(entries), file, dict(samples or {})
        for values in self._entries.values():
            if not isinstance(values, Fault):
                values.flags.writeable = False

    def __getitem__(self, name: str) -> Floats:
        entry = self.entry(name)
        if isinstance(entry, Fault):
            raise DataError(entry.reason, self._file, entry.row, name)
        self._check(name)
        return entry

    def _check(self, name: str) -> None:
        if name in self._samples and not self._samples[name].fits(self._entries[name]):  # type: ignore[arg-type]
            raise DataError(
                f"Column {name} was changed after it was given: a large array is used where it lies, not copied. "
                f"Give a copy of it, or read the formula again with the new numbers.",
                self._file, None, name,
            )  # fmt: skip

    def check(self) -> None:
        """Look whether arrays that are the caller's own are what they were.

        Raises:
            DataError: One of them was changed.
        """
        for name in self._samples:
            self._check(name)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, name: str) -> Floats | Fault:
        """The column or its fault; raises nothing for a known name."""
        return self._entries[name]

    def width(self, name: str) -> tuple[int, ...]:
        """The shape of one row of a column; () for a faulty one."""
        entry = self.entry(name)
        return () if isinstance(entry, Fault) else tuple(int(n) for n in entry.shape[1:])

    def together(self, names: Sequence[str]) -> Floats:
        """Columns beside each other: (n, k)."""
        return np.column_stack([self[name] for name in names])


@dataclass(frozen=True)
class Table:
    """Named columns with equally many rows.

    Attributes:
        name: What messages call it: the file's name as given, the lesson's name, or "the data".
        columns: Column name → float64 array of shape (n,) or (n, k), read-only, all finite.
        rows: Number of rows n, at least 1.
        notes: Sentences worth telling ("Columns are separated by tabs.").
        file: The path as given, or None for data in memory.
    """

    name: str
    columns: Columns
    rows: int
    notes: tuple[str, ...] = ()
    file: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All headers in order, those of faulty columns included."""
        return tuple(self.columns)

    @property
    def numeric(self) -> tuple[str, ...]:
        """The headers of the columns that can be used."""
        return tuple(name for name in self.columns if not isinstance(self.columns.entry(name), Fault))

    def column(self, name: str) -> Floats:
        """One column as numbers.

        Args:
            name: Its header.

        Returns:
            float64 of shape (n,) or (n, k), read-only.

        Raises:
            DataError: There is no such column, or it holds something that is no finite number.
        """
        self._known(name)
        return self.columns[name]

    def raw(self, name: str) -> Any:
        """One column as it came: numbers as an array, text (class labels) as a tuple of trimmed cells.

        Raises:
            DataError: There is no such column, or it is text of a file that is read in blocks.
        """
        self._known(name)
        entry = self.columns.entry(name)
        if isinstance(entry, Fault) and entry.cells is None:
            raise DataError(
                f"{self.name}: column {name} holds text, and a file read in blocks gives numbers only. Number its "
                f"classes 0, 1, 2, …, or raise SYMCALC_IN_MEMORY_LIMIT.",
                self.file, None, name,
            )  # fmt: skip
        return entry.cells if isinstance(entry, Fault) else entry

    def _known(self, name: str) -> None:
        if name not in self.columns:
            near = get_close_matches(name, self.names, n=1, cutoff=0.6)
            remedy = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(self.names)}."
            raise DataError(f"{self.name} has no column '{name}'. {remedy}", self.file, None, name)
