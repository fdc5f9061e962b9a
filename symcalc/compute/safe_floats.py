"""How each safe function is worked out for plain floats, and for the complex numbers of the complex step."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from symcalc.compute.safe_meanings import ARRAYS, Array, Table, mended, normal_cdf_one

_LOG2 = math.log(2.0)


def _alone(function: Callable[..., Array]) -> Callable[..., float]:
    """An array function for plain floats."""

    def one(*arguments: float) -> float:
        with np.errstate(all="ignore"):
            return float(function(*(np.float64(a) if isinstance(a, float) else a for a in arguments)))

    return one


def _sigmoid_one(u: float) -> float:
    if u >= 0:
        return 1.0 / (1.0 + math.exp(-u))
    small = math.exp(u)
    return small / (1.0 + small)


def _tanh_slope_one(h: float, u: float) -> float:
    slope = 1.0 - h * h
    if slope >= 0.5:
        return slope
    small = math.exp(-2.0 * abs(u))
    return 4.0 * small / (1.0 + small) ** 2


def _log_cosh_one(u: float) -> float:
    size = abs(u)
    if size < 1.0:
        return math.log1p(2.0 * math.sinh(u / 2.0) ** 2)
    return size + math.log1p(math.exp(-2.0 * size)) - _LOG2


def _sech_one(u: float) -> float:
    small = math.exp(-abs(u))
    return 2.0 * small / (1.0 + small * small)


FLOATS: Table = {
    **{word: _alone(function) for word, function in ARRAYS.items()},
    "Sigmoid": _sigmoid_one, "Softplus": lambda u: max(u, 0.0) + math.log1p(math.exp(-abs(u))),
    "LogisticLoss": lambda u, w: (max(u, 0.0) - w * u) + math.log1p(math.exp(-abs(u))),
    "LogisticMiss": lambda s, u, w: s - w if u < 1.0 else (1.0 - w) - _sigmoid_one(-u),
    "LogisticSlope": lambda s, u: s * _sigmoid_one(-u), "TanhSlope": _tanh_slope_one, "LogCosh": _log_cosh_one,
    "LogAddExp": lambda a, b: max(a, b) + math.log1p(math.exp(-abs(a - b))), "sech": _sech_one,
    "LogOnePlusSquare": lambda u: math.log1p(u * u) if abs(u) < 1e150 else 2.0 * math.log(abs(u)),
    "hypot": math.hypot, "RootLessOne": lambda u: u * (u / (1.0 + math.hypot(1.0, u))),
    "SqrtLessOne": lambda u: u / (1.0 + math.sqrt(1.0 + u)), "OneMinusCos": lambda u: 2.0 * math.sin(u / 2.0) ** 2,
    "CoshLessOne": lambda u: 2.0 * math.sinh(u / 2.0) ** 2,
    "TimesLog": lambda u: u * math.log(u) if u != 0.0 else 0.0,
    "TimesLogRatio": lambda u, w: u * math.log(u / w) if u != 0.0 else 0.0, "NormalCdf": normal_cdf_one,
}  # fmt: skip

# For complex arguments, as the complex step needs them: smooth formulas, without branches on size.
COMPLEX: Table = {
    "Sigmoid": lambda u: 1.0 / (1.0 + np.exp(-u)),
    "Softplus": lambda u: np.where(u.real > 0, u, 0.0) + np.log1p(np.exp(np.where(u.real > 0, -u, u))),
    "LogAddExp": lambda a, b: COMPLEX["Softplus"](np.asarray(a - b)) + b, "hypot": lambda a, b: np.sqrt(a * a + b * b),
    "LogisticLoss": lambda u, w: COMPLEX["Softplus"](np.asarray(u)) - w * u,
    "LogOneMinusExp": lambda u: np.log(-np.expm1(u)),
    "LogCosh": lambda u: np.log1p(2.0 * np.sinh(u / 2.0) ** 2), "LogOnePlusSquare": lambda u: np.log1p(u * u),
    "RootLessOne": lambda u: u * (u / (1.0 + np.sqrt(1.0 + u * u))),
    "SqrtLessOne": lambda u: u / (1.0 + np.sqrt(1.0 + u)), "OneMinusCos": lambda u: 2.0 * np.sin(u / 2.0) ** 2,
    "CoshLessOne": lambda u: 2.0 * np.sinh(u / 2.0) ** 2, "sech": lambda u: 1.0 / np.cosh(u),
    "SphericalBessel": lambda k, u: mended(np.sin(u) / u, np.equal(u, 0.0), lambda v: 1.0 + v * 0.0, u),
    "PowerRatio": lambda u, c, a, n, k: c * u**a / (1.0 + u**n) ** k, "TimesLog": lambda u: u * np.log(u),
    "TimesLogRatio": lambda u, w: u * np.log(u / w),
}  # fmt: skip
