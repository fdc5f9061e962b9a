"""The rows of a family of forms, gone over in stretches of blocks; sums that keep what their roundings lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symcalc.compute import threads

STRETCHES = 16
_CACHE = 2**21
_LEAST, _MOST = 1024, 16_384
# (two sums, what their roundings lost).
Sums = tuple[tuple[Any, Any], tuple[Any, Any]]


class Unfit(Exception):
    """Data of which no moments can be taken; the message says why."""


class NegativeWeights(Unfit):
    """A weight is below 0 in some row."""


@dataclass(frozen=True)
class Rows:
    """The rows of one family of forms.

    Attributes:
        read: A slice of rows → (features (p, m), fixed parts (q, m), weights (m,), or None for weights 1).
        count: Number of rows.
        moving: For each fixed part, which features its form moves.
        ones: The number of the feature that is 1 in every row; None where there is none.
    """

    read: Callable[[slice], tuple[Any, Any, Any]]
    count: int
    moving: tuple[tuple[int, ...], ...]
    ones: int | None = None


def stretches(rows: Rows, of_block: Callable[[slice, Any], Any]) -> list[Any]:
    """Blocks in a fixed number of stretches, each gone through in order by one thread: the same bits for any number."""
    width = max(1, 2 * len(rows.read(slice(0, 1))[0]) + len(rows.moving))
    fitting = _CACHE // (8 * width)
    block = int(max(_LEAST, min(_MOST, 1 << max(0, fitting.bit_length() - 1))))
    blocks = -(-rows.count // block)
    parts = min(STRETCHES, blocks)

    def stretch(part: int) -> Any:
        so_far = None
        for number in range(part * blocks // parts, (part + 1) * blocks // parts):
            so_far = of_block(slice(number * block, min(rows.count, (number + 1) * block)), so_far)
        return so_far

    return threads.in_order(stretch, parts)


def added(one: Sums, two: Sums) -> Sums:
    """Sums put together, with what each addition lost kept beside them (Neumaier 1974)."""
    made, lost = [], []
    for a, b, left, right in zip(one[0], two[0], one[1], two[1]):
        total = a + b
        moved = total - a
        lost.append(left + right + ((a - (total - moved)) + (b - moved)))
        made.append(total)
    return (made[0], made[1]), (lost[0], lost[1])
