"""Standing on a kink: where it happens, and the one-sided slopes there.

The rules give each kinked function a slope at its kink by convention, and sums of conventions can be
wrong: relu(x) - relu(-x) has slope 1 at 0, the rules say 0. So at a kink the slopes to the right and to
the left of each parameter are worked out by branch; where they agree, that value is the slope.

Source: directional derivatives of piecewise smooth functions, Griewank and Walther (2008), chapter 14.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.partials import derivative, references
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.printing import compiled
from symcalc.equations import Equation, Name
from symcalc.language import functions as f

KINKED = (f.Absolute, f.Relu, f.Maximum, f.Minimum, f.Where)


@dataclass(frozen=True)
class Kink:
    """One equation whose value has a kink, and what must be 0 for it to stand on it.

    Attributes:
        equation: The equation.
        gap: 0 exactly on the kink: an expression like a body; None for a max or min over entries.
        node: The kinked function's call in the body; None for a max or min over entries.
        indices: What it runs over: the indices of the equation, then those it sums or reduces over.
    """

    equation: Equation
    gap: Any
    node: Any
    indices: tuple[Any, ...]


def kinks(equations: tuple[Equation, ...], moved: set[Any]) -> tuple[Kink, ...]:
    """The kinked steps of a loss that move with `moved`, one for each function call."""
    found = []
    for equation in equations:
        for term in equation.terms:
            for node in sorted(term.body.atoms(*KINKED), key=str):
                gap = _gap(node)
                if references(gap, moved):
                    found.append(Kink(equation, gap, node, (*equation.indices, *term.over)))
        if equation.reduction in ("max", "min") and references(equation.terms[0].body, moved):
            found.append(Kink(equation, None, None, (*equation.indices, *equation.terms[0].over)))
    return tuple(found)


def _gap(node: Any) -> Any:
    if isinstance(node, f.Absolute | f.Relu):
        return node.args[0]
    if isinstance(node, f.Where):
        return node.args[0].args[0] - node.args[0].args[1]
    return node.args[0] - node.args[1]


def change(equation: Equation, moving: Mapping[Any, Any], values: Mapping[Any, Any], form: ArrayForm) -> Any:
    """The one-sided change of an equation's value along a direction.

    Args:
        equation: The equation.
        moving: Private symbol → its change (an array or number), for every name that moves.
        values: Private symbol → value, for every name.
        form: Turns bodies into array expressions.

    Returns:
        The change, an array or number like the value; None where nothing in the equation moves.
    """
    if not any(references(t.body, moving) for t in equation.terms):
        return None
    if equation.reduction in ("inv", "det", "logdet"):
        return _of_matrix(equation, moving, values, form)
    if equation.reduction != "sum":
        return _REDUCED[equation.reduction](*_entries(equation, moving, values, form))
    total: Any = None
    for term in equation.terms:
        order = (*equation.indices, *term.over)
        part = along(term.body, moving, values, form, order)
        if part is None:
            continue
        sizes = tuple(int(form.size(form.axes[i])) for i in order)
        part = np.broadcast_to(part, sizes)
        part = part.sum(axis=tuple(range(len(equation.indices), len(order))))
        total = part if total is None else total + part
    return total


def worked(body: Any, values: Mapping[Any, Any], form: ArrayForm, order: tuple[Any, ...]) -> Any:
    """The value of a body over the indices `order`: an array, or a number where it runs over nothing."""
    expression = form.elementwise(body, order)
    used = [s for s in values if references(body, {s})]
    labels = tuple(s.label if isinstance(s, sp.IndexedBase) else s for s in used)
    (result,) = _function(labels, expression)(*(values[s] for s in used))
    return result


@lru_cache(maxsize=512)
def _function(labels: tuple[Any, ...], expression: Any) -> Any:
    return compiled(labels, [expression])


def along(
    body: Any, moving: Mapping[Any, Any], values: Mapping[Any, Any], form: ArrayForm, order: tuple[Any, ...]
) -> Any:
    """The change of a body: kinked functions by branch, everything else by its slopes."""
    kinked = [n for n in body.atoms(*KINKED) if references(n, moving)]
    plain = body.xreplace({n: sp.Dummy(f"k{i}", real=True) for i, n in enumerate(kinked)})
    found = sorted(plain.atoms(sp.Dummy), key=lambda d: int(d.name[1:]))
    dummies = dict(zip(kinked, found))
    back = {d: n for n, d in dummies.items()}
    total: Any = None
    for reference in references(plain, moving):
        slope = worked(derivative(plain, reference).xreplace(back), values, form, order)
        total = _plus(total, slope * worked(reference, moving, form, order))
    for node, dummy in dummies.items():
        slope = worked(plain.diff(dummy).xreplace(back), values, form, order)
        total = _plus(total, slope * _branch(node, moving, values, form, order))
    return total


def _plus(total: Any, part: Any) -> Any:
    return part if total is None else total + part


def _branch(
    node: Any, moving: Mapping[Any, Any], values: Mapping[Any, Any], form: ArrayForm, order: tuple[Any, ...]
) -> Any:
    def value(e: Any) -> Any:
        return worked(e, values, form, order)

    def moved(e: Any) -> Any:
        change = along(e, moving, values, form, order) if references(e, moving) else None
        return 0.0 if change is None else change

    if isinstance(node, f.Absolute):
        u, du = value(node.args[0]), moved(node.args[0])
        return np.where(np.equal(u, 0), np.abs(du), np.sign(u) * du)
    if isinstance(node, f.Relu):
        u, du = value(node.args[0]), moved(node.args[0])
        return np.where(np.equal(u, 0), np.maximum(du, 0), np.greater(u, 0) * du)
    if isinstance(node, f.Where):
        condition, then, otherwise = node.args
        a, b = condition.args
        gap, drift = value(a - b), moved(a - b)
        holds = np.where(np.equal(gap, 0) & np.not_equal(drift, 0), np.less(drift, 0), value(condition))
        return np.where(holds, moved(then), moved(otherwise))
    a, b = node.args
    better = np.greater if isinstance(node, f.Maximum) else np.less
    best = np.maximum if isinstance(node, f.Maximum) else np.minimum
    va, vb, da, db = value(a), value(b), moved(a), moved(b)
    return np.where(np.equal(va, vb), best(da, db), np.where(better(va, vb), da, db))


def _entries(
    equation: Equation, moving: Mapping[Any, Any], values: Mapping[Any, Any], form: ArrayForm
) -> tuple[Any, Any]:
    """What a reduction runs over, and its change: arrays whose last axis is the reduced one."""
    (term,) = equation.terms
    order = (*equation.indices, *term.over)
    sizes = tuple(int(form.size(form.axes[i])) for i in order)
    kept = sizes[: len(equation.indices)]
    value = np.broadcast_to(worked(term.body, values, form, order), sizes).reshape(*kept, -1)
    drift = np.broadcast_to(along(term.body, moving, values, form, order), sizes).reshape(*kept, -1)
    return value, drift


def _of_matrix(equation: Equation, moving: Mapping[Any, Any], values: Mapping[Any, Any], form: ArrayForm) -> Any:
    (term,) = equation.terms
    matrix = worked(term.body, values, form, term.over)
    drift = along(term.body, moving, values, form, term.over)
    solved = np.linalg.solve(matrix, drift)
    if equation.reduction == "inv":
        return -solved @ np.linalg.inv(matrix)
    return np.trace(solved) * (np.linalg.det(matrix) if equation.reduction == "det" else 1.0)


def _largest(value: Any, drift: Any) -> Any:
    return np.where(value == value.max(axis=-1, keepdims=True), drift, -np.inf).max(axis=-1)


def _smallest(value: Any, drift: Any) -> Any:
    return np.where(value == value.min(axis=-1, keepdims=True), drift, np.inf).min(axis=-1)


def logsumexp(value: Any, drift: Any) -> Any:
    weight = np.exp(value - value.max(axis=-1, keepdims=True))
    return (weight * drift).sum(axis=-1) / weight.sum(axis=-1)


def _product(value: Any, drift: Any) -> Any:
    total = np.zeros(value.shape[:-1])
    for k in range(value.shape[-1]):
        others = np.delete(value, k, axis=-1)
        total = total + drift[..., k] * others.prod(axis=-1)
    return total


_REDUCED = {"max": _largest, "min": _smallest, "logsumexp": logsumexp, "prod": _product}


def carried(
    equations: tuple[Equation, ...], moving: Mapping[Any, Any], values: Mapping[Any, Any], form: ArrayForm
) -> dict[Any, Any]:
    """The one-sided change of every name that moves: those given, and what the equations make of them, in order."""
    found = dict(moving)
    with np.errstate(all="ignore"):
        for equation in equations:
            moved = change(equation, found, values, form)
            if moved is not None:
                found[equation.name.symbol] = moved
    return found


def one_sided(
    equations: tuple[Equation, ...],
    output: Name,
    parameters: tuple[Name, ...],
    values: Mapping[Any, Any],
    form: ArrayForm,
) -> Iterator[tuple[str, tuple[int, ...], float, float]]:
    """For each entry of each parameter: (name, place, slope to its left, slope to its right)."""
    for parameter in parameters:
        shape = tuple(int(form.size(a)) for a in parameter.axes)
        for place in np.ndindex(shape):
            ends = []
            for sign in (-1.0, 1.0):
                unit = np.zeros(shape)
                unit[place] = sign
                moving = carried(equations, {parameter.symbol: unit if shape else sign}, values, form)
                ends.append(sign * float(moving.get(output.symbol, 0.0)))
            yield parameter.name, place, ends[0], ends[1]
