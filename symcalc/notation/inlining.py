"""Inner derivatives put into the formula that uses them, while it stays short: terms, as the equations have them.

To be written without indices, arrays are made up for what has a name of its own there: A + Aᵀ, softmax(Z)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.equations import Axis, Equation, Name, Term
from symcalc.notation.references import is_plain, is_row_count, linear, parts, references
from symcalc.notation.symmetric import RULE, SYMMETRIC_PART, oriented
from symcalc.notation.tidying import reflected, undone

_LONGEST = 60  # an inner derivative is put into the formula that uses it while the result stays this short


@dataclass(frozen=True)
class Made:
    """An array made up for printing.

    Attributes:
        form: `both` for a matrix plus its transpose, `softmax`, or `negated` for an equation without its sign.
        base: The matrix or the equation's symbol; None for softmax.
        body: What softmax is taken of.
        order: The indices of the body, the class axis last.
    """

    form: str
    base: Any = None
    body: Any = None
    order: tuple[Any, ...] = ()


class Inliner:
    """Puts inner derivatives into the equations of one loss.

    Args:
        names: Private symbol → Name.
        axes: Index symbol → Axis; fresh indices are added.
        equations: Private symbol → the equation that defines it.
        made: Made-up arrays are added here; None to make up none.
    """

    def __init__(
        self,
        names: dict[Any, Name],
        axes: dict[Any, Axis],
        equations: dict[Any, Equation],
        made: dict[Any, Made] | None,
    ) -> None:
        self.names, self.axes, self.equations, self.made = names, axes, equations, made
        self._turnable = {symbol for symbol, name in names.items() if name.structure}
        self._inlined: dict[Any, tuple[Term, ...] | None] = {}
        self._longer: dict[Term, list[Term]] = {}
        self._count = 0

    def inlined(self, equation: Equation) -> tuple[Term, ...]:
        """The equation's terms with short inner derivatives put in."""
        apart = _apart(equation.terms) if equation.rule == SYMMETRIC_PART else equation.terms
        terms = [done for term in apart for done in self._known(term)]
        terms = [Term(t.over, oriented(t.body, self._turnable)) for t in terms] if self._turnable else terms
        merged: list[Term] = []
        for term in terms:
            same = next((k for k, t in enumerate(merged) if t.over == term.over), None)
            if same is None:
                merged.append(term)
            else:
                merged[same] = Term(term.over, merged[same].body + term.body)
        tidy = [Term(t.over, self._tidied(t.body)) for t in self._symmetric(merged)]
        return tuple(t for t in tidy if t.body != 0 and not self._is_zero(t)) or (Term((), sp.S.Zero),)

    def once(self, equation: Equation) -> tuple[Term, ...]:
        """The equation's terms with the inner derivatives in them put in as they are, if those sum over nothing."""
        done = []
        for term in equation.terms:
            for reference in sorted(references(term.body), key=str):
                base, _ = parts(reference)
                inner = self.equations.get(base)
                if inner is None or inner.name.kind != "derivative" or not linear(term.body, reference):
                    continue
                if inner.reduction == "sum" and len(inner.terms) == 1 and not inner.terms[0].over:
                    term = self._put_in(term, reference, inner.terms[0])
            done.append(term)
        return tuple(done)

    # -- what is put in --------------------------------------------------------------------------

    def _known(self, term: Term) -> list[Term]:
        if term not in self._longer:
            self._longer[term] = self._expanded(term)
        return self._longer[term]

    def _expanded(self, term: Term) -> list[Term]:
        """The term with inner derivatives and unnamed products put in, one after the other, while it stays short."""
        for reference in sorted(references(term.body), key=str):
            terms = self._derivative(reference)
            if terms is None:
                continue
            # What sums over nothing may be put in anywhere, a contraction only as a factor.
            plain = len(terms) == 1 and not terms[0].over
            if not plain and not linear(term.body, reference):
                continue
            put_in = [self._put_in(term, reference, part) for part in terms]
            if sum(sp.count_ops(t.body) for t in put_in) > _LONGEST:
                continue
            return [done for t in put_in for done in self._expanded(t)]
        return [term]

    def _put_in(self, term: Term, reference: Any, part: Term) -> Term:
        base, indices = parts(reference)
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
        base, indices = parts(reference)
        name = self.names.get(base)
        if name is None or base not in self.equations:
            return None
        if any(i.is_Add or self.axes.get(i) != self.axes[own] for i, own in zip(indices, self._own(base))):
            # It is 0 where an index runs outside of it; what it stands for need not be.
            return None
        if self.equations[base].rule == RULE:
            return None  # it is printed as the matrix that it is
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

    def _own(self, base: Any) -> tuple[Any, ...]:
        return self.equations[base].indices

    def _inner_product(self, equation: Equation) -> tuple[Term, ...] | None:
        """The terms of an unnamed product such as x@A; it joins the product that it stands in."""
        if equation.reduction != "sum" or len(equation.terms) != 1 or not equation.terms[0].over:
            return None
        factors = sp.Mul.make_args(equation.terms[0].body)
        plain = all(is_plain(p) for f in factors for p in sp.Add.make_args(f))
        return equation.terms if plain else None

    # -- like terms ------------------------------------------------------------------------------

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
            same = oriented(two.body.xreplace(dict(zip(two.over, order))), self._turnable)
            if same == one.body or (self._turnable and sp.expand(same - one.body) == 0):
                return Term(one.over, 2 * one.body)
            for matrix in one.body.atoms(sp.Indexed) if self.made is not None else ():
                if len(matrix.indices) == 2 and matrix in sp.Mul.make_args(one.body):
                    flipped = matrix.base[matrix.indices[::-1]]
                    if one.body / matrix * flipped == same:
                        both = self._array(f"{matrix.base.label}s", Made("both", matrix.base))
                        return Term(one.over, one.body / matrix * both[matrix.indices])
        return None

    # -- what people simplify --------------------------------------------------------------------

    def _tidied(self, body: Any) -> Any:
        body = undone(self._without_names(body))
        return body if self.made is None else self._softmax(reflected(self._unsigned(body)))

    def _without_names(self, body: Any) -> Any:
        """|u| in place of the hidden name for it, where a sign of u may cancel it."""
        if not any(type(f).__name__ in ("Sign", "SignAt") for f in sp.Mul.make_args(body)):
            return body
        found = {}
        for reference in references(body):
            base, indices = parts(reference)
            equation = self.equations.get(base)
            if equation is None or equation.name.shown or equation.reduction != "sum" or len(equation.terms) != 1:
                continue
            (term,) = equation.terms
            if not term.over and type(term.body).__name__ == "Absolute":
                found[reference] = term.body.xreplace(dict(zip(equation.indices, indices)))
        put_in = body.xreplace(found)
        return put_in if undone(put_in) != put_in else body

    def _unsigned(self, body: Any) -> Any:
        """-z' in place of z where z was typed -z' and a function is taken of -z."""
        arguments = {a for f in body.atoms(sp.Function) for a in f.args}
        turned = {-a for a in arguments if a.is_Mul and isinstance(-a, sp.Indexed)}
        for reference in sorted(turned, key=str):
            base, indices = parts(reference)
            equation = self.equations.get(base)
            if equation is None or equation.name.shown or not indices:
                continue
            if all(t.body.could_extract_minus_sign() for t in equation.terms):
                body = body.xreplace({reference: -self._array(f"{base.label}m", Made("negated", base))[indices]})
        return body

    def _softmax(self, body: Any) -> Any:
        """softmax(Z) in place of exp(Z - logsumexp(Z)), where it runs over the last axis."""
        for power in sorted(body.atoms(sp.exp), key=str):
            for reference in references(power.exp):
                base, indices = parts(reference)
                equation = self.equations.get(base)
                if equation is None or equation.reduction != "logsumexp" or power.exp.coeff(reference) != -1:
                    continue
                (term,) = equation.terms
                here = power.exp + reference
                free = [a.indices for a in here.atoms(sp.Indexed) if len(a.indices) == len(indices) + 1]
                if len(term.over) != 1 or not free or free[0][:-1] != tuple(indices):
                    continue
                order = (*equation.indices, *term.over)
                if term.body.xreplace(dict(zip(order, free[0]))) == here:
                    made = self._array(
                        f"{parts(reference)[0]}p".replace("[", ""), Made("softmax", None, term.body, order)
                    )
                    body = body.xreplace({power: made[free[0]]})
        return body

    def _is_zero(self, term: Term) -> bool:
        """Whether it sums deviations from their own mean and nothing else."""
        for index in term.over:
            inside = [f for f in sp.Mul.make_args(term.body) if index in f.atoms(sp.Symbol)]
            if len(inside) == 1 and isinstance(inside[0], sp.Indexed) and inside[0].indices == (index,):
                if self._is_centered(self.equations.get(inside[0].base)):
                    return True
        return False

    def _is_centered(self, equation: Equation | None) -> bool:
        """Whether an equation is u[j] - mean(u)."""
        if equation is None or equation.reduction != "sum" or len(equation.terms) != 1 or equation.terms[0].over:
            return False
        body = equation.terms[0].body
        for symbol in body.free_symbols:
            mean = self.equations.get(symbol)
            if mean is None or mean.reduction != "sum" or len(mean.terms) != 1 or body.coeff(symbol) != -1:
                continue
            (term,) = mean.terms
            if len(term.over) != 1 or self.axes[term.over[0]] != self.axes[equation.indices[0]]:
                continue
            size = self._size(term)
            every = term.body.xreplace({term.over[0]: equation.indices[0]})
            if size is not None and sp.expand(every * size - (body + symbol)) == 0:
                return True
        return False

    def _size(self, term: Term) -> Any:
        axis = self.axes[term.over[0]]
        if axis.size is not None:
            return sp.Integer(axis.size)
        return next((s for s in term.body.free_symbols if axis.rows and is_row_count(self.names.get(s))), None)

    def _array(self, label: str, what: Made) -> Any:
        array = sp.IndexedBase(sp.Symbol(label, real=True))
        assert self.made is not None
        self.made[array] = what
        return array


def _apart(terms: tuple[Term, ...]) -> list[Term]:
    """The terms of sums that sum over nothing as terms of their own."""
    return [Term(t.over, part) for t in terms for part in (sp.Add.make_args(t.body) if not t.over else (t.body,))]
