"""What a way of descending is: from where it stands to where it stands next, with a state that can be saved.

A method holds nothing that changes. Everything it remembers between two steps is its state, a tuple of float
vectors that stands in the record and in a run file; the same stand always leads to the same next one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from symcalc.descent.optimizer import Given, Optimizer, State
from symcalc.descent.record import Stand
from symcalc.numeric.differentiable import Vector


@dataclass(frozen=True, slots=True)
class Move:
    """A step as a method makes it.

    Attributes:
        rate: The learning rate it was made with.
        point: Where it leads, (P,).
        state: What the method remembers from here on.
    """

    rate: float
    point: Vector
    state: State


class Method(Protocol):
    """A way of descending."""

    @property
    def land(self) -> Land | None:
        """Where its points may lie."""

    @property
    def rule(self) -> Optimizer:
        """Its lines, which are printed with numbers put in."""

    @property
    def states(self) -> tuple[str, ...]:
        """A name for each vector of its state; those of the rule first."""

    @property
    def rate(self) -> float | None:
        """The learning rate where it is the same for every step."""

    @property
    def moves_with_time(self) -> bool:
        """Whether the same point and state may lead elsewhere later, whatever the rule reads."""

    def first_state(self, size: int) -> State:
        """The state before the first step, for P parameters."""

    def move(self, stand: Stand) -> Move:
        """The step from a stand."""

    def names(self, stand: Stand, rate: float, landing: Vector) -> dict[str, Any]:
        """What each name of the rule stood for just before its last line, in a step that was taken."""

    def remembered(self, stand: Stand, rate: float) -> State:
        """The rule's part of the state after a step that was taken."""

    def landing(self, stand: Stand, slopes: Vector, rate: float) -> Vector | None:
        """Where the step would lead with other slopes; None where they are not all it goes by."""

    def shows(self, name: str) -> str:
        """How a name of the rule is written beside a step; "" for as it is."""

    def left(self, stand: Stand) -> Vector:
        """The slopes that still count: all of them, or those that nothing holds back."""

    @property
    def holds(self) -> str:
        """What holds slopes back: the limits, or absolute values; "" for nothing."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a rule goes by at one stand.

    Attributes:
        slopes: Its `gradient`, (P,).
        given: Its other names.
        memory: What the view remembers from here on.
        promise: The change of the loss that the slope promises for a point.
    """

    slopes: Vector
    given: Given = field(default_factory=dict)
    memory: State = ()
    promise: Callable[[Vector], float] | None = None


class View(Protocol):
    """What a rule is shown at every stand, besides the point: slopes, and names of its own.

    Attributes:
        states: A name for each vector it remembers.
        whole: Whether the slopes are those of the whole loss, and all there is.
        called: What is written behind the name of the loss where its slopes are others: ∂L_B/∂m.
        turns: Whether it looks at something else at every step.
        holds: What holds slopes back, in words; "" for nothing.
    """

    states: tuple[str, ...]
    whole: bool
    called: str
    turns: bool
    holds: str

    def first_state(self, size: int) -> State: ...

    def at(self, stand: Stand, memory: State) -> Sight: ...

    def again(self, stand: Stand, rate: float, landing: Vector) -> Sight:
        """What the rule was shown for a step that was taken, from where it led."""

    def left(self, stand: Stand) -> Vector:
        """The slopes that still count."""


class Plain:
    """The slopes of the whole loss and nothing else."""

    states: tuple[str, ...] = ()
    whole = True
    called = ""
    turns = False
    holds = ""

    def first_state(self, size: int) -> State:
        return ()

    def left(self, stand: Stand) -> Vector:
        return stand.gradient

    def at(self, stand: Stand, memory: State) -> Sight:
        return Sight(stand.gradient)

    def again(self, stand: Stand, rate: float, landing: Vector) -> Sight:
        return Sight(stand.gradient)


# Tries a rate: the point it leads to, and the rule's state then.
Try = Callable[[float], tuple[Vector, State]]


class Pace(Protocol):
    """How long a step is.

    Attributes:
        rate: The rate where it is always the same.
        turns: Whether it goes by the number of the step.
    """

    @property
    def rate(self) -> float | None: ...

    @property
    def turns(self) -> bool: ...

    def step(self, stand: Stand, sight: Sight, attempt: Try) -> tuple[float, Vector, State]:
        """The rate chosen, the point it leads to, the rule's state then."""


# What holds slopes back where points are led back.
LIMITS = "the limits"


class Land(Protocol):
    """Where a point may lie: what a rule's point is led back to.

    Attributes:
        given: Names its lines in the rule read.
    """

    def given(self, size: int) -> Given: ...

    def onto(self, point: Vector) -> Vector:
        """The nearest point that is allowed."""

    def again(self, landing: Vector, before: Vector) -> Given:
        """The names of its lines, for a step that went from `before` to `landing`."""

    def left(self, point: Vector, slopes: Vector) -> Vector:
        """The slopes, without what pushes against a bound."""

    def touched(self, point: Vector) -> tuple[Vector, Vector]:
        """Outward normals of what a point lies on (k, P), and whether each must be kept exactly."""

    def held(self, point: Vector, slopes: Vector) -> tuple[Vector, Vector]:
        """Outward normals of what holds a point back (k, P), and by how much each does, (k,)."""

    def said(self, names: Sequence[str], point: Vector, slopes: Vector) -> tuple[str, ...]:
        """What holds a point back, in words, with a name for each entry."""


class RuleMethod:
    """A method made of a text rule, what it is shown, how long its steps are and where they may lead."""

    def __init__(self, rule: Optimizer, view: View, pace: Pace, land: Land | None = None) -> None:
        self.rule, self.view, self.pace, self.land = rule, view, pace, land
        self.states = (*rule.states, *view.states)
        self._own = len(rule.states)

    @property
    def rate(self) -> float | None:
        """The learning rate where it is the same for every step."""
        return self.pace.rate

    @property
    def moves_with_time(self) -> bool:
        """Whether it looks at other rows or coordinates, or paces itself otherwise, at every step."""
        return self.view.turns or self.pace.turns

    def first_state(self, size: int) -> State:
        """Zeros for the rule, then what the view begins with."""
        return (*self.rule.first_state(size), *self.view.first_state(size))

    def move(self, stand: Stand) -> Move:
        """One step: look, choose a rate, land."""
        sight = self.view.at(stand, stand.state[self._own :])
        given = {**sight.given, **self._land_given(stand)}

        def attempt(rate: float) -> tuple[Vector, State]:
            return self._stepped(stand, sight.slopes, rate, given)

        rate, point, state = self.pace.step(stand, sight, attempt)
        return Move(rate, point, (*state, *sight.memory))

    def names(self, stand: Stand, rate: float, landing: Vector) -> dict[str, Any]:
        """What each name of the rule stood for just before its last line."""
        sight = self.view.again(stand, rate, landing)
        given = {**sight.given, **self._land_given(stand)}
        state = stand.state[: self._own]
        if self.land is not None:
            point, _ = self.rule.step(stand.point, sight.slopes, rate, stand.index + 1, state, given)
            given.update(self.land.again(landing, point))
        return self.rule.before_move(stand.point, sight.slopes, rate, stand.index + 1, state, given)

    def remembered(self, stand: Stand, rate: float) -> State:
        """The rule's memory after a step: it is run again."""
        if not self._own:
            return ()
        sight = self.view.again(stand, rate, stand.point)
        given = {**sight.given, **self._land_given(stand)}
        return self.rule.step(stand.point, sight.slopes, rate, stand.index + 1, stand.state[: self._own], given)[1]

    def landing(self, stand: Stand, slopes: Vector, rate: float) -> Vector | None:
        """Where the step leads with other slopes."""
        if not self.view.whole:
            return None
        return self._stepped(stand, slopes, rate, self._land_given(stand))[0]

    def shows(self, name: str) -> str:
        """The slopes of a batch have a name of their own."""
        return self.view.called if name == "gradient" else ""

    def left(self, stand: Stand) -> Vector:
        """The slopes that nothing holds back."""
        return self.view.left(stand) if self.land is None else self.land.left(stand.point, stand.gradient)

    @property
    def holds(self) -> str:
        """What holds slopes back."""
        return self.view.holds if self.land is None else LIMITS

    def _stepped(self, stand: Stand, slopes: Vector, rate: float, given: Given) -> tuple[Vector, State]:
        state = stand.state[: self._own]
        point, state = self.rule.step(stand.point, slopes, rate, stand.index + 1, state, given)
        return (point if self.land is None else self.land.onto(point)), state

    def _land_given(self, stand: Stand) -> dict[str, Any]:
        return {} if self.land is None else dict(self.land.given(len(stand.point)))


def direction_taken(stand: Stand, rate: float, landing: Vector) -> dict[str, Any]:
    """The direction of a step that was taken; 0 where it was not."""
    if rate == 0:
        return {"direction": np.zeros_like(stand.point)}
    return {"direction": (landing - stand.point) / rate}
