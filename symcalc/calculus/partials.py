"""The slope of one right side in one thing it refers to; SymPy differentiates, nothing else does.

A right side is a small expression over named values, so its slopes stay small; where the value itself
gives a shorter one it is used: the slope of h = tanh(z) in z is 1 - h², not 1 - tanh(z)².
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.calculus.conventions import at_kinks
from symcalc.calculus.rules import mistaken
from symcalc.equations import Equation, Term
from symcalc.language.functions import Same, Sigmoid, Where
from symcalc.language.scope import Scope, Value, single


@dataclass(frozen=True)
class Partial:
    """∂(body under the sum)/∂(one reference).

    Attributes:
        reference: The Symbol or Indexed differentiated by.
        over: Indices the term it came from sums over.
        slope: The derivative, an expression like a body.
        body: The body it was taken of.
    """

    reference: Any
    over: tuple[Any, ...]
    slope: Any
    body: Any


def base_of(reference: Any) -> Any:
    """The private symbol of a reference, without its indices."""
    return reference.base if isinstance(reference, sp.Indexed) else reference


def references(body: Any, wanted: Any) -> list[Any]:
    """The references in a body whose base is in `wanted`, in a fixed order."""
    found = [a for a in body.atoms(sp.Indexed) if a.base in wanted]
    found += [s for s in body.atoms(sp.Symbol) if s in wanted]
    return sorted(found, key=str) if len(found) > 1 else found


def partials(equation: Equation, wanted: Any, scope: Scope) -> Iterator[Partial]:
    """The slopes of an equation's right side in each reference to a name in `wanted`."""
    own = equation.name.symbol
    value = own[equation.indices] if equation.indices else own
    for term in equation.terms:
        found = references(term.body, wanted)
        for reference in found:
            slope = derivative(term.body, reference) if scope.mistake is None else mistaken(
                term.body, reference, found, scope.mistake)  # fmt: skip
            slope = at_kinks(scope.kinks, term.body, slope)
            if slope == 0:
                continue
            if equation.reduction == "sum":
                if not term.over and scope.mistake is None:
                    slope = _through_value(slope, term.body, value)
                slope = _by_name(slope, (*equation.indices, *term.over), scope)
                yield Partial(reference, term.over, slope, term.body)
            else:
                yield Partial(reference, term.over, slope * _share(equation, value, scope), term.body)


def derivative(body: Any, reference: Any) -> Any:
    """SymPy's derivative of a body by one Symbol or Indexed, taken as a plain real symbol."""
    if body.is_Pow and body.base == reference and not body.exp.has(reference):
        # SymPy writes p·u^p/u, which is 0/0 at u = 0.
        return body.exp * body.base ** (body.exp - 1)
    if isinstance(reference, sp.Indexed):
        plain = sp.Dummy("u", real=True)
        return body.xreplace({reference: plain}).diff(plain).xreplace({plain: reference})
    return body.diff(reference)


def _through_value(slope: Any, body: Any, value: Any) -> Any:
    """The slope with the function's own value put in for the function wherever it occurs."""
    if body.is_Pow and body.exp.is_Rational and not body.exp.is_Integer and not body.base.is_number:
        # u^p: p·v/u would be 0/0 at u = 0; only a root has a short safe form.
        return 1 / (2 * value) if body.exp == sp.S.Half else slope
    if body.is_Function or (body.is_Pow and not body.exp.is_Integer):
        if body.is_Pow and not body.base.is_number:
            return slope
        return slope.xreplace({body: value})
    return slope


def _by_name(slope: Any, indices: tuple[Any, ...], scope: Scope) -> Any:
    """The slope with the user's own name put in for a sigmoid that has one: p - y, not sigmoid(z) - y."""
    mapping = {}
    for sigmoid in slope.atoms(Sigmoid):
        used = tuple(i for i in indices if i in sigmoid.free_symbols)
        known = scope.recalled(single(sigmoid, used)).body
        if known != sigmoid and scope.name_of[base_of(known)].shown:
            mapping[sigmoid] = known
    return slope.xreplace(mapping) if mapping else slope


def _share(equation: Equation, value: Any, scope: Scope) -> Any:
    """The weight of one entry in a reduction that is no sum."""
    (term,) = equation.terms
    if equation.reduction in ("inv", "det", "logdet"):
        return _of_matrix(equation, value, scope)
    if equation.reduction == "logsumexp":
        return sp.exp(term.body - value)
    indices = (*equation.indices, *term.over)
    if equation.reduction == "prod":
        return _product_of_others(equation, scope)
    chosen = Same(term.body, value)
    count = scope.define(
        _summed(chosen, term.over, equation.indices), typed=None, rule="ties",
        reason="how many entries reach the extreme; each gets an equal share of the slope",
    )  # fmt: skip
    weight = chosen / count.body
    return scope.define(single(weight, indices), rule="ties", reason="the share of each entry").body


def _of_matrix(equation: Equation, value: Any, scope: Scope) -> Any:
    """The slope of an inverse or determinant in the matrix entry (k, l).

    Source: The Matrix Cookbook (Petersen and Pedersen 2012), equations 57, 49 and 61.
    """
    (term,) = equation.terms
    row, column = term.over
    if equation.reduction == "inv":
        (i, j), own = equation.indices, equation.name.symbol
        return -own[i, row] * own[column, j]
    axes = [scope.axis_of[index] for index in term.over]
    first, second = scope.index(axes[1]), scope.index(axes[0])
    inverse = scope.define(
        _summed(term.body, term.over, (first, second)), reduction="inv", rule="matrix rule",
        reason="the slope of a determinant is the determinant times the transposed inverse",
    )  # fmt: skip
    entry = inverse.body.xreplace({first: column, second: row})
    return entry if equation.reduction == "logdet" else value * entry


def _summed(body: Any, over: tuple[Any, ...], indices: tuple[Any, ...]) -> Any:
    return Value((Term(over, body),), indices)


def _product_of_others(equation: Equation, scope: Scope) -> Any:
    """Π over all other entries: exact where an entry is 0, where value/entry is not."""
    (term,) = equation.terms
    inner = {i: scope.index(scope.axis_of[i]) for i in term.over}
    same = sp.Mul(*(sp.KroneckerDelta(i, j) for i, j in inner.items()))
    other = term.body.xreplace(inner)
    body = other + (1 - other) * same
    value = _summed(body, tuple(inner.values()), (*equation.indices, *term.over))
    return scope.define(value, reduction="prod", rule="product rule",
                        reason="the product of all other entries").body  # fmt: skip


def branches(equations: Iterator[Equation] | tuple[Equation, ...]) -> bool:
    """Whether any equation chooses between branches, so that a slope of 0 must silence an infinite factor."""
    return any(t.body.has(Where) for e in equations for t in e.terms)


def active(equations: tuple[Equation, ...], wrt: set[Any], output: Any) -> set[Any]:
    """Private symbols that depend on `wrt` and that the output depends on."""
    moved, used = set(wrt), {output}
    for equation in equations:
        if any(references(t.body, moved) for t in equation.terms):
            moved.add(equation.name.symbol)
    for equation in reversed(equations):
        if equation.name.symbol in used:
            for term in equation.terms:
                used |= {a.base for a in term.body.atoms(sp.Indexed)} | term.body.atoms(sp.Symbol)
    return moved & used
