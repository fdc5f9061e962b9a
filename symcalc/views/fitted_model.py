"""The model that a descent has found, with its numbers put in: `yhat = 148.364*z + 470`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from symcalc.compute.prediction import columns_needed
from symcalc.descent.trace import Trace
from symcalc.language.names import walk
from symcalc.notation import text, tree
from symcalc.views.look import Look

_PLACES = 6


@dataclass(frozen=True)
class Line:
    """A model that is a straight line in one column of the data.

    Attributes:
        column: The column.
        slope: How much the prediction rises for each unit of it.
        intercept: The prediction where it is 0.
    """

    column: str
    slope: float
    intercept: float

    def written(self, of: str) -> str:
        """`1.441038*x + 102.535377`, with a word or a number for the column."""
        sign, size = ("-", -self.intercept) if self.intercept < 0 else ("+", self.intercept)
        return f"{_places(self.slope)}*{of} {sign} {_places(size)}"


def model_text(trace: Trace, name: str | None, left: str, look: Look) -> str | None:
    """The model with the values of its parameters: `yhat = 148.364*z + 470`; None where there is no one model.

    Args:
        trace: The descent; its last point is put in.
        name: The definition that predicts; None for the model of the loss's one residual.
        left: What to call the model where the formula has no name for it.
        look: How many digits.
    """
    model = model_tree(trace.program.loss, name)
    if model is None:
        return None
    loss: Any = trace.program.loss
    definitions = {s.name: s.expression for s in loss.formula.statements if s.name}
    values = {n: _number(v, look) for n, v in trace.point.items() if np.ndim(v) == 0}
    moved = set(trace.walked.layout.names)
    put_in: dict[str, tree.Node] = {**values}
    for word, expression in definitions.items():
        # A definition that holds parameters is put in; one of columns only keeps its name.
        if any(isinstance(n, tree.Ref) and n.name in {*moved, *put_in} for n in walk(expression)):
            put_in[word] = _put_in(expression, put_in)
    return f"{name or left} = {text.write(_put_in(model, put_in), text.ASCII)}"


def model_tree(loss: Any, name: str | None) -> tree.Node | None:
    """The typed model: the definition `name`, or what the one residual compares with a column."""
    definitions = {s.name: s.expression for s in loss.formula.statements if s.name}
    if name is None and loss.residual is not None:
        column, name = loss.residual
        if name is None:
            return _compared(loss, column)
    return definitions.get(name)


def line_of(trace: Trace, name: str | None) -> Line | None:
    """The model as a straight line in one column; None where it is not one."""
    program: Any = trace.program
    columns = columns_needed(program.loss, name)
    if len(columns) != 1:
        return None
    at = np.array([0.0, 1.0, 2.0])
    zero, one, two = map(float, program.predict(trace.point, {columns[0]: at}, name))
    size = max(abs(zero), abs(one), abs(two))
    if not abs(two - 2 * one + zero) <= 1e-9 * size:
        return None
    return Line(columns[0], one - zero, zero)


def _compared(loss: Any, column: str) -> tree.Node | None:
    for statement in loss.formula.statements:
        for node in walk(statement.expression):
            if not (isinstance(node, tree.Binary) and node.op == "-"):
                continue
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, tree.Ref) and one.name == column:
                    return other
    return None


def _put_in(node: tree.Node, values: Mapping[str, tree.Node]) -> tree.Node:
    match node:
        case tree.Ref():
            return values.get(node.name, node)
        case tree.Unary() | tree.Bars() | tree.Transpose():
            return replace(node, operand=_put_in(node.operand, values))
        case tree.Binary() | tree.Compare():
            found = replace(node, left=_put_in(node.left, values), right=_put_in(node.right, values))
            return _signed(found) if isinstance(found, tree.Binary) else found
        case tree.Call():
            return replace(node, arguments=tuple(_put_in(a, values) for a in node.arguments))
        case tree.Stack():
            return replace(node, items=tuple(_put_in(i, values) for i in node.items))
    return node


def _signed(node: tree.Binary) -> tree.Binary:
    """`x + -3` as `x - 3`."""
    right = node.right
    if node.op in "+-" and isinstance(right, tree.Number) and right.text.startswith("-"):
        return replace(node, op="-" if node.op == "+" else "+", right=replace(right, text=right.text[1:]))
    return node


def _number(value: float, look: Look) -> tree.Number:
    # Only the text is printed.
    return tree.Number(-1, -1, look.number(value), Fraction(0))


def _places(value: float) -> str:
    return f"{value:.{_PLACES}f}".rstrip("0").rstrip(".")
