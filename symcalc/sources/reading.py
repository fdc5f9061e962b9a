"""The one door for data: whatever a user gives becomes a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symcalc.errors import DataError
from symcalc.sources import text_file
from symcalc.sources.csv_file import read_csv
from symcalc.sources.limit import in_memory_limit
from symcalc.sources.table import Table

if TYPE_CHECKING:
    from symcalc.sources.stored import Source

Wanted = Callable[[str], bool]
Lessons = Mapping[str, Mapping[str, Iterable[float]]]


def read(data: Any, lessons: Lessons | None = None, wanted: Wanted | None = None) -> Table | None:
    """Read data of any kind.

    Args:
        data: None, a Table, a path of a CSV or Parquet file, a mapping name → array, a data frame, or a lesson's name.
            An existing file goes before a lesson of the same name.
        lessons: Lesson name → its columns.
        wanted: Which headers of a large file are likely to be used, and so read in the first go; all unless given.

    Returns:
        The table, or None for None.

    Raises:
        DataError: The data cannot be used: file, row and column are named.
        MissingExtra: It is a Parquet file, and duckdb is not installed.
    """
    if data is None or isinstance(data, Table):
        return data
    if isinstance(data, (str, os.PathLike)):
        return _named(data, lessons or {}, wanted)
    from symcalc.sources.arrays import from_frame, from_mapping

    if isinstance(data, Mapping):
        return from_mapping(data)
    table = from_frame(data)
    if table is None:
        raise DataError(
            f"Data of type {type(data).__name__} has no column names. "
            "Give a CSV path, arrays by name ({'x': [1, 2], 'y': [3, 4]}) or a data frame."
        )
    return table


def _named(data: str | os.PathLike[str], lessons: Lessons, wanted: Wanted | None) -> Table:
    """A file, or a lesson where no file has that name."""
    if isinstance(data, str) and data in lessons and not Path(data).is_file():
        from symcalc.sources.arrays import from_mapping

        return from_mapping({name: list(values) for name, values in lessons[data].items()}, data)
    # A bare word is more likely a lesson's name than a file: then both are offered.
    if isinstance(data, str) and lessons and not Path(data).suffix and not os.path.lexists(data):
        near = get_close_matches(data.lower(), lessons, n=1, cutoff=0.6)
        meant = f" Did you mean '{near[0]}'?" if near else ""
        raise DataError(
            f"There is no file or lesson '{text_file.printable(data)}'.{meant} "
            f"{text_file.nearest(Path(data))} Lessons: {', '.join(lessons)}.",
            data,
        )
    return _file(data, wanted)


def _file(path: str | os.PathLike[str], wanted: Wanted | None) -> Table:
    """A file by the end of its name: held in memory, or in blocks beyond the limit."""
    limit = in_memory_limit()
    if str(path).lower().endswith(".parquet"):
        from symcalc.sources.parquet_file import ParquetFile, whole

        opened = ParquetFile(path)
        return whole(opened) if opened.size <= limit else _stored(opened, wanted)
    if not _larger(path, limit):
        return read_csv(path)
    from symcalc.sources.csv_blocks import CsvBlocks

    return _stored(CsvBlocks(path), wanted)


def _stored(source: Source, wanted: Wanted | None) -> Table:
    from symcalc.sources import stored

    return stored.table(source, None if wanted is None else [name for name in source.names if wanted(name)])


def _larger(path: str | os.PathLike[str], limit: int) -> bool:
    """Whether a file has more bytes; what cannot be asked is small, and the reader says what is wrong with it."""
    try:
        return Path(path).is_file() and Path(path).stat().st_size > limit
    except (OSError, ValueError, TypeError):
        return False
