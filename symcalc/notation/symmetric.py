"""Trees without transposes that change nothing: Aᵀ of a symmetric matrix is A, and so it is with its inverse."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sympy as sp

from symcalc.notation import tree

# The rule of the equation by which a parameter is read as its symmetric part.
RULE = "symmetric"
# The rule of the equation of its slope.
SYMMETRIC_PART = "symmetric part"


def oriented(body: Any, symmetric: Collection[Any]) -> Any:
    """A body in which each entry of a symmetric matrix has its indices in one order: A[k,j] is A[j,k].

    Args:
        body: An expression over indexed names.
        symmetric: Symbols of symmetric matrices.
    """
    if not symmetric:
        return body
    found = {a: a.base[tuple(sorted(a.indices, key=str))] for a in body.atoms(sp.Indexed) if a.base in symmetric}
    return body.xreplace({a: b for a, b in found.items() if a != b})


def untransposed(node: tree.Node, symmetric: Collection[str]) -> tree.Node:
    """A printed tree with the transposes of symmetric matrices left away.

    Args:
        node: The tree.
        symmetric: Names of symmetric matrices.
    """
    match node:
        case tree.Transpose():
            inner = untransposed(node.operand, symmetric)
            return inner if _is_symmetric(inner, symmetric) else replace(node, operand=inner)
        case tree.Unary() | tree.Bars() | tree.Entry():
            return replace(node, operand=untransposed(node.operand, symmetric))
        case tree.Binary() | tree.Compare():
            left, right = (untransposed(part, symmetric) for part in (node.left, node.right))
            return replace(node, left=left, right=right)
        case tree.Call():
            return replace(node, arguments=tuple(untransposed(a, symmetric) for a in node.arguments))
    return node


def _is_symmetric(node: tree.Node, symmetric: Collection[str]) -> bool:
    if isinstance(node, tree.Call) and node.function == "inv":
        return _is_symmetric(node.arguments[0], symmetric)
    return isinstance(node, tree.Ref) and node.name in symmetric
