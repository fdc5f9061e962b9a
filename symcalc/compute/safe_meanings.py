"""How each safe function is worked out: for NumPy arrays, and for plain floats.

An array version works out the common case in few passes and mends the few entries it does not suit, so
that digits cost nothing where they were not in danger.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

Array = Any
Table = dict[str, Any]

_LOG2 = math.log(2.0)
_ROOT_HALF = math.sqrt(0.5)
# √½ less the float nearest to it.
_ROOT_HALF_REST = -4.833646656726457e-17
_DENSITY_AT_0 = 1 / math.sqrt(2 * math.pi)


def mended(out: Array, where: Array, better: Callable[..., Array], *arguments: Array) -> Array:
    """`out`, with `better(*arguments)` in its place where `where` holds."""
    if np.ndim(out) == 0:
        return better(*arguments) if where else out
    count = np.count_nonzero(where)
    if 4 * count > out.size:
        # So many are quicker all worked out than picked.
        np.copyto(out, better(*arguments), where=where)
    elif count:
        out[where] = better(*(np.broadcast_to(a, out.shape)[where] for a in arguments))
    return out


def _fresh(u: Array, function: Callable[..., Array]) -> Array:
    """A new float array (or number) of function(u)."""
    return function(np.asarray(u, dtype=float))


# -- sigmoids ------------------------------------------------------------------------------------


def sigmoid(u: Array) -> Array:
    """1/(1 + exp(-u)), exact in both tails."""
    out = _fresh(u, np.negative)
    if np.ndim(out) == 0:
        return 1.0 / (1.0 + np.exp(out)) if out < 709.0 else np.exp(u)
    np.exp(out, out=out)
    out += 1.0
    np.divide(1.0, out, out=out)
    # Beyond, exp(-u) is infinite where the sigmoid, which is exp(u) there, is not yet 0.
    return mended(out, np.less(u, -709.0), np.exp, u)


def softplus(u: Array) -> Array:
    """log(1 + exp(u)) without overflow."""
    out = _fresh(u, np.abs)
    if np.ndim(out) == 0:
        return np.maximum(u, 0.0) + np.log1p(np.exp(-out))
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)
    out += np.maximum(u, 0.0)
    return out


def _bell(u: Array, scale: float) -> Array:
    """e/(1 + e)² with e = exp(-scale·|u|), in place: few passes, and two new arrays."""
    out = _fresh(u, np.abs)
    out *= -scale
    if np.ndim(out) == 0:
        out = np.exp(out)
        return out / (1.0 + out) ** 2
    np.exp(out, out=out)
    below = out + 1.0
    below *= below
    out /= below
    return out


def logistic_slope(s: Array, u: Array) -> Array:
    """s·(1 - s) for s = sigmoid(u)."""
    return _bell(u, 1.0)


def logistic_loss(u: Array, w: Array) -> Array:
    """log(1 + exp(u)) - w·u; both parts are at least 0 where w is from 0 to 1."""
    # The large parts first: for w = 0 or 1 they cancel without a rest.
    out = np.maximum(u, 0.0) - w * u
    small = _fresh(u, np.abs)
    if np.ndim(small) == 0:
        return out + np.log1p(np.exp(-small))
    np.negative(small, out=small)
    np.exp(small, out=small)
    np.log1p(small, out=small)
    return out + small


def logistic_miss(s: Array, u: Array, w: Array) -> Array:
    """s - w for s = sigmoid(u), as (1 - w) less what is missing to 1 where u > 0."""
    small = _fresh(u, np.abs)
    if np.ndim(small) == 0:
        small = np.exp(-small)
    else:
        np.negative(small, out=small)
        np.exp(small, out=small)
    small /= 1.0 + small
    return np.where(np.greater_equal(u, 0.0), (1.0 - w) - small, small - w)


def tanh_slope(h: Array, u: Array) -> Array:
    """1 - h² for h = tanh(u)."""
    out = _bell(u, 2.0)
    out *= 4.0
    return out


def log_add_exp(a: Array, b: Array) -> Array:
    """log(exp(a) + exp(b)) without overflow."""
    return np.maximum(a, b) + np.log1p(np.exp(-np.abs(a - b)))


def sech(u: Array) -> Array:
    """1/cosh(u), also where cosh overflows."""
    small = np.exp(-np.abs(u))
    return 2.0 * small / (1.0 + small * small)


# -- logarithms and roots ------------------------------------------------------------------------


def log_one_minus_exp(u: Array) -> Array:
    """log(1 - exp(u)) for u < 0."""
    return mended(np.log1p(-np.exp(u)), np.greater(u, -_LOG2), lambda v: np.log(-np.expm1(v)), u)


def log_cosh(u: Array) -> Array:
    """log(cosh(u))."""
    size = np.abs(u)
    out = size + np.log1p(np.exp(-2.0 * size)) - _LOG2
    return mended(out, np.less(size, 1.0), lambda v: np.log1p(2.0 * np.sinh(v / 2.0) ** 2), u)


def log_one_plus_square(u: Array) -> Array:
    """log(1 + u²)."""
    return mended(np.log1p(u * u), np.greater(np.abs(u), 1e150), lambda v: 2.0 * np.log(np.abs(v)), u)


def times_log(u: Array) -> Array:
    """u·log(u), 0 at 0."""
    return mended(u * np.log(u), np.equal(u, 0.0), lambda v: v * 0.0, u)


def times_log_ratio(u: Array, w: Array) -> Array:
    """u·log(u/w), 0 at u = 0."""
    return mended(u * np.log(u / w), np.equal(u, 0.0), lambda v: v * 0.0, u)


def _whole_power(u: Array, exponent: int) -> Array:
    """u to a whole power by products, which cost far less than a general power."""
    if exponent == 0:
        return np.ones_like(u)
    half = u if exponent < 2 else _whole_power(u, exponent // 2)
    return half if exponent == 1 else half * half if exponent % 2 == 0 else half * half * u


def power_ratio(u: Array, c: int, a: int, n: int, k: int) -> Array:
    """c·u^a/(1 + u^n)^k."""
    u = np.asarray(u, dtype=float)
    power = _whole_power(u, n)
    out = c * _whole_power(u, a) / _whole_power(1.0 + power, k)

    def far(v: Array) -> Array:
        # One power short of the subnormal numbers, which c would lead out of again.
        less = 1.0 / v
        rest = k * n - a
        above = (c / v) * _whole_power(less, rest - 1) if rest else c
        return above / _whole_power(1.0 + _whole_power(less, n), k)

    return mended(out, ~np.less(np.abs(power), 1e90), far, u)


# -- waves and the normal distribution -----------------------------------------------------------


def _bessel_series(k: int, u: Array) -> Array:
    """Σ_m (-u²/2)^m·u^k / (m!·(2k + 2m + 1)!!), for |u| < k + 2."""
    factor = u**k / math.prod(range(1, 2 * k + 2, 2))
    total, square = 1.0, -0.5 * u * u
    for m in range(14 + 2 * k, 0, -1):
        total = 1.0 + total * square / (m * (2 * k + 2 * m + 1))
    return factor * total


def _bessel_steps(k: int, u: Array) -> Array:
    before, now = np.cos(u) / u, np.sin(u) / u
    for m in range(k):
        before, now = now, (2 * m + 1) / u * now - before
    return now


def spherical_bessel(k: int, u: Array) -> Array:
    """sin(u)/u for k = 0, and its kin."""
    near = np.less(np.abs(u), k + 1.5 if k else 1e-4)
    return mended(_bessel_steps(k, np.asarray(u, dtype=float)), near, lambda v: _bessel_series(k, v), u)


def normal_density(u: Array) -> Array:
    """exp(-u²/2)/√(2π); u is cut in two so that neither square is rounded by much."""
    high = np.rint(u * 16.0) / 16.0
    return np.exp(-0.5 * high * high) * np.exp(-0.5 * (u - high) * (u + high)) * _DENSITY_AT_0


@lru_cache(maxsize=1)
def normal_cdf() -> Callable[[Array], Array]:
    """(1 + erf(u/√2))/2, from SciPy where it is installed."""
    try:
        from scipy import special
    except ImportError:
        return np.vectorize(normal_cdf_one, otypes=[float])
    scale = math.sqrt(math.pi / 2.0)

    def tail(u: Array) -> Array:
        return normal_density(u) * (scale * special.erfcx(-u * _ROOT_HALF))

    return lambda u: mended(0.5 * special.erfc(-u * _ROOT_HALF), np.less(u, -1.0), tail, u)


def normal_cdf_one(u: float) -> float:
    """(1 + erf(u/√2))/2 of one number."""
    t = -u * _ROOT_HALF
    value = 0.5 * math.erfc(t)
    if not 0.5 < t < 28.0:
        return value
    # t is rounded, and erfc magnifies that by 2t²: one step along its slope takes it back.
    rest = math.fsum((-u * _ROOT_HALF_REST, _product_error(-u, _ROOT_HALF, t)))
    return value - float(normal_density(u)) * math.sqrt(2.0) * rest


def _product_error(a: float, b: float, product: float) -> float:
    """a·b - product, without rounding (Dekker's product)."""
    split = 134217729.0
    a1, b1 = a * split - (a * split - a), b * split - (b * split - b)
    a2, b2 = a - a1, b - b1
    return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


# -- tables --------------------------------------------------------------------------------------

ARRAYS: Table = {
    "Sigmoid": sigmoid, "Softplus": softplus, "LogisticSlope": logistic_slope, "TanhSlope": tanh_slope,
    "LogisticLoss": logistic_loss, "LogisticMiss": logistic_miss,
    "LogAddExp": log_add_exp, "LogOneMinusExp": log_one_minus_exp, "LogCosh": log_cosh,
    "LogOnePlusSquare": log_one_plus_square, "hypot": np.hypot, "sech": sech,
    "RootLessOne": lambda u: u * (u / (1.0 + np.hypot(1.0, u))), "SqrtLessOne": lambda u: u / (1.0 + np.sqrt(1.0 + u)),
    "OneMinusCos": lambda u: 2.0 * np.sin(u / 2.0) ** 2, "CoshLessOne": lambda u: 2.0 * np.sinh(u / 2.0) ** 2,
    "TimesLog": times_log, "TimesLogRatio": times_log_ratio, "PowerRatio": power_ratio,
    "SphericalBessel": spherical_bessel, "NormalDensity": normal_density,
    "NormalCdf": lambda u: normal_cdf()(u),
}  # fmt: skip
