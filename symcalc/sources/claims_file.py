"""Tables of claims as they are written: every cell keeps its text, since how many digits are printed matters."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from symcalc.errors import DataError
from symcalc.sources.text_file import read_text


@dataclass(frozen=True)
class Cells:
    """A table of texts.

    Attributes:
        file: What messages call it.
        header: The headers, trimmed.
        rows: A text a cell, trimmed, as many in each row as there are headers.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_cells(path: str) -> Cells:
    """A CSV file as texts.

    Raises:
        DataError: There is no such file, or its rows do not fit its header.
    """
    text = read_text(path)
    try:
        dialect = csv.Sniffer().sniff(text.splitlines()[0], ",;\t") if text.strip() else csv.excel
    except csv.Error:
        dialect = csv.excel
    lines = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), dialect)]
    lines = [line for line in lines if any(line)]
    if len(lines) < 2:
        raise DataError(f"{path} needs a header line and rows, such as m,b,dL/dm and 0.6,133.33,-9000.", path)
    header, *rows = lines
    if len(set(header)) < len(header):
        raise DataError(f"{path} has a header twice; each one names one thing.", path)
    for k, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise DataError(f"{path}, row {k}: {len(row)} cells, but the header has {len(header)}.", path, k)
    return Cells(path, tuple(header), tuple(map(tuple, rows)))
