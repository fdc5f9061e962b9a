"""In which units a loss, its parameters and its slopes are, each column being in a unit of its own.

What is added, compared or subtracted has one unit, and what goes into exp, log, sin or an open exponent has none:
each equation of a loss says so much about the powers of units, linearly, and together they say what each name is in.

    units(loss).of["m"]        {"y": 1, "x": -1}: the unit of y over that of x

Source: dimensional homogeneity, Bridgman, Dimensional Analysis (1922), chapter 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import hypot

from symcalc.calculus.partials import base_of, references
from symcalc.equations import Equation
from symcalc.language import functions as f
from symcalc.language.loss import Loss

# The powers of units that make up a unit: private symbol → power. An empty one is that of plain numbers.
Powers = dict[Any, Fraction]

ALIKE = (f.Maximum, f.Minimum, hypot)
COMPARED = (f.Above, f.Less, f.LessEqual, f.Same, f.Differs, sp.atan2)
KEPT = (f.Absolute, f.Relu, sp.Abs)
UNITLESS = (f.Sign, f.SignAt, sp.sign, sp.KroneckerDelta)


@dataclass(frozen=True)
class Units:
    """What each name of a loss is measured in.

    Attributes:
        of: Name → {name: power}, in units of columns; in those of a parameter too where the formula leaves it open.
        open: Names whose unit may be chosen.
        plain: Columns that must be plain numbers for the formula to make sense.
        weighed: Whether a number before a penalty has a unit.
    """

    of: Mapping[str, Mapping[str, Fraction]]
    open: tuple[str, ...]
    plain: tuple[str, ...]
    weighed: bool

    def slope(self, of: str, by: str) -> Mapping[str, Fraction]:
        """The unit of the slope of one name by another."""
        return _product(self.of[of], _raised(self.of[by], Fraction(-1)))


def units(loss: Loss) -> Units | None:
    """The units of a loss over columns; None where it reads none.

    Args:
        loss: The loss.

    Returns:
        The units of its parameters, constants, columns and of the loss itself.
    """
    if not loss.columns:
        return None
    found = _Homogeneous(loss)
    shown = (*loss.columns, *loss.constants, *loss.parameters, loss.output.name)
    names = {n.symbol: n.name for n in (*shown, *(e.name for e in found.stacked))}
    of = {n.name: _named(found.of(n.symbol), names) for n in shown}
    columns = {n.name for n in loss.columns}
    return Units(
        of,
        tuple(n for n, powers in of.items() if powers == {n: 1} and n not in columns),
        tuple(n.name for n in loss.columns if not of[n.name]),
        any(found.of(loss.output.name.symbol) != found.settled(unit) for unit in found.penalties),
    )


def _named(powers: Powers, names: Mapping[Any, str]) -> dict[str, Fraction]:
    return {names[s]: power for s, power in powers.items() if s in names}


class _Homogeneous:
    """Solves what the equations of a loss say about units."""

    def __init__(self, loss: Loss) -> None:
        self._solved: dict[Any, Powers] = {}
        self._rank = {n.symbol: 1 for n in (*loss.constants, *loss.parameters)}
        self._rank |= {n.symbol: 2 for n in loss.columns}
        self._plain = {size.symbol for size, _ in loss.sizes}
        self.stacked = [e for e in loss.equations if _stacks(e)]
        self._data = {n.symbol for n in loss.columns}
        self.penalties: list[Powers] = []
        for equation in loss.equations:
            if equation in self.stacked:
                self._data.add(equation.name.symbol)
                self._rank[equation.name.symbol] = 2
            else:
                self._read(equation, equation == loss.output)
                if any(references(t.body, self._data) for t in equation.terms):
                    self._data.add(equation.name.symbol)

    def of(self, symbol: Any) -> Powers:
        """The unit of a name, in those that are left open."""
        return self.settled({symbol: Fraction(1)})

    def _read(self, equation: Equation, last: bool) -> None:
        own: Powers = {equation.name.symbol: Fraction(1)}
        for term in equation.terms:
            # Where a penalty is added to what the data say, the number before it brings the unit along.
            parts = sp.Add.make_args(term.body) if last else (term.body,)
            for part in parts:
                unit = self._reduced(equation, self._unit(part))
                if last and self._weighs(part):
                    self.penalties.append(unit)
                else:
                    self._same(own, unit)

    def _weighs(self, part: Any) -> bool:
        number = part.as_coeff_Mul()[0]
        return abs(number) != 1 and not references(part, self._data) and bool(part.free_symbols)

    def _reduced(self, equation: Equation, unit: Powers) -> Powers:
        if equation.reduction == "inv":
            return _raised(unit, Fraction(-1))
        if equation.reduction in ("prod", "logsumexp", "det", "logdet"):
            self._same(unit, {})
        return unit

    def _unit(self, e: Any) -> Powers:
        if e in self._plain or e.is_number:
            return {}
        if e.is_Symbol or isinstance(e, sp.Indexed):
            return {base_of(e): Fraction(1)}
        if e.is_Add or isinstance(e, ALIKE):
            return self._one(e.args)
        if e.is_Mul or isinstance(e, f.Masked):
            total: Powers = {}
            for factor in e.args:
                total = _product(total, self._unit(factor))
            return total
        if e.is_Pow and e.base is not sp.E and e.exp.is_number and e.exp.is_real:
            return _raised(self._unit(e.base), _fraction(e.exp))
        if isinstance(e, KEPT):
            return self._unit(e.args[0])
        if isinstance(e, f.CubeRoot):
            return _raised(self._unit(e.args[0]), Fraction(1, 3))
        if isinstance(e, f.Where):
            self._unit(e.args[0])
            return self._one(e.args[1:])
        if isinstance(e, COMPARED):
            self._one(e.args[:2])
            return {}
        for argument in e.args:
            unit = self._unit(argument)
            if not isinstance(e, UNITLESS):
                self._same(unit, {})
        return {}

    def _one(self, parts: Any) -> Powers:
        """The one unit that several things have; a 0 has any."""
        found = [self._unit(part) for part in parts if part != 0]
        for other in found[1:]:
            self._same(found[0], other)
        return found[0] if found else {}

    def _same(self, a: Powers, b: Powers) -> None:
        """Takes note that two units are one: it is solved for the name that says least by itself."""
        left = self.settled(_product(a, _raised(b, Fraction(-1))))
        if not left:
            return
        pivot = min(left, key=lambda s: (self._rank.get(s, 0), list(left).index(s)))
        power = left.pop(pivot)
        self._solved[pivot] = _raised(left, Fraction(-1) / power)

    def settled(self, powers: Powers) -> Powers:
        """A unit with every name that is solved for replaced, until none is left."""
        while any(s in self._solved for s in powers):
            total: Powers = {}
            for s, power in powers.items():
                total = _product(total, _raised(self._solved.get(s, {s: Fraction(1)}), power))
            powers = total
        return powers


def _stacks(equation: Equation) -> bool:
    """Whether an equation sets columns side by side, as `X = [tv, radio]` does: each keeps its unit."""
    (term, *more) = equation.terms
    parts = sp.Add.make_args(term.body)
    return not more and len(parts) > 1 and all(p.has(sp.KroneckerDelta) for p in parts)


def _product(a: Mapping[Any, Fraction], b: Mapping[Any, Fraction]) -> Powers:
    total = dict(a)
    for s, power in b.items():
        total[s] = total.get(s, Fraction(0)) + power
    return {s: power for s, power in total.items() if power}


def _raised(unit: Mapping[Any, Fraction], power: Fraction) -> Powers:
    return {s: p * power for s, p in unit.items() if p * power}


def _fraction(number: Any) -> Fraction:
    if number.is_Rational:
        return Fraction(int(number.p), int(number.q))
    return Fraction(float(number)).limit_denominator(1000)
