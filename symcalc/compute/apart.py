"""Sums of products taken apart where each product alone is one of matrices.

Σ_i (a[i,k]·x[i,j] - b[i,k]·y[i,j])      becomes      Σ_i a[i,k]·x[i,j] - Σ_i b[i,k]·y[i,j]

Together they would be an array over i, k and j; alone, each is a product of two matrices that makes no such array.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from symcalc.compute.arrays import used
from symcalc.equations import Equation, Term


def apart(equation: Equation) -> Equation:
    """An equation with those of its sums taken apart for which it pays."""
    if equation.reduction != "sum":
        return equation
    terms = tuple(part for term in equation.terms for part in _parts(term))
    return equation if len(terms) == len(equation.terms) else replace(equation, terms=terms)


def _parts(term: Term) -> Iterator[Term]:
    factors = sp.Mul.make_args(term.body)
    sums = [f for f in factors if f.is_Add]
    if not term.over or len(sums) != 1 or not _spreads(sums[0]):
        yield term
        return
    others = sp.Mul(*(f for f in factors if f is not sums[0]))
    for addend in sums[0].args:
        yield Term(term.over, others * addend)


def _spreads(body: Any) -> bool:
    """Whether each addend is a product over more indices than any of its factors has."""
    return all(_is_outer(addend) for addend in body.args)


def _is_outer(addend: Any) -> bool:
    indices = [used(f) for f in sp.Mul.make_args(addend)]
    return max(map(len, indices)) < len(set().union(*indices))
