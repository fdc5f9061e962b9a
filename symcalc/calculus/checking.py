"""Is the gradient right? Checked twice, against things that do not know how it was derived.

Exactly: every axis is cut to 2 entries, then 3, all names are put in, and SymPy's own derivative of that
one expression minus the slope must be zero. Numerically: at random points and in random directions, the
slope must equal the change of the loss to 20 digits, worked out with 40. Both run under a time budget.
"""

from __future__ import annotations

import random
import time
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.drawing import Drawing
from symcalc.calculus.evaluate import Evaluator
from symcalc.calculus.unrolled import Unrolled
from symcalc.equations import Axis, Equation, Name, Verdict
from symcalc.language.loss import Loss

POINTS, ROWS = 20, 5
# A third of the working digits is the step, so a central difference keeps over 40 of them.
WORKING = 100
SECONDS = 1.0
_LARGEST = mpmath.mpf(10) ** 300


class GradientChecker:
    """Checks every slope of one gradient, once, when first asked.

    Args:
        loss: The loss.
        wrt: What it is differentiated by.
        slopes: The names of the slopes.
        equations: All equations.
    """

    def __init__(
        self, loss: Loss, wrt: tuple[Name, ...], slopes: tuple[Name, ...], equations: tuple[Equation, ...]
    ) -> None:
        self.loss, self.wrt, self.slopes, self.equations = loss, wrt, slopes, equations
        self.seconds = 0.0
        self._verdicts: dict[Any, Verdict] | None = None

    def verdict_on(self, equation: Equation) -> Verdict:
        """The verdict on one slope."""
        return self._all()[equation.name.symbol]

    def verdict(self) -> Verdict:
        """The weakest of all verdicts; numeric and exact where both were done."""
        order = ("failed", "not proven", "numeric", "exact")
        verdicts = list(self._all().values())
        if not verdicts:
            return Verdict("exact", "nothing to check")
        return min(verdicts, key=lambda v: order.index(v.status))

    def _all(self) -> dict[Any, Verdict]:
        if self._verdicts is None:
            begun = time.perf_counter()
            self._verdicts = self._checked()
            self.seconds = time.perf_counter() - begun
        return self._verdicts

    def _checked(self) -> dict[Any, Verdict]:
        exact = Unrolled(self.loss, self.wrt, self.slopes, self.equations).run()
        done, wrong = Numeric(self).run()
        verdicts = {}
        for name, slope in zip(self.wrt, self.slopes):
            if name.name in wrong or exact.get(name.name) is False:
                verdict = Verdict("failed", f"differs from the change of the loss in {name.name}")
            elif exact.get(name.name):
                verdict = Verdict("exact", f"exact, {done} points" if done else "exact")
            elif done:
                verdict = Verdict("numeric", f"numeric at {done} points")
            else:
                verdict = Verdict("not proven", "not proven")
            verdicts[slope.symbol] = verdict
        return verdicts


class Numeric:
    """The numeric check: random points, a random direction each, 40 digits."""

    def __init__(self, checker: GradientChecker) -> None:
        self.checker = checker
        self.drawing = Drawing(random.Random(20), self._size)

    def run(self) -> tuple[int, set[str]]:
        """How many points agreed, and the parameters whose slope is wrong."""
        checker = self.checker
        if any(n.kind == "definition" for n in checker.wrt):
            return 0, set()
        notation = checker.loss.notation
        loss_only = Evaluator(checker.loss.equations, notation.axes, self._size)
        axes = dict(notation.axes)
        full = Evaluator(checker.equations, {**axes, **self._axes()}, self._size)
        deadline = time.perf_counter() + SECONDS
        done, tries = 0, 0
        with mpmath.workdps(WORKING):
            while done < POINTS and tries < 5 * POINTS and time.perf_counter() < deadline:
                tries += 1
                try:
                    good = self._one(loss_only, full)
                except (ValueError, ZeroDivisionError, OverflowError, TypeError, NotImplementedError):
                    continue  # outside the domain of the loss: draw another point
                if good is None:
                    continue
                if not good:
                    return done, self._culprits(loss_only, full)
                done += 1
        return done, set()

    def _axes(self) -> dict[Any, Axis]:
        (writer,) = {
            id(e.writer): e.writer for e in self.checker.equations[len(self.checker.loss.equations) :]
        }.values() or [self.checker.loss.notation]
        return dict(writer.axes)  # type: ignore[union-attr]

    def _size(self, axis: Axis) -> int:
        if axis.rows:
            return min(axis.size or ROWS, ROWS)
        return axis.size if axis.size is not None else 3

    def _one(self, loss_only: Evaluator, full: Evaluator, wrt: Name | None = None) -> bool | None:
        checker = self.checker
        given = self.drawing.inputs(checker.loss)
        names = checker.wrt if wrt is None else (wrt,)
        direction = {n.symbol: self.drawing.of(n) for n in names}
        h = mpmath.mpf(10) ** -(WORKING // 3)
        ends = []
        for sign in (1, -1):
            moved = {**given, **{s: given[s] + sign * h * d for s, d in direction.items()}}
            ends.append(loss_only.run(moved)[checker.loss.output.name.symbol])
        came = (ends[0] - ends[1]) / (2 * h)
        values = full.run(given)
        expected: Any = 0
        for name, slope in zip(checker.wrt, checker.slopes):
            if name.symbol in direction:
                expected = expected + self._along(values[slope.symbol], direction[name.symbol], name, slope)
        return agree(came, expected)

    def _along(self, slope: Any, direction: Any, name: Name, slope_name: Name) -> Any:
        product = slope * direction
        summed = len(name.axes) if len(slope_name.axes) == len(name.axes) else len(slope_name.axes) - 1
        if self.checker.loss.per_row:
            summed = len(slope_name.axes) - 1
        for _ in range(summed):
            product = product.sum(axis=-1)
        return product

    def _culprits(self, loss_only: Evaluator, full: Evaluator) -> set[str]:
        wrong = set()
        for name in self.checker.wrt:
            for _ in range(3):
                try:
                    if self._one(loss_only, full, name) is False:
                        wrong.add(name.name)
                except (ValueError, ZeroDivisionError, OverflowError, TypeError, NotImplementedError):
                    continue
        return wrong or {n.name for n in self.checker.wrt}


def agree(came: Any, expected: Any) -> bool | None:
    """Whether two numbers, or arrays of them, agree to 20 digits; None where they are not finite and real."""
    pairs = zip(np.ravel(np.asarray(came, dtype=object)), np.ravel(np.asarray(expected, dtype=object)))
    for a, b in pairs:
        if isinstance(a, mpmath.mpc) or isinstance(b, mpmath.mpc):
            return None
        if not (mpmath.isfinite(a) and mpmath.isfinite(b)) or max(abs(a), abs(b)) > _LARGEST:
            return None
        scale = max(abs(a), abs(b), mpmath.mpf(10) ** -6)
        if abs(a - b) > scale * mpmath.mpf(10) ** -20:
            return False
    return True
