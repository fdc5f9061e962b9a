"""How far rounding can have moved each value: a bound that grows along the equations.

Every result is rounded once, in proportion to what was added or subtracted to make it, and passes on what
its inputs were off by, times its slope in them. A point and data are taken as rounded too: 17/12 is no float.

Source: running error analysis, Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.partials import derivative, references
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.kinks import worked
from symcalc.equations import Equation
from symcalc.language.functions import Absolute

UNIT = float(np.finfo(float).eps)


def bounds(
    equations: Iterable[Equation], values: Mapping[Any, Any], inputs: Iterable[Any], form: ArrayForm
) -> dict[Any, Any]:
    """Private symbol → how far its value may be off, an array of its shape.

    Args:
        equations: In an order they can be worked out in.
        values: Private symbol → value, for inputs and every equation's name.
        inputs: Private symbols of what came rounded: parameters, columns, constants.
        form: Turns bodies into array expressions.
    """
    found: dict[Any, Any] = {s: np.abs(np.asarray(values[s], dtype=float)) * UNIT / 2 for s in inputs}
    with np.errstate(all="ignore"):
        for equation in equations:
            total = np.asarray(_bound(equation, values, found, form), dtype=float)
            # A slope that is infinite says nothing: no bound is claimed there.
            found[equation.name.symbol] = np.where(np.isfinite(total), total, 0.0)
    return found


def of_body(
    body: Any, values: Mapping[Any, Any], found: Mapping[Any, Any], form: ArrayForm, order: tuple[Any, ...]
) -> Any:
    """How far a body's value may be off."""
    total = UNIT * worked(sp.Add(*(Absolute(part) for part in sp.Add.make_args(body))), values, form, order)
    for reference in references(body, found):
        slope = np.abs(worked(derivative(body, reference), values, form, order))
        total = total + slope * worked(reference, found, form, order)
    return total


def _bound(equation: Equation, values: Mapping[Any, Any], found: Mapping[Any, Any], form: ArrayForm) -> Any:
    if equation.reduction not in ("sum", "max", "min", "logsumexp"):
        return 16 * UNIT * np.abs(values[equation.name.symbol])
    total: Any = 0.0
    for term in equation.terms:
        order = (*equation.indices, *term.over)
        sizes = tuple(int(form.size(form.axes[i])) for i in order)
        part = np.broadcast_to(of_body(term.body, values, found, form, order), sizes)
        axes = tuple(range(len(equation.indices), len(order)))
        total = total + (part.sum(axis=axes) if equation.reduction == "sum" else part.max(axis=axes))
    return total
