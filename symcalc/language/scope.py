"""Where equations are built: private symbols, axes, and one equation for each step of the work.

Every call of a function, every reduction and every inside of a power becomes an equation of its own, so
that each is computed once, differentiated once and reused. Two equal right sides share one name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symcalc.catalogue.mistakes import Mistake
from symcalc.equations import Axis, Equation, Kind, Name, Structure, Term
from symcalc.notation.symmetric import oriented
from symcalc.notation.tree import Node


@dataclass(frozen=True)
class Value:
    """Part of a formula in index notation: a sum of contractions over free indices.

    Attributes:
        terms: Its contractions; most values are one body that sums over nothing.
        indices: Its free indices, in the order of its axes.
        constant: Its value in extended-exponent arithmetic where no name occurs in it, else None.
    """

    terms: tuple[Term, ...]
    indices: tuple[Any, ...] = ()
    constant: Any = None

    @property
    def body(self) -> Any:
        """The body of a value that sums over nothing."""
        (term,) = self.terms
        return term.body

    @property
    def sums(self) -> bool:
        """Whether it sums over anything."""
        return len(self.terms) > 1 or bool(self.terms[0].over)

    @property
    def atomic(self) -> bool:
        """Whether it is a single name or number."""
        return not self.sums and (self.body.is_Symbol or self.body.is_number or isinstance(self.body, sp.Indexed))


def single(body: Any, indices: tuple[Any, ...] = (), constant: Any = None) -> Value:
    """A value that sums over nothing."""
    return Value((Term((), body),), indices, constant)


# Rules of what a slope refers to besides: shares of ties, products of all others.
BESIDES = ("ties", "product rule")


class Scope:
    """The names, axes and equations of one loss while it is built."""

    def __init__(self) -> None:
        self.axis_of: dict[Any, Axis] = {}
        self.names: dict[str, Name] = {}
        self.equations: list[Equation] = []
        self.name_of: dict[Any, Name] = {}
        self.sizes: dict[Axis, Name] = {}
        self.taken: set[str] = set()
        self.shown_symbols: set[Any] = set()
        self.kinks = "minimum-norm"  # the convention for slopes at kinks
        self.mistake: Mistake | None = None  # a rule of differentiation got wrong, on purpose
        self._known: dict[Any, Name] = {}
        self._symmetric: set[Any] = set()
        self._count = 0

    @classmethod
    def continued(cls, names: Mapping[Any, Name], axes: Mapping[Any, Axis], equations: Iterable[Equation]) -> Scope:
        """A scope that goes on where another ended, with all its names and none of its equations."""
        scope = cls()
        scope.name_of, scope.axis_of = dict(names), dict(axes)
        scope._symmetric = {symbol for symbol, name in names.items() if name.structure}
        scope.sizes = {}
        for equation in equations:
            key = (equation.terms, equation.reduction, equation.indices)
            scope._known.setdefault(key, equation.name)
        scope.taken = {name.name for name in names.values()}
        scope._count = 1000 + len(axes) + len(names)
        return scope

    # -- axes ------------------------------------------------------------------------------------

    def axis(self, size: int | str, rows: bool = False, entries: tuple[str, ...] = ()) -> Axis:
        """The axis of a size: equally long ones are one axis, unless their entries have names."""
        if isinstance(size, str):
            return Axis(f"s_{size}_", size, None, rows)
        if not entries:
            return Axis(f"k{size}_", str(size), size, rows)
        self._count += 1
        return Axis(f"a{self._count}_", str(size), size, rows, entries)

    def index(self, axis: Axis) -> Any:
        """A fresh index running over an axis."""
        self._count += 1
        symbol = sp.Symbol(f"t{self._count}", integer=True)
        self.axis_of[symbol] = axis
        return symbol

    def numbered_index(self, axis: Axis, number: int) -> Any:
        """The index that every finished equation uses for its `number`-th run over an axis."""
        symbol = sp.Symbol(f"{axis.key}{number}", integer=True)
        self.axis_of[symbol] = axis
        return symbol

    def whole(self, number: int) -> Any:
        """A fixed index."""
        return sp.Integer(number)

    def size(self, axis: Axis) -> Any:
        """The number of entries of an axis: a number, or the symbol that stands for it (always, for rows)."""
        if axis.size is not None and not axis.rows:
            return sp.Integer(axis.size)
        if axis not in self.sizes:
            name = self.new_name(axis.label, "size", (), how="number of rows" if axis.rows else "size")
            self.sizes[axis] = name
        return self.sizes[axis].symbol

    def size_of(self, index: Any) -> Any:
        """The number of values an index takes."""
        return self.size(self.axis_of[index])

    # -- names -----------------------------------------------------------------------------------

    def new_name(
        self, name: str, kind: Kind, axes: tuple[Axis, ...], shown: bool = True, how: str = "",
        structure: Structure = "",
    ) -> Name:  # fmt: skip
        """A name with a private symbol of its own."""
        private = sp.Symbol(f"v{len(self.name_of)}", real=True, **({"positive": True} if kind == "size" else {}))
        symbol = sp.IndexedBase(private) if axes else private
        made = Name(name, kind, axes, symbol, shown, how, structure)
        self.name_of[symbol] = made
        if structure:
            self._symmetric.add(symbol)
        if shown and kind != "size":
            self.shown_symbols.add(private)
        return made

    def declare(self, name: Name, structure: Structure) -> Name:
        """The name with what is declared of its matrix."""
        made = replace(name, structure=structure)
        self.name_of[name.symbol] = made
        self._symmetric.add(name.symbol)
        return made

    def reference(self, name: Name) -> Value:
        """A name with fresh indices for its axes; rows run over one and the same index, a second row axis over another."""
        if not name.axes:
            return single(name.symbol)
        indices = tuple(
            self.numbered_index(a, sum(b.rows for b in name.axes[:k])) if a.rows else self.index(a)
            for k, a in enumerate(name.axes)
        )
        return single(name.symbol[indices], indices)

    def free_name(self, wanted: str) -> str:
        """`wanted`, or `wanted` with a number behind it that no other name has."""
        candidate, number = wanted, 0
        while candidate in self.taken:
            number += 1
            candidate = f"{wanted}{number}"
        self.taken.add(candidate)
        return candidate

    # -- equations -------------------------------------------------------------------------------

    def define(
        self,
        value: Value,
        name: str = "",
        kind: Kind = "intermediate",
        reduction: str = "sum",
        rule: str = "",
        reason: str = "",
        typed: Node | None = None,
        shown: bool = False,
        wanted: str = "u",
        structure: Structure = "",
    ) -> Value:
        """The value as a name of its own: a new equation, or the name an equal one already has."""
        indices, terms = self.canonical(value.indices, value.terms)
        key = (terms, reduction, indices)
        if not name and key in self._known:
            return self._like(self._known[key], value.indices)
        promoted = self._promoted(value, name, kind, typed, rule, reason) if name else None
        if promoted is not None:
            return self._like(promoted, value.indices)
        axes = tuple(self.axis_of[i] for i in indices)
        structure = structure or self._of_inverse(terms, reduction)
        made = self.new_name(name or self.free_name(wanted), kind, axes, shown, structure=structure)
        self.equations.append(
            Equation(made, indices, terms, reduction, rule or "name", reason, typed)  # type: ignore[arg-type]
        )
        self._known.setdefault(key, made)
        return self._like(made, value.indices)

    def _of_inverse(self, terms: tuple[Term, ...], reduction: str) -> Structure:
        """What an inverse has from its matrix: that of a symmetric one is symmetric."""
        body = terms[0].body
        if reduction != "inv" or not isinstance(body, sp.Indexed):
            return ""
        return self.name_of[body.base].structure

    def _promoted(self, value: Value, name: str, kind: Kind, typed: Node | None, rule: str, reason: str) -> Name | None:
        """The inner step that a value is, renamed to what the user calls it; None if it is no inner step."""
        if not value.atomic or value.body.is_number or bool(value.indices) is not isinstance(value.body, sp.Indexed):
            return None
        base = value.body.base if value.indices else value.body
        inner = self.name_of[base]
        last = self.equations[-1] if self.equations else None
        # What a rule needs besides is judged by itself: it stays what it is.
        if (
            inner.shown
            or last is None
            or last.name != inner
            or last.rule in BESIDES
            or (value.indices and value.body.indices != value.indices)
        ):
            return None
        made = replace(inner, name=name, kind=kind, shown=True)
        self.name_of[base] = made
        self.shown_symbols.add(base.label if made.axes else base)
        if last.rule == "stable form":
            reason = f"{reason}, in a stable form; {last.reason}"
        self.equations[-1] = replace(last, name=made, typed=typed, rule=rule, reason=reason)
        for key, known in self._known.items():
            if known.symbol == base:
                self._known[key] = made
        return made

    def recalled(self, value: Value) -> Value:
        """The name an equal value already has, or the value itself."""
        indices, terms = self.canonical(value.indices, value.terms)
        known = self._known.get((terms, "sum", indices))
        return value if known is None else self._like(known, value.indices)

    def _like(self, name: Name, indices: tuple[Any, ...]) -> Value:
        return single(name.symbol[indices] if indices else name.symbol, indices)

    def canonical(self, indices: tuple[Any, ...], terms: tuple[Term, ...]) -> tuple[tuple[Any, ...], tuple[Term, ...]]:
        """Index symbols renamed by axis and order, so that equal right sides are equal expressions."""
        free, count = self._renamed(indices, {})
        done = []
        for term in terms:
            bound, _ = self._renamed(term.over, count)
            mapping = {**free, **bound}
            body = oriented(term.body.xreplace(mapping) if mapping else term.body, self._symmetric)
            done.append(Term(tuple(bound[i] for i in term.over), body))
        return tuple(free[i] for i in indices), self._merged(done)

    def _merged(self, terms: list[Term]) -> tuple[Term, ...]:
        """Contractions that became equal when symmetric matrices were turned, as one."""
        if not self._symmetric or len(terms) < 2:
            return tuple(terms)
        counts = Counter(terms)
        return tuple(Term(term.over, count * term.body) for term, count in counts.items())

    def _renamed(self, indices: Iterable[Any], count: Mapping[Axis, int]) -> tuple[dict[Any, Any], dict[Axis, int]]:
        mapping, counts = {}, dict(count)
        for index in indices:
            axis = self.axis_of[index]
            mapping[index] = self.numbered_index(axis, counts.get(axis, 0))
            counts[axis] = counts.get(axis, 0) + 1
        return mapping, counts
