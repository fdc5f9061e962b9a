"""Numbers that are promises, in few digits: "at most 0.999" must not be less than the truth, "below 0.28" not more.

at_most(0.9984)        0.999
below(0.279252, 2)     0.27
"""

from __future__ import annotations

import math
from decimal import Decimal

# A number this close to the one printed is that number: 0.49999999999999994 is 0.5.
_SAME = 1e-14
_MOST_DIGITS = 17


def at_most(value: float, digits: int = 6) -> str:
    """A number with so many significant digits, rounded up: what is printed holds the number.

    Args:
        value: Any number; what is not finite is written as it is.
        digits: Significant digits.
    """
    return _rounded(value, digits, 1)


def below(value: float, digits: int = 6) -> str:
    """A number with so many significant digits, rounded down: what is below what is printed is below the number."""
    return _rounded(value, digits, -1)


def share(value: float) -> str:
    """What is left at most of something, with three digits: more where it is close to 1, so that a share below 1 reads so."""
    digits = 3
    while digits < _MOST_DIGITS and value < 1 - _SAME and float(at_most(value, digits)) >= 1:
        digits += 1
    return at_most(value, digits)


def _rounded(value: float, digits: int, side: int) -> str:
    text = f"{value:.{digits}g}"
    if not math.isfinite(value) or value == 0:
        return text
    gap = side * (value - float(text))
    if gap <= _SAME * abs(value):
        return text
    unit = Decimal(1).scaleb(Decimal(value).adjusted() - digits + 1)
    return f"{float(Decimal(text) + side * unit):.{digits}g}"
