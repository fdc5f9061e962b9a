"""The value of a formula as it was typed, node by node, over arrays of mpmath numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import mpmath
import numpy as np

from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS
from symcalc.marking import arrays
from symcalc.marking.arrays import COMPARED, VALUE
from symcalc.notation import tree

mp = mpmath.mp


class Unread(Exception):
    """The formula is written in a form that is not followed here."""


class TypedValues:
    """Works out a formula at one place.

    Args:
        formula: The tree, with functions that stand for formulas put in.
        values: Name → its value there: an mpmath number or an array of them.
    """

    def __init__(self, formula: tree.Formula, values: Mapping[str, Any]) -> None:
        self.definitions = {s.name: s.expression for s in formula.statements[:-1] if s.name}
        self.expression, self.given = formula.statements[-1].expression, values
        self.known: dict[int, Any] = {}

    def value(self, node: tree.Node) -> Any:
        """The value of a node."""
        if id(node) not in self.known:
            self.known[id(node)] = self._value(node)
        return self.known[id(node)]

    def _value(self, node: tree.Node) -> Any:
        match node:
            case tree.Number():
                return mp.mpf(node.value.numerator) / node.value.denominator
            case tree.Ref():
                if node.indices:
                    raise Unread
                if node.name in self.definitions and node.name not in self.given:
                    return self.value(self.definitions[node.name])
                return self.given[node.name]
            case tree.Unary():
                return -self.value(node.operand) if node.op == "-" else self.value(node.operand)
            case tree.Binary():
                return _OPERATORS[node.op](self.value(node.left), self.value(node.right))
            case tree.Bars():
                return arrays.entrywise("abs")(self.value(node.operand))
            case tree.Transpose():
                return self.value(node.operand).T
            case tree.Stack():
                return stacked([self.value(i) for i in node.items])
            case tree.Compare():
                return COMPARED[node.op](*(np.asarray(self.value(n), dtype=object) for n in (node.left, node.right)))
            case tree.Call():
                return self._called(node, [self.value(a) for a in node.arguments])
        raise Unread

    def _called(self, node: tree.Call, values: list[Any]) -> Any:
        word = word_of(node)
        if word == "where":
            return np.where(*values)
        if word == "dot":
            return arrays.matrix_product(*values)
        if word == "outer":
            return np.outer(*values)
        if word == "solve":
            return arrays.matrix_product(arrays.inverse(values[0]), values[1])
        if FUNCTIONS[word].kind == "elementwise":
            return reduce(arrays.entrywise(word), values) if len(values) > 1 else arrays.entrywise(word)(*values)
        if len(values) > 1:
            raise Unread
        if np.ndim(values[0]) == 0 and word not in ("sum", "mean", "max", "min", "prod"):
            raise Unread
        return values[0] if np.ndim(values[0]) == 0 else VALUE[word](values[0], node.axis)


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "^": arrays.power, "@": arrays.matrix_product,
}  # fmt: skip


def word_of(node: tree.Call) -> str:
    """The function a call means, by its own name."""
    word = SPELLINGS[node.function]
    return f"{word}imum" if word in ("max", "min") and len(node.arguments) > 1 else word


def stacked(values: list[Any]) -> Any:
    """Values side by side, as the last axis."""
    return np.stack(np.broadcast_arrays(*(np.asarray(v, dtype=object) for v in values)), axis=-1)
