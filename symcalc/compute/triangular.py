"""A triangular factor R of a tall matrix A, RᵀR = AᵀA, row block by row block: ‖A·θ‖ = ‖R·θ‖ without the rows.

Each block's rows go below the factor so far and the pile is factored again by orthogonal reflections, so R is
as accurate as if A had been factored whole; AᵀA itself would lose twice as many digits.

Source: Demmel, Grigori, Hoemmen and Langou, Communication-optimal parallel and sequential QR and LU
factorizations, SIAM J. Sci. Comput. 34(1) (2012), section 2; Higham, Accuracy and Stability of Numerical
Algorithms (2002), section 19.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def joined(parts: Iterable[Any]) -> Any:
    """The triangular factor of matrices (or factors) put below one another, in order; (k, k) for k columns."""
    pile = np.vstack(list(parts))
    missing = pile.shape[1] - pile.shape[0]
    if missing > 0:
        pile = np.vstack([pile, np.zeros((missing, pile.shape[1]))])
    return np.linalg.qr(pile, mode="r")


def least_squares(factor: Any, right: Any) -> Any:
    """The a that makes ‖factor·a - right‖ least, the shortest one where there are several.

    Args:
        factor: (k, p).
        right: (k,).
    """
    lengths = np.sqrt(np.sum(factor**2, axis=0))
    lengths = np.where(lengths > 0, lengths, 1.0)
    return np.linalg.lstsq(factor / lengths, right, rcond=None)[0] / lengths
