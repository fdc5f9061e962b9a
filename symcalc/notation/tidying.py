"""What people do to a formula before they write it down: common factors drawn out, what cancels left away."""

from __future__ import annotations

from typing import Any

import sympy as sp


def common(expression: Any, symbols: bool = False) -> tuple[Any, Any]:
    """A sum as (factor, rest): 2x - 2v is 2 and x - v, a/n - b/n is 1/n and a - b; anything else is (1, itself).

    Args:
        expression: The expression.
        symbols: Whether plain symbols that all terms share are drawn out too, not only their denominators.
    """
    if not expression.is_Add:
        return sp.S.One, expression
    coefficients = [t.as_coeff_Mul()[0] for t in expression.args]
    factor = sp.S.One
    if all(c.is_Rational for c in coefficients) and len({abs(c) for c in coefficients}) == 1:
        factor = abs(coefficients[0])
    powers = [t.as_powers_dict() for t in expression.args]
    for symbol in sorted((s for s in powers[0] if s.is_Symbol), key=str):
        exponents = [sp.S(0) + p[symbol] for p in powers]
        if not all(e.is_Integer for e in exponents):
            continue
        if max(exponents) < 0:
            factor *= symbol ** max(exponents)
        elif symbols and min(exponents) > 0:
            factor *= symbol ** min(exponents)
    if factor == 1:
        return factor, expression
    return factor, sp.Add(*(t / factor for t in expression.args))


def divided(expression: Any) -> tuple[Any, Any]:
    """A sum inside a product as (number, rest), with any whole number or denominator that all terms share."""
    if not expression.is_Add:
        return sp.S.One, expression
    factor, rest = common(expression)
    number, rest = rest.primitive() if rest.is_Add else (sp.S.One, rest)
    return factor * number, rest


def undone(body: Any) -> Any:
    """A body with u·sign(u)/|u| left away and sign(u)/|u| as 1/u; both hold wherever |u| may stand below."""
    if not body.is_Mul:
        return body
    for sign in [f for f in body.args if type(f).__name__ in ("Sign", "SignAt")]:
        inside = sign.args[0]
        for below in body.args:
            if below.is_Pow and below.exp == -1 and type(below.base).__name__ == "Absolute":
                if below.base.args[0] == inside:
                    return body / sign / below / inside
    return body


def reflected(body: Any) -> Any:
    """sigmoid(-z) as 1 - sigmoid(z) where both occur and the terms become fewer by it."""
    found = [f for f in body.atoms(sp.Function) if type(f).__name__ == "Sigmoid"]
    mirrored = {f: 1 - f.func(-f.args[0]) for f in found if -f.args[0] in [g.args[0] for g in found]}
    chosen = {f: m for f, m in mirrored.items() if f.args[0].could_extract_minus_sign()}
    if not chosen:
        return body
    simpler = sp.expand_mul(body.xreplace(chosen))
    return simpler if sp.count_ops(simpler) < sp.count_ops(body) else body
