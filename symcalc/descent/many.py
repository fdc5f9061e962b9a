"""Many descents at once: from many starts, at many learning rates, or both.

batch = descend_many(program, start={"x": xs, "y": ys}, learning_rate=0.01, steps=1000)
batch.points, batch.losses, batch[3].stop_reason
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symcalc.compute import native
from symcalc.compute.fused import Fused
from symcalc.compute.native_lanes import CONVERGED, NOT_FINITE, STALLED
from symcalc.compute.native_loops import c_source
from symcalc.compute.points import Layout
from symcalc.compute.program import Program
from symcalc.descent import lanes as running
from symcalc.descent import stopping
from symcalc.descent.engine_choice import ENGINES, fused_for, pays_in_c
from symcalc.descent.loop import descend
from symcalc.descent.methods import Settings, method_for
from symcalc.descent.optimizer import Optimizer, optimizer_named
from symcalc.descent.rates import checked_rate
from symcalc.descent.start import start_of
from symcalc.descent.stopping import StopReason
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector, named

_REASONS = {CONVERGED: StopReason.CONVERGED, STALLED: StopReason.STALLED, NOT_FINITE: StopReason.NOT_FINITE}


@dataclass(frozen=True, eq=False)
class End:
    """Where one run of a batch ended.

    Attributes:
        index: Which run, from 0.
        start: Parameter name → value at its start.
        point: Parameter name → value at its end.
        loss: The loss there.
        steps: How many steps it took.
        learning_rate: Its learning rate; None where every step chose its own.
        stop_reason: Why it ended.
    """

    index: int
    start: dict[str, Any]
    point: dict[str, Any]
    loss: float
    steps: int
    learning_rate: float | None
    stop_reason: StopReason


@dataclass(frozen=True, eq=False)
class Batch(Sequence[End]):
    """Many runs, each as it would have gone by itself; `batch[k]` is the end of the k-th.

    Attributes:
        starts: (B, P), flat, in parameter order.
        points: (B, P), where each ended.
        losses: (B,), the losses there.
        learning_rates: (B,); nan where every step chose its own.
        steps: (B,), how many steps each took.
        stop_reasons: Why each ended.
        history: (B, N + 1), the loss at every step, nan after a run's last; None unless asked for.
        engine: What took the steps: c, numpy (all runs in step), or ordinary (one run after the other).
    """

    starts: Vector
    points: Vector
    losses: Vector
    learning_rates: Vector
    steps: Any
    stop_reasons: tuple[StopReason, ...]
    history: Vector | None
    engine: str
    layout: Layout = field(repr=False)

    def __len__(self) -> int:
        return len(self.losses)

    def __iter__(self) -> Iterator[End]:
        return map(self._end, range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self._end(k) for k in range(*index.indices(len(self))))
        k = index + len(self) if index < 0 else index
        if not 0 <= k < len(self):
            raise IndexError(f"there is no run {index}; there are {len(self)}")
        return self._end(k)

    def __repr__(self) -> str:
        return f"<{len(self)} runs, best loss {self.best.loss:.6g}>" if len(self) else "<no runs>"

    @property
    def best(self) -> End:
        """The run that ended lowest; the first of equals."""
        return self._end(int(np.argmin(np.where(np.isfinite(self.losses), self.losses, np.inf))))

    def _end(self, k: int) -> End:
        rate = float(self.learning_rates[k])
        return End(
            k, named(self.layout, self.starts[k]), named(self.layout, self.points[k]), float(self.losses[k]),
            int(self.steps[k]), None if np.isnan(rate) else rate, self.stop_reasons[k],
        )  # fmt: skip


def descend_many(
    program: Differentiable,
    start: Any = None,
    optimizer: str | Optimizer = "gradient-descent",
    learning_rate: Any = None,
    steps: int = 100,
    tolerance: float | None = None,
    constants: Mapping[str, float] | None = None,
    history: bool = False,
    engine: str | None = None,
) -> Batch:
    """Walk down a loss from many starts, or at many learning rates, at once.

    Args:
        program: The compiled loss.
        start: Parameter name → array with one axis more than the parameter, the runs first (a value of the
            parameter's own shape holds for all runs); or flat points (B, P); or a list of points. What is missing
            is as in `descend`.
        optimizer: A name in the catalogue, or the lines of a rule.
        learning_rate: One for all runs, or (B,), one a run.
        steps: How many steps at most.
        tolerance: A run ends when its gradient is shorter than this.
        constants: Values of the optimizer's constants.
        history: Whether to keep the loss of every step of every run.
        engine: native, python (NumPy, all runs in step), or ordinary (one descent after the other); chosen unless given.

    Returns:
        The runs, each as `descend` would have walked it; frozen.

    Raises:
        InputError: An argument cannot be used.
        FormulaError: A typed rule cannot be used.
    """
    if engine is not None and engine not in ENGINES:
        raise InputError(f"There is no engine {engine!r}; there are {', '.join(ENGINES)}.")
    more, tolerance = stopping.checked_steps(steps), stopping.checked_tolerance(tolerance)
    rule = optimizer_named(optimizer, constants)
    starts, rates = _together(_starts(program, start), _rates(learning_rate))
    fixed = rule.learning_rate if learning_rate is None else float(rates[0])
    if fixed is None and rule.uses_learning_rate:
        return _one_by_one(program, starts, rule, rates, more, tolerance, history)
    method, _ = method_for(program, rule, fixed, Settings(steps=more))
    found = fused_for(program, method, unroll=True)
    if isinstance(found, str) or engine == "ordinary":
        if isinstance(found, str) and engine in ("python", "native"):
            raise InputError(f"engine={engine!r} cannot walk this: {found}. Leave engine out.")
        return _one_by_one(program, starts, rule, rates, more, tolerance, history)
    if learning_rate is None or not rule.uses_learning_rate:
        rates = np.full(len(starts), method.rate)
    assert isinstance(program, Program)
    return _walked(program, found, rule, starts, rates, more, tolerance, history, engine)


def _walked(
    program: Program, fused: Fused, rule: Optimizer, starts: Vector, rates: Vector, steps: int,
    tolerance: float | None, history: bool, engine: str | None,
) -> Batch:  # fmt: skip
    with np.errstate(all="ignore"):
        losses, gradients = _first(program, fused, starts)
        lanes = running.begun(starts, losses, gradients, rates, rule, tolerance, steps, history)
    loops, values = None, tuple(rule.constants.values())
    if engine != "python" and not isinstance(fused.native, str):
        source = c_source(fused, stopping.PATIENCE)
        if engine == "native" or pays_in_c(fused, source, steps * len(starts)):
            loops = native.c_loops(source)
    if loops is not None:
        running.walk_compiled(loops, fused, values, lanes, steps, tolerance)
    elif engine == "native":
        why = fused.native if isinstance(fused.native, str) else "many runs at once need a C compiler"
        raise InputError(f"engine='native' cannot walk this: {why}. Leave engine out, or use engine='python'.")
    else:
        running.walk_in_step(fused, rule, lanes, steps, tolerance)
    reasons = tuple(
        _REASONS.get(int(why)) or _ended(first, low, last)
        for why, first, low, last in zip(lanes.why, losses, lanes.lowest, lanes.losses)
    )
    shown = rates if rule.uses_learning_rate else np.full(len(rates), np.nan)
    return Batch(
        starts, lanes.points, lanes.losses, shown, lanes.taken, reasons, lanes.history,
        "numpy" if loops is None else "c", program.layout,
    )  # fmt: skip


def _ended(first: float, lowest: float, last: float) -> StopReason:
    """Whether a run that took all its steps grew."""
    grew = stopping.grew(float(first), np.array([lowest, last]))
    return StopReason.DIVERGED if grew else StopReason.MAX_STEPS


def _first(program: Program, fused: Fused, starts: Vector) -> tuple[Vector, Vector]:
    """Loss and slopes at every start, to the bits of a single run where there are no arrays."""
    if program.lines is not None and not fused.exact:
        rows = np.array([program.function(*row) for row in starts.tolist()], dtype=float)
        return rows[:, 0], rows[:, 1:]
    values = [np.broadcast_to(v, len(starts)) for v in fused.everywhere(*starts.T)]
    return np.array(values[0], dtype=float), np.array(values[1:], dtype=float).T.copy()


def _one_by_one(
    program: Differentiable, starts: Vector, rule: Optimizer, rates: Vector, steps: int, tolerance: float | None,
    history: bool,
) -> Batch:  # fmt: skip
    traces = [
        descend(program, row, rule, None if np.isnan(rate) else float(rate), steps, tolerance)
        for row, rate in zip(starts, rates)
    ]
    kept = None
    if history:
        kept = np.full((len(traces), steps + 1), np.nan)
        for row, trace in zip(kept, traces):
            row[: len(trace.losses)] = trace.losses
    ends = [trace.points[-1] for trace in traces]
    fixed = [np.nan if trace.learning_rate is None else trace.learning_rate for trace in traces]
    return Batch(
        starts, np.array(ends), np.array([trace.loss for trace in traces]), np.array(fixed),
        np.array([len(trace.steps) - 1 for trace in traces]), tuple(trace.stop_reason for trace in traces), kept,
        "ordinary", program.layout,
    )  # fmt: skip


def _rates(learning_rate: Any) -> Vector:
    if learning_rate is None:
        return np.full(1, np.nan)
    rates = np.atleast_1d(np.asarray(learning_rate))
    if rates.ndim != 1 or not len(rates):
        raise InputError("learning_rate is one number, or one number a run.")
    return np.array([checked_rate(rate) for rate in rates.tolist()])


def _together(starts: Vector, rates: Vector) -> tuple[Vector, Vector]:
    """Starts and rates, one each a run."""
    count = max(len(starts), len(rates))
    for what, given in (("starts", starts), ("learning rates", rates)):
        if len(given) not in (1, count):
            raise InputError(f"There are {len(starts)} starts and {len(rates)} learning rates: give as many {what}.")
    return np.array(np.broadcast_to(starts, (count, starts.shape[1]))), np.array(np.broadcast_to(rates, (count,)))


def _starts(program: Differentiable, start: Any) -> Vector:
    """Flat starts (B, P)."""
    layout = program.layout
    if start is None:
        return start_of(program, None)[0][None, :]
    if isinstance(start, Mapping):
        return _named_starts(program, start)
    if len(start) and isinstance(start[0], Mapping):
        return np.array([start_of(program, point)[0] for point in start])
    array = np.asarray(start, dtype=float)
    if array.ndim == 1:
        array = array[None, :]
    if array.ndim != 2 or array.shape[1] != layout.total:
        raise InputError(
            f"Starts are rows of {layout.total} numbers, in the order {', '.join(layout.names)}: "
            f"an array (runs, {layout.total}); this one has shape {array.shape}."
        )
    start_of(program, array[0])
    return array


def _named_starts(program: Differentiable, start: Mapping[str, Any]) -> Vector:
    layout, count = program.layout, 1
    given: dict[str, Vector] = {}
    for name, value in start.items():
        array, shape = np.asarray(value, dtype=float), layout.shapes.get(name)
        if shape is not None and array.shape != shape:
            if array.shape[1:] != shape or not len(array):
                raise InputError(
                    f"The starts of {name} have shape {array.shape}; one value has {shape}, many have (runs, …) of these."
                )
            if count not in (1, len(array)):
                raise InputError(f"{name} has {len(array)} starts, another parameter {count}: give as many.")
            count = max(count, len(array))
        given[name] = array
    # One start of all names tells which are unknown, and what is missing.
    one = {n: a[0] if n in layout.shapes and a.shape != layout.shapes[n] else a for n, a in given.items()}
    starts = np.tile(start_of(program, one)[0], (count, 1))
    for name, array in given.items():
        if array.shape != layout.shapes[name]:
            starts[:, layout.slices[name]] = array.reshape(len(array), -1)
    return starts
