"""Sums over an index that a Kronecker delta pins down: Σ_j X[i,j]·[j = k] is X[i,k]."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy as sp

from symcalc.equations import Term


def contracted(terms: Iterable[Term], size: Callable[[Any], Any]) -> list[Term]:
    """The terms with every delta over a summed index carried out, and equal contractions merged.

    Args:
        terms: A sum of contractions.
        size: Index → how many values it takes; a sum over what does not depend on it is that many times it.
    """
    merged: dict[tuple[Any, ...], Any] = {}
    for term in terms:
        for pinned in _pinned(term, size):
            done = _counted(pinned, size)
            if done.body != 0:
                merged[done.over] = merged.get(done.over, sp.S.Zero) + done.body
    return [Term(over, _common(body)) for over, body in merged.items() if body != 0]


def _counted(term: Term, size: Callable[[Any], Any]) -> Term:
    if not term.over:
        return term
    used = term.body.free_symbols
    idle = [i for i in term.over if i not in used]
    if not idle:
        return term
    return Term(tuple(i for i in term.over if i not in idle), sp.Mul(term.body, *(size(i) for i in idle)))


def _common(body: Any) -> Any:
    """(p - t)/n for p/n - t/n: a factor that all terms of a sum share, drawn out."""
    if not body.is_Add:
        return body
    shared = set(sp.Mul.make_args(body.args[0]))
    for part in body.args[1:]:
        shared &= set(sp.Mul.make_args(part))
    shared = {f for f in shared if not f.is_number}
    if not shared:
        return body
    factor = sp.Mul(*shared)
    return factor * sp.Add(*(part / factor for part in body.args))


def _pinned(term: Term, size: Callable[[Any], Any]) -> list[Term]:
    if not term.body.has(sp.KroneckerDelta) or not term.over:
        return [term]
    body = term.body.expand() if term.body.is_Add or term.body.is_Mul else term.body
    return [_one(term.over, part, size) for part in sp.Add.make_args(body)]


def _one(over: tuple[Any, ...], body: Any, size: Callable[[Any], Any]) -> Term:
    for delta in body.atoms(sp.KroneckerDelta) if body.is_Mul or isinstance(body, sp.KroneckerDelta) else ():
        if delta not in sp.Mul.make_args(body):
            continue
        for index, value in (delta.args, delta.args[::-1]):
            rest = body / delta
            if index in over and _stays_within(index, value, rest, size):
                return _one(tuple(i for i in over if i != index), rest.xreplace({index: value}), size)
    return Term(over, body)


def _stays_within(index: Any, value: Any, rest: Any, size: Callable[[Any], Any]) -> bool:
    """Whether nothing is lost where `value` is none of the index's values, as j - 1 is at j = 0.

    An entry that is read at such a place counts as 0; where none is read at the index itself, the delta has to stay.
    """
    if value.is_Integer or (value.is_Symbol and size(value) == size(index)):
        return True
    return any(index in read.indices for read in rest.atoms(sp.Indexed))
