"""Predictions for new rows as CSV and as a document."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from symcalc.sources.run_file import plain
from symcalc.sources.table import Table


def csv_text(rows: Table, header: str, predictions: Any) -> str:
    """The table's own columns, then the predictions; cells that are no numbers stay as they were.

    Args:
        rows: The new rows, m of them.
        header: Header of the new column.
        predictions: Numbers, shape (m,) or (m, k); k numbers a row make k columns.
    """
    headers, columns = _columns(rows)
    found = np.asarray(predictions)
    headers += [header] if found.ndim == 1 else [f"{header}[{k}]" for k in range(found.shape[1])]
    columns += [[_cell(entry) for entry in part] for part in (found.T if found.ndim == 2 else [found])]
    return _written(headers, columns)


def table_text(rows: Table) -> str:
    """A table as CSV; cells that are no numbers stay as they were."""
    return _written(*_columns(rows))


def _columns(rows: Table) -> tuple[list[str], list[list[str]]]:
    headers: list[str] = []
    columns: list[list[str]] = []
    for name in rows.names:
        raw = rows.raw(name)
        array = np.asarray(raw)
        if array.ndim == 1:
            headers.append(name)
            columns.append([_cell(entry) for entry in raw])
        else:
            headers += [f"{name}[{k}]" for k in range(array.shape[1])]
            columns += [[_cell(entry) for entry in part] for part in array.T]
    return headers, columns


def _written(headers: list[str], columns: list[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(zip(*columns))
    return text.getvalue()


def _cell(entry: Any) -> str:
    """One cell; numbers in the fewest digits that read back the same."""
    if isinstance(entry, str):
        return entry
    number = float(entry)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def document(formula: str, point: Mapping[str, Any], header: str, predictions: Any) -> dict[str, Any]:
    """The predictions as JSON has them."""
    found: dict[str, Any] = plain({"formula": formula, "point": point, "name": header, "predictions": predictions})
    return found


def not_finite(predictions: Any) -> str:
    """A sentence on predictions that are no finite numbers; "" if there are none."""
    places = np.unique(np.nonzero(~np.isfinite(predictions))[0])
    if not len(places):
        return ""
    rows = ", ".join(str(k + 1) for k in places[:5]) + (", …" if len(places) > 5 else "")
    plural = "row" if len(places) == 1 else "rows"
    return f"The prediction is not finite in {len(places)} {plural} ({rows}): the model is not defined there."
