"""Columns of class names: which classes there are, and each row's class as numbers 0 and 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from symcalc.errors import DataError
from symcalc.sources.cells import Floats, is_missing
from symcalc.sources.table import Table

MOST = 1000
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def classes(table: Table, header: str) -> tuple[str, ...]:
    """The classes in a column of names or of whole numbers, sorted; whole numbers by their size.

    Raises:
        DataError: There is no such column, a cell is missing or no whole number, or there are too many classes.
    """
    found = set(_cells(table.raw(header), table, header))
    if len(found) > MOST:
        raise DataError(
            f"{table.name}: column {header} has {len(found):,} classes, more than {MOST:,}; it is no column of classes.",
            table.file, None, header,
        )  # fmt: skip
    whole = all(_WHOLE.fullmatch(cell) for cell in found)
    return tuple(sorted(found, key=int) if whole else sorted(found))


def encoded(values: Any, classes: Sequence[str], table: Table | None, header: str) -> Floats:
    """One row for each cell: 1 in the column of its class, 0 elsewhere.

    Args:
        values: The column as it came, n cells.
        classes: The k classes, in the order of the columns made.
        table: Where it came from, for messages.
        header: Header of the column, for messages.

    Returns:
        float64 of shape (n, k), read-only.

    Raises:
        DataError: A cell is missing, or is none of the classes.
    """
    cells = _cells(values, table, header)
    place = {name: k for k, name in enumerate(classes)}
    for row, cell in enumerate(cells, 1):
        if cell not in place:
            raise _fault(table, header, row, f"the class {cell} is none of {_listed(classes)}.")
    made = np.zeros((len(cells), len(place)))
    made[np.arange(len(cells)), [place[cell] for cell in cells]] = 1.0
    made.flags.writeable = False
    return made


def _cells(values: Any, table: Table | None, header: str) -> list[str]:
    """The cells of a column as trimmed text, a whole number in its plain digits."""
    array = values if isinstance(values, tuple | list) else np.asarray(values)
    if isinstance(array, np.ndarray) and array.ndim != 1:
        where = table.name if table is not None else "the data"
        raise DataError(f"{where}: column {header} has shape {array.shape}; classes stand in one column (n).")
    cells = []
    for row, value in enumerate(array, 1):
        if isinstance(value, float | np.floating) and np.isfinite(value):
            if value != int(value):
                raise _fault(table, header, row, f"{value:g} is no class: classes are names or whole numbers.")
            value = int(value)
        cell = "" if value is None else str(value).strip()
        if is_missing(cell):
            raise _fault(table, header, row, "the class is missing. Fill it in, or delete the row.")
        cells.append(cell)
    return cells


def _fault(table: Table | None, header: str, row: int, reason: str) -> DataError:
    name, file = (table.name, table.file) if table is not None else ("the data", None)
    return DataError(f"{name}: row {row}, column {header}: {reason}", file, row, header)


def _listed(classes: Sequence[str]) -> str:
    return ", ".join(classes[:10]) + (", …" if len(classes) > 10 else "")
