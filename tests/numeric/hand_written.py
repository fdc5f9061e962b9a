"""Compiled losses written by hand, with formulas worked out on paper: truth from outside the engine."""

from __future__ import annotations

from types import SimpleNamespace

import mpmath
import numpy as np

from symcalc.compute.points import Layout
from symcalc.equations import Axis, Name


class HandWritten:
    """A loss as functions of the flat point."""

    def __init__(self, shapes, value, gradient, hessian, text="by hand", start=None, complex=True):
        self.parameters = tuple(
            Name(n, "parameter", tuple(Axis(f"{n}{k}_", str(size), size) for k, size in enumerate(shape)), None)
            for n, shape in shapes.items()
        )
        self.layout = Layout(self.parameters, shapes)
        self.loss = SimpleNamespace(
            text=text, name="L", start=start or {}, rows=None, parameters=self.parameters, columns=(), constants=()
        )
        self._value, self._gradient, self._hessian, self._complex = value, gradient, hessian, complex
        self.evaluations = 0
        self.standing = ()

    def checked_point(self, point):
        return self.layout.checked(point)

    def _flat(self, point):
        return self.layout.joined(self.checked_point(point))

    def _form(self, vector, like):
        return {n: v if np.ndim(v) else float(v) for n, v in self.layout.split(vector).items()} if isinstance(
            like, dict
        ) else vector  # fmt: skip

    def value(self, point):
        self.evaluations += 1
        return float(self._value(self._flat(point)))

    def value_and_gradient(self, point):
        flat = self._flat(point)
        return float(self._value(flat)), self._form(np.array(self._gradient(flat), dtype=float), point)

    def hessian_product(self, point, direction):
        product = np.array(self._hessian(self._flat(point)), dtype=float) @ self._flat(direction)
        return self._form(product, point)

    def hessian(self, point):
        return np.array(self._hessian(self._flat(point)), dtype=float)

    def complex_value(self, point):
        if not self._complex:
            return None
        return complex(self._value(np.concatenate([np.ravel(point[n]) for n in self.layout.names])))

    def reference(self, point):
        with mpmath.workdps(40):
            exact = np.array([mpmath.mpf(float(x)) for x in self._flat(point)], dtype=object)
            slopes = self.layout.split(np.array(self._gradient(exact), dtype=object))
            return self._value(exact), slopes

    def kinks(self, point):
        return self.standing


def line_fit(x, y, mean=False, **kept):
    """Squared residuals of y - (m*x + b), summed or averaged; a kept parameter is a number."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    scale = 1 / len(x) if mean else 1
    names = [n for n in ("m", "b") if n not in kept]

    def both(p):
        at = {**kept, **dict(zip(names, p))}
        return at["m"], at["b"]

    def value(p):
        m, b = both(p)
        return scale * sum((y - (m * x + b)) ** 2)

    def gradient(p):
        m, b = both(p)
        r = y - (m * x + b)
        slopes = {"m": -2 * scale * sum(x * r), "b": -2 * scale * sum(r)}
        return [slopes[n] for n in names]

    second = {
        "mm": 2 * scale * sum(x * x),
        "mb": 2 * scale * sum(x),
        "bm": 2 * scale * sum(x),
        "bb": 2 * scale * len(x),
    }

    def hessian(p):
        return [[second[a + b] for b in names] for a in names]

    return HandWritten(dict.fromkeys(names, ()), value, gradient, hessian, "mean" if mean else "sum")


def rosenbrock(start=None):
    def value(p):
        x, y = p
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    def gradient(p):
        x, y = p
        return [-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)]

    def hessian(p):
        x, y = p
        return [[2 - 400 * y + 1200 * x**2, -400 * x], [-400 * x, 200]]

    return HandWritten({"x": (), "y": ()}, value, gradient, hessian, "rosenbrock", start)


def bowl(size=2, bend=1.0):
    """½ bend·|w|², one vector parameter."""
    return HandWritten(
        {"w": (size,)}, lambda p: bend * sum(p * p) / 2, lambda p: bend * p, lambda p: bend * np.eye(size), "bowl"
    )  # fmt: skip
