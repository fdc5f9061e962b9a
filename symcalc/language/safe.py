"""Functions that keep every digit where the formula they stand for overflows or cancels.

Each one says what it is in plain SymPy (`plain`): that is how it is printed, how it is checked, and what it
means exactly. How it is worked out safely stands in `compute/safe_meanings.py`. Every derivative is again a
function of this kind or one that is safe as it is, so gradients and Hessians keep their digits too.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import hypot

from symcalc.language.functions import Elementwise, LogisticSlope, Sigmoid, Softplus, TanhSlope, tanh


class LogAddExp(Elementwise):
    """log(exp(a) + exp(b)); its slopes are the shares of the two, sigmoid(a - b) and sigmoid(b - a)."""

    nargs = (2,)

    @staticmethod
    def plain(a: Any, b: Any) -> Any:
        return sp.log(sp.exp(a) + sp.exp(b))

    def fdiff(self, argindex: int = 1) -> Any:
        a, b = self.args if argindex == 1 else self.args[::-1]
        return Sigmoid(a - b)


class LogisticLoss(Elementwise):
    """log(1 + exp(u)) - w·u, the loss of a logistic fit for the label w; its slope is sigmoid(u) - w."""

    nargs = (2,)

    @staticmethod
    def plain(u: Any, w: Any) -> Any:
        return Softplus(u) - w * u

    def fdiff(self, argindex: int = 1) -> Any:
        u, w = self.args
        return LogisticMiss(Sigmoid(u), u, w) if argindex == 1 else -u


class LogisticMiss(Elementwise):
    """s - w for s = sigmoid(u): LogisticMiss(s, u, w), which keeps its digits where s is close to w = 1.

    It depends on u and w alone; s is the value at hand already.
    """

    nargs = (3,)

    @staticmethod
    def plain(s: Any, u: Any, w: Any) -> Any:
        return s - w

    def fdiff(self, argindex: int = 1) -> Any:
        s, u, _ = self.args
        return {1: sp.S.Zero, 2: LogisticSlope(s, u), 3: sp.S.NegativeOne}[argindex]


class LogOneMinusExp(Elementwise):
    """log(1 - exp(u)) for u < 0."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return sp.log(1 - sp.exp(u))

    def fdiff(self, argindex: int = 1) -> Any:
        from sympy.codegen.cfunctions import expm1

        return -1 / expm1(-self.args[0])


class LogCosh(Elementwise):
    """log(cosh(u)): about |u| - log(2) far out, u²/2 near 0; its derivative is tanh(u)."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return sp.log(sp.cosh(u))

    def fdiff(self, argindex: int = 1) -> Any:
        return tanh(self.args[0])


class LogOnePlusSquare(Elementwise):
    """log(1 + u²), also where u² overflows; its derivative is 2u/(1 + u²)."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return sp.log(1 + u**2)

    def fdiff(self, argindex: int = 1) -> Any:
        return PowerRatio(self.args[0], 2, 1, 2, 1)


class RootLessOne(Elementwise):
    """sqrt(1 + u²) - 1, without the cancellation near 0 and the overflow far out."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return sp.sqrt(1 + u**2) - 1

    def fdiff(self, argindex: int = 1) -> Any:
        return self.args[0] / hypot(1, self.args[0])


class SqrtLessOne(Elementwise):
    """sqrt(1 + u) - 1, without the cancellation near 0."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return sp.sqrt(1 + u) - 1

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (2 * sp.sqrt(1 + self.args[0]))


class OneMinusCos(Elementwise):
    """1 - cos(u), as 2·sin(u/2)²."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return 1 - sp.cos(u)

    def fdiff(self, argindex: int = 1) -> Any:
        return sp.sin(self.args[0])


class CoshLessOne(Elementwise):
    """cosh(u) - 1, as 2·sinh(u/2)²."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return sp.cosh(u) - 1

    def fdiff(self, argindex: int = 1) -> Any:
        return sp.sinh(self.args[0])


class SphericalBessel(Elementwise):
    """SphericalBessel(k, u): sin(u)/u for k = 0, with its limit 1 at 0; the next ones give its derivatives."""

    nargs = (2,)

    @staticmethod
    def plain(k: Any, u: Any) -> Any:
        inside = sp.Dummy("u")
        return sp.expand(sp.expand_func(sp.jn(k, inside))).xreplace({inside: u})

    def fdiff(self, argindex: int = 1) -> Any:
        if argindex == 1:
            return sp.S.Zero
        k, u = self.args
        if k == 0:
            return -SphericalBessel(1, u)
        return (k * SphericalBessel(k - 1, u) - (k + 1) * SphericalBessel(k + 1, u)) / (2 * k + 1)


class PowerRatio(Elementwise):
    """PowerRatio(u, c, a, n, k): c·u^a/(1 + u^n)^k for whole numbers 0 <= a <= k·n, also where u^n overflows."""

    nargs = (5,)

    @staticmethod
    def plain(u: Any, c: Any, a: Any, n: Any, k: Any) -> Any:
        return c * u**a / (1 + u**n) ** k

    def fdiff(self, argindex: int = 1) -> Any:
        if argindex != 1:
            return sp.S.Zero
        u, c, a, n, k = self.args
        first = PowerRatio(u, c * a, a - 1, n, k + 1) if a != 0 else sp.S.Zero
        second = PowerRatio(u, c * (a - k * n), a + n - 1, n, k + 1) if a != k * n else sp.S.Zero
        return first + second


class NormalCdf(Elementwise):
    """(1 + erf(u/√2))/2, the share of a normal distribution below u, exact in its far tail."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return (1 + sp.erf(u / sp.sqrt(2))) / 2

    def fdiff(self, argindex: int = 1) -> Any:
        return NormalDensity(self.args[0])


class NormalDensity(Elementwise):
    """exp(-u²/2)/√(2π), without the rounding of u² being magnified."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return sp.exp(-(u**2) / 2) / sp.sqrt(2 * sp.pi)

    def fdiff(self, argindex: int = 1) -> Any:
        return -self.args[0] * self


class TimesLog(Elementwise):
    """u·log(u), and its limit 0 at 0."""

    nargs = (1,)

    @staticmethod
    def plain(u: Any) -> Any:
        return u * sp.log(u)

    def fdiff(self, argindex: int = 1) -> Any:
        return sp.log(self.args[0]) + 1


class TimesLogRatio(Elementwise):
    """u·log(u/w), and its limit 0 at u = 0."""

    nargs = (2,)

    @staticmethod
    def plain(u: Any, w: Any) -> Any:
        return u * sp.log(u / w)

    def fdiff(self, argindex: int = 1) -> Any:
        u, w = self.args
        return sp.log(u / w) + 1 if argindex == 1 else -u / w


SAFE = (
    LogisticSlope, TanhSlope, LogAddExp, LogisticLoss, LogisticMiss, LogOneMinusExp, LogCosh, LogOnePlusSquare, RootLessOne,
    SqrtLessOne, OneMinusCos, CoshLessOne, SphericalBessel, PowerRatio, NormalCdf, NormalDensity,
    TimesLog, TimesLogRatio,
)  # fmt: skip

# Class → how it is called where a rule names it.
WORDS = {
    "LogAddExp": "log(exp(u) + exp(w))", "LogisticLoss": "log(1 + exp(u)) - w·u", "LogOneMinusExp": "log(1 - exp(u))",
    "LogCosh": "log(cosh(u))", "LogOnePlusSquare": "log(1 + u^2)", "RootLessOne": "sqrt(1 + u^2) - 1",
    "SqrtLessOne": "sqrt(1 + u) - 1", "OneMinusCos": "1 - cos(u)", "CoshLessOne": "cosh(u) - 1",
    "SphericalBessel": "sin(u)/u", "PowerRatio": "a ratio of powers", "NormalCdf": "the normal distribution",
    "NormalDensity": "the normal density", "TimesLog": "u·log(u)", "TimesLogRatio": "u·log(u/w)",
    "LogisticSlope": "s·(1 - s)", "TanhSlope": "1 - h^2", "LogisticMiss": "a sigmoid",
}  # fmt: skip
