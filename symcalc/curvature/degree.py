"""The degree of a loss as a polynomial in its parameters, read off its equations.

degree(loss)        2 for mean((y - (m*x + b))^2): quadratic, so its Hessian is the same everywhere

The rules only ever overstate: what they call quadratic is, for every value of the parameters.
"""

from __future__ import annotations

import math
import weakref
from typing import Any

import sympy as sp

from symcalc.calculus.partials import references
from symcalc.equations import Equation
from symcalc.language import functions as f
from symcalc.language.loss import Loss

# Beyond this a definition is not put into what uses it.
_LONGEST = 200


def degree(loss: Loss) -> float:
    """The degree of a loss in its parameters; inf where it is not shown to be a polynomial."""
    key = id(loss)
    known = _known.get(key)
    if known is None or known[0]() is not loss:
        known = weakref.ref(loss, lambda _: _known.pop(key, None)), _degree_of(loss)
        _known[key] = known
    return known[1]


# By identity: a loss holds arrays and cannot be hashed.
_known: dict[int, tuple[weakref.ref[Loss], float]] = {}


def _degree_of(loss: Loss) -> float:
    return degrees(loss)[loss.output.name.symbol]


def degrees(loss: Loss) -> dict[Any, float]:
    """Private symbol of each parameter and equation → its degree in the parameters."""
    rules = _Rules({p.symbol: 1.0 for p in loss.parameters})
    for equation in loss.equations:
        rules.add(equation)
    return rules.known


class _Rules:
    def __init__(self, known: dict[Any, float]) -> None:
        self.known = known
        # Functions of something: (sqrt(s))^2 is s again once its name is replaced by what it stands for.
        self.inside: dict[Any, Equation] = {}

    def add(self, equation: Equation) -> None:
        found = max((self.body(self._put_in(t.body)) for t in equation.terms), default=0.0)
        if equation.reduction not in ("sum",) and found > 0:
            found = math.inf
        symbol = equation.name.symbol
        self.known[symbol] = found
        plain = equation.reduction == "sum" and len(equation.terms) == 1 and not equation.terms[0].over
        if found == math.inf and plain and sp.count_ops(equation.terms[0].body) <= _LONGEST:
            self.inside[symbol] = equation

    def _put_in(self, body: Any) -> Any:
        for reference in references(body, self.inside):
            indexed = isinstance(reference, sp.Indexed)
            equation = self.inside[reference.base if indexed else reference]
            inner = equation.terms[0].body
            if indexed:
                inner = inner.xreplace(dict(zip(equation.indices, reference.indices)))
            body = body.xreplace({reference: inner})
        return body

    def body(self, e: Any) -> float:
        moved = {s for s, d in self.known.items() if d > 0}
        return self._degree(e, moved)

    def _degree(self, e: Any, moved: set[Any]) -> float:
        if not references(e, moved):
            return 0.0
        if e.is_Symbol or isinstance(e, sp.Indexed):
            return self.known[e.base if isinstance(e, sp.Indexed) else e]
        if e.is_Add:
            return max(self._degree(part, moved) for part in e.args)
        if e.is_Mul:
            return sum(self._degree(part, moved) for part in e.args)
        if e.is_Pow and e.exp.is_Integer and e.exp > 0:
            base = e.base
            if isinstance(base, f.Absolute) and e.exp % 2 == 0:
                base = base.args[0]
            return float(e.exp) * self._degree(base, moved)
        return math.inf
