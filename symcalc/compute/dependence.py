"""What depends on what: the equations that an answer needs, with numbers and plain multiples put into what uses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from symcalc.equations import Equation, Name, Term


def label(name: Name) -> Any:
    """The plain symbol that stands for a name's whole array."""
    return name.symbol.label if name.axes else name.symbol


def needed(equations: Iterable[Equation], outputs: Iterable[Name]) -> list[Equation]:
    """The equations that the outputs depend on, in order."""
    wanted = {name.symbol for name in outputs}
    kept = []
    for equation in reversed(list(equations)):
        if equation.name.symbol in wanted:
            kept.append(equation)
            wanted |= depends_on(equation)
    return kept[::-1]


def folded(equations: list[Equation], outputs: tuple[Name, ...]) -> list[Equation]:
    """The equations with numbers and plain multiples put into what uses them: 1/n and 2·r[i]/n cost no array of their own."""
    final = {name.symbol for name in outputs}
    multiples: dict[Any, tuple[tuple[Any, ...], Any]] = {}
    kept = []
    for equation in equations:
        if multiples and depends_on(equation) & multiples.keys():
            terms = tuple(Term(t.over, with_multiples(t.body, multiples)) for t in equation.terms)
            equation = replace(equation, terms=terms)
        if equation.indices and equation.name.symbol not in final and (_number(equation) or _multiple(equation)):
            multiples[equation.name.symbol] = (equation.indices, equation.terms[0].body)
        else:
            kept.append(equation)
    return kept


def _number(equation: Equation) -> bool:
    """Whether an equation has the same number in every entry, and names it by symbols alone."""
    if equation.reduction != "sum" or len(equation.terms) != 1 or equation.terms[0].over:
        return False
    body = equation.terms[0].body
    return not body.has(sp.Indexed) and not body.free_symbols & set(equation.indices)


def _multiple(equation: Equation) -> bool:
    """Whether an equation is a number, or factor without indices, times one array as it stands."""
    if equation.reduction != "sum" or len(equation.terms) != 1 or equation.terms[0].over:
        return False
    body = equation.terms[0].body
    arrays = body.atoms(sp.Indexed)
    return len(arrays) == 1 and body.is_Mul and all(a in body.args and a.indices == equation.indices for a in arrays)


def with_multiples(body: Any, multiples: Mapping[Any, tuple[tuple[Any, ...], Any]]) -> Any:
    mapping = {}
    for reference in body.atoms(sp.Indexed):
        if reference.base in multiples:
            indices, inner = multiples[reference.base]
            mapping[reference] = inner.xreplace(dict(zip(indices, reference.indices)))
    return body.xreplace(mapping)


def read_by(equations: Iterable[Equation]) -> set[Any]:
    """Everything that some of the equations depends on."""
    return set().union(*map(depends_on, equations))


def depends_on(equation: Equation) -> set[Any]:
    """Private symbols in an equation's right side (and labels and indices, which do no harm)."""
    found: set[Any] = set()
    for term in equation.terms:
        found |= {a.base for a in term.body.atoms(sp.Indexed)} | term.body.atoms(sp.Symbol)
    return found
