"""Equations as people write them: `-2·mean(x·r)`, `-(2/n)·Xᵀr`, `2·Aᵀ`, without indices.

Tries to read a sum of contractions as means, sums, matrix products and elementwise products; where the
pattern is not one of these it says so (`NotClosed`) and the index form is used.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symcalc.equations import Axis, Equation, Name, Term
from symcalc.notation import tree
from symcalc.notation.forming import Former, binary, without_sign
from symcalc.notation.indexed import OF_MATRIX, ranked
from symcalc.notation.inlining import Inliner, Made
from symcalc.notation.network import NoProduct, product
from symcalc.notation.references import is_row_count, parts
from symcalc.notation.symmetric import RULE, untransposed
from symcalc.notation.tidying import common


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
        self.symmetric = {name.name for name in names.values() if name.structure}
        self.symmetric |= {e.typed.name for e in equations.values() if e.rule == RULE}
        self._made: dict[Any, Made] = {}
        self._inliner = Inliner(names, axes, equations, self._made)
        # A slope and each of its terms alone ask for the same twice.
        self._ranks: dict[Any, tuple[Any, ...]] = {}
        self._terms: dict[tuple[tuple[Any, ...], Term], tree.Node] = {}

    def rank(self, expression: Any) -> tuple[Any, ...]:
        """Sorting key of factors and terms."""
        if expression not in self._ranks:
            rest = expression.has(_REST)
            self._ranks[expression] = (1, (0, 0), 0, "") if rest else ranked(expression, self.names)
        return self._ranks[expression]

    def right(self, equation: Equation, inline: str = "all") -> tree.Node:
        """The right side of an equation, with short inner derivatives put in unless told otherwise.

        Raises:
            NotClosed: It has no form without indices.
        """
        if equation.reduction != "sum":
            (term,) = equation.terms
            order = term.over if equation.reduction in OF_MATRIX else (*equation.indices, *term.over)
            return tree.Call(-1, -1, equation.reduction, (self._elementwise(term.body, order),))
        result: tree.Node | None = None
        terms = {"all": self.inlined, "once": self._inliner.once}.get(inline, lambda e: e.terms)(equation)
        written = [self._written(equation.indices, t) for t in terms]
        # A sum begins with a positive term where it has one.
        for part in sorted(written, key=lambda p: isinstance(p, tree.Unary)):
            result = part if result is None else binary("+", result, part)
        if result is None:
            return tree.Number(-1, -1, "0", 0)  # type: ignore[arg-type]
        return untransposed(result, self.symmetric) if self.symmetric else result

    def inlined(self, equation: Equation) -> tuple[Term, ...]:
        """The equation's terms with short inner derivatives put in."""
        return self._inliner.inlined(equation)

    # -- one contraction -------------------------------------------------------------------------

    def _written(self, free: tuple[Any, ...], term: Term) -> tree.Node:
        if (free, term) not in self._terms:
            self._terms[free, term] = self._term(free, term)
        return self._terms[free, term]

    def _term(self, free: tuple[Any, ...], term: Term) -> tree.Node:
        if not term.over:
            return self._plain(term.body, free)
        bound = set(term.over)
        inside, outside = [], sp.S.One
        for factor in sp.Mul.make_args(term.body):
            drawn, rest = common(factor, symbols=True) if factor.atoms(sp.Symbol) & bound else (factor, sp.S.One)
            outside *= drawn
            inside += [f for f in sp.Mul.make_args(rest) if f != 1]
        if not inside:
            raise NotClosed
        rest = self._reduced(free, term.over, inside)
        if isinstance(rest, tree.Call) and rest.function == "sum" and len(term.over) == 1 and rest.axis is None:
            size = self.axes[term.over[0]].size
            if size is not None and size > 1 and outside * size == 1:
                return tree.Call(-1, -1, "mean", rest.arguments)
        rows = [i for i in term.over if self.axes[i].rows]
        if isinstance(rest, tree.Call) and rest.function == "sum" and len(rows) == len(term.over) == 1:
            size = next((s for s in outside.free_symbols if is_row_count(self.names.get(s))), None)
            if size is not None and outside.as_coeff_exponent(size)[1] == -1:
                outside, rest = outside * size, tree.Call(-1, -1, "mean", rest.arguments, rest.axis)
        return self._scaled(outside, rest, free)

    def _plain(self, body: Any, free: tuple[Any, ...]) -> tree.Node:
        """What sums over nothing; a sum of matrices that are products of vectors is written one by one."""
        try:
            return self._elementwise(body, free, vectors=not all(self.axes[i].rows for i in free))
        except NotClosed:
            if not body.is_Add or len(free) != 2:
                raise
        factor, rest = common(body)
        parts = sorted((self._plain(part, free) for part in rest.args), key=lambda p: isinstance(p, tree.Unary))
        whole = parts[0]
        for part in parts[1:]:
            whole = binary("+", whole, part)
        return whole if factor == 1 else self._scaled(factor, whole, free)

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
            base, indices = parts(expression)
            if indices and indices != order[len(order) - len(indices) :]:
                if len(order) == 2 and indices == order[::-1]:
                    named = self._named(base)
                    return named if self._symmetric(base) else tree.Transpose(-1, -1, named)
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

    def _symmetric(self, base: Any) -> bool:
        name = self.names.get(base)
        return name is not None and bool(name.structure)

    def _named(self, base: Any) -> tree.Node:
        if base in self._made:
            return self._made_up(self._made[base])
        name = self.names.get(base)
        if name is None:
            raise NotClosed
        if name.shown or base not in self.equations:
            return tree.Ref(-1, -1, name.name)
        equation = self.equations[base]
        typed: tree.Node | None = equation.typed
        # The parts of a variance carry the call that they are parts of.
        part = isinstance(typed, tree.Call) and typed.function in ("var", "std")
        return self.right(equation) if typed is None or part else typed

    def _made_up(self, made: Made) -> tree.Node:
        if made.form == "softmax":
            return tree.Call(-1, -1, "softmax", (self._elementwise(made.body, made.order),))
        named = self._named(made.base)
        if made.form == "both":
            return tree.Binary(-1, -1, "+", named, tree.Transpose(-1, -1, named))
        return without_sign(named)


_REST = sp.Symbol("rest", real=True)
_IDENTITY = sp.Symbol("identity", real=True)


def _identity(i: Any, j: Any, order: tuple[Any, ...]) -> Any:
    if {i, j} != set(order) or len(order) != 2:
        raise NotClosed
    return _IDENTITY
