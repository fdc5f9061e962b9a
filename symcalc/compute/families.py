"""Families of linear forms: what the sums over rows of equations ask for, sorted by weight.

mean(s*(y - m*x - b)^2)  →  one family of weight s, with the features 1 and x, the form r and its fixed part y;
                            it is asked for Σ s·r·r, Σ s·x·r and Σ s·r.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symcalc.compute.arrays import used
from symcalc.compute.separation import Form, Inseparable, Part, Separation
from symcalc.equations import Equation, Term


@dataclass(frozen=True)
class Feature:
    """A row part that forms are linear in.

    Attributes:
        row: The row part.
        index: The index it runs over beside the row's; None where it is one number a row.
    """

    row: Any
    index: Any = None


@dataclass(frozen=True)
class Wanted:
    """A sum over rows: coefficient × Σ weight·u·v, or × Σ weight·feature·u, or × Σ row part.

    Attributes:
        coefficient: What holds no rows.
        weight: The weight of the family.
        forms: (u, v), (u,) or ().
        feature: What u is multiplied with; for no form the row part.
    """

    coefficient: Any
    weight: Any
    forms: tuple[Any, ...]
    feature: Feature | None = None


@dataclass
class Family:
    """Forms summed with one weight.

    Attributes:
        weight: The weight, a row part.
        forms: Private symbols of the forms, in order.
        features: What they are linear in, and multiplied with.
    """

    weight: Any
    forms: list[Any] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)

    def take(self, feature: Feature) -> None:
        """Adds a feature that is not there yet."""
        if all(matched(feature, other) is None for other in self.features):
            self.features.append(feature)
            self.features.sort(key=lambda f: (f.row != 1, sp.count_ops(f.row), str(f.row)))


def matched(one: Feature, two: Feature) -> dict[Any, Any] | None:
    """What to replace in `one` to get `two`; None where they are two features."""
    if one.index is None or two.index is None:
        return {} if one == two else None
    return {one.index: two.index} if one.row.xreplace({one.index: two.index}) == two.row else None


def entries(form: Form, separation: Separation) -> tuple[tuple[Part, ...], list[tuple[Feature, Term]]]:
    """(the fixed addends of a form, its moving ones as feature and coefficient).

    Raises:
        Inseparable: An addend runs over two indices, or is no plain multiple.
    """
    fixed, moving = [], []
    for part in form.parts:
        inner = tuple(i for i in used(part.row) if i != separation.row)
        if len(inner) > 1 or not set(inner) <= set(part.over):
            raise Inseparable("a row part runs over two indices, or over one that is not summed")
        if separation.fixed(part.coefficient):
            if part.over or used(part.coefficient):
                raise Inseparable("a fixed part is a sum within a row")
            fixed.append(part)
        else:
            over = tuple(i for i in part.over if i not in inner)
            moving.append((Feature(part.row, *inner), Term(over, part.coefficient)))
    return tuple(fixed), moving


class Families:
    """Sorts what is wanted of rows into families.

    Args:
        separation: How the rows separate.
        paired: Makes an addend of more than two forms one of two.
        weighted: Whether a row part beside two forms is a weight; otherwise it belongs to one of them.
    """

    def __init__(self, separation: Separation, paired: Callable[[Part], Part], weighted: bool) -> None:
        self.separation, self.paired, self.weighted = separation, paired, weighted
        self.by_weight: dict[Any, Family] = {}

    def pieces(self, equation: Equation, term: Term) -> list[Part]:
        """A term of an equation without rows as addends of at most two forms, each of them checked.

        Raises:
            Inseparable: It is no such term.
        """
        parts = tuple(p if len(p.forms) <= 2 else self.paired(p) for p in self.separation.parts(term))
        plain = [p for p in parts if not p.forms]
        if len(plain) > 1 or any(p.over for p in plain):
            if equation.indices or len(plain) < len(parts):
                raise Inseparable("its addends may cancel")
            parts = (Part(sp.S.One, (), sp.S.One, (self.separation.named(plain).symbol,)),)
        for part in parts:
            inner = [i for i in used(part.row) if i != self.separation.row]
            if len(inner) > (0 if len(part.forms) == 2 else 1):
                raise Inseparable("a row part runs over too many indices")
            for symbol in part.forms:
                entries(self.separation.forms[symbol], self.separation)
        return [part if self.weighted or len(part.forms) < 2 else self._within(part) for part in parts]

    def _within(self, part: Part) -> Part:
        """A product of two forms with its row part put into the first."""
        if part.row == 1:
            return part
        one, two = part.forms
        inner = [Part(p.coefficient, p.over, p.row * part.row) for p in self.separation.forms[one].parts]
        return Part(part.coefficient, (), sp.S.One, (self.separation.named(inner, (part.row, one)).symbol, two))

    def square(self, part: Part) -> Wanted:
        """An addend that is a product of two forms."""
        family = self._family(part.row)
        self._join(family, part.forms)
        return Wanted(part.coefficient, family.weight, part.forms)

    def slope(self, part: Part) -> Wanted:
        """An addend with one form, or none; asked after every product of two forms."""
        inner = [i for i in used(part.row) if i != self.separation.row]
        if not part.forms:
            return Wanted(part.coefficient, sp.S.One, (), Feature(part.row, *inner))
        (symbol,) = part.forms
        chosen, rest = None, part.row
        for family in self.by_weight.values():
            left = _divided(part.row, family.weight)
            if left is not None and symbol in family.forms and (chosen is None or chosen.weight == 1):
                chosen, rest = family, left
        family = chosen or self._family(sp.S.One)
        self._join(family, part.forms)
        feature = Feature(rest, *inner)
        family.take(feature)
        return Wanted(part.coefficient, family.weight, part.forms, feature)

    def _family(self, weight: Any) -> Family:
        return self.by_weight.setdefault(weight, Family(weight))

    def _join(self, family: Family, forms: Iterable[Any]) -> None:
        for symbol in forms:
            if symbol not in family.forms:
                family.forms.append(symbol)
                for feature, _ in entries(self.separation.forms[symbol], self.separation)[1]:
                    family.take(feature)


def _divided(row: Any, weight: Any) -> Any:
    """What is left of a row part beside a weight; None where the weight is no factor of it."""
    if weight == 1:
        return row
    factors = list(sp.Mul.make_args(row))
    for factor in sp.Mul.make_args(weight):
        if factor not in factors:
            return None
        factors.remove(factor)
    return sp.Mul(*factors)
