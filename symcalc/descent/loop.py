"""Walking down a loss: an endless walk of stands, and stops passed in.

trace = descend(program, start={"m": 0, "b": 0}, learning_rate=0.25, steps=30)
trace.steps[0].predicted_change, trace.steps[0].actual_change
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from symcalc.curvature.joints import kinks_at
from symcalc.descent import resuming, stopping
from symcalc.descent.checkpoint import Checkpoint
from symcalc.descent.engine_choice import engine_for
from symcalc.descent.engines import Engine
from symcalc.descent.foresight import foresee
from symcalc.descent.method import Method
from symcalc.descent.methods import Settings, method_for
from symcalc.descent.optimizer import Optimizer, optimizer_named
from symcalc.descent.polish import Polished, checked_digits, polish
from symcalc.descent.rates import checked_rate
from symcalc.descent.record import Record, Stand
from symcalc.descent.start import start_of
from symcalc.descent.stopping import StopReason
from symcalc.descent.trace import Said, Steps, Trace, Walked
from symcalc.numeric.differences import checked_step, method_named
from symcalc.numeric.differentiable import Differentiable, named

MOST_PATIENCE = 256


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
    batch_size: int | None = None,
    seed: int = 0,
    schedule: str | None = None,
    bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
    constraints: Sequence[str] = (),
    line_search: str | None = None,
    digits: int | None = None,
    save: str | os.PathLike[str] | None = None,
    save_every: float = 1.0,
    engine: str | None = None,
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
        tolerance: End when the gradient is shorter than this, in loss units per parameter unit; 0 goes on until
            no step changes the point any more.
        compare: Difference method for the numeric slopes beside each step; central unless given.
        h: Its step, in units of each parameter.
        constants: Values of the optimizer's constants.
        on_step: Called with index and loss after every step.
        resume: A saved run (or its path) to go on from, with its optimizer, rate and state.
        batch_size: Rows that each step looks at, drawn anew for every epoch; all unless given.
        seed: Of that drawing.
        schedule: constant, step, cosine, warm-up, 1/t, or the learning rate as a formula of t.
        bounds: Parameter name → (lowest, highest) value; None for no end.
        constraints: Linear constraints, such as "a + b <= 1".
        line_search: armijo or wolfe: how each step's rate is found.
        digits: Finish with Newton steps at so many digits; `Trace.polished` has them.
        save: Write the run to this file while it walks, whole or not at all each time, and at its end.
        save_every: Seconds between two writings; 0 writes after every step.
        engine: What takes the steps: ordinary, python (one loop of straight-line code) or native (that loop compiled);
            chosen unless given, so that no bit changes. `Trace.engine` says which it was.

    Raises:
        InputError: An argument cannot be used.
        FormulaError: A typed rule cannot be used.
        DataError: The saved run cannot be used, or a large array of the data was changed meanwhile.
    """
    if (table := getattr(program.loss, "data", None)) is not None:
        table.columns.check()
    compared = compare or "central"
    method_named(compared)
    h, more, digits = checked_step(h), stopping.checked_steps(steps), checked_digits(digits)
    rate, tolerance = checked_rate(learning_rate), stopping.checked_tolerance(tolerance)
    asked = Settings(batch_size, seed, schedule, more, dict(bounds or {}), tuple(constraints), line_search)
    saved = None if resume is None else resuming.saved_run(resume)
    if saved is None:
        rule, settings = optimizer_named(optimizer, constants), asked
        vector, notes = start_of(program, start)
        foreseen = cache(partial(foresee, program, rule, vector, rate)) if asked.plain and not rule.given else None
        if foreseen is not None and rate is None:
            rate = foreseen().learning_rate
    else:
        resuming.check_unasked(saved, start, optimizer, constants, asked)
        rule, notes, settings, foreseen = saved.rule(), saved.notes, saved.settings, None
        tolerance, rate = saved.tolerance if tolerance is None else tolerance, saved.rate if rate is None else rate
    method, why = method_for(program, rule, rate, settings)
    rule, said = method.rule, [lambda: notes, lambda: foreseen().notes if foreseen else (), lambda: why]
    with np.errstate(all="ignore"):
        if saved is None:
            record = Record(_first(program, method, vector))
            if on_step is not None:
                on_step(0, record.last.loss)
        else:
            record = resuming.record_of(saved, program, method)
        start_loss = float(record.losses[0]) if saved is None else saved.start_loss
        fixed = rate if settings.schedule is not None else method.rate
        fixed = fixed if rule.uses_learning_rate else None
        walked = Walked(program, method, record, compared, h)
        made = _Making(walked, said, compare, h, tolerance, start_loss, fixed, settings)
        stops = [stopping.not_finite, stopping.converged(tolerance, method)]
        stops.append(stopping.out_of_steps(record.last.index + more))
        checkpoint = None if save is None else Checkpoint(save, save_every, made)
        looked_at = checkpoint is not None or (on_step is not None and not getattr(on_step, "sampled", False))
        fast = None if looked_at and engine is None else engine_for(program, method, more, tolerance, engine)
        if fast is not None and not looked_at:
            made.engine = fast.name
            reason = _walk_fast(fast, record, program, method, stops, more, on_step)
        else:
            reason = _walk_on(record, walk(program, method, record.last), stops, on_step, checkpoint)
    if reason is StopReason.MAX_STEPS and stopping.grew(start_loss, record.losses):
        reason = StopReason.DIVERGED
    said.append(lambda: _kinks(program, record.last))
    polished = polish(program, record.last.point, digits) if digits and reason is not StopReason.NOT_FINITE else None
    trace = made.trace(reason, polished)
    if checkpoint is not None:
        checkpoint.finish(trace)
    return trace


class _Making:
    """What is known of a trace while it is walked."""

    def __init__(
        self, walked: Walked, said: list[Said], compare: str | None, h: float | None, tolerance: float | None,
        start_loss: float, rate: float | None, settings: Settings,
    ) -> None:  # fmt: skip
        self.walked, self.said, self.compare, self.h, self.tolerance = walked, said, compare, h, tolerance
        self.start_loss, self.rate, self.settings = start_loss, rate, settings
        self.engine = "ordinary"

    def trace(self, reason: StopReason, polished: Polished | None = None) -> Trace:
        """The trace as it stands."""
        walked, rule = self.walked, self.walked.optimizer
        program, last = walked.program, walked.record.last
        return Trace(
            Steps(walked), named(program.layout, last.point), last.loss, reason, rule, self.rate,
            tuple(self.said), program, walked, self.compare, self.h, self.tolerance, self.start_loss, self.settings, polished,
            self.engine,
        )  # fmt: skip


def _first(program: Differentiable, method: Method, vector: Any) -> Stand:
    loss, gradient = program.value_and_gradient(vector)
    return Stand(0, vector, float(loss), gradient, method.first_state(len(vector)))


def _kinks(program: Differentiable, stand: Stand) -> tuple[str, ...]:
    """The kinks a descent ended on."""
    return kinks_at(program, stand.point) if np.isfinite(stand.point).all() else ()


def walk(program: Differentiable, method: Method, stand: Stand) -> Iterator[Stand]:
    """Every stand after this one, without end."""
    changes = method.rule.changes_with_time or method.moves_with_time
    while True:
        move = method.move(stand)
        still = np.array_equal(move.point, stand.point)
        if still:
            loss, gradient = stand.loss, stand.gradient
        else:
            loss, gradient = program.value_and_gradient(move.point)
        frozen = still and not changes and all(map(np.array_equal, move.state, stand.state))
        stand = Stand(
            stand.index + 1,
            move.point,
            float(loss),
            gradient,
            move.state,
            move.rate,
            stand.still + 1 if still else 0,
            frozen,
        )
        yield stand


def _walk_on(
    record: Record,
    stands: Iterator[Stand],
    stops: list[stopping.Stop],
    on_step: Callable[[int, float], None] | None,
    checkpoint: Checkpoint | None,
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
            if checkpoint is not None:
                checkpoint.passed()
            if on_step is not None:
                on_step(stand.index, stand.loss)
    except KeyboardInterrupt:
        return StopReason.INTERRUPTED


def _walk_fast(
    engine: Engine, record: Record, program: Differentiable, method: Method, stops: list[stopping.Stop], steps: int,
    on_step: Callable[[int, float], None] | None,
) -> StopReason:  # fmt: skip
    """Take stands into the record by an engine, and by the ordinary walk where the engine leaves one to it."""
    last, ordinary, patience = record.last.index + steps, 0, 1
    try:
        while True:
            reason = stopping.first_reason(stops, record.last)
            if reason is not None:
                return reason
            if not ordinary:
                before = record.last.index
                doubtful = engine.walk(record, min(last - before, engine.chunk), last - before)
                if on_step is not None:
                    on_step(record.last.index, record.last.loss)
                if not doubtful:
                    continue
                # The longer an engine gets nowhere, the rarer it is tried again.
                patience = 1 if record.last.index > before else min(2 * patience, MOST_PATIENCE)
                ordinary = patience
            ordinary -= 1
            stand = next(walk(program, method, record.last))
            reason = stopping.stalled(stand)
            if reason is not None:
                return reason
            record.add(stand)
    except KeyboardInterrupt:
        return StopReason.INTERRUPTED
