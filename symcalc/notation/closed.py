"""Equations as people write them: `-2·mean(x·r)`, `-(2/n)·Xᵀr`, `2·Aᵀ`, without indices.

Tries to read a sum of contractions as means, sums, matrix products and elementwise products; where the
pattern is not one of these it says so (`NotClosed`) and the index form is used.
"""

from __future__ import annotations

import itertools
from typing import Any

import sympy as sp

from symcalc.equations import Axis, Equation, Name, Term
from symcalc.notation import tree
from symcalc.notation.forming import Former, binary
from symcalc.notation.indexed import OF_MATRIX, ranked
from symcalc.notation.network import NoProduct, product

# An inner derivative is put into the formula that uses it while the result stays this short.
_LONGEST = 60


class NotClosed(Exception):
    """The contraction has no short form without indices."""


class Closed:
    """Writes equations over one set of names without indices.

    Args:
        names: Private symbol → Name.
        axes: Index symbol → Axis.
        equations: Private symbol → the equation that defines it.
    """

    def __init__(self, names: dict[Any, Name], axes: dict[Any, Axis], equations: dict[Any, Equation]) -> None:
        self.names, self.axes, self.equations = names, axes, equations
        self._inlined: dict[Any, tuple[Term, ...] | None] = {}
        self._sums: dict[Any, tree.Node] = {}
        self._count = 0

    def rank(self, expression: Any) -> tuple[Any, ...]:
        """Sorting key of factors and terms."""
        return (1, (0, 0), 0, "") if expression.has(_REST) else ranked(expression, self.names)

    def right(self, equation: Equation, inline: bool = True) -> tree.Node:
        """The right side of an equation, with short inner derivatives put in unless told otherwise.

        Raises:
            NotClosed: It has no form without indices.
        """
        if equation.reduction != "sum":
            (term,) = equation.terms
            order = term.over if equation.reduction in OF_MATRIX else (*equation.indices, *term.over)
            return tree.Call(-1, -1, equation.reduction, (self._elementwise(term.body, order),))
        result: tree.Node | None = None
        for term in self.inlined(equation) if inline else equation.terms:
            part = self._term(equation.indices, term)
            result = part if result is None else binary("+", result, part)
        return result if result is not None else tree.Number(-1, -1, "0", 0)  # type: ignore[arg-type]

    # -- putting inner derivatives in ------------------------------------------------------------

    def inlined(self, equation: Equation) -> tuple[Term, ...]:
        """The equation's terms with short inner derivatives put in."""
        terms: list[Term] = []
        for term in equation.terms:
            terms.extend(self._expanded(term))
        merged: list[Term] = []
        for term in terms:
            same = next((k for k, t in enumerate(merged) if t.over == term.over), None)
            if same is None:
                merged.append(term)
            else:
                merged[same] = Term(term.over, merged[same].body + term.body)
        return tuple(t for t in self._symmetric(merged) if t.body != 0) or (Term((), sp.S.Zero),)

    def _symmetric(self, terms: list[Term]) -> list[Term]:
        """Ax + Aᵀx as (A + Aᵀ)x: two terms that differ only in the order of a matrix's indices are one."""
        done: list[Term] = []
        for term in terms:
            for k, earlier in enumerate(done):
                merged = self._both_ways(earlier, term)
                if merged is not None:
                    done[k] = merged
                    break
            else:
                done.append(term)
        return done

    def _both_ways(self, one: Term, two: Term) -> Term | None:
        if not one.over or len(one.over) != len(two.over) or one.body.is_Add or two.body.is_Add:
            return None
        for order in itertools.permutations(one.over):
            same = two.body.xreplace(dict(zip(two.over, order)))
            if same == one.body:
                return Term(one.over, 2 * one.body)
            for matrix in one.body.atoms(sp.Indexed):
                if len(matrix.indices) == 2 and matrix in sp.Mul.make_args(one.body):
                    flipped = matrix.base[matrix.indices[::-1]]
                    if one.body / matrix * flipped == same:
                        return Term(one.over, one.body / matrix * self._sum_of_both(matrix.base)[matrix.indices])
        return None

    def _sum_of_both(self, base: Any) -> Any:
        """The matrix plus its transpose, as one matrix."""
        label = sp.Symbol(f"{base.label}s", real=True)
        made = sp.IndexedBase(label)
        matrix = self._named(base)
        self._sums[made] = tree.Binary(-1, -1, "+", matrix, tree.Transpose(-1, -1, matrix))
        return made

    def _expanded(self, term: Term) -> list[Term]:
        """The term with inner derivatives and unnamed products put in, one after the other, while it stays short."""
        for reference in sorted(_references(term.body), key=str):
            terms = self._derivative(reference)
            if terms is None:
                continue
            # What sums over nothing may be put in anywhere, a contraction only as a factor.
            plain = len(terms) == 1 and not terms[0].over
            if not plain and not _linear(term.body, reference):
                continue
            put_in = [self._put_in(term, reference, part) for part in terms]
            if sum(sp.count_ops(t.body) for t in put_in) > _LONGEST:
                continue
            return [done for t in put_in for done in self._expanded(t)]
        return [term]

    def _put_in(self, term: Term, reference: Any, part: Term) -> Term:
        base, indices = _parts(reference)
        mapping = dict(zip(self.equations[base].indices, indices))
        over = []
        for index in part.over:
            self._count += 1
            fresh = sp.Symbol(f"{index.name}_c{self._count}", integer=True)
            self.axes[fresh] = self.axes[index]
            mapping[index] = fresh
            over.append(fresh)
        return Term((*term.over, *over), term.body.xreplace({reference: part.body.xreplace(mapping)}))

    def _derivative(self, reference: Any) -> tuple[Term, ...] | None:
        """The terms of an inner derivative that are short enough to put in; None for any other reference."""
        base, indices = _parts(reference)
        name = self.names.get(base)
        if name is None or base not in self.equations:
            return None
        if name.kind != "derivative":
            return self._inner_product(self.equations[base]) if indices and not name.shown else None
        if base not in self._inlined:
            # In the order of the equations: each finds those it needs done, and nothing recurses.
            for symbol, equation in self.equations.items():
                if equation.name.kind == "derivative" and symbol not in self._inlined:
                    self._inlined[symbol] = None
                    terms = self.inlined(equation)
                    self._inlined[symbol] = terms if len(terms) <= 3 else None
                if symbol == base:
                    break
        return self._inlined[base]

    def _inner_product(self, equation: Equation) -> tuple[Term, ...] | None:
        """The terms of an unnamed product such as x@A; it joins the product that it stands in."""
        if equation.reduction != "sum" or len(equation.terms) != 1 or not equation.terms[0].over:
            return None
        factors = sp.Mul.make_args(equation.terms[0].body)
        plain = all(isinstance(f, sp.Indexed) or f.is_number or f.is_Symbol for f in factors)
        return equation.terms if plain else None

    # -- one contraction -------------------------------------------------------------------------

    def _term(self, free: tuple[Any, ...], term: Term) -> tree.Node:
        if not term.over:
            return self._elementwise(term.body, free, vectors=not all(self.axes[i].rows for i in free))
        factors = sp.Mul.make_args(sp.together(term.body) if term.body.is_Add else term.body)
        bound = set(term.over)
        inside = [f for f in factors if f.atoms(sp.Symbol) & bound]
        outside = sp.Mul(*(f for f in factors if not f.atoms(sp.Symbol) & bound))
        if not inside:
            raise NotClosed
        rest = self._reduced(free, term.over, inside)
        rows = [i for i in term.over if self.axes[i].rows]
        if isinstance(rest, tree.Call) and rest.function == "sum" and len(rows) == len(term.over) == 1:
            size = next((s for s in outside.free_symbols if self._is_rows(s)), None)
            if size is not None and outside.as_coeff_exponent(size)[1] == -1:
                outside, rest = outside * size, tree.Call(-1, -1, "mean", rest.arguments, rest.axis)
        return self._scaled(outside, rest, free)

    def _is_rows(self, symbol: Any) -> bool:
        name = self.names.get(symbol)
        return name is not None and name.kind == "size" and name.how == "number of rows"

    def _scaled(self, outside: Any, rest: tree.Node, free: tuple[Any, ...]) -> tree.Node:
        if outside == 1:
            return rest
        if isinstance(rest, tree.Binary) and outside.has(sp.Pow) and not outside.atoms(sp.Indexed):
            sign, size = (-1, -outside) if outside.could_extract_minus_sign() else (1, outside)
            if sp.numer(size) == 1:
                scaled: tree.Node = binary("/", rest, self._elementwise(sp.denom(size), free))
            else:
                scaled = binary("*", self._elementwise(size, free), rest)
            return scaled if sign > 0 else tree.Unary(-1, -1, "-", scaled)
        return self._elementwise(outside * _REST, free, rest)

    def _reduced(self, free: tuple[Any, ...], over: tuple[Any, ...], inside: list[Any]) -> tree.Node:
        if not any(f.atoms(sp.Symbol) & set(free) for f in inside):
            # The order of the axes is the one the widest factor has.
            widest = max((a for f in inside for a in f.atoms(sp.Indexed)), key=lambda a: len(a.indices))
            order = tuple(i for i in widest.indices if i in over)
            return tree.Call(-1, -1, "sum", (self._elementwise(sp.Mul(*inside), order),))
        try:
            return product(inside, over, free, lambda body, order: self._elementwise(body, order, vectors=True))
        except NoProduct:
            raise NotClosed from None

    def _elementwise(
        self, body: Any, order: tuple[Any, ...], rest: tree.Node | None = None, vectors: bool = False
    ) -> tree.Node:
        """A body whose references all run over `order` (or its tail), written without indices."""

        def lookup(expression: Any) -> tree.Node:
            if expression is _REST:
                assert rest is not None
                return rest
            base, indices = _parts(expression)
            if indices and indices != order[len(order) - len(indices) :]:
                if len(order) == 2 and indices == order[::-1]:
                    return tree.Transpose(-1, -1, self._named(base))
                raise NotClosed
            return self._named(base)

        if len(order) == 2 and body.is_Mul and not body.has(sp.KroneckerDelta):
            apart = self._outer(body, order)
            if apart is not None:
                return apart
        body = body.replace(sp.KroneckerDelta, lambda i, j: _identity(i, j, order))
        known = lambda e: tree.Ref(-1, -1, "I") if e is _IDENTITY else lookup(e)  # noqa: E731
        return Former(known, self.rank, vectors).form(body)

    def _outer(self, body: Any, order: tuple[Any, ...]) -> tree.Node | None:
        """A product of a vector and a vector, or of vectors and a matrix; None where all factors are matrices."""
        factors = sp.Mul.make_args(body)
        indexed = [f for f in factors if f.atoms(sp.Symbol) & set(order)]
        if all(set(order) <= f.atoms(sp.Symbol) for f in indexed):
            return None
        scalar = sp.Mul(*(f for f in factors if f not in indexed))
        try:
            core = product(indexed, (), order, lambda b, o: self._elementwise(b, o, vectors=True))
        except NoProduct:
            raise NotClosed from None
        return self._scaled(scalar, core, ()) if scalar != 1 else core

    def _named(self, base: Any) -> tree.Node:
        if base in self._sums:
            return self._sums[base]
        name = self.names.get(base)
        if name is None:
            raise NotClosed
        if name.shown or base not in self.equations:
            return tree.Ref(-1, -1, name.name)
        equation = self.equations[base]
        typed: tree.Node | None = equation.typed
        return typed if typed is not None else self.right(equation)


_REST = sp.Symbol("rest", real=True)
_IDENTITY = sp.Symbol("identity", real=True)


def _identity(i: Any, j: Any, order: tuple[Any, ...]) -> Any:
    if {i, j} != set(order) or len(order) != 2:
        raise NotClosed
    return _IDENTITY


def _linear(body: Any, reference: Any) -> bool:
    """Whether a reference is a factor of the body and nothing else in it."""
    return reference in sp.Mul.make_args(body) and not (body / reference).has(reference)


def _references(body: Any) -> set[Any]:
    arrays: set[Any] = body.atoms(sp.Indexed)
    labels = {a.base.label for a in arrays}
    return arrays | {s for s in body.atoms(sp.Symbol) if s not in labels}


def _parts(reference: Any) -> tuple[Any, tuple[Any, ...]]:
    if isinstance(reference, sp.Indexed):
        return reference.base, reference.indices
    return reference, ()
