"""Numbers as a screen shows them: so many significant digits, arrays shortened in the middle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

MANY = 8


def number(value: Any, digits: int = 6) -> str:
    """One number with so many significant digits: `-77.33`, `2.5e-07`, `nan`.

    Whole numbers keep their digits up to 15: 246750, not 2.4675e+05.
    """
    value = float(value)
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if value == 0:
        return "0"
    if value == int(value) and abs(value) < 10 ** max(digits, 7):
        return str(int(value))
    text = f"{value:.{digits}g}"
    # A number of the size of the digits asked for reads better written out: 1234567.8 with six is 1234568.
    if "e" in text and 1 <= abs(value) < 1e15 and digits >= 6 and abs(value) < 10 ** (digits + 3):
        return f"{value:.0f}"
    return text


def value(given: Any, digits: int = 6, many: int = MANY) -> str:
    """A number or an array: `[1, 2]`, `[[1, 2], [3, 4]]`; the middle of long arrays is left out."""
    array = np.asarray(given)
    if array.ndim == 0:
        return number(array, digits)
    rows = [value(row, digits, many) for row in array]
    # Leaving out one or two entries would save nothing.
    if len(rows) > many + 2:
        half = many // 2
        rows = [*rows[:half], f"… {len(rows) - 2 * half} more …", *rows[-half:]]
    return f"[{', '.join(rows)}]"


def point(values: Mapping[str, Any], digits: int = 6) -> str:
    """A point: `m = 1.5, b = 75`."""
    return ", ".join(f"{name} = {value(entry, digits)}" for name, entry in values.items())


def shape(sizes: tuple[int | str, ...]) -> str:
    """A shape: `(n, 2)`; "number" for a number."""
    return f"({', '.join(map(str, sizes))})" if sizes else "number"


def count(number_of: int, word: str) -> str:
    """How many of something: `1 row`, `30 rows`."""
    return f"{number_of:,} {word}" if number_of == 1 else f"{number_of:,} {word}s"
