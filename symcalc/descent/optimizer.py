"""Optimizers ready to run: a row of the catalogue, or a rule the user typed.

optimizer_named("adam")
optimizer_named("point = point - 0.1*gradient/abs(gradient)")
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from symcalc.compute.update import GIVEN, Update, compiled_update, environment
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Vector

State = tuple[Vector, ...]
Given = Mapping[str, Any]
NOTHING: Given = MappingProxyType({})

OWN = "your own rule"


@dataclass(frozen=True)
class Optimizer:
    """A rule that makes the next point from the gradient.

    Attributes:
        name: Its name in the catalogue; "your own rule" for one the user typed.
        formula: Its lines as text.
        about: What it does, in one line.
        constants: Constant name → value.
        learning_rate: The default of its own paper; None where it gives none.
        given: Names its lines read that are worked out for it at every step.
        update: Its compiled lines.
    """

    name: str
    formula: str
    about: str
    constants: Mapping[str, float]
    learning_rate: float | None
    update: Update = field(repr=False)
    given: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """Names of what it remembers between steps."""
        return self.update.states

    @property
    def uses_learning_rate(self) -> bool:
        """Whether the learning rate has any effect."""
        return "learning_rate" in self.update.reads

    @property
    def changes_with_time(self) -> bool:
        """Whether the same point and state may lead elsewhere later."""
        return "t" in self.update.reads

    def first_state(self, size: int) -> State:
        """State before the first step: zeros, one vector (size,) for each name."""
        return tuple(np.zeros(size) for _ in self.states)

    def step(
        self, point: Vector, gradient: Vector, rate: float, t: int, state: State, given: Given = NOTHING
    ) -> tuple[Vector, State]:
        """The next point (P,) and the next state; t is 1 on the first step.

        Args:
            point, gradient: Flat vectors (P,).
            rate: The learning rate.
            t: 1 on the first step.
            state: State vectors (P,).
            given: Value of each name in `self.given`: a vector (P,) or a number.
        """
        values = self.update.run(point, gradient, rate, t, self._all(given), state)
        return _whole(values[self.point_line], point), tuple(_whole(values[k], point) for k in self._state_lines)

    def before_move(
        self, point: Vector, gradient: Vector, rate: float, t: int, state: State, given: Given = NOTHING
    ) -> dict[str, Any]:
        """What every name stands for just before the line that sets the next point runs."""
        names = {
            **dict(zip(GIVEN, (point, gradient, rate, t))),
            **self.constants,
            **given,
            **dict(zip(self.states, state)),
        }
        values = self.update.run(point, gradient, rate, t, self._all(given), state)
        return environment(self.update, names, values, self.point_line)

    @cached_property
    def point_line(self) -> int:
        """The last line that sets the point, from 0."""
        return self._last_line("point")

    @cached_property
    def _state_lines(self) -> tuple[int, ...]:
        return tuple(map(self._last_line, self.states))

    def _all(self, given: Given) -> tuple[Any, ...]:
        return (*self._values, *(given[name] for name in self.given)) if self.given else self._values

    @cached_property
    def _values(self) -> tuple[Any, ...]:
        return tuple(np.float64(value) for value in self.constants.values())

    def _last_line(self, name: str) -> int:
        return max(k for k, statement in enumerate(self.update.statements) if statement.name == name)


def _whole(value: Any, like: Vector) -> Vector:
    # A line without a vector in it (velocity = 1) gives one number for all entries.
    return value if np.shape(value) == like.shape else np.full(like.shape, float(value))


def optimizer_named(text: str | Optimizer, constants: Mapping[str, float] | None = None) -> Optimizer:
    """The optimizer of a catalogue row, or of the user's own rule.

    Args:
        text: A name in the catalogue, or the lines of a rule (`point = point - learning_rate*gradient`).
        constants: Values of the rule's constants, instead of the row's own.

    Raises:
        InputError: There is no optimizer of that name, or it has no such constant.
        FormulaError: The rule cannot be used.
    """
    from symcalc.catalogue.methods import METHODS
    from symcalc.catalogue.optimizers import OPTIMIZERS

    known = {**OPTIMIZERS, **METHODS}
    if isinstance(text, Optimizer):
        return text
    numbers = {name: _number(name, value) for name, value in (constants or {}).items()}
    if "=" in text:
        return compiled_rule(OWN, text, "A rule typed by you.", numbers, None)
    if text not in known:
        close = get_close_matches(str(text), known, n=2, cutoff=0.5)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise InputError(
            f"There is no optimizer {text!r}.{hint} There are {', '.join(known)}; "
            "or type a rule: point = point - learning_rate*gradient."
        )
    row = known[text]
    for name in numbers:
        if name not in row.constants:
            has = f"it has {', '.join(row.constants)}" if row.constants else "it has none"
            raise InputError(f"{text} has no constant {name!r}; {has}.")
    return compiled_rule(text, row.formula, row.about, {**row.constants, **numbers}, row.learning_rate, row.given)


def compiled_rule(
    name: str, formula: str, about: str, constants: Mapping[str, float], rate: float | None, given: tuple[str, ...] = ()
) -> Optimizer:
    """An optimizer from the text of its lines, the values of its constants, its default rate and what it is given.

    Raises:
        FormulaError: The rule cannot be used.
    """
    values = {word: float(value) for word, value in constants.items()}
    return Optimizer(name, formula, about, values, rate, _update(formula, (*values, *given)), given)


@lru_cache(maxsize=128)
def _update(formula: str, names: tuple[str, ...]) -> Update:
    from symcalc.language.reader import read

    return compiled_update(read(formula), names)


def _number(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"The constant {name} is {value!r}; it must be a finite number.")
    if name in GIVEN:
        raise InputError(f"{name} is given to every rule; a constant needs a name of its own.")
    return number
