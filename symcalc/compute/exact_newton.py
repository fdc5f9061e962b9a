"""Newton's step at any number of digits: the same equations, worked out in mpmath.

exact = ExactNewton(program)
exact.step(point, digits=40).correction        how far the point is from where the slopes vanish
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from symcalc.calculus.evaluate import Evaluator, exactly
from symcalc.calculus.hessian import product

if TYPE_CHECKING:
    from symcalc.compute.program import Program

mp = mpmath.mp
# Body evaluations one Newton step may take: some ten seconds.
MOST_WORK = 2_000_000


@dataclass(frozen=True)
class ExactStep:
    """One Newton step at many digits.

    Attributes:
        gradient: The slopes at the point, mpf each.
        hessian: The Hessian there, a mpmath matrix.
        correction: The step -H⁻¹·g, mpf each; None where the Hessian is not positive definite.
    """

    gradient: tuple[Any, ...]
    hessian: Any
    correction: tuple[Any, ...] | None


class ExactNewton:
    """Slopes, Hessian and Newton steps of one loss at any number of digits.

    Args:
        program: The compiled loss.
    """

    def __init__(self, program: Program) -> None:
        self.program, self.layout = program, program.layout
        gradient = program.gradient_equations
        self._moved = tuple(n for n in gradient.wrt if n in program.parameters)
        self._slopes = tuple(s for n, s in zip(gradient.wrt, gradient.slopes) if n in program.parameters)
        self._product = product(gradient, self._moved)
        extra = self._product.equations[len(gradient.equations) :]
        self._base = Evaluator(gradient.equations, gradient.notation.axes, self._size)
        self._bend = Evaluator(extra, self._product.axes, self._size)
        self._given: dict[int, dict[Any, Any]] = {}

    def _size(self, axis: Any) -> int:
        return self.program.sizes[axis]

    @cached_property
    def slope_work(self) -> int:
        """Bodies that the slopes at one point take."""
        return self._count(self._base.equations)

    @cached_property
    def work(self) -> int:
        """Bodies that one step with a fresh Hessian takes."""
        return self.slope_work + self.layout.total * self._count(self._bend.equations)

    def _count(self, equations: Sequence[Any]) -> int:
        sizes, axes = self.program.sizes, self._product.axes
        total = 0
        for equation in equations:
            for term in equation.terms:
                runs = (*equation.indices, *term.over)
                total += int(np.prod([max(1, sizes[axes[i]]) for i in runs], dtype=float))
        return total

    @property
    def affordable(self) -> bool:
        """Whether a step takes seconds rather than hours."""
        return not self.program.loss.per_row and self.work <= MOST_WORK

    def step(self, point: Sequence[Any], digits: int, hessian: Any = None) -> ExactStep:
        """The Newton step from a point.

        Args:
            point: Flat: floats, or mpf of any precision.
            digits: Decimal digits to work with.
            hessian: A Hessian to use again instead of one of this point.

        Raises:
            ValueError, ZeroDivisionError, OverflowError: The point is outside the domain.
        """
        with mpmath.workdps(digits):
            env = self._base.run({**self._constants(digits), **self._named(point)})
            gradient = self._slopes_of(env)
            if hessian is None:
                hessian = self._hessian(env)
            return ExactStep(gradient, hessian, _solved(hessian, gradient))

    def slopes(self, point: Sequence[Any], digits: int) -> tuple[Any, ...]:
        """The slopes at a point, mpf each, with so many digits worked with.

        Raises:
            ValueError, ZeroDivisionError, OverflowError: The point is outside the domain.
        """
        with mpmath.workdps(digits):
            return self._slopes_of(self._base.run({**self._constants(digits), **self._named(point)}))

    def _slopes_of(self, env: dict[Any, Any]) -> tuple[Any, ...]:
        return tuple(mp.mpf(x) for s in self._slopes for x in _flat(env[s.symbol]))

    def loss(self, point: Sequence[Any], digits: int) -> Any:
        """The loss at a point, with so many digits worked with."""
        with mpmath.workdps(digits):
            env = self._base.run({**self._constants(digits), **self._named(point)})
            return mp.mpf(env[self.program.loss.output.name.symbol])

    def _hessian(self, env: dict[Any, Any]) -> Any:
        size = self.layout.total
        matrix = mp.matrix(size, size)
        for k in range(size):
            unit = [mp.mpf(int(j == k)) for j in range(size)]
            directions = {d.symbol: v for d, v in zip(self._product.directions, self._split(unit))}
            found = self._bend.run({**env, **directions})
            for j, x in enumerate(x for c in self._product.changes for x in _flat(found[c.symbol])):
                matrix[j, k] = x
        return (matrix + matrix.T) / 2

    def _constants(self, digits: int) -> Mapping[Any, Any]:
        if digits not in self._given:
            read = _as_printed if getattr(self.program.loss.data, "file", None) else exactly
            columns = {c.symbol for c in self.program.loss.columns}
            self._given[digits] = {
                symbol: (read if symbol in columns else exactly)(value) for symbol, value in self.program.given.items()
            }
        return self._given[digits]

    def _named(self, point: Sequence[Any]) -> dict[Any, Any]:
        return {p.symbol: value for p, value in zip(self.program.parameters, self._split(list(point)))}

    def _split(self, flat: list[Any]) -> list[Any]:
        parts = []
        for name in self.layout.names:
            part = [
                mp.mpf(x) if not isinstance(x, np.floating) else mp.mpf(float(x))
                for x in flat[self.layout.slices[name]]
            ]
            shape = self.layout.shapes[name]
            if not shape:
                parts.append(part[0])
                continue
            array = np.empty(len(part), dtype=object)
            array[:] = part
            parts.append(array.reshape(shape))
        return parts


def _flat(value: Any) -> list[Any]:
    return list(np.ravel(value)) if isinstance(value, np.ndarray) else [value]


def _as_printed(value: Any) -> Any:
    """Cells of a file as they are printed there: the shortest decimal that reads as the float is what was typed."""
    array = np.asarray(value, dtype=float)
    out = np.empty(array.shape, dtype=object)
    for place in np.ndindex(array.shape):
        out[place] = mp.mpf(repr(float(array[place])))
    return out


def _solved(hessian: Any, gradient: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """-H⁻¹·g by Cholesky, rows and columns scaled to a unit diagonal; None where H is not positive definite."""
    size = len(gradient)
    diagonal = [hessian[k, k] for k in range(size)]
    if any(not d > 0 for d in diagonal):
        return None
    scale = [1 / mp.sqrt(d) for d in diagonal]
    scaled = mp.matrix(size, size)
    for j in range(size):
        for k in range(size):
            scaled[j, k] = hessian[j, k] * scale[j] * scale[k]
    try:
        found = mp.cholesky_solve(scaled, mp.matrix([-g * s for g, s in zip(gradient, scale)]))
    except (ValueError, ZeroDivisionError):
        return None
    return tuple(x * s for x, s in zip(found, scale))
