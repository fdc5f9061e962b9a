"""What limits leave of a place: the directions nothing holds back, and the bend along them.

Source: Nocedal and Wright, Numerical Optimization (2006), sections 12.3 to 12.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from symcalc.curvature.directions import upright
from symcalc.curvature.spectrum import Spectrum
from symcalc.numeric.differentiable import Vector

_EPS = float(np.finfo(float).eps)


class Limits(Protocol):
    """Bounds or linear constraints that a point is kept within."""

    def held(self, point: Vector, slopes: Vector) -> tuple[Vector, Vector]:
        """What pushes back at a point: outward normals (k, P), and by how much each, its multiplier (k,)."""

    def said(self, names: Sequence[str], point: Vector, slopes: Vector) -> tuple[str, ...]:
        """That in words, with a name for each entry of the point."""


def within(hessian: Vector, gradient: Vector, normals: Vector) -> tuple[Spectrum, Vector]:
    """The spectrum and the slopes along what the normals do not hold.

    Args:
        hessian: (P, P).
        gradient: Flat gradient (P,).
        normals: Normals of what holds the point back, (k, P).
    """
    _, sizes, right = np.linalg.svd(normals)
    free = right[int((sizes > 1e-12 * sizes.max(initial=0.0)).sum()) :].T
    values, inner = np.linalg.eigh(free.T @ hessian @ free)
    scale = float(np.abs(values).max(initial=0.0))
    off = 8 * len(hessian) * _EPS * scale
    found = Spectrum(values[::-1].copy(), upright((free @ inner)[:, ::-1]), True, len(hessian), off)
    return found, np.asarray(free @ (free.T @ gradient))
