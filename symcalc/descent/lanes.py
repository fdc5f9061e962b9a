"""Many runs of one rule at once: in NumPy all in step, or compiled with many side by side.

Each run ends where it would have ended by itself, and for the same reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.compute import threads
from symcalc.compute.fused import Fused
from symcalc.compute.native import Compiled
from symcalc.compute.native_lanes import CONVERGED, NOT_FINITE, OUT_OF_STEPS, STALLED
from symcalc.descent.optimizer import Optimizer
from symcalc.descent.stopping import PATIENCE
from symcalc.numeric.differentiable import Vector

# Steps of all runs together between two looks at the keyboard, and runs that one thread takes at a time.
_CHUNK, _PART = 2_000_000, 128


@dataclass
class Lanes:
    """Many runs while they walk; an entry, or a row, for each.

    Attributes:
        points: (B, P).
        gradients: (B, P).
        memory: (B, states·P), what each remembers.
        losses: (B,).
        lowest: (B,), the lowest loss met.
        rates: (B,), the learning rates.
        taken: (B,), how many steps each took.
        why: (B,), why each ended; see `native_lanes`.
        history: (B, N + 1), the loss at every step, nan after the last; None where it is not kept.
    """

    points: Vector
    gradients: Vector
    memory: Vector
    losses: Vector
    lowest: Vector
    rates: Vector
    taken: Any
    why: Any
    history: Vector | None


def begun(
    points: Vector, losses: Vector, gradients: Vector, rates: Vector, rule: Optimizer, tolerance: float | None,
    steps: int, history: bool,
) -> Lanes:  # fmt: skip
    """Runs at their starts; those that have nowhere to go have ended.

    Args:
        points, losses, gradients: (B, P), (B,), (B, P).
        rates: (B,).
        rule: The optimizer.
        tolerance: The tolerance, or None.
        steps: How many steps at most.
        history: Whether every loss is kept.
    """
    count, size = points.shape
    why = np.full(count, OUT_OF_STEPS, dtype=np.int32)
    finite = np.isfinite(losses) & np.isfinite(gradients).all(axis=1) & np.isfinite(points).all(axis=1)
    if tolerance:
        why[_lengths(gradients) < tolerance] = CONVERGED
    why[~finite] = NOT_FINITE
    kept = None
    if history:
        kept = np.full((count, steps + 1), np.nan)
        kept[:, 0] = losses
    memory = np.zeros((count, len(rule.states) * size))
    return Lanes(
        np.array(points), np.array(gradients), memory, np.array(losses), np.array(losses), np.array(rates, dtype=float),
        np.zeros(count, dtype=np.int64), why, kept,
    )  # fmt: skip


def _lengths(gradients: Vector) -> Vector:
    """Euclidean length of each row, safe from overflow."""
    with np.errstate(all="ignore"):
        largest = np.abs(gradients).max(axis=1, initial=0.0)
        scaled = gradients / np.where(largest > 0, largest, 1.0)[:, None]
        lengths = largest * np.sqrt(np.einsum("ij,ij->i", scaled, scaled))
    return np.asarray(np.where(np.isfinite(largest) & (largest > 0), lengths, largest))


def walk_compiled(
    loops: Compiled, fused: Fused, constants: Sequence[float], lanes: Lanes, steps: int, tolerance: float | None
) -> None:  # fmt: skip
    """Walk all runs by compiled code, spread over threads where that is quicker; no bit depends on it."""
    numbers, count = fused.numbers(constants), len(lanes.losses)
    stills = np.zeros(count, dtype=np.int64)
    arrays = (lanes.points, lanes.memory, lanes.gradients, lanes.losses, lanes.lowest, lanes.taken, stills, lanes.why)
    addresses = [array.ctypes.data for array in arrays]
    chunk = max(1, _CHUNK // max(1, count))
    for first in range(0, steps, chunk):
        size = min(chunk, steps - first)
        tables = fused.table(constants, first + 1, size)
        history = 0 if lanes.history is None else lanes.history.ctypes.data + 8 * (first + 1)

        def part(k: int) -> None:
            loops.many(
                k * _PART, min(count, (k + 1) * _PART), size, float(first + 1), lanes.rates.ctypes.data,  # noqa: B023
                numbers.ctypes.data, tables.ctypes.data, size, *addresses, history or None, steps + 1,  # noqa: B023
                tolerance or 0.0,
            )  # fmt: skip

        threads.in_order(part, -(-count // _PART))
        if (lanes.why != OUT_OF_STEPS).all():
            return


def walk_in_step(fused: Fused, rule: Optimizer, lanes: Lanes, steps: int, tolerance: float | None) -> None:
    """Walk all runs in NumPy, one step of each at a time; those that have ended are left out."""
    active = np.flatnonzero(lanes.why == OUT_OF_STEPS)
    state = _State.of(lanes, active, fused)
    stood = np.zeros(len(active), dtype=np.int64)
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            if not len(active):
                return
            point, memory = rule.step(state.point, state.gradient, lanes.rates[active], t, state.memory)  # type: ignore[arg-type]
            value, *slopes = fused.everywhere(*point)
            gradient = np.empty_like(point)
            for e, slope in enumerate(slopes):
                gradient[e] = slope
            loss = np.broadcast_to(np.asarray(value, dtype=float), point.shape[1:])
            same = (point == state.point).all(axis=0)
            stood = np.where(same, stood + 1, 0)
            ended = stood >= PATIENCE
            if not fused.timed and same.any():
                frozen = same.copy()
                for old, new in zip(state.memory, memory):
                    frozen &= (old == new).all(axis=0)
                ended |= frozen
            if ended.any():
                # What would not have changed anything is no step.
                state.put(lanes, active, ended, STALLED, t - 1)
            state = _State(point, gradient, memory, loss, np.fmin(state.lowest, loss))
            if lanes.history is not None:
                lanes.history[active[~ended], t] = loss[~ended]
            total = loss + np.einsum("ij,ij->j", gradient, gradient) + point.sum(axis=0)
            bad = ~np.isfinite(total)
            if bad.any():
                bad &= ~(np.isfinite(loss) & np.isfinite(gradient).all(axis=0) & np.isfinite(point).all(axis=0))
                state.put(lanes, active, bad & ~ended, NOT_FINITE, t)
            done = ended | bad
            if tolerance:
                near = (_lengths(gradient.T) < tolerance) & ~done
                if near.any():
                    state.put(lanes, active, near, CONVERGED, t)
                done |= near
            if done.any():
                active, stood, state = active[~done], stood[~done], state.at(~done)
    state.put(lanes, active, np.ones(len(active), dtype=bool), OUT_OF_STEPS, steps)


@dataclass
class _State:
    """The runs that still walk, one column each."""

    point: Vector
    gradient: Vector
    memory: tuple[Vector, ...]
    loss: Vector
    lowest: Vector

    @classmethod
    def of(cls, lanes: Lanes, active: Any, fused: Fused) -> _State:
        rows = lanes.memory[active].reshape(len(active), fused.states, fused.size)
        memory = tuple(np.ascontiguousarray(rows[:, j].T) for j in range(fused.states))
        return cls(
            np.ascontiguousarray(lanes.points[active].T), np.ascontiguousarray(lanes.gradients[active].T), memory,
            lanes.losses[active], lanes.lowest[active],
        )  # fmt: skip

    def at(self, which: Any) -> _State:
        """Some of the runs."""
        memory = tuple(vector[:, which] for vector in self.memory)
        return _State(self.point[:, which], self.gradient[:, which], memory, self.loss[which], self.lowest[which])

    def put(self, lanes: Lanes, active: Any, which: Any, why: int, taken: int) -> None:
        """Write runs back that end here."""
        places = active[which]
        lanes.points[places], lanes.gradients[places] = self.point[:, which].T, self.gradient[:, which].T
        lanes.losses[places], lanes.lowest[places] = self.loss[which], self.lowest[which]
        lanes.why[places], lanes.taken[places] = why, taken
