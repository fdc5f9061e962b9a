"""The equations of one linear form over the moments of its family.

δ[j] = θ[j] - a[j]      c[p] = Σ_j R[p,j]·δ[j]      Σ u·v = s + Σ_j g_u[j]·δ_v[j] + Σ_j g_v[j]·δ_u[j] + Σ_p c_u[p]·c_v[p]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.families import Family, Feature, matched
from symcalc.compute.moments import Moments
from symcalc.equations import Axis, Equation, Name, Term


class Names:
    """New names, the values of those that are given, and equations of the others.

    Args:
        axes: Index symbol → Axis.
    """

    def __init__(self, axes: Mapping[Any, Axis]) -> None:
        self.axes = dict(axes)
        self.given: dict[Any, Any] = {}
        self.made: dict[Any, Name] = {}
        self.sizes: dict[Axis, int] = {}
        self.equations: list[Equation] = []

    def new(self, text: str, *indices: Any) -> Name:
        """A new name over some indices."""
        whole = sp.Symbol(f"moment{len(self.made):04d}", real=True)
        axes = tuple(self.axes[i] for i in indices)
        name = Name(text, "intermediate", axes, sp.IndexedBase(whole) if axes else whole)
        self.made[name.symbol] = name
        return name

    def value(self, text: str, value: Any, *indices: Any) -> Any:
        """A reference to a new name that has a value."""
        name = self.new(text, *indices)
        self.given[name.symbol] = np.asarray(value)[()]
        return reference(name, *indices)

    def axis(self, key: str, size: int) -> Any:
        """An index over a new axis."""
        index = sp.Symbol(f"{key}_0", integer=True)
        self.axes[index] = Axis(key, key, size)
        self.sizes[self.axes[index]] = size
        return index


def reference(name: Name, *indices: Any) -> Any:
    """A name at its indices."""
    return name.symbol[indices] if indices else name.symbol


class Columns:
    """Which columns of a family's moments belong to which feature.

    Args:
        family: The family.
        moments: Its moments.
        names: Where names are made.
        width: Index of a feature → its number of entries.
        label: What a row part is called.
    """

    def __init__(
        self, family: Family, moments: Moments, names: Names, width: Callable[[Any], int], label: Callable[[Any], str]
    ) -> None:
        self.family, self.moments, self.names, self.label = family, moments, names, label
        self.slices: list[slice] = []
        at = 0
        for feature in family.features:
            size = 1 if feature.index is None else width(feature.index)
            self.slices.append(slice(at, at + size))
            at += size
        self.index = names.axis(f"moment_of_{len(names.sizes)}_", at)
        self._triangle: dict[int, Any] = {}

    def number(self, feature: Feature) -> int:
        """Which feature of the family a feature is."""
        return next(k for k, other in enumerate(self.family.features) if matched(feature, other) is not None)

    def given(self, text: str, number: int, values: Any) -> Any:
        """A feature's entries of values over all columns, as a given name; {0} in the text stands for the feature."""
        feature, part = self.family.features[number], values[self.slices[number]]
        spelled = text.format(self.label(feature.row))
        if feature.index is None:
            return self.names.value(spelled, part[0])
        return self.names.value(spelled, part, feature.index)

    def triangle(self, number: int) -> Any:
        """A feature's columns of the triangular factor."""
        if number not in self._triangle:
            feature, part = self.family.features[number], self.moments.triangle[:, self.slices[number]]
            text = f"R({self.label(feature.row)})"
            if feature.index is None:
                self._triangle[number] = self.names.value(text, part[:, 0], self.index)
            else:
                self._triangle[number] = self.names.value(text, part, self.index, feature.index)
        return self._triangle[number]


class FormEquations:
    """One form over its family's moments.

    Args:
        text: What the form is called.
        columns: Its family's columns.
        moving: Its moving addends: feature → coefficients.
        fixed: The number of its fixed part among the family's; None where it has none.
    """

    def __init__(self, text: str, columns: Columns, moving: list[tuple[Feature, Term]], fixed: int | None) -> None:
        self.text, self.columns, self.fixed = text, columns, fixed
        self.check: Name | None = None
        self._along: dict[int, Any] = {}
        self._slopes: dict[int, Any] = {}
        by_feature: dict[int, list[Term]] = {}
        for feature, term in moving:
            number = columns.number(feature)
            renamed = matched(feature, columns.family.features[number]) or {}
            by_feature.setdefault(number, []).append(Term(term.over, term.body.xreplace(renamed)))
        # Feature number → δ[j].
        self.deviations = {n: self._deviation(n, terms) for n, terms in by_feature.items()}
        self.c = self._triangular()
        self.square = self._product(self)
        if fixed is not None or len(self.deviations) > 1 or any(self._index(n) is not None for n in self.deviations):
            self._check()

    def _index(self, number: int) -> Any:
        return self.columns.family.features[number].index

    def _indices(self, number: int) -> tuple[Any, ...]:
        return () if self._index(number) is None else (self._index(number),)

    def _define(self, text: str, indices: tuple[Any, ...], terms: list[Term]) -> Any:
        name = self.columns.names.new(text, *indices)
        self.columns.names.equations.append(Equation(name, indices, tuple(terms)))
        return reference(name, *indices)

    def _deviation(self, number: int, terms: list[Term]) -> Any:
        if self.fixed is not None:
            anchors = self.columns.moments.anchors[self.fixed]
            if np.any(anchors[self.columns.slices[number]]):
                terms = [*terms, Term((), -self.columns.given(f"best({self.text}, {{0}})", number, anchors))]
        what = self.columns.label(self.columns.family.features[number].row)
        return self._define(f"along({self.text}, {what})", self._indices(number), terms)

    def _triangular(self) -> Any:
        terms = [Term(self._indices(n), self.columns.triangle(n) * d) for n, d in self.deviations.items()]
        return self._define(f"R({self.text})", (self.columns.index,), terms)

    def slope(self, number: int) -> Any:
        """g of one feature, a reference over the feature's index."""
        if number not in self._slopes:
            self._slopes[number] = self.columns.given(
                f"Σ({{0}}·{self.text}*)", number, self.columns.moments.slopes[self.fixed]
            )
        return self._slopes[number]

    def times(self, other: FormEquations) -> Any:
        """Σ weight·u·v with another form of the family, as a reference."""
        return self.square if other is self else self._product(other)

    def _product(self, other: FormEquations) -> Any:
        moments, p = self.columns.moments, self.columns.index
        terms = [Term((p,), self.c * other.c)]
        for one, two in ((self, other), (other, self)):
            if one.fixed is not None:
                terms += [Term(self._indices(n), one.slope(n) * d) for n, d in two.deviations.items()]
        if self.fixed is not None and other.fixed is not None:
            value = moments.products[self.fixed, other.fixed]
            name = self.columns.names.value(f"Σ({self.text}*·{other.text}*)", value)
            terms.insert(0, Term((), name))
        return self._define(f"Σ({self.text}·{other.text})", (), terms)

    def along(self, feature: Feature) -> Any:
        """Σ weight·feature·u, as a reference over the feature's own index."""
        number = self.columns.number(feature)
        if number not in self._along:
            terms = [Term((self.columns.index,), self.columns.triangle(number) * self.c)]
            if self.fixed is not None:
                terms.insert(0, Term((), self.slope(number)))
            what = self.columns.label(self.columns.family.features[number].row)
            self._along[number] = self._define(f"Σ({what}·{self.text})", self._indices(number), terms)
        found = self._along[number]
        return found.xreplace({self._index(number): feature.index}) if feature.index is not None else found

    def _check(self) -> None:
        bounds = self.columns.moments.bounds
        terms = [Term((), self.square)]
        for n, d in self.deviations.items():
            terms.append(Term(self._indices(n), -self.columns.given(f"bound({self.text}, {{0}})", n, bounds) * d**2))
        self._define(f"digits({self.text})", (), terms)
        self.check = self.columns.names.equations[-1].name
