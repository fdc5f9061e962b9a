"""What the numbers of a program are worth: its loss and slopes beside the same with 40 digits, at some points.

found = accuracy(compile(gradient, dtype="float32"), [{"m": 1.4, "b": 100}])
print(found)            what float32 is off by, and what float64 is

Of many rows some are taken, evenly spaced: their loss and slopes are worked out by the same code and with 40 digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from symcalc.compute.assembly import assemble
from symcalc.compute.points import Values
from symcalc.compute.precision import FLOAT64, Precision
from symcalc.compute.program import Program
from symcalc.compute.reference import DIGITS, Taken, reference, taken
from symcalc.errors import InputError
from symcalc.looks import Shown
from symcalc.numeric.differentiable import Vector

# Rows that are worked out with 40 digits, points that are looked at, and the seed they are drawn with.
ROWS, POINTS, SEED = 1_000, 5, 0


@dataclass(frozen=True)
class Deviation:
    """How far the loss or a slope is off, at worst over the points and over its entries.

    Attributes:
        of: The loss's name, or ∂L/∂m.
        largest: Its largest size at the points, from 40 digits.
        off: The greatest error of the program's numbers, in units of `largest`; of itself where that is 0.
        off_in_float64: The same for float64.
    """

    of: str
    largest: float
    off: float
    off_in_float64: float


@dataclass(frozen=True)
class Accuracy(Shown):
    """What the numbers of a program are worth.

    Attributes:
        dtype: What rows were asked to be worked out in.
        deviations: One for the loss, one for each parameter.
        points: Where it was looked.
        rows: Rows that were looked at; None where there are none.
        of_rows: How many there are.
        why_not: Why no row is in float32 though it was asked for; empty where rows are.
    """

    dtype: str
    deviations: tuple[Deviation, ...]
    points: tuple[Values, ...]
    rows: int | None
    of_rows: int | None
    why_not: str = ""

    @property
    def digits(self) -> float:
        """Significant digits that are right at worst, in the program's numbers."""
        return _digits(d.off for d in self.deviations)

    @property
    def digits_in_float64(self) -> float:
        """The same in float64."""
        return _digits(d.off_in_float64 for d in self.deviations)

    @property
    def sentence(self) -> str:
        """What it comes to."""
        where = f"{len(self.points)} point{'s' * (len(self.points) != 1)}"
        if self.rows is not None and self.of_rows is not None and self.rows < self.of_rows:
            where += f" on {self.rows:,} of {self.of_rows:,} rows"
        plain = f"in float64 {self.digits_in_float64:.1f}"
        if self.dtype == FLOAT64.name or self.why_not:
            told = f"Loss and slopes have {self.digits_in_float64:.1f} right digits or more, in float64"
        else:
            told = f"In float32 loss and slopes have {self.digits:.1f} right digits or more, {plain}"
        return f"{told} ({where}, held against {DIGITS} digits; a slope's error in units of its largest there)."

    def __str__(self) -> str:
        from symcalc.looks import view

        return "\n".join(view("accuracy", "lines")(self))


def accuracy(program: Program, at: Sequence[Any]) -> Accuracy:
    """The loss and its slopes beside the same with 40 digits.

    Args:
        program: The compiled loss.
        at: Points.

    Returns:
        A frozen value: `.deviations`, `.digits` and `.sentence`.

    Raises:
        InputError: A point does not fit, the loss has one value a row, or has no finite value at any of the points.
    """
    if program.loss.per_row:
        raise InputError("The loss has one value a row, and accuracy is told of one number: write mean(…) around it.")
    points = tuple(program.checked_point(p) for p in at)
    some = taken(program, ROWS)
    exact = [(p, found) for p in points if (found := reference(program, p, some)) is not None and _finite(found)]
    if not exact:
        raise InputError("The loss has no finite value at any of the points, so nothing can be held against it.")
    names = [program.loss.name, *(f"∂{program.loss.name}/∂{n}" for n in exact[0][1][1])]
    ways = (FLOAT64 if program.kept_exact else program.precision, FLOAT64)
    own, plain = (_off(_function(program, some, precision), exact) for precision in ways)
    deviations = tuple(
        Deviation(of, largest, off, same) for of, (largest, off), (_, same) in zip(names, own, plain, strict=True)
    )
    return Accuracy(
        program.precision.name, deviations, tuple(p for p, _ in exact), some.rows, program.loss.rows, program.kept_exact
    )


def points_around(start: Vector) -> list[Vector]:
    """A flat point and four drawn around it, the same ones every time."""
    draw = np.random.default_rng(SEED)
    size = np.maximum(1.0, np.abs(start))
    return [start, *(start + size * draw.normal(size=start.shape) for _ in range(POINTS - 1))]


def _finite(exact: tuple[Any, Mapping[str, Any]]) -> bool:
    """Whether a loss and its slopes are real and finite."""
    every = [entry for value in (exact[0], *exact[1].values()) for entry in np.ravel(np.asarray(value, dtype=object))]
    return all(not isinstance(entry, mpmath.mpc) and mpmath.isfinite(entry) for entry in every)


def _function(program: Program, some: Taken, precision: Precision) -> Callable[[Values], tuple[Any, ...]]:
    """(point) → loss and slopes of the rows that were taken, by the code that the program uses."""
    gradient = program.gradient_equations
    made = assemble(
        gradient.equations, program.parameters, (program.loss.output.name, *program.slopes), some.given,
        gradient.notation.axes, some.sizes, gradient.notation.names, precision=precision,
    )  # fmt: skip

    def function(point: Values) -> tuple[Any, ...]:
        values = map(float, point.values()) if made.scalar else point.values()
        with np.errstate(all="ignore"):
            return made.function(*values)

    return function


def _off(
    function: Callable[[Values], tuple[Any, ...]], exact: Sequence[tuple[Values, tuple[Any, Mapping[str, Any]]]]
) -> list[tuple[float, float]]:
    """(largest size, greatest error in units of it) of the loss and of each slope."""
    largest: list[Any] = []
    errors: list[Any] = []
    with mpmath.workdps(DIGITS):
        for point, (loss, slopes) in exact:
            for k, (found, true) in enumerate(zip(function(point), (loss, *slopes.values()), strict=True)):
                whole = np.ravel(np.asarray(true, dtype=object))
                got = np.broadcast_to(np.asarray(found, dtype=float), np.shape(true)).ravel()
                size = max((abs(t) for t in whole), default=mpmath.mpf(0))
                error = max((abs(mpmath.mpf(float(f)) - t) for f, t in zip(got, whole)), default=mpmath.mpf(0))
                if k == len(largest):
                    largest.append(size)
                    errors.append(error)
                largest[k], errors[k] = max(largest[k], size), max(errors[k], error)
        return [(float(size), float(error / size if size else error)) for size, error in zip(largest, errors)]


def _digits(errors: Any) -> float:
    """Right digits of the greatest of some relative errors; those of float64's spacing where all are 0."""
    worst = max([FLOAT64.unit / 2, *(e if math.isfinite(e) else 1.0 for e in errors)])
    return max(0.0, -math.log10(worst))
