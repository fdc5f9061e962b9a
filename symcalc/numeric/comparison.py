"""Numeric slopes beside the exact ones, and both beside a reference at 40 digits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from symcalc.looks import Shown, view
from symcalc.numeric.differences import EPS, METHODS, Estimate, checked_methods, checked_step
from symcalc.numeric.differentiable import Differentiable, Vector, flat, named
from symcalc.numeric.slopes import along

DEFAULT = ("forward", "central", "complex-step", "richardson")


@dataclass(frozen=True)
class Row:
    """One method on one entry of a parameter.

    Attributes:
        method: Name of the difference method.
        parameter: Name of the entry: `m`, `w[0]`, `W[2,1]`.
        numeric: The measured slope; None where the method does not apply.
        symbolic: The exact slope in floating point.
        reference: The exact slope at 40 digits (an mpmath number); None beyond 10,000 rows.
        error: numeric - symbolic; None where there is no numeric slope.
        predicted_error: What the truncation of the method should make of it, from exact second derivatives
            (for Richardson its own estimate, never negative); None where it is not known.
        step: The step h used, in units of the parameter.
        evaluations: How many values of the loss the slope took.
        note: What to know about this row; "" mostly.
    """

    method: str
    parameter: str
    numeric: float | None
    symbolic: float
    reference: Any
    error: float | None
    predicted_error: float | None
    step: float
    evaluations: int
    note: str = ""


@dataclass(frozen=True)
class Comparison(Shown):
    """Difference methods against the exact gradient at one point.

    Attributes:
        point: Parameter name → value, each of the parameter's shape.
        rows: One for each entry and method, entries in parameter order.
        notes: What to know about all rows.
        program: The compiled loss, for pictures.
    """

    point: dict[str, Any]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    program: Differentiable | None = field(default=None, repr=False, compare=False)

    def plot(self, entry: str | None = None, size: tuple[float, float] | None = None) -> Any:
        """The error of each method against its step h, beside what theory says of it.

        Args:
            entry: Along which entry, `m` or `w[0]`; the first unless given.
            size: Width and height in inches.

        Returns:
            A Picture: `.figure` for matplotlib, `.alt` in words, `.save(path)` as .png, .svg or .pdf.

        Raises:
            InputError: There is no such entry, or nothing is finite at the point.
        """
        methods = [
            row.method for row in self.rows if row.parameter == self.rows[0].parameter and row.numeric is not None
        ]
        return view("figures.error_curve", "error_curve")(self.program, self.point, entry, methods or None, size)


def compare(
    program: Differentiable,
    at: Any,
    methods: str | Sequence[str] | None = None,
    h: float | None = None,
) -> Comparison:
    """Difference methods against the exact gradient, for every entry of every parameter.

    Args:
        program: The compiled loss.
        at: Parameter name → number or array, or one flat vector.
        methods: Names of rows of `differences.METHODS`; forward, central, complex-step and Richardson
            unless given.
        h: The step in units of each parameter; each method's own unless given.

    Raises:
        InputError: The point does not fit, a method is unknown, or h is not positive.
    """
    names, step = checked_methods(methods, DEFAULT), checked_step(h)
    point = program.checked_point(at)
    with np.errstate(all="ignore"):
        work = _Comparing(program, program.layout.joined(point), step)
        rows = tuple(
            work.row(name, k, entry) for k, entry in enumerate(program.layout.entries()) for name in names
        )  # fmt: skip
    return Comparison(named(program.layout, program.layout.joined(point)), rows, work.notes, program)


class _Comparing:
    """What the rows of one comparison share."""

    def __init__(self, program: Differentiable, point: Vector, h: float | None) -> None:
        self.program, self.point, self.h = program, point, h
        value, gradient = program.value_and_gradient(point)
        self.value, self.gradient = float(value), np.asarray(gradient, dtype=float)
        self.kinks = program.kinks(point)
        self._derivatives: dict[tuple[int, float], float] = {}

    @cached_property
    def reference(self) -> Any:
        found = self.program.reference(self.point)
        return None if found is None else flat(self.program.layout, found[1])

    @property
    def notes(self) -> tuple[str, ...]:
        rows = getattr(self.program.loss, "rows", None)
        many = "" if not rows else f" ({rows:,} rows)"
        absent = (f"No 40-digit reference: there are too many rows{many}.",) if self.reference is None else ()
        return (*self.kinks, *absent)

    def row(self, name: str, k: int, entry: str) -> Row:
        method, x = METHODS[name], float(self.point[k])
        symbolic = float(self.gradient[k])
        reference = None if self.reference is None else self.reference[k]
        if method.complex and (why := self.why_not_complex):
            h = method.default_step(x) if self.h is None else self.h
            return Row(name, entry, None, symbolic, reference, None, None, h, 0, why)
        curve = along(self.program, self.point, k, self.value)
        found = method.measure(curve, x, self.h)
        predicted = self._predicted(name, k, found)
        note = self._note(found)
        error = found.slope - symbolic
        return Row(
            name,
            entry,
            found.slope,
            symbolic,
            reference,
            error,
            predicted,
            found.step,
            found.evaluations,
            note,
        )

    @cached_property
    def why_not_complex(self) -> str:
        """Why the complex step does not apply here; "" where it does."""
        if self.kinks:
            return f"The complex step does not apply at a kink: {self.kinks[0]}"
        if self.program.complex_value(self.program.layout.split(self.point.astype(complex))) is None:
            return "The complex step does not apply: the loss has no complex form."
        return ""

    def _note(self, found: Estimate) -> str:
        if not math.isfinite(self.value):
            return "The loss is not finite at the point."
        if not math.isfinite(found.slope):
            return "The loss is not finite within the step: choose a smaller h."
        return "At a kink a difference mixes the slopes of both sides." if self.kinks else ""

    def _predicted(self, name: str, k: int, found: Estimate) -> float | None:
        method = METHODS[name]
        if found.error is not None:
            return found.error
        if method.truncation is None or self.kinks:
            return None
        derivative = self._second(self.point, k) if method.derivative == 2 else self._third(k)
        predicted = method.truncation(found.step, derivative)
        # Adding 0 turns -0 into 0.
        return predicted + 0.0 if math.isfinite(predicted) else None

    def _second(self, point: Vector, k: int) -> float:
        """Exact second derivative along entry k: one Hessian-vector product."""
        key = (k, float(point[k]))
        if key not in self._derivatives:
            unit = np.zeros_like(point)
            unit[k] = 1.0
            self._derivatives[key] = float(np.asarray(self.program.hessian_product(point, unit))[k])
        return self._derivatives[key]

    def _third(self, k: int) -> float:
        """Third derivative along entry k: a central difference of exact second derivatives."""
        h = METHODS["central"].default_step(float(self.point[k]))
        ahead, behind = self.point.copy(), self.point.copy()
        ahead[k] += h
        behind[k] -= h
        up, down = self._second(ahead, k), self._second(behind, k)
        # A difference within round-off says that there is no third derivative to speak of.
        if abs(up - down) <= 16 * EPS * max(abs(up), abs(down)):
            return 0.0
        return float((up - down) / (ahead[k] - behind[k]))
