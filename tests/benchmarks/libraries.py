"""The peers' libraries: value and gradient of one loss by each, compiled where the library compiles, in 64-bit floats unless
`sides_in` says otherwise.

A loss is written once, `loss(xp, *point, *columns)`, where xp is the library's own version of NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from work import Call, dtype

NAMES = ("symcalc-explorer", "numpy", "scipy", "sympy", "jax", "numba", "numexpr", "autograd", "casadi", "pytensor",
         "torch", "scikit-learn", "statsmodels", "threadpoolctl")  # fmt: skip
Loss = Callable[..., Any]
Values = Mapping[str, Any]


def versions() -> dict[str, str]:
    """Versions of all peers that are installed."""
    found = {}
    for name in NAMES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def jax64() -> Any:
    """JAX with 64-bit floats.

    Raises:
        ImportError: JAX is not installed.
    """
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


def with_jax(loss: Loss, point: Values, columns: Values) -> Callable[[], Call]:
    """Value and gradient by `jit`; the data are arguments, loaded before."""

    def made() -> Call:
        jax = jax64()
        both = jax.jit(jax.value_and_grad(lambda *a: loss(jax.numpy, *a), tuple(range(len(point)))))
        given = [jax.numpy.asarray(v, dtype()) for v in (*point.values(), *columns.values())]

        def call() -> Any:
            value, slopes = jax.block_until_ready(both(*given))
            return value, *slopes

        return call

    return made


def with_autograd(loss: Loss, point: Values, columns: Values) -> Callable[[], Call]:
    """Value and gradient by autograd, which is traced on each call."""

    def made() -> Call:
        import autograd.numpy
        from autograd import value_and_grad

        given, data = tuple(point.values()), tuple(columns.values())
        both = value_and_grad(lambda p: loss(autograd.numpy, *p, *data))

        def call() -> Any:
            value, slopes = both(given)
            return value, *slopes

        return call

    return made


def with_torch(loss: Loss, point: Values, columns: Values) -> Callable[[], Call]:
    """Value and gradient by PyTorch as it comes."""

    def made() -> Call:
        import torch

        given = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in point.values()]
        data = [torch.tensor(v, dtype=torch.float64) for v in columns.values()]

        def call() -> Any:
            value = loss(torch, *given, *data)
            slopes = torch.autograd.grad(value, given)
            return value.detach().numpy(), *(s.numpy() for s in slopes)

        return call

    return made


def with_pytensor(loss: Loss, point: Values) -> Callable[[], Call]:
    """Value and gradient of a loss of single numbers, compiled by PyTensor."""

    def made() -> Call:
        import pytensor
        from pytensor import tensor

        names = [tensor.dscalar(name) for name in point]
        value = loss(tensor, *names)
        function = pytensor.function(names, [value, *pytensor.grad(value, names)])
        function.trust_input = True
        given = [np.asarray(v, float) for v in point.values()]
        return lambda: function(*given)

    return made


def with_casadi(loss: Loss, point: Values) -> Callable[[], Call]:
    """Value and gradient of a loss of single numbers by CasADi's virtual machine."""

    def made() -> Call:
        import casadi

        names = [casadi.SX.sym(name) for name in point]
        value = loss(casadi, *names)
        function = casadi.Function("f", names, [value, *(casadi.gradient(value, name) for name in names)])
        given = tuple(point.values())
        return lambda: function(*given)

    return made
