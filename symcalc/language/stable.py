"""Spellings that overflow, read as functions that do not: the value is the same, the arithmetic is safe."""

from __future__ import annotations

from symcalc.language.scope import Value
from symcalc.notation import tree


def _one_plus_exp(node: tree.Node) -> tree.Node | None:
    """z where a node is 1 + exp(z), either way round."""
    if isinstance(node, tree.Binary) and node.op == "+":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, tree.Number) and one.value == 1 and isinstance(other, tree.Call):
                if other.function == "exp" and len(other.arguments) == 1:
                    return other.arguments[0]
    return None


def call(word: str, arguments: tuple[tree.Node, ...]) -> tuple[str, tuple[tree.Node, ...]] | None:
    """log(1 + exp(z)) as softplus(z), which has no overflow."""
    inside = _one_plus_exp(arguments[0]) if word == "log" else None
    return None if inside is None else ("softplus", (inside,))


def quotient(left: Value, node: tree.Binary) -> tree.Node | None:
    """z where a quotient is 1/(1 + exp(-z)), which is sigmoid(z) and has no overflow."""
    inside = _one_plus_exp(node.right)
    if inside is None or left.constant is None or left.body != 1:
        return None
    if isinstance(inside, tree.Unary) and inside.op == "-":
        return inside.operand
    return tree.Unary(inside.start, inside.end, "-", inside)
