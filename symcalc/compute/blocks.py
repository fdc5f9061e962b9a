"""Equations over many rows, worked out block by block: a block's arrays stay in the cache, memory stays flat.

The blocks fall into a fixed number of stretches. A stretch is summed in order by one thread, the stretches
are put together in order: the answer is the same to the last bit for any number of threads.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute import threads
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.dependence import label, read_by
from symcalc.compute.plan import Pass
from symcalc.compute.precision import FLOAT64, Precision
from symcalc.compute.printing import compiled
from symcalc.compute.row_kernels import STRETCHES, RowKernel, are_ready
from symcalc.equations import Axis, Equation, Name

LENGTH = sp.Symbol("rows_of_block", integer=True, positive=True)
_CACHE = 2**21
_LEAST, _MOST = 1024, 32_768
_chosen: list[int] = []

Assignments = Callable[[list[tuple[Any, Any]], list[Any]], list[tuple[Any, Any]]]


@contextmanager
def of_rows(number: int) -> Iterator[None]:
    """Programs compiled inside use blocks of this many rows."""
    _chosen.append(number)
    try:
        yield
    finally:
        _chosen.pop()


def length(names: Sequence[Name], sizes: Mapping[Axis, int]) -> int:
    """Rows in a block, so that the arrays with these names fit into the cache together."""
    if _chosen:
        return _chosen[-1]
    width = sum(int(np.prod([sizes[a] for a in name.axes if not a.rows])) for name in names)
    fitting = _CACHE // (8 * max(1, width))
    return int(max(_LEAST, min(_MOST, 1 << max(0, fitting.bit_length() - 1))))


def worth_it(rows: int, block: int) -> bool:
    """Whether there are enough rows that their arrays would leave the cache."""
    return rows > 2 * block


@dataclass(frozen=True)
class Stage:
    """A compiled step: reads names, gives names.

    Attributes:
        function: Positional in the order of `reads`, then of `columns`; a block's length comes last.
        reads: What has no rows.
        columns: (name, its row axis's position), cut into blocks.
        gives: What it returns.
        reductions: How the values of two blocks become one, for each of `gives`; () where there are no blocks.
        kernel: The same pass in C; None where there is none.
        precision: How exactly its rows are worked out.
    """

    function: Callable[..., tuple[Any, ...]]
    reads: tuple[Any, ...]
    columns: tuple[tuple[Any, int], ...]
    gives: tuple[Any, ...]
    reductions: tuple[str, ...] = ()
    kernel: RowKernel | None = None
    precision: Precision = FLOAT64


def stages(
    before: tuple[Equation, ...], passes: tuple[Pass, ...], axes: Mapping[Any, Axis], sizes: Mapping[Axis, int],
    names: Mapping[Any, Name], known: Mapping[Any, Any], tidy: Assignments, kernels: Sequence[RowKernel] = (),
    precision: Precision = FLOAT64,
) -> list[Stage]:  # fmt: skip
    """The compiled steps of a plan, in order.

    Args:
        before: Equations that come before any pass.
        passes: The passes.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        known: Private symbol → value of data and of what was worked out once.
        tidy: Makes assignments shorter, given the results.
        kernels: What goes over the rows of each pass in C; () where NumPy does.
        precision: How exactly rows are worked out; columns are these numbers.
    """

    def stage(equations: Sequence[Equation], results: Sequence[Equation], in_blocks: bool) -> Stage:
        def size(axis: Axis) -> Any:
            return LENGTH if axis.rows and in_blocks else sp.Integer(sizes[axis])

        form = ArrayForm(axes, size, names)
        wanted = read_by(equations) - {e.name.symbol for e in equations}
        read = [s for s in names if s in wanted]
        columns = tuple((s, k) for s in read for k, a in enumerate(names[s].axes) if a.rows and s in known)
        held = {s for s, _ in columns}
        reads = tuple(s for s in read if s not in held)
        outs = [label(e.name) for e in results]
        arguments = [label(names[s]) for s in (*reads, *(s for s, _ in columns))] + [LENGTH] * in_blocks
        function = compiled(arguments, outs, tidy([form.assignment(e) for e in equations], outs))
        gives = tuple(e.name.symbol for e in results)
        return Stage(function, reads, columns, gives, tuple(e.reduction for e in results) if in_blocks else ())

    made = [stage(before, before, False)] if before else []
    for one, kernel in itertools.zip_longest(passes, kernels):
        made.append(replace(stage((*one.rows, *one.sums), one.sums, True), kernel=kernel, precision=precision))
        if one.then:
            made.append(stage(one.then, one.then, False))
    return made


def runner(
    steps: Sequence[Stage], inputs: Sequence[Any], outputs: Sequence[Any], known: Mapping[Any, Any], rows: int,
    block: int,
) -> Callable[..., tuple[Any, ...]]:  # fmt: skip
    """A function from the inputs to the outputs that goes through the stages."""
    used = {s for step in steps for s in (*step.reads, *(c for c, _ in step.columns))} | set(outputs)
    fixed = {s: v for s, v in known.items() if s in used}

    @cache
    def in_c() -> bool:
        return are_ready([step.kernel for step in steps if step.reductions])

    def function(*point: Any) -> tuple[Any, ...]:
        values = dict(fixed)
        values.update(zip(inputs, point))
        with np.errstate(all="ignore"):
            for step in steps:
                here = tuple(values[s] for s in step.reads)
                if step.kernel is not None and in_c():
                    found = step.kernel.sums(values)
                else:
                    found = _over_blocks(step, here, values, rows, block) if step.reductions else step.function(*here)
                values.update(zip(step.gives, found))
        return tuple(values[s] for s in outputs)

    return function


def _over_blocks(
    step: Stage, here: tuple[Any, ...], values: Mapping[Any, Any], rows: int, block: int
) -> tuple[Any, ...]:
    """The reductions of a pass: each stretch of blocks in order, then the stretches in order."""
    columns = [(values[s], axis) for s, axis in step.columns]
    here = tuple(step.precision.number(value) for value in here)
    blocks = -(-rows // block)
    parts = min(STRETCHES, blocks)

    def stretch(part: int) -> list[_Running]:
        running = [_Running(reduction) for reduction in step.reductions]
        with np.errstate(all="ignore"):
            for number in range(part * blocks // parts, (part + 1) * blocks // parts):
                first, last = number * block, min(rows, (number + 1) * block)
                cut = (c[(slice(None),) * axis + (slice(first, last),)] for c, axis in columns)
                for one, value in zip(running, step.function(*here, *cut, last - first)):
                    # What rows add up to is put together in float64 in any case.
                    one.add(np.asarray(value, dtype=float)[()] if step.precision.single else value)
        return running

    whole = [_Running(reduction) for reduction in step.reductions]
    for found in threads.in_order(stretch, parts):
        for one, other in zip(whole, found):
            one.join(other)
    return tuple(one.value() for one in whole)


class _Running:
    """A reduction under way; a sum keeps what its roundings lost (Neumaier 1974)."""

    def __init__(self, reduction: str) -> None:
        self.reduction = reduction
        self.so_far: Any = None
        self.lost: Any = 0.0

    def add(self, value: Any) -> None:
        if self.so_far is None:
            self.so_far = value
        elif self.reduction == "sum":
            total = self.so_far + value
            moved = total - self.so_far
            self.lost = self.lost + ((self.so_far - (total - moved)) + (value - moved))
            self.so_far = total
        else:
            self.so_far = _TOGETHER[self.reduction](self.so_far, value)

    def join(self, other: _Running) -> None:
        self.add(other.so_far)
        self.lost = self.lost + other.lost

    def value(self) -> Any:
        if self.reduction != "sum":
            return self.so_far
        # Beyond the finite numbers nothing was lost that could be put back.
        return np.where(np.isfinite(self.lost), self.so_far + self.lost, self.so_far)[()]


_TOGETHER: dict[str, Callable[[Any, Any], Any]] = {
    "max": np.maximum, "min": np.minimum, "prod": np.multiply, "logsumexp": np.logaddexp,
}  # fmt: skip
