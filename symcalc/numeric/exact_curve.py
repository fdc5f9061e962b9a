"""The loss along one entry, worked out from its equations to as many digits as asked for, and its derivatives.

curve = ExactCurve.of(program, point)
curve.value(0, 1.4)                   the loss there, 50 digits
curve.derivatives(0, 1e-3)            [f, f', f'', …] along the entry

Derivatives are those of the polynomial through 2m + 1 values so near to each other that the next term of Taylor's
series is lost, worked out with so many digits that no difference loses what matters. No float is differenced.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.evaluate import Evaluator, exactly
from symcalc.calculus.partials import references
from symcalc.compute.program import Program
from symcalc.compute.reference import ROWS as REFERENCE_ROWS
from symcalc.numeric.differentiable import Differentiable, Vector

mp = mpmath.mp
DIGITS = 50
_OUTSIDE = (ValueError, ZeroDivisionError, OverflowError, TypeError)
# Body evaluations for one comparison: some two seconds.
MOST_WORK = 200_000
# Derivatives up to the sixteenth, or up to the sixth where one value of the loss takes long.
MANY, FEW = 8, 3
# What Taylor's series makes of a derivative this small beside the loss is below the digits carried.
_NOTHING = mp.mpf(10) ** -40


class ExactCurve:
    """The loss along any entry of one point.

    Args:
        program: The compiled loss.
        point: Flat point (P,).
        half: Values to either side of the point that derivatives are made from.
    """

    def __init__(self, program: Program, point: Vector, half: int) -> None:
        self.program, self.point, self.half = program, point, half
        self._values: dict[Any, Any] = {}
        self._prepared: dict[Any, tuple[Evaluator, dict[Any, Any]]] = {}
        self._given = {symbol: exactly(value) for symbol, value in program.given.items()}
        at = program.checked_point(point)
        self._given.update({p.symbol: exactly(at[p.name]) for p in program.parameters})
        self._owners = [(p, place) for p in program.parameters for place in np.ndindex(program.layout.shapes[p.name])]

    @classmethod
    def of(cls, program: Differentiable, point: Vector, values: int = 8, entries: int = 1) -> ExactCurve | None:
        """The curve, or None where there are no equations, too many rows, or too much work.

        Args:
            program: The compiled loss.
            point: Flat point (P,).
            values: About how many values of each entry will be asked for beside the derivatives.
            entries: How many entries will be.
        """
        if not entries or not isinstance(program, Program) or not cls.applies(program):
            return None
        for half in (MANY, FEW):
            if _work(program) * entries * (values + 2 * half + 1) <= MOST_WORK:
                return cls(program, point, half)
        return None

    @staticmethod
    def applies(program: Differentiable) -> bool:
        """Whether the loss has equations that can be worked out, and few enough rows for it."""
        return isinstance(program, Program) and not program.loss.per_row and (program.loss.rows or 0) <= REFERENCE_ROWS

    @classmethod
    def affordable(cls, program: Differentiable, values: int) -> int:
        """How many entries of a point may be worked out."""
        if not isinstance(program, Program) or not cls.applies(program):
            return 0
        return MOST_WORK // (_work(program) * (values + 2 * FEW + 1))

    def value(self, k: int, x: Any, digits: int = DIGITS) -> Any:
        """The loss with entry k at x and the others held, an mpf; None outside the domain."""
        key = (k, x, digits)
        if key not in self._values:
            with mp.workdps(digits):
                self._values[key] = self._worked(k, mp.mpf(x), digits)
        return self._values[key]

    def derivatives(self, k: int, reach: float) -> list[Any] | None:
        """f, f', f'', … along entry k at the point, mpf each; None where the loss does not go on around it.

        Args:
            k: The entry.
            reach: The widest step that the series will be used for.
        """
        x = float(self.point[k])
        # It follows x down and never up: beside 0 a loss may end at 0, and far out it may still turn within 1.
        scale = min(1.0, abs(x)) if x else 1.0
        gap, order = mp.mpf(scale) * mp.mpf(10) ** -12, 2 * self.half
        reach = max(reach, scale)
        digits = 50 + int(order * (12 + mp.log10(reach / scale)))
        with mp.workdps(digits):
            values = [self._worked(k, mp.mpf(x) + j * gap, digits) for j in range(-self.half, self.half + 1)]
            if any(value is None for value in values):
                return None
            largest = max(abs(value) for value in values)
            found = []
            for order, row in enumerate(_weights(self.half)):
                # Weights are whole numbers over one: the sum loses only the digits that the gap takes.
                coefficient = mp.fsum(mp.mpf(a) / b * v for (a, b), v in zip(row, values)) / gap**order
                lost = abs(coefficient) * mp.mpf(reach) ** order <= _NOTHING * largest
                found.append(mp.mpf(0) if order and lost else coefficient * mp.factorial(order))
        with mp.workdps(DIGITS):
            return [+value for value in found]

    # -- inside
    def _worked(self, k: int, x: Any, digits: int) -> Any:
        parameter, place = self._owners[k]
        key = (parameter.name, digits)
        if key not in self._prepared:
            self._prepared[key] = self._prepare(parameter)
        evaluator, held = self._prepared[key]
        given = dict(held)
        if place:
            given[parameter.symbol] = given[parameter.symbol].copy()
            given[parameter.symbol][place] = x
        else:
            given[parameter.symbol] = x
        try:
            value = evaluator.run(given)[self.program.loss.output.name.symbol]
        except _OUTSIDE:
            return None
        return mp.mpf(value) if isinstance(value, mpmath.mpf | int) and mp.isfinite(value) else None

    def _prepare(self, parameter: Any) -> tuple[Evaluator, dict[Any, Any]]:
        """The equations that a parameter moves, and the values of all that it does not."""
        moved, moving, still = {parameter.symbol}, [], []
        for equation in self.program.loss.equations:
            if any(references(term.body, moved) for term in equation.terms):
                moved.add(equation.name.symbol)
                moving.append(equation)
            else:
                still.append(equation)
        axes = self.program.gradient_equations.notation.axes
        try:
            held = Evaluator(still, axes, self._size).run(self._given)
        except _OUTSIDE:
            moving, held = list(self.program.loss.equations), self._given
        return Evaluator(moving, axes, self._size), held

    def _size(self, axis: Any) -> int:
        return int(self.program.sizes[axis])


def _work(program: Program) -> int:
    """Bodies that one value of the loss takes."""
    sizes, axes = program.sizes, program.gradient_equations.notation.axes
    total = 0
    for equation in program.loss.equations:
        for term in equation.terms:
            runs = (*equation.indices, *term.over)
            total += int(np.prod([max(1, sizes[axes[i]]) for i in runs], dtype=float))
    return max(total, 1)


@cache
def _weights(half: int) -> list[list[tuple[int, int]]]:
    """Row k: the weights of values at -half … half in coefficient k of the polynomial through them, exact.

    Source: Lagrange's basis polynomials, multiplied out.
    """
    nodes = range(-half, half + 1)
    rows: list[list[tuple[int, int]]] = [[] for _ in nodes]
    for j in nodes:
        basis: Sequence[int] = [1]
        for other in nodes:
            if other != j:
                # times (t - other), lowest power first
                basis = [a - other * b for a, b in zip([0, *basis], [*basis, 0])]
        below = math.prod(j - other for other in nodes if other != j)
        for power, above in enumerate(basis):
            rows[power].append((above, below))
    return rows
