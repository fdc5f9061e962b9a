"""CSV files: rows of cells become a table, and every doubt about them becomes a sentence.

Plain files of numbers go to NumPy in one piece; everything else goes through the csv module cell by cell,
which also finds the place of a fault. Both ways read the same numbers.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from symcalc.errors import DataError
from symcalc.sources import cells
from symcalc.sources.cells import Floats
from symcalc.sources.table import Columns, Fault, Table
from symcalc.sources.text_file import read_text

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def read_csv(path: str | os.PathLike[str]) -> Table:
    """Read a CSV file with a header line.

    Cells are separated by commas, semicolons or tabs, and trimmed. A column with a fault is refused only when
    it is used; a fault of the table itself (ragged rows, a header twice) is refused at once.

    Args:
        path: Where the file is.

    Returns:
        The table; its notes tell what was not plain (the separator, skipped blank lines, rounded integers).

    Raises:
        DataError: The file or the form of its table cannot be used; it names file, row and column.
    """
    return parse_csv(read_text(path, limit=None), str(path))


def parse_csv(text: str, file: str) -> Table:
    """Read the text of a CSV file; `file` is what messages call it."""
    head = read_head(text, file)
    entries, rows, notes, skipped = read_rows(text[head.length :], head, file)
    if not rows:
        raise no_rows(file)
    return Table(Path(file).name, Columns(entries, file), rows, head.notes(file, notes, skipped), file)


@dataclass(frozen=True)
class Head:
    """What stands before the rows of a CSV file.

    Attributes:
        names: The headers, checked.
        separator: What separates the cells.
        blank: How many blank lines stand before the header.
        length: How many characters there are before the first row.
    """

    names: tuple[str, ...]
    separator: str
    blank: int
    length: int

    def notes(self, file: str, of_rows: Sequence[str], skipped: int) -> tuple[str, ...]:
        """What is worth telling of a file, given the notes on its rows and how many blank lines are among them."""
        notes = [] if self.separator == "," else [f"{file}: columns are separated by {SEPARATORS[self.separator]}."]
        notes += of_rows
        if blank := self.blank + skipped:
            plural = "s were" if blank > 1 else " was"
            notes.append(f"{file}: {blank} blank line{plural} skipped; rows are counted without.")
        return tuple(notes)


def no_rows(file: str) -> DataError:
    """What is said of a file that has nothing below its header."""
    return DataError(f"{file} has a header and no rows. Add at least one row.", file)


def read_head(text: str, file: str) -> Head:
    """The header of a CSV file, from its text or the beginning of it.

    Raises:
        DataError: The file is empty, or its header cannot be used.
    """
    if not text.strip():
        raise DataError(f"{file} is empty. Put a header line and rows of numbers in it.", file)
    separator = _separator(text)
    # A header may hold line ends in quotes, so the csv module finds where it ends.
    source = io.StringIO(text, newline="")
    header, blank = _header(source, separator, file)
    return Head(tuple(header), separator, blank, source.tell())


def read_rows(
    body: str, head: Head, file: str, before: int = 0, wanted: Collection[str] | None = None
) -> tuple[dict[str, Floats | Fault], int, list[str], int]:
    """Rows of a CSV file, all of them or some that follow each other.

    Args:
        body: Their text.
        head: What stands before all rows.
        file: What messages call the file.
        before: How many rows come before these.
        wanted: The headers of the columns to read; all without it.

    Returns:
        (header → numbers or fault, number of rows, notes, blank lines skipped).

    Raises:
        DataError: A row is longer or shorter than the header, or a quote is not closed.
    """
    separator, width = head.separator, len(head.names)
    values = _plain_numbers(body, separator, width)
    if values is not None:
        columns = zip(head.names, values.T)
        return {n: np.ascontiguousarray(c) for n, c in columns if wanted is None or n in wanted}, len(values), [], 0
    rows, blank = _body(io.StringIO(body, newline=""), separator, width, file, before)
    entries: dict[str, Floats | Fault] = {}
    notes: list[str] = []
    for name, column in zip(head.names, zip(*rows)):
        if wanted is None or name in wanted:
            entries[name], note = _column([cell.strip() for cell in column], name, separator, file, before)
            notes += note
    return entries, len(rows), notes, blank


def _separator(text: str) -> str:
    """What separates the cells: what splits the first lines alike, else what the header has most of."""
    lines = [line for line in text[:100_000].splitlines()[:20] if line.strip()]
    counts = Counter({separator: _outside_quotes(lines[0], separator) for separator in SEPARATORS})
    alike = [
        separator
        for separator in SEPARATORS
        if counts[separator] and len(lines) > 1 and _outside_quotes(lines[1], separator) == counts[separator]
    ]
    candidates = alike or list(SEPARATORS)
    return max(candidates, key=lambda separator: counts[separator])


def _outside_quotes(line: str, separator: str) -> int:
    return sum(part.count(separator) for part in line.split('"')[::2])


def _header(source: io.StringIO, separator: str, file: str) -> tuple[list[str], int]:
    """The checked header, and how many blank lines stood before it; `source` is left behind it."""
    blank = 0
    # A reader takes whole lines one by one, so nothing behind the header is consumed.
    reader = csv.reader(iter(source.readline, ""), delimiter=separator, strict=True, skipinitialspace=True)
    try:
        header = next(reader)
        while not any(cell.strip() for cell in header) and len(header) < 2:
            header, blank = next(reader), blank + 1
    except (csv.Error, StopIteration):
        raise DataError(f"{file}: a quote opened in the header is never closed.", file) from None
    names = [cell.strip() for cell in header]
    if names[0].startswith("#"):
        raise DataError(f"{file} starts with a comment line (#). Delete it; line 1 is the header.", file)
    if all(map(cells.is_number, names)):
        shown = separator.join(names)[:40]
        raise DataError(
            f"{file}: the header looks like numbers ({shown}). Add a header line that names the columns.",
            file,
        )
    for place, name in enumerate(names, 1):
        if not name:
            raise DataError(f"{file}: column {place} has no name. Name it in the header line.", file)
    for name, times in Counter(names).items():
        if times > 1:
            where = [str(place) for place, other in enumerate(names, 1) if other == name]
            raise DataError(
                f"{file}: the header has '{name}' {times} times (columns {', '.join(where)}). Rename one.",
                file,
                None,
                name,
            )
    return names, blank


def _plain_numbers(body: str, separator: str, width: int) -> Floats | None:
    """All rows at once, shape (n, width); None where anything asks for a closer look."""
    allowed = cells.NUMBER_CHARACTERS + b" \r\n" + separator.encode()
    if not body.isascii() or body.encode().translate(None, allowed):
        return None
    lines = body.splitlines()
    if not lines or "" in lines:
        return None
    try:
        values = np.loadtxt(lines, delimiter=separator, comments=None, ndmin=2)
    except ValueError:
        return None
    # Integers from 2^53 on may be rounded, which only their text tells.
    if values.shape != (len(lines), width) or not bool((np.abs(values) < cells.EXACT_INTEGERS).all()):
        return None
    return values


def _body(source: io.StringIO, separator: str, width: int, file: str, before: int) -> tuple[list[list[str]], int]:
    """All rows as cells, each `width` long, and how many blank lines were skipped."""
    rows: list[list[str]] = []
    blank = 0
    reader = csv.reader(source, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        for row in reader:
            if len(row) == width and (width > 1 or row[0].strip()):
                rows.append(row)
            elif not row or (len(row) == 1 and not row[0].strip()):
                blank += 1
            else:
                raise _ragged(row, before + len(rows) + 1, width, separator, file)
    except csv.Error as error:
        raise _quoting(str(error), before + len(rows) + 1, file) from None
    return rows, blank


def _ragged(row: list[str], number: int, width: int, separator: str, file: str) -> DataError:
    remedy = "Every row needs one cell for each header."
    if row[0].lstrip().startswith("#"):
        remedy = "Delete comment lines (#)."
    elif len(row) == 2 * width and separator == "," and all(cell.strip().lstrip("+-").isdigit() for cell in row):
        remedy = "If these are decimal commas, save the file with decimal points."
    elif len(row) == width + 1 and not row[-1].strip():
        remedy = "Delete the separator at its end."
    plural = "" if len(row) == 1 else "s"
    return DataError(f"{file}: row {number} has {len(row)} field{plural} of {width}. {remedy}", file, number)


def _quoting(error: str, number: int, file: str) -> DataError:
    if "expected after" in error:
        reason = f"{file}: row {number} goes on behind a closing quote. Write a quote inside quotes twice."
    else:
        # Either the end came first, or the cell grew past every sensible length.
        reason = f"{file}: a quote opened in row {number} is never closed. Close or delete it."
    return DataError(reason, file, number)


def _column(
    column: Sequence[str], name: str, separator: str, file: str, before: int
) -> tuple[Floats | Fault, tuple[str, ...]]:
    """One column of trimmed cells as numbers, or its first fault; and notes on it."""
    values = cells.numbers(column)
    if values is None:
        for row, cell in enumerate(column, before + 1):
            if reason := cells.fault(cell, separator):
                return Fault(f"{file}: row {row}, column {name}: {reason}", row, tuple(column)), ()
        raise AssertionError("a column without numbers has a fault")
    large = np.flatnonzero(np.abs(values) >= cells.EXACT_INTEGERS).tolist()
    return values, cells.rounding([(index, column[index]) for index in large], values, name, file, before)
