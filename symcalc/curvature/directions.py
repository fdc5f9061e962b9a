"""A direction in the space of the parameters, in words: `a - b`, `b + 0.466·m`, `w[tv]`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from symcalc.numeric.differentiable import Vector

MOST = 3
_SMALL = 5e-4


def combination(names: Sequence[str], vector: Vector) -> str:
    """A vector as a combination of names, its largest entry 1: `a - b`.

    Args:
        names: One for each entry.
        vector: The entries.
    """
    largest = float(np.abs(vector).max(initial=0.0))
    if not largest > 0:
        return "0"
    lead = _lead(vector, largest)
    scaled = vector / vector[lead]
    order = [lead, *(int(k) for k in np.argsort(-np.abs(scaled), kind="stable") if k != lead)]
    kept = [k for k in order if abs(scaled[k]) >= _SMALL]
    parts = ""
    for k in kept[:MOST]:
        sign, size = ("-", -scaled[k]) if scaled[k] < 0 else ("+", scaled[k])
        factor = "" if abs(size - 1) < _SMALL else f"{_short(float(size))}·"
        parts += f" {sign} {factor}{names[k]}" if parts else f"{factor}{names[k]}"
    more = len(kept) - MOST
    return f"{parts} and {more} more" if more > 0 else parts


def upright(vectors: Vector) -> Vector:
    """Columns turned to the side their text names: in each the entry that leads is positive.

    Args:
        vectors: (P, k), one direction a column.
    """
    turned = vectors.copy()
    for k, vector in enumerate(vectors.T):
        largest = float(np.abs(vector).max(initial=0.0))
        if largest > 0 and vector[_lead(vector, largest)] < 0:
            turned[:, k] = -vector
    return turned


def _lead(vector: Vector, largest: float) -> int:
    # Of entries equally large the first leads, and with a plus.
    return int(np.argmax(np.abs(vector) >= largest * (1 - 1e-9)))


def _short(size: float) -> str:
    fraction = Fraction(size).limit_denominator(6)
    if abs(float(fraction) - size) <= 1e-9 * size and fraction.denominator > 1:
        return str(fraction)
    return f"{size:.3g}"


def plainest(vectors: Vector) -> Vector:
    """A basis of the space that some columns span with as many zeros as elimination gives, one a column.

    Eigenvectors of a repeated eigenvalue are any basis of their space; the reduced row echelon form is one
    that reads well: a - b and a - c, not a mixture.

    Args:
        vectors: (P, k), independent columns.
    """
    rows = vectors.T.copy()
    k, size = rows.shape
    fixed = 0
    for column in range(size - 1, -1, -1):
        if fixed == k:
            break
        best = fixed + int(np.argmax(np.abs(rows[fixed:, column])))
        if abs(rows[best, column]) < 1e-8:
            continue
        rows[[fixed, best]] = rows[[best, fixed]]
        rows[fixed] /= rows[fixed, column]
        for other in range(k):
            if other != fixed:
                rows[other] -= rows[other, column] * rows[fixed]
        fixed += 1
    rows[np.abs(rows) < 1e-9] = 0.0
    return rows.T[:, ::-1]
