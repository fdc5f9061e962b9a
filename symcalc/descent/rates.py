"""How long a step is: a fixed learning rate, one that follows a schedule, or one found anew for every step."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from symcalc.descent.method import Sight, Try
from symcalc.descent.optimizer import State
from symcalc.descent.record import Stand
from symcalc.descent.schedule import Schedule
from symcalc.errors import InputError, MissingExtra
from symcalc.numeric.differentiable import Differentiable, Vector

SHARE, HALVINGS = 1e-4, 1100
# A promised fall below so many roundings of the loss cannot be seen in it: the slopes decide.
_ROUNDINGS = 16 * float(np.finfo(float).eps)


@dataclass(frozen=True)
class Fixed:
    """Every step at the same learning rate."""

    rate: float | None
    turns: bool = False

    def step(self, stand: Stand, sight: Sight, attempt: Try) -> tuple[float, Vector, State]:
        """The step at that rate."""
        assert self.rate is not None
        return self.rate, *attempt(self.rate)


@dataclass(frozen=True)
class Scheduled:
    """Every step at the rate that a formula of its number gives."""

    schedule: Schedule
    rate: float | None = None
    turns: bool = True

    def step(self, stand: Stand, sight: Sight, attempt: Try) -> tuple[float, Vector, State]:
        """The step at the rate of its number, 1 on the first step."""
        rate = self.schedule.at(stand.index + 1)
        return rate, *attempt(rate)


@dataclass(frozen=True)
class Backtracking:
    """Every step starts from rate 1 and halves it until the loss falls by a share of what the slope promises.

    Attributes:
        program: The loss.
        sharp: Whether steps near the end, whose fall is lost in the rounding of the loss, go by the slopes.

    Source: Armijo (1966), Pacific Journal of Mathematics 16(1), 1-3.
    """

    program: Differentiable
    sharp: bool = False
    rate: float | None = None
    turns: bool = False

    def step(self, stand: Stand, sight: Sight, attempt: Try) -> tuple[float, Vector, State]:
        """The first rate of 1, ½, ¼, … that comes down enough."""
        rate = 1.0
        for _ in range(HALVINGS):
            point, state = attempt(rate)
            if np.array_equal(point, stand.point):
                break
            promised = promise(stand, sight, point)
            if promised > 0:
                # What the rule remembers points uphill: stand still, and let the memory turn.
                return 0.0, *attempt(0.0)
            if self.sharp and -promised <= _ROUNDINGS * abs(stand.loss):
                return (rate, point, state) if self._flatter(stand, point) else (0.0, *attempt(0.0))
            loss = float(self.program.value(point))
            if math.isfinite(loss) and loss <= stand.loss + SHARE * promised:
                break
            rate /= 2
        return rate, point, state

    def _flatter(self, stand: Stand, point: Vector) -> bool:
        _, slopes = self.program.value_and_gradient(point)
        return bool(np.linalg.norm(slopes) < np.linalg.norm(stand.gradient))


@dataclass(frozen=True)
class Wolfe:
    """Every step as long as the strong Wolfe conditions ask; halved from 1 where no such rate is found.

    Source: Nocedal and Wright (2006), Numerical Optimization, algorithms 3.5 and 3.6, as scipy has them.
    """

    program: Differentiable
    rate: float | None = None
    turns: bool = False

    def step(self, stand: Stand, sight: Sight, attempt: Try) -> tuple[float, Vector, State]:
        """A rate by scipy's line search along the step that rate 1 makes."""
        try:
            from scipy.optimize import line_search
        except ImportError:
            raise MissingExtra("A Wolfe line search needs SciPy: install scipy, or symcalc-explorer[fit].") from None
        import warnings

        direction = attempt(1.0)[0] - stand.point
        if not direction.any() or not promise(stand, sight, stand.point + direction) < 0:
            return Backtracking(self.program, sharp=True).step(stand, sight, attempt)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = line_search(
                lambda p: float(self.program.value(p)), lambda p: self.program.value_and_gradient(p)[1],
                stand.point, direction, stand.gradient, stand.loss,
            )[0]  # fmt: skip
        if found is None:
            return Backtracking(self.program, sharp=True).step(stand, sight, attempt)
        return float(found), *attempt(float(found))


def promise(stand: Stand, sight: Sight, point: Vector) -> float:
    """The change of the loss that the slopes promise for a point."""
    if sight.promise is not None:
        return sight.promise(point)
    return float(stand.gradient @ (point - stand.point))


def checked_rate(learning_rate: float | None) -> float | None:
    """The learning rate as a float, None where none was given.

    Raises:
        InputError: It is not a positive finite number.
    """
    if learning_rate is None:
        return None
    try:
        rate = float(learning_rate)
    except (TypeError, ValueError):
        raise InputError(f"The learning rate is {learning_rate!r}; it must be a number, such as 0.1.") from None
    if rate < 0:
        raise InputError(f"The learning rate is {learning_rate}; a negative one walks uphill. Make it positive.")
    if not math.isfinite(rate) or rate == 0:
        raise InputError(f"The learning rate is {learning_rate}; it must be positive and finite, such as 0.1.")
    return rate
