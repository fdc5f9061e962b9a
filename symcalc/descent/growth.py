"""Where the loss of a run first grew, and whether the bend of the loss there says why.

A rate may be below the limit 2/λmax where a run starts and above it further on: the limit changes with the bend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symcalc.compute.program import Program
from symcalc.curvature.joints import slopes_jump
from symcalc.curvature.rules import Linear, linear
from symcalc.curvature.spectrum import largest_bend
from symcalc.notation.promised import below
from symcalc.numeric.differentiable import Vector

if TYPE_CHECKING:
    from symcalc.descent.trace import Trace

# Below this share of the loss a rise is taken for rounding.
_ROUNDING = 1e-9
# Losses looked at at once: they stay in the cache.
_STRETCH = 8192
# How many Hessian products a bend may take; few where rows times parameters are many.
_PRODUCTS, _FEW, _MANY = 60, 4, 10_000_000


@dataclass(frozen=True)
class Growth:
    """The first step whose loss is higher than the one before.

    Attributes:
        step: The step from which it grew: the loss at step + 1 is higher.
        before, after: The loss at both.
        rate: The learning rate of that step.
        start: The largest stable rate where the run starts; None where nothing bends up there.
        there: That at the step from which it grew.
        beyond: That where the step led.
        kinks: Whether the loss has kinks, which jump where bends say nothing.
        formula: How the limit follows from the bend, with a comma on both sides: ", 2/λmax,"; "" where it has no name.
    """

    step: int
    before: float
    after: float
    rate: float
    start: float | None
    there: float | None
    beyond: float | None
    kinks: bool
    formula: str

    @property
    def named(self) -> bool:
        """Whether the rate was above the limit where the run started, so that this was said before it ran."""
        return self.start is not None and self.rate > self.start

    @property
    def sentence(self) -> str:
        """All of it in words, with what would help."""
        grew = f"The loss first grew from step {self.step:,} to {self.step + 1:,}, from {self.before:.6g} to {self.after:.6g}"
        for limit, where in ((self.there, "there"), (self.beyond, "where that step led")):
            if limit is not None and self.rate > limit:
                start = (
                    ""
                    if self.start is None or self.named
                    else f" Where it started it is {below(self.start)}, so the rate passed."
                )
                return (
                    f"{grew}: the largest stable rate{self.formula} is {below(limit)} {where}, and the rate is {self.rate:.6g}.{start} "
                    f"Take one below {below(limit)}."
                )
        if self.kinks:
            return f"{grew}: at a constant rate a loss with kinks is stepped over to and fro. Let the rate fall (schedule 1/t)."
        return f"{grew}, though the rate {self.rate:.6g} is stable at both: the bend changes on the way. Take a lower rate."


def growth(trace: Trace) -> Growth | None:
    """Where the loss first grew; None where it never did, or where growing is in the nature of the walk.

    Rules with a memory swing, batches and searches follow another loss or rate: for them it means nothing.

    Args:
        trace: The descent.
    """
    program, record = trace.program, trace.walked.record
    theory = linear(trace.optimizer)
    if theory is None or trace.optimizer.states or trace.learning_rate is None or not trace.settings.plain:
        return None
    if not isinstance(program, Program) or program.loss.per_row or not program.layout.names:
        return None
    losses, k = record.losses, first_rise(record.losses)
    if k is None:
        return None
    start, there, beyond = (_limit(program, theory, record.points[j]) for j in (0, k, k + 1))
    return Growth(
        record.first + k, float(losses[k]), float(losses[k + 1]), float(record.rates[k]), start, there, beyond,
        slopes_jump(program), ", 2/λmax," if theory.plain else "",
    )  # fmt: skip


def first_rise(losses: Vector) -> int | None:
    """The place of the first loss that the next one exceeds by more than rounding; None where none does."""
    with np.errstate(all="ignore"):
        for first in range(0, len(losses) - 1, _STRETCH):
            part = losses[first : first + _STRETCH + 1]
            rises = np.diff(part) > _ROUNDING * np.abs(part[:-1])
            if rises.any():
                return first + int(np.argmax(rises))
    return None


def _limit(program: Program, theory: Linear, point: Vector) -> float | None:
    """The largest stable rate at a point."""
    if not np.isfinite(point).all():
        return None
    with np.errstate(all="ignore"):
        many = (program.loss.rows or 1) * program.layout.total > _MANY
        bend = largest_bend(program, point, _FEW if many else _PRODUCTS)
    return None if bend is None or not bend > 0 else theory.largest(np.array([bend]))
