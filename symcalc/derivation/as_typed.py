"""Parts of a printed tree that say what the user typed, back in the user's spelling: `m*x + b`, not `b + m·x`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symcalc.language.names import children, walk
from symcalc.notation import tree


class Typed:
    """The typed parts of one formula, found by what they mean.

    Args:
        formula: The typed formula.
    """

    def __init__(self, formula: tree.Formula) -> None:
        self.parts: dict[Any, tree.Node] = {}
        for statement in formula.statements:
            for node in walk(statement.expression):
                if isinstance(node, tree.Binary | tree.Call) and node.start >= 0:
                    self.parts.setdefault(_key(node), node)

    def put_back(self, node: tree.Node) -> tree.Node:
        """The tree with each part that was typed as it was typed."""
        if isinstance(node, tree.Ref | tree.Number) or node.start >= 0:
            return node
        typed = self.parts.get(_key(node))
        if typed is not None:
            return typed
        if isinstance(node, tree.Binary) and node.op in "+-":
            turned = self.parts.get(_negated(_key(node)))
            if turned is not None:
                return tree.Unary(-1, -1, "-", turned)
        match node:
            case tree.Unary() | tree.Bars():
                return replace(node, operand=self.put_back(node.operand))
            case tree.Binary():
                return replace(node, left=self.put_back(node.left), right=self.put_back(node.right))
            case tree.Call():
                return replace(node, arguments=tuple(map(self.put_back, node.arguments)))
        return node


def _key(node: tree.Node) -> Any:
    """What a tree means, up to the order of sums and products."""
    match node:
        case tree.Number():
            return ("number", node.value)
        case tree.Ref():
            return ("name", node.name, node.indices)
        case tree.Binary() if node.op in "+-":
            return ("sum", tuple(sorted(_terms(node, 1), key=repr)))
        case tree.Binary() if node.op in "*/":
            return ("product", tuple(sorted(_factors(node, 1), key=repr)))
        case tree.Unary() if node.op == "-":
            return ("sum", ((-1, _key(node.operand)),))
        case tree.Binary():
            return (node.op, _key(node.left), _key(node.right))
        case tree.Call():
            return ("call", node.function, node.axis, tuple(map(_key, node.arguments)))
    return (type(node).__name__, repr(node) if not children(node) else tuple(map(_key, children(node))))


def _terms(node: tree.Node, sign: int) -> list[Any]:
    if isinstance(node, tree.Binary) and node.op in "+-":
        return _terms(node.left, sign) + _terms(node.right, sign if node.op == "+" else -sign)
    if isinstance(node, tree.Unary) and node.op == "-":
        return _terms(node.operand, -sign)
    return [(sign, _key(node))]


def _factors(node: tree.Node, power: int) -> list[Any]:
    if isinstance(node, tree.Binary) and node.op in "*/":
        return _factors(node.left, power) + _factors(node.right, power if node.op == "*" else -power)
    return [(power, _key(node))]


def _negated(key: Any) -> Any:
    return ("sum", tuple(sorted(((-sign, part) for sign, part in key[1]), key=repr)))


def without_indices(node: tree.Node) -> tree.Node:
    """A tree without the indices of its names: m·x for m·x[i]."""
    match node:
        case tree.Ref():
            return replace(node, indices=())
        case tree.Unary() | tree.Bars() | tree.Transpose():
            return replace(node, operand=without_indices(node.operand))
        case tree.Binary():
            return replace(node, left=without_indices(node.left), right=without_indices(node.right))
        case tree.Call():
            return replace(node, arguments=tuple(map(without_indices, node.arguments)))
    return node
