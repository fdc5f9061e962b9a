"""What takes the steps of a descent where a loop of straight-line code can: Python source, C or numba.

An engine takes only steps about which nothing has to be said. Before any other (a number that is not finite, a point
that stands still, a gradient near the tolerance) it stops, and the ordinary loop takes that step with its own words.
"""

from __future__ import annotations

from struct import pack
from typing import Any, Protocol

import numpy as np

from symcalc.compute.fused import Fused
from symcalc.compute.loops import python_source
from symcalc.compute.native import Compiled, python_loop
from symcalc.descent.optimizer import Optimizer, State
from symcalc.descent.record import Record
from symcalc.numeric.differentiable import Vector

# Steps, or operations of compiled code, between two looks at the keyboard: some milliseconds.
PYTHON_CHUNK, NATIVE_WORK = 4096, 8_000_000
# Squares of the slopes below this share above the tolerance's are left to the ordinary loop, which measures exactly.
_NEAR, _TINY = 1 + 1e-6, 1e-280


class Engine(Protocol):
    """Takes steps into a record.

    Attributes:
        name: python, c or numba.
        chunk: Steps between two looks around.
    """

    name: str
    chunk: int

    def walk(self, record: Record, count: int, more: int = 0) -> bool:
        """Take up to `count` steps.

        Args:
            record: Where they go.
            count: How many at most.
            more: How many may follow in all, so that memory is taken once.

        Returns:
            Whether the ordinary loop should take the next one.
        """


def near(tolerance: float | None) -> float:
    """The sum of squares of the slopes below which the ordinary loop looks."""
    return max(tolerance * tolerance * _NEAR, _TINY) if tolerance else 0.0


class _Fixed:
    """What every engine holds: the step, its numbers and its rate."""

    def __init__(self, fused: Fused, rule: Optimizer, rate: float, tolerance: float | None) -> None:
        self.fused, self.rate, self.near = fused, float(rate), near(tolerance)
        self.constants = tuple(rule.constants.values())
        self.numbers = fused.numbers(self.constants)

    def parted(self, memory: Any) -> State:
        """What the rule remembers, as one vector a name."""
        rows = np.array(memory, dtype=float).reshape(self.fused.states, self.fused.size)
        return tuple(rows)


class InPython(_Fixed):
    """One loop of Python source. Faults, and what has to be said, are looked for after every chunk."""

    name = "python"
    chunk = PYTHON_CHUNK

    def __init__(self, fused: Fused, rule: Optimizer, rate: float, tolerance: float | None) -> None:
        super().__init__(fused, rule, rate, tolerance)
        self._loop = python_loop(python_source(fused, everything=not fused.exact))
        self._a = self.numbers.tolist()

    def walk(self, record: Record, count: int, more: int = 0) -> bool:
        """Take up to `count` steps."""
        left, chunk = count, PYTHON_CHUNK
        while left:
            size = min(left, chunk)
            try:
                taken, whole = self._chunk(record, size, more)
            except (ArithmeticError, ValueError):
                # Plain floats raise where NumPy goes on; the step that did is the ordinary loop's.
                if size == 1:
                    return True
                chunk = size // 2
                continue
            left -= taken
            if not whole:
                return True
        return False

    def _chunk(self, record: Record, size: int, more: int) -> tuple[int, bool]:
        """Steps taken of so many, and whether that is all of them."""
        begun = record.last
        kept, _, memory, _ = self._run(begun, size)
        # Several times as fast as making an array of a list.
        numbers = np.frombuffer(pack(f"{len(kept)}d", *kept))
        points, losses, gradients = record.room(size, more)
        width = self.fused.size
        if self.fused.exact:
            points[:] = numbers.reshape(size, width)
            with np.errstate(all="ignore"):
                value, *slopes = self.fused.everywhere(*points.T)
            losses[:] = value
            for e, slope in enumerate(slopes):
                gradients[:, e] = slope
        else:
            rows = numbers.reshape(size, 2 * width + 1)
            points[:], losses[:], gradients[:] = rows[:, :width], rows[:, width], rows[:, width + 1 :]
        good = self._good(begun.point, points, losses, gradients)
        if good < size and good and self.fused.states:
            memory = self._run(begun, good)[2]
        record.took(good, self.parted(memory), self.rate)
        return good, good == size

    def _run(self, stand: Any, count: int) -> Any:
        memory = [x for vector in stand.state for x in vector.tolist()]
        first = stand.index + 1
        tables = self.fused.table(self.constants, first, count).tolist()
        return self._loop(
            count, first, self.rate, self._a, tables, stand.point.tolist(), memory, stand.gradient.tolist()
        )  # fmt: skip

    def _good(self, before: Vector, points: Vector, losses: Vector, gradients: Vector) -> int:
        """How many stands come before the first about which something has to be said."""
        with np.errstate(all="ignore"):
            squares = np.einsum("ij,ij->i", gradients, gradients)
            total = squares + losses + points.sum(axis=1)
        bad = ~np.isfinite(total) | (squares < self.near)
        bad[0] |= bool((points[0] == before).all())
        bad[1:] |= (points[1:] == points[:-1]).all(axis=1)
        return int(bad.argmax()) if bad.any() else len(points)


class InNative(_Fixed):
    """A compiled loop: C, or numba with arrays in place of pointers."""

    def __init__(
        self, fused: Fused, rule: Optimizer, rate: float, tolerance: float | None, name: str, walk: Any
    ) -> None:  # fmt: skip
        super().__init__(fused, rule, rate, tolerance)
        self.name, self._walk = name, walk
        self.chunk = max(1, NATIVE_WORK // fused.operations)

    def walk(self, record: Record, count: int, more: int = 0) -> bool:
        """Take up to `count` steps."""
        stand = record.last
        first = stand.index + 1
        tables = self.fused.table(self.constants, first, count)
        point, gradient = np.array(stand.point), np.array(stand.gradient)
        memory = np.concatenate(stand.state) if stand.state else np.empty(0)
        room = (array.reshape(-1) for array in record.room(count, more))
        arrays = [self.numbers, tables.ravel(), point, memory, gradient, *room]
        a, table, *rest = [array.ctypes.data for array in arrays] if self.name == "c" else arrays
        taken = int(self._walk(count, float(first), self.rate, a, table, count, *rest, self.near))
        record.took(taken, self.parted(memory), self.rate)
        return taken < count


def in_c(fused: Fused, rule: Optimizer, rate: float, tolerance: float | None, loops: Compiled) -> Engine:
    """The engine of a C library."""
    return InNative(fused, rule, rate, tolerance, "c", loops.walk)
