"""Whether a loss is convex in its parameters, by how it is composed, on the data at hand.

What these rules certify is convex; what they do not certify may still be: mean((y - m*x)^2 + m^4 - m^4).

Source: disciplined convex programming, Grant, Boyd and Ye (2006), Global Optimization, 155-210.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from sympy.codegen.cfunctions import log1p

from symcalc.calculus.partials import references
from symcalc.compute import inspection
from symcalc.compute.kinks import worked
from symcalc.compute.single import Singles
from symcalc.compute.univariate import is_convex_in
from symcalc.equations import Equation
from symcalc.language import functions as f
from symcalc.language import safe

if TYPE_CHECKING:
    from symcalc.compute.program import Program


@dataclass(frozen=True)
class Shape:
    """How a value depends on the parameters.

    Attributes:
        convex: Whether it is convex in them.
        concave: Whether it is concave; an affine value is both.
        nonnegative: Whether it is never below 0.
        nonpositive: Whether it is never above 0.
        logconvex: Whether it is never below 0 and its logarithm is convex, as that of exp(z) is.
        logconcave: The same for concave.
        squares: Whether it is a sum of squares of affine values, whose root is a length.
    """

    convex: bool = False
    concave: bool = False
    nonnegative: bool = False
    nonpositive: bool = False
    logconvex: bool = False
    logconcave: bool = False
    squares: bool = False

    @property
    def affine(self) -> bool:
        return self.convex and self.concave

    def turned(self) -> Shape:
        """Of the negative of the value."""
        return Shape(self.concave, self.convex, self.nonpositive, self.nonnegative)


UNKNOWN, AFFINE = Shape(), Shape(True, True)


def is_convex(program: Program, point: Any) -> bool:
    """Whether the rules certify the loss as convex in its parameters.

    Args:
        program: The compiled loss.
        point: Any point: constant factors are worked out there.
    """
    rules = _Rules(program, point)
    for equation in program.loss.equations:
        rules.known[equation.name.symbol] = rules.whole(equation)
    return rules.known[program.loss.output.name.symbol].convex


class _Rules:
    def __init__(self, program: Program, point: Any) -> None:
        self.values, self.form = inspection.all_values(program, point), inspection.array_form(program)
        self.known: dict[Any, Shape] = {p.symbol: AFFINE for p in program.parameters}
        self.moved: set[Any] = set(self.known)
        self.singles = Singles(self.values, self.form)

    def whole(self, equation: Equation) -> Shape:
        """The shape of an equation, which what follows may use."""
        found = self.equation(equation)
        if equation.name.symbol in self.moved:
            self.singles.add(equation, self.moved, found.affine)
        return found

    def part(self, body: Any, order: tuple[Any, ...]) -> Shape:
        """The shape of a term: by composition, else as a function of one linear value, piece by piece."""
        found = self.body(body, order)
        if found.convex or found.concave or not self.singles.proven(is_convex_in, body, order, self.moved):
            return found
        return replace(found, convex=True)

    def equation(self, equation: Equation) -> Shape:
        if not any(references(t.body, self.moved) for t in equation.terms):
            order = equation.indices
            name = equation.name.symbol
            return self._constant(name[order] if order else name, order)
        self.moved.add(equation.name.symbol)
        parts = [self.part(t.body, (*equation.indices, *t.over)) for t in equation.terms]
        match equation.reduction:
            case "sum":
                total = _sum(parts)
                summed = any(t.over for t in equation.terms)
                return replace(total, logconcave=False) if summed else total
            case "max":
                return Shape(parts[0].convex, False, parts[0].nonnegative, parts[0].nonpositive)
            case "min":
                return Shape(False, parts[0].concave, parts[0].nonnegative, parts[0].nonpositive)
            case "logsumexp":
                return Shape(parts[0].convex)
        return UNKNOWN

    def _constant(self, body: Any, order: tuple[Any, ...]) -> Shape:
        with np.errstate(all="ignore"):
            value = np.asarray(worked(body, self.values, self.form, order), dtype=float)
        above = bool(np.all(value >= 0))
        return Shape(True, True, above, bool(np.all(value <= 0)), above, above, above)

    def body(self, e: Any, order: tuple[Any, ...]) -> Shape:
        if not references(e, self.moved):
            return self._constant(e, order)
        if e.is_Symbol or isinstance(e, sp.Indexed):
            return self.known.get(e.base if isinstance(e, sp.Indexed) else e, UNKNOWN)
        if e.is_Add:
            return _sum([self.body(part, order) for part in e.args])
        if e.is_Mul:
            fixed = [a for a in e.args if not references(a, self.moved)]
            moving = [a for a in e.args if references(a, self.moved)]
            if len(moving) > 1:
                return UNKNOWN
            return _scaled(self._constant(sp.Mul(*fixed), order), self.body(moving[0], order))
        if e.is_Pow and e.base is not sp.E:
            return self._power(e, order)
        inner = [self.body(a, order) for a in e.args]
        return _composed(e, inner, [not references(a, self.moved) for a in e.args])

    def _power(self, e: Any, order: tuple[Any, ...]) -> Shape:
        if references(e.exp, self.moved) or not e.exp.is_number:
            return UNKNOWN
        base = self.body(e.base, order)
        even = e.exp.is_Integer and e.exp > 0 and e.exp % 2 == 0
        grows = e.exp >= 1 and base.convex and base.nonnegative
        if even and (base.affine or grows):
            return Shape(convex=True, nonnegative=True, squares=e.exp == 2)
        if e.exp == sp.S.Half and base.squares:
            return Shape(convex=True, nonnegative=True)
        if grows:
            return Shape(convex=True, nonnegative=True)
        if 0 < e.exp < 1 and base.concave:
            return Shape(concave=True, nonnegative=True)
        return Shape(nonnegative=bool(even))


def _sum(parts: list[Shape]) -> Shape:
    every = ("convex", "concave", "nonnegative", "nonpositive", "logconvex", "squares")
    found = {word: all(getattr(p, word) for p in parts) for word in every}
    return Shape(**found, logconcave=len(parts) == 1 and parts[0].logconcave)


def _scaled(factor: Shape, value: Shape) -> Shape:
    if factor.nonnegative:
        return value
    if factor.nonpositive:
        return value.turned()
    return AFFINE if value.affine else UNKNOWN


def _composed(e: Any, inner: list[Shape], fixed: list[bool]) -> Shape:
    """A function of values whose shapes are known; `fixed` says which of them do not move."""
    first = inner[0]
    if isinstance(e, safe.LogCosh | safe.RootLessOne):
        return Shape(convex=first.affine, nonnegative=True)
    if isinstance(e, safe.LogisticLoss):
        # log(1 + e^z) - t*z
        return Shape(convex=first.affine and fixed[1])
    if isinstance(e, safe.TimesLogRatio) and fixed[0] and first.nonnegative:
        # t*log(t/p) is -t*log(p) but for a constant.
        return Shape(convex=inner[1].concave or inner[1].logconcave)
    if isinstance(e, f.Absolute):
        return Shape(convex=first.affine or (first.convex and first.nonnegative), nonnegative=True)
    if isinstance(e, f.Relu):
        return Shape(convex=first.convex, nonnegative=True)
    if isinstance(e, f.Maximum):
        return Shape(all(s.convex for s in inner), False, any(s.nonnegative for s in inner))
    if isinstance(e, f.Minimum):
        return Shape(False, all(s.concave for s in inner), False, any(s.nonpositive for s in inner))
    if isinstance(e, sp.exp | f.Softplus) or (e.is_Pow and e.base is sp.E):
        exponent = inner[-1]
        soft = isinstance(e, f.Softplus)
        return Shape(exponent.convex, False, True, False, exponent.convex and not soft, exponent.concave and not soft)
    if isinstance(e, sp.log | log1p):
        plain = isinstance(e, sp.log)
        return Shape(convex=plain and first.logconvex, concave=first.concave or (plain and first.logconcave))
    return UNKNOWN
