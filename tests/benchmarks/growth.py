"""How the cost grows with rows, parameters, depth and features: symcalc and JAX side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from columns import decay_loss, drawn
from libraries import with_jax
from matrices import logistic
from race import Here, check, timed, told
from work import OWN, Makers, Work, own_side


@dataclass(frozen=True)
class Grown:
    """One size: what grows, how far it has grown, and seconds a side.

    Attributes:
        what: What grows.
        size: How much of it there is.
        first: Side → seconds until the first answer, deriving and compiling included.
        call: Side → least seconds of a later call.
    """

    what: str
    size: int
    first: dict[str, float]
    call: dict[str, float]


def by_rows(n: int) -> Makers:
    data, point = drawn(1, n), {"a": 1.0, "b": 1.0, "c": 0.1}
    return {
        OWN: own_side("mean((y - a*exp(-b*x) - c)^2)", data, point),
        "JAX jit": with_jax(decay_loss, point, data),
    }


def by_rows_of_a_line(n: int) -> Makers:
    data, point = drawn(1, n), {"m": -0.5, "b": 2.0}
    return {
        OWN: own_side("mean((y - (m*x + b))^2)", data, point),
        "JAX jit": with_jax(lambda xp, m, b, x, y: xp.mean((y - (m * x + b)) ** 2), point, data),
    }


def by_parameters(p: int) -> Makers:
    point = {"w": np.linspace(-1, 1, p) if p > 1 else np.array([0.3])}

    def loss(xp: Any, w: Any) -> Any:
        return xp.sum((w**2 - 1) ** 2) + xp.log(xp.sum(xp.exp(w)))

    return {
        OWN: own_side("sum((w^2 - 1)^2) + log(sum(exp(w)))", None, point),
        "JAX jit": with_jax(loss, point, {}),
    }


def by_depth(layers: int) -> Makers:
    point = {f"{side}{k}": 0.5 + 0.4 * np.sin(k) for k in range(1, layers + 1) for side in "ab"}
    lines = [f"h{k} = tanh(a{k}*h{k - 1} + b{k})" for k in range(1, layers + 1)]

    def loss(xp: Any, *numbers: Any) -> Any:
        h = 0.5
        for a, b in zip(numbers[::2], numbers[1::2]):
            h = xp.tanh(a * h + b)
        return (h - 1) ** 2

    return {
        OWN: own_side("h0 = 1/2; " + "; ".join(lines) + f"; (h{layers} - 1)^2", None, point),
        "JAX jit": with_jax(loss, point, {}),
    }


def by_features(k: int) -> Makers:
    made = logistic(1, 20_000, k)
    return {name: made[name] for name in (OWN, "JAX jit")}


CURVES: tuple[tuple[str, Callable[[int], Makers], tuple[int, ...]], ...] = (
    ("rows of a decay", by_rows, (100, 1000, 10_000, 100_000, 1_000_000, 10_000_000)),
    ("rows of a line", by_rows_of_a_line, (100, 1000, 10_000, 100_000, 1_000_000, 10_000_000)),
    ("parameters, one vector", by_parameters, (1, 10, 100, 1000, 10_000)),
    ("depth, layers of tanh with two parameters each", by_depth, (1, 10, 30, 100, 500)),
    ("features of a logistic loss, 20,000 rows", by_features, (1, 10, 100, 1000)),
)


def at(what: str, size: int, makers: Makers, quick: bool) -> Grown:
    """One size measured."""
    sides, first, found = {}, {}, {}
    for name, make in makers.items():
        begun = time.perf_counter()
        try:
            sides[name] = Here(make())
        except ImportError:
            continue
        found[name] = sides[name].found()
        first[name] = time.perf_counter() - begun
    check(Work(f"{what}: {size:,}", lambda share: makers), found)
    times = timed([side.seconds for side in sides.values()], 3 if quick else 5, 1e-3 if quick else 0.01)
    return Grown(what, size, first, {name: min(spent) for name, spent in zip(sides, times)})


def measured(share: float) -> list[Grown]:
    """All curves; of a quick look the sizes up to a share of the greatest, two at least."""
    lines = []
    for what, makers, sizes in CURVES:
        told(f"growth of {what}")
        kept = [s for s in sizes if s <= max(sizes[1], share * sizes[-1])]
        lines += [at(what, size, makers(size), share < 1) for size in kept]
    return lines
