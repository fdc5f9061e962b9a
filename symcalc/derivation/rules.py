"""One right side differentiated rule by rule: which rule applies where, down to the name itself.

The slope of every part is what the engine's own `derivative` gives for that part, so the steps cannot lead
elsewhere than the equation they explain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.calculus.partials import derivative


@dataclass(frozen=True)
class Applied:
    """One application of a rule.

    Attributes:
        part: What is differentiated.
        slope: Its slope in the reference.
        rule: The rule, in the field's words.
        reason: More words; "" where the rule says it all.
    """

    part: Any
    slope: Any
    rule: str
    reason: str = ""


def applied(body: Any, reference: Any, slope: Any) -> list[Applied]:
    """The rules that give the slope of a body in one reference, inner parts first, the body itself last.

    Args:
        body: The body.
        reference: The Symbol or Indexed.
        slope: Its slope as the gradient has it, for the last step.
    """
    found = _steps(body, reference)
    return [*found[:-1], Applied(found[-1].part, slope, found[-1].rule, found[-1].reason)] if found else []


def _steps(e: Any, reference: Any) -> list[Applied]:
    if e == reference or not e.has(reference):
        return []
    if e.is_Add:
        return _sum(e, reference)
    if e.is_Mul:
        return _product(e, reference)
    if e.is_Pow and e.base is not sp.E:
        return _power(e, reference)
    inner = [step for argument in e.args for step in _steps(argument, reference)]
    plain = all(a == reference or not a.has(reference) for a in e.args)
    rule = f"derivative of {_word(e)}" if plain else f"chain rule, derivative of {_word(e)}"
    return [*inner, Applied(e, derivative(e, reference), rule)]


def _sum(e: Any, reference: Any) -> list[Applied]:
    varying = [part for part in e.args if part.has(reference)]
    inner = [step for part in varying for step in _steps(part, reference)]
    rule = "sum rule" if len(varying) > 1 else "constants drop out"
    return [*inner, Applied(e, derivative(e, reference), rule, "")]


def _product(e: Any, reference: Any) -> list[Applied]:
    varying = [f for f in e.args if f.has(reference)]
    constant = sp.Mul(*(f for f in e.args if not f.has(reference)))
    core = sp.Mul(*varying)
    inner: list[Applied] = []
    below = [f for f in varying if f.is_Pow and f.exp.could_extract_minus_sign()]
    if len(varying) > 1 and below:
        above = [f for f in varying if f not in below]
        for part in (sp.Mul(*above), 1 / sp.Mul(*below)):
            inner += _steps(part, reference)
        inner.append(Applied(core, derivative(core, reference), "quotient rule", "(u/v)' = (u'·v - u·v')/v^2"))
    elif len(varying) > 1:
        for factor in varying:
            inner += _steps(factor, reference)
        inner.append(Applied(core, derivative(core, reference), "product rule", "(u·v)' = u'·v + u·v'"))
    else:
        inner += _steps(core, reference)
    if constant == 1:
        return inner
    return [*inner, Applied(e, derivative(e, reference), "constant factor", "a factor without it stays")]


def _power(e: Any, reference: Any) -> list[Applied]:
    base, exponent = e.base, e.exp
    inner = [*_steps(base, reference), *_steps(exponent, reference)]
    chain = "" if base == reference or not base.has(reference) else "chain rule, "
    if not exponent.has(reference):
        if exponent == sp.S.Half:
            return [*inner, Applied(e, derivative(e, reference), f"{chain}derivative of sqrt")]
        if exponent == -1:
            return [*inner, Applied(e, derivative(e, reference), f"{chain}quotient rule", "(1/v)' = -v'/v^2")]
        reason = "the exponent comes down and drops by one"
        return [*inner, Applied(e, derivative(e, reference), f"{chain}power rule", reason)]
    if not base.has(reference):
        return [*inner, Applied(e, derivative(e, reference), "exponential rule", "(c^u)' = c^u·log(c)·u'")]
    reason = "(u^v)' = u^v·(v'·log(u) + v·u'/u)"
    return [*inner, Applied(e, derivative(e, reference), "power with a variable exponent", reason)]


def _word(e: Any) -> str:
    name = type(e).__name__
    return {
        "Absolute": "|u|",
        "Pow": "exp",
        "Maximum": "max",
        "Minimum": "min",
        "LogisticLoss": "the logistic loss",
    }.get(name, name.lower())
