"""How long a step is: a fixed learning rate, or one found anew for every step by backtracking."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from symcalc.descent.optimizer import Optimizer, State
from symcalc.descent.record import Stand
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector

# A stand → the learning rate of the step from it, the next point, the optimizer's next state.
Mover = Callable[[Stand], tuple[float, Vector, State]]

SHARE, HALVINGS = 1e-4, 1100


def fixed(optimizer: Optimizer, rate: float) -> Mover:
    """Every step at the same learning rate."""

    def move(stand: Stand) -> tuple[float, Vector, State]:
        point, state = optimizer.step(stand.point, stand.gradient, rate, stand.index + 1, stand.state)
        return rate, point, state

    return move


def backtracking(program: Differentiable, optimizer: Optimizer) -> Mover:
    """Every step starts from rate 1 and halves it until the loss falls by a share of what the slope promises.

    Source: Armijo (1966), Pacific Journal of Mathematics 16(1), 1-3.
    """

    def move(stand: Stand) -> tuple[float, Vector, State]:
        rate = 1.0
        for _ in range(HALVINGS):
            point, state = optimizer.step(stand.point, stand.gradient, rate, stand.index + 1, stand.state)
            if np.array_equal(point, stand.point):
                break
            promised = float(stand.gradient @ (point - stand.point))
            if promised > 0:
                # What the rule remembers points uphill: stand still, and let the memory turn.
                return 0.0, *optimizer.step(stand.point, stand.gradient, 0.0, stand.index + 1, stand.state)
            loss = float(program.value(point))
            if math.isfinite(loss) and loss <= stand.loss + SHARE * promised:
                break
            rate /= 2
        return rate, point, state

    return move


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
