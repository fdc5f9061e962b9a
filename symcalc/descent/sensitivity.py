"""How an end point would move if a constant, a cell of the data or the learning rate did.

found = sensitivity(program, "lam", at={"m": 1.4, "b": 100})        of the minimum near there
found = sensitivity(trace, ("y", 3))                                of the end of this very run

At a minimum the slopes stay 0, so H·dθ = -∂²L/∂θ∂c·dc (the implicit function theorem). The end of a run of N steps is a
formula of N steps: its derivative is carried along them, exactly, through the rule's own lines.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapters 3 and 15; Cook, Detection of Influential
Observation in Linear Regression (1977), Technometrics 19(1), 15-18, for single cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.compute.mixed import MixedProgram
from symcalc.compute.program import Program
from symcalc.compute.update_tangent import moved
from symcalc.curvature.spectrum import spectrum
from symcalc.descent.moving import moving_of
from symcalc.descent.trace import Trace
from symcalc.errors import InputError
from symcalc.looks import Shown
from symcalc.numeric.differentiable import Vector, named

_NEWTON = 50
RATE = "learning_rate"


@dataclass(frozen=True, eq=False)
class Sensitivity(Shown):
    """The derivative of an end point.

    Attributes:
        to: What moves: `lam`, `y[3]`, `learning_rate`.
        value: What it is now.
        point: The end point: parameter name → value.
        loss: The loss there.
        derivative: Parameter name → its derivative, of the parameter's shape followed by that of what moves.
        loss_derivative: Derivative of the loss at the end, of the shape of what moves.
        how: "minimum" or "run".
        sentence: How it was worked out.
    """

    to: str
    value: Any
    point: dict[str, Any]
    loss: float
    derivative: dict[str, Any]
    loss_derivative: Any
    how: str
    sentence: str

    def moved(self, change: float) -> dict[str, Any]:
        """Where the end would be, to first order, if what moves changed by so much."""
        return {name: value + change * self.derivative[name] for name, value in self.point.items()}


def of_minimum(program: Program, to: Any, at: Any) -> Sensitivity:
    """How the minimum near a point moves.

    Args:
        program: The compiled loss.
        to: A constant, a column, or one cell: `("y", 3)`, counted from 0, or `"y[3]"`.
        at: A point near the minimum: Newton steps lead from there to it.

    Raises:
        InputError: There is nothing of that name, no minimum there, or its bend leaves it open.
    """
    if to == RATE:
        raise InputError(
            "A minimum does not depend on the learning rate; the end of a run does: give a trace, or --steps."
        )
    moving = moving_of(program, to)
    point = _settled(program, np.asarray(program.layout.joined(program.checked_point(at)), dtype=float))
    found = spectrum(program, point, dense=10**9)
    assert found is not None
    standing = program.kinks(point)
    if standing:
        raise InputError(f"The minimum lies on a kink, where it does not move smoothly: {standing[0]}")
    if found.flat.any():
        raise InputError("The data leave some direction open at this minimum, so how it moves is not determined.")
    table = MixedProgram(program, moving.name)
    losses, columns = [], []
    for direction in moving.directions():
        change, slopes = table.along(point, direction)
        losses.append(change)
        columns.append(-found.vectors @ ((found.vectors.T @ slopes) / found.values))
    sentence = f"by the implicit function theorem: H·dθ/d{moving.text} = -∂²{program.loss.name}/∂θ∂{moving.text}"
    return _made(program, moving.described, point, columns, losses, "minimum", sentence)


def _settled(program: Program, point: Vector) -> Vector:
    """The stationary point that Newton steps lead to."""
    first = np.inf
    for _ in range(_NEWTON):
        _, gradient = program.value_and_gradient(point)
        found = spectrum(program, point, dense=10**9)
        if found is None or not np.isfinite(gradient).all():
            break
        live = ~found.flat
        step = -(found.vectors[:, live] @ ((found.vectors[:, live].T @ gradient) / found.values[live]))
        size = float(np.linalg.norm(step))
        if np.any(found.values < -found.off):
            raise InputError(
                "The loss bends down near this point, so Newton steps lead to no minimum: give a point nearer by."
            )
        done = size <= 1e-13 * max(1.0, float(np.linalg.norm(point))) or size >= first < 1e-8
        point, first = point + step, size
        if done:
            return point
    raise InputError("Newton steps from this point lead to no minimum: give a point nearer by.")


def of_run(trace: Trace, to: Any) -> Sensitivity:
    """How the end of a run moves: its steps differentiated, one after the other.

    Args:
        trace: The run.
        to: As for `of_minimum`, or `"learning_rate"`, or a constant of the optimizer.

    Raises:
        InputError: There is nothing of that name, or the run was not walked by the rule's lines from its start.
    """
    program, record, rule = trace.program, trace.walked.record, trace.optimizer
    if not isinstance(program, Program):
        raise InputError("A run is differentiated through the equations of its loss; this loss has none.")
    if record.first != 0:
        raise InputError("This run was resumed, and its first steps are not known: differentiate a whole run.")
    settings = {RATE: trace.learning_rate, **rule.constants} if isinstance(to, str) else {}
    if isinstance(to, str) and to in settings and to not in {n.name for n in program.loss.constants}:
        if settings[to] is None:
            raise InputError("Every step of this run chose its own rate: give a learning rate to differentiate by.")
        change = _walked(trace, {to: 1.0}, None, None)
        slope = float(record.gradients[-1] @ change)
        setting = (to, settings[to], ())
        return _made(program, setting, record.points[-1], [change], [slope], "run", _sentence(trace))
    moving = moving_of(program, to)
    table = MixedProgram(program, moving.name)
    losses, columns = [], []
    for direction in moving.directions():
        change = _walked(trace, {}, table, direction)
        columns.append(change)
        losses.append(table.along(record.points[-1], direction)[0] + float(record.gradients[-1] @ change))
    return _made(program, moving.described, record.points[-1], columns, losses, "run", _sentence(trace))


def _sentence(trace: Trace) -> str:
    held = "" if trace.learning_rate is not None else "; the rates that backtracking chose are held"
    return f"by differentiating all {trace.steps[-1].index:,} steps of the run{held}"


def _walked(trace: Trace, settings: dict[str, float], table: MixedProgram | None, direction: Any) -> Vector:
    """The derivative of the last point, carried along the steps."""
    program, record, rule = trace.program, trace.walked.record, trace.optimizer
    change = np.zeros(record.points.shape[1])
    kept = {word: np.zeros_like(change) for word in rule.states}
    lines = [str(s.name) for s in rule.update.statements]
    last = {word: max(k for k, name in enumerate(lines) if name == word) for word in ("point", *rule.states)}
    state = record.first_state
    numbers = [np.float64(rule.constants[name]) for name in rule.update.constants]
    for k in range(len(record) - 1):
        point, gradient, rate = record.points[k], record.gradients[k], float(record.rates[k])
        with np.errstate(all="ignore"):
            landed, after = rule.step(point, gradient, rate, k + 1, state)
            if not np.array_equal(landed, record.points[k + 1]):
                raise InputError(
                    f"Step {k} was not made by the lines of {rule.name} alone, so it has no derivative here."
                )
            slopes = np.asarray(program.hessian_product(point, change), dtype=float)
        if table is not None:
            slopes = slopes + table.along(point, direction)[1]
        values = [point, gradient, np.float64(rate), np.float64(k + 1), *numbers, *state]
        found = moved(rule.update, values, {**settings, "point": change, "gradient": slopes, **kept})
        change = np.broadcast_to(found[last["point"]], change.shape).astype(float)
        kept = {word: np.broadcast_to(found[last[word]], change.shape).astype(float) for word in rule.states}
        state = after
    return change


def _made(
    program: Program,
    what: tuple[str, Any, tuple[int, ...]],
    point: Vector,
    columns: list[Vector],
    losses: list[float],
    how: str,
    sentence: str,
) -> Sensitivity:
    layout, (text, value, shape) = program.layout, what
    whole = np.array(columns)
    derivative: dict[str, Any] = {}
    for name in layout.names:
        block = whole[:, layout.slices[name]].T.reshape(layout.shapes[name] + shape)
        derivative[name] = block if block.ndim else float(block)
    loss_derivative = np.array(losses).reshape(shape) if shape else losses[0]
    return Sensitivity(
        text, value, named(layout, point), float(program.value(point)), derivative, loss_derivative, how,
        sentence,
    )  # fmt: skip
