"""What a slope is made of at a point: which rows pull on it, and which terms of the loss.

found = contributions(program, {"m": 1.4, "b": 70})
found.rows["m"]          array (n,): what each row adds to ∂L/∂m; with found.rest["m"] they sum to the slope

A slope is a sum over the rows, and the summand of its own equation is what each row adds. Where a row enters through
a statistic of all rows (`mean(x)`, `std(x)`), that statistic is held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.gradient import differentiate
from symcalc.calculus.partials import base_of
from symcalc.compute.assembly import assemble
from symcalc.compute.program import Program, compile_gradient
from symcalc.equations import Equation, Name, Term
from symcalc.errors import InputError
from symcalc.looks import Shown
from symcalc.notation import tree


@dataclass(frozen=True)
class Contributions(Shown):
    """What the slopes of a loss are made of at a point.

    Attributes:
        point: Parameter name → value.
        slopes: Parameter name → slope.
        rows: Parameter name → what each row adds to it, (n,) + the parameter's shape; {} without rows.
        rest: Parameter name → what no row adds: penalties and the like.
        terms: (term as typed, parameter name → its own slope) for each term of the loss, where it is a sum.
    """

    point: Mapping[str, Any]
    slopes: Mapping[str, Any]
    rows: Mapping[str, Any]
    rest: Mapping[str, Any]
    terms: tuple[tuple[str, Mapping[str, Any]], ...]


def contributions(program: Program, at: Any) -> Contributions:
    """What each row and each term of the loss adds to each slope at a point.

    Args:
        program: The compiled loss.
        at: The point.

    Raises:
        InputError: The point does not fit, or the loss has one value a row.
    """
    if program.loss.per_row:
        raise InputError("This formula has one value a row, so each slope belongs to its own row already.")
    point = program.checked_point(at)
    slopes = program.gradient(point)
    rows: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name in program.gradient_equations.wrt:
        if program.loss.rows and name.name in slopes:
            rows[name.name], rest[name.name] = _by_row(program, name, point)
    return Contributions(point, slopes, rows, rest, _terms(program, point))


def _by_row(program: Program, name: Name, point: dict[str, Any]) -> tuple[Any, Any]:
    """(what each row adds, what none does) to the slope in one parameter."""
    gradient = program.gradient_equations
    equation = gradient.equation_of(name.name)
    row = _row_index(program)
    over_rows, others = [], []
    for term in _expanded(program, equation):
        index = next((i for i in term.over if gradient.notation.axes[i].rows), None)
        if index is None:
            others.append(term)
        else:
            over = tuple(i for i in term.over if i != index)
            over_rows.append(Term(over, term.body.xreplace({index: row})))
    shape = program.layout.shapes[name.name]
    rows = int(program.loss.rows or 0)
    by_row = _worked(program, point, tuple(over_rows), (row, *equation.indices), (rows, *shape))
    return by_row, _worked(program, point, tuple(others), equation.indices, shape)


def _row_index(program: Program) -> Any:
    axes = program.gradient_equations.notation.axes
    return next(index for index, axis in axes.items() if axis.rows)


def _expanded(program: Program, equation: Equation) -> list[Term]:
    """The terms of a slope, with inner slopes that sum over the rows put in where they are a factor."""
    axes = program.gradient_equations.notation.axes
    by_symbol = {e.name.symbol: e for e in program.gradient_equations.derived}
    done: list[Term] = []
    for term in equation.terms:
        inner = None
        if not any(axes[i].rows for i in term.over):
            inner = next(
                (
                    f
                    for f in sp.Mul.make_args(term.body)
                    if base_of(f) in by_symbol and not any(a.rows for a in by_symbol[base_of(f)].name.axes)
                ),
                None,
            )
        if inner is None or by_symbol[base_of(inner)].reduction != "sum":
            done.append(term)
            continue
        made = by_symbol[base_of(inner)]
        mapping = dict(zip(made.indices, getattr(inner, "indices", ())))
        taken = {*term.over, *equation.indices}
        for part in _expanded(program, made):
            if taken & set(part.over):
                done.append(term)  # an index would stand for two things
                break
            body = part.body.xreplace(mapping)
            done.append(Term((*term.over, *part.over), term.body / inner * body))
    return done


def _worked(
    program: Program, point: dict[str, Any], terms: tuple[Term, ...], indices: tuple[Any, ...], shape: tuple[int, ...]
) -> Any:
    if not terms:
        return np.zeros(shape) if shape else 0.0
    gradient = program.gradient_equations
    axes = tuple(gradient.notation.axes[i] for i in indices)
    label = sp.Symbol("contributed", real=True)
    made = Name("contributed", "derivative", axes, sp.IndexedBase(label) if axes else label)
    equations = (*gradient.equations, Equation(made, indices, terms))
    names = {**gradient.notation.names, made.symbol: made}
    assembled = assemble(
        equations, program.parameters, [made], program.given, gradient.notation.axes, program.sizes, names, "numpy"
    )
    with np.errstate(all="ignore"):
        (value,) = assembled.function(*point.values())
    found = np.array(np.broadcast_to(np.asarray(value, dtype=float), shape))
    return found if shape else float(found)


def _terms(program: Program, point: dict[str, Any]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Each term of a loss that is a sum, with its own slopes."""
    loss = program.loss
    last = loss.formula.statements[-1].expression
    parts = _addends(last, "+")
    if len(parts) < 2:
        return ()
    found = []
    for sign, node in parts:
        part = compile_gradient(differentiate(loss.with_loss(node)))
        known = {name: point[name] for name in part.layout.names}
        own = part.gradient(known) if known else {}
        factor = -1.0 if sign == "-" else 1.0
        slopes = {
            n: factor * np.asarray(own.get(n, np.zeros(s)), dtype=float) for n, s in program.layout.shapes.items()
        }
        text = loss.notation.as_typed(node)
        found.append((f"-{text}" if sign == "-" else text, {n: v if v.ndim else float(v) for n, v in slopes.items()}))
    return tuple(found)


def _addends(node: tree.Node, sign: str) -> list[tuple[str, tree.Node]]:
    """The terms of a typed sum, each with its sign."""
    if isinstance(node, tree.Binary) and node.op in "+-":
        flipped = {"+": "-", "-": "+"}[sign] if node.op == "-" else sign
        return [*_addends(node.left, sign), *_addends(node.right, flipped)]
    return [(sign, node)]
