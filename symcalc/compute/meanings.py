"""What each function name in compiled code means: in NumPy, in Python's math, and for complex numbers.

Special functions come from SciPy where it is installed; otherwise from mpmath, one entry at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np

from symcalc.compute import safe_floats, safe_meanings

Array = Any
Table = dict[str, Any]

# Rows from which on they are added beside each other, entries that a row may have then, and those of the long rows.
_MANY, _NARROW, _WIDE = 1000, 64, 512

SPECIAL = ("erf", "erfc", "erfi", "gamma", "loggamma", "digamma", "polygamma", "besselj", "Si", "Ci")


def above(a: Array, b: Array, tie: float) -> Array:
    """1 where a > b, 0 where a < b, `tie` where they are equal."""
    found = np.asarray(np.greater(a, b), dtype=float)[()]
    return found + tie * np.equal(a, b) if tie else found


def where(condition: Array, then: Array, otherwise: Array) -> Array:
    """NumPy's where, in floats: whole numbers would make arrays whose products with floats are converted slowly."""
    if isinstance(then, int) and isinstance(otherwise, int) and {then, otherwise} == {0, 1}:
        return np.asarray(condition if then else np.logical_not(condition), dtype=float)[()]
    return np.where(condition, _as_float(then), _as_float(otherwise))


def _as_float(value: Array) -> Array:
    return float(value) if isinstance(value, int) else value


def sign_at(u: Array, value: float) -> Array:
    """The sign of u, and `value` where u is 0."""
    return np.sign(u) + value * np.equal(u, 0)


def masked(slope: Array, factor: Array) -> Array:
    """slope·factor, and 0 where the slope is 0."""
    product = np.multiply(slope, factor)
    # 0·inf is the one case to mend, and it is rare: most arrays are gone over once.
    return np.where(np.equal(slope, 0.0), 0.0, product) if np.isnan(product).any() else product


def shifted(a: Array, axis: int, offset: int, size: int) -> Array:
    """a at index + offset, for `size` indices along an axis; 0 beyond its ends."""
    moved = np.moveaxis(np.asarray(a), axis, 0)
    out = np.zeros((size, *moved.shape[1:]), dtype=moved.dtype)
    low, high = max(0, -offset), min(size, moved.shape[0] - offset)
    out[low:high] = moved[low + offset : high + offset]
    return np.moveaxis(out, 0, axis)


def logsumexp(a: Array, axis: Any) -> Array:
    """log(Σ exp(a)) along axes, without overflow."""
    if len(axis) == np.ndim(a):
        # One number: nothing has to keep its axes.
        most = float(np.maximum.reduce(a, axis=axis))
        most = most if math.isfinite(most) else 0.0
        return np.log(np.add.reduce(np.exp(a - most), axis=axis)) + most
    top = np.maximum.reduce(a, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    return np.log(np.add.reduce(np.exp(a - top), axis=axis)) + np.squeeze(top, axis=axis)


def total(a: Array, axis: Any = None) -> Array:
    """Σ a along axes; all of them unless given."""
    if axis == (0,) and np.ndim(a) == 2 and len(a) >= _MANY and 0 < a.shape[1] < _NARROW and a.flags.c_contiguous:
        # Short rows are added one by one; some beside each other are a long row, and lose less in so few additions.
        beside = _WIDE // a.shape[1]
        whole = len(a) // beside * beside
        sums = np.add.reduce(a[:whole].reshape(-1, beside * a.shape[1]), axis=0).reshape(beside, -1)
        return np.add.reduce(sums, axis=0) + np.add.reduce(a[whole:], axis=0)
    return np.add.reduce(a, axis=axis)


def delta(a: Array, b: Array) -> Array:
    """1 where equal, else 0."""
    return np.equal(a, b) * 1.0


def full(a: Array, *shape: int) -> Array:
    """a, spread over a shape."""
    return np.broadcast_to(a, shape)


def inverse(a: Array) -> Array:
    """The inverse of a matrix; not a number throughout where it is singular."""
    try:
        return np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return np.full_like(a, np.nan, dtype=float)


def solution(a: Array, b: Array) -> Array:
    """The u with a@u = b, by factorization; not a number where a is singular."""
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        return np.full_like(b, np.nan, dtype=float)


def definite_inverse(a: Array) -> Array:
    """The inverse of a positive-definite matrix; not a number throughout where it is not positive-definite."""
    return definite_solution(a, np.eye(len(a)))


def definite_solution(a: Array, b: Array) -> Array:
    """The u with a@u = b by Cholesky's factorization; not a number where a is not positive-definite."""
    try:
        factor = np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return np.full_like(b, np.nan, dtype=float)
    return np.linalg.solve(factor.T, np.linalg.solve(factor, b))


def definite_determinant(a: Array) -> Array:
    """The determinant of a positive-definite matrix."""
    return np.exp(definite_logdeterminant(a))


def definite_logdeterminant(a: Array) -> Array:
    """Twice the sum of the logarithms of a Cholesky factor's diagonal; not a number where there is no factor."""
    try:
        return 2.0 * np.sum(np.log(np.diagonal(np.linalg.cholesky(a))))
    except np.linalg.LinAlgError:
        return np.float64(np.nan)


def inner(a: Array, b: Array) -> Array:
    """Σ of the products of two arrays of one shape."""
    return np.dot(np.ravel(a), np.ravel(b))


def contract(subscripts: str, *operands: Array) -> Array:
    """A contraction of two arrays: as products of matrices through BLAS where it sums, one for each shared index."""
    inputs, out = subscripts.split("->")
    left, right = inputs.split(",")
    one, two = operands
    summed = [c for c in left if c in right and c not in out]
    if not summed or set(left) - set(right) - set(out) or set(right) - set(left) - set(out):
        return np.einsum(subscripts, one, two)
    shared = [c for c in left if c in right and c in out]
    own, other = ([c for c in side if c in out and c not in shared] for side in (left, right))
    a = np.transpose(one, [left.index(c) for c in (*shared, *own, *summed)])
    b = np.transpose(two, [right.index(c) for c in (*shared, *summed, *other)])
    batch, rows, columns = (tuple(x.shape[s] for s in part) for x, part in (
        (a, range(len(shared))), (a, range(len(shared), len(shared) + len(own))),
        (b, range(len(shared) + len(summed), b.ndim)),
    ))  # fmt: skip
    size = math.prod(a.shape[len(shared) + len(own) :])
    product = np.matmul(a.reshape(*batch, math.prod(rows), size), b.reshape(*batch, size, math.prod(columns)))
    order = [*shared, *own, *other]
    return np.transpose(product.reshape((*batch, *rows, *columns)), [order.index(c) for c in out])


_SHARED: Table = {
    "exp": np.exp, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p, "expm1": np.expm1,
    "sqrt": np.sqrt, "power": np.power, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2, "sinh": np.sinh,
    "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh,
    "sec": lambda u: 1 / np.cos(u), "csc": lambda u: 1 / np.sin(u), "cot": lambda u: 1 / np.tan(u),
    "asec": lambda u: np.arccos(1 / u), "acsc": lambda u: np.arcsin(1 / u), "acot": lambda u: np.arctan(1 / u),
    "csch": lambda u: 1 / np.sinh(u), "coth": lambda u: 1 / np.tanh(u),
    "asech": lambda u: np.arccosh(1 / u), "acsch": lambda u: np.arcsinh(1 / u),
    "acoth": lambda u: np.arctanh(1 / u), "pi": math.pi, "e": math.e,
    "dot": np.dot, "floor": np.floor, "inner": inner, "contract": contract, "total": total,
    "product": np.multiply.reduce, "largest": np.maximum.reduce, "smallest": np.minimum.reduce,
    "logsumexp": logsumexp, "shifted": shifted, "full": full,
    "transpose": np.transpose, "inverse": inverse, "solution": solution,
    "definite_inverse": definite_inverse, "definite_solution": definite_solution,
    "definite_determinant": definite_determinant, "definite_logdeterminant": definite_logdeterminant,
    "determinant": np.linalg.det, "logdeterminant": lambda a: np.linalg.slogdet(a)[1], "diagonal": lambda a: np.einsum("ii->i", a), "delta": delta, "arange": np.arange, "array": np.array,
    "stack": lambda *parts: np.stack(np.broadcast_arrays(*parts), axis=-1),
}  # fmt: skip

_REAL: Table = {
    **safe_meanings.ARRAYS, "CubeRoot": np.cbrt, "Sign": np.sign, "SignAt": sign_at,
    "Absolute": np.abs,
    "Relu": lambda u: np.maximum(u, 0.0), "Above": above, "Maximum": np.maximum, "Minimum": np.minimum,
    "Less": np.less, "LessEqual": np.less_equal, "Same": delta, "Differs": np.not_equal,
    "Where": where, "Masked": masked,
}  # fmt: skip


def _complex_only() -> Table:
    return {**safe_floats.COMPLEX, "Masked": lambda s, f: s * f}


def _mpmath_entrywise(word: str) -> Callable[..., Array]:
    names = {"Si": "si", "Ci": "ci"}
    function = getattr(mpmath.fp, names.get(word, word), None) or getattr(mpmath, names.get(word, word))

    def one(*arguments: float) -> float:
        value = function(*arguments)
        return float(value.real) if isinstance(value, complex | mpmath.mpc) else float(value)

    return np.vectorize(one, otypes=[float])


@lru_cache(maxsize=1)
def special() -> tuple[Table, str]:
    """The special functions, and which package they come from."""
    try:
        from scipy import special as sc
    except ImportError:
        return {word: _mpmath_entrywise(word) for word in SPECIAL}, "mpmath"
    return {
        "erf": sc.erf, "erfc": sc.erfc, "erfi": sc.erfi, "gamma": sc.gamma, "loggamma": sc.loggamma,
        "digamma": sc.digamma, "polygamma": sc.polygamma, "besselj": sc.jv,
        "Si": lambda u: sc.sici(u)[0], "Ci": lambda u: sc.sici(u)[1],
    }, "scipy"  # fmt: skip


def _when_called(word: str) -> Callable[..., Array]:
    """A special function whose package is imported at its first call; most formulas have none."""
    return lambda *arguments: special()[0][word](*arguments)


def _numpy() -> Table:
    return {**{word: _when_called(word) for word in SPECIAL}, **_SHARED, **_REAL}


def _complex() -> Table:
    return {**{word: _when_called(word) for word in SPECIAL}, **_SHARED, **_complex_only()}


def _math() -> Table:
    """Plain floats: faster for formulas without arrays; faults raise and are worked out again in NumPy."""
    table = _numpy()
    own = {
        "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "asin", "acos",
        "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc",
    }  # fmt: skip
    table |= {word: getattr(math, word) for word in own}
    table |= safe_floats.FLOATS
    table |= {
        "power": math.pow, "Absolute": abs, "Maximum": max, "Minimum": min, "gamma": math.gamma,
        "Relu": lambda u: u if u > 0 else u * 0.0, "Sign": lambda u: (u > 0) - (u < 0) if u == u else u,
        "SignAt": lambda u, value: 1.0 if u > 0 else -1.0 if u < 0 else value if u == 0 else u,
        "Above": lambda a, b, tie: 1.0 if a > b else 0.0 if a < b else tie,
        "Where": lambda c, a, b: a if c else b, "Masked": lambda s, f: 0.0 if s == 0.0 else s * f,
        "Less": lambda a, b: a < b, "LessEqual": lambda a, b: a <= b, "Same": lambda a, b: float(a == b),
        "Differs": lambda a, b: a != b, "CubeRoot": math.cbrt,
        "sec": lambda u: 1 / math.cos(u), "csc": lambda u: 1 / math.sin(u), "cot": lambda u: 1 / math.tan(u),
        "csch": lambda u: 1 / math.sinh(u), "coth": lambda u: 1 / math.tanh(u),
    }  # fmt: skip
    return table


BACKENDS: dict[str, Callable[[], Table]] = {
    "numpy": lru_cache(maxsize=1)(_numpy), "math": lru_cache(maxsize=1)(_math),
    "complex": lru_cache(maxsize=1)(_complex),
}  # fmt: skip
