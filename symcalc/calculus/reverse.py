"""Reverse accumulation over equations: the gradient is more equations, and they are the derivation.

Walks the equations of a loss from the last to the first. Each name that matters gets one equation for
the slope of the loss in it, made of the slopes of the names that use it (the chain rule); shared
factors are derived once and reused by every parameter.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.calculus.contraction import contracted
from symcalc.calculus.partials import Partial, active, base_of, branches, partials
from symcalc.equations import Equation, Name, Term
from symcalc.language import safe
from symcalc.language.functions import Above, Less, LessEqual, Masked, Same, Sign, SignAt, Where
from symcalc.language.scope import Scope, Value
from symcalc.notation.symmetric import RULE as SYMMETRIC
from symcalc.notation.symmetric import SYMMETRIC_PART


@dataclass(frozen=True)
class Arrival:
    """What reaches the slope of one name from one equation that refers to it.

    Attributes:
        equation: The equation.
        slope: The slope of the loss in what the equation defines, over the equation's indices.
        partial: The slope of the equation's right side in the name.
    """

    equation: Equation
    slope: Value
    partial: Partial


@dataclass
class _Slope:
    """What has been gathered for one name: indices of its axes, terms so far, and through what they came."""

    indices: tuple[Any, ...]
    terms: list[Term]
    through: list[Name]
    rules: list[str]


class Reverse:
    """Accumulates the slopes of one output.

    Args:
        equations: The equations, the output's among them.
        output: The name whose slope is wanted.
        wrt: The names to give slopes for.
        scope: Where the new names and equations go.
        sign: `d` or `∂`, for the names of slopes.
    """

    def __init__(
        self,
        equations: tuple[Equation, ...],
        output: Equation,
        wrt: tuple[Name, ...],
        scope: Scope,
        sign: str,
    ) -> None:
        self.equations, self.output, self.wrt, self.scope, self.sign = equations, output, wrt, scope, sign
        symbols = {name.symbol for name in wrt}
        self.active = active(equations, symbols, output.name.symbol)
        self.masked = branches(equations)
        # A formula with one value a row keeps its row index everywhere: its slope is per row.
        self.kept = output.indices
        self.slopes: dict[Any, _Slope] = {}
        self.done: dict[Any, Value] = {}
        self.arrivals: dict[Any, list[Arrival]] = {}

    def run(self) -> tuple[Name, ...]:
        """Adds all equations to the scope; returns the names of the slopes, in the order of `wrt`."""
        stops = {name.symbol for name in self.wrt}
        self.done[self.output.name.symbol] = Value((Term((), sp.S.One),), self.kept)
        for equation in reversed(self.equations):
            symbol = equation.name.symbol
            if symbol not in self.active:
                continue
            slope = self._slope_of(equation.name, symbol in stops, outer=equation.reduction == "inv")
            if slope is not None:
                self._pass_on(equation, slope)
        for name in self.wrt:
            self._slope_of(name, final=True)
        return tuple(self._final(name) for name in self.wrt)

    # -- one name --------------------------------------------------------------------------------

    def _slope_of(self, name: Name, final: bool, outer: bool = False) -> Value | None:
        """The finished slope of a name: one equation, or a plain factor where it needs none.

        The slope in an inverse is often a product of vectors (`outer`): kept as one, the inverse only ever
        meets vectors, and linear systems are solved instead.
        """
        if name.symbol in self.done:
            return self.done[name.symbol]
        gathered = self.slopes.get(name.symbol)
        if gathered is None:
            if not final:
                return None
            gathered = self.fresh(name)
        terms = contracted(gathered.terms, self.scope.size_of) or [Term((), sp.S.Zero)]
        value = Value(tuple(terms), gathered.indices)
        if not final and (self._plain(value) or (outer and not value.sums and not value.body.is_Add)):
            self.done[name.symbol] = value
            return value
        through = list(dict.fromkeys(n.name for n in gathered.through if n.shown))
        rule = gathered.rules[0] if len(set(gathered.rules)) == 1 else "chain rule"
        reference = self.scope.define(
            value, name=f"{self.sign}{self.output.name.name}/{self.sign}{name.name}", kind="derivative", shown=True,
            rule=rule, reason=_reason(self.output.name.name, name.name, through, rule),
        )  # fmt: skip
        self.done[name.symbol] = reference
        return reference

    def fresh(self, name: Name) -> _Slope:
        """An empty slope over the axes of a name."""
        kept = tuple(i for i in self.kept if not any(a.rows for a in name.axes))
        own = tuple(self.scope.numbered_index(a, 0) if a.rows and self.kept else self.scope.index(a) for a in name.axes)
        return _Slope((*kept, *own), [], [], [])

    def _plain(self, value: Value) -> bool:
        """Whether a slope is a constant, or a constant times another slope: it needs no equation of its own."""
        if value.sums:
            return False
        rest = sp.Mul(*(f for f in sp.Mul.make_args(value.body) if not self._is_constant(f)))
        if rest == 1:
            return True
        whole = rest.is_Symbol or (isinstance(rest, sp.Indexed) and rest.indices == value.indices)
        return whole and self.scope.name_of[base_of(rest)].kind == "derivative"

    def _is_constant(self, factor: Any) -> bool:
        sizes = {n.symbol for n in self.scope.sizes.values()}
        return bool(factor.is_number or (factor.is_Pow and factor.base in sizes) or factor in sizes)

    def _final(self, name: Name) -> Name:
        value = self.done[name.symbol]
        return self.scope.name_of[base_of(value.body)]

    # -- the chain rule --------------------------------------------------------------------------

    def _pass_on(self, equation: Equation, slope: Value) -> None:
        """Adds what reaches each name that the equation refers to."""
        slope = self._over(slope, equation.indices)
        for partial in partials(equation, self.active, self.scope):
            base = base_of(partial.reference)
            if base == equation.name.symbol:
                continue
            name = self.scope.name_of[base]
            gathered = self.slopes.setdefault(base, self.fresh(name))
            gathered.terms.append(self.arriving(equation, slope, partial, gathered))
            gathered.through.append(equation.name)
            self.arrivals.setdefault(base, []).append(Arrival(equation, slope, partial))
            gathered.rules.append(_rule(equation, partial))

    def _over(self, slope: Value, indices: tuple[Any, ...]) -> Value:
        """The slope of a name, over the indices that its equation uses."""
        kept = tuple(i for i in self.kept if i not in indices)
        mapping = dict(zip(slope.indices, (*kept, *indices)))
        body = slope.body.xreplace({a: b for a, b in mapping.items() if a != b})
        return Value((Term((), body),), (*kept, *indices))

    def arriving(self, equation: Equation, slope: Value, partial: Partial, gathered: _Slope) -> Term:
        """The slope of what an equation defines times that of its right side in a name, over that name's indices."""
        own = gathered.indices[len(gathered.indices) - len(getattr(partial.reference, "indices", ())) :]
        bound = [i for i in (*equation.indices, *partial.over) if i not in self.kept]
        mapping: dict[Any, Any] = {}
        deltas = []
        for mine, used in zip(own, getattr(partial.reference, "indices", ())):
            shift, symbol = used.as_coeff_Add() if used.is_Add else (sp.S.Zero, used)
            if symbol in bound and symbol not in mapping:
                mapping[symbol] = mine - shift
            elif mine != used:
                deltas.append((mine, used))
        over = tuple(i for i in bound if i not in mapping)
        factor = slope.body
        if self.masked and factor != 1 and _may_be_infinite(partial.slope):
            body = Masked(factor, partial.slope)
        else:
            body = factor * partial.slope
        for mine, used in deltas:
            body = body * sp.KroneckerDelta(mine, used)
        return Term(over, body.xreplace(mapping))


def _may_be_infinite(slope: Any) -> bool:
    """Whether a slope can be infinite where its branch is not taken; numbers, names and steps cannot."""
    for node in sp.preorder_traversal(slope):
        if isinstance(node, sp.Indexed):
            continue
        if node.is_Pow and not (node.exp.is_Integer and node.exp > 0):
            return True
        if node.is_Function and not isinstance(node, _STEPS):
            return True
    return False


def _rule(equation: Equation, partial: Partial) -> str:
    """The rule that carried the slope from an equation to one of its references, in the field's words."""
    body = partial.body
    if equation.rule == SYMMETRIC:
        return SYMMETRIC_PART
    if equation.reduction != "sum":
        return f"derivative of {equation.reduction}"
    if body.is_Function or (body.is_Pow and body.base is sp.E):
        return f"derivative of {_WORDS.get(type(body).__name__, type(body).__name__.lower())}"
    for factor in sp.Mul.make_args(body):
        if factor.is_Pow and factor.base == partial.reference:
            return "power rule"
    return "chain rule"


_STEPS = (Above, Sign, SignAt, Where, Less, LessEqual, Same)
_WORDS = {"Absolute": "|u|", "Maximum": "max", "Minimum": "min", "CubeRoot": "cbrt", **safe.WORDS}


def _reason(output: str, name: str, through: list[str], rule: str) -> str:
    if rule == SYMMETRIC_PART:
        return f"{name} is symmetric: half its slope with free entries, plus the same transposed"
    shown = [t for t in through if t != output]
    if not shown:
        return f"{name} enters {output} directly"
    return f"{output} depends on {name} through {' and '.join(shown)}"
