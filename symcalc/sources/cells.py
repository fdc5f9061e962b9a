"""One cell of a table: what counts as a number, and what to say of everything else.

A number is written in plain digits: `3`, `-0.5`, `+5`, `.5`, `1e-3`. Python's own `float` also takes `1_000`,
`nan`, `inf` and digits of other scripts; a typing slip must not become a number, so those are refused here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NUMBER_CHARACTERS = b"0123456789+-.eE"
EXACT_INTEGERS = 2**53  # every whole number below is a double; from here on some are rounded

_MISSING = {"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing", "-", "--", "?", "."}
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?:[ T].*)?|[0-9]{1,2}:[0-9]{2}(?::[0-9.]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([,_' \u00a0\u2009\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+(?:\.[0-9]{3})*,[0-9]+(?:[eE][+-]?[0-9]+)?")


def is_number(cell: str) -> bool:
    """Whether a trimmed cell is a number in plain digits."""
    return NUMBER.fullmatch(cell) is not None


def is_missing(cell: str) -> bool:
    """Whether a trimmed cell stands for no value."""
    return cell.lower() in _MISSING


def numbers(cells: Sequence[str]) -> Floats | None:
    """All the cells of a column as numbers.

    Args:
        cells: Trimmed cells, n of them.

    Returns:
        float64 of shape (n,); None as soon as one cell is no finite number.
    """
    joined = "".join(cells)
    # Only these characters, and `float` reads exactly what NUMBER matches.
    if not joined.isascii() or joined.encode().translate(None, NUMBER_CHARACTERS):
        return None
    try:
        values = np.array(list(map(float, cells)), dtype=np.float64)
    except ValueError:
        return None
    return values if bool(np.isfinite(values).all()) else None


def fault(cell: str, separator: str = ",") -> str | None:
    """Why a trimmed cell is no finite number, with the remedy.

    Args:
        cell: The cell's text.
        separator: What separates the cells of its file; `1,500` reads differently where it is no comma.

    Returns:
        The end of a sentence ("the value is missing. Fill it in …"), or None for a number.
    """
    if is_number(cell):
        if np.isfinite(float(cell)):
            return None
        return f"{_shown(cell)} is beyond the largest number, 1.8e308. Use a larger unit."
    if is_missing(cell):
        what = "the value is missing" + (f" ({cell})" if cell else "")
        return what + ". Fill it in, or delete the row."
    if _INFINITE.fullmatch(cell):
        return f"{_shown(cell)} is infinite. Write a finite number, or delete the row."
    return f"{_shown(cell)} is not a number{_remedy(cell, separator)}"


def _remedy(cell: str, separator: str) -> str:
    """What to write instead; starts with the sign that joins it to "is not a number"."""
    if cell.lower() in ("true", "false"):
        return ". Write 1 for true and 0 for false."
    if _DATE.fullmatch(cell):
        return ": it is a date or time. Write a number, such as the days since the first date."
    if grouped := _GROUPED.fullmatch(cell):
        plain = cell.replace(grouped[1], "")
        also = ""
        if grouped[1] == "," and cell.count(",") == 1 and separator != "," and "." not in cell:
            also = f", or {cell.replace(',', '.')} if the comma is a decimal one"
        return f": it has a thousands separator. Write {plain}{also}."
    if _DECIMAL_COMMA.fullmatch(cell):
        point = cell.replace(".", "").replace(",", ".")
        return f": it has a decimal comma. Write {point}, or save the file with decimal points."
    if cell.endswith("%") and is_number(cell[:-1].strip()):
        return f". Write {cell[:-1].strip()} without the percent sign, and so in every row."
    if cell.startswith("(") and cell.endswith(")") and is_number(cell[1:-1].strip()):
        return f". Write a negative amount as -{cell[1:-1].strip()}."
    inner = cell.strip("$€£¥₹ ")
    if inner != cell and is_number(inner):
        return f". Write {inner} and keep the unit in the header."
    if any(c.isdigit() and not c.isascii() for c in cell):
        return ". Write it in the digits 0 to 9."
    if cell.startswith(("−", "–")) and is_number(cell[1:].strip()):
        return f". Write the minus sign as a hyphen: -{cell[1:].strip()}."
    if len(cell.split()) > 1 and all(map(is_number, cell.split())):
        return ". If spaces separate the columns, save the file with commas."
    return ". Correct it, or leave the column out of the formula."


def _shown(cell: str) -> str:
    """The cell in quotes, short and printable."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cell)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:37]}...'"


def rounded(cell: str) -> bool:
    """Whether a number is a whole one with more digits than a double holds."""
    digits = cell.lstrip("+-")
    # 309 digits are beyond every double, and int() of millions of digits would take long.
    return digits.isdecimal() and len(digits) < 310 and int(digits) != int(float(digits))


def rounding(
    large: Sequence[tuple[int, str]], values: Floats, name: str, file: str, before: int = 0
) -> tuple[str, ...]:
    """A note on the whole numbers of a column that were rounded, if there are any.

    Args:
        large: (index, text) of the numbers that may be.
        values: The column as it was read.
        name: Its header.
        file: What messages call the file.
        before: How many rows come before this part of the column.
    """
    inexact = [index for index, cell in large if rounded(cell)]
    if not inexact:
        return ()
    first = inexact[0]
    more = f" and {len(inexact) - 1} more" if len(inexact) > 1 else ""
    return (
        f"{file}: column {name} has integers with more digits than a double holds; "
        f"row {before + first + 1}{more} was read as {values[first]:.17g}.",
    )
