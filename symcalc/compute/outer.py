"""Bounds on slopes by interval arithmetic, for kinks that lie inside other kinks.

Source: Moore, Kearfott and Cloud, Introduction to Interval Analysis (2009), chapters 2 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symcalc.calculus.partials import derivative, references
from symcalc.compute import kinks
from symcalc.compute.multipliers import Linear
from symcalc.equations import Equation

Interval = tuple[Any, Any]


def outer_bounds(linear: Linear, values: Mapping[Any, Any], least: list[Any], most: list[Any]) -> tuple[Any, Any]:
    """The slope of the loss in every parameter entry lies between these, flat, (P,) each.

    Args:
        linear: The loss with its kinks opened.
        values: Private symbol → value at the point.
        least: The least value of each s, over its indices.
        most: The greatest.
    """
    program = linear.program
    ends = [dict(values), dict(values)]
    for opened, low, high in zip(linear.opened, least, most):
        ends[0][opened.name.symbol], ends[1][opened.name.symbol] = low, high
    found: list[list[float]] = [[], []]
    with np.errstate(all="ignore"):
        for parameter in program.parameters:
            shape = program.layout.shapes[parameter.name]
            for place in np.ndindex(shape):
                unit = np.zeros(shape)
                unit[place] = 1.0
                moving: dict[Any, Interval] = {parameter.symbol: (unit, unit)}
                for equation in linear.equations:
                    moved = _moved(linear, equation, moving, ends)
                    if moved is not None:
                        moving[equation.name.symbol] = moved
                low, high = moving.get(program.loss.output.name.symbol, (0.0, 0.0))
                found[0].append(float(low))
                found[1].append(float(high))
    return np.array(found[0]), np.array(found[1])


def _moved(
    linear: Linear, equation: Equation, moving: Mapping[Any, Interval], ends: list[dict[Any, Any]]
) -> Interval | None:
    if not any(references(t.body, moving) for t in equation.terms):
        return None
    if equation.reduction not in ("sum", "logsumexp"):
        shape = tuple(int(linear.form.size(linear.form.axes[i])) for i in equation.indices)
        return np.full(shape, -np.inf), np.full(shape, np.inf)
    low: Any = 0.0
    high: Any = 0.0
    for term in equation.terms:
        order = (*equation.indices, *term.over)
        sizes = tuple(int(linear.form.size(linear.form.axes[i])) for i in order)
        axes = tuple(range(len(equation.indices), len(order)))
        least, most = _of_body(linear, term.body, moving, ends, order)
        parts = [np.broadcast_to(p, sizes) for p in (least, most)]
        if equation.reduction == "logsumexp":
            # Its weights are positive, so each end stays an end.
            value = np.broadcast_to(kinks.worked(term.body, ends[0], linear.form, order), sizes)
            flat = [p.reshape(*sizes[: len(equation.indices)], -1) for p in (value, *parts)]
            return kinks.logsumexp(flat[0], flat[1]), kinks.logsumexp(flat[0], flat[2])
        low, high = low + parts[0].sum(axis=axes), high + parts[1].sum(axis=axes)
    return low, high


def _of_body(
    linear: Linear, body: Any, moving: Mapping[Any, Interval], ends: list[dict[Any, Any]], order: tuple[Any, ...]
) -> Interval:
    low: Any = 0.0
    high: Any = 0.0
    sides = [{s: v[k] for s, v in moving.items()} for k in (0, 1)]
    for reference in references(body, moving):
        # A body is affine in its own s, so its slopes are extreme where s is.
        slopes = [kinks.worked(derivative(body, reference), end, linear.form, order) for end in ends]
        drifts = [kinks.worked(reference, side, linear.form, order) for side in sides]
        products = [np.where(np.equal(a, 0) | np.equal(d, 0), 0.0, np.multiply(a, d)) for a in slopes for d in drifts]
        low = low + np.minimum.reduce(np.broadcast_arrays(*products))
        high = high + np.maximum.reduce(np.broadcast_arrays(*products))
    return low, high
