"""What a descent did, as values: every step, why it ended, what that means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from symcalc.compute.program import Program
from symcalc.curvature.ending import Ending, ending
from symcalc.descent import messages
from symcalc.descent.growth import Growth, growth
from symcalc.descent.method import Method
from symcalc.descent.methods import Settings
from symcalc.descent.optimizer import Optimizer, State
from symcalc.descent.polish import Polished
from symcalc.descent.record import Record, Stand
from symcalc.descent.stopping import StopReason
from symcalc.descent.whole_step import WholeStep
from symcalc.errors import InputError
from symcalc.looks import Shown, view
from symcalc.numeric.differentiable import Differentiable, Vector, named
from symcalc.numeric.slopes import numeric_gradient

if TYPE_CHECKING:
    from symcalc.descent.side_by_side import SideBySide

# Sentences that are worked out when they are looked at.
Said = Callable[[], tuple[str, ...]]


class Walked:
    """What all steps of one trace share, and what is worked out only when looked at."""

    def __init__(
        self,
        program: Differentiable,
        method: Method,
        record: Record,
        compared: str,
        h: float | None,
    ) -> None:
        self.program, self.method, self.record = program, method, record
        self.layout = program.layout
        self.compared, self.h = compared, h
        self._replayed: tuple[int, State] = (0, self._own(record.first_state))

    @property
    def optimizer(self) -> Optimizer:
        """The rule it walked by."""
        return self.method.rule

    def stand(self, k: int) -> Stand:
        """The k-th stand, with what the rule remembered there: the rule is run again over what was kept."""
        at, state = self._replayed if self._replayed[0] <= k else (0, self._own(self.record.first_state))
        if self.optimizer.states:
            with np.errstate(all="ignore"):
                for j in range(at, k):
                    state = self.method.remembered(self._stand(j, state), float(self.record.rates[j]))
            self._replayed = (k, state)
        return self._stand(k, state)

    def _stand(self, k: int, state: State) -> Stand:
        record = self.record
        return Stand(record.first + k, record.points[k], float(record.losses[k]), record.gradients[k], state)

    def _own(self, state: State) -> State:
        return state[: len(self.optimizer.states)]


@dataclass(frozen=True, eq=False)
class Step(Shown):
    """One step of a descent: where we stand and what we see there.

    Attributes:
        index: Step number; 0 is the start.
        point: Parameter name → value, each of the parameter's shape.
        loss: The loss at `point`, in the units of the loss.
        gradient: Parameter name → ∂L/∂parameter, same shapes, loss units per parameter unit.
        learning_rate: The rate of the step taken from here; None on the last step.
        update: Parameter name → the distance d moved from here; None on the last step.
        actual_change: The change of the loss that came; None on the last step.
    """

    index: int
    point: dict[str, Any]
    loss: float
    gradient: dict[str, Any]
    learning_rate: float | None
    update: dict[str, Any] | None
    actual_change: float | None
    walked: Walked = field(repr=False)

    @cached_property
    def slope_change(self) -> float | None:
        """g·d, the change of the loss that the slope alone predicts; None on the last step."""
        if self.update is None:
            return None
        with np.errstate(all="ignore"):
            return float(self._flat(self.gradient) @ self._flat(self.update))

    @cached_property
    def curvature_change(self) -> float | None:
        """½ d·H·d, what the bend of the loss adds; one Hessian-vector product. None on the last step."""
        if self.update is None:
            return None
        d = self._flat(self.update)
        with np.errstate(all="ignore"):
            return float(0.5 * (d @ self.walked.program.hessian_product(self._flat(self.point), d)))

    @property
    def predicted_change(self) -> float | None:
        """g·d + ½ d·H·d for the step d taken from here; None on the last step."""
        if self.slope_change is None or self.curvature_change is None:
            return None
        return self.slope_change + self.curvature_change

    @cached_property
    def numeric(self) -> dict[str, Any]:
        """Parameter name → slope measured by the trace's difference method; nan where it does not apply."""
        walked = self.walked
        return named(walked.layout, numeric_gradient(walked.program, self._flat(self.point), walked.compared, walked.h))

    @cached_property
    def numeric_landing(self) -> dict[str, Any] | None:
        """Parameter name → where this step would land with the numeric slope; None on the last step."""
        if self.update is None or self.learning_rate is None:
            return None
        stand, slopes = self._stand(), self._flat(self.numeric)
        with np.errstate(all="ignore"):
            point = self.walked.method.landing(stand, slopes, self.learning_rate)
        return None if point is None else named(self.walked.layout, point)

    def names_before_move(self) -> dict[str, Any] | None:
        """What each name of the rule stands for just before its last line; vectors (P,). None on the last."""
        if self.update is None or self.learning_rate is None:
            return None
        landing = self._flat(self.point) + self._flat(self.update)
        with np.errstate(all="ignore"):
            return self.walked.method.names(self._stand(), self.learning_rate, landing)

    @cached_property
    def settled(self) -> dict[str, float]:
        """What the step settled on where the method searches for it: the damping, the radius; empty on the last step."""
        method, record = self.walked.method, self.walked.record
        return (
            method.settled(record, self.index - record.first) if isinstance(method, WholeStep) and self.update else {}
        )

    def _stand(self) -> Stand:
        return self.walked.stand(self.index - self.walked.record.first)

    def _flat(self, values: dict[str, Any]) -> Vector:
        return np.asarray(self.walked.layout.joined(values), dtype=float)


class Steps(Sequence[Step]):
    """The steps of a descent; each is made when it is looked at."""

    def __init__(self, walked: Walked) -> None:
        self._walked = walked

    def __len__(self) -> int:
        return len(self._walked.record)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        if isinstance(index, slice):
            return tuple(self._step(k) for k in range(*index.indices(len(self))))
        k = index + len(self) if index < 0 else index
        if not 0 <= k < len(self):
            raise IndexError(f"there is no step {index}; there are {len(self)}")
        return self._step(k)

    def __iter__(self) -> Iterator[Step]:
        return map(self._step, range(len(self)))

    def __repr__(self) -> str:
        return f"<{len(self)} steps>"

    def _step(self, k: int) -> Step:
        record, layout = self._walked.record, self._walked.layout
        point, loss, gradient = record.points[k], float(record.losses[k]), record.gradients[k]
        rate = update = change = None
        if k + 1 < len(self):
            rate = float(record.rates[k])
            with np.errstate(all="ignore"):
                update, change = (
                    named(layout, record.points[k + 1] - point),
                    float(record.losses[k + 1]) - loss,
                )
        here, slopes = named(layout, point), named(layout, gradient)
        return Step(record.first + k, here, loss, slopes, rate, update, change, self._walked)


@dataclass(frozen=True, eq=False)
class Trace(Shown):
    """A whole descent.

    Attributes:
        steps: Every step; N + 1 entries for N steps taken.
        point: Where it ended: parameter name → value.
        loss: The loss there.
        stop_reason: Why it ended.
        optimizer: The rule it walked by.
        learning_rate: The fixed learning rate; None where every step chose its own.
        said: What gives the sentences of `notes`, one stage of the run each.
        program: The compiled loss.
        compare: The difference method the user asked for, or None (steps then show a central difference).
        h: The step of that method, or None for its own.
        tolerance: Length of the gradient that was to be reached, or None.
        start_loss: The loss at the very first step, also where a run was resumed.
        settings: What else it was told: batches, schedule, bounds, constraints, line search.
        polished: The end at as many digits as were asked for, or None.
        engine: What took the steps: ordinary, python (one loop of straight-line code), c or numba.
    """

    steps: Steps
    point: dict[str, Any]
    loss: float
    stop_reason: StopReason
    optimizer: Optimizer
    learning_rate: float | None
    said: tuple[Said, ...] = field(repr=False)
    program: Differentiable = field(repr=False)
    walked: Walked = field(repr=False)
    compare: str | None = None
    h: float | None = None
    tolerance: float | None = None
    start_loss: float = float("nan")
    settings: Settings = field(default_factory=Settings)
    polished: Polished | None = None
    engine: str = "ordinary"

    @cached_property
    def message(self) -> str:
        """Why it ended, as a sentence with numbers and the remedy; worked out when looked at."""
        return messages.message(self)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What was chosen for the user (the start, the rate), and what is to be said of it; worked out when looked at."""
        return tuple(dict.fromkeys(sentence for stage in self.said for sentence in stage()))

    @cached_property
    def ending(self) -> Ending:
        """Why the end is believed to be a minimum, and how sharply it is known; worked out when looked at.

        Raises:
            InputError: The loss is not finite there, or was not made from a formula.
        """
        if not isinstance(self.program, Program):
            raise InputError("What is known of an end is told by the equations of a loss; this one has none.")
        return ending(self.program, self.point, limits=self.walked.method.land)

    @cached_property
    def growth(self) -> Growth | None:
        """Where the loss first grew and why, for a rule without memory at a fixed rate; None where it never did."""
        return growth(self)

    @cached_property
    def side_by_side(self) -> SideBySide | None:
        """This descent and its twin by numeric slopes, walked in lockstep when looked at; None without `compare`."""
        # The twin walks by the same loop, which makes traces: only what is looked at can ask for it.
        from symcalc.descent.side_by_side import side_by_side

        return side_by_side(self)

    def plot(self, size: tuple[float, float] | None = None) -> Any:
        """The run as a picture: the data with the model, the way down, the loss against the step.

        Args:
            size: Width and height in inches; chosen by what is shown unless given.

        Returns:
            A Picture: `.figure` for matplotlib, `.alt` in words, `.save(path)` as .png, .svg or .pdf.
        """
        return view("figures.run", "run_picture")(self, size)

    @property
    def points(self) -> Vector:
        """All points as flat vectors, (N + 1, P)."""
        return self.walked.record.points

    @property
    def losses(self) -> Vector:
        """All losses, (N + 1,)."""
        return self.walked.record.losses

    @property
    def gradients(self) -> Vector:
        """All gradients as flat vectors, (N + 1, P)."""
        return self.walked.record.gradients
