"""Everything about one loss in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from symcalc.calculus.gradient import Gradient
from symcalc.compute.program import Program
from symcalc.language.loss import Loss
from symcalc.looks import Shown
from symcalc.numeric.rows import Comparison


@dataclass(frozen=True)
class Study(Shown):
    """A loss, its gradient, and what could be worked out about it.

    Attributes:
        loss: The loss.
        gradient: Its slopes.
        program: The compiled gradient; None where the loss has columns and no data.
        comparison: Numeric against exact slopes at a point; None without a point.
    """

    loss: Loss
    gradient: Gradient
    program: Program | None
    comparison: Comparison | None
