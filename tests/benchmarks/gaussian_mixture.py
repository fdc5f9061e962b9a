"""The Gaussian mixture with full covariances beside JAX: `python tests/benchmarks/gaussian_mixture.py` prints ratios.

Both work out value and gradient of the same loss on the same random data in one process, in turn. JAX is a
peer, not a dependency: without it the script says so and ends.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import symcalc as sc

TEXT = """
    Q[k,a,b] = l[k,a,b]*M[a,b] + exp(q[k,a])*I[a,b]
    D[i,k,a] = sum(Q[k,a,b]*(x[i,b] - mu[k,b]), b)
    E[i,k] = alpha[k] + sum(q[k,a], a) - 0.5*sum(D[i,k,a]^2, a)
    sum(logsumexp(E[i,k], k)) - n*logsumexp(alpha[k], k) + 0.5*(sum((l[k,a,b]*M[a,b])^2) + sum(exp(q[k,a])^2))
"""


def drawn(n: int, d: int, k: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Random rows and a random point."""
    rng = np.random.default_rng(0)
    point = {
        "l": rng.normal(size=(k, d, d)), "q": 0.1 * rng.normal(size=(k, d)), "mu": rng.normal(size=(k, d)),
        "alpha": rng.normal(size=k),
    }  # fmt: skip
    return rng.normal(size=(n, d)), point


def own(x: np.ndarray, point: dict[str, np.ndarray]) -> Callable[[], Any]:
    """symcalc's compiled function at the point."""
    d = x.shape[1]
    constants = {"M": np.tril(np.ones((d, d)), -1), "I": np.eye(d)}
    shapes = {name: value.shape for name, value in point.items()}
    program = sc.compile(sc.differentiate(sc.parse(TEXT, data={"x": x}, constants=constants, shapes=shapes)))
    values = [point[p.name] for p in program.parameters]
    return lambda: program.function(*values)


def theirs(x: np.ndarray, point: dict[str, np.ndarray]) -> Callable[[], Any]:
    """The same in JAX, compiled."""
    import jax
    import jax.numpy as jnp
    from jax.scipy.special import logsumexp

    jax.config.update("jax_enable_x64", True)
    n, d = x.shape
    lower, unit, rows = jnp.tril(jnp.ones((d, d)), -1), jnp.eye(d), jnp.asarray(x)

    def loss(p: dict[str, Any]) -> Any:
        q = p["l"] * lower + jnp.exp(p["q"])[:, :, None] * unit
        away = jnp.einsum("kab,ikb->ika", q, rows[:, None, :] - p["mu"][None])
        e = p["alpha"] + p["q"].sum(1) - 0.5 * (away**2).sum(-1)
        prior = 0.5 * (((p["l"] * lower) ** 2).sum() + (jnp.exp(p["q"]) ** 2).sum())
        return logsumexp(e, axis=1).sum() - n * logsumexp(p["alpha"]) + prior

    compiled = jax.jit(jax.value_and_grad(loss))
    return lambda: jax.block_until_ready(compiled(point))


def in_turn(one: Callable[[], Any], two: Callable[[], Any], repeats: int = 15) -> tuple[float, float]:
    """Median seconds of two functions, timed in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    one(), two()
    for _ in range(repeats):
        for work, kept in zip((one, two), times):
            begun = time.perf_counter()
            work()
            kept.append(time.perf_counter() - begun)
    return float(np.median(times[0])), float(np.median(times[1]))


def main() -> None:
    """Prints one row a size."""
    try:
        import jax
    except ImportError:
        print("JAX is not installed; there is nothing to compare with.")
        return
    print(f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, JAX {jax.__version__}\n")
    print("| n | d | k | value agrees to | JAX / symcalc |")
    print("|---|---|---|---|---|")
    for n, d, k in ((1000, 2, 5), (1000, 5, 10), (1000, 10, 25)):
        x, point = drawn(n, d, k)
        symcalc, jaxed = own(x, point), theirs(x, point)
        gap = abs(float(symcalc()[0]) / float(jaxed()[0]) - 1)
        mine, other = in_turn(symcalc, jaxed)
        print(f"| {n} | {d} | {k} | {gap:.0e} | {other / mine:.2f} |")


if __name__ == "__main__":
    main()
