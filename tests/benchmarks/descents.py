"""Whole descents beside JAX, numba, CasADi and autograd: `python tests/benchmarks/descents.py` prints the tables.

The sides of a row take turns, and each ratio is the median over the turns of that side's time over symcalc's, so that
a busy machine slows all alike. Peers that are not installed are left out. Every side records point, loss and gradient
of every step, compiled and warm.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

import symcalc as sc
from symcalc.compute import native

TURNS, STEPS, PY_STEPS = 15, 200_000, 2_000
RATE, START = 1e-4, (-1.0, 1.0)
STARTS = np.random.default_rng(0).uniform(-5, 5, (1000, 2))
ROSENBROCK = sc.compile(sc.differentiate(sc.parse("(1 - x)^2 + 100*(y - x^2)^2")))
HIMMELBLAU = sc.compile(sc.differentiate(sc.parse("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")))
Sides = dict[str, tuple[Callable[[], Any], float]]


def seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def table(title: str, sides: Sides, per: float, unit: str) -> None:
    """One table: the least time of each side, and the median ratio to the first."""
    for work, _ in sides.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(TURNS):
        for name, (work, share) in sides.items():
            times[name].append(seconds(work) / share)
    own = next(iter(times.values()))
    print(f"\n### {title}\n\n| side | {unit} | side / symcalc |\n|---|---|---|")
    for name, found in times.items():
        ratio = statistics.median(a / b for a, b in zip(found, own))
        print(f"| {name} | {min(found) / per:.3g} | {ratio:.2f} |")


def one_call() -> Sides:
    function, calls = ROSENBROCK.function, 2000
    sides: Sides = {"symcalc, `program.function`": (lambda: [function(1.2, 2.0) for _ in range(calls)], calls)}
    if find_spec("numba"):
        import numba

        @numba.njit
        def compiled(x, y):
            r, s = 1 - x, y - x * x
            return r * r + 100 * (s * s), -2 * x * (200 * s) - 2 * r, 200 * s

        sides["numba, slopes by hand"] = (lambda: [compiled(1.2, 2.0) for _ in range(calls)], calls)
    if find_spec("jax"):
        jax, both = jax_rosenbrock()
        point, fast = jax.numpy.array([1.2, 2.0]), jax.jit(both)
        sides["JAX, jit"] = (lambda: [jax.block_until_ready(fast(point)) for _ in range(200)], 200)
    if find_spec("casadi"):
        import casadi

        v = casadi.SX.sym("v", 2)
        loss = (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2
        whole = casadi.Function("f", [v], [loss, casadi.gradient(loss, v)])
        sides["CasADi"] = (lambda: [whole([1.2, 2.0]) for _ in range(200)], 200)
    if find_spec("autograd"):
        from autograd import value_and_grad

        slopes = value_and_grad(lambda v: (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2)
        sides["autograd"] = (lambda: [slopes(np.array([1.2, 2.0])) for _ in range(50)], 50)
    return sides


def jax_rosenbrock() -> tuple[Any, Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax, jax.value_and_grad(lambda v: (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2)


def long_descent() -> tuple[Sides, Sides]:
    def run(engine: str) -> Any:
        return sc.descend(ROSENBROCK, START, learning_rate=RATE, steps=STEPS, engine=engine)

    compiled: Sides = {}
    if native.compiler() or native.has_numba():
        compiled["symcalc, native"] = (lambda: run("native"), STEPS)
    plain: Sides = {"symcalc, Python source": (lambda: run("python"), STEPS)}
    if find_spec("jax"):
        jax, both = jax_rosenbrock()
        start = jax.numpy.array(START)

        def again(v: Any, _: Any) -> Any:
            loss, slopes = both(v)
            return v - RATE * slopes, (v, loss, slopes)

        def carried(kept: Any, _: Any) -> Any:
            point = kept[0] - RATE * kept[2]
            found = (point, *both(point))
            return found, found

        one = jax.jit(lambda v: jax.lax.scan(again, v, None, length=STEPS))
        two = jax.jit(lambda v: jax.lax.scan(carried, (v, *both(v)), None, length=STEPS))
        compiled["JAX `scan`"] = (lambda: jax.block_until_ready(one(start)), STEPS)
        compiled["JAX `scan`, gradient carried"] = (lambda: jax.block_until_ready(two(start)), STEPS)
        fast = jax.jit(both)

        def loop() -> Any:
            v, kept = start, []
            for _ in range(PY_STEPS):
                loss, slopes = fast(v)
                kept.append((v, loss, slopes))
                v = v - RATE * slopes
            return jax.block_until_ready(v)

        plain["Python loop over jitted JAX"] = (loop, PY_STEPS)
    if find_spec("numba"):
        import numba

        @numba.njit
        def by_hand(x, y, steps):
            points, losses, slopes = np.empty((steps + 1, 2)), np.empty(steps + 1), np.empty((steps + 1, 2))
            for k in range(steps + 1):
                r, s = 1 - x, y - x * x
                gx, gy = -2 * x * (200 * s) - 2 * r, 200 * s
                points[k, 0], points[k, 1], losses[k] = x, y, r * r + 100 * (s * s)
                slopes[k, 0], slopes[k, 1] = gx, gy
                x, y = x - RATE * gx, y - RATE * gy
            return points, losses, slopes

        compiled["numba, written by hand"] = (lambda: by_hand(*START, STEPS), STEPS)
    return compiled, plain


def many_starts() -> Sides:
    def run(engine: str) -> Any:
        return sc.descend_many(HIMMELBLAU, STARTS, learning_rate=0.01, steps=1000, engine=engine)

    sides: Sides = {}
    if native.compiler():
        sides["symcalc, native"] = (lambda: run("native"), 1)
    sides["symcalc, NumPy"] = (lambda: run("python"), 1)
    if find_spec("jax"):
        jax, _ = jax_rosenbrock()
        slopes = jax.grad(lambda v: (v[0] ** 2 + v[1] - 11) ** 2 + (v[0] + v[1] ** 2 - 7) ** 2)

        def one(v: Any) -> Any:
            return jax.lax.scan(lambda v, _: (v - 0.01 * slopes(v), None), v, None, length=1000)[0]

        fast, starts = jax.jit(jax.vmap(one)), jax.numpy.array(STARTS)
        sides["JAX `vmap` + `scan`"] = (lambda: jax.block_until_ready(fast(starts)), 1)
    return sides


def making() -> None:
    """What each engine costs before its first step, for a new formula."""
    from unittest import mock

    text = "(1 - x)^2 + {}*(y - x^2)^2"
    print("\n### Before the first step\n\n| engine | ms |\n|---|---|")
    asked = {"start": START, "learning_rate": 1e-6, "steps": 1}
    for engine in ("ordinary", "python", "native"):
        found = []
        for k in range(5):
            program = sc.compile(sc.differentiate(sc.parse(text.format(f"{k + 2}.{time.time_ns() % 10**6:06d}1"))))
            program.function(1.0, 1.0)
            with mock.patch.object(native.code_cache, "folder", return_value=None):
                found.append(seconds(lambda: sc.descend(program, **asked, engine=engine)))  # noqa: B023
        print(f"| {engine} | {1e3 * statistics.median(found):.3g} |")


if __name__ == "__main__":
    making()
    table("One call on Rosenbrock", one_call(), 1e-6, "µs a call")
    compiled, plain = long_descent()
    table("200,000 steps on Rosenbrock, every step recorded, compiled", compiled, 1e-6, "µs a step")
    table("200,000 steps on Rosenbrock, every step recorded, in Python", plain, 1e-6, "µs a step")
    table("1,000 starts × 1,000 steps on Himmelblau", many_starts(), 1e-3, "ms")
