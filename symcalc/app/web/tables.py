"""Tables for the page: a lesson by its name, or the text of a CSV file, whatever they were before."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path
from typing import Any

from symcalc.catalogue.lessons import LESSONS
from symcalc.errors import DataError, InputError

# What a page can show and a request can hold.
MOST_BYTES = 4_000_000
# A number takes eight bytes of memory, and two of text at least: a digit and a comma.
_SHRINKS = 4


def for_page(data: Any) -> dict[str, str]:
    """Data as the page takes them.

    Args:
        data: A lesson's name, the path of a CSV or Parquet file, a mapping from names to arrays, or a data frame.

    Returns:
        {"lesson": name} or {"text": CSV, "name": what to call it}.

    Raises:
        DataError: The data cannot be used, or are too large for a page.
        MissingExtra: It is a Parquet file, and duckdb is not installed.
    """
    if isinstance(data, str) and data in LESSONS:
        return {"lesson": data}
    if not isinstance(data, str | os.PathLike):
        return {"text": _small(_written(data), "The table"), "name": "your table"}
    path = os.fspath(data)
    return {"text": _parquet(path, path) if path.lower().endswith(".parquet") else _csv(path), "name": Path(path).name}


def from_parquet(content: str, name: str) -> str:
    """The table of a Parquet file that was dropped on the page, as CSV.

    Args:
        content: The bytes of the file in base64.
        name: What the file is called; it is never opened by this name.

    Raises:
        InputError: The content is no base64.
        DataError: The file cannot be used, or is too large for a page.
        MissingExtra: duckdb is not installed.
    """
    try:
        held = base64.b64decode(content, validate=True)
    except ValueError:
        raise InputError("The bytes of the file did not arrive whole: drop it again.") from None
    # duckdb reads files by their names only.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dropped.parquet"
        path.write_bytes(held)
        return _parquet(str(path), name)


def _csv(path: str) -> str:
    from symcalc.sources.text_file import read_text

    if Path(path).is_file() and Path(path).stat().st_size > MOST_BYTES:
        raise _too_large(path, path)
    return read_text(path, limit=MOST_BYTES)


def _parquet(path: str, name: str) -> str:
    from symcalc.sources.parquet_file import ParquetFile, whole
    from symcalc.views.predictions import table_text

    opened = ParquetFile(path, name)
    if opened.size > _SHRINKS * MOST_BYTES:
        raise _too_large(name, name)
    return _small(table_text(whole(opened)), name, name)


def _written(data: Any) -> str:
    from symcalc.given import given
    from symcalc.views.predictions import table_text

    _, table, _ = given("0", data, None, None, None, None, (), ())
    return "" if table is None else table_text(table)


def _small(text: str, name: str, path: str = "your.csv") -> str:
    if len(text) > MOST_BYTES:
        raise _too_large(name, path)
    return text


def _too_large(name: str, path: str) -> DataError:
    return DataError(
        f"{name} is too large for the page, which takes up to {MOST_BYTES:,} bytes of CSV. "
        f"Explore some of its rows, or walk on all of them in the terminal: symcalc descend FORMULA --data {path}.",
        path,
    )
