"""How far a point is from its kinks: the entry that is nearest, and the rate at which a step downhill reaches one.

A gap is what must be 0 on a kink. Along the step -gradient it changes, to first order, by its directional derivative;
for gaps that are linear in the parameters, as of a line's residuals, the rate is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.compute import inspection
from symcalc.compute.kinks import Kink, along, carried
from symcalc.compute.standing import Standing, standing

if TYPE_CHECKING:
    from symcalc.compute.program import Program


@dataclass(frozen=True)
class Entry:
    """One entry of a kinked function.

    Attributes:
        text: The function as typed.
        gap: What is 0 on its kink, as written.
        value: That at the point.
        row: Which row, from 1; None where it is one number.
        rate: The rate at which a step of gradient descent brings it to the kink; inf where none does.
    """

    text: str
    gap: str
    value: float
    row: int | None
    rate: float

    @property
    def place(self) -> str:
        """Where it is and what it is there: `row 3, where r is -0.29`."""
        there = f"{self.gap} is {self.value:.6g}"
        return there if self.row is None else f"row {self.row}, where {there}"


@dataclass(frozen=True)
class Kinks:
    """Where the kinks are, seen from a point that stands on none.

    Attributes:
        nearest: The entry whose gap is least.
        first: The entry that a step downhill brings to its kink first; None where none is reached at any rate.
    """

    nearest: Entry
    first: Entry | None


def nearest(program: Program, point: Any) -> Kinks | None:
    """The nearest kinks of a loss at a point; None where it has none, or stands on one.

    Args:
        program: The compiled loss.
        point: The point.
    """
    found = standing(program, point)
    if not found or any(np.any(s.on) for s in found):
        return None
    drifts = _drifts(program, point, found)
    entries = [e for s, drift in zip(found, drifts) for e in _entries(program, s, drift)]
    if not entries:
        return None
    first = min(entries, key=lambda e: e.rate)
    return Kinks(min(entries, key=lambda e: abs(e.value)), first if np.isfinite(first.rate) else None)


def crossed(program: Program, before: Any, after: Any) -> list[str]:
    """What passes a kink between two points: `rows 1, 3 pass r = 0`; a sentence for each kinked function."""
    told = []
    for old, new in zip(standing(program, before), standing(program, after)):
        if old.kink.gap is None:
            passed = np.argwhere((old.gap != 0) & (new.gap == 0))
            words = f"at the extreme of {inspection.gap_text(program, old.kink)}"
            if len(passed):
                told.append(f"another entry is {words}{inspection.rows(passed, np.ndim(old.gap))}")
            continue
        passed = np.argwhere(np.sign(_open(old)) * np.sign(_open(new)) < 0)
        if len(passed):
            where = inspection.rows(passed, np.ndim(old.gap)).removeprefix(" in ")
            verb = "passes" if len({int(p[0]) for p in passed}) == 1 or not where else "pass"
            gap = inspection.gap_text(program, old.kink)
            told.append(f"{where} {verb} {gap} = 0" if where else f"{gap} passes 0")
    return told


def _open(found: Standing) -> Any:
    return np.where(found.on, 0.0, found.gap)


def _drifts(program: Program, point: Any, found: list[Standing]) -> list[Any]:
    """How each gap changes along a step of gradient descent, per unit of its rate."""
    values, form = inspection.all_values(program, point), inspection.array_form(program)
    _, slopes = program.value_and_gradient(program.checked_point(point))
    downhill = {p.symbol: -np.asarray(slopes[p.name], dtype=float) for p in program.parameters}
    moving = carried(program.loss.equations, downhill, values, form)
    with np.errstate(all="ignore"):
        return [_drift(s, moving, values, form) for s in found]


def _drift(found: Standing, moving: Mapping[Any, Any], values: Mapping[Any, Any], form: Any) -> Any:
    kink: Kink = found.kink
    body = kink.gap if kink.gap is not None else kink.equation.terms[0].body
    drift = along(body, moving, values, form, kink.indices)
    drift = np.broadcast_to(0.0 if drift is None else drift, np.shape(found.gap))
    if kink.gap is not None:
        return drift
    extreme = np.asarray(moving.get(kink.equation.name.symbol, 0.0))
    return drift - extreme.reshape(extreme.shape + (1,) * len(kink.equation.terms[0].over))


def _entries(program: Program, found: Standing, drift: Any) -> list[Entry]:
    """The two entries of one kinked function that count: the nearest, and the first on the way down."""
    gap = np.asarray(found.gap, dtype=float)
    if found.kink.gap is None:
        # The entry that is the extreme has no kink of its own.
        gap = np.where(gap == 0, np.nan, gap)
    with np.errstate(all="ignore"):
        rates = np.where(gap * drift < 0, -gap / drift, np.inf)
    if not np.isfinite(gap).any():
        return []
    places = {int(np.nanargmin(np.abs(gap))), int(np.argmin(rates))}
    text, words = inspection.kink_text(program, found.kink), inspection.gap_text(program, found.kink)
    if words.startswith("-"):
        # The gap of max(0, r) is -r, and r is what the reader knows.
        words, gap = words[1:], -gap
    made = []
    for k in sorted(places):
        row = int(np.unravel_index(k, gap.shape)[0]) + 1 if gap.ndim else None
        made.append(Entry(text, words, float(gap.flat[k]), row, float(rates.flat[k])))
    return made
