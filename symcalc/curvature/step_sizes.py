"""Which rates can work from a point, from the exact Hessian there: said before a step is taken.

found = step_sizes(program, {"m": 43, "b": 12}, learning_rate=0.026)
found.largest, found.best, found.condition          0.0253285, 0.0241319, 20.1563
found.verdict       "0.026 > 0.0253285 = 2/λmax: the error grows 1.05-fold a step along b + 0.583·m"

For a quadratic loss all of this holds wherever the run goes, and `path` is the run itself in closed form;
for any other it holds near the point.

Source: Nocedal and Wright, Numerical Optimization (2006), section 3.3; Boyd and Vandenberghe, Convex
Optimization (2004), section 9.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symcalc.compute.nearest_kink import Kinks, nearest
from symcalc.compute.program import Program
from symcalc.curvature.convex import Convexity, convexity
from symcalc.curvature.degree import degree
from symcalc.curvature.directions import combination
from symcalc.curvature.flats import Flat, flats, unused
from symcalc.curvature.joints import bend_place, slopes_jump
from symcalc.curvature.onward import jumped, onward
from symcalc.curvature.rules import Linear, Rule, linear
from symcalc.curvature.scaling import Scaling, scaling
from symcalc.curvature.spectrum import Spectrum, spectrum
from symcalc.errors import InputError
from symcalc.looks import Shown
from symcalc.notation.entries import entry_names
from symcalc.numeric.differentiable import Vector, named


@dataclass(frozen=True)
class Direction:
    """One eigenvector of the Hessian.

    Attributes:
        bend: Its eigenvalue: the second derivative of the loss along it, 0 where it is 0 to within rounding.
        vector: Parameter name → its entries; of length 1 over all parameters.
        text: The same in words, its largest entry 1: `b + 0.583·m`.
        slope: The slope of the loss along it.
        contraction: What a step leaves of the error along it; above 1 it grows. None where no rate is known.
        bends: "up", "flat" or "down".
    """

    bend: float
    vector: dict[str, Any]
    text: str
    slope: float
    contraction: float | None
    bends: str


@dataclass(frozen=True, eq=False)
class StepSizes(Shown):
    """What the Hessian at a point says about rates.

    Attributes:
        point: The point: parameter name → value.
        loss: The loss there.
        gradient_length: The length of the gradient there.
        optimizer: The rule this speaks of.
        quadratic: Whether the loss is proven quadratic, so that all of this holds everywhere.
        convexity: What is known about the loss as a whole.
        eigenvalues: The bends, steepest first; the largest and the least alone where `whole` is not set.
        directions: The eigenvectors, in the same order.
        whole: Whether these are all.
        products: How many Hessian products it took.
        largest: The largest stable rate, 2/λmax for gradient descent; None where nothing bends up, or the
            rule has no exact theory.
        limit: That as a formula: "2/λmax".
        best: The constant rate that shrinks the slowest part of the error most, 2/(λmin + λmax).
        condition: λmax/λmin; inf where some direction is flat, nan where the loss bends down.
        learning_rate: The rate the contractions are for: the one asked for, else the best.
        contraction: What a step leaves of the error along each direction.
        minimum: Where a quadratic loss is least (of many such places the nearest): name → value; else None.
        lowest: The loss there.
        kinked: Whether the loss has kinks that move with the parameters: what is said then holds between them.
        kinks: The nearest of them, and the first on the way down; None where there are none or it stands on one.
        onward: (rate, largest stable rate after one step at it); None where that holds everywhere or is not known.
        crossed: What passes a kink in a step of gradient descent at this rate, a sentence each.
        unused: Parameters that the loss does not depend on.
        flats: Directions that do not bend, in their plainest form, and whether they are open altogether.
        scaling: What standardizing columns would do to the condition, or None.
    """

    point: dict[str, Any]
    loss: float
    gradient_length: float
    optimizer: str
    quadratic: bool
    convexity: Convexity
    eigenvalues: tuple[float, ...]
    directions: tuple[Direction, ...]
    whole: bool
    products: int
    largest: float | None
    limit: str
    best: float | None
    condition: float
    learning_rate: float | None
    contraction: tuple[float, ...]
    minimum: dict[str, Any] | None
    lowest: float | None
    kinked: bool
    kinks: Kinks | None
    onward: tuple[float, float | None] | None
    crossed: tuple[str, ...]
    unused: tuple[str, ...]
    flats: tuple[Flat, ...]
    scaling: Scaling | None
    layout: Any = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    spectrum: Spectrum = field(repr=False)
    slopes: Vector = field(repr=False)
    rule: Linear | None = field(repr=False)

    @property
    def determined_condition(self) -> float:
        """λmax/λmin over the directions that bend up."""
        up = [d.bend for d in self.directions if d.bend > 0]
        return max(up) / min(up) if up else math.nan

    @property
    def down(self) -> tuple[Direction, ...]:
        """The directions along which the loss bends down: no rate settles there."""
        return tuple(d for d in self.directions if d.bends == "down")

    @property
    def diverges(self) -> bool | None:
        """Whether the error grows at this rate along a direction that bends up; None where that is not known."""
        if self.rule is None or self.learning_rate is None or not self.eigenvalues:
            return None
        return any(d.contraction is not None and d.contraction > 1 and d.bends == "up" for d in self.directions)

    @property
    def reach(self) -> str:
        """How far what is said holds, as words to add to a sentence."""
        return "" if self.quadratic else " near this point, up to the next kink" if self.kinked else " near this point"

    @property
    def verdict(self) -> str:
        """What the rate does, in one sentence."""
        from symcalc.curvature.findings import verdict

        return verdict(self)

    @property
    def findings(self) -> tuple[str, ...]:
        """What kind of place this is: ravine, plateau, saddle, what the data do not determine."""
        from symcalc.curvature.findings import findings

        return findings(self)

    @property
    def remedies(self) -> tuple[str, ...]:
        """What would help, with its figures."""
        from symcalc.curvature.findings import remedies

        return remedies(self)

    def steps(self, share: float, learning_rate: float | None = None) -> int | None:
        """Steps until the slowest part of the error that bends up is down to a share of itself; None if never."""
        factors = self._factors(learning_rate)
        worst = max(factors, default=math.inf)
        if not 0 < share < 1:
            raise InputError(f"The share is {share}; it must be between 0 and 1, such as 1e-6.")
        if worst >= 1:
            return None
        return 1 if worst <= 0 else max(1, math.ceil(math.log(share) / math.log(worst)))

    def steps_to(self, tolerance: float, learning_rate: float | None = None) -> int | None:
        """Steps of a quadratic's run from this point until its gradient is shorter than a tolerance; None if never.

        Raises:
            InputError: The loss is not proven quadratic, or the rule has memory.
        """
        from symcalc.curvature.path import steps_to

        return steps_to(self, tolerance, learning_rate)

    def path(self, steps: int, learning_rate: float | None = None) -> Any:
        """The whole run from this point in closed form; see `path.Path`.

        Raises:
            InputError: The loss is not proven quadratic, or the rule is not linear.
        """
        from symcalc.curvature.path import path

        return path(self, steps, learning_rate)

    def _factors(self, learning_rate: float | None) -> list[float]:
        rate = self.learning_rate if learning_rate is None else learning_rate
        if self.rule is None or rate is None:
            return []
        bends = np.array([d.bend for d in self.directions if d.bends == "up"])
        return list(map(float, self.rule.factors(rate, bends))) if len(bends) else []


def step_sizes(
    program: Program,
    at: Any,
    learning_rate: float | None = None,
    rule: Rule | None = None,
    rescaled: bool = True,
) -> StepSizes:
    """What the exact Hessian at a point says about rates.

    Args:
        program: The compiled loss.
        at: The point.
        learning_rate: A rate to judge; the best one unless given.
        rule: The optimizer; gradient descent unless given.
        rescaled: Whether to work out what standardizing columns would do.

    Raises:
        InputError: The point does not fit, the loss has one value a row, or its bend is not finite there.
    """
    if program.loss.per_row:
        raise InputError("The loss has one value a row, and a descent needs one number: write mean(…) around it.")
    if not program.layout.names:
        raise InputError("The loss has no parameters, so there is no step to size.")
    point = np.asarray(program.layout.joined(program.checked_point(at)), dtype=float)
    with np.errstate(all="ignore"):
        loss, gradient = program.value_and_gradient(point)
        found = spectrum(program, bend_place(program, point))
    if found is None or not (np.isfinite(gradient).all() and np.isfinite(loss)):
        raise InputError("The slope or the bend of the loss is not finite at this point: choose another.")
    quadratic = degree(program.loss) <= 2
    theory = linear(rule)
    bends = np.where(found.flat, 0.0, found.values)
    largest = None if theory is None else theory.largest(bends)
    best = None
    if theory is not None and found.whole and not np.any(bends < 0):
        best = theory.best(bends)
    rate = best if learning_rate is None else learning_rate
    factors = None if theory is None or rate is None else theory.factors(rate, bends)
    names = tuple(entry_names(program))
    along = found.vectors.T @ gradient
    # What is left of a slope that cancels is rounding.
    along = np.where(np.abs(along) <= np.finfo(float).eps * len(names) * np.linalg.norm(gradient), 0.0, along)
    directions = tuple(
        Direction(
            float(bend), named(program.layout, vector), combination(names, vector), float(slope),
            None if factors is None else float(factors[k]), "flat" if bend == 0 else "up" if bend > 0 else "down",
        )
        for k, (bend, vector, slope) in enumerate(zip(bends, found.vectors.T, along))
    )  # fmt: skip
    minimum, lowest = _minimum(program, point, found, along) if quadratic else (None, None)
    steepest = float(bends.max(initial=0.0))
    limit = "" if theory is None or largest is None else theory.formula(largest, steepest)
    known = convexity(program, point, found, quadratic)
    not_used = unused(program)
    kinked = slopes_jump(program)
    return StepSizes(
        named(program.layout, point), float(loss), float(np.linalg.norm(gradient)),
        rule.name if rule is not None else "gradient-descent", quadratic, known,
        tuple(map(float, bends)), directions, found.whole, found.products, largest, limit, best, _condition(bends),
        rate, () if factors is None else tuple(map(float, factors)), minimum, lowest, kinked,
        nearest(program, point) if kinked else None,
        None if quadratic or kinked else onward(program, point, gradient, theory, rate, largest),
        jumped(program, point, gradient, theory, rate) if kinked else (),
        not_used,
        flats(program, point, found, not_used),
        scaling(program, point) if rescaled and steepest > 0 else None,
        program.layout, names, found, along, theory,
    )  # fmt: skip


def _condition(bends: Vector) -> float:
    if not len(bends) or not bends.max() > 0 or bends.min() < 0:
        return math.nan
    return float(bends.max() / bends.min()) if bends.min() > 0 else math.inf


def _minimum(
    program: Program, point: Vector, found: Spectrum, along: Vector
) -> tuple[dict[str, Any] | None, float | None]:
    """The nearest minimum of a quadratic, by one Newton step and one more against rounding."""
    if not found.whole or np.any(found.values < -found.off) or unbounded(found, along):
        return None, None
    up = ~found.flat
    if not up.any():
        return None, None
    for _ in range(2):
        _, gradient = program.value_and_gradient(point)
        steep = found.vectors[:, up]
        point = point - steep @ ((steep.T @ gradient) / found.values[up])
    return named(program.layout, point), float(program.value(point))


def unbounded(found: Spectrum, along: Vector) -> bool:
    """Whether a quadratic falls without end: it slopes along a direction that does not bend."""
    return bool(np.any(np.abs(along[found.flat]) > 1e-9 * float(np.linalg.norm(along))))
