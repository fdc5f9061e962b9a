"""What the end of a descent means, in one sentence with its numbers and its remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symcalc.compute.program import Program
from symcalc.curvature.degree import degree
from symcalc.curvature.joints import slopes_jump
from symcalc.curvature.rules import PLAIN
from symcalc.curvature.spectrum import largest_rate
from symcalc.descent.foresight import onward
from symcalc.descent.growth import first_rise
from symcalc.descent.optimizer import Optimizer
from symcalc.descent.record import Record, Stand
from symcalc.descent.stopping import StopReason, length
from symcalc.notation.promised import below
from symcalc.numeric.differentiable import Differentiable

if TYPE_CHECKING:
    from symcalc.descent.trace import Trace


def message(trace: Trace) -> str:
    """The stop reason of a descent as a sentence with its numbers and its remedy."""
    reason, program, start_loss = trace.stop_reason, trace.program, trace.start_loss
    method, record, tolerance, rate = trace.walked.method, trace.walked.record, trace.tolerance, trace.learning_rate
    last, optimizer = record.last, method.rule
    steps = f"{last.index:,} step{'' if last.index == 1 else 's'}"
    slope = length(method.left(last))
    holds = method.holds
    left = f"The length of what {holds} leave of the gradient" if holds else "The gradient's length"
    if reason is StopReason.CONVERGED:
        return f"The gradient is smaller than the tolerance after {steps}: {slope:.3g} < {tolerance:g}."
    if reason is StopReason.INTERRUPTED:
        return f"Interrupted after {steps} at loss {last.loss:.6g}: what there is was kept."
    if reason is StopReason.STALLED:
        if slope == 0 and holds:
            return f"{holds.capitalize()} leave nothing of the gradient after {steps}: the point no longer moves."
        if slope == 0:
            return f"The gradient is exactly 0 after {steps}: the point no longer moves."
        why = (
            "no step, however short, lowers the loss"
            if rate is None and optimizer.uses_learning_rate
            else "the next step is smaller than the spacing of floating-point numbers"
        )
        sentence = f"The point no longer moves after {steps}: {why}. {left} there is {slope:.3g}"
        jammed = rate is None and slope > 1e-6 * length(record.gradients[0])
        if jammed and isinstance(program, Program) and program.rounds:
            return f"{sentence}; what is left is beneath the rounding of float32: float64 goes on."
        return sentence + ("; a kink may be in the way: give a learning rate." if jammed else ".")
    if reason is StopReason.MAX_STEPS:
        first = length(record.gradients[0])
        if slope <= 1e-6 * first:
            fell = f"the gradient's length fell from {first:.3g} to {slope:.3g}"
            return f"Walked all {steps}, to loss {last.loss:.6g}; {fell}: raise steps to go on."
        # Figures are for the slopes of the whole loss at one rate, with nothing in the way.
        constant = method.rate is not None and not method.moves_with_time and not holds
        remedy = "raise steps or the learning rate" if rate is not None else "raise steps"
        if rate is not None and constant:
            remedy = onward(program, optimizer, last.point, rate)
        if optimizer.name == PLAIN and rate is not None and first_rise(record.losses) is not None:
            remedy = "raise steps, and lower the learning rate"
        return (
            f"Ran out of steps after {steps} at loss {last.loss:.6g}; the gradient's length is {slope:.3g}: {remedy}."
        )
    if last.index == 0:
        start = f"The loss is not finite at the start ({_where(program, last)}): give another start."
        return start + _which(program, last)
    remedy = _lower(program, optimizer, record, rate)
    if reason is StopReason.NOT_FINITE:
        return f"The loss left the finite numbers at step {last.index:,}: {remedy}" + _which(program, last)
    return f"The loss grew from {start_loss:.6g} to {last.loss:.6g} in {steps}: {remedy}"


def _lower(program: Differentiable, optimizer: Optimizer, record: Record, rate: float | None) -> str:
    if rate is None:
        return "choose another start, or give a small learning rate."
    plain = f"lower the learning rate (it was {rate:g})."
    if optimizer.name != "gradient-descent" or record.first != 0:
        return plain
    with np.errstate(all="ignore"):
        largest = largest_rate(program, record.points[0])
    if largest is None or not largest < rate:
        return plain
    shown = below(largest)
    if isinstance(program, Program):
        if slopes_jump(program):
            return plain
        if degree(program.loss) <= 2:
            return f"lower the learning rate (it was {rate:g}; one below {shown} comes down)."
    return f"lower the learning rate (it was {rate:g}; the largest stable one where it started is {shown})."


def _which(program: Differentiable, stand: Stand) -> str:
    """The part of the loss that left the finite numbers first, as one more sentence; "" where it is not known."""
    look = getattr(program, "not_finite", None)
    if look is None or np.isfinite(stand.loss) or not np.isfinite(stand.point).all():
        return ""
    with np.errstate(all="ignore"):
        return f" {look(stand.point)}"


def _where(program: Differentiable, stand: Stand) -> str:
    pairs = [f"{entry} = {x:.6g}" for entry, x in zip(program.layout.entries(), stand.point)]
    return ", ".join(pairs[:4]) + (f", {len(pairs) - 4} more" if len(pairs) > 4 else "")
