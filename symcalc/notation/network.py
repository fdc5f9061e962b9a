"""A contraction of vectors and matrices as a matrix product: Σ_i X[i,j]·r[i] is Xᵀr.

Each summed index is carried out in turn: a vector meets a matrix, two matrices meet, or a vector is summed.
What is left is the vector or matrix of the free indices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.notation import tree
from symcalc.notation.forming import entrywise


@dataclass(frozen=True)
class Block:
    """A vector (one index) or a matrix (two), with its tree."""

    indices: tuple[Any, ...]
    tree: tree.Node


class NoProduct(Exception):
    """The contraction is no product of vectors and matrices."""


Elementwise = Callable[[Any, tuple[Any, ...]], tree.Node]


def product(factors: list[Any], over: tuple[Any, ...], free: tuple[Any, ...], elementwise: Elementwise) -> tree.Node:
    """The tree of Σ over `over` of a product, as an array over `free`.

    Args:
        factors: The factors, each with at least one index.
        over: The summed indices.
        free: The free indices: one for a vector, two for a matrix.
        elementwise: Writes a body over an order of indices.

    Raises:
        NoProduct: It is no product of vectors and matrices.
    """
    blocks = _blocks(factors, (*free, *over), elementwise)
    left = list(over)
    while left:
        index = min(left, key=lambda i: _work(blocks, i))
        blocks = _carried_out(blocks, index)
        left.remove(index)
    return _together(_joined(blocks, free))


def _blocks(factors: list[Any], order: tuple[Any, ...], elementwise: Elementwise) -> list[Block]:
    groups: dict[frozenset[Any], list[Any]] = {}
    for factor in factors:
        used = frozenset(i for i in order if i in factor.atoms(sp.Symbol))
        if not 1 <= len(used) <= 2:
            raise NoProduct
        groups.setdefault(used, []).append(factor)
    blocks = []
    for used, parts in groups.items():
        indices = next((p.indices for p in parts if isinstance(p, sp.Indexed) and len(p.indices) == len(used)), None)
        if indices is None:
            indices = next((a.indices for p in parts for a in p.atoms(sp.Indexed) if set(a.indices) == used), None)
        # A diagonal S[j,j] is no matrix of a product.
        if indices is None or len(set(indices)) < len(indices):
            raise NoProduct
        blocks.append(Block(tuple(indices), elementwise(sp.Mul(*parts), tuple(indices))))
    return blocks


def _work(blocks: list[Block], index: Any) -> tuple[int, int]:
    """Vectors first: what carries out an index while fewest matrices are touched."""
    touched = [b for b in blocks if index in b.indices]
    return sum(len(b.indices) == 2 for b in touched), len(touched)


def _carried_out(blocks: list[Block], index: Any) -> list[Block]:
    vectors = [b for b in blocks if b.indices == (index,)]
    matrices = [b for b in blocks if index in b.indices and len(b.indices) == 2]
    rest = [b for b in blocks if index not in b.indices]
    if len(vectors) > 1 or len(matrices) > 2 or not matrices:
        raise NoProduct
    if len(matrices) == 1:
        (matrix,) = matrices
        (other,) = [i for i in matrix.indices if i != index] or [None]
        if other is None:
            raise NoProduct
        if not vectors:
            axis = matrix.indices.index(index)
            return [*rest, Block((other,), tree.Call(-1, -1, "sum", (matrix.tree,), axis))]
        return [*rest, Block((other,), tree.Binary(-1, -1, "@", _oriented(matrix, (other, index)), vectors[0].tree))]
    one, two = matrices
    a, b = (next((i for i in m.indices if i != index), index) for m in (one, two))
    if index in (a, b):
        raise NoProduct
    left, right = _oriented(one, (a, index)), _oriented(two, (index, b))
    if vectors:
        right = tree.Binary(-1, -1, "@", tree.Call(-1, -1, "diag", (vectors[0].tree,)), right)
    return [*rest, Block((a, b), tree.Binary(-1, -1, "@", left, right))]


def _oriented(matrix: Block, wanted: tuple[Any, Any]) -> tree.Node:
    return matrix.tree if matrix.indices == wanted else transposed(matrix.tree)


def transposed(node: tree.Node) -> tree.Node:
    """A tree transposed: (AB)ᵀ is written BᵀAᵀ, and Aᵀᵀ is A."""
    if isinstance(node, tree.Transpose):
        return node.operand
    if isinstance(node, tree.Binary) and node.op == "+" and node.right == tree.Transpose(-1, -1, node.left):
        return node
    if isinstance(node, tree.Binary) and node.op == "@" and node.start < 0:
        return tree.Binary(-1, -1, "@", transposed(node.right), transposed(node.left))
    return tree.Transpose(-1, -1, node)


def _together(node: tree.Node) -> tree.Node:
    """AᵀBᵀCᵀ as (CBA)ᵀ, from three factors on."""
    chain = _chain(node)
    if len(chain) < 3 or not all(isinstance(c, tree.Transpose) for c in chain):
        return node
    result = transposed(chain[-1])
    for factor in reversed(chain[:-1]):
        result = tree.Binary(-1, -1, "@", result, transposed(factor))
    return tree.Transpose(-1, -1, result)


def _chain(node: tree.Node) -> list[tree.Node]:
    if isinstance(node, tree.Binary) and node.op == "@" and node.start < 0:
        return [*_chain(node.left), *_chain(node.right)]
    return [node]


def _joined(blocks: list[Block], free: tuple[Any, ...]) -> tree.Node:
    vectors = {i: [b.tree for b in blocks if b.indices == (i,)] for i in free}
    matrices = [b for b in blocks if len(b.indices) == 2]
    if len(free) == 1:
        if matrices or not vectors[free[0]]:
            raise NoProduct
        return entrywise(vectors[free[0]])
    if len(free) != 2 or len(matrices) > 1:
        raise NoProduct
    row, column = (vectors[i] for i in free)
    if not matrices:
        if not row or not column:
            raise NoProduct
        return tree.Call(-1, -1, "outer", (entrywise(row), entrywise(column)))
    result = _oriented(matrices[0], (free[0], free[1]))
    if row and column:
        return entrywise([tree.Call(-1, -1, "outer", (entrywise(row), entrywise(column))), result])
    if row:
        return tree.Binary(-1, -1, "@", tree.Call(-1, -1, "diag", (entrywise(row),)), result)
    if column:
        return tree.Binary(-1, -1, "@", result, tree.Call(-1, -1, "diag", (entrywise(column),)))
    return result
