"""When a descent ends: each rule one small function of where it stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import Enum

import numpy as np

from symcalc.descent.method import Method
from symcalc.descent.record import Stand
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Vector


class StopReason(Enum):
    """Why a descent ended; the value is the sentence every view prints."""

    CONVERGED = "The gradient is smaller than the tolerance."
    MAX_STEPS = "Ran out of steps: raise steps or the learning rate."
    NOT_FINITE = "The loss left the finite numbers: lower the learning rate."
    DIVERGED = "The loss grew: lower the learning rate."
    STALLED = "The point no longer moves: no step is left that changes it in floating point."
    INTERRUPTED = "Interrupted: what there is was kept."

    @property
    def word(self) -> str:
        """The word in JSON: `max_steps`."""
        return self.name.lower()


Stop = Callable[[Stand], StopReason | None]

PATIENCE = 100


def not_finite(stand: Stand) -> StopReason | None:
    """A number that is not finite ends it at once."""
    total = stand.loss + float(stand.gradient @ stand.gradient) + float(stand.point.sum())
    if math.isfinite(total):
        return None
    # The sum of squares may overflow where every number is still finite.
    whole = math.isfinite(stand.loss) and np.isfinite(stand.gradient).all() and np.isfinite(stand.point).all()
    return None if whole else StopReason.NOT_FINITE


def converged(tolerance: float | None, method: Method) -> Stop:
    """What is left of the gradient inside the limits is shorter than the tolerance; None and 0 are off."""

    def stop(stand: Stand) -> StopReason | None:
        if not tolerance or not length(method.left(stand)) < tolerance:
            return None
        return StopReason.CONVERGED

    return stop


def out_of_steps(last: int) -> Stop:
    """The last step allowed was taken."""
    return lambda stand: StopReason.MAX_STEPS if stand.index >= last else None


def stalled(stand: Stand) -> StopReason | None:
    """Nothing changed in the last step, or the point has stood still for a long time."""
    return StopReason.STALLED if stand.frozen or stand.still >= PATIENCE else None


def first_reason(stops: Sequence[Stop], stand: Stand) -> StopReason | None:
    """The first stop that applies."""
    return next((reason for stop in stops if (reason := stop(stand)) is not None), None)


def length(vector: Vector) -> float:
    """Euclidean length, safe from overflow."""
    largest = float(np.abs(vector).max(initial=0.0))
    if not (math.isfinite(largest) and largest > 0):
        return largest
    return largest * float(np.linalg.norm(vector / largest))


def grew(start_loss: float, losses: Vector) -> bool:
    """Whether the loss ended clearly above its start: by more than a thousandth of the start, or of the fall."""
    end = float(losses[-1])
    if not (math.isfinite(end) and math.isfinite(start_loss) and end > start_loss):
        return False
    reach = max(abs(start_loss), start_loss - float(np.nanmin(losses)))
    return end - start_loss > 1e-3 * reach


def checked_steps(steps: int) -> int:
    """The number of steps.

    Raises:
        InputError: It is not a whole number of at least 0.
    """
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)):
        raise InputError(f"steps is {steps!r}; it must be a whole number, such as 100.")
    if steps < 0:
        raise InputError(f"steps is {steps}; it must be 0 or more.")
    return int(steps)


def checked_tolerance(tolerance: float | None) -> float | None:
    """The tolerance as a float; None is off, and 0 is never reached.

    Raises:
        InputError: It is not a finite number of at least 0.
    """
    if tolerance is None:
        return None
    try:
        number = float(tolerance)
    except (TypeError, ValueError):
        raise InputError(f"The tolerance is {tolerance!r}; it must be a number, such as 1e-6.") from None
    if not (math.isfinite(number) and number >= 0):
        raise InputError(f"The tolerance is {tolerance}; it must be 0 or more and finite; leave it out for none.")
    return number
