"""Arrays and data frames in memory as tables: converted to float64 where they are not, checked like a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symcalc.errors import DataError
from symcalc.sources.cells import EXACT_INTEGERS, Floats
from symcalc.sources.in_place import Sample, first_not_finite, taken
from symcalc.sources.table import Columns, Fault, Table

NAME = "the data"
# Values of a series looked at in one go.
_BLOCK = 65_536


def from_mapping(columns: Mapping[str, Any], name: str = NAME) -> Table:
    """A table from arrays by name.

    Args:
        columns: Name → n numbers (list, array, series) or an array of shape (n, k).
        name: What messages call the table.

    Returns:
        The table; integers are converted to float64, so that they cannot overflow. Large arrays of float64 that
        lie in memory row by row are used where they are.

    Raises:
        DataError: A name is no text, a column is a single number, or lengths differ.
    """
    entries: dict[str, Floats | Fault] = {}
    samples: dict[str, Sample] = {}
    notes: list[str] = []
    for header, values in columns.items():
        _check_header(header, name)
        array = _array(values, header, name)
        if isinstance(array, Fault):
            entries[header] = array
            continue
        entries[header], sample = _column(array, header, name)
        if sample is not None:
            samples[header] = sample
        notes += _rounded(array, entries[header], header, name)
    if not entries:
        raise DataError(f"{name} has no columns. Give arrays by name: {{'x': [1, 2], 'y': [3, 4]}}.")
    return Table(name, Columns(entries, samples=samples), _rows(entries, name), tuple(notes))


def from_frame(frame: Any, name: str = NAME) -> Table | None:
    """A table from a data frame of any library narwhals knows; None where it is no data frame.

    Raises:
        DataError: The frame has no rows, a header twice or no text as header, or is not collected yet.
    """
    import narwhals as nw

    try:
        native = nw.from_native(frame, pass_through=True)
    except nw.exceptions.DuplicateError:
        headers = list(map(str, frame.columns))
        twice = next(header for header in headers if headers.count(header) > 1)
        raise DataError(f"{name} has the column '{twice}' {headers.count(twice)} times. Rename one.") from None
    if isinstance(native, nw.LazyFrame):
        raise DataError(f"{name} is a data frame that was not computed yet. Call its .collect() first.")
    if not isinstance(native, nw.DataFrame):
        return None
    for header in native.columns:
        _check_header(header, name)
    return from_mapping({header: native[header] for header in native.columns}, name)


def _check_header(header: object, name: str) -> None:
    if not isinstance(header, str) or not header.strip():
        raise DataError(f"{name}: a column's name must be text, not {header!r}. Rename it.")


def _array(values: Any, header: str, name: str) -> Any:
    """One column as an array of integers or floats, or its fault."""
    series = None if isinstance(values, (np.ndarray, list, tuple)) else _series(values)
    if series is not None:
        if (row := _first_null(series)) is not None:
            return _fault(header, name, "the value is missing. Fill it in, or delete the row.", values, row)
        values = series.to_numpy()
    # NumPy imports its masked arrays when they are first asked for; nobody has one before.
    if hasattr(values, "mask") and np.ma.is_masked(values):
        row = int(np.argwhere(np.ma.getmaskarray(values))[0][0])
        return _fault(header, name, "the value is masked. Fill it in, or drop the row.", values, row)
    try:
        array = np.asarray(values)
    except (ValueError, TypeError):
        raise DataError(f"{name}: column {header} is no array: its rows differ in length.") from None
    if array.ndim == 0:
        raise DataError(
            f"{name}: column {header} is a single value, not one for each row. Give a number through constants instead."
        )
    if array.ndim > 2:
        raise DataError(
            f"{name}: column {header} has shape {array.shape}; a column is (n) or (n, k). Give its slices by name."
        )
    if array.dtype.kind == "O":
        array = _unboxed(array)
    return array if array.dtype.kind in "iuf" else _not_numbers(array, header, name)


def _column(array: Any, header: str, name: str) -> tuple[Floats | Fault, Sample | None]:
    """One column as float64, or its fault; and a sample where the numbers are the caller's own."""
    values, sample = taken(array)
    if (row := first_not_finite(values)) is not None:
        value = values[row][~np.isfinite(values[row])].flat[0] if values.ndim == 2 else values[row]
        reason = "the value is missing (NaN)" if np.isnan(value) else f"the value is infinite ({value})"
        return _fault(header, name, reason + ". Put a number there, or delete the row.", array, row), None
    return values, sample


def _first_null(series: Any) -> int | None:
    """The first missing value of a series, looked for block by block; None where there is none."""
    for first in range(0, len(series), _BLOCK):
        missing = series[first : first + _BLOCK].is_null()
        if bool(missing.any()):
            return first + int(np.flatnonzero(missing.to_numpy())[0])
    return None


def _series(values: Any) -> Any:
    """Values as a series of narwhals, where they are one of a library that it knows; else None."""
    import narwhals as nw

    series = nw.from_native(values, pass_through=True, allow_series=True)
    return series if isinstance(series, nw.Series) else None


def _unboxed(array: Any) -> Any:
    """Python integers too large for int64 come as objects; they are numbers all the same."""
    if all(type(value) in (int, float) for value in array.flat):
        try:
            return array.astype(np.float64)
        except OverflowError:
            return array
    return array


def _rounded(array: Any, converted: Floats | Fault, header: str, name: str) -> tuple[str, ...]:
    if isinstance(converted, Fault) or array.dtype.kind not in "iu" or not array.size:
        return ()
    if max(converted.max(), -converted.min()) < EXACT_INTEGERS:
        return ()
    pairs = zip(array.flat, converted.flat)
    inexact = [(int(typed), value) for typed, value in pairs if int(typed) != int(value)]
    if not inexact:
        return ()
    typed, value = inexact[0]
    return (
        f"{name}: column {header} has integers with more digits than a double holds; {typed} was read as {value:.17g}.",
    )


def _not_numbers(array: Any, header: str, name: str) -> Fault:
    """What a column without numbers holds, and where the first such value stands."""
    kind = array.dtype.kind
    if kind == "b":
        reason = f"{bool(array.flat[0])} is not a number. Use .astype(float) for 1 and 0."
        return _fault(header, name, reason, array, 0)
    if kind == "c":
        return _fault(header, name, "the values are complex. Give the real and imaginary parts.", array, 0)
    if kind in "mM":
        reason = "a date or time is not a number. Give the days since the first date."
        return _fault(header, name, reason, array, 0)
    for row, values in enumerate(array):
        for value in np.ravel(values):
            if value is None:
                reason = "the value is missing (None). Fill it in, or delete the row."
                return _fault(header, name, reason, array, row)
            if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
                reason = f"{_shown(value)} is not a number. Correct it, or leave the column out of the formula."
                return _fault(header, name, reason, array, row)
            if isinstance(value, int) and abs(value) >= 2**1024:
                return _fault(header, name, "the value is beyond the largest number, 1.8e308.", array, row)
            if value != value:
                reason = "the value is missing (NaN). Fill it in, or delete the row."
                return _fault(header, name, reason, array, row)
    return _fault(header, name, f"{array.dtype} is not a number type. Use .astype(float).", array, 0)


def _fault(header: str, name: str, reason: str, held: Any, row: int) -> Fault:
    # Rows are counted from 1, as in a file; who indexes an array counts from 0, so both are said.
    return Fault(f"{name}: row {row + 1} (index {row}), column {header}: {reason}", row + 1, held)


def _shown(value: object) -> str:
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _rows(entries: Mapping[str, Floats | Fault], name: str) -> int:
    lengths = {header: len(entry.cells if isinstance(entry, Fault) else entry) for header, entry in entries.items()}
    (first, rows), *others = lengths.items()
    for header, length in others:
        if length != rows:
            raise DataError(
                f"{name}: columns differ in length: {first} has {rows} rows, {header} has {length}.",
                None,
                None,
                header,
            )
    if not rows:
        raise DataError(f"{name} has no rows. Give at least one.")
    return rows
