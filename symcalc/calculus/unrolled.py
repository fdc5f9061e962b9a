"""The exact check: every axis cut to 2 entries, then 3, everything put in, and compared with SymPy's own diff."""

from __future__ import annotations

import itertools
import time
from typing import Any

import sympy as sp

from symcalc.calculus.plain import plainly
from symcalc.equations import Equation, Name
from symcalc.language.loss import Loss

SECONDS, ONE_SECONDS = 1.0, 0.2
_LARGEST = 800


class Unrolled:
    """The exact check: everything put in, for axes of 2 and 3 entries."""

    def __init__(
        self, loss: Loss, wrt: tuple[Name, ...], slopes: tuple[Name, ...], equations: tuple[Equation, ...]
    ) -> None:
        self.loss, self.wrt, self.slopes, self.equations = loss, wrt, slopes, equations
        self.by_symbol = {e.name.symbol: e for e in equations}
        self.entries: dict[tuple[Any, tuple[int, ...]], Any] = {}
        self.size = 2

    def run(self) -> dict[str, bool | None]:
        """Parameter → proven (True), disproven (False) or not decided in time (None)."""
        if self._unsuited():
            return {}
        deadline = time.perf_counter() + SECONDS
        results: dict[str, bool | None] = {n.name: None for n in self.wrt}
        try:
            for size in (2, 3):
                self.size, self.entries = size, {}
                output = self.loss.output
                values = [self.entry(output.name.symbol, p) for p in self._places(output.name)]
                if sum(sp.count_ops(v) for v in values) > _LARGEST:
                    break
                for name, slope in zip(self.wrt, self.slopes):
                    one = min(deadline, time.perf_counter() + ONE_SECONDS)
                    if time.perf_counter() > deadline:
                        return results if size == 3 else {}
                    verdict = self._proven(name, slope, values, one)
                    if size == 2 or verdict is False:
                        results[name.name] = verdict
        except _TooLarge:
            pass
        return results

    def _unsuited(self) -> bool:
        equations = self.equations
        if len(equations) > 80 or any(e.reduction != "sum" for e in equations):
            return True
        return any(i.is_Add for e in equations for t in e.terms for a in t.body.atoms(sp.Indexed) for i in a.indices)

    def _places(self, name: Name) -> list[tuple[int, ...]]:
        return list(itertools.product(*(range(self.size) for _ in name.axes)))

    def _proven(self, name: Name, slope: Name, values: list[Any], deadline: float) -> bool | None:
        rows = len(slope.axes) > len(name.axes)
        undecided = False
        for place in self._places(slope):
            if time.perf_counter() > deadline:
                return None
            own = place[1:] if rows else place
            variable = self._input(name, own) if name.symbol not in self.by_symbol else None
            if variable is None:
                return None
            value = values[place[0]] if self.loss.per_row else values[0]
            difference = value.diff(variable) - self.entry(slope.symbol, place)
            verdict = zero(difference)
            if verdict is False:
                return False
            undecided = undecided or verdict is None
        return None if undecided else True

    def _input(self, name: Name, place: tuple[int, ...]) -> Any:
        label = name.symbol.label if name.axes else name.symbol
        if name.structure and name.kind == "constant":
            place = tuple(sorted(place))
        return sp.Symbol("_".join([str(label), *map(str, place)]), real=True)

    def entry(self, symbol: Any, place: tuple[int, ...]) -> Any:
        """One entry of a name as a SymPy expression over entries of the inputs."""
        key = (symbol, place)
        if key not in self.entries:
            equation = self.by_symbol.get(symbol)
            if equation is None:
                name = self.loss.notation.names[symbol]
                value = self._input(name, place) if name.kind != "size" else sp.Integer(self.size)
            else:
                value = self._value(equation, place)
                if sp.count_ops(value) > _LARGEST:
                    raise _TooLarge
            self.entries[key] = value
        return self.entries[key]

    def _value(self, equation: Equation, place: tuple[int, ...]) -> Any:
        parts = []
        for term in equation.terms:
            for inner in itertools.product(*(range(self.size) for _ in term.over)):
                at = dict(zip((*equation.indices, *term.over), map(sp.Integer, (*place, *inner))))
                parts.append(plainly(self._put_in(term.body, at)))
        return sp.Add(*parts)

    def _put_in(self, body: Any, at: dict[Any, Any]) -> Any:
        body = body.xreplace(at) if at else body
        mapping: dict[Any, Any] = {}
        for reference in body.atoms(sp.Indexed):
            mapping[reference] = self.entry(reference.base, tuple(int(i) for i in reference.indices))
        labels = {r.base.label for r in mapping}
        for symbol in body.atoms(sp.Symbol) - labels:
            mapping[symbol] = self.entry(symbol, ())
        return body.xreplace(mapping)


class _TooLarge(Exception):
    """The unrolled loss is too large to be worth proving."""


def zero(difference: Any) -> bool | None:
    """Whether an expression is zero, by algebra that always ends; None if that does not tell."""
    # sign(-u) and -sign(u) are one thing; SymPy writes now this, now that.
    difference = difference.replace(sp.sign, lambda u: -sp.sign(-u) if u.could_extract_minus_sign() else sp.sign(u))
    if difference == 0:
        return True
    if difference.has(sp.Piecewise):
        difference = _indicated(difference)
    if sp.count_ops(difference) > 400:
        return None
    for step in (
        sp.expand,
        lambda d: sp.expand(sp.numer(sp.together(d))),
        lambda d: sp.expand(sp.powsimp(sp.expand(d))),
    ):
        if step(difference) == 0:
            return True
    return None


def _indicated(expression: Any) -> Any:
    """Each branch as an indicator symbol times its value: 1 or 0, so any power of it is itself."""
    known: dict[Any, Any] = {}

    def indicator(condition: Any) -> Any:
        gap = sp.expand(condition.gts - condition.lts)
        if gap.could_extract_minus_sign():
            return 1 - known.setdefault(sp.expand(-gap), sp.Dummy("above"))
        return known.setdefault(gap, sp.Dummy("above"))

    def branches(*pieces: Any) -> Any:
        total, left = sp.S.Zero, sp.S.One
        for value, condition in pieces:
            if condition == True:  # noqa: E712 - SymPy's own truth
                return total + left * value
            if condition.has(sp.Eq, sp.Ne):
                continue  # it holds on the kink itself, where the stated convention decides
            if not isinstance(condition, sp.core.relational.Relational) or condition.has(sp.Piecewise):
                raise _TooLarge
            total, left = total + left * indicator(condition) * value, left * (1 - indicator(condition))
        return total

    flat = sp.expand(expression.replace(sp.Piecewise, branches))
    flags = set(known.values())
    return flat.replace(lambda e: e.is_Pow and e.base in flags and e.exp.is_Integer, lambda e: e.base)
