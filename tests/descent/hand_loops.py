"""Descents written by hand, with nothing of the engine: surfaces with their slopes, and every rule as its paper has it."""

from __future__ import annotations

import math


def rosenbrock(x, y):
    r, s = 1 - x, y - x * x
    return r * r + 100 * (s * s), -400 * x * s - 2 * r, 200 * s


def himmelblau(x, y):
    u, v = x * x + y - 11, x + y * y - 7
    return u * u + v * v, 4 * x * u + 2 * v, 2 * u + 4 * y * v


def bowl(x, y):
    return x * x + 3 * (y * y) + x * y, 2 * x + y, 6 * y + x


def waves(x, y):
    e, s = math.exp(-x * x), math.sin(3 * y)
    return e * s + x * x / 10 + y * y / 7, -2 * x * e * s + x / 5, 3 * e * math.cos(3 * y) + 2 * y / 7


SURFACES = {
    "(1 - x)^2 + 100*(y - x^2)^2": rosenbrock,
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2": himmelblau,
    "x^2 + 3*y^2 + x*y": bowl,
    "exp(-x^2)*sin(3*y) + x^2/10 + y^2/7": waves,
}


def gradient_descent(p, g, rate, t, kept):
    return p - rate * g


def momentum(p, g, rate, t, kept):
    kept["v"] = 0.9 * kept.get("v", 0.0) + g
    return p - rate * kept["v"]


def nesterov(p, g, rate, t, kept):
    kept["v"] = 0.9 * kept.get("v", 0.0) + g
    return p - rate * (g + 0.9 * kept["v"])


def adagrad(p, g, rate, t, kept):
    kept["s"] = kept.get("s", 0.0) + g * g
    return p - rate * g / (math.sqrt(kept["s"]) + 1e-8)


def rmsprop(p, g, rate, t, kept):
    kept["s"] = 0.9 * kept.get("s", 0.0) + (1 - 0.9) * (g * g)
    return p - rate * g / (math.sqrt(kept["s"]) + 1e-8)


def _adam(p, g, t, kept):
    kept["m"] = 0.9 * kept.get("m", 0.0) + (1 - 0.9) * g
    kept["v"] = 0.999 * kept.get("v", 0.0) + (1 - 0.999) * (g * g)
    return (kept["m"] / (1 - 0.9**t)) / (math.sqrt(kept["v"] / (1 - 0.999**t)) + 1e-8)


def adam(p, g, rate, t, kept):
    return p - rate * _adam(p, g, t, kept)


def adamw(p, g, rate, t, kept):
    return p - rate * (_adam(p, g, t, kept) + 0.01 * p)


RULES = {
    "gradient-descent": gradient_descent,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}


def walked(surface, rule, start, rate, steps):
    """All points, losses and slopes of a descent."""
    point, memories = list(start), [{} for _ in start]
    loss, *slopes = surface(*point)
    points, losses, gradients = [list(point)], [loss], [slopes]
    for t in range(1, steps + 1):
        point = [rule(p, g, rate, t, kept) for p, g, kept in zip(point, slopes, memories)]
        loss, *slopes = surface(*point)
        points.append(list(point))
        losses.append(loss)
        gradients.append(slopes)
    return points, losses, gradients
