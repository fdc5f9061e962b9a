"""What can be said of a run before it is walked: whether its rate can work, and which rate would be the best.

A loss that is proven quadratic and is not too ravine-like gets the best constant rate where none was given. In a
ravine that rate bounces across for thousands of steps while backtracking finds its way along: there it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symcalc.compute.program import Program
from symcalc.curvature.degree import degree
from symcalc.curvature.findings import number
from symcalc.curvature.joints import slopes_jump
from symcalc.curvature.rules import PLAIN, linear
from symcalc.curvature.spectrum import largest_bend
from symcalc.curvature.step_sizes import StepSizes, step_sizes
from symcalc.descent.optimizer import Optimizer
from symcalc.errors import InputError
from symcalc.notation.promised import below
from symcalc.numeric.differentiable import Differentiable, Vector

# Up to this condition the best constant rate brings the error down to a millionth within 700 steps.
ROUND = 100.0
# Up to here the whole Hessian is looked at before a run; beyond, a few products with it.
_WHOLE = 100
# Rows times parameters: a look ahead must not cost more than the walk.
_MOST_WORK = 10_000_000
_FEW, _FEWER = 12, 4
# A rate this close to the best one is not worth raising.
_NEAR, _LEFT = 0.9, 1e-6
# A few products may find a bend a little below the steepest.
_SAFE = 0.8


@dataclass(frozen=True)
class Foresight:
    """What is known before the first step.

    Attributes:
        learning_rate: The rate chosen where none was given; None leaves it to backtracking.
        notes: Sentences on the rate.
        diverges: Whether the rate that was given is too large.
    """

    learning_rate: float | None = None
    notes: tuple[str, ...] = ()
    diverges: bool = False


NOTHING = Foresight()


def foresee(program: Differentiable, rule: Optimizer, start: Vector, rate: float | None) -> Foresight:
    """What the Hessian at the start says about a run.

    Args:
        program: The compiled loss.
        rule: The optimizer.
        start: Flat start (P,).
        rate: The learning rate asked for, or None.
    """
    if not isinstance(program, Program) or program.loss.per_row or not program.layout.names:
        return NOTHING
    if rate is None:
        small = program.layout.total <= _WHOLE and _work(program) <= _MOST_WORK
        chooses = rule.name == PLAIN and small and degree(program.loss) <= 2
        return _chosen(program, start) if chooses else NOTHING
    if linear(rule) is None or slopes_jump(program):
        return NOTHING
    return _judged(program, rule, start, rate)


def _work(program: Program) -> int:
    return (program.loss.rows or 1) * program.layout.total


def _chosen(program: Program, start: Vector) -> Foresight:
    try:
        found = step_sizes(program, start, rescaled=False)
    except InputError:
        return NOTHING
    if found.best is None or found.minimum is None:
        return NOTHING
    condition = found.determined_condition
    if condition <= ROUND:
        note = (
            f"The learning rate is {below(found.best)} = 2/(λmin + λmax), the best constant one: the loss is quadratic, "
            f"and its exact Hessian has the condition {number(condition)}."
        )
        return Foresight(found.best, (note,))
    needed = found.steps(1e-6)
    steps = "" if needed is None else f" and would need {needed:,} steps to a millionth of the error"
    better = _better(program, start)
    note = f"The condition is {number(condition)}: the best constant rate is {below(found.best)}{steps}{better}."
    return Foresight(None, (note,))


def _better(program: Program, start: Vector) -> str:
    remedies = step_sizes(program, start).remedies
    return f"; {remedies[-1]}" if remedies else ""


def _judged(program: Program, rule: Optimizer, start: Vector, rate: float) -> Foresight:
    theory = linear(rule)
    assert theory is not None
    with np.errstate(all="ignore"):
        bend = largest_bend(program, start, _FEW if _work(program) <= _MOST_WORK else _FEWER)
    if bend is None or not bend > 0:
        return NOTHING
    largest = theory.largest(np.array([bend]))
    if largest is None or rate <= _SAFE * largest:
        return NOTHING
    if program.layout.total > _WHOLE or _work(program) > _MOST_WORK:
        if rate <= largest:
            return NOTHING
        sentence = f"{rate:.6g} > {below(largest)}, the largest stable rate by the steepest bend where it starts"
        return Foresight(None, (f"{sentence}: give a lower one.",), True)
    try:
        found = step_sizes(program, start, rate, rule)
    except InputError:
        return NOTHING
    return Foresight(None, (_warned(found),), True) if found.diverges else NOTHING


def _warned(found: StepSizes) -> str:
    helps = f". What would help: {'; '.join(found.remedies)}" if found.remedies else ""
    return f"{found.verdict}{helps}."


def _count(steps: int) -> str:
    return f"{steps:,} step{'' if steps == 1 else 's'}"


def onward(program: Differentiable, rule: Optimizer, point: Vector, rate: float) -> str:
    """What gets a run further that ran out of steps at a fixed rate; with figures where its loss is proven quadratic."""
    plain = "raise steps or the learning rate"
    if not isinstance(program, Program) or rule.name != PLAIN or program.loss.per_row:
        return plain
    if slopes_jump(program):
        # The slope jumps at a kink: a higher constant rate only steps farther to and fro.
        return "raise steps, and let the learning rate fall on the way: the loss has kinks"
    if program.layout.total > _WHOLE or _work(program) > _MOST_WORK or degree(program.loss) > 2:
        return plain
    try:
        found = step_sizes(program, point, rate, rescaled=False)
    except InputError:
        return plain
    if found.best is None or found.minimum is None:
        return plain
    if rate < _NEAR * found.best:
        better = found.steps(_LEFT, found.best)
        best = f"{below(found.best)} is the best constant one"
        return f"{plain}: {best}" + (
            f", and {_count(better)} at it would leave a millionth of the error" if better else ""
        )
    needed = found.steps(_LEFT)
    return plain if needed is None else f"raise steps: {needed:,} more would leave a millionth of the error"
