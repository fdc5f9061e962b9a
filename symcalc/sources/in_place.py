"""Large arrays in memory are used where they lie; some of their entries, kept apart, tell when one is changed.

A copy would double the memory of a table. Small arrays are copied all the same: there it costs nothing, and what
becomes of the caller's array is then nobody's concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.sources.cells import Floats

# Below this many bytes an array is copied.
LEAST_BYTES = 2**20
_BLOCK, _SAMPLE = 32_768, 512


@dataclass(frozen=True)
class Sample:
    """Entries of an array that somebody else may change.

    Attributes:
        entries: Every so many entries of the array, as they were at first, (k,).
    """

    entries: Floats

    @classmethod
    def of(cls, values: Floats) -> Sample:
        """The sample of an array that lies in memory row by row."""
        return cls(_sampled(values).copy())

    def fits(self, values: Floats) -> bool:
        """Whether the sampled entries are what they were."""
        return bool(np.array_equal(self.entries, _sampled(values)))


def _sampled(values: Floats) -> Floats:
    return values.reshape(-1)[:: max(1, values.size // _SAMPLE)]


def taken(array: Any) -> tuple[Floats, Sample | None]:
    """Numbers as float64, row by row in memory, and a sample of them where they are the caller's own.

    Args:
        array: Integers or floats of shape (n,) or (n, k).
    """
    if array.dtype == np.float64 and array.flags.c_contiguous and array.nbytes >= LEAST_BYTES:
        values = array.view()
        return values, Sample.of(values)
    return np.array(array, dtype=np.float64, order="C"), None


def first_not_finite(values: Floats) -> int | None:
    """The first row that holds NaN or an infinite number, looked for block by block; None where there is none."""
    for first in range(0, len(values), _BLOCK):
        finite = np.isfinite(values[first : first + _BLOCK])
        if not finite.all():
            return first + int(np.argwhere(~finite)[0][0])
    return None
