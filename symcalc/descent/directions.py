"""Directions that know more than the slope: Newton's, Gauss and Newton's, and that of remembered steps."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from symcalc.compute.program import Program
from symcalc.compute.residuals import Residuals, residuals_of
from symcalc.descent.method import Land, Plain, Sight, direction_taken
from symcalc.descent.optimizer import State
from symcalc.descent.record import Stand
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector

_EPS = float(np.finfo(float).eps)


class Directed(Plain):
    """A view that gives a direction; for a step that was taken it is read off the step."""

    whole = False

    def again(self, stand: Stand, rate: float, landing: Vector) -> Sight:
        """The direction that was taken."""
        return Sight(stand.gradient, direction_taken(stand, rate, landing))


class Newton(Directed):
    """The direction of Newton's step: H·direction = -gradient, with the exact Hessian."""

    def __init__(self, program: Differentiable, land: Land | None = None) -> None:
        self.program, self.land = program, land

    def at(self, stand: Stand, memory: State) -> Sight:
        """The slopes and the direction."""
        hessian = np.asarray(self.program.hessian(stand.point), dtype=float)
        return Sight(stand.gradient, {"direction": within(hessian, stand.gradient, stand.point, self.land)})


class GaussNewton(Directed):
    """The direction that solves the least squares min |J·direction + r|, by orthogonal factorization."""

    def __init__(self, program: Differentiable, land: Land | None = None) -> None:
        self.program, self.land = program, land

    @cached_property
    def residuals(self) -> Residuals:
        """The residuals of the loss."""
        return squares_of(self.program)

    def at(self, stand: Stand, memory: State) -> Sight:
        """The slopes and the direction."""
        r, jacobian = self.residuals(stand.point)
        if self.land is not None and len(self.land.touched(stand.point)[0]):
            direction = within(2 * jacobian.T @ jacobian, stand.gradient, stand.point, self.land)
        else:
            direction = least_squares(r, jacobian)
        return Sight(stand.gradient, {"direction": direction})


class Remembered(Directed):
    """Newton's direction with the bend learned from the last steps: limited-memory BFGS.

    Its memory: the point and the slopes of the last stand, the steps and the turns of the slopes (m·P each, the
    newest last), and how many there are.

    Source: Nocedal and Wright (2006), Numerical Optimization, algorithm 7.4.
    """

    states: tuple[str, ...] = ("last_point", "last_slopes", "steps", "turns", "count")

    def __init__(self, memory: float, land: Land | None = None) -> None:
        self.land = land
        if not (memory >= 1 and memory == int(memory)):
            raise InputError(f"The memory of l-bfgs is {memory:g}; it must be a whole number of at least 1.")
        self.memory = int(memory)

    def first_state(self, size: int) -> State:
        """Nothing remembered yet: count is -1 before the first stand was seen."""
        return (np.zeros(size), np.zeros(size), np.zeros(self.memory * size), np.zeros(self.memory * size), -np.ones(1))

    def at(self, stand: Stand, memory: State) -> Sight:
        """The slopes, the direction, and the memory with the last step in it."""
        last_point, last_slopes, steps, turns, count = memory
        size, known = len(stand.point), int(count[0])
        s, y = steps.reshape(self.memory, size), turns.reshape(self.memory, size)
        if known >= 0:
            moved, turned = stand.point - last_point, stand.gradient - last_slopes
            # A step along which the loss bends down would spoil the bend learned: it is not remembered.
            if float(moved @ turned) > 1e-10 * float(np.linalg.norm(moved) * np.linalg.norm(turned)):
                s, y = np.vstack([s[1:], moved]), np.vstack([y[1:], turned])
                known = min(known + 1, self.memory)
        known = max(known, 0)
        slopes = stand.gradient if self.land is None else self.land.left(stand.point, stand.gradient)
        direction = self._direction(slopes, s[self.memory - known :], y[self.memory - known :])
        if self.land is not None:
            direction = np.where((slopes == 0) & (stand.gradient != 0), 0.0, direction)
            if float(direction @ stand.gradient) >= 0:
                direction = -slopes
        kept = (stand.point, stand.gradient, s.ravel(), y.ravel(), np.array([float(known)]))
        return Sight(stand.gradient, {"direction": direction}, kept)

    @staticmethod
    def _direction(slopes: Vector, s: Vector, y: Vector) -> Vector:
        if not len(s):
            # The first step is one unit long at most: how far the slopes reach is not known yet.
            return -slopes / max(1.0, float(np.linalg.norm(slopes)))
        q, shares = slopes.copy(), []
        for step, turn in zip(s[::-1], y[::-1]):
            share = float(step @ q) / float(step @ turn)
            shares.append(share)
            q = q - share * turn
        q = q * (float(s[-1] @ y[-1]) / float(y[-1] @ y[-1]))
        for step, turn, share in zip(s, y, shares[::-1]):
            q = q + (share - float(turn @ q) / float(step @ turn)) * step
        return np.asarray(-q)


def newton(hessian: Vector, slopes: Vector) -> Vector:
    """Newton's direction, turned downhill where the loss does not bend up.

    Rows and columns are scaled to a unit diagonal first. Along eigenvectors that bend down the bend is taken with
    the other sign; along those that do not bend at all the slope itself is followed.
    """
    if not (np.isfinite(hessian).all() and np.isfinite(slopes).all()):
        return -slopes
    diagonal = np.abs(np.diag(hessian))
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled, turned = hessian * np.outer(scale, scale), slopes * scale
    try:
        np.linalg.cholesky(scaled)
        found = -np.linalg.solve(scaled, turned)
        # One round of refinement takes back what a ravine costs.
        return np.asarray(scale * (found - np.linalg.solve(scaled, scaled @ found + turned)))
    except np.linalg.LinAlgError:
        pass
    bends, vectors = np.linalg.eigh(scaled)
    along = vectors.T @ turned
    floor = len(bends) * _EPS * float(np.abs(bends).max(initial=0.0))
    flat = np.abs(bends) <= floor
    # Rounding alone makes a slope along which there is none.
    noise = 1e3 * _EPS * float(np.linalg.norm(turned))
    size = np.where(flat, np.where(np.abs(along) <= noise, np.inf, 1.0), np.abs(bends))
    return np.asarray(-scale * (vectors @ (along / size)))


def within(hessian: Vector, slopes: Vector, point: Vector, land: Land | None) -> Vector:
    """Newton's direction along the limits that a point lies on; a limit that pulls it back inside is let go.

    Source: Nocedal and Wright (2006), Numerical Optimization, section 16.5 (active sets).
    """
    if land is None:
        return newton(hessian, slopes)
    rows, equal = land.touched(point)
    while len(rows):
        # The directions along all the limits kept, as columns.
        _, sizes, right = np.linalg.svd(rows)
        along = right[int((sizes > 1e-12 * sizes.max()).sum()) :].T
        direction = along @ newton(along.T @ hessian @ along, along.T @ slopes) if along.size else np.zeros(len(point))
        pressure = np.linalg.lstsq(rows.T, -(hessian @ direction + slopes), rcond=None)[0]
        pressure[equal] = np.inf
        if pressure.min() >= -1e-12 * max(1.0, float(np.abs(slopes).max())):
            return np.asarray(direction)
        worst = int(np.argmin(pressure))
        rows, equal = np.delete(rows, worst, axis=0), np.delete(equal, worst)
    return newton(hessian, slopes)


def least_squares(r: Vector, jacobian: Vector) -> Vector:
    """The shortest d with the least |J·d + r|, columns scaled to length 1."""
    lengths = np.linalg.norm(jacobian, axis=0)
    scale = np.where((lengths > 0) & np.isfinite(lengths), lengths, 1.0)
    if not (np.isfinite(jacobian).all() and np.isfinite(r).all()):
        return np.full(jacobian.shape[1], np.nan)
    return np.asarray(-np.linalg.lstsq(jacobian / scale, r, rcond=_EPS)[0] / scale)


def squares_of(program: Differentiable) -> Residuals:
    """The residuals of a loss.

    Raises:
        InputError: The loss is no sum of squares.
    """
    if not isinstance(program, Program):
        raise InputError("Least squares needs the formula of the loss, to see which squares it is the sum of.")
    return residuals_of(program)
