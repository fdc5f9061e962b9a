"""Why a point is believed to be a minimum, and how sharply it is known.

found = ending(program, point)
found.sentences        what kind of place it is, and why
found.entries          each parameter with its standard error and its digits
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symcalc.compute.program import Program
from symcalc.curvature.convex import Convexity, convexity
from symcalc.curvature.degree import degree
from symcalc.curvature.deviations import Deviations, deviations
from symcalc.curvature.joints import bend_place, kinks_at
from symcalc.curvature.limited import Limits, within
from symcalc.curvature.place import at_kink, between_kinks
from symcalc.curvature.slope_rounding import slope_rounding
from symcalc.curvature.spectrum import DENSE, Spectrum, spectrum
from symcalc.errors import InputError
from symcalc.looks import Shown
from symcalc.notation.entries import entry_names
from symcalc.numeric.differentiable import Vector

_THERE = ("minimum", "flat minimum", "nearly")
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Entry:
    """One number of the point, and how sharply it is known.

    Attributes:
        name: `m`, `w[0]`, or the column that a weight belongs to.
        value: The number.
        standard_error: What the data leave uncertain; inf where they do not determine it, None where none is known.
        digits_by_data: Digits that the data determine: those that the standard error leaves; None where none is known.
        digits_by_loss: Digits that the loss alone can tell in the numbers of its rows: it is flat at its minimum, so half
            of them.
        digits_by_slope: Digits that the slopes can tell in the numbers of its rows.
        digits_reached: Digits that a Newton step from here would leave as they are.
    """

    name: str
    value: float
    standard_error: float | None
    digits_by_data: float | None
    digits_by_loss: float | None
    digits_by_slope: float | None
    digits_reached: float | None


@dataclass(frozen=True, eq=False)
class Ending(Shown):
    """What is known about a point where a descent ended.

    Attributes:
        kind: "minimum", "flat minimum" (some directions are open), "nearly" (a Newton step would hardly lower the
            loss), "kink", "saddle", "maximum", "slope" (not there yet), or "unknown".
        is_minimum: Whether it is a minimum; None where that is not decided.
        is_global: Whether it is proven the lowest point there is.
        gradient_length: Length of the gradient.
        rounding: How long a gradient rounding alone may leave; None where that was not worked out.
        above: How far the loss is above the minimum of its parabola here, ½ g·H⁻¹·g; None where it bends down.
        eigenvalues: Bends, steepest first; the two ends of them where there are many parameters.
        convexity: What is known about the loss as a whole.
        entries: Each number of the point, and how sharply it is known.
        deviations: Standard errors and how they were worked out, or None.
        sentences: Why, in words.
        dtype: What rows were worked out in: float64 or float32.
    """

    kind: str
    is_minimum: bool | None
    is_global: bool
    gradient_length: float
    rounding: float | None
    above: float | None
    eigenvalues: tuple[float, ...]
    convexity: Convexity
    entries: tuple[Entry, ...]
    deviations: Deviations | None
    sentences: tuple[str, ...]
    spectrum: Spectrum | None = field(repr=False, default=None)
    dtype: str = "float64"

    @property
    def standard_errors(self) -> dict[str, float | None]:
        """Name of each number → its standard error."""
        return {entry.name: entry.standard_error for entry in self.entries}


def ending(program: Program, at: Any, likelihood: str | None = None, limits: Limits | None = None) -> Ending:
    """Why a point is believed to be a minimum, and how sharply it is known.

    Args:
        program: The compiled loss.
        at: The point.
        likelihood: "sum" or "mean" where the loss is a negative log-likelihood over rows, for standard errors; found
            out where it can be.
        limits: Bounds or constraints: what pushes back is said, and the rest is looked at along them.

    Raises:
        InputError: The point does not fit, the loss has one value a row, or it is not finite there.
    """
    if program.loss.per_row:
        raise InputError("The loss has one value a row, so it has no minimum: write mean(…) around it.")
    point = np.asarray(program.layout.joined(program.checked_point(at)), dtype=float)
    with np.errstate(all="ignore"):
        loss, gradient = program.value_and_gradient(point)
        found = spectrum(program, bend_place(program, point))
        bounds = slope_rounding(program, point)
    if found is None or not (np.isfinite(gradient).all() and np.isfinite(loss)):
        raise InputError("The loss, its slope or its bend is not finite at this point.")
    known = convexity(program, point, found, degree(program.loss) <= 2)
    kinks = kinks_at(program, point)
    names = entry_names(program)
    normals = np.zeros((0, len(point))) if limits is None else limits.held(point, gradient)[0]
    said = () if limits is None else limits.said(names, point, gradient)
    if len(normals) and found.hessian is not None:
        found, gradient = within(found.hessian, gradient, normals)
    judged = (
        at_kink(program, point, limited=len(normals) > 0)
        if kinks
        else between_kinks(program, point, float(loss), gradient, found, bounds, known)
    )
    kind, minimum, above, sentences = judged
    is_global = bool(minimum and known.convex)
    errors: Deviations | None = None
    if kind in _THERE and not len(normals):
        made = deviations(program, point, found, likelihood)
        errors = made if isinstance(made, Deviations) else None
    entries = _entries(names, point, (float(loss), gradient), found, bounds, errors, kind)
    return Ending(
        kind, minimum, is_global, float(np.linalg.norm(gradient)),
        None if bounds is None else float(np.linalg.norm(bounds[1])), above, tuple(map(float, found.values)), known,
        entries, errors, (*said, *sentences), found, "float32" if program.rounds else "float64",
    )  # fmt: skip


def _entries(
    names: list[str], point: Vector, there: tuple[float, Vector], found: Spectrum,
    bounds: tuple[float, Vector] | None, errors: Deviations | None, kind: str,
) -> tuple[Entry, ...]:  # fmt: skip
    loss, gradient = there
    by_data = by_loss = by_slope = reached = np.full(len(point), np.nan)
    if errors is not None:
        with np.errstate(divide="ignore"):
            by_data = _digits(point, errors.errors, np.isinf(errors.errors))
    if kind in _THERE and found.whole and len(point) <= DENSE:
        up = found.values > found.off
        inverse = (found.vectors[:, up] / found.values[up]) @ found.vectors[:, up].T
        open_ = (found.vectors[:, ~up] ** 2).sum(axis=1) > 1e-16
        off = _EPS * abs(loss) if bounds is None else max(bounds[0], _EPS * abs(loss))
        with np.errstate(divide="ignore", invalid="ignore"):
            by_loss = _digits(point, np.sqrt(2 * off * np.diag(inverse)), open_)
            reached = _digits(point, np.abs(inverse @ gradient), open_)
            if bounds is not None:
                by_slope = _digits(point, np.abs(inverse) @ bounds[1], open_)
    return tuple(
        Entry(
            name,
            float(value),
            None if errors is None else float(errors.errors[k]),
            _known(by_data[k]),
            _known(by_loss[k]),
            _known(by_slope[k]),
            _known(reached[k]),
        )
        for k, (name, value) in enumerate(zip(names, point))
    )


def _digits(point: Vector, off: Vector, open_: Any) -> Vector:
    """Significant digits of each number that may be off by so much, 0 to 16; 0 where it is not determined."""
    digits = np.clip(-np.log10(off / np.abs(point)), 0.0, -math.log10(_EPS))
    return np.asarray(np.where(open_, 0.0, np.where(point == 0, np.nan, digits)))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
