"""Which sums over rows separate into (parameters) × (row part), and into which linear forms.

r[i] = y[i] - m*x[i] - b       is linear in the row parts y, x and 1, with the coefficients 1, -m and -b;
Σ_i r[i]^2 and Σ_i x[i]*r[i]   are products of such forms and row parts, and their sums need the rows only once.

A row part holds columns, constants and what was worked out once; a coefficient holds no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symcalc.compute.arrays import used
from symcalc.equations import Axis, Equation, Term

# (row part, forms) → coefficient.
Polynomial = dict[tuple[Any, tuple[Any, ...]], Any]
_MOST_PARTS = 200
_HIGHEST = 4


@dataclass(frozen=True)
class Part:
    """One addend of a value with an entry a row: coefficient × row part × forms.

    Attributes:
        coefficient: What holds no rows.
        over: Indices, other than the row's, that the addend is summed over.
        row: The row part; 1 where there is none.
        forms: Private symbols of the linear forms it is a product of, sorted.
    """

    coefficient: Any
    over: tuple[Any, ...]
    row: Any
    forms: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Form:
    """A value with an entry a row, linear in row parts.

    Attributes:
        symbol: What stands for it.
        parts: Its addends, each a coefficient times a row part; no two have one row part.
        factors: What it is the product of, row parts and symbols of forms; () where it is none.
    """

    symbol: Any
    parts: tuple[Part, ...]
    factors: tuple[Any, ...] = ()


class Inseparable(Exception):
    """A value does not separate; the message says why."""


class Separation:
    """Takes up equations in order and says how each separates.

    Args:
        row: The index of the rows; every equation is written with this one.
        axes: Index symbol → Axis.
        moving: Private symbols of what changes from call to call.
    """

    def __init__(self, row: Any, axes: Mapping[Any, Axis], moving: Iterable[Any]) -> None:
        self.row, self.axes, self.moving = row, axes, set(moving)
        self.forms: dict[Any, Form] = {}
        self._products: dict[Any, tuple[Part, ...]] = {}
        self._named: dict[Any, Form] = {}

    # -- equations -------------------------------------------------------------------------------

    def add(self, equation: Equation) -> None:
        """Takes up an equation with an entry a row.

        Raises:
            Inseparable: It does not separate.
        """
        if equation.indices != (self.row,):
            raise Inseparable(f"{equation.name.name} has more than one entry a row")
        if equation.reduction != "sum":
            raise Inseparable(f"{equation.name.name} is no sum within a row")
        parts = together(p for t in equation.terms for p in self.parts(t))
        symbol = equation.name.symbol
        if all(_linear(p) for p in parts):
            self.forms[symbol] = Form(symbol, self._inlined(parts))
        else:
            self._products[symbol] = parts

    def parts(self, term: Term) -> tuple[Part, ...]:
        """A term's addends; its sum over the rows stays undone.

        Raises:
            Inseparable: It does not separate.
        """
        over = tuple(i for i in term.over if i != self.row)
        found = []
        for (row, forms), coefficient in self._polynomial(term.body, True).items():
            if over and (forms or not set(over) <= used(row) | used(coefficient)):
                raise Inseparable("a sum within a row holds a value that moves with the row")
            found.append(Part(coefficient, over, row, forms))
        return together(found)

    def named(self, parts: Iterable[Part], factors: tuple[Any, ...] = ()) -> Form:
        """The form with these addends, none of which holds forms; the same one for the same addends."""
        known = together(parts)
        key = frozenset((p.coefficient, p.over, p.row) for p in known)
        if key not in self._named:
            symbol = sp.Symbol(f"form{len(self._named)}", real=True)
            self._named[key] = self.forms[symbol] = Form(symbol, known, factors)
        return self._named[key]

    def fixed(self, body: Any) -> bool:
        """Whether a coefficient is the same on every call."""
        return not symbols(body) & self.moving

    # -- bodies ----------------------------------------------------------------------------------

    def _polynomial(self, body: Any, top: bool) -> Polynomial:
        rows = {i for i in used(body) if self.axes[i].rows}
        if not rows:
            return {(sp.S.One, ()): body}
        if rows != {self.row}:
            raise Inseparable("rows stand beside other rows")
        if isinstance(body, sp.Indexed):
            return self._reference(body)
        if body.is_Mul:
            product: Polynomial = {(sp.S.One, ()): sp.S.One}
            for factor in body.args:
                product = _times(product, self._polynomial(factor, False))
            return product
        if self.fixed(body) and not (top and body.is_Add):
            return {(body, ()): sp.S.One}
        if body.is_Add:
            return self._addends(body, top)
        if body.is_Pow and body.exp.is_Integer and 0 < body.exp <= _HIGHEST:
            inner = self._polynomial(body.base, False)
            power = inner
            for _ in range(int(body.exp) - 1):
                power = _times(power, inner)
            return power
        word = type(body).__name__ if body.is_Function else "power"
        raise Inseparable(f"the {word} of a value that moves differs from row to row")

    def _addends(self, body: Any, top: bool) -> Polynomial:
        total: Polynomial = {}
        for addend in body.args:
            for key, value in self._polynomial(addend, top).items():
                total[key] = total.get(key, sp.S.Zero) + value
        parts = together(Part(c, (), row, forms) for (row, forms), c in total.items())
        if top or len(parts) < 2 or not all(_linear(p) for p in parts):
            return total
        if any(p.forms and not self.fixed(p.coefficient) for p in parts):
            return total  # what is fixed in a form would move in a multiple of it
        # Inside a product a sum stays one linear form: multiplied out, its addends would cancel.
        return {(sp.S.One, (self.named(self._inlined(parts)).symbol,)): sp.S.One}

    def _reference(self, body: Any) -> Polynomial:
        if any(self.row in i.free_symbols and i != self.row for i in body.indices):
            raise Inseparable("shifted rows are read")
        if body.base not in self.moving:
            return {(body, ()): sp.S.One}
        if body.base in self.forms and tuple(body.indices) == (self.row,):
            return {(sp.S.One, (body.base,)): sp.S.One}
        parts = self._products.get(body.base)
        if parts is None or any(p.over for p in parts):
            raise Inseparable("it holds a value that does not separate")
        return {(p.row, p.forms): p.coefficient for p in parts}

    def _inlined(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """Linear addends with the forms in them written out."""
        found = []
        for part in parts:
            if not part.forms:
                found.append(part)
                continue
            for p in self.forms[part.forms[0]].parts:
                found.append(Part(part.coefficient * p.coefficient, p.over, p.row))
        return together(found)


def symbols(body: Any) -> set[Any]:
    """The private symbols in a body (and its indices and labels, which do no harm)."""
    return {*(a.base for a in body.atoms(sp.Indexed)), *body.atoms(sp.Symbol)}


def together(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Addends with those of one row part made one."""
    merged: dict[Any, Part] = {}
    for part in parts:
        key = (part.over, part.row, part.forms)
        so_far = merged[key].coefficient if key in merged else sp.S.Zero
        merged[key] = replace(part, coefficient=so_far + part.coefficient)
    return tuple(p for p in merged.values() if p.coefficient != 0)


def _linear(part: Part) -> bool:
    """Whether an addend is a row part, or a form, times what holds no rows."""
    return not part.forms or (len(part.forms) == 1 and part.row == 1 and not part.over)


def _times(one: Polynomial, two: Polynomial) -> Polynomial:
    product: Polynomial = {}
    for (row, forms), c in one.items():
        for (other, more), d in two.items():
            key = (row * other, tuple(sorted((*forms, *more), key=str)))
            product[key] = product.get(key, sp.S.Zero) + c * d
    if len(product) > _MOST_PARTS:
        raise Inseparable("it has too many addends")
    return product
