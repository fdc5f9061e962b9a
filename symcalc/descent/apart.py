"""Why a descent by numeric slopes ends elsewhere than the exact one.

A measured slope is the exact one plus a gap. Where the gap comes from the step h, the measured slope vanishes not at
the minimum but where the exact one is -gap: at x* - H⁻¹·gap. So a forward difference of x² with step h, whose gap is
h everywhere, leads to x = -h/2. For a quadratic the whole distance between the two runs follows in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.compute.inspection import moving_kinks
from symcalc.compute.program import Program
from symcalc.curvature.degree import degree
from symcalc.curvature.rules import linear
from symcalc.curvature.spectrum import Spectrum, spectrum
from symcalc.numeric.differences import METHODS
from symcalc.numeric.differentiable import Differentiable, Vector, named
from symcalc.numeric.estimates import EPS
from symcalc.numeric.explanation import Leading
from symcalc.numeric.truncation import Derivatives, first_term

if TYPE_CHECKING:
    from symcalc.descent.trace import Trace

# How many gaps are told, and up to how many parameters the whole Hessian is looked at.
TOLD, WHOLE = 3, 100
# A run has settled where what is left of its way is less than this share of the shift.
SETTLED = 0.01
# A gap within so many times the round-off of two losses is taken for round-off.
NOISE = 64


@dataclass(frozen=True)
class Gap:
    """A measured slope beside the exact one at the start, where both descents stand.

    Attributes:
        entry: What it is the slope in.
        exact, numeric: The slopes.
        h: The step of the difference.
        leading: What truncation makes of the gap; None where no formula is known, or at a kink.
        rounding: The size of its round-off: eps·|loss|/h, for the complex step eps·|slope|.
    """

    entry: str
    exact: float
    numeric: float
    h: float
    leading: Leading | None
    rounding: float

    @property
    def gap(self) -> float:
        """Numeric minus exact."""
        return self.numeric - self.exact

    @property
    def explained(self) -> float | None:
        """The share of the gap that truncation explains; None where that is not known."""
        return None if self.leading is None or not self.gap else self.leading.value / self.gap


@dataclass(frozen=True, eq=False)
class Reasons:
    """What sets two descents apart.

    Attributes:
        gaps: The largest gaps at the start, largest first.
        shift: How far the gaps move the place where slopes vanish: -H⁻¹·gap at the end of the exact descent, (P,);
            None where the loss does not bend up in every direction there, within limits, or where there is no gap.
        end_gap: That gap, (P,).
        by_truncation: Whether it is Taylor's term; else it is the one that was measured.
        settled: Whether both descents have come to where their slopes vanish, to 1 % of the shift.
        expected: How far apart theory says they end, (P,): for a quadratic and a linear rule after just these steps, else
            the shift where both have settled; None where neither holds.
        loss_expected: What that makes of the loss: g·d + ½ d·H·d.
        closed_form: Whether `expected` is the closed form of a quadratic.
        not_finite: Where a measured slope was not finite, and why; "" where all were.
        kink: Where a difference reached across a kink; "" where none is known to have.
    """

    gaps: tuple[Gap, ...]
    shift: Vector | None
    end_gap: Vector
    by_truncation: bool
    settled: bool
    expected: Vector | None
    loss_expected: float | None
    closed_form: bool
    not_finite: str
    kink: str


def reasons(
    trace: Trace, method: str, h: float | None, names: tuple[str, ...], points: Vector, slopes: Vector,
    numeric_points: Vector, numeric_slopes: Vector, numeric_losses: Vector, off: Vector,
) -> Reasons:  # fmt: skip
    """What sets the two apart.

    Args:
        trace: The descent they are made from.
        method, h: The difference method and its step.
        names: The entries of a point.
        points, slopes: Those of the exact descent, (N + 1, P).
        numeric_points, numeric_slopes, numeric_losses: Those of the numeric one.
        off: Measured minus exact slopes at the numeric points.
    """
    program = trace.program
    step = _Steps(method, h)
    with np.errstate(all="ignore"):
        gaps = _gaps(program, step, names, points[0], slopes[0], numeric_slopes[0], float(numeric_losses[0]))
        # Within limits a descent need not end where slopes vanish.
        found = _spectrum(program, points[-1]) if trace.walked.method.land is None else None
        gap, by_truncation = _gap_at(program, step, points[-1], off[-1])
        shift = None if found is None else _shift(program, step, points[-1], found, gap, by_truncation)
        settled, expected, closed = False, None, False
        if found is not None and shift is not None:
            left = max(_left(found, slopes[-1]), _left(found, numeric_slopes[-1]))
            settled = bool(left <= SETTLED * np.linalg.norm(shift))
            if len(points) == len(numeric_points):
                expected = _closed_form(trace, found, shift, len(points) - 1)
            closed = expected is not None
            expected = shift if expected is None and settled else expected
        loss_expected = None
        if found is not None and expected is not None:
            along = found.vectors.T @ expected
            loss_expected = float(slopes[-1] @ expected + 0.5 * np.sum(found.values * along**2))
        return Reasons(
            gaps, shift, gap, by_truncation, settled, expected, loss_expected, closed,
            _not_finite(program, step, names, numeric_points, numeric_slopes, trace.walked.record.first),
            _kink(program, names, numeric_slopes, off, gaps, trace.walked.record.first),
        )  # fmt: skip


class _Steps:
    """The step that a method takes at a value of a parameter."""

    def __init__(self, method: str, h: float | None) -> None:
        self.method, self.h = method, h

    def at(self, x: float) -> float:
        return METHODS[self.method].default_step(x) if self.h is None else self.h


def _gaps(
    program: Differentiable, step: _Steps, names: tuple[str, ...], point: Vector, exact: Vector, numeric: Vector, loss: float
) -> tuple[Gap, ...]:  # fmt: skip
    order = sorted(range(len(point)), key=lambda k: -abs(numeric[k] - exact[k]))
    kinked, derivatives = bool(program.kinks(point)), Derivatives(program, point)
    found = []
    for k in order[:TOLD]:
        if not np.isfinite(numeric[k]) or not np.isfinite(exact[k]):
            continue
        h = step.at(float(point[k]))
        leading = None if kinked else first_term(METHODS[step.method], h, derivatives, k)
        # The complex step takes no difference of losses: what it rounds is the slope itself.
        rounding = EPS * (abs(float(exact[k])) if METHODS[step.method].complex else abs(loss) / h)
        found.append(Gap(names[k], float(exact[k]), float(numeric[k]), h, leading, rounding))
    return tuple(found)


def _spectrum(program: Differentiable, point: Vector) -> Spectrum | None:
    """The bends at a point where the loss bends up in every direction; None elsewhere."""
    if len(point) > WHOLE or not np.isfinite(point).all() or program.kinks(point):
        return None
    found = spectrum(program, point)
    return found if found is not None and len(found.values) and (found.values > found.off).all() else None


def _gap_at(program: Differentiable, step: _Steps, point: Vector, measured: Vector) -> tuple[Vector, bool]:
    """The gap of every slope at a point, by Taylor's term where there is one for each; else the one measured."""
    if len(point) > WHOLE or not np.isfinite(point).all() or program.kinks(point):
        return measured, False
    method, derivatives = METHODS[step.method], Derivatives(program, point)
    terms = [first_term(method, step.at(float(x)), derivatives, k) for k, x in enumerate(point)]
    known = [t.value for t in terms if t is not None]
    return (np.array(known), True) if len(known) == len(terms) else (measured, False)


def _shift(
    program: Differentiable, step: _Steps, point: Vector, found: Spectrum, gap: Vector, by_truncation: bool
) -> Vector | None:  # fmt: skip
    noise = NOISE * EPS * abs(float(program.value(point))) / np.array([step.at(float(x)) for x in point])
    if not np.isfinite(gap).all() or (not by_truncation and (np.abs(gap) <= noise).all()):
        return None
    shift = np.asarray(-found.vectors @ ((found.vectors.T @ gap) / found.values))
    # What a float cannot hold is no shift.
    return None if (np.abs(shift) <= EPS * np.abs(point)).all() else shift


def _left(found: Spectrum, slopes: Vector) -> float:
    """How far Newton's step would still go."""
    return float(np.linalg.norm((found.vectors.T @ slopes) / found.values))


def _closed_form(trace: Trace, found: Spectrum, shift: Vector, steps: int) -> Vector | None:
    """How far apart a rule that is linear brings the two runs on a quadratic, whose gap is the same everywhere.

    Along an eigenvector the rule multiplies (error, memory) by a matrix M; the numeric run does the same around its
    own end, which is s away. So they are s·(1 - (Mᴺ)₀₀) apart after N steps.
    """
    program, theory, rate = trace.program, linear(trace.optimizer), trace.learning_rate
    if theory is None or rate is None or not trace.settings.plain:
        return None
    if not isinstance(program, Program) or degree(program.loss) > 2:
        return None
    reached = [1 - np.linalg.matrix_power(m, steps)[0, 0] for m in theory.matrices(rate, found.values)]
    apart = np.asarray(found.vectors @ (np.array(reached) * (found.vectors.T @ shift)))
    return apart if np.isfinite(apart).all() else None


def _not_finite(
    program: Differentiable, step: _Steps, names: tuple[str, ...], points: Vector, slopes: Vector, first: int
) -> str:
    """Where the last measured slope is not finite, and which value of the loss made it so."""
    bad = np.flatnonzero(~np.isfinite(slopes[-1]))
    point = points[-1]
    if not len(bad) or not np.isfinite(point).all():
        return ""
    k = int(bad[0])
    h, at = (
        step.at(float(point[k])),
        f"At step {first + len(points) - 1:,} the numeric slope in {names[k]} is not finite",
    )
    if METHODS[step.method].complex:
        why = program.kinks(point)
        return f"{at}: the complex step does not apply{': ' + why[0] if why else ', the loss has no complex form.'}"
    if point[k] + h == point[k]:
        return (
            f"{at}: h = {h:.3g} is less than the spacing of floats at {names[k]} = {point[k]:.6g}, so it moves nothing."
        )
    for sign, other in ((-1, "forward"), (1, "backward")):
        moved = point.copy()
        moved[k] += sign * h
        if not np.isfinite(float(program.value(moved))):
            look: Any = getattr(program, "not_finite", None)
            what = f": {look(named(program.layout, moved))}" if look is not None else "."
            side = "behind" if sign < 0 else "ahead"
            return (
                f"{at}, because the loss has no finite value h = {h:.3g} {side} of {names[k]} = {point[k]:.6g}{what} "
                f"Take a smaller h, or {other} differences, which do not look there."
            )
    return f"{at}: the loss is not finite within the step h = {h:.3g}. Take a smaller h."


def _kink(
    program: Differentiable, names: tuple[str, ...], numeric: Vector, off: Vector, gaps: tuple[Gap, ...], first: int
) -> str:
    """The largest gap of a run down a loss with kinks, where it is larger than smooth pieces make it."""
    if not isinstance(program, Program) or not moving_kinks(program):
        return ""
    sizes = np.where(np.isfinite(off), np.abs(off), 0.0)
    step, k = np.unravel_index(int(sizes.argmax()), sizes.shape)
    smooth = max((abs(g.leading.value) + NOISE * g.rounding for g in gaps if g.leading is not None), default=0.0)
    if sizes[step, k] <= 2 * smooth + 1e-6 * abs(float(numeric[step, k])):
        return ""
    slope = float(numeric[step, k])
    return (
        f"A kink lay within reach of h at step {first + int(step):,}: the numeric slope in {names[k]} is {slope:.6g}, the exact one "
        f"{slope - float(off[step, k]):.6g}. A difference across a kink mixes the slopes of both sides."
    )
