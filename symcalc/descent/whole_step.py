"""What methods that find a whole step by themselves have in common: how such a step is written down."""

from __future__ import annotations

from typing import Any

from symcalc.descent.method import LIMITS, Land, direction_taken
from symcalc.descent.optimizer import Optimizer, State
from symcalc.descent.record import Stand
from symcalc.numeric.differentiable import Differentiable, Vector


class WholeStep:
    """A method whose rule says only `x + d`; a subclass finds d.

    Args:
        program: What is descended.
        rule: The rule as text.
        land: Where points may lie, or None.
    """

    rate: float | None = None
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
