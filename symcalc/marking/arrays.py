"""Arrays of mpmath numbers with NumPy's meaning: what the functions of the language give, and how they change.

VALUE["softmax"](u)            the value
CHANGE["softmax"](u, du)       how it changes where u changes by du
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np

from symcalc.language.exact import MEANING
from symcalc.language.vocabulary import FUNCTIONS

mp = mpmath.mp
Array = Any


@cache
def entrywise(word: str) -> Callable[..., Array]:
    """A function of the language, entry by entry."""
    row = FUNCTIONS[word]
    made: Callable[..., Array] = np.frompyfunc(MEANING[row.meaning], len(row.arguments), 1)
    return made


def power(base: Array, exponent: Array) -> Array:
    """base^exponent, entry by entry; whole exponents exactly."""
    return np.frompyfunc(_power, 2, 1)(base, exponent)


def _power(base: Any, exponent: Any) -> Any:
    return base ** int(exponent) if mp.isint(exponent) and abs(exponent) < 1000 else mp.power(base, exponent)


class Numbers:
    """The arithmetic of rules over arrays: what `calculus.rules.worked` needs besides + - * /."""

    def number(self, numerator: int, denominator: int) -> Any:
        return mp.mpf(numerator) / denominator

    def call(self, word: str, arguments: list[Any]) -> Any:
        if word == "pi":
            return +mp.pi
        return np.where(arguments[0], *arguments[1:]) if word == "where" else entrywise(word)(*arguments)

    def compare(self, op: str, left: Any, right: Any) -> Any:
        return COMPARED[op](np.asarray(left, dtype=object), np.asarray(right, dtype=object))


COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


def matrix_product(left: Array, right: Array) -> Array:
    """left @ right, of vectors, matrices and stacks of them."""
    return np.dot(left, right) if np.ndim(right) <= 2 else np.matmul(left, right)


def total(u: Array, axis: int | None = None) -> Array:
    """The sum over all entries, or along an axis."""
    return np.sum(np.asarray(u, dtype=object), axis=axis)


def mean(u: Array, axis: int | None = None) -> Array:
    """The average of all entries, or along an axis."""
    u = np.asarray(u, dtype=object)
    return total(u, axis) / (u.size if axis is None else u.shape[axis])


def _softmax(u: Array, axis: int | None) -> Array:
    e = entrywise("exp")(u)
    return e / np.sum(e, axis=-1 if axis is None else axis, keepdims=True)


def _logsumexp(u: Array, axis: int | None) -> Array:
    return entrywise("log")(np.sum(entrywise("exp")(u), axis=-1 if axis is None else axis))


def _logsumexp_change(u: Array, du: Array, axis: int | None) -> Array:
    return np.sum(_softmax(u, axis) * du, axis=-1 if axis is None else axis)


def _softmax_change(u: Array, du: Array, axis: int | None) -> Array:
    s = _softmax(u, axis)
    return s * (du - np.sum(s * du, axis=-1 if axis is None else axis, keepdims=True))


def _centered(u: Array, axis: int | None) -> Array:
    return u - (mean(u) if axis is None else np.expand_dims(mean(u, axis), axis))


def _var(u: Array, axis: int | None) -> Array:
    return mean(_centered(u, axis) ** 2, axis)


def _var_change(u: Array, du: Array, axis: int | None) -> Array:
    return mean(2 * _centered(u, axis) * du, axis)


def _root(v: Array) -> Array:
    return entrywise("sqrt")(v)


def _extreme(largest: bool) -> tuple[Callable[..., Array], Callable[..., Array]]:
    def value(u: Array, axis: int | None) -> Array:
        return (np.max if largest else np.min)(u, axis=axis)

    def change(u: Array, du: Array, axis: int | None) -> Array:
        kept = value(u, axis) if axis is None else np.expand_dims(value(u, axis), axis)
        return np.sum(np.where(u == kept, du, mp.mpf(0)), axis=axis)

    return value, change


def _prod_change(u: Array, du: Array, axis: int | None) -> Array:
    whole = np.prod(u, axis=axis)
    return whole * np.sum(du / u, axis=axis)


def matrix(u: Array) -> Any:
    """A square array as an mpmath matrix."""
    return mp.matrix([list(row) for row in u])


def inverse(u: Array) -> Array:
    """The inverse of a square array."""
    return np.array((matrix(u) ** -1).tolist(), dtype=object)


def determinant(u: Array) -> Any:
    """The determinant of a square array."""
    return mp.det(matrix(u))


_MAX, _MIN = _extreme(True), _extreme(False)

# One argument and perhaps an axis: the value.
VALUE: dict[str, Callable[..., Array]] = {
    "mean": lambda u, axis: mean(u, axis), "sum": lambda u, axis: total(u, axis),
    "prod": lambda u, axis: np.prod(u, axis=axis), "max": _MAX[0], "min": _MIN[0], "var": _var,
    "std": lambda u, axis: _root(_var(u, axis)), "norm": lambda u, axis: _root(total(u**2, axis)),
    "norm1": lambda u, axis: total(entrywise("abs")(u), axis), "logsumexp": _logsumexp, "softmax": _softmax,
    "trace": lambda u, axis: np.trace(u), "diag": lambda u, axis: np.diag(u), "transpose": lambda u, axis: u.T,
    "inv": lambda u, axis: inverse(u), "det": lambda u, axis: determinant(u),
    "logdet": lambda u, axis: mp.log(abs(determinant(u))), "diff": lambda u, axis: u[..., 1:] - u[..., :-1],
    "len": lambda u, axis: mp.mpf(len(u)),
}  # fmt: skip

# The same: how it changes.
CHANGE: dict[str, Callable[..., Array]] = {
    "prod": _prod_change, "max": _MAX[1], "min": _MIN[1], "var": _var_change,
    "std": lambda u, du, axis: _var_change(u, du, axis) / (2 * VALUE["std"](u, axis)),
    "norm": lambda u, du, axis: total(u * du, axis) / VALUE["norm"](u, axis),
    "norm1": lambda u, du, axis: total(entrywise("sign")(u) * du, axis),
    "logsumexp": _logsumexp_change, "softmax": _softmax_change,
    "trace": lambda u, du, axis: np.trace(du), "diag": lambda u, du, axis: np.diag(du),
    "transpose": lambda u, du, axis: du.T, "inv": lambda u, du, axis: -inverse(u).dot(du).dot(inverse(u)),
    "det": lambda u, du, axis: determinant(u) * np.trace(inverse(u).dot(du)),
    "logdet": lambda u, du, axis: np.trace(inverse(u).dot(du)), "diff": lambda u, du, axis: du[..., 1:] - du[..., :-1],
    "len": lambda u, du, axis: mp.mpf(0),
}  # fmt: skip
