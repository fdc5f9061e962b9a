"""The stable forms as one table: a spelling that overflows or cancels, what it is instead, and why.

A spelling is an ordinary SymPy expression over `u`, `w` and `v`, which stand for anything that varies. Spellings
are tried on whatever they may be part of, from the outside in; inner ones that matched already count as
what they became, so `log(1 - 1/(1 + exp(-u)))` needs no row of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, hypot, log1p

from symcalc.language import safe
from symcalc.language.functions import Sigmoid, Softplus, tanh

u, w, v = sp.symbols("u w v")
# A whole number, at least 2.
n = sp.Symbol("n", integer=True, positive=True)


@dataclass(frozen=True)
class Rule:
    """One stable form.

    Attributes:
        spelling: What it looks like.
        form: What it is instead; equal wherever the spelling has a value.
        reason: What goes wrong with the spelling, in words.
    """

    spelling: Any
    form: Any
    reason: str

    @cached_property
    def functions(self) -> set[Any]:
        """The functions that occur in the spelling: quick to look for."""
        return {type(f) for f in self.spelling.atoms(sp.Function)}


_OVERFLOW = "exp overflows beyond 709, this does not"
_LOST = "the digits that cancel are never lost"
_TAIL = "its far tail keeps its digits"


@cache
def rules() -> tuple[Rule, ...]:
    """The table, in the order the rows are tried."""
    exp, log, sqrt, cos, cosh, erf = sp.exp, sp.log, sp.sqrt, sp.cos, sp.cosh, sp.erf
    up, down = exp(u), exp(-u)
    return (
        # sigmoid and softplus
        Rule(up / (1 + up) ** 2, Sigmoid(u) * Sigmoid(-u), _OVERFLOW),
        Rule(up / (1 + up), Sigmoid(u), _OVERFLOW),
        Rule(1 / (1 + up), Sigmoid(-u), _OVERFLOW),
        Rule(up * Sigmoid(-u), Sigmoid(u), _OVERFLOW),
        Rule(1 - Sigmoid(u), Sigmoid(-u), _TAIL),
        Rule(log(1 + up), Softplus(u), _OVERFLOW),
        Rule(log(Sigmoid(u)), -Softplus(-u), "log of a sigmoid that has reached 0 has no value, this has"),
        Rule(w * Softplus(-u) + (1 - w) * Softplus(u), safe.LogisticLoss(u, w), _LOST),
        Rule(Softplus(u) - w * u, safe.LogisticLoss(u, w), _LOST),
        Rule(log(Sigmoid(u) / Sigmoid(-u)), u, "the logarithm of these odds is the number itself"),
        # exponentials in a logarithm
        Rule(log(up + down), safe.LogCosh(u) + log(2), _OVERFLOW),
        Rule(log(up + exp(w)), safe.LogAddExp(u, w), _OVERFLOW),
        Rule(log(1 - up), safe.LogOneMinusExp(u), _LOST),
        Rule(log(cosh(u)), safe.LogCosh(u), "cosh overflows beyond 710, this does not"),
        Rule(log(1 + u**2), safe.LogOnePlusSquare(u), "the square overflows, this does not"),
        Rule(log(1 + u), log1p(u), _LOST),
        # hyperbolic functions
        Rule((up - down) / (up + down), tanh(u), _OVERFLOW),
        Rule((exp(u) - 1) / (exp(u) + 1), tanh(u / 2), _OVERFLOW),
        Rule(1 / (up + down) ** 2, sp.sech(u) ** 2 / 4, _OVERFLOW),
        Rule(1 / (up + down), sp.sech(u) / 2, _OVERFLOW),
        Rule(up - down, 2 * sp.sinh(u), _LOST),
        Rule(up + down, 2 * cosh(u), "one function instead of two"),
        Rule(1 / cosh(u) ** 2, sp.sech(u) ** 2, "cosh overflows beyond 710, this does not"),
        Rule(1 / cosh(u), sp.sech(u), "cosh overflows beyond 710, this does not"),
        Rule(1 - tanh(u) ** 2, sp.sech(u) ** 2, _TAIL),
        Rule(1 - tanh(u), 2 * Sigmoid(-2 * u), _TAIL),
        Rule(1 + tanh(u), 2 * Sigmoid(2 * u), _TAIL),
        # differences that cancel
        Rule(exp(u) - 1, expm1(u), _LOST),
        Rule(1 - cos(u), safe.OneMinusCos(u), _LOST),
        Rule(cosh(u) - 1, safe.CoshLessOne(u), _LOST),
        Rule(sqrt(1 + u**2) - 1, safe.RootLessOne(u), _LOST),
        Rule(hypot(1, u) - 1, safe.RootLessOne(u), _LOST),
        Rule(sqrt(1 + u) - 1, safe.SqrtLessOne(u), _LOST),
        # roots, ratios, logarithms at 0
        Rule(sqrt(1 + u**2), hypot(1, u), "the square overflows, this does not"),
        Rule(sqrt(u**2 + w**2), hypot(u, w), "the squares overflow, this does not"),
        Rule(sqrt(u**2 + w**2 + v**2), hypot(hypot(u, w), v), "the squares overflow, this does not"),
        Rule(u**n / (1 + u**n), safe.PowerRatio(u, 1, n, n, 1), "the power overflows, this does not"),
        Rule(u / (1 + u**2), safe.PowerRatio(u, 1, 1, 2, 1), "the square overflows, this does not"),
        Rule(sp.sin(u) / u, safe.SphericalBessel(0, u), "its slope keeps its digits near 0, where its limit is 1"),
        Rule(u * log(u / w), safe.TimesLogRatio(u, w), "it has its limit 0 where u is 0"),
        Rule(u * log(u), safe.TimesLog(u), "it has its limit 0 where u is 0"),
        # the normal distribution
        Rule(1 + erf(u / sqrt(2)), 2 * safe.NormalCdf(u), _TAIL),
        Rule(1 - erf(u / sqrt(2)), 2 * safe.NormalCdf(-u), _TAIL),
        Rule(1 + erf(u), sp.erfc(-u), _TAIL),
        Rule(1 - erf(u), sp.erfc(u), _TAIL),
    )
