"""Slopes of a few rows at a time: the compiled gradient over a batch instead of the whole table.

What the loss takes from all rows at once and holds no parameter (mean(x), std(x)) keeps its value over all rows;
sums and means over rows run over the batch, so a batch's loss is the loss as if those rows were all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from symcalc.compute.assembly import assemble
from symcalc.compute.dependence import depends_on, needed, read_by
from symcalc.compute.points import Vector
from symcalc.compute.program import Program
from symcalc.equations import Name
from symcalc.errors import InputError


class Batches:
    """The slopes of every batch of a run, in the order of its steps.

    Rows are shuffled anew for every epoch, by a generator seeded with the run's seed and the epoch's number: any
    step can be worked out without the ones before it, and a resumed run goes on with the very same batches.

    Args:
        program: The compiled loss.
        size: Rows in a batch; the last one of an epoch has what is left.
        seed: Of the shuffling.

    Raises:
        InputError: The loss is over no rows, or the size or seed cannot be used.
    """

    def __init__(self, program: Program, size: int, seed: int = 0) -> None:
        rows = program.loss.rows
        if rows is None or not program.loss.columns:
            raise InputError("Batches are rows of data, and this loss has none: leave the batch size out.")
        if size < 1:
            raise InputError(f"The batch size is {size}; it must be at least 1.")
        if seed < 0:
            raise InputError(f"The seed is {seed}; it must be 0 or more.")
        self.program, self.rows, self.size, self.seed = program, rows, min(size, rows), seed
        self._order: tuple[int, Any] = (-1, None)
        self._slopes = _OnRows(program, tuple(program.gradient_equations.slopes))

    @property
    def count(self) -> int:
        """Batches in an epoch."""
        return -(-self.rows // self.size)

    def chosen(self, step: int) -> Any:
        """The rows of a step's batch; step 0 is the first."""
        epoch, place = divmod(step, self.count)
        if self._order[0] != epoch:
            self._order = (epoch, np.random.default_rng([self.seed, epoch]).permutation(self.rows))
        # In the order of the table: a batch of all rows rounds exactly as the whole loss does.
        return np.sort(self._order[1][place * self.size : (place + 1) * self.size])

    def gradient(self, point: Vector, step: int) -> Vector:
        """The slopes over a step's batch at a flat point (P,)."""
        layout = self.program.layout
        slopes = self._slopes(point, self.chosen(step))
        whole = [
            np.broadcast_to(np.asarray(s, dtype=float), layout.shapes[n]).ravel() for n, s in zip(layout.names, slopes)
        ]
        return np.concatenate(whole)

    def value(self, point: Vector, step: int) -> float:
        """The loss over a step's batch at a flat point (P,)."""
        return float(self._loss(point, self.chosen(step))[0])

    @cached_property
    def _loss(self) -> _OnRows:
        return _OnRows(self.program, (self.program.loss.output.name,))


class _OnRows:
    """Some results of a program as functions of the parameters and of the rows picked.

    Args:
        program: The compiled loss.
        outputs: The names of the results.
    """

    def __init__(self, program: Program, outputs: tuple[Name, ...]) -> None:
        self.program, self.outputs = program, outputs
        self._axis = next(axis for name in program.loss.columns for axis in name.axes if axis.rows)
        self._functions: dict[int, Callable[..., tuple[Any, ...]]] = {}
        self._columns: tuple[tuple[Name, Any], ...] = ()
        self._prepare()

    def __call__(self, point: Vector, rows: Any) -> tuple[Any, ...]:
        """The results over the rows picked, at a flat point (P,)."""
        function = self._function(len(rows))
        picked = (np.take(values, rows, axis=name.axes.index(self._axis)) for name, values in self._columns)
        with np.errstate(all="ignore"):
            return function(*self.program.layout.split(np.asarray(point, dtype=float)).values(), *picked)

    def _prepare(self) -> None:
        """Everything per row that holds no parameter, worked out once over all rows."""
        program, gradient = self.program, self.program.gradient_equations
        notation = gradient.notation
        wanted = needed(gradient.equations, self.outputs)
        moving = {p.symbol for p in program.parameters}
        still, self._live = [], []
        for equation in wanted:
            if depends_on(equation) & moving:
                moving.add(equation.name.symbol)
                self._live.append(equation)
            else:
                still.append(equation)
        # Results that hold no parameter but sum over rows depend on the batch all the same.
        alive = {s.symbol for s in self.outputs}
        batch_wise = [e for e in still if e.name.symbol in alive]
        still = [e for e in still if e.name.symbol not in alive]
        self._live = [e for e in wanted if e in self._live or e in batch_wise]
        known: dict[Any, Any] = dict(program.given)
        names = {**notation.names}
        if still:
            outputs = tuple(e.name for e in still)
            made = assemble(still, (), outputs, program.given, notation.axes, program.sizes, names, "numpy")
            for equation, value in zip(still, made.function()):
                shape = tuple(program.sizes[a] for a in equation.name.axes)
                known[equation.name.symbol] = np.broadcast_to(np.asarray(value, dtype=float), shape) if shape else value
        used = read_by(self._live)
        per_row = [s for s in known if s in used and s in names and self._axis in names[s].axes]
        self._columns = tuple((names[s], known[s]) for s in per_row)
        self._fixed: Mapping[Any, Any] = {s: v for s, v in known.items() if s not in per_row}

    def _function(self, rows: int) -> Callable[..., tuple[Any, ...]]:
        if rows not in self._functions:
            program, notation = self.program, self.program.gradient_equations.notation
            sizes = {**program.sizes, self._axis: rows}
            given = dict(self._fixed)
            for name, axis in program.loss.sizes:
                given[name.symbol] = sizes[axis]
            inputs = (*program.parameters, *(name for name, _ in self._columns))
            made = assemble(
                self._live, inputs, self.outputs, given, notation.axes, sizes, notation.names, "numpy"
            )  # fmt: skip
            self._functions[rows] = made.function
        return self._functions[rows]
