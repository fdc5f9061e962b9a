"""What a descent leaves behind while it walks: growing arrays, cheap enough for 200,000 steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from symcalc.descent.optimizer import State
from symcalc.numeric.differentiable import Vector


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a descent stands.

    Attributes:
        index: Step number; 0 is the start.
        point: Flat vector (P,).
        loss: The loss there.
        gradient: The exact gradient there, (P,).
        state: What the optimizer remembers.
        rate: Learning rate of the step that led here; nan at the start.
        still: How many steps in a row have left the point where it is.
        frozen: Whether nothing at all changed in the last step, so that nothing ever will.
    """

    index: int
    point: Vector
    loss: float
    gradient: Vector
    state: State
    rate: float = math.nan
    still: int = 0
    frozen: bool = False


class Record:
    """The stands of one descent, in order.

    Attributes:
        first: Index of the first stand kept; a resumed run may begin late.
        first_state: What the optimizer remembered there.
        last: The latest stand; the record ends with it.
    """

    def __init__(self, start: Stand) -> None:
        self.first, self.first_state, self.last = start.index, start.state, start
        size = len(start.point)
        self._points, self._gradients = np.empty((16, size)), np.empty((16, size))
        self._losses, self._rates = np.empty(16), np.full(16, math.nan)
        self.add(start)

    def __len__(self) -> int:
        return self.last.index - self.first + 1

    def add(self, stand: Stand) -> None:
        """Keep one more stand."""
        k = stand.index - self.first
        if k >= len(self._losses):
            size = 2 * k
            self._points, self._gradients = _grown(self._points, size), _grown(self._gradients, size)
            self._losses, self._rates = _grown(self._losses, size), _grown(self._rates, size)
        self._points[k], self._gradients[k], self._losses[k] = stand.point, stand.gradient, stand.loss
        self._rates[k] = stand.rate
        # Last, and in one assignment: an interrupt before it leaves the record as it was.
        self.last = stand

    def room(self, count: int) -> tuple[Vector, Vector, Vector]:
        """Points (count, P), losses (count,) and gradients (count, P) of the next stands, to be filled in."""
        k = len(self)
        if k + count > len(self._losses):
            size = max(2 * len(self._losses), k + count)
            self._points, self._gradients = _grown(self._points, size), _grown(self._gradients, size)
            self._losses, self._rates = _grown(self._losses, size), _grown(self._rates, size)
        return self._points[k : k + count], self._losses[k : k + count], self._gradients[k : k + count]

    def took(self, count: int, state: State, rate: float) -> None:
        """Take up the first `count` stands that were filled in: all led on by one rate.

        Args:
            count: How many.
            state: What the optimizer remembers at the last of them.
            rate: The learning rate.
        """
        if not count:
            return
        k = len(self) + count - 1
        self._rates[k - count + 1 : k + 1] = rate
        point, gradient = self._points[k].copy(), self._gradients[k].copy()
        self.last = Stand(self.first + k, point, float(self._losses[k]), gradient, state, rate)

    @property
    def points(self) -> Vector:
        """All points, (N + 1, P)."""
        return self._points[: len(self)]

    @property
    def gradients(self) -> Vector:
        """All gradients, (N + 1, P)."""
        return self._gradients[: len(self)]

    @property
    def losses(self) -> Vector:
        """All losses, (N + 1,)."""
        return self._losses[: len(self)]

    @property
    def rates(self) -> Vector:
        """Learning rate of the step taken from each stand, (N,)."""
        return self._rates[1 : len(self)]


def _grown(array: Vector, size: int) -> Vector:
    larger = np.empty((size, *array.shape[1:]))
    larger[: len(array)] = array
    return larger
