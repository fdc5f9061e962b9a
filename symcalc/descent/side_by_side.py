"""Two descents in lockstep: one by exact slopes, one by measured ones, from the same start by the same rule.

    side = side_by_side(trace)                  # for a trace made with compare="forward"
    side.first_differences(6)                   # where they first differ in a printed digit
    side.apart                                  # how far apart they end

A trace has it as `trace.side_by_side`. Both runs are walked anew, a step of one and a step of the other in turn, so that
their times can be compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from symcalc.descent import stopping
from symcalc.descent.apart import Reasons, reasons
from symcalc.descent.loop import walk
from symcalc.descent.method import Method
from symcalc.descent.methods import method_for
from symcalc.descent.record import Record, Stand
from symcalc.descent.stopping import StopReason
from symcalc.descent.trace import Trace
from symcalc.descent.twin import said, twin
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector
from symcalc.numeric.measured import Measured


@dataclass(frozen=True, eq=False)
class Run:
    """One of the two descents.

    Attributes:
        points: Every point, (N + 1, P).
        losses: The loss at each, (N + 1,).
        slopes: The slopes it went by at each, of the whole loss, (N + 1, P).
        stop_reason: Why it ended; MAX_STEPS where it walked as far as the trace did.
        values: How many values of the loss it took, each at one point.
        gradients: How many exact gradients it took.
        seconds: The time its steps took.
    """

    points: Vector
    losses: Vector
    slopes: Vector
    stop_reason: StopReason
    values: int
    gradients: int
    seconds: float

    @property
    def steps(self) -> int:
        """How many steps it took."""
        return len(self.losses) - 1


class Difference(NamedTuple):
    """Two numbers of the same step that are printed with different digits.

    Attributes:
        step: The step.
        what: slope, point or loss.
        entry: Name of the entry of the slope or the point; "" for the loss.
        exact, numeric: The numbers of the two descents.
    """

    step: int
    what: str
    entry: str
    exact: float
    numeric: float


@dataclass(frozen=True, eq=False)
class SideBySide:
    """A descent by exact slopes and its twin by measured ones.

    Attributes:
        method: The difference method.
        h: Its step, or None for its own.
        first: Index of the first step; above 0 where a run was resumed.
        names: The entries of a point, in order: `m`, `w[0]`.
        exact: The descent by exact slopes.
        numeric: The one by measured slopes; None where the optimizer does not go by slopes.
        off: Measured minus exact slope at every point of the numeric descent, (N + 1, P).
        compared: What is the same in both and what is not, in words; "" where only slopes differ.
    """

    method: str
    h: float | None
    first: int
    names: tuple[str, ...]
    exact: Run | None
    numeric: Run | None
    off: Vector
    compared: str
    trace: Trace = field(repr=False)

    @property
    def interrupted(self) -> bool:
        """Whether the walk was ended from outside."""
        return self.numeric is not None and self.numeric.stop_reason is StopReason.INTERRUPTED

    @property
    def apart(self) -> Vector:
        """Where the numeric descent ended minus where the exact one did, (P,).

        Raises:
            InputError: There is no numeric descent.
        """
        exact, numeric = self.runs
        return np.asarray(numeric.points[-1] - exact.points[-1])

    @property
    def runs(self) -> tuple[Run, Run]:
        """The exact and the numeric descent.

        Raises:
            InputError: There is no numeric descent; the error says why.
        """
        if self.exact is None or self.numeric is None:
            raise InputError(self.compared)
        return self.exact, self.numeric

    def first_differences(self, digits: int = 6) -> tuple[Difference, ...]:
        """Where slopes, points and losses first differ when printed; in the order of their steps.

        Args:
            digits: Significant digits that are printed.
        """
        exact, numeric = self.runs
        found = (
            self._first("slope", exact.slopes, numeric.slopes, digits),
            self._first("point", exact.points, numeric.points, digits),
            self._first("loss", exact.losses[:, None], numeric.losses[:, None], digits),
        )
        return tuple(sorted((d for d in found if d is not None), key=lambda d: d.step))

    @cached_property
    def why(self) -> Reasons:
        """What sets the two apart, with what theory says of it.

        Raises:
            InputError: There is no numeric descent.
        """
        return reasons(self.trace, self.method, self.h, self.names, *self._told())

    def _told(self) -> tuple[Any, ...]:
        exact, numeric = self.runs
        return exact.points, exact.slopes, numeric.points, numeric.slopes, numeric.losses, self.off

    def _first(self, what: str, exact: Vector, numeric: Vector, digits: int) -> Difference | None:
        count = min(len(exact), len(numeric))
        # Only numbers that differ at all can be printed differently.
        for step, k in np.argwhere(exact[:count] != numeric[:count]):
            one, other = float(exact[step, k]) + 0.0, float(numeric[step, k]) + 0.0
            if f"{one:.{digits}g}" != f"{other:.{digits}g}":
                return Difference(self.first + int(step), what, "" if what == "loss" else self.names[k], one, other)
        return None


def side_by_side(trace: Trace, on_step: Callable[[int, float], None] | None = None) -> SideBySide | None:
    """A trace's descent and its numeric twin, walked in lockstep; None where no method was named to compare with.

    An interrupt ends the walk and keeps what there is.

    Args:
        trace: The descent, made with `compare`.
        on_step: Called with index and loss of the numeric descent after every step.
    """
    if trace.compare is None:
        return None
    program, record = trace.program, trace.walked.record
    plain, measured = Measured(program), Measured(program, trace.compare, trace.h)
    asked = trace.optimizer, trace.learning_rate, trace.settings
    names = tuple(program.layout.entries())
    try:
        other = twin(program, measured, *asked)
    except InputError as error:
        nothing = np.empty((0, len(record.last.point)))
        return SideBySide(trace.compare, trace.h, record.first, names, None, None, nothing, str(error), trace)
    stand = Stand(record.first, record.points[0], float(record.losses[0]), record.gradients[0], record.first_state)
    with np.errstate(all="ignore"):
        walkers = [
            _Walker(measured, other, stand, trace.tolerance, record.last.index),
            _Walker(plain, _counted(program, plain, asked), stand, trace.tolerance, record.last.index),
        ]
        off = _lockstep(walkers, program, on_step)
    numeric, exact = (walker.run() for walker in walkers)
    return SideBySide(trace.compare, trace.h, record.first, names, exact, numeric, off, said(trace.optimizer), trace)


def _counted(program: Differentiable, counting: Measured, asked: Any) -> Method:
    """The method of the exact descent, over a loss that counts where the method allows it."""
    try:
        return method_for(counting, *asked)[0]
    except InputError:
        # Batches and proximal steps need the formula of the loss itself.
        return method_for(program, *asked)[0]


def _lockstep(
    walkers: list[_Walker], program: Differentiable, on_step: Callable[[int, float], None] | None
) -> Vector:  # fmt: skip
    """Walks all of them, a step of each in turn; what the slopes of the first are off by at each of its points."""
    leader = walkers[0]
    off = [leader.record.last.gradient - program.value_and_gradient(leader.record.last.point)[1]]
    try:
        while any(walker.reason is None for walker in walkers):
            for walker in walkers:
                walker.step()
            if len(leader.record) > len(off):
                last = leader.record.last
                off.append(last.gradient - program.value_and_gradient(last.point)[1])
                if on_step is not None:
                    on_step(last.index, last.loss)
    except KeyboardInterrupt:
        for walker in walkers:
            walker.reason = walker.reason or StopReason.INTERRUPTED
    return np.array(off[: len(leader.record)])


class _Walker:
    """One descent that is walked a step at a time."""

    def __init__(self, program: Measured, method: Method, start: Stand, tolerance: float | None, last: int) -> None:
        # Functions are compiled when they are first called: neither their time nor their count is the run's.
        method.move(Stand(start.index, start.point, *program.value_and_gradient(start.point), start.state))
        program.counts.values = program.counts.gradients = 0
        self.counts, self.seconds = program.counts, 0.0
        begun = time.perf_counter()
        loss, slopes = program.value_and_gradient(start.point)
        self.seconds += time.perf_counter() - begun
        self.record = Record(Stand(start.index, start.point, float(loss), slopes, start.state))
        self.reason: StopReason | None = None
        self._stands: Iterator[Stand] = walk(program, method, self.record.last)
        self._stops = [stopping.not_finite, stopping.converged(tolerance, method), stopping.out_of_steps(last)]

    def step(self) -> None:
        """One step more, unless it has ended."""
        self.reason = self.reason or stopping.first_reason(self._stops, self.record.last)
        if self.reason is not None:
            return
        begun = time.perf_counter()
        stand = next(self._stands)
        self.seconds += time.perf_counter() - begun
        self.reason = stopping.stalled(stand)
        if self.reason is None:
            self.record.add(stand)

    def run(self) -> Run:
        """What it did."""
        record, reason = self.record, self.reason
        assert reason is not None
        return Run(
            record.points, record.losses, record.gradients, reason, self.counts.values, self.counts.gradients, self.seconds
        )  # fmt: skip
