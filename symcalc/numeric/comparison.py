"""Numeric slopes beside the exact ones, both beside a reference at 40 digits, and every gap explained."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.numeric.differences import METHODS, checked_methods, checked_step, method_named
from symcalc.numeric.differentiable import Differentiable, Vector, flat, named
from symcalc.numeric.estimates import Estimate
from symcalc.numeric.exact_curve import ExactCurve
from symcalc.numeric.explanation import OUTSIDE, Explanation, explain, explain_complex
from symcalc.numeric.rows import Comparison, Row
from symcalc.numeric.scan import ErrorCurve, measured, steps_for
from symcalc.numeric.slopes import along
from symcalc.numeric.truncation import Derivatives, first_term, round_off_size

DEFAULT = ("forward", "central", "complex-step", "richardson")
AT_KINK = "At a kink a difference mixes the slopes of both sides, so no gap is predicted."
# About how many exact values the points of one method ask for.
_POINTS = 5


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
        work = Comparing(program, program.layout.joined(point), step)
        rows = work.rows(names)
        return Comparison(named(program.layout, work.point), rows, work.notes, program, work.scan)


class Comparing:
    """What the rows of one comparison share.

    Args:
        program: The compiled loss.
        point: Flat point (P,).
        h: The step; each method's own for None.
    """

    def __init__(self, program: Differentiable, point: Vector, h: float | None = None) -> None:
        self.program, self.point, self.h = program, point, h
        value, gradient = program.value_and_gradient(point)
        self.value, self.gradient = float(value), np.asarray(gradient, dtype=float)
        self.kinks = program.kinks(point)
        self.entries = program.layout.entries()
        self.derivatives = Derivatives(program, point)
        self._seen: dict[tuple[int, str], tuple[Estimate, dict[float, float]]] = {}
        self._scans: dict[tuple[int, str], ErrorCurve] = {}
        self._unexplained = 0

    @cached_property
    def reference(self) -> Any:
        """The exact slopes at 40 digits, in the order of the flat point; None where there are none."""
        found = self.program.reference(self.point)
        return None if found is None else flat(self.program.layout, found[1])

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about all rows."""
        rows = getattr(self.program.loss, "rows", None)
        many = "" if not rows else f" ({rows:,} rows)"
        absent = (f"No 40-digit reference: there are too many rows{many}.",) if self.reference is None else ()
        return (*self.kinks, *absent, *self._short)

    @property
    def _short(self) -> tuple[str, ...]:
        if not self._unexplained:
            return ()
        who = "Round-off is" if self._unexplained == len(self.entries) else (
            f"The widest gaps are explained to the last digit (entries: {len(self.entries) - self._unexplained}); round-off "
            f"of the other {self._unexplained} is"
        )  # fmt: skip
        return (f"{who} not predicted: values with 50 digits would take too long for a loss of this size.",)

    def rows(self, names: Sequence[str]) -> tuple[Row, ...]:
        """A row for each entry and method, entries in order."""
        plain = {(k, name): self._measured(name, k) for k in range(len(self.entries)) for name in names}
        explained = dict(self._explained(plain, names))
        return tuple(explained.get(key, row) for key, row in plain.items())

    # -- measuring
    def _measured(self, name: str, k: int) -> Row:
        """The row without its explanation."""
        method, x = METHODS[name], float(self.point[k])
        symbolic = float(self.gradient[k])
        reference = None if self.reference is None else self.reference[k]
        if method.complex and (why := self.why_not_complex):
            h = method.default_step(x) if self.h is None else self.h
            return Row(name, self.entries[k], None, symbolic, reference, None, None, h, 0, why, scan=self.scan)
        values: dict[float, float] = {}
        curve = along(self.program, self.point, k, self.value)

        def seen(t: Any) -> Any:
            value = curve(t)
            if not isinstance(t, complex):
                values[float(t)] = float(value)
            return value

        found = method.measure(seen, x, self.h)
        self._seen[k, name] = found, values
        off = None if reference is None else float(symbolic - reference)
        return Row(
            name, self.entries[k], found.slope, symbolic, reference, found.slope - symbolic, None, found.step,
            found.evaluations, self._note(found), own_error=found.error, symbolic_error=off,
            ulps=_ulps(off, reference), scan=self.scan,
        )  # fmt: skip

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
        return AT_KINK if self.kinks else ""

    # -- explaining
    def _explained(self, rows: dict[tuple[int, str], Row], names: Sequence[str]) -> Iterator[tuple[Any, Row]]:
        """The rows with what their gaps are made of, those with the widest gaps from exact values."""
        if self.kinks or not math.isfinite(self.value):
            return
        order = sorted(range(len(self.entries)), key=lambda k: -max(_size(rows[k, name].error) for name in names))
        many = ExactCurve.affordable(self.program, _POINTS * len(names))
        curve = ExactCurve.of(self.program, self.point, _POINTS * len(names), min(many, len(order)))
        if ExactCurve.applies(self.program):
            self._unexplained = max(0, len(order) - many)
        for place, k in enumerate(order):
            x = float(self.point[k])
            reach = max((abs(t - x) for name in names for t in self._values(k, name)), default=0.0)
            exact = curve.derivatives(k, reach) if curve is not None and place < many else None
            for name in names:
                row = rows[k, name]
                if row.error is not None and math.isfinite(row.error):
                    yield (k, name), self._with_parts(row, k, curve, exact)

    def _values(self, k: int, name: str) -> dict[float, float]:
        return self._seen[k, name][1] if (k, name) in self._seen else {}

    def _with_parts(self, row: Row, k: int, curve: ExactCurve | None, exact: Any) -> Row:
        made = None if curve is None or exact is None else self._parts(row.method, k, curve, exact)
        if made is None:
            leading = first_term(METHODS[row.method], row.step, self.derivatives, k)
            predicted = row.own_error if leading is None else leading.value
            return replace(row, predicted_error=predicted, truncation=None if leading is None else leading.value,
                           leading=leading)  # fmt: skip
        own = float(self.gradient[k] - exact[1])
        total = None if made.truncation is None else made.truncation + made.round_off - own
        complex_step = METHODS[row.method].complex
        best = made.best_step if not self._seen[k, row.method][0].steps and not complex_step else None
        return replace(
            row, predicted_error=total, truncation=made.truncation, round_off=made.round_off, leading=made.leading,
            best_step=best, note=row.note or made.note,
        )  # fmt: skip

    def _parts(self, name: str, k: int, curve: ExactCurve, derivatives: Any) -> Explanation | None:
        found, values = self._seen[k, name]
        x = float(self.point[k])
        if METHODS[name].complex:
            return explain_complex(x, found.step, derivatives, found.slope)
        weights = METHODS[name].weights(x, found)
        if weights is None:
            return None
        exact = {t: curve.value(k, t) for t in weights}
        if any(value is None for value in exact.values()):
            return Explanation(None, 0.0, None, 0.0, 0.0, OUTSIDE)
        return explain(x, found.step, weights, values, exact, derivatives, found.slope)

    # -- scanning
    def scan(self, parameter: str, name: str) -> ErrorCurve:
        """The error of a method on one entry for many steps; measured once.

        Raises:
            InputError: There is no such entry or method, or the method does not apply at the point.
        """
        method = method_named(name)
        if parameter not in self.entries:
            raise InputError(f"There is no entry {parameter!r}; there are {', '.join(self.entries[:8])}"
                             f"{', …' if len(self.entries) > 8 else ''}.")  # fmt: skip
        k = self.entries.index(parameter)
        if method.complex and self.why_not_complex:
            raise InputError(self.why_not_complex)
        if (k, name) not in self._scans:
            self._scans[k, name] = self._scanned(k, name)
        return self._scans[k, name]

    def _scanned(self, k: int, name: str) -> ErrorCurve:
        method, x = METHODS[name], float(self.point[k])
        steps = steps_for(x, getattr(self.program.loss, "rows", None))
        truth = self.gradient[k] if self.reference is None else self.reference[k]
        with np.errstate(all="ignore"):
            curve = along(self.program, self.point, k, self.value)
            slopes, errors, evaluations = measured(method, curve, x, steps, truth)
            leading = None if self.kinks else first_term(method, 1.0, self.derivatives, k)
            cut = None if leading is None else leading.value * steps ** (leading.order - 1)
            noise = round_off_size(method, self.value)
        return ErrorCurve(
            name, self.entries[k], steps, slopes, errors, evaluations, cut, None if noise is None else noise / steps,
            self.reference is None,
        )  # fmt: skip


def _size(error: float | None) -> float:
    return abs(error) if error is not None and math.isfinite(error) else -1.0


def _ulps(off: float | None, reference: Any) -> float | None:
    """An error in units in the last place of the reference."""
    if off is None or not math.isfinite(off) or float(reference) == 0:
        return 0.0 if off == 0 else None
    return off / float(np.spacing(abs(float(reference))))
