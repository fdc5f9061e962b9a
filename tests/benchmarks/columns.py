"""Losses of a few numbers over a million rows of one column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from libraries import with_autograd, with_jax, with_torch
from work import OWN, Call, Makers, Work, own_side, rows

FULL = 1_000_000
NUMBA = "numba parallel, by hand"


def drawn(share: float, full: int = FULL) -> dict[str, Any]:
    """A decay with noise; the same on each call."""
    rng = np.random.default_rng(0)
    n = rows(full, share)
    x = rng.uniform(0, 4, n)
    return {"x": x, "y": 2.5 * np.exp(-1.3 * x) + 0.5 + 0.1 * rng.normal(size=n)}


def decay_loss(xp: Any, a: Any, b: Any, c: Any, x: Any, y: Any) -> Any:
    return xp.mean((y - a * xp.exp(-b * x) - c) ** 2)


def decay_by_hand(x: Any, y: Any, point: tuple[float, ...]) -> Call:
    a, b, c = point
    n = len(x)

    def both() -> Any:
        u = np.exp(-b * x)
        r = y - a * u - c
        return r @ r / n, -2 * (r @ u) / n, 2 * a * ((r * u) @ x) / n, -2 * r.mean()

    return both


def decay_numexpr(x: Any, y: Any, point: tuple[float, ...]) -> Call:
    import numexpr

    a, b, c = point
    n = len(x)

    def both() -> Any:
        u = numexpr.evaluate("exp(-b*x)", {"b": b, "x": x})
        r = numexpr.evaluate("y - a*u - c", {"y": y, "a": a, "u": u, "c": c})
        given = {"r": r, "u": u, "x": x}
        return (
            numexpr.evaluate("sum(r*r)", given) / n, -2 * numexpr.evaluate("sum(r*u)", given) / n,
            2 * a * numexpr.evaluate("sum(r*u*x)", given) / n, -2 * numexpr.evaluate("sum(r)", given) / n,
        )  # fmt: skip

    return both


def decay_numba(x: Any, y: Any, point: tuple[float, ...]) -> Call:
    import numba

    @numba.njit(parallel=True, fastmath=True)
    def both(a, b, c):
        loss = ga = gb = gc = 0.0
        for i in numba.prange(x.size):
            u = np.exp(-b * x[i])
            r = y[i] - a * u - c
            loss += r * r
            ga += r * u
            gb += r * u * x[i]
            gc += r
        n = x.size
        return loss / n, -2 * ga / n, 2 * a * gb / n, -2 * gc / n

    return lambda: both(*point)


def alone(work: Callable[[], Any]) -> Call:
    return lambda: (0.0, work() is None)


def decay(share: float) -> Makers:
    data, point = drawn(share), {"a": 1.0, "b": 1.0, "c": 0.1}
    x, y = data.values()
    values, room, copies = tuple(point.values()), np.empty_like(x), (np.empty_like(x), np.empty_like(x))
    return {
        OWN: own_side("mean((y - a*exp(-b*x) - c)^2)", data, point),
        NUMBA: lambda: decay_numba(x, y, values),
        "NumPy by hand": lambda: decay_by_hand(x, y, values),
        "numexpr, by hand": lambda: decay_numexpr(x, y, values),
        "JAX jit": with_jax(decay_loss, point, data),
        "PyTorch": with_torch(decay_loss, point, data),
        "autograd": with_autograd(decay_loss, point, data),
        "limit: `np.exp` alone": lambda: alone(lambda: np.exp(x, out=room)),
        "limit: a copy of both columns": lambda: alone(lambda: (np.copyto(copies[0], x), np.copyto(copies[1], y))),
    }


def residuals(
    loss: Callable[[Any, Any], Any],
    formula: str,
    slope: Callable[[Any], Any],
    one: Callable[[float], Any] | None = None,
) -> Callable[[float], Makers]:
    """A line fit whose loss is a mean over residuals; by hand, with the slope of one residual's loss.

    Args:
        loss: The mean over residuals, in anybody's version of NumPy.
        formula: The same as a formula.
        slope: The slopes of the losses of residuals.
        one: Loss and slope of one residual, in words numba knows; without it numba does not race.
    """

    def makers(share: float) -> Makers:
        data, point = drawn(share), {"m": -0.5, "b": 2.0}
        x, y = data.values()
        m, b = point.values()

        def by_hand() -> Any:
            r = y - (m * x + b)
            s = slope(r)
            return loss(np, r), -(s @ x) / len(x), -s.mean()

        def compiled() -> Call:
            return residuals_numba(one, x, y, (m, b))

        return {
            OWN: own_side(formula, data, point),
            **({NUMBA: compiled} if one else {}),
            "JAX jit": with_jax(lambda xp, m, b, x, y: loss(xp, y - (m * x + b)), point, data),
            "NumPy by hand": lambda: by_hand,
        }

    return makers


def residuals_numba(one: Callable[[float], Any], x: Any, y: Any, point: tuple[float, ...]) -> Call:
    import numba

    inner = numba.njit(fastmath=True)(one)

    @numba.njit(parallel=True, fastmath=True)
    def both(m, b):
        loss = gm = gb = 0.0
        for i in numba.prange(x.size):
            value, slope = inner(y[i] - (m * x[i] + b))
            loss += value
            gm += slope * x[i]
            gb += slope
        return loss / x.size, -gm / x.size, -gb / x.size

    return lambda: both(*point)


def huber_of_one(r):
    q = min(max(r, -0.5), 0.5)
    return q * (r - q / 2), q


def absolute_of_one(r):
    return abs(r), np.sign(r)


def huber(xp: Any, r: Any) -> Any:
    size = xp.abs(r)
    return xp.mean(xp.where(size <= 0.5, r**2 / 2, 0.5 * (size - 0.25)))


def cubic_loss(xp: Any, w: Any, b: Any, x: Any, y: Any) -> Any:
    r = y - (w[0] * x + w[1] * x**2 + w[2] * x**3) - b
    return xp.mean(r**2) + 0.1 * xp.sum(w**2)


def cubic(share: float) -> Makers:
    data, point = drawn(share), {"w": np.array([0.1, 0.2, -0.3]), "b": 2.0}
    x, y = data.values()
    F, w, b = np.stack([x, x**2, x**3], axis=1), *point.values()

    def by_hand() -> Any:
        r = y - F @ w - b
        return r @ r / len(x) + 0.1 * w @ w, -2 * (r @ F) / len(x) + 0.2 * w, -2 * r.mean()

    return {
        OWN: own_side("F = [x, x^2, x^3]; mean((y - F@w - b)^2) + 0.1*w@w", data, point),
        "JAX jit": with_jax(cubic_loss, point, data),
        "NumPy by hand": lambda: by_hand,
    }


WORKS = (
    Work(
        "decay `mean((y - a*exp(-b*x) - c)^2)`, 1e6 rows",
        decay,
        wanted={NUMBA: 1, "NumPy by hand": 3, "numexpr, by hand": 1, "JAX jit": 5, "autograd": 1,
                "limit: `np.exp` alone": 0.33},
        remarks={NUMBA: "one fused loop of machine code on all cores"},
        apart=frozenset({NUMBA, "PyTorch"}),
        limits=frozenset({"limit: `np.exp` alone", "limit: a copy of both columns"}),
    ),
    Work("line fit, 1e6 rows, a step once loaded",
         residuals(lambda xp, r: xp.mean(r**2), "mean((y - (m*x + b))^2)", lambda r: 2 * r),
         wanted={"JAX jit": 2000, "NumPy by hand": 1}),
    Work("cubic, 3 features and ridge, 1e6 rows, a step once loaded", cubic,
         wanted={"JAX jit": 1000, "NumPy by hand": 1}),
    Work("Huber line fit, 1e6 rows", residuals(huber, "mean(huber(y - (m*x + b), 0.5))", lambda r: np.clip(r, -0.5, 0.5), huber_of_one),
         wanted={"JAX jit": 3, "NumPy by hand": 1}, apart=frozenset({NUMBA})),
    Work("line fit by absolute residuals (MAE), 1e6 rows",
         residuals(lambda xp, r: xp.mean(xp.abs(r)), "mean(abs(y - (m*x + b)))", np.sign, absolute_of_one),
         wanted={"JAX jit": 3, "NumPy by hand": 1}, apart=frozenset({NUMBA})),
)  # fmt: skip
