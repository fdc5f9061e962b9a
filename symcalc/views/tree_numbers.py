"""A printed formula with numbers put in: `-2·mean(r)` becomes `-2·38.665`.

Scalars are written as their numbers; a mean, a sum or any other call that makes one number of arrays is written as
that number. What is left is arithmetic on numbers that a reader can follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from symcalc.notation import tree

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "cosh": np.cosh, "sinh": np.sinh, "abs": np.abs,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "sign": np.sign, "hypot": np.hypot, "mean": np.mean, "sum": np.sum,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "softplus": lambda z: np.logaddexp(0, z), "relu": lambda z: np.maximum(z, 0),
    "log1p": np.log1p, "expm1": np.expm1, "norm": np.linalg.norm, "dot": np.dot, "trace": np.trace, "outer": np.outer,
    "prod": np.prod, "var": np.var, "std": np.std, "inv": np.linalg.inv, "det": np.linalg.det, "asin": np.arcsin,
    "acos": np.arccos, "atan": np.arctan, "norm1": lambda u: np.sum(np.abs(u)),
}  # fmt: skip
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "@": np.matmul, "⊙": np.multiply,
}  # fmt: skip


class Unworkable(Exception):
    """The formula holds something that has no value here."""


def put_in(node: tree.Node, values: Mapping[str, Any], written: Callable[[float], str]) -> tree.Node | None:
    """The formula with its scalars as numbers; None where it is no arithmetic on scalars.

    Args:
        node: The formula.
        values: Name → number or array.
        written: How a number is written.
    """
    try:
        with np.errstate(all="ignore"):
            return _numbers(node, values, written)
    except (Unworkable, ValueError, TypeError, np.linalg.LinAlgError):
        return None


def _numbers(node: tree.Node, values: Mapping[str, Any], written: Callable[[float], str]) -> tree.Node:
    match node:
        case tree.Number():
            return replace(node, start=-1, end=-1)
        case tree.Ref() | tree.Call() if not (isinstance(node, tree.Call) and _scalar(node, values)):
            return _number(_value(node, values), written)
        case tree.Unary() | tree.Bars():
            return replace(node, operand=_numbers(node.operand, values, written), start=-1, end=-1)
        case tree.Binary() if node.op in "+-*/^":
            left, right = (_numbers(part, values, written) for part in (node.left, node.right))
            return replace(node, left=left, right=right, start=-1, end=-1)
        case tree.Call():
            arguments = tuple(_numbers(a, values, written) for a in node.arguments)
            return replace(node, arguments=arguments, start=-1, end=-1)
    return _number(_value(node, values), written)


def _scalar(node: tree.Call, values: Mapping[str, Any]) -> bool:
    """Whether a call is of scalars: exp(z) for a number z."""
    return all(np.ndim(_value(a, values)) == 0 for a in node.arguments)


def _number(value: Any, written: Callable[[float], str]) -> tree.Node:
    if np.ndim(value) != 0 or not np.isfinite(value):
        raise Unworkable
    return tree.Number(-1, -1, written(float(value)), Fraction(float(value)))


def _value(node: tree.Node, values: Mapping[str, Any]) -> Any:
    match node:
        case tree.Number():
            return float(node.value)
        case tree.Ref() if not node.indices and node.name in values:
            return values[node.name]
        case tree.Unary():
            value = _value(node.operand, values)
            return -value if node.op == "-" else value
        case tree.Bars():
            return np.abs(_value(node.operand, values))
        case tree.Transpose():
            return np.transpose(_value(node.operand, values))
        case tree.Binary():
            return _OPERATORS[node.op](_value(node.left, values), _value(node.right, values))
        case tree.Call() if node.function in _FUNCTIONS and node.axis is None:
            return _FUNCTIONS[node.function](*(_value(a, values) for a in node.arguments))
    raise Unworkable
