"""What methods that find a whole step by themselves have in common: how such a step is written down."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.descent.method import LIMITS, Land, Move, direction_taken
from symcalc.descent.optimizer import Optimizer, State
from symcalc.descent.record import Record, Stand
from symcalc.numeric.differentiable import Differentiable, Vector


class WholeStep:
    """A method whose rule says only `x + d`; a subclass finds d.

    Args:
        program: What is descended.
        rule: The rule as text.
        land: Where points may lie, or None.
    """

    rate: float | None = None
    states: tuple[str, ...] = ()
    moves_with_time = False

    def __init__(self, program: Differentiable, rule: Optimizer, land: Land | None = None) -> None:
        self.program, self.rule, self.land = program, rule, land

    def names(self, stand: Stand, rate: float, landing: Vector) -> dict[str, Any]:
        """What the names of the rule stood for: the direction is read off the step."""
        given = direction_taken(stand, rate, landing)
        if self.land is not None:
            given.update(self.land.given(len(landing)))
            given.update(self.land.again(landing, landing))
        return self.rule.before_move(stand.point, stand.gradient, rate, stand.index + 1, (), given)

    def search(self, stand: Stand) -> tuple[Move, dict[str, float]]:
        """The step from a stand, and what was settled on to find it: the damping, the radius."""
        raise NotImplementedError

    def move(self, stand: Stand) -> Move:
        """The step from a stand; the same point where there is none."""
        return self.search(stand)[0]

    def settled(self, record: Record, k: int) -> dict[str, float]:
        """What the step from the k-th stand settled on; the searches before it are made again."""
        state = record.first_state
        found: dict[str, float] = {}
        with np.errstate(all="ignore"):
            for j in range(k + 1 if self.states else 0):
                at = Stand(record.first + j, record.points[j], float(record.losses[j]), record.gradients[j], state)
                move, found = self.search(at)
                state = move.state
        return found

    def remembered(self, stand: Stand, rate: float) -> State:
        """The rule itself has no memory."""
        return ()

    def landing(self, stand: Stand, slopes: Vector, rate: float) -> Vector | None:
        """Slopes are not all it goes by."""
        return None

    def shows(self, name: str) -> str:
        """Every name as it is."""
        return ""

    def left(self, stand: Stand) -> Vector:
        """The slopes that no bound holds back."""
        return stand.gradient if self.land is None else self.land.left(stand.point, stand.gradient)

    @property
    def holds(self) -> str:
        """What holds slopes back."""
        return "" if self.land is None else LIMITS
