"""Reductions in index notation: mean, sum, max, norm and their kin, over everything or along one axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy as sp

from symcalc.equations import Term
from symcalc.language import indexform
from symcalc.language.faults import Fault
from symcalc.language.functions import Absolute
from symcalc.language.scope import Value, single
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.lowering import Lowering


def reduce(low: Lowering, node: tree.Call, word: str) -> Value:
    """A reduction of its argument over all indices, or over the axis named by `axis=`."""
    argument = node.arguments[0]
    value = low.lower(argument)
    over = indices_over(low, node, value, word)
    if not over:
        if word == "softmax":
            raise Fault(f"softmax takes a vector or matrix; {low.source(argument)} is a number.", argument)
        low.note(f"{low.source(node)} runs over nothing: {low.source(argument)} is one number, so it is that value.")
        return value if word not in ("norm", "norm1", "var", "std") else _SINGLE[word](low, node, value)
    return _BY_WORD[word](low, node, value, over)


def indices_over(low: Lowering, node: tree.Call, value: Value, word: str) -> tuple[Any, ...]:
    """The indices a reduction runs over: those it names, those of its axis, or all."""
    return indexform.over(low, node, value) or _reduced(low, node, value, word)


def _reduced(low: Lowering, node: tree.Call, value: Value, word: str) -> tuple[Any, ...]:
    if node.axis is not None:
        if not -len(value.indices) <= node.axis < len(value.indices):
            inner = node.arguments[0]
            raise Fault(f"{low.source(inner)} has no axis {node.axis}: it is {low.shape(value)}.", node)
        return (value.indices[node.axis],)
    if word in ("softmax", "logsumexp"):
        return value.indices[-1:]
    return value.indices


def _rest(value: Value, over: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(i for i in value.indices if i not in over)


def count(low: Lowering, over: tuple[Any, ...]) -> Any:
    """The number of entries that indices run over."""
    return sp.Mul(*(low.scope.size(low.scope.axis_of[i]) for i in over))


def total(value: Value, over: tuple[Any, ...], factor: Any = sp.S.One) -> Value:
    """factor · Σ over the indices."""
    terms = tuple(Term((*over, *t.over), factor * t.body) for t in value.terms)
    return Value(terms, _rest(value, over))


def _sum(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    return total(value, over)


def _mean(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    return total(value, over, 1 / count(low, over))


def _extreme(reduction: str) -> Callable[..., Value]:
    def reduced(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
        value = low.named(value, node.arguments[0])
        return low.step(Value((Term(over, value.body),), _rest(value, over)), node, reduction)

    return reduced


def _logsumexp(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    return _extreme("logsumexp")(low, node, value, over)


def _softmax(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    value = low.named(value, node.arguments[0])
    normal = _logsumexp(low, node, value, over)
    return low.step(single(sp.exp(value.body - normal.body), value.indices), node)


def _deviation(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    value = low.solid(value, node.arguments[0])
    mean = low.step(_mean(low, node, value, over), node)
    return low.scope.define(
        single(value.body - mean.body, value.indices), rule="name", typed=None, shown=True, wanted="d",
        reason=f"the distance of {low.source(node.arguments[0])} from its mean",
    )  # fmt: skip


def _var(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    distance = _deviation(low, node, value, over)
    return _mean(low, node, single(distance.body**2, distance.indices), over)


def _root(low: Lowering, node: tree.Call, squared: Value) -> Value:
    inside = low.step(squared, node)
    return low.step(single(sp.sqrt(inside.body), inside.indices), node)


def _std(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    return _root(low, node, _var(low, node, value, over))


def _norm(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    value = low.named(value, node.arguments[0])
    return _root(low, node, total(single(value.body**2, value.indices), over))


def _norm1(low: Lowering, node: tree.Call, value: Value, over: tuple[Any, ...]) -> Value:
    value = low.named(value, node.arguments[0])
    size = low.step(single(Absolute(value.body), value.indices), node)
    return total(size, over)


def _size_of_one(low: Lowering, node: tree.Call, value: Value) -> Value:
    value = low.named(value, node.arguments[0])
    return low.step(single(Absolute(value.body), value.indices), node)


def _nothing(low: Lowering, node: tree.Call, value: Value) -> Value:
    return single(sp.S.Zero)


_SINGLE: dict[str, Callable[..., Value]] = {
    "norm": _size_of_one, "norm1": _size_of_one, "var": _nothing, "std": _nothing,
}  # fmt: skip
_BY_WORD: dict[str, Callable[..., Value]] = {
    "sum": _sum, "mean": _mean, "max": _extreme("max"), "min": _extreme("min"), "prod": _extreme("prod"),
    "var": _var, "std": _std, "norm": _norm, "norm1": _norm1, "logsumexp": _logsumexp, "softmax": _softmax,
}  # fmt: skip
