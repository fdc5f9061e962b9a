"""Whole descents at a fixed rate, every step recorded; and many starts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from few_numbers import rosenbrock
from libraries import jax64
from work import OWN, Call, Makers, Work, program

import symcalc as sc

STEPS, LOOP_STEPS, STARTS = 200_000, 2_000, 1_000
RATE, START = 1e-4, (-1.0, 1.0)


def own(engine: str, steps: int) -> Callable[[], Call]:
    def made() -> Call:
        ready = program("(1 - x)^2 + 100*(y - x^2)^2")

        def run() -> Any:
            trace = sc.descend(ready, START, learning_rate=RATE, steps=steps, engine=engine)
            return trace.losses, trace.points, trace.gradients

        return run

    return made


def scan(steps: int) -> Call:
    jax = jax64()
    both = jax.value_and_grad(lambda v: rosenbrock(jax.numpy, v[0], v[1]))

    def again(kept: Any, _: Any) -> Any:
        point = kept[0] - RATE * kept[2]
        found = (point, *both(point))
        return found, kept

    def whole(v: Any) -> Any:
        last, kept = jax.lax.scan(again, (v, *both(v)), None, length=steps)
        return [jax.numpy.concatenate([k, e[None]]) for k, e in zip(kept, last)]

    compiled, start = jax.jit(whole), jax.numpy.array(START)

    def call() -> Any:
        points, losses, slopes = jax.block_until_ready(compiled(start))
        return losses, points, slopes

    return call


def loop(steps: int) -> Call:
    jax = jax64()
    both, start = jax.jit(jax.value_and_grad(lambda v: rosenbrock(jax.numpy, v[0], v[1]))), jax.numpy.array(START)

    def run() -> Any:
        v, kept = start, []
        for _ in range(steps + 1):
            loss, slopes = both(v)
            kept.append((loss, v, slopes))
            v = v - RATE * slopes
        jax.block_until_ready(v)
        return [np.array(part) for part in zip(*kept)] if len(kept) <= LOOP_STEPS + 1 else kept

    return run


def by_hand(steps: int) -> Call:
    import numba

    @numba.njit
    def run(x, y):
        points, losses, slopes = np.empty((steps + 1, 2)), np.empty(steps + 1), np.empty((steps + 1, 2))
        for k in range(steps + 1):
            r, s = 1 - x, y - x * x
            gx, gy = -2 * x * (200 * s) - 2 * r, 200 * s
            points[k, 0], points[k, 1], losses[k] = x, y, r * r + 100 * (s * s)
            slopes[k, 0], slopes[k, 1] = gx, gy
            x, y = x - RATE * gx, y - RATE * gy
        return losses, points, slopes

    return lambda: run(*START)


def compiled(share: float) -> Makers:
    steps = int(STEPS * share)
    return {OWN: own("native", steps), "JAX `scan`": lambda: scan(steps), "numba by hand": lambda: by_hand(steps)}


def in_python(share: float) -> Makers:
    steps = int(LOOP_STEPS * share)
    return {OWN: own("python", steps), "Python loop over jitted JAX": lambda: loop(steps)}


def many(share: float) -> Makers:
    count = int(STARTS * share)
    # From farther out, or at a greater rate, the first steps overshoot: rounding then decides the minimum that is reached.
    starts = np.random.default_rng(0).uniform(-4, 4, (count, 2))

    def ours() -> Call:
        ready = program("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")

        def run() -> Any:
            batch = sc.descend_many(ready, starts, learning_rate=0.005, steps=1000)
            # Losses of a minimum at 0 are rounding alone: beside 1 they are compared as what they are.
            return 1 + batch.losses, batch.points

        return run

    def theirs() -> Call:
        jax = jax64()

        def loss(v: Any) -> Any:
            return (v[0] ** 2 + v[1] - 11) ** 2 + (v[0] + v[1] ** 2 - 7) ** 2

        slopes = jax.grad(loss)

        def one(v: Any) -> Any:
            end = jax.lax.scan(lambda v, _: (v - 0.005 * slopes(v), None), v, None, length=1000)[0]
            return 1 + loss(end), end

        fast, given = jax.jit(jax.vmap(one)), jax.numpy.array(starts)
        return lambda: jax.block_until_ready(fast(given))

    return {OWN: ours, "JAX `vmap` + `scan`": theirs}


WORKS = (
    Work("200,000 steps on Rosenbrock, every step recorded", compiled, wanted={"JAX `scan`": 4},
         remarks={"JAX `scan`": "a step is a chain of six operations that wait for each other, 18 cycles, in JAX as here",
                  "numba by hand": "the loop written by hand, without the looks before and after"}),
    Work("2,000 steps on Rosenbrock, without a compiler", in_python, wanted={"Python loop over jitted JAX": 80}),
    Work("1,000 starts × 1,000 steps on Himmelblau", many, wanted={"JAX `vmap` + `scan`": 1}),
)  # fmt: skip
