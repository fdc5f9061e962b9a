"""The triangular factor R of the features of a family, RᵀR = Φᵀ·W·Φ, and a fixed part in the same coordinates.

Products of matrices give ΦᵀWΦ several times as fast as reflections give R, and where the features, scaled to length 1,
are nearly independent, its factor loses nothing. Where they are less so, the features divided by that factor are, and a
second factor puts right what the first one lost. Where that would not do either, R is made by reflections.

Source: Yamamoto, Nakatsukasa, Yanagisawa and Fukaya, Roundoff error analysis of the CholeskyQR2 algorithm, Electronic
Transactions on Numerical Analysis 44 (2015).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.compute import triangular
from symcalc.compute.stretches import NegativeWeights, Rows, Sums, Unfit, added, stretches

# Condition of the scaled features up to which one factor is as accurate as reflections, and up to which two are.
ONE_FACTOR, TWO_FACTORS = 4.0, 1e5


def factored(rows: Rows, shift: Any, number: int | None, beside: Any = ()) -> tuple[Any, Any]:
    """(R of the features less `shift`, one fixed part less its rough mean in the same coordinates; 0 for none).

    Args:
        rows: The rows of the family.
        shift: What is taken from each feature, (p,).
        number: Which fixed part; None for none.
        beside: What is taken from each fixed part.

    Raises:
        Unfit: Weights are below 0, or something is not finite.
    """
    found = _by_products(rows, shift, number, beside)
    return _by_reflections(rows, shift, number, beside) if found is None else found


def _read(rows: Rows, cut: slice, shift: Any, number: int | None, beside: Any) -> tuple[Any, Any]:
    """(features (p, m), the fixed part (m,)) of a block, less what is taken from them, times the roots of the weights."""
    features, fixed, weights = rows.read(cut)
    with np.errstate(all="ignore"):
        centred = features - shift[:, None]
        right = np.zeros(features.shape[1]) if number is None else fixed[number] - beside[number]
        if weights is not None:
            if not np.all(weights >= 0):
                raise NegativeWeights("its weights are not all at least 0")
            root = np.sqrt(weights)
            centred, right = centred * root, right * root
    return centred, right


def _by_products(rows: Rows, shift: Any, number: int | None, beside: Any) -> tuple[Any, Any] | None:
    """R by one factor or two; None where the features depend on each other too much, or squares are too large."""
    products, right = _products(rows, shift, number, beside, None)
    if not (np.all(np.isfinite(products)) and np.all(np.isfinite(right))):
        return None
    lengths = np.sqrt(np.diag(products))
    if not np.all(lengths > 0):
        return None
    first = _root(products / np.outer(lengths, lengths))
    if first is None or (condition := np.linalg.cond(first)) > TWO_FACTORS:
        return None
    if condition <= ONE_FACTOR:
        return first * lengths, np.linalg.solve(first.T, right / lengths)
    inverse = np.linalg.inv(first).T / lengths
    products, right = _products(rows, shift, number, beside, inverse)
    second = _root(products)
    return None if second is None else (second @ first * lengths, np.linalg.solve(second.T, right))


def _root(products: Any) -> Any:
    """The triangular factor of products of columns; None where rounding has made them no such products."""
    try:
        return np.linalg.cholesky(products).T
    except np.linalg.LinAlgError:
        return None


def _products(rows: Rows, shift: Any, number: int | None, beside: Any, by: Any) -> tuple[Any, Any]:
    """(Φᵀ·W·Φ, Φᵀ·W·f), with the features multiplied by a matrix where one is given."""
    p = len(shift)
    nothing = np.zeros((p, p)), np.zeros(p)

    def of_block(cut: slice, so_far: Sums | None) -> Sums:
        features, fixed = _read(rows, cut, shift, number, beside)
        with np.errstate(all="ignore"):
            if by is not None:
                features = np.dot(by, features)
            # Each on its own: the bits of R do not depend on which fixed part there is.
            new: Sums = (np.dot(features, features.T), np.dot(features, fixed)), nothing
            return new if so_far is None else added(so_far, new)

    whole, *others = stretches(rows, of_block)
    with np.errstate(all="ignore"):
        for other in others:
            whole = added(whole, other)
        return whole[0][0] + whole[1][0], whole[0][1] + whole[1][1]


def _by_reflections(rows: Rows, shift: Any, number: int | None, beside: Any) -> tuple[Any, Any]:
    """R by orthogonal reflections, block below block."""
    p = len(shift)

    def of_block(cut: slice, so_far: Any) -> Any:
        features, fixed = _read(rows, cut, shift, number, beside)
        block = np.empty((features.shape[1], p + 1), order="F")
        block[:, :p], block[:, p] = features.T, fixed
        if not np.all(np.isfinite(block)):
            raise Unfit("its rows are not all finite")
        return triangular.joined([block] if so_far is None else [so_far, block])

    top = triangular.joined(stretches(rows, of_block))[:p]
    return top[:, :p], top[:, p]
