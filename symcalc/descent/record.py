"""What a descent leaves behind while it walks: growing arrays, cheap enough for 200,000 steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from symcalc.descent.optimizer import State
from symcalc.numeric.differentiable import Vector

# Numbers that memory is taken for ahead of a long run.
MOST_AHEAD = 8_000_000


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
        # Stretches of steps at one rate: (first place, place after the last, rate).
        self._stretches: list[tuple[int, int, float]] = []
        self._rates = np.empty(0)
        self._take(16, len(start.point))
        self._keep(start)

    def __len__(self) -> int:
        return self.last.index - self.first + 1

    def add(self, stand: Stand) -> None:
        """Keep one more stand."""
        k = stand.index - self.first
        if k >= len(self._losses):
            self._grow(2 * k)
        self._stretch(k, k + 1, stand.rate)
        self._keep(stand)

    def room(self, count: int, more: int = 0) -> tuple[Vector, Vector, Vector]:
        """Points (count, P), losses (count,) and gradients (count, P) of the next stands, to be filled in.

        Args:
            count: How many.
            more: How many there will be in all, so that memory is taken once.
        """
        k = len(self)
        if k + count > len(self._losses):
            ahead = min(more, MOST_AHEAD // max(1, self._points.shape[1]))
            self._grow(max(2 * k, k + max(count, ahead)))
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
        self._stretch(k - count + 1, k + 1, rate)
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
        if len(self._rates) != len(self) - 1:
            self._rates = np.empty(len(self) - 1)
            for first, last, rate in self._stretches:
                self._rates[first - 1 : last - 1] = rate
        return self._rates

    def _keep(self, stand: Stand) -> None:
        k = stand.index - self.first
        self._points[k], self._gradients[k], self._losses[k] = stand.point, stand.gradient, stand.loss
        # Last, and in one assignment: an interrupt before it leaves the record as it was.
        self.last = stand

    def _stretch(self, first: int, last: int, rate: float) -> None:
        if self._stretches and self._stretches[-1][2] == rate and self._stretches[-1][1] == first:
            self._stretches[-1] = (self._stretches[-1][0], last, rate)
        else:
            self._stretches.append((first, last, rate))

    def _take(self, rows: int, size: int) -> None:
        # One block for all: the next run of this length is given the same memory, which costs no new pages.
        block = np.empty(rows * (2 * size + 1))
        self._points = block[: rows * size].reshape(rows, size)
        self._gradients = block[rows * size : 2 * rows * size].reshape(rows, size)
        self._losses = block[2 * rows * size :]

    def _grow(self, rows: int) -> None:
        points, gradients, losses = self.points, self.gradients, self.losses
        self._take(rows, points.shape[1])
        self._points[: len(points)], self._gradients[: len(points)] = points, gradients
        self._losses[: len(points)] = losses
