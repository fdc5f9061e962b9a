"""Products of arrays in index notation: matrix products, traces, stacks and their kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy as sp

from symcalc.equations import Axis, Term
from symcalc.language.faults import Fault
from symcalc.language.scope import Value, single
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.lowering import Lowering


def same_axis(a: Axis, b: Axis) -> bool:
    """Whether two axes may run together: the same one, or equally long ones neither of which is the rows."""
    if a == b:
        return True
    if a.rows or b.rows:
        return False
    return a.label == b.label if a.size is None or b.size is None else a.size == b.size


def substituted(value: Value, mapping: dict[Any, Any]) -> Value:
    """The value (which sums over nothing) with indices renamed."""
    if not mapping:
        return value
    return single(value.body.xreplace(mapping), tuple(mapping.get(i, i) for i in value.indices))


def fresh(low: Lowering, value: Value, taken: tuple[Any, ...]) -> Value:
    """The value with every free index that is taken elsewhere renamed to a fresh one."""
    return substituted(value, {i: low.scope.index(low.scope.axis_of[i]) for i in value.indices if i in taken})


def operand(low: Lowering, node: tree.Node) -> Value:
    """An operand of a product: one body that sums over nothing."""
    return low.solid(low.lower(node), node)


def matmul(low: Lowering, node: tree.Binary) -> Value:
    """left @ right with NumPy's meaning: the last axis of the left runs with the first of the right."""
    return contracted(low, node, node.left, node.right)


def contracted(low: Lowering, node: tree.Node, one: tree.Node, two: tree.Node) -> Value:
    """Σ over the last axis of `one` and the first of `two`."""
    if low.letters is not None:
        raise Fault("In index form a product is written with * and a sum over the shared index.", node)
    left, right = operand(low, one), operand(low, two)
    for value, side in ((left, one), (right, two)):
        if not value.indices:
            raise Fault(f"{low.source(side)} is a number; @ needs vectors or matrices, write *.", side)
    right = fresh(low, right, left.indices)
    last, first = left.indices[-1], right.indices[0]
    axis, other = low.scope.axis_of[last], low.scope.axis_of[first]
    if not same_axis(axis, other):
        raise Fault(_misfit(low, node, one, two, left, right), node)
    right = substituted(right, {first: last})
    body = left.body * right.body
    return Value((Term((last,), body),), left.indices[:-1] + right.indices[1:])


def _misfit(low: Lowering, node: tree.Node, one: tree.Node, two: tree.Node, left: Value, right: Value) -> str:
    axis = low.scope.axis_of[left.indices[-1]]
    text = (
        f"{low.source(node)} does not fit: {low.source(one)} is {low.shape(left)}, "
        f"{low.source(two)} is {low.shape(right)}."
    )
    if axis.entries and len(right.indices) == 1:
        columns = ", ".join(axis.entries)
        return f"{text} {low.source(two)} needs one number per column of {low.source(one)} ({columns})."
    if axis.rows:
        return f"{text} Rows only run with rows; for a matrix of weights declare its shape: --shape W=3x8."
    return f"{text} The last size on the left must be the first on the right."


def stack(low: Lowering, node: tree.Stack) -> Value:
    """[a, b]: values side by side, as the last axis of one array."""
    values = [operand(low, item) for item in node.items]
    first = max(values, key=lambda v: len(v.indices))
    values = [low.aligned(node, first, v)[1] for v in values]
    names = tuple(low.source(item) for item in node.items)
    axis = low.scope.axis(len(values), entries=names)
    column = low.scope.index(axis)
    body = sp.Add(*(v.body * sp.KroneckerDelta(column, k) for k, v in enumerate(values)))
    return low.scope.define(
        single(body, (*first.indices, column)), typed=node, shown=False, wanted="X", rule="step",
        reason=f"put {', '.join(names)} side by side",
    )  # fmt: skip


def _dot(low: Lowering, node: tree.Call) -> Value:
    return contracted(low, node, *node.arguments)


def _outer(low: Lowering, node: tree.Call) -> Value:
    left = operand(low, node.arguments[0])
    right = fresh(low, operand(low, node.arguments[1]), left.indices)
    for value, side in zip((left, right), node.arguments):
        if len(value.indices) != 1:
            raise Fault(f"outer takes two vectors; {low.source(side)} is {low.shape(value)}.", side)
    return single(left.body * right.body, left.indices + right.indices)


def diagonal(low: Lowering, node: tree.Call) -> Value:
    """The diagonal of a square matrix."""
    (argument,) = node.arguments
    value = low.lower(argument)
    axes = [low.scope.axis_of[i] for i in value.indices]
    if len(axes) != 2 or not same_axis(*axes):
        shape = low.shape(value)
        raise Fault(f"{node.function} takes a square matrix; {low.source(argument)} is {shape}.", argument)
    row, column = value.indices
    terms = tuple(Term(t.over, t.body.xreplace({column: row})) for t in value.terms)
    return Value(terms, (row,))


def _trace(low: Lowering, node: tree.Call) -> Value:
    value = diagonal(low, node)
    return Value(tuple(Term((*value.indices, *t.over), t.body) for t in value.terms))


def _diff(low: Lowering, node: tree.Call) -> Value:
    """Differences of neighbors: u[i+1] - u[i]."""
    (argument,) = node.arguments
    value = operand(low, argument)
    if not value.indices or low.scope.axis_of[value.indices[-1]].size is None:
        raise Fault(f"diff takes a vector of known size; {low.source(argument)} is {low.shape(value)}.", argument)
    value = low.named(value, argument)
    axis = low.scope.axis_of[value.indices[-1]]
    index = low.scope.index(low.scope.axis(axis.size - 1))  # type: ignore[operator]
    last = value.indices[-1]
    body = value.body.xreplace({last: index + 1}) - value.body.xreplace({last: index})
    return low.step(single(body, (*value.indices[:-1], index)), node)


def _diag(low: Lowering, node: tree.Call) -> Value:
    """The diagonal of a square matrix, or the diagonal matrix of a vector, as in NumPy."""
    (argument,) = node.arguments
    value = low.lower(argument)
    if len(value.indices) != 1:
        return diagonal(low, node)
    value = low.solid(value, argument)
    (row,) = value.indices
    column = low.scope.index(low.scope.axis_of[row])
    return single(value.body * sp.KroneckerDelta(row, column), (row, column))


def _transpose(low: Lowering, node: tree.Call) -> Value:
    return low.transpose(tree.Transpose(node.start, node.end, node.arguments[0]))


def _len(low: Lowering, node: tree.Call) -> Value:
    value = low.lower(node.arguments[0])
    if not value.indices:
        raise Fault(f"len takes a vector or matrix; {low.source(node.arguments[0])} is a number.", node)
    return single(low.scope.size(low.scope.axis_of[value.indices[0]]))


def _of_matrix(low: Lowering, node: tree.Call, argument: tree.Node, word: str) -> Value:
    """The inverse, the determinant or its logarithm of a square matrix."""
    value = low.named(low.lower(argument), argument)
    axes = [low.scope.axis_of[i] for i in value.indices]
    if len(axes) != 2 or not same_axis(*axes):
        raise Fault(f"{word} takes a square matrix; {low.source(argument)} is {low.shape(value)}.", argument)
    row, column = (low.scope.index(axis) for axis in axes)
    body = value.body.xreplace(dict(zip(value.indices, (row, column))))
    # The inverse of a matrix from k-space to l-space goes from l-space to k-space.
    free = (low.scope.index(axes[1]), low.scope.index(axes[0])) if word == "inv" else ()
    return low.step(Value((Term((row, column), body),), free), node, word)


def _matrix_function(low: Lowering, node: tree.Call) -> Value:
    return _of_matrix(low, node, node.arguments[0], node.function)


def _solve(low: Lowering, node: tree.Call) -> Value:
    """solve(A, b): the u with A@u = b; worked out by factorization, never by an inverse."""
    matrix, right = node.arguments
    # What is multiplied by is the inverse, and is printed as one.
    inverse = _of_matrix(low, tree.Call(-1, -1, "inv", (matrix,)), matrix, "inv")
    value = fresh(low, operand(low, right), inverse.indices)
    axis, first = inverse.indices[-1], value.indices[:1]
    if not first or not same_axis(low.scope.axis_of[axis], low.scope.axis_of[first[0]]):
        raise Fault(
            f"{low.source(node)} does not fit: {low.source(matrix)} is {low.shape(inverse)}, "
            f"{low.source(right)} is {low.shape(value)}.", node,
        )  # fmt: skip
    value = substituted(value, {first[0]: axis})
    return Value((Term((axis,), inverse.body * value.body),), (inverse.indices[0], *value.indices[1:]))


ARRAYS: dict[str, Callable[[Lowering, tree.Call], Value]] = {
    "dot": _dot, "outer": _outer, "trace": _trace, "diag": _diag, "diff": _diff,
    "transpose": _transpose, "len": _len, "inv": _matrix_function, "det": _matrix_function,
    "logdet": _matrix_function, "solve": _solve,
}  # fmt: skip
