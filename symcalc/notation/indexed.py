"""Equations in index form: `dL/dw[k] = Σ_i X[i,k]·dL/dz[i]`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import sympy as sp

from symcalc.equations import Axis, Equation, Name
from symcalc.notation import tree
from symcalc.notation.forming import Former, binary
from symcalc.notation.symmetric import RULE

OF_MATRIX = ("inv", "det", "logdet")
LETTERS = "jklpqsuvabcdghmow"


class Indexed:
    """Writes equations over one set of names in index form.

    Args:
        names: Private symbol → Name.
        axes: Index symbol → Axis.
        equations: Private symbol → the equation that defines it.
        taken: Words that index letters must not collide with.
    """

    def __init__(
        self, names: dict[Any, Name], axes: dict[Any, Axis], equations: dict[Any, Equation], taken: set[str]
    ) -> None:
        self.names, self.axes, self.equations = names, axes, equations
        self.alphabet = letters(LETTERS, taken)
        self.rows_alphabet = letters("i", taken)
        self.letters: dict[Any, str] = {}
        self.former = Former(self.lookup, self.rank)

    def rank(self, expression: Any) -> tuple[Any, ...]:
        """Sorting key: by the first of its names to have entered the formula."""
        return ranked(expression, self.names)

    def left(self, equation: Equation) -> tree.Ref:
        """The left side: the name with its free indices."""
        return tree.Ref(-1, -1, equation.name.name, tuple(map(self.letter, equation.indices)))

    def right(self, equation: Equation) -> tree.Node:
        """The right side."""
        for index in equation.indices:
            self.letter(index)
        whole = self._of_matrix(equation) if equation.indices else None
        if whole is not None:
            return tree.Entry(-1, -1, whole, tuple(map(self.letter, equation.indices)))
        if equation.reduction != "sum":
            (term,) = equation.terms
            over = tuple(map(self.letter, term.over))
            body = self.former.form(term.body)
            return tree.Call(-1, -1, f"{equation.reduction}_{','.join(over)}", (body,))
        result: tree.Node | None = None
        for term in equation.terms:
            part = self._contraction(term.over, term.body)
            result = part if result is None else binary("+", result, part)
        assert result is not None
        return result

    def _contraction(self, over: tuple[Any, ...], body: Any) -> tree.Node:
        if not over:
            return self.former.form(body)
        letters = tuple(map(self.letter, over))
        factors = sp.Mul.make_args(body)
        outside = sp.Mul(*(f for f in factors if not f.atoms(sp.Symbol) & set(over)))
        inside = sp.Mul(*(f for f in factors if f.atoms(sp.Symbol) & set(over)))
        inner = tree.Sigma(-1, -1, letters, self.former.form(inside))
        if outside == 1:
            return inner
        if outside.could_extract_minus_sign():
            return tree.Unary(-1, -1, "-", _times(self.former.form(-outside), inner))
        return _times(self.former.form(outside), inner)

    def letter(self, index: Any) -> str:
        """How an index (a symbol, a number, or a symbol plus a number) is written."""
        if index.is_Integer:
            return str(index)
        if index.is_Add:
            shift, symbol = index.as_coeff_Add()
            return f"{self.letter(symbol)}{int(shift):+d}"
        if index not in self.letters:
            # Rows are counted by i, everything else by j, k, l.
            rows = index in self.axes and self.axes[index].rows
            self.letters[index] = next(self.rows_alphabet if rows else self.alphabet)
        return self.letters[index]

    def lookup(self, expression: Any) -> tree.Node:
        """A name with its indices, or what a name that is not shown stands for."""
        base = expression.base if isinstance(expression, sp.Indexed) else expression
        indices = expression.indices if isinstance(expression, sp.Indexed) else ()
        if base not in self.names:
            return tree.Ref(-1, -1, self.letter(expression))
        name = self.names[base]
        if name.shown or base not in self.equations:
            return tree.Ref(-1, -1, name.name, tuple(map(self.letter, indices)))
        return self._hidden(self.equations[base], indices)

    def _hidden(self, equation: Equation, indices: tuple[Any, ...]) -> tree.Node:
        if equation.rule == RULE and isinstance(equation.typed, tree.Ref):
            return tree.Ref(-1, -1, equation.typed.name, tuple(map(self.letter, indices)))
        whole = self._of_matrix(equation)
        if whole is not None:
            letters = tuple(map(self.letter, indices))
            return tree.Entry(-1, -1, whole, letters) if letters else whole
        mapping = dict(zip(equation.indices, indices))
        bound = [i for term in equation.terms for i in term.over]
        for number, index in enumerate(dict.fromkeys(bound)):
            inner = sp.Symbol(f"{index.name}_{len(self.letters)}_{number}", integer=True)
            self.axes[inner] = self.axes[index]
            mapping[index] = inner
        terms = tuple(type(t)(tuple(mapping[i] for i in t.over), t.body.xreplace(mapping)) for t in equation.terms)
        return self.right(Equation(equation.name, (), terms, equation.reduction))

    def _of_matrix(self, equation: Equation) -> tree.Node | None:
        """An inverse or determinant as typed, or of a matrix by its name; None for anything else."""
        if equation.reduction not in OF_MATRIX or equation.typed is not None:
            return equation.typed if equation.reduction in OF_MATRIX else None
        (term,) = equation.terms
        matrix = term.body
        if not isinstance(matrix, sp.Indexed) or tuple(matrix.indices) != tuple(term.over):
            return None
        name = self.names.get(matrix.base)
        defined = self.equations.get(matrix.base)
        if defined is not None and defined.rule == RULE and isinstance(defined.typed, tree.Ref):
            return tree.Call(-1, -1, equation.reduction, (defined.typed,))
        if name is None or not (name.shown or matrix.base not in self.equations):
            return None
        return tree.Call(-1, -1, equation.reduction, (tree.Ref(-1, -1, name.name),))


def letters(wanted: str, taken: set[str]) -> Iterator[str]:
    """Index letters in order of preference, then i1, i2, … without end; none is a name of the formula."""
    numbered = (f"{wanted[0]}{k}" for k in itertools.count(1))
    return (c for c in itertools.chain(wanted, numbered) if c not in taken)


def _times(factor: tree.Node, inner: tree.Node) -> tree.Node:
    """factor·Σ…, with a fraction's numerator drawn in front: (2/n)·Σ."""
    if isinstance(factor, tree.Number) and factor.text == "1":
        return inner
    return tree.Binary(-1, -1, "*", factor, inner)


def ranked(expression: Any, names: dict[Any, Name]) -> tuple[Any, ...]:
    """Sorting key of a factor or term: plain numbers, then names by age, then functions."""
    arrays = expression.atoms(sp.Indexed)
    labels = {a.base.label for a in arrays}
    used = [names[s] for s in {a.base for a in arrays} | (expression.atoms(sp.Symbol) - labels) if s in names]
    first = min((_age(n) for n in used), default=(-1, 0))
    late = 1 if expression.is_Add or expression.is_Function else 0
    return (late, first, len(used), str(expression))


def _age(name: Name) -> tuple[int, int]:
    # A number stands before a column, a column before an array of parameters: m·x, X·w.
    group = 0 if not name.axes else _GROUPS.get(name.kind, 3)
    label = name.symbol.label if name.axes else name.symbol
    return (group, int(str(label)[1:]))


_GROUPS = {"column": 1, "constant": 1, "parameter": 2}
