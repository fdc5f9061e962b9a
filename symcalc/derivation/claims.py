"""Is a line true? Tried at random points, with 50 digits, against differences of what the line differentiates.

A line for the slope in v says: what reaches v from the values made of it is Σ λ·∂value/∂v. With random λ in place
of the slopes above it, moving v a little must change Σ λ·value by just that. So each line is judged alone.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from symcalc.calculus.checking import POINTS, ROWS, agree
from symcalc.calculus.drawing import Drawing
from symcalc.calculus.evaluate import Evaluator
from symcalc.calculus.gradient import Gradient
from symcalc.calculus.plain import plainly
from symcalc.calculus.reverse import Arrival
from symcalc.calculus.unrolled import zero
from symcalc.equations import Axis, Equation, Name, Verdict

DIGITS, STEP = 50, mpmath.mpf(10) ** -16
BY_DEFINITION = Verdict("exact", "exact: a definition")
NUMERIC = Verdict("numeric", f"numeric at {POINTS} points")
SECONDS = 3.0
_OUTSIDE = (ValueError, ZeroDivisionError, OverflowError, TypeError, NotImplementedError)


class Claims:
    """Random points of one loss, and the judgment on lines about its slopes.

    Args:
        gradient: The gradient whose derivation is judged.
    """

    def __init__(self, gradient: Gradient) -> None:
        self.gradient, self.loss = gradient, gradient.loss
        self.axes: dict[Any, Axis] = dict(gradient.notation.axes)
        self.drawing = Drawing(random.Random(5), self.size, free=True)
        self.deadline = time.perf_counter() + SECONDS
        self.forward = Evaluator(self.loss.equations, self.axes, self.size)
        # Shares of ties, inverses and the like, which slopes refer to besides.
        self.besides = tuple(e for e in gradient.derived if e.name.kind == "intermediate")
        self._points: list[dict[Any, Any]] | None = None

    def size(self, axis: Axis) -> int:
        """How many entries an axis has here."""
        if axis.rows:
            return min(axis.size or ROWS, 3)
        return axis.size if axis.size is not None else 2

    def points(self) -> list[dict[Any, Any]]:
        """Random points where the loss has a value: private symbol → value, for inputs and all that is made of them."""
        if self._points is None:
            self._points = []
            for _ in range(5 * POINTS):
                try:
                    env = dict(self.forward.run(self.drawing.inputs(self.loss)))
                    env = dict(Evaluator(self.besides, self.axes, self.size).run(env))
                except _OUTSIDE:
                    continue
                if _finite(env[self.loss.output.name.symbol]):
                    self._points.append(env)
                if len(self._points) == POINTS:
                    break
        return self._points

    def chain(self, name: Name, arrivals: Sequence[Arrival], made: Equation, weights: Mapping[Any, Name]) -> Verdict:
        """The verdict on what reaches a name.

        Args:
            name: The name.
            arrivals: From which equations, with which slopes.
            made: The line as an equation, over weights in place of the slopes above it.
            weights: Symbol of what an equation defines → the weight that stands for its slope.
        """

        def one(env: dict[Any, Any]) -> bool | None:
            drawn = {w.symbol: self.drawing.of(w) for w in weights.values()}
            direction = _within(self.drawing.of(name), env[name.symbol])
            ends = []
            for sign in (1, -1):
                moved = {**env, name.symbol: env[name.symbol] + sign * STEP * direction}
                ends.append(self._weighed(arrivals, moved, drawn, weights))
            came = (ends[0] - ends[1]) / (2 * STEP)
            slope = Evaluator((made,), self.axes, self.size).run({**env, **drawn})[made.name.symbol]
            return agree(came, _summed(slope * direction))

        return self._verdict(one)

    def _weighed(self, arrivals: Sequence[Arrival], env: dict[Any, Any], drawn: Mapping[Any, Any],
                 weights: Mapping[Any, Name]) -> Any:  # fmt: skip
        total: Any = mpmath.mpf(0)
        for equation in {id(a.equation): a.equation for a in arrivals}.values():
            value = Evaluator((equation,), self.axes, self.size).run(env)[equation.name.symbol]
            weight = weights.get(equation.name.symbol)
            total = total + _summed(value * (drawn[weight.symbol] if weight is not None else 1))
        return total

    def same(self, one: Equation, other: Equation, given: Mapping[Any, Any] | None = None) -> bool:
        """Whether two equations have equal right sides, over random values of whatever they refer to."""
        names = self.gradient.notation.names
        used = {a.base for e in (one, other) for t in e.terms for a in t.body.atoms(sp.Indexed)}
        used |= {s for e in (one, other) for t in e.terms for s in t.body.atoms(sp.Symbol) if s in names}
        for env in self.points()[:3]:
            drawn = {s: self.drawing.of(names[s]) for s in used if s in names and names[s].kind == "derivative"}
            try:
                values = [
                    Evaluator((e,), self.axes, self.size).run({**env, **drawn})[e.name.symbol] for e in (one, other)
                ]
            except _OUTSIDE:
                continue
            if agree(*values) is False:
                return False
        return True

    def step(self, part: Any, reference: Any, slope: Any, value: tuple[Any, Any] | None) -> Verdict:
        """The verdict on one application of a rule, over independent numbers in place of all names.

        Args:
            part: What is differentiated.
            reference: By what.
            slope: What is claimed.
            value: (reference, expression): the value that the slope may be written with, or None.
        """
        slope = slope.xreplace({value[0]: value[1]}) if value is not None else slope
        slope = slope.xreplace(self._known(slope, part))
        # Whether two indices are equal is a number like any other: the rule holds for all.
        same = part.atoms(sp.KroneckerDelta) | slope.atoms(sp.KroneckerDelta)
        found = sorted({*_references(part), *_references(slope), *same}, key=str)
        dummies = {r: sp.Dummy(f"q{k}", real=True) for k, r in enumerate(found)}
        if reference not in dummies:
            return Verdict("not proven", "not proven")
        evaluator = Evaluator((), {}, self.size)
        before, after = (evaluator.body(e.xreplace(dummies)) for e in (part, slope))
        variable = dummies[reference]

        def one(_: dict[Any, Any]) -> bool | None:
            env = {d: mpmath.mpf(self.drawing.random.uniform(*self.drawing.range())) for d in dummies.values()}
            up, down = ({**env, variable: env[variable] + s * STEP} for s in (1, -1))
            return agree((before(up) - before(down)) / (2 * STEP), after(env))

        judged = self._verdict(one, points=[{}] * (3 * POINTS))
        if judged.status == "numeric" and time.perf_counter() < self.deadline:
            # SymPy knows the plain forms of the functions; that derivative is not the one that made the slope.
            plain, claimed = plainly(part.xreplace(dummies)), plainly(slope.xreplace(dummies))
            if not isinstance(plain, sp.Expr):
                return judged  # a comparison has no derivative in SymPy's own forms
            if sp.count_ops(plain) + sp.count_ops(claimed) < 100 and zero(plain.diff(variable) - claimed):
                return Verdict("exact", f"exact, {POINTS} points")
        return judged

    def _known(self, slope: Any, part: Any) -> dict[Any, Any]:
        """Names in a slope that are not in what is differentiated, as what they stand for there."""
        by_symbol = {e.name.symbol: e for e in self.loss.equations}
        found = {}
        for reference in _references(slope) - _references(part):
            base = reference.base if isinstance(reference, sp.Indexed) else reference
            equation = by_symbol.get(base)
            if equation is None or equation.reduction != "sum" or len(equation.terms) != 1 or equation.terms[0].over:
                continue
            indices = reference.indices if isinstance(reference, sp.Indexed) else ()
            body = equation.terms[0].body.xreplace(dict(zip(equation.indices, indices)))
            if _references(body) <= _references(part):
                found[reference] = body
        return found

    def _verdict(
        self, one: Callable[[dict[Any, Any]], bool | None], points: Sequence[dict[Any, Any]] | None = None
    ) -> Verdict:
        done = 0
        if time.perf_counter() > self.deadline:
            return Verdict("not proven", f"not checked: {SECONDS:g} seconds were spent on the lines before")
        with mpmath.workdps(DIGITS):
            for env in self.points() if points is None else points:
                try:
                    good = one(env)
                except _OUTSIDE:
                    continue  # outside the domain
                if good is False:
                    return Verdict("failed", "differs from a difference at a random point")
                done += good is True
                if done == POINTS or time.perf_counter() > self.deadline:
                    break
        if done == POINTS:
            return NUMERIC
        return Verdict("numeric", f"numeric at {done} points") if done else Verdict("not proven", "not proven")


def _references(body: Any) -> set[Any]:
    arrays: set[Any] = body.atoms(sp.Indexed)
    labels = {a.base.label for a in arrays} | {i for a in arrays for k in a.indices for i in k.free_symbols}
    return arrays | {s for s in body.atoms(sp.Symbol) if s not in labels}


def _within(direction: Any, value: Any) -> Any:
    """A direction no longer than the value is large, entry by entry: a tiny square root bends within a fixed step."""
    if isinstance(value, np.ndarray):
        pairs = zip(np.ravel(np.asarray(direction, dtype=object)), np.ravel(value), strict=True)
        return np.array([_within(d, v) for d, v in pairs], dtype=object).reshape(value.shape)
    return direction * abs(value) if 0 < abs(value) < 1 else direction


def _summed(value: Any) -> Any:
    return np.sum(np.asarray(value, dtype=object)) if isinstance(value, np.ndarray) else value


def _finite(value: Any) -> bool:
    entries: Iterable[Any] = np.ravel(np.asarray(value, dtype=object))
    return all(not isinstance(v, mpmath.mpc) and bool(mpmath.isfinite(v)) for v in entries)
