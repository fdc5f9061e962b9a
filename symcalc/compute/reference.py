"""The loss and its slopes at one point with 40 digits, by the same equations: what floats are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from symcalc.calculus.evaluate import Evaluator, exactly
from symcalc.compute.points import Values
from symcalc.equations import Axis

if TYPE_CHECKING:
    from symcalc.compute.program import Program

ROWS, DIGITS = 10_000, 40


@dataclass(frozen=True)
class Taken:
    """Some rows of a program's data.

    Attributes:
        given: Private symbol → value of data, constants and sizes.
        sizes: Axis → number of entries.
        rows: How many rows there are; None where there are none.
    """

    given: Mapping[Any, Any]
    sizes: Mapping[Axis, int]
    rows: int | None


def taken(program: Program, most: int) -> Taken:
    """All rows of a program where they are at most so many, else evenly spaced ones."""
    sizes, rows = program.sizes, program.loss.rows
    if rows is None or rows <= most:
        return Taken(program.given, sizes, rows)
    chosen = np.linspace(0, rows - 1, most).astype(int)
    cut = {axis: most if axis.rows else size for axis, size in sizes.items()}
    axes = {n.symbol: n.axes for n in (*program.loss.columns, *program.loss.constants)}
    given = {s: _cut(value, axes.get(s, ()), chosen) for s, value in program.given.items()}
    return Taken({**given, **{n.symbol: cut[axis] for n, axis in program.loss.sizes}}, cut, most)


def _cut(value: Any, axes: tuple[Axis, ...], chosen: Any) -> Any:
    for place, axis in enumerate(axes):
        value = np.ascontiguousarray(np.take(value, chosen, axis=place)) if axis.rows else value
    return value


def reference(program: Program, values: Values, some: Taken | None = None) -> tuple[Any, dict[str, Any]] | None:
    """The loss and its slopes, as mpmath numbers or object arrays of them.

    Args:
        program: The compiled gradient.
        values: Name of each parameter → its value.
        some: Which rows of its data; all unless given.

    Returns:
        (loss, name → slope); None beyond 10,000 rows or outside the domain.
    """
    some = some or Taken(program.given, program.sizes, program.loss.rows)
    if (some.rows or 0) > ROWS:
        return None
    gradient = program.gradient_equations
    evaluator = Evaluator(gradient.equations, gradient.notation.axes, lambda axis: some.sizes[axis])
    given = {symbol: exactly(value) for symbol, value in some.given.items()}
    given.update({p.symbol: exactly(values[p.name]) for p in program.parameters})
    try:
        with mpmath.workdps(DIGITS):
            found = evaluator.run(given)
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        return None  # outside the domain
    slopes = {n.name: found[s.symbol] for n, s in zip(gradient.wrt, gradient.slopes) if n in program.parameters}
    return found[program.loss.output.name.symbol], slopes
