"""Losses of a few numbers, where a call's own cost is all there is."""

from __future__ import annotations

from typing import Any

from libraries import with_autograd, with_casadi, with_jax, with_pytensor, with_torch
from work import OWN, Call, Makers, Work, own_side

POINT = {"x": 1.2, "y": 2.0}


def rosenbrock(xp: Any, x: Any, y: Any) -> Any:
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def by_hand() -> Call:
    def both(x: float, y: float) -> tuple[float, float, float]:
        r, s = 1 - x, y - x * x
        return r * r + 100 * (s * s), -2 * x * (200 * s) - 2 * r, 200 * s

    x, y = POINT.values()
    return lambda: both(x, y)


def compiled_by_hand() -> Call:
    import numba

    @numba.njit
    def both(x, y):
        r, s = 1 - x, y - x * x
        return r * r + 100 * (s * s), -2 * x * (200 * s) - 2 * r, 200 * s

    x, y = POINT.values()
    return lambda: both(x, y)


def makers(share: float) -> Makers:
    return {
        OWN: own_side("(1 - x)^2 + 100*(y - x^2)^2", None, POINT),
        "Python by hand": by_hand,
        "numba by hand": compiled_by_hand,
        "PyTensor": with_pytensor(rosenbrock, POINT),
        "JAX jit": with_jax(rosenbrock, POINT, {}),
        "CasADi": with_casadi(rosenbrock, POINT),
        "PyTorch": with_torch(rosenbrock, POINT, {}),
        "autograd": with_autograd(rosenbrock, POINT, {}),
    }


WORKS = (
    Work(
        "Rosenbrock, one call",
        makers,
        wanted={"PyTensor": 10, "JAX jit": 10, "CasADi": 10, "PyTorch": 10, "autograd": 10},
        remarks={
            "Python by hand": "the compiled function looks at what it is given first",
            "numba by hand": "machine code with slopes by hand",
        },
    ),
)
