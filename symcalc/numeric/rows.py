"""What a comparison holds: a row for each method on each entry, with the parts of its gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from symcalc.errors import InputError
from symcalc.looks import Shown, view
from symcalc.numeric.differentiable import Differentiable
from symcalc.numeric.explanation import Leading
from symcalc.numeric.scan import ErrorCurve

TRUNCATION, ROUND_OFF, SYMBOLIC = "truncation", "round-off", "the rounding of the symbolic slope"


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
        predicted_error: What error should be: truncation + round_off - symbolic_error. Where the exact values are too much work
            it is the truncation alone, from exact second derivatives (for Richardson and adaptive their own
            estimate, never negative). None where it is not known.
        step: The step h used, in units of the parameter.
        evaluations: How many values of the loss the slope took.
        note: What to know about this row; "" mostly.
        truncation: The part of the error that h makes, from exact higher derivatives; None where it is not known.
        round_off: The part that floats make in the numeric slope, from 50-digit values; None where they are absent.
        leading: The first term of the truncation; None where it is not known.
        own_error: The method's own estimate of its error, never negative; None where it has none.
        symbolic_error: symbolic - reference; None where there is no reference.
        ulps: The same in units in the last place of the reference; None where there is none, or it is 0.
        best_step: The best h by theory: where truncation and round-off together are least; None where there is none,
            as for a parabola and a central difference (the wider the better).
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
    truncation: float | None = None
    round_off: float | None = None
    leading: Leading | None = None
    own_error: float | None = None
    symbolic_error: float | None = None
    ulps: float | None = None
    best_step: float | None = None
    scan: Callable[[str, str], ErrorCurve] | None = field(default=None, repr=False, compare=False)

    @property
    def parts(self) -> dict[str, float]:
        """What the gap is made of: its name → how much; empty where it is not known."""
        if self.truncation is None or self.round_off is None:
            return {} if self.truncation is None else {TRUNCATION: self.truncation}
        return {TRUNCATION: self.truncation, ROUND_OFF: self.round_off, SYMBOLIC: -(self.symbolic_error or 0.0)}

    @property
    def cause(self) -> str:
        """The largest part of the gap by name; "" where there is no gap, or nothing is known of it."""
        known = self.parts
        largest = max(known, key=lambda part: abs(known[part]), default="")
        return largest if self.error and known and known[largest] else ""

    @property
    def share(self) -> float | None:
        """How much of the gap its largest part explains: 1 is all of it; None where there is none."""
        return self.parts[self.cause] / self.error if self.cause and self.error else None

    @property
    def curve(self) -> ErrorCurve:
        """The error of this method for many steps h, measured when first asked for."""
        if self.scan is None:
            raise InputError("This row was made without a loss, so its error cannot be scanned.")
        return self.scan(self.parameter, self.method)

    @property
    def scanned_step(self) -> float | None:
        """The best h of a scan, nearest to the reference; None where the method does not apply."""
        return None if self.numeric is None else self.curve.best_step


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
    scan: Callable[[str, str], ErrorCurve] | None = field(default=None, repr=False, compare=False)

    def curve(self, parameter: str | None = None, method: str = "central") -> ErrorCurve:
        """The error of a method on one entry for many steps h.

        Args:
            parameter: Name of the entry, `m` or `w[0]`; the first unless given.
            method: Name of a difference method, whether it has a row or not.

        Raises:
            InputError: There is no such entry or method, or the method does not apply.
        """
        if self.scan is None or not self.rows:
            raise InputError("There is no slope whose error could be scanned.")
        return self.scan(self.rows[0].parameter if parameter is None else parameter, method)

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
        first = self.rows[0].parameter
        methods = [row.method for row in self.rows if row.parameter == first and row.numeric is not None]
        return view("figures.error_curve", "error_curve")(self.program, self.point, entry, methods or None, size)
