"""Standard errors of fitted parameters: what the data leave uncertain.

For least squares s²(JᵀJ)⁻¹ with s² = RSS/(n - p), from the exact Jacobian by singular values, so that nothing is squared;
for a negative log-likelihood the inverse of its Hessian, times n where the loss is a mean over rows.

Source: Seber and Wild, Nonlinear Regression (1989), section 2.1; Efron and Hinkley (1978), Biometrika 65(3), 457-482.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.compute.curvature import jacobian_rows, squared
from symcalc.compute.inspection import all_values
from symcalc.compute.program import Program
from symcalc.curvature.likelihood import scale_of
from symcalc.curvature.spectrum import Spectrum
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Vector

# A singular value below this share of the largest, columns scaled to length 1, is none.
_RANK = 1e-13


@dataclass(frozen=True, eq=False)
class Deviations:
    """Standard errors at a fit.

    Attributes:
        kind: "least squares" or "likelihood".
        errors: Standard error of each entry, (P,); inf where the data do not determine it.
        residual: Residual standard deviation for least squares, else None.
        freedom: Degrees of freedom n - p for least squares, else None.
        sentence: How they were worked out.
    """

    kind: str
    errors: Vector
    residual: float | None
    freedom: int | None
    sentence: str


def deviations(
    program: Program, point: Vector, found: Spectrum | None, likelihood: str | None = None
) -> Deviations | str:
    """Standard errors at a point, or why there are none.

    Args:
        program: The compiled loss.
        point: Flat point, taken as the minimum.
        found: The spectrum there.
        likelihood: "sum" or "mean" where the loss is a negative log-likelihood over rows; found out where it can be.

    Raises:
        InputError: `likelihood` is neither.
    """
    if likelihood not in (None, "sum", "mean"):
        raise InputError(f"likelihood is {likelihood!r}; it is 'sum' or 'mean', as the loss is over its rows.")
    if likelihood is None:
        least = _least_squares(program, point)
        if least is not None:
            return least
    scale = float(program.loss.rows or 1) if likelihood == "mean" else 1.0 if likelihood else scale_of(program, point)
    if scale is None:
        return "The loss is no plain sum of squares and not known to be a likelihood, so it gives no standard errors."
    if found is None or not found.whole or np.any(found.values < -found.off):
        return "The Hessian is not positive here, so it gives no standard errors."
    return Deviations("likelihood", _inverse_root(found, scale), None, None,
                      "standard errors: inverse Hessian of the negative log-likelihood")  # fmt: skip


def _inverse_root(found: Spectrum, scale: float) -> Vector:
    up = ~found.flat
    variance = (found.vectors[:, up] ** 2 / (scale * found.values[up])).sum(axis=1)
    open_ = (found.vectors[:, ~up] ** 2).sum(axis=1) > 1e-16
    return np.asarray(np.where(open_, np.inf, np.sqrt(variance)))


def _least_squares(program: Program, point: Vector) -> Deviations | str | None:
    """Standard errors of a sum or mean of squares over rows; None where the loss is none."""
    terms = program.loss.output.terms
    try:
        parts = [squared(program, term) for term in terms]
    except InputError:
        return None
    rows = [name for _, name in parts if any(axis.rows for axis in name.axes)]
    if not rows:
        return None
    if len(parts) > 1:
        return "The squares of the residuals are not alone in the loss (a penalty?), so it gives no standard errors."
    ((_, residual),) = parts
    values = np.ravel(np.asarray(all_values(program, point)[residual.symbol], dtype=float))
    matrix = jacobian_rows(program, point, residual)
    freedom = len(values) - matrix.shape[1]
    if freedom <= 0:
        return f"{len(values)} residuals do not overdetermine {matrix.shape[1]} parameters: no standard errors."
    if not (np.isfinite(matrix).all() and np.isfinite(values).all()):
        return None
    deviation = float(np.linalg.norm(values) / np.sqrt(freedom))
    errors = deviation * _root_of_inverse(matrix)
    sentence = (
        f"standard errors: least squares, residual standard deviation {deviation:.6g}, {freedom} degrees of freedom"
    )
    return Deviations("least squares", errors, deviation, freedom, sentence)


def _root_of_inverse(matrix: Vector) -> Vector:
    """The roots of the diagonal of (JᵀJ)⁻¹, inf where J does not determine an entry."""
    lengths = np.linalg.norm(matrix, axis=0)
    scaled = matrix / np.where(lengths > 0, lengths, 1.0)
    _, sizes, right = np.linalg.svd(scaled, full_matrices=False)
    known = sizes > _RANK * len(matrix) * sizes.max(initial=0.0)
    roots: Any = np.sqrt(((right[known] / sizes[known, None]) ** 2).sum(axis=0))
    free = (right[~known] ** 2).sum(axis=0) > 1e-16
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(free, np.inf, roots / lengths))
