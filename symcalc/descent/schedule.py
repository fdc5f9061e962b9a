"""Schedules ready to run: the learning rate of every step, from a formula of its number.

schedule_named("cosine", rate=0.1, steps=100).at(1)        0.1
schedule_named("0.1/sqrt(t)", rate=None, steps=100)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from symcalc.catalogue.schedules import SCHEDULES
from symcalc.compute.update import Update, compiled_update
from symcalc.errors import InputError
from symcalc.language.reader import read

_ZERO = np.zeros(1)


@dataclass(frozen=True)
class Schedule:
    """The learning rate as a formula of the step number.

    Attributes:
        name: Its name in the catalogue; the formula itself where the user typed one.
        formula: What is printed: `rate*factor^floor((t - 1)/every)`.
        names: Value of every name in the formula but `t` and `epoch`.
        batches: Steps that one epoch takes.
    """

    name: str
    formula: str
    names: Mapping[str, float]
    batches: int
    _update: Update = field(repr=False, compare=False)

    def at(self, t: int) -> float:
        """The learning rate of a step; t is 1 on the first one.

        Raises:
            InputError: The formula gives no rate there.
        """
        epoch = float((t - 1) // self.batches)
        values = [np.float64({**self.names, "epoch": epoch}[name]) for name in self._update.constants]
        with np.errstate(all="ignore"):
            rate = float(np.max(self._update.run(_ZERO, _ZERO, 1.0, t, values, ())[-1]))
        if not (math.isfinite(rate) and rate >= 0):
            raise InputError(f"The schedule {self.formula} gives the rate {rate:g} at step {t}: it must be 0 or more.")
        return rate


def schedule_named(
    text: str, rate: float | None, steps: int, batches: int = 1, constants: Mapping[str, float] | None = None
) -> Schedule:
    """The schedule of a catalogue row, or of the user's own formula.

    Args:
        text: A name in the catalogue (constant, step, cosine, warm-up, 1/t) or a formula: `0.1/sqrt(t)`.
        rate: The learning rate asked for; its formula calls it `rate`.
        steps: How many steps the run was asked for.
        batches: Steps that one epoch takes.
        constants: Values of the row's constants, instead of its own.

    Raises:
        InputError: There is no such schedule, or it needs a rate and has none.
        FormulaError: The formula cannot be used.
    """
    row = SCHEDULES.get(text)
    given = dict(constants or {})
    if row is None and text.replace("-", "").isalpha() and text not in ("rate", "t"):
        close = get_close_matches(text, SCHEDULES, n=1, cutoff=0.5)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise InputError(
            f"There is no schedule {text!r}.{hint} There are {', '.join(SCHEDULES)}; "
            "or type the learning rate as a formula of t: 0.1/sqrt(t)."
        )
    formula = text if row is None else row.formula
    names = {**({} if row is None else row.constants), **given, "steps": float(max(1, steps))}
    if rate is not None:
        names["rate"] = rate
    elif row is not None:
        raise InputError(f"The schedule {text} changes a learning rate: give one.")
    update = compiled_update(read(f"point = {formula}"), (*names, "epoch"))
    if "gradient" in update.reads or "point" in update.reads or update.states:
        raise InputError(f"A schedule is a formula of t; {formula} reads more than that.")
    return Schedule(text, formula, names, max(1, batches), update)
