"""What each safe function is in mpmath, written so that no digit cancels at any precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

mp = mpmath.mp


def _logistic_slope(s: Any, u: Any) -> Any:
    small = mp.exp(-abs(u))
    return small / (1 + small) ** 2


def _log_add_exp(a: Any, b: Any) -> Any:
    return max(a, b) + mp.log1p(mp.exp(-abs(a - b)))


def _logistic_loss(u: Any, w: Any) -> Any:
    return (u * (1 - w) if u > 0 else -u * w) + mp.log1p(mp.exp(-abs(u)))


def _logistic_miss(s: Any, u: Any, w: Any) -> Any:
    return 1 / (1 + mp.exp(-u)) - w if u < 0 else (1 - w) - 1 / (1 + mp.exp(u))


def _bessel(k: Any, u: Any) -> Any:
    if abs(u) < 1:
        # Σ_m (-u²/2)^m / (m!·(2k + 2m + 1)!!)·u^k
        term, total, m = mp.mpf(u) ** k / mp.fac2(2 * k + 1), mp.mpf(0), 0
        while total + term != total:
            total, m = total + term, m + 1
            term = -term * u * u / (2 * m * (2 * k + 2 * m + 1))
        return total
    return mp.sqrt(mp.pi / (2 * abs(u))) * mp.besselj(k + mp.mpf(1) / 2, abs(u)) * (mp.sign(u) if k % 2 else 1)


def _power_ratio(u: Any, c: Any, a: Any, n: Any, k: Any) -> Any:
    return c * mp.power(u, a) / (1 + mp.power(u, n)) ** k


MEANING: dict[str, Callable[..., Any]] = {
    "LogisticSlope": _logistic_slope, "TanhSlope": lambda h, u: mp.sech(u) ** 2, "LogAddExp": _log_add_exp,
    "LogisticLoss": _logistic_loss, "LogisticMiss": _logistic_miss,
    "LogOneMinusExp": lambda u: mp.log(-mp.expm1(u)) if u > -1 else mp.log1p(-mp.exp(u)),
    "LogCosh": lambda u: mp.log1p(2 * mp.sinh(u / 2) ** 2), "LogOnePlusSquare": lambda u: mp.log1p(u * u),
    "RootLessOne": lambda u: u * u / (1 + mp.hypot(1, u)),
    "SqrtLessOne": lambda u: u / (1 + mp.sqrt(1 + u)), "OneMinusCos": lambda u: 2 * mp.sin(u / 2) ** 2,
    "CoshLessOne": lambda u: 2 * mp.sinh(u / 2) ** 2, "SphericalBessel": _bessel, "PowerRatio": _power_ratio,
    "NormalCdf": lambda u: mp.erfc(-u / mp.sqrt(2)) / 2,
    "NormalDensity": lambda u: mp.exp(-u * u / 2) / mp.sqrt(2 * mp.pi),
    "TimesLog": lambda u: mp.mpf(0) if u == 0 else u * mp.log(u),
    "TimesLogRatio": lambda u, w: mp.mpf(0) if u == 0 else u * mp.log(u / w),
}  # fmt: skip
