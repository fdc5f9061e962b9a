"""Working equations out in mpmath, to any number of digits: slow, simple, and sure.

Every body becomes a nest of small Python functions that call mpmath; sums are loops. It shares nothing
with the compiled programs, so it can judge them.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from symcalc.equations import Axis, Equation
from symcalc.language.exact import MEANING

mp = mpmath.mp
Env = dict[Any, Any]
# Beyond it nothing is a floating-point number, and the exponent itself would fill the memory.
_LARGEST_EXPONENT = 10**6


class Evaluator:
    """Works out a list of equations.

    Args:
        equations: In an order they can be worked out in.
        axes: Index symbol → Axis.
        size: Axis → number of entries.
    """

    def __init__(self, equations: Iterable[Equation], axes: Mapping[Any, Axis], size: Callable[[Axis], int]) -> None:
        self.equations = tuple(equations)
        self.axes, self.size = axes, size
        self._bodies: dict[Any, Callable[[Env], Any]] = {}

    def run(self, given: Mapping[Any, Any]) -> Env:
        """All values: private symbol → mpf, or an object array of them.

        Args:
            given: The same for parameters, columns, constants and sizes.
        """
        env: Env = dict(given)
        for equation in self.equations:
            env[equation.name.symbol] = self._value(equation, env)
        return env

    def _range(self, index: Any) -> range:
        return range(self.size(self.axes[index]))

    def _value(self, equation: Equation, env: Env) -> Any:
        if not equation.indices:
            return self._entry(equation, env)
        if equation.reduction == "inv":
            return np.array(mp.inverse(self._matrix(equation, env)).tolist(), dtype=object)
        shape = tuple(len(self._range(i)) for i in equation.indices)
        out = np.empty(shape, dtype=object)
        for place in itertools.product(*map(range, shape)):
            env.update(zip(equation.indices, place))
            out[place] = self._entry(equation, env)
        return out

    def _entry(self, equation: Equation, env: Env) -> Any:
        if equation.reduction in ("det", "logdet"):
            determinant = mp.det(self._matrix(equation, env))
            return determinant if equation.reduction == "det" else mp.log(abs(determinant))
        total: Any = mp.mpf(0)
        for term in equation.terms:
            body = self.body(term.body)
            if not term.over:
                total = total + body(env)
                continue
            values = []
            for place in itertools.product(*(self._range(i) for i in term.over)):
                env.update(zip(term.over, place))
                values.append(body(env))
            total = total + _REDUCE[equation.reduction](values)
        return total

    def _matrix(self, equation: Equation, env: Env) -> Any:
        """The matrix whose inverse or determinant an equation is."""
        (term,) = equation.terms
        row, column = term.over
        body = self.body(term.body)
        size = len(self._range(row))
        matrix = mp.matrix(size, size)
        for place in itertools.product(range(size), range(size)):
            env[row], env[column] = place
            matrix[place] = body(env)
        return matrix

    def body(self, expression: Any) -> Callable[[Env], Any]:
        """A body as a function of the values so far."""
        made = self._bodies.get(expression)
        if made is None:
            made = self._bodies[expression] = self._closure(expression)
        return made

    def _closure(self, e: Any) -> Callable[[Env], Any]:
        if e.is_Integer:
            whole = int(e)
            return lambda env: whole
        if e.is_Rational:
            above, below = int(e.p), int(e.q)
            return lambda env: mp.mpf(above) / below
        if e is sp.pi or e is sp.E:
            return (lambda env: +mp.pi) if e is sp.pi else (lambda env: +mp.e)
        if isinstance(e, sp.Indexed):
            return self._indexed(e)
        if e.is_Symbol:
            return lambda env: env[e]
        parts = [self.body(a) for a in e.args]
        if e.is_Add or e.is_Mul:
            return _folded(parts, operator.add if e.is_Add else operator.mul)
        if e.is_Pow:
            return self._power(e, parts)
        word = type(e).__name__
        if word == "Where":
            condition, then, otherwise = parts
            return lambda env: then(env) if condition(env) else otherwise(env)
        if word == "Masked":
            slope, factor = parts
            return lambda env: mp.mpf(0) if slope(env) == 0 else slope(env) * factor(env)
        meaning = _exp if word == "exp" else MEANING[word]
        return lambda env: meaning(*(p(env) for p in parts))

    def _power(self, e: Any, parts: list[Callable[[Env], Any]]) -> Callable[[Env], Any]:
        base, exponent = parts
        if e.base is sp.E:
            return lambda env: _exp(exponent(env))
        if e.exp.is_Integer:
            whole = int(e.exp)
            if whole == 2:
                return lambda env: (u := base(env)) * u
            return lambda env: mp.mpf(base(env)) ** whole
        return lambda env: _power(base(env), exponent(env))

    def _indexed(self, e: Any) -> Callable[[Env], Any]:
        base, indices = e.base, e.indices
        if all(i.is_Symbol for i in indices) and len(indices) <= 2:
            return _by_index(base, *indices)
        places = [self.body(i) for i in indices]
        return lambda env: _inside(env[base], tuple(int(p(env)) for p in places))


def _folded(parts: list[Callable[[Env], Any]], operation: Callable[[Any, Any], Any]) -> Callable[[Env], Any]:
    """A sum or a product, from the left."""
    first, *others = parts
    if len(others) == 1:
        (second,) = others
        return lambda env: operation(first(env), second(env))

    def folded(env: Env) -> Any:
        value = first(env)
        for part in others:
            value = operation(value, part(env))
        return value

    return folded


def _by_index(base: Any, one: Any, two: Any = None) -> Callable[[Env], Any]:
    """An entry by one index or two that run from 0; 0 beyond the end."""

    def entry(env: Env) -> Any:
        try:
            return env[base][env[one]]
        except IndexError:
            return mp.mpf(0)

    def entry_of_two(env: Env) -> Any:
        try:
            return env[base][env[one], env[two]]
        except IndexError:
            return mp.mpf(0)

    return entry if two is None else entry_of_two


def _exp(u: Any) -> Any:
    """exp(u), where its exponent is one a computer can hold."""
    if abs(u) > _LARGEST_EXPONENT:
        raise OverflowError
    return mp.exp(u)


def _power(base: Any, exponent: Any) -> Any:
    if base != 0 and abs(exponent * mp.log(abs(base))) > _LARGEST_EXPONENT:
        raise OverflowError
    return mp.power(base, exponent)


def _inside(array: Any, place: tuple[int, ...]) -> Any:
    """An entry; 0 beyond the ends, which is what a shifted index means there."""
    if all(0 <= i < n for i, n in zip(place, array.shape)):
        return array[place]
    return mp.mpf(0)


def _product(values: Iterable[Any]) -> Any:
    result: Any = 1
    for value in values:
        result = result * value
    return result


def _logsumexp(values: list[Any]) -> Any:
    return mp.log(mp.fsum(mp.exp(v) for v in values))


_REDUCE: dict[str, Callable[[list[Any]], Any]] = {
    "sum": mp.fsum, "max": max, "min": min, "prod": _product, "logsumexp": _logsumexp,
}  # fmt: skip


def exactly(value: Any) -> Any:
    """Floats as mpf: a number, or an object array of them; each float is taken at its exact value."""
    array = np.asarray(value, dtype=float)
    if array.ndim == 0:
        return mp.mpf(float(array))
    out = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        out[place] = mp.mpf(float(array[place]))
    return out
