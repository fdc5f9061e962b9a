"""Walking down a loss: an endless walk of stands, and stops passed in.

trace = descend(program, start={"m": 0, "b": 0}, learning_rate=0.25, steps=30)
trace.steps[0].predicted_change, trace.steps[0].actual_change
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from symcalc.descent import messages, resuming, stopping
from symcalc.descent.foresight import foresee
from symcalc.descent.optimizer import Optimizer, optimizer_named
from symcalc.descent.rates import Mover, backtracking, checked_rate, fixed
from symcalc.descent.record import Record, Stand
from symcalc.descent.start import start_of
from symcalc.descent.trace import Steps, StopReason, Trace, Walked
from symcalc.numeric.differences import checked_step, method_named
from symcalc.numeric.differentiable import Differentiable, named


def descend(
    program: Differentiable,
    start: Any = None,
    optimizer: str | Optimizer = "gradient-descent",
    learning_rate: float | None = None,
    steps: int = 100,
    tolerance: float | None = None,
    compare: str | None = None,
    h: float | None = None,
    constants: Mapping[str, float] | None = None,
    on_step: Callable[[int, float], None] | None = None,
    resume: Mapping[str, Any] | str | os.PathLike[str] | None = None,
) -> Trace:
    """Walk down a loss, and keep every step.

    Args:
        program: The compiled loss.
        start: Parameter name → number or array, or one flat vector; what is missing takes the catalogue's
            start, else 0 (`Trace.notes` says so).
        optimizer: A name in the catalogue, or the lines of a rule.
        learning_rate: In parameter units per slope unit; without one the optimizer's own default, the best
            constant one where the loss is proven quadratic and no ravine, else every step backtracks from 1.
        steps: How many steps at most; the trace has one entry more. When resuming: how many more.
        tolerance: End when the gradient is shorter than this, in loss units per parameter unit.
        compare: Difference method for the numeric slopes beside each step; central unless given.
        h: Its step, in units of each parameter.
        constants: Values of the optimizer's constants.
        on_step: Called with index and loss after every step.
        resume: A saved run (or its path) to go on from, with its optimizer, rate and state.

    Raises:
        InputError: An argument cannot be used.
        FormulaError: A typed rule cannot be used.
        DataError: The saved run cannot be used.
    """
    method = compare or "central"
    method_named(method)
    h, more = checked_step(h), stopping.checked_steps(steps)
    rate, tolerance = checked_rate(learning_rate), stopping.checked_tolerance(tolerance)
    saved = None if resume is None else resuming.saved_run(resume)
    if saved is None:
        rule = optimizer_named(optimizer, constants)
        vector, notes = start_of(program, start)
        record = None
        foreseen = foresee(program, rule, vector, rate)
        rate, notes = foreseen.learning_rate if rate is None else rate, (*notes, *foreseen.notes)
    else:
        resuming.check_unasked(saved, start, optimizer, constants)
        rule, notes = saved.rule(), saved.notes
        tolerance = saved.tolerance if tolerance is None else tolerance
        record, rate = resuming.record_of(saved, program, rule), saved.rate if rate is None else rate
    mover, rate, why = _mover(program, rule, rate)
    notes = tuple(dict.fromkeys((*notes, *why)))
    stops = [stopping.not_finite, stopping.converged(tolerance)]
    with np.errstate(all="ignore"):
        if record is None:
            loss, gradient = program.value_and_gradient(vector)
            first = Stand(0, vector, float(loss), gradient, rule.first_state(len(vector)))
            record = Record(first)
            if on_step is not None:
                on_step(0, first.loss)
        stops.append(stopping.out_of_steps(record.last.index + more))
        reason = _walk_on(record, _walk(program, rule, mover, record.last), stops, on_step)
    start_loss = float(record.losses[0]) if saved is None else saved.start_loss
    if reason is StopReason.MAX_STEPS and stopping.grew(start_loss, record.losses):
        reason = StopReason.DIVERGED
    walked = Walked(program, rule, record, method, h)
    last = record.last
    notes = (*notes, *(sentence for sentence in _kinks(program, last) if sentence not in notes))
    sentence = messages.message(reason, program, rule, record, start_loss, tolerance, rate)
    return Trace(
        Steps(walked), named(program.layout, last.point), last.loss, reason, sentence, rule,
        rate if rule.uses_learning_rate else None, notes, program, walked, compare, h, tolerance, start_loss,
    )  # fmt: skip


def _kinks(program: Differentiable, stand: Stand) -> tuple[str, ...]:
    """The kinks a descent ended on."""
    return program.kinks(stand.point) if np.isfinite(stand.point).all() else ()


def _walk(program: Differentiable, rule: Optimizer, mover: Mover, stand: Stand) -> Iterator[Stand]:
    """Every stand after this one, without end."""
    while True:
        rate, point, state = mover(stand)
        still = np.array_equal(point, stand.point)
        if still:
            loss, gradient = stand.loss, stand.gradient
        else:
            loss, gradient = program.value_and_gradient(point)
        frozen = still and not rule.changes_with_time and all(map(np.array_equal, state, stand.state))
        stand = Stand(
            stand.index + 1,
            point,
            float(loss),
            gradient,
            state,
            rate,
            stand.still + 1 if still else 0,
            frozen,
        )
        yield stand


def _walk_on(
    record: Record,
    stands: Iterator[Stand],
    stops: list[stopping.Stop],
    on_step: Callable[[int, float], None] | None,
) -> StopReason:
    """Take stands into the record until a stop applies."""
    try:
        while True:
            reason = stopping.first_reason(stops, record.last)
            if reason is not None:
                return reason
            stand = next(stands)
            reason = stopping.stalled(stand)
            if reason is not None:
                return reason
            record.add(stand)
            if on_step is not None:
                on_step(stand.index, stand.loss)
    except KeyboardInterrupt:
        return StopReason.INTERRUPTED


def _mover(program: Differentiable, rule: Optimizer, rate: float | None) -> tuple[Mover, float | None, tuple[str, ...]]:
    """How steps are made, the fixed rate if there is one, and what to say about it."""
    if not rule.uses_learning_rate:
        return fixed(rule, 1.0), None, ("The rule sets its own pace: it does not use learning_rate.",)
    if rate is not None:
        return fixed(rule, rate), rate, ()
    if rule.learning_rate is not None:
        note = f"The learning rate is {rule.learning_rate:g}, the default of {rule.name}."
        return fixed(rule, rule.learning_rate), rule.learning_rate, (note,)
    note = "No learning rate was given: every step tries 1 and halves it until the loss falls enough."
    if rule.states:
        note += " A step that would climb is not taken."
    return backtracking(program, rule), None, (note,)
