"""The error of numeric slopes against the step h, as a table of numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symcalc.numeric.scan import ErrorCurve
from symcalc.views import numbers
from symcalc.views.tables import folded, table, width_of


def lines(curves: Sequence[ErrorCurve], width: int = 80) -> list[str]:
    """A line for each power of ten of h, a column for each method; the nearest h of all is marked below.

    Args:
        curves: Of one entry, all with the same steps.
        width: Columns of the screen.
    """
    first = curves[0]
    measure = "the symbolic slope" if first.to_symbolic else "the slope with 40 digits"
    found = folded(f"Error of the numeric slope in {first.parameter} (numeric - {measure}) for each step h:", width, 2)
    # Four steps a decade were measured, two where the loss has many rows; decades are enough to read.
    every = (len(first.steps) - 1) // 17
    for part in _fitting(curves, width):
        rows = [
            [numbers.number(first.steps[k], 2), *(numbers.number(curve.errors[k], 3) for curve in part)]
            for k in range(0, len(first.steps), every)
        ]
        head = ["h", *(curve.method for curve in part)]
        found += ["", *table(rows, head, [True] * len(head), 4)]
    found.append("")
    for curve in curves:
        found += folded(best(curve), width, 2)
    return found


def best(curve: ErrorCurve) -> str:
    """The step around which a method comes nearest."""
    if curve.best_step is None or curve.best_error is None:
        return f"{curve.method}: the loss is not finite within enough of these steps."
    zeros = int(np.sum(curve.errors == 0))
    many = f"; {zeros} of {len(curve.steps)} steps have no error at all" if zeros > 1 else ""
    return (
        f"{curve.method}: nearest around h = {numbers.number(curve.best_step, 2)}, "
        f"off by {numbers.number(curve.best_error, 2)}{many}."
    )


def _fitting(curves: Sequence[ErrorCurve], width: int) -> list[list[ErrorCurve]]:
    """The curves in groups whose columns fit the screen."""
    groups: list[list[ErrorCurve]] = []
    used = 0
    for curve in curves:
        wide = max(width_of(curve.method), 9) + 2
        if not groups or used + wide > width:
            groups.append([])
            used = 4 + 8
        groups[-1].append(curve)
        used += wide
    return groups
