"""The numeric twin of a way of descending: the same rule, pace and limits, with slopes measured instead of derived.

Only slopes are measured. What a method asks of the Hessian stays exact in both, and a method that goes by residuals
and their Jacobian has no slopes to measure, so it has no twin.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symcalc.compute.batches import Batches
from symcalc.descent.method import Method, RuleMethod, Sight
from symcalc.descent.methods import Settings, method_for
from symcalc.descent.optimizer import Optimizer, State
from symcalc.descent.rates import Backtracking, Wolfe
from symcalc.descent.record import Stand
from symcalc.descent.sights import Again, OfBatch, Smooth
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector
from symcalc.numeric.measured import Measured

BY_RESIDUALS = ("gauss-newton", "levenberg-marquardt")
EXACT_BEND = ("newton", "trust-region", "coordinate-descent")
NO_TWIN = (
    "{name} goes by residuals and their exact Jacobian, not by the slopes of the loss: there is no descent by numeric slopes "
    "to set beside it. The slopes beside each step are compared all the same."
)
NO_COMPLEX_BATCH = (
    "The loss of a batch has no complex form, so no descent by complex-step slopes is set beside this one: compare with "
    "central or richardson."
)


class TwinSlopes(Again):
    """Measured slopes of the batch whose turn it is."""

    called = "_B"
    turns = True

    def __init__(self, batches: Batches, measured: Measured) -> None:
        self.batches, self.measured = batches, measured

    def at(self, stand: Stand, memory: State) -> Sight:
        """The slopes of the batch, from values of its loss."""
        values = _OfBatch(self.batches, self.measured, stand.index)
        return Sight(self.measured.slopes_of(values, stand.point, values.value(stand.point)))


class _OfBatch:
    """The loss of one batch as something that has values at points."""

    def __init__(self, batches: Batches, measured: Measured, step: int) -> None:
        self.batches, self.measured, self.step = batches, measured, step
        self.layout = measured.layout

    def value(self, point: Vector) -> float:
        """The loss of the batch; counted."""
        self.measured.counts.values += 1
        return self.batches.value(point, self.step)


def twin(
    program: Differentiable, measured: Measured, rule: Optimizer, rate: float | None, settings: Settings
) -> Method:
    """The method that walks by measured slopes.

    Args:
        program: The compiled loss.
        measured: The same loss with measured slopes.
        rule: The optimizer.
        rate: The fixed learning rate, or None.
        settings: What else the run was told.

    Raises:
        InputError: There is no such method; the error says why.
    """
    if rule.name in BY_RESIDUALS:
        raise InputError(NO_TWIN.format(name=rule.name))
    exact = method_for(program, rule, rate, settings)[0]
    if not isinstance(exact, RuleMethod) or not isinstance(exact.view, (OfBatch, Smooth)):
        return method_for(measured, rule, rate, settings)[0]
    if isinstance(exact.view, OfBatch) and measured.method == "complex-step":
        raise InputError(NO_COMPLEX_BATCH)
    view: Any = TwinSlopes(exact.view.batches, measured) if isinstance(exact.view, OfBatch) else exact.view
    if isinstance(view, Smooth):
        view.rest = Measured(view.rest, measured.method, measured.h, measured.counts)
    pace = replace(exact.pace, program=measured) if isinstance(exact.pace, (Backtracking, Wolfe)) else exact.pace
    return RuleMethod(exact.rule, view, pace, exact.land)


def said(rule: Optimizer) -> str:
    """What is the same in both, where that is more than the rule; "" mostly."""
    if rule.name in EXACT_BEND:
        return f"Only slopes are measured: what {rule.name} asks of the Hessian is exact in both."
    return ""
