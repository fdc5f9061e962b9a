"""Whether a loss is a negative log-likelihood over rows: tested, not guessed from its name.

If it is, e^-loss of a row adds to 1 over everything that its answer could have been: over both classes, over all classes
of a one-hot row, or over all counts (with 1/k! where the loss leaves log k! out).
"""

from __future__ import annotations

from math import lgamma
from typing import Any

import numpy as np

from symcalc.calculus.partials import references
from symcalc.compute.inspection import all_values, array_form
from symcalc.compute.kinks import worked
from symcalc.compute.program import Program
from symcalc.curvature.degree import degrees
from symcalc.equations import Name
from symcalc.numeric.differentiable import Vector

_MOST_COUNTS = 2_000
_MOST_WORK = 20_000_000
_NEAR = 1e-9


def scale_of(program: Program, point: Vector) -> float | None:
    """What the loss is to be multiplied by to be the negative log-likelihood of all rows: 1 or n; None if it is none.

    Args:
        program: The compiled loss.
        point: Flat point.
    """
    loss = program.loss
    if loss.per_row or not loss.rows or loss.output.reduction != "sum" or any(not t.over for t in loss.output.terms):
        return None
    for column in _answers(program):
        for scale in (float(loss.rows), 1.0):
            with np.errstate(all="ignore"):
                if _adds_to_one(program, point, column, scale):
                    return scale
    return None


def _answers(program: Program) -> list[Name]:
    """The columns that could be the answers: none of them meets a parameter in a linear part."""
    loss = program.loss
    known = degrees(loss)
    moved = {s for s, d in known.items() if d > 0}
    linear = [e for e in loss.equations if known[e.name.symbol] == 1]
    met = {
        c.name for c in loss.columns for e in linear for t in e.terms
        if references(t.body, {c.symbol}) and references(t.body, moved)
    }  # fmt: skip
    return [c for c in loss.columns if c.name not in met]


def _adds_to_one(program: Program, point: Vector, column: Name, scale: float) -> bool:
    answers = np.asarray(program.given[column.symbol], dtype=float)
    if not np.isfinite(answers).all():
        return False
    values = np.unique(answers)
    whole = bool(np.all(values == np.round(values)) and values.min() >= 0)
    if answers.ndim == 2:
        one_hot = bool(np.all((answers == 0) | (answers == 1)) and np.all(answers.sum(axis=1) == 1))
        units = np.eye(answers.shape[1])
        return one_hot and _is_one(_total(program, point, column, scale, list(units), None))
    if len(values) == 2 and _is_one(_total(program, point, column, scale, list(values), None)):
        return True
    if not whole:
        return False
    counts = _counts(answers)
    if len(counts) * len(answers) > _MOST_WORK:
        return False
    weights = np.array([-lgamma(k + 1) for k in counts])
    return any(_is_one(_total(program, point, column, scale, counts, w)) for w in (weights, 0 * weights))


def _counts(answers: Any) -> list[float]:
    # Far enough for a count with the mean of the largest one.
    most = int(answers.max() + 20 * np.sqrt(answers.max() + 1) + 40)
    return [float(k) for k in range(min(most, _MOST_COUNTS))]


def _is_one(total: Any) -> bool:
    return total is not None and bool(np.all(np.abs(total - 1) <= _NEAR))


def _total(program: Program, point: Vector, column: Name, scale: float, answers: list[Any], weights: Any) -> Any:
    """For each row the sum of e^-loss over possible answers; None where the loss is no sum over rows."""
    total: Any = 0.0
    for k, answer in enumerate(answers):
        rows = _by_row(program, point, column, answer)
        if rows is None:
            return None
        total = total + np.exp(-scale * rows + (0.0 if weights is None else weights[k]))
    return total


def _by_row(program: Program, point: Vector, column: Name, answer: Any) -> Any:
    """What each row adds to the loss if its answer were this one."""
    other = Program(program.gradient_equations)
    shape = np.shape(program.given[column.symbol])
    other.given = {**program.given, column.symbol: np.array(np.broadcast_to(answer, shape), dtype=float)}
    values, form = all_values(other, point), array_form(other)
    axes = program.loss.notation.axes
    total: Any = 0.0
    for term in program.loss.output.terms:
        rows = [i for i in term.over if axes[i].rows]
        if len(rows) != 1:
            return None
        order = (rows[0], *(i for i in term.over if i != rows[0]))
        sizes = tuple(int(form.size(form.axes[i])) for i in order)
        part = np.broadcast_to(np.asarray(worked(term.body, values, form, order), dtype=float), sizes)
        total = total + part.reshape(sizes[0], -1).sum(axis=1)
    return total
