"""Moments: what sums of products of linear forms need of the rows, gathered once in blocks.

For forms u[i] = f[i] + Σ_j θ[j]·φ[i,j] with a fixed part f and features φ, weights w ≥ 0 and any anchor a:

    u = u* + Σ_j δ[j]·φ[j],   δ = θ - a,   u*[i] = f[i] + Σ_j a[j]·φ[i,j]
    Σ w·u·v   = Σ w·u*·v* + g_u·δ_v + g_v·δ_u + (R·δ_u)·(R·δ_v),   g_u[j] = Σ w·φ[j]·u*,   RᵀR = Φᵀ·W·Φ
    Σ w·φ·u   = g_u + Rᵀ·(R·δ_u)

The anchor is the least-squares solution, so that nothing cancels near the best fit: δ is exact there, and
Σ w·u*² is summed over the rows themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from symcalc.compute import triangular
from symcalc.compute.factors import factored
from symcalc.compute.stretches import Rows, Sums, Unfit, added, stretches

# Σ_j δ[j]²·Σφ[j]² may be at most this many times Σu²; the root of it is how many roundings the answer shows.
MOST_CANCELLED = 64.0
# The same with 64-bit mantissas and for features less their rough means: what is left is the rounding of R.
MOST_CANCELLED_EXTENDED = 4096.0
EXTENDED: Any = np.longdouble
_SAMPLE = 4096
_FEW = 4


@dataclass(frozen=True)
class Moments:
    """The moments of one family of forms; q forms have a fixed part.

    Attributes:
        rows: Number of rows.
        centred: R of the features less `shift`, (p, p).
        shift: Rough mean of each feature where one of them is 1 in every row, else 0, (p,).
        ones: The number of the feature that is 1 in every row; None where there is none.
        anchors: a, (q, p); 0 for features that a form does not move.
        sums: Σ w·u*·v*, (q, q), and g for the features less `shift`, (q, p).
        lost: What the roundings of `sums` lost.
        extended: Whether R is given with longer mantissas, and `bounds` for sums that are worked out with them.
    """

    rows: int
    centred: Any
    shift: Any
    ones: int | None
    anchors: Any
    sums: tuple[Any, Any]
    lost: tuple[Any, Any]
    extended: bool = False

    @property
    def triangle(self) -> Any:
        """R, (p, p)."""
        return self._put_back(self.centred)

    @property
    def products(self) -> Any:
        """Σ w·u*·v*, (q, q)."""
        return self.sums[0] + self.lost[0]

    @property
    def slopes(self) -> Any:
        """g, (q, p)."""
        return self._put_back(self.sums[1] + self.lost[1])

    def _put_back(self, values: Any) -> Any:
        """Values for the features less `shift`, as values for the features."""
        if self.ones is None:
            return values
        return values + np.outer(values[:, self.ones], self.shift.astype(EXTENDED if self.extended else float))

    @property
    def bounds(self) -> Any:
        """What Σ_j δ[j]²·bounds[j] may reach, (p,): Σu². Beyond that too much has cancelled."""
        if not self.extended:
            return np.sum(self.triangle**2, axis=0) / MOST_CANCELLED
        lengths = np.sum(self.centred**2, axis=0)
        if self.ones is not None:
            # What the shifts add to its coefficient cancels exactly enough.
            lengths[self.ones] = 0.0
        return lengths / MOST_CANCELLED_EXTENDED

    def appended(self, rows: Rows) -> Moments:
        """The moments with more rows below; the anchors stay.

        Raises:
            Unfit: The new rows have weights below 0, or are not finite.
        """
        sums, lost = _about(rows, self.shift, self.anchors)
        whole, more = added((self.sums, self.lost), (sums, lost))
        centred = triangular.joined([self.centred, factored(rows, self.shift, None)[0]])
        return _checked(replace(self, rows=self.rows + rows.count, centred=centred, sums=whole, lost=more))


def gathered(rows: Rows, known: Moments | None = None) -> Moments:
    """The moments of a family.

    Args:
        rows: Its rows.
        known: Moments of the same features beside other fixed parts: their R is taken over.

    Raises:
        Unfit: Weights are below 0, or something is not finite.
    """
    means, beside = _rough_means(rows)
    shift = means if known is None else known.shift
    p, q = len(shift), len(rows.moving)
    anchors = np.zeros((q, p))
    for number in range(q if known else max(1, q)):
        # One fixed part at a time: the bits of R do not depend on which there are.
        centred, right = factored(rows, shift, number if q else None, beside)
        known = known or Moments(rows.count, centred, shift, rows.ones, anchors, *_about(rows, shift, anchors[:0]))
        _checked(known)
        if q and rows.moving[number]:
            anchors[number] = _anchor(known, right, rows.moving[number], beside[number])
            _checked(replace(known, anchors=anchors))
    assert known is not None
    sums, lost = _about(rows, shift, anchors)
    return _checked(replace(known, anchors=anchors, sums=sums, lost=lost))


def _anchor(known: Moments, right: Any, moving: tuple[int, ...], mean: float) -> Any:
    """The least-squares solution: u is least with these coefficients of the features it moves, (p,)."""
    columns, anchor, ones = list(moving), np.zeros(len(known.shift)), known.ones
    right = -np.where(np.isfinite(right), right, 0.0)
    if ones not in columns:
        right = right - (0.0 if ones is None else mean * known.centred[:, ones])
        anchor[columns] = triangular.least_squares(known.triangle[:, columns], right)
        return anchor
    # With what is 1 in every row among them, the rough means are put back at the end: nothing has cancelled.
    anchor[columns] = triangular.least_squares(known.centred[:, columns], right)
    anchor[ones] -= mean + np.dot(known.shift, anchor)
    return anchor


def _checked(found: Moments) -> Moments:
    if not all(np.all(np.isfinite(a)) for a in (found.centred, found.anchors, *found.sums)):
        raise Unfit("its rows are not all finite")
    return found


def _rough_means(rows: Rows) -> tuple[Any, Any]:
    """Rough means of the features and of the fixed parts; 0 where no feature is 1 in every row."""
    with np.errstate(all="ignore"):
        sample = rows.read(slice(0, rows.count, max(1, rows.count // _SAMPLE)))[:2]
        means = [np.zeros(len(part)) if rows.ones is None else np.mean(part, axis=1) for part in sample]
    shift, beside = (np.where(np.isfinite(m), m, 0.0) for m in means)
    if rows.ones is not None:
        shift[rows.ones] = 0.0
    return shift, beside


def _about(rows: Rows, shift: Any, anchors: Any) -> Sums:
    """The sums of the fixed parts taken about their anchors, and what their roundings lost."""
    q, p = anchors.shape
    nothing = (np.zeros((q, q)), np.zeros((q, p)))
    if not q:
        return nothing, nothing
    # u* = f + Σ_j a[j]·(φ[j] - shift[j]) + a constant: what is 1 in every row is part of the constant.
    coefficients = anchors.copy()
    if rows.ones is not None:
        coefficients[:, rows.ones] = 0.0
    constants = [constant(a, shift, rows.ones) for a in anchors]

    def of_block(cut: slice, so_far: Any) -> Any:
        features, fixed, weights = rows.read(cut)
        with np.errstate(all="ignore"):
            centred = features - shift[:, None]
            if p <= _FEW:
                values = [_rounded_once(f, a, features) for f, a in zip(fixed, anchors)]
            else:
                values = [f + c + np.dot(a, centred) + d for f, a, (c, d) in zip(fixed, coefficients, constants)]
            weighted = values if weights is None else [v * weights for v in values]
            products = np.array([[np.dot(u, v) for v in values] for u in weighted])
            slopes = np.array([np.dot(centred, u) for u in weighted])
        new = ((products, slopes), nothing)
        return new if so_far is None else added(so_far, new)

    whole, *others = stretches(rows, of_block)
    for other in others:
        whole = added(whole, other)
    return whole  # type: ignore[no-any-return]


def constant(anchor: Any, shift: Any, ones: int | None) -> tuple[float, float]:
    """Σ_j a[j]·shift[j], and the coefficient of what is 1 in every row: a float and what its rounding lost."""
    exact = sum((Fraction(float(a)) * Fraction(float(c)) for a, c in zip(anchor, shift)), Fraction(0))
    exact += 0 if ones is None else Fraction(float(anchor[ones]))
    return float(exact), float(exact - Fraction(float(exact)))


def _rounded_once(fixed: Any, anchor: Any, features: Any) -> Any:
    """u* in the rows of a block: near the best fit the roundings of many rows are alike, and would add up."""
    total = fixed.astype(EXTENDED)
    for a, feature in zip(anchor, features):
        if a != 0.0:
            total += np.multiply(feature, a, dtype=EXTENDED)
    return total.astype(float)
