"""Where the accuracy of a program is looked at: around the start of a descent, or along one that was walked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcalc.compute.program import Program
from symcalc.descent.start import start_of
from symcalc.descent.trace import Trace
from symcalc.numeric import accuracy as held_against_40_digits
from symcalc.numeric.accuracy import Accuracy


def accuracy(program: Program, at: Any = None) -> Accuracy:
    """What the numbers of a program are worth: its loss and slopes beside the same with 40 digits.

    Args:
        program: The compiled loss.
        at: A point, or a list of points; where a descent would start, and four points around it, unless given.

    Returns:
        A frozen value: `.deviations`, `.digits`, `.digits_in_float64` and `.sentence`. Of more than 1,000 rows as many are
        looked at, evenly spaced.

    Raises:
        InputError: A point does not fit, the loss has one value a row, or no finite value at any of the points.
    """
    if at is None:
        points: Sequence[Any] = held_against_40_digits.points_around(start_of(program, None)[0])
    else:
        points = at if isinstance(at, Sequence) and len(at) and np.ndim(at[0]) + isinstance(at[0], Mapping) else [at]
    return held_against_40_digits.accuracy(program, points)


def accuracy_of(trace: Trace) -> Accuracy | None:
    """What float32 was off by where a descent began, on its way and at its end; None where nothing is in float32."""
    program: Any = trace.program
    steps = trace.steps
    if not program.rounds or not np.isfinite(trace.walked.record.last.point).all():
        return None
    return held_against_40_digits.accuracy(
        program, [steps[k].point for k in sorted({0, *range(min(3, len(steps))), len(steps) // 2, len(steps) - 1})]
    )
