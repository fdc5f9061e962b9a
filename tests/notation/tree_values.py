"""What a printed formula is worth: its tree worked out with NumPy, by the meaning people read into it.

Nothing of the engine takes part: names stand for arrays, a product is a product, ⊙ is entry by entry, and an
entry whose index runs outside of its array is 0.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from symcalc.notation import tree


def softplus(z):
    return np.logaddexp(0, z)


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def logsumexp(z, axis=None):
    top = np.max(z)
    return top + np.log(np.sum(np.exp(z - top), axis=axis))


def diag(u):
    return np.diag(u)


FUNCTIONS = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "cosh": np.cosh, "sinh": np.sinh, "abs": np.abs,
    "sin": np.sin, "cos": np.cos, "sign": np.sign, "hypot": np.hypot, "inv": np.linalg.inv, "det": np.linalg.det,
    "outer": np.outer, "trace": np.trace, "diag": diag, "softmax": softmax, "softplus": softplus, "mean": np.mean,
    "sum": np.sum, "logsumexp": logsumexp, "var": np.var, "std": np.std, "diff": np.diff, "norm": np.linalg.norm,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "relu": lambda z: np.maximum(z, 0), "log1p": np.log1p,
    "expm1": np.expm1, "max": np.maximum, "min": np.minimum, "where": np.where, "prod": np.prod, "solve": np.linalg.solve,
    "norm1": lambda u: np.sum(np.abs(u)), "logdet": lambda a: np.linalg.slogdet(a)[1],
}  # fmt: skip
OPERATIONS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "@": np.matmul, "⊙": np.multiply,
}  # fmt: skip
COMPARISONS = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip


def worth(node: tree.Node, names: Mapping[str, Any]) -> Any:
    """The value of a tree without indices.

    Args:
        node: The tree.
        names: Name → number or array; `I` is the identity unless it is given.
    """
    match node:
        case tree.Number():
            return float(node.value)
        case tree.Ref():
            return names[node.name] if node.name in names else {"pi": math.pi, "e": math.e}[node.name]
        case tree.Unary():
            value = worth(node.operand, names)
            return -value if node.op == "-" else value
        case tree.Binary():
            left, right = worth(node.left, names), worth(node.right, names)
            if node.op == "*" and np.ndim(left) == np.ndim(right) == 2 and node.start < 0:
                raise AssertionError("a product of two matrices is printed with @ or ⊙")
            return OPERATIONS[node.op](left, right)
        case tree.Compare():
            return COMPARISONS[node.op](worth(node.left, names), worth(node.right, names))
        case tree.Call():
            arguments = [worth(a, names) for a in node.arguments]
            if node.function in ("max", "min") and len(arguments) == 1:
                return getattr(np, node.function)(arguments[0], axis=node.axis)
            if node.function == "mean" and node.axis is None and len(arguments) == 1:
                return np.mean(arguments[0])
            return FUNCTIONS[node.function](*arguments, **({} if node.axis is None else {"axis": node.axis}))
        case tree.Bars():
            return np.abs(worth(node.operand, names))
        case tree.Transpose():
            return np.transpose(worth(node.operand, names))
        case tree.Stack():
            return np.stack([worth(i, names) for i in node.items], axis=-1)
        case tree.Bracket():
            return worth(node.condition, names) * 1.0
    raise TypeError(type(node).__name__)


def worth_by_entries(node: tree.Node, free: tuple[str, ...], shape: tuple[int, ...], names: Mapping[str, Any]) -> Any:
    """The value of a tree in index form, entry by entry.

    Args:
        node: The tree.
        free: The letters on the left side.
        shape: How far each runs.
        names: Name → number or array.
    """
    found = np.empty(shape)
    for entry in itertools.product(*map(range, shape)):
        found[entry] = _entry(node, dict(zip(free, entry)), names)
    return found if shape else float(found)


def _entry(node: tree.Node, at: dict[str, int], names: Mapping[str, Any]) -> Any:
    match node:
        case tree.Ref() if node.indices:
            return _picked(names[node.name], node.indices, at)
        case tree.Ref() if node.name in at:
            return at[node.name]
        case tree.Entry():
            return _picked(worth(node.operand, names), node.indices, at)
        case tree.Unary():
            return -_entry(node.operand, at, names)
        case tree.Binary():
            return OPERATIONS[node.op](_entry(node.left, at, names), _entry(node.right, at, names))
        case tree.Compare():
            return COMPARISONS[node.op](_entry(node.left, at, names), _entry(node.right, at, names))
        case tree.Bars():
            return abs(_entry(node.operand, at, names))
        case tree.Bracket():
            return _entry(node.condition, at, names) * 1.0
        case tree.Sigma():
            return sum(_entries(node.body, node.over, at, names))
        case tree.Call():
            word, _, over = node.function.partition("_")
            if over:
                every = np.array(_entries(node.arguments[0], tuple(over.split(",")), at, names))
                if word in ("inv", "det", "logdet"):
                    return FUNCTIONS[word](every.reshape(2 * [math.isqrt(len(every))]))
                return {"max": np.max, "min": np.min}.get(word, FUNCTIONS[word])(every)
            return FUNCTIONS[word](*(_entry(a, at, names) for a in node.arguments))
    return worth(node, names)


def _entries(body: tree.Node, over: tuple[str, ...], at: dict[str, int], names: Mapping[str, Any]) -> list[Any]:
    sizes = [next(s for s in _sizes(body, letter, names)) for letter in over]
    return [_entry(body, {**at, **dict(zip(over, e))}, names) for e in itertools.product(*map(range, sizes))]


def _sizes(node: Any, letter: str, names: Mapping[str, Any]) -> Any:
    """How far a letter runs, by the arrays that it stands in."""
    if isinstance(node, (tree.Ref, tree.Entry)) and letter in node.indices:
        array = names[node.name] if isinstance(node, tree.Ref) else worth(node.operand, names)
        yield np.shape(array)[node.indices.index(letter)]
    for word in getattr(node, "__dataclass_fields__", ()):
        inner = getattr(node, word)
        for part in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(part, tree.Node):
                yield from _sizes(part, letter, names)


def _picked(array: Any, indices: tuple[str, ...], at: dict[str, int]) -> float:
    place = tuple(_number(i, at) for i in indices)
    inside = all(0 <= k < size for k, size in zip(place, np.shape(array)))
    return float(np.asarray(array)[place]) if inside else 0.0


def _number(index: str, at: dict[str, int]) -> int:
    for sign in "+-":
        letter, found, shift = index.partition(sign)
        if found and letter:
            return at[letter] + int(sign + shift)
    return at[index] if index in at else int(index)
