"""What each function is in mpmath: the meaning that everything else is checked against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

from symcalc.language import safe_exact

mp = mpmath.mp


def _above(a: Any, b: Any, tie: Any) -> Any:
    return a * 0 + (1 if a > b else 0 if a < b else tie)


# One row a function: the name of its SymPy class, and what it is. NaN passes through.
MEANING: dict[str, Callable[..., Any]] = {
    "exp": mp.exp, "log": mp.log, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sec": mp.sec, "csc": mp.csc,
    "cot": mp.cot, "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "atan2": mp.atan2, "asec": mp.asec,
    "acsc": mp.acsc, "acot": mp.acot, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "sech": mp.sech,
    "csch": mp.csch, "coth": mp.coth, "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh,
    "asech": mp.asech, "acsch": mp.acsch, "acoth": mp.acoth, "erf": mp.erf, "erfc": mp.erfc, "erfi": mp.erfi,
    "gamma": mp.gamma, "loggamma": mp.loggamma, "besselj": mp.besselj, "Si": mp.si, "Ci": mp.ci,
    "polygamma": mp.polygamma, "digamma": mp.digamma,
    "log1p": mp.log1p, "expm1": mp.expm1, "log2": lambda u: mp.log(u, 2), "log10": mp.log10, "hypot": mp.hypot,
    "Sigmoid": lambda u: 1 / (1 + mp.exp(-u)), "Softplus": lambda u: mp.log1p(mp.exp(u)),
    **safe_exact.MEANING,
    "CubeRoot": lambda u: mp.sign(u) * mp.cbrt(abs(u)),
    "Sign": mp.sign, "SignAt": lambda u, value: mp.sign(u) if u != 0 else value, "Absolute": abs, "Relu": lambda u: (u + abs(u)) / 2, "Above": _above,
    "Maximum": lambda a, b: a if a >= b else b, "Minimum": lambda a, b: a if a <= b else b,
    "Less": lambda a, b: mp.mpf(a < b), "LessEqual": lambda a, b: mp.mpf(a <= b),
    "Same": lambda a, b: mp.mpf(a == b), "Differs": lambda a, b: mp.mpf(a != b),
    "Where": lambda c, a, b: a if c else b,
    "Masked": lambda s, f: mp.mpf(0) if s == 0 else s * f,
    "KroneckerDelta": lambda i, j: mp.mpf(i == j),
    "sqrt": mp.sqrt, "power": mp.power, "square": lambda u: u * u,
}  # fmt: skip
