"""Levenberg and Marquardt's method for sums of squares, to the last digit.

A step solves min |J·v + r|² + damping·|D·v|² by singular values, bends with the residuals' own curvature (geodesic
acceleration), and is taken if the loss falls. Where the fall is lost in rounding, the last steps are Newton's, with
slopes and Hessian worked out at 40 digits by the same equations.

Source: Moré (1978), Lecture Notes in Mathematics 630, 105-116 (the scale D); Transtrum and Sethna (2012),
arXiv:1201.5885 (acceleration).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from symcalc.compute.exact_newton import ExactNewton
from symcalc.compute.program import Program
from symcalc.descent.directions import newton, squares_of
from symcalc.descent.method import Land, Move
from symcalc.descent.optimizer import Optimizer, State
from symcalc.descent.record import Stand
from symcalc.descent.whole_step import WholeStep
from symcalc.numeric.differentiable import Differentiable, Vector

FIRST_DAMPING, UP, DOWN, MOST_DAMPING = 1.0, 2.0, 5.0, 1e32
# Each column's scale is its largest length so far, fading by half a step: a start far off is forgotten.
FADES = 0.5
# The curved part of a step is at most this share of the straight one; it is measured this far along it.
ACCELERATION, PROBE = 0.2, 0.1
# Below this share of the loss a promised fall is near its rounding, and the exact steps begin.
NEAR = 1e-9
DIGITS, MOST_WORK = 40, 100_000
# A scaled Hessian whose least bend is a smaller share of its largest one is worked out at 40 digits too.
WORST = 1e-11
_EPS = float(np.finfo(float).eps)


class LevenbergMarquardt(WholeStep):
    """The method; it remembers the damping and the scale of each parameter."""

    states = ("damping", "scale")

    def __init__(self, program: Differentiable, rule: Optimizer, land: Land | None = None) -> None:
        super().__init__(program, rule, land)
        self.residuals = squares_of(program)

    def first_state(self, size: int) -> State:
        """The damping, and no scale yet."""
        return np.array([FIRST_DAMPING]), np.zeros(size)

    def search(self, stand: Stand) -> tuple[Move, dict[str, float]]:
        """The step from a stand, and its damping; the same point where there is none."""
        damping, scale = float(stand.state[0][0]), stand.state[1]
        r, jacobian = self.residuals(stand.point)
        free = self._free(stand)
        jacobian = jacobian * free
        if not (np.isfinite(jacobian).all() and np.isfinite(r).all()):
            return Move(1.0, stand.point, stand.state), {}
        scale = np.maximum(FADES * scale, np.linalg.norm(jacobian, axis=0))
        d = np.where(scale > 0, scale, 1.0)
        u, s, vt = np.linalg.svd(jacobian / d, full_matrices=False)
        along = u.T @ r
        if self._near(along, s, r):
            point = self._last(stand, u, s, vt, d, along)
            if point is not None:
                return Move(1.0, point, stand.state), {}
        while damping < MOST_DAMPING:
            point = self._tried(stand.point, damping, r, jacobian, (u, s, vt, d, along))
            if point is not None:
                loss = float(self.program.value(point))
                if np.isfinite(loss) and loss < stand.loss:
                    after = (np.array([max(damping / DOWN, 1e-32)]), scale)
                    return Move(1.0, point, after), {"damping": damping}
            damping *= UP
        point = self._last(stand, u, s, vt, d, along)
        return Move(1.0, stand.point if point is None else point, stand.state), {}

    def _tried(self, here: Vector, damping: float, r: Vector, jacobian: Vector, parts: Any) -> Vector | None:
        u, s, vt, d, along = parts
        v = -(vt.T @ (s * along / (s * s + damping))) / d
        ahead = self.residuals(here + PROBE * v)[0]
        curved = (2 / PROBE) * ((ahead - r) / PROBE - jacobian @ v)
        if not np.isfinite(curved).all():
            return None
        a = -(vt.T @ (s * (u.T @ curved) / (s * s + damping))) / (2 * d)
        if 2 * np.linalg.norm(a * d) > ACCELERATION * np.linalg.norm(v * d):
            return None
        return self._landed(here + v + a)

    def _near(self, along: Vector, s: Vector, r: Vector) -> bool:
        """Whether all that a straight step promises is close to what rounding makes of the loss."""
        seen = along[s > _EPS * s.max(initial=0.0)]
        return float(seen @ seen) <= NEAR * float(r @ r)

    def _last(self, stand: Stand, u: Vector, s: Vector, vt: Vector, d: Vector, along: Vector) -> Vector | None:
        """A step that the loss cannot judge: exact where that is affordable, else one that flattens the slopes."""
        held = self.land is not None and not self._free(stand).all()
        if self._exact is not None and not held:
            return self._corrected(stand, d)
        kept = s > _EPS * s.max(initial=0.0)
        v = -(vt.T[:, kept] @ (along[kept] / s[kept])) / d
        point = self._landed(stand.point + v)
        r, jacobian = self.residuals(point)
        before = np.linalg.norm(s * along)
        after = np.linalg.norm((jacobian / d).T @ r)
        return point if np.isfinite(after) and after < 0.5 * before else None

    def _corrected(self, stand: Stand, d: Vector) -> Vector | None:
        step = self._correction(stand)
        if step is None:
            return None
        point = self._landed(stand.point + step)
        loss = float(self.program.value(point))
        # It may not climb by more than rounding can make of it.
        return point if loss <= stand.loss + 1e-6 * abs(stand.loss) + _EPS * float(d @ d) * 1e-6 else None

    def _correction(self, stand: Stand) -> Vector | None:
        """Newton's step with slopes at 40 digits; the Hessian too where a float would not do."""
        assert self._exact is not None
        hessian = np.asarray(self.program.hessian(stand.point), dtype=float)
        lengths = np.sqrt(np.abs(np.diag(hessian)))
        lengths = np.where(lengths > 0, lengths, 1.0)
        bends = np.linalg.eigvalsh(hessian / np.outer(lengths, lengths)) if np.isfinite(hessian).all() else np.zeros(1)
        try:
            if bends.min() > WORST * bends.max():
                slopes = np.array([float(g) for g in self._exact.slopes(list(stand.point), DIGITS)])
                return newton(hessian, slopes)
            found = self._exact.step(list(stand.point), DIGITS).correction if self._exact.work <= MOST_WORK else None
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return None
        return None if found is None else np.array([float(x) for x in found])

    @cached_property
    def _exact(self) -> ExactNewton | None:
        if not isinstance(self.program, Program):
            return None
        made = ExactNewton(self.program)
        return made if made.slope_work <= MOST_WORK else None

    def _free(self, stand: Stand) -> Vector:
        """1 for entries that may move, 0 for those that a bound holds back."""
        if self.land is None:
            return np.ones(len(stand.point))
        return np.where((self.left(stand) == 0) & (stand.gradient != 0), 0.0, 1.0)

    def _landed(self, point: Vector) -> Vector:
        return point if self.land is None else self.land.onto(point)
