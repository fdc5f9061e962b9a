"""The eigenvalues of the exact Hessian at a point: all of them, or the ends of the spectrum where there are many.

Source: for the ends, Lanczos (1950), J. Res. Nat. Bur. Standards 45, 255-282, with full reorthogonalization
as in Golub and Van Loan, Matrix Computations (2013), section 10.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.curvature.directions import upright
from symcalc.numeric.differentiable import Differentiable, Vector

# Up to here the Hessian is formed; beyond, only products with it are taken.
DENSE = 400
_PRODUCTS = 300
# How well the steepest bend is known, and the least one, of which a rough figure is enough.
_CONVERGED = np.array([1e-4, 1e-11])


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues of a Hessian, steepest bend first, and their unit vectors.

    Attributes:
        values: Eigenvalues (k,), falling.
        vectors: Unit eigenvectors as columns (P, k).
        whole: Whether these are all of them; else the largest and the least.
        products: How many Hessian products it took.
        off: How far the eigenvalues may be off.
        hessian: The Hessian (P, P), None where it was not formed.
    """

    values: Vector
    vectors: Vector
    whole: bool
    products: int
    off: float
    hessian: Vector | None = None

    @property
    def flat(self) -> Any:
        """Which eigenvalues are 0 to within rounding, (k,) of bool."""
        return np.abs(self.values) <= self.off


def spectrum(program: Differentiable, point: Vector, dense: int = DENSE) -> Spectrum | None:
    """The spectrum of the Hessian at a flat point; None where it is not finite.

    Args:
        program: The compiled loss.
        point: Flat point (P,).
        dense: The most parameters for which all eigenvalues are worked out.
    """
    size = len(point)
    if size > dense:
        return _ends(program, point)
    with np.errstate(all="ignore"):
        hessian = np.asarray(program.hessian(point), dtype=float).reshape(size, size)
    if not np.isfinite(hessian).all():
        return None
    values, vectors = np.linalg.eigh(hessian)
    off = _rounding(hessian)
    return Spectrum(values[::-1].copy(), upright(vectors[:, ::-1]), True, size, off, hessian)


def _rounding(hessian: Vector) -> float:
    largest = float(np.linalg.norm(hessian, 2)) if hessian.size else 0.0
    return 8 * len(hessian) * float(np.finfo(float).eps) * largest


def _ends(program: Differentiable, point: Vector, products: int = _PRODUCTS) -> Spectrum | None:
    """The two ends of the spectrum by Lanczos' method."""
    size = len(point)
    most = min(size, products)
    basis, alphas, betas = np.zeros((most, size)), np.zeros(most), np.zeros(most)
    vector = np.random.default_rng(0).normal(size=size)
    vector /= np.linalg.norm(vector)
    taken = 0
    values, weights = np.zeros(1), np.zeros((1, 1))
    for k in range(most):
        basis[k] = vector
        with np.errstate(all="ignore"):
            image = np.asarray(program.hessian_product(point, vector), dtype=float)
        if not np.isfinite(image).all():
            return None
        alphas[k] = vector @ image
        for _ in range(2):
            image = image - basis[: k + 1].T @ (basis[: k + 1] @ image)
        betas[k] = np.linalg.norm(image)
        taken = k + 1
        between = np.diag(betas[:k], 1)
        values, weights = np.linalg.eigh(np.diag(alphas[:taken]) + between + between.T)
        scale = float(np.abs(values).max())
        left = betas[k] * np.abs(weights[-1, [0, -1]])
        if betas[k] <= 1e-14 * scale or np.all(left <= _CONVERGED * scale):
            break
        vector = image / betas[k]
    chosen = [len(values) - 1, 0] if len(values) > 1 else [0]
    vectors: Any = basis[:taken].T @ weights[:, chosen]
    scale = float(np.abs(values).max())
    off = max(float(np.max(betas[taken - 1] * np.abs(weights[-1, chosen]))), 1e-13 * scale)
    return Spectrum(values[chosen], upright(vectors / np.linalg.norm(vectors, axis=0)), False, taken, off)


def largest_bend(program: Differentiable, point: Vector, products: int = 60) -> float | None:
    """The steepest bend at a flat point, the largest eigenvalue of the Hessian; None where it is not finite.

    With many parameters it comes from a few Hessian products and may be a little too small.
    """
    found = spectrum(program, point) if len(point) <= products else _ends(program, point, products)
    return None if found is None or not len(found.values) else float(found.values[0])


def largest_rate(program: Differentiable, point: Vector) -> float | None:
    """The rate beyond which gradient descent overshoots near a point: 2 over the steepest bend there.

    Returns:
        The rate, or None where the loss does not bend up.
    """
    bend = largest_bend(program, point)
    return 2 / bend if bend is not None and bend > 0 else None
