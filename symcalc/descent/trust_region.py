"""A trust region: the lowest point of the quadratic model, within a radius that grows where the model is right.

Source: Nocedal and Wright (2006), Numerical Optimization, algorithm 4.1 and section 4.3.
"""

from __future__ import annotations

import numpy as np

from symcalc.descent.directions import newton
from symcalc.descent.method import Move
from symcalc.descent.optimizer import State
from symcalc.descent.record import Stand
from symcalc.descent.whole_step import WholeStep
from symcalc.numeric.differentiable import Vector

# The first radius is as long as Newton's step, up to so many times the size of the point.
FARTHEST, LARGEST_RADIUS = 10.0, 1e10
_EPS = float(np.finfo(float).eps)


class TrustRegion(WholeStep):
    """The method; it remembers the radius."""

    states = ("radius",)

    def first_state(self, size: int) -> State:
        """No radius yet."""
        return (np.zeros(1),)

    def search(self, stand: Stand) -> tuple[Move, dict[str, float]]:
        """The step from a stand, and its radius: radii are tried until the loss falls as the model says."""
        radius = float(stand.state[0][0])
        slopes = self.left(stand)
        hessian = np.asarray(self.program.hessian(stand.point), dtype=float)
        if not (np.isfinite(hessian).all() and np.isfinite(slopes).all()):
            return Move(1.0, stand.point, stand.state), {}
        held = (slopes == 0) & (stand.gradient != 0)
        hessian[held, :] = hessian[:, held] = 0.0
        bends, vectors = np.linalg.eigh(hessian)
        if radius == 0:
            farthest = FARTHEST * max(1.0, float(np.linalg.norm(stand.point)))
            radius = min(farthest, 1.001 * float(np.linalg.norm(newton(hessian, slopes)))) or 1.0
        while radius > _EPS * float(np.linalg.norm(stand.point)) * 1e-3 + 1e-300:
            step = lowest_within(bends, vectors, slopes, radius)
            if float(np.linalg.norm(step)) < 0.999 * radius and (bends > 0).all():
                step = newton(hessian, slopes)
            point = stand.point + step if self.land is None else self.land.onto(stand.point + step)
            if np.array_equal(point, stand.point):
                break
            moved = point - stand.point
            promised = -float(stand.gradient @ moved + 0.5 * moved @ (hessian @ moved))
            loss = float(self.program.value(point))
            if abs(promised) <= 16 * _EPS * abs(stand.loss):
                return self._by_slopes(stand, point), {"radius": radius}
            share = (stand.loss - loss) / promised if promised > 0 and np.isfinite(loss) else -1.0
            length = float(np.linalg.norm(moved))
            if share > 0.1:
                wider = share > 0.75 and length > 0.8 * radius
                grown = min(2 * radius, LARGEST_RADIUS) if wider else radius if share > 0.25 else radius / 2
                return Move(1.0, point, (np.array([grown]),)), {"radius": radius}
            radius = min(radius, length) / 4
        return Move(1.0, stand.point, stand.state), {}

    def _by_slopes(self, stand: Stand, point: Vector) -> Move:
        _, slopes = self.program.value_and_gradient(point)
        better = np.linalg.norm(slopes) < np.linalg.norm(stand.gradient)
        return Move(1.0, point if better else stand.point, stand.state)


def lowest_within(bends: Vector, vectors: Vector, slopes: Vector, radius: float) -> Vector:
    """The d with |d| <= radius where slopes·d + ½ d·H·d is least, from the eigenvalues of H."""
    along = vectors.T @ slopes
    least = float(bends.min())
    tiny = _EPS * max(1.0, float(np.abs(bends).max()))

    def length(shift: float) -> float:
        return float(np.linalg.norm(along / (bends + shift)))

    if least > tiny and length(0.0) <= radius:
        return np.asarray(-vectors @ (along / bends))
    low = max(0.0, -least) + tiny
    if length(low) <= radius:
        # The hard case: the slope says nothing about the direction that bends down most.
        inner = -(along / (bends + low))
        rest = max(0.0, radius**2 - float(inner @ inner))
        inner[int(np.argmin(bends))] += np.sqrt(rest) if least < -tiny else 0.0
        return np.asarray(vectors @ inner)
    high = low + float(np.linalg.norm(along)) / radius
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if length(middle) > radius else (low, middle)
    return np.asarray(-vectors @ (along / (bends + high)))
