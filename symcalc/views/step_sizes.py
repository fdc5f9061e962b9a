"""The step-size oracle as a screen shows it, and for JSON."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from symcalc.compute.nearest_kink import Entry
from symcalc.curvature.findings import plateau
from symcalc.curvature.step_sizes import StepSizes
from symcalc.descent.trace import Trace
from symcalc.language.loss import Loss
from symcalc.notation.promised import below
from symcalc.sources.run_file import plain
from symcalc.views import json_form, numbers
from symcalc.views.look import Look, fitted
from symcalc.views.steps import shown
from symcalc.views.tables import folded, table

SHARE = 1e-6
_MOST = 8


def lines(
    found: StepSizes, look: Look, needed: int | None = None, tolerance: float | None = None, run: Trace | None = None
) -> list[str]:
    """All lines: the figures, the eigenvectors, what the rate does, what would help.

    Args:
        found: What was found.
        look: How to write.
        needed: Steps until the gradient is shorter than the tolerance.
        tolerance: That tolerance, None where none was asked for.
        run: The run to set beside the closed form, or None.
    """
    place = numbers.point(found.point, look.digits) if found.layout.total <= _MOST else "the point given"
    head = f"at {place}: loss {look.number(found.loss)}, gradient {look.number(found.gradient_length)} long"
    result = folded(head, look.width, 2)
    result += folded(_reach(found), look.width, 2)
    result += [f"  {label:<21}{text}" for label, text in _figures(found, look)]
    result += ["", *_directions(found, look), ""]
    for sentence in (found.verdict, *found.findings):
        result += folded(sentence, look.width, 2)
    if found.remedies:
        result += folded(f"What would help: {'; '.join(found.remedies)}.", look.width, 2)
    result += folded(found.convexity.sentence, look.width, 2)
    result += _ahead(found, look, needed, tolerance)
    if run is not None:
        result += ["", *_overlay(found, run, look)]
    return fitted([_styled(line, look) for line in result], look.width)


def _reach(found: StepSizes) -> str:
    if found.quadratic:
        return "quadratic: the Hessian is the same everywhere, so this holds for the whole run"
    if found.kinked:
        return "the loss has kinks: this holds up to the first one on the way, and not across it"
    return "not shown to be quadratic: this holds near this point, and changes with it"


def _figures(found: StepSizes, look: Look) -> list[tuple[str, str]]:
    def rate(value: float | None, formula: str) -> str:
        if value is None:
            return unbent
        # Rounded up, a limit or the best rate next to it would be too large to type.
        text = below(value, look.digits)
        return text + (f" = {formula}" if formula else "")

    plainly = found.rule is not None and found.rule.plain
    unbent = "none: along what bends down no rate settles" if found.down else "none: no bend sets one"
    figures = []
    if found.rule is not None:
        known = (
            ("largest stable rate", found.largest, found.limit),
            ("best constant rate", found.best, "2/(λmin + λmax)" if plainly else ""),
        )
        for label, value, formula in known:
            between = " between kinks" if found.kinked and value is not None else ""
            steepest = _steepest(found, look) if label.startswith("largest") else ""
            figures.append((label, rate(value, formula if value else "") + between + steepest))
    condition = found.condition
    none = f"none: the loss bends {'down' if found.down else 'in no direction'}"
    text = none if math.isnan(condition) else numbers.number(condition, look.digits)
    if math.isfinite(condition):
        text += " = λmax/λmin, the largest bend over the least"
    elif math.isinf(condition) and found.determined_condition > 0:
        text += f"; {numbers.number(found.determined_condition, look.digits)} without the flat directions"
    if not found.whole and math.isfinite(condition):
        text += f", from {found.products} Hessian products"
    return [*figures, ("condition", text)]


def _steepest(found: StepSizes, look: Look) -> str:
    """What λmax is, where a limit is written with it."""
    if "λmax" not in found.limit or not found.largest:
        return ""
    return f" (λmax = {look.number(max(found.eigenvalues))}, the largest bend)"


def _directions(found: StepSizes, look: Look) -> list[str]:
    rated = found.learning_rate is not None and found.rule is not None
    rows = []
    for d in found.directions:
        left = [] if not rated or d.contraction is None else [f"{d.contraction:.6g}"]
        rows.append([d.text, look.number(d.bend), look.number(d.slope), *left])
    if len(rows) > _MOST:
        dots = [look.dots, *[""] * (len(rows[0]) - 1)]
        rows = [*rows[: _MOST - 2], dots, *rows[-2:]]
    head = ["along", "bend", "slope"]
    if rated and len(rows[0]) > 3:
        head.append("error left")
    lines = table(rows, head, [False, *[True] * (len(head) - 1)])
    told = "bend and slope: for a move of length 1 along each"
    if len(head) > 3 and found.learning_rate is not None:
        told += f"; error left: what a step at {below(found.learning_rate, look.digits)} leaves of the error"
    return [*lines, *folded(told, look.width, 2)]


def _ahead(found: StepSizes, look: Look, needed: int | None, tolerance: float | None) -> list[str]:
    """What the rate leads to: how many steps, and where."""
    result: list[str] = []
    if tolerance is not None:
        never = (
            "No number of steps makes"
            if needed is None
            else f"{numbers.count(needed, 'step')} {'makes' if needed == 1 else 'make'}"
        )
        result += folded(f"{never} the gradient shorter than {look.number(tolerance)}.", look.width, 2)
    elif (
        found.rule is not None
        and found.learning_rate is not None
        and not found.diverges
        and not (found.kinked or plateau(found))
    ):
        steps = found.steps(SHARE)
        # Where the loss bends down there is no minimum that the error could be counted from.
        if steps is not None and not found.down:
            near = "" if found.quadratic else " near a minimum with this bend"
            count = numbers.count(steps, "step")
            verb = "brings" if steps == 1 else "bring"
            rate = below(found.learning_rate, look.digits)
            result += folded(
                f"At rate {rate}, {count} {verb} the error down to {SHARE:g} of itself{near}.", look.width, 2
            )
    result += _change(found, look)
    if found.onward is not None:
        taken, largest = found.onward
        there = "none, for nothing bends up there" if largest is None else below(largest, look.digits)
        result += folded(
            f"How near is near: one step at {below(taken, look.digits)} leads to where the largest stable rate is {there}.",
            look.width, 2,
        )  # fmt: skip
    if found.minimum is not None and found.layout.total <= _MOST:
        where = numbers.point(found.minimum, look.digits)
        result += folded(f"minimum at {where}: loss {look.number(found.lowest or 0.0)}", look.width, 2)
    return result


def _change(found: StepSizes, look: Look) -> list[str]:
    """What a step does to the loss, as a function of its rate: twice the rate makes the bend's part four times as large."""
    if found.rule is None or not found.rule.plain or not found.whole or not found.gradient_length:
        return []
    slope = -(found.gradient_length**2)
    bend = sum(d.bend * d.slope**2 for d in found.directions) / 2
    parts = f"{look.number(slope)}{look.times}rate by the slope, {look.signed(bend)}{look.times}rate^2 by the bend"
    return folded(f"A step of gradient descent changes the loss by {parts}.", look.width, 2)


def _overlay(found: StepSizes, run: Trace, look: Look) -> list[str]:
    """The closed form beside the run that came."""
    last = run.steps[-1].index
    path = found.path(last)
    rows = []
    for k in shown(0, last):
        predicted, came = float(path.losses[k]), float(run.losses[k])
        rows.append([str(k), look.number(predicted), look.number(came), look.gap(came - predicted)])
    return table(rows, ["step", "predicted loss", "came", "gap"], [True] * 4)


def _styled(line: str, look: Look) -> str:
    return line.replace("·", look.times) if look.ascii else line


def document(
    loss: Loss, found: StepSizes, needed: int | None = None, tolerance: float | None = None, run: Trace | None = None
) -> dict[str, Any]:
    """Everything that was found, ready for JSON."""
    made: dict[str, Any] = plain(
        {
            **json_form.loss_head(loss, found.loss),
            "point": found.point,
            "gradient_length": found.gradient_length,
            "optimizer": found.optimizer,
            "quadratic": found.quadratic,
            "convex": found.convexity.convex,
            "convexity": found.convexity.sentence,
            "largest": found.largest,
            "limit": found.limit,
            "best": found.best,
            "condition": found.condition,
            "learning_rate": found.learning_rate,
            "diverges": found.diverges,
            "contraction": list(found.contraction),
            "eigenvalues": list(found.eigenvalues),
            "whole": found.whole,
            "directions": [
                {
                    "text": d.text, "bend": d.bend, "bends": d.bends, "slope": d.slope, "contraction": d.contraction,
                    "vector": d.vector,
                }
                for d in found.directions
            ],
            "minimum": found.minimum,
            "lowest": found.lowest,
            "nearest_kink": None if found.kinks is None else _entry(found.kinks.nearest),
            "first_kink": None if found.kinks is None or found.kinks.first is None else _entry(found.kinks.first),
            "onward": None if found.onward is None else dict(zip(("learning_rate", "largest"), found.onward)),
            "unused": list(found.unused),
            "standardized": None
            if found.scaling is None
            else {"columns": list(found.scaling.columns), "condition": found.scaling.condition},
            "verdict": found.verdict,
            "findings": list(found.findings),
            "remedies": list(found.remedies),
            **({} if tolerance is None else {"tolerance": tolerance, "steps": needed}),
            **({} if run is None else {"path": _compared(found, run)}),
        }
    )  # fmt: skip
    return made


def _entry(entry: Entry) -> dict[str, Any]:
    return {"function": entry.text, "row": entry.row, "gap": entry.gap, "value": entry.value, "rate": entry.rate}


def _compared(found: StepSizes, run: Trace) -> list[dict[str, Any]]:
    path = found.path(run.steps[-1].index)
    with np.errstate(all="ignore"):
        gaps = np.abs(run.points - path.points).max(axis=1)
    return [
        {"index": k, "predicted": float(path.losses[k]), "came": float(run.losses[k]), "gap": float(gaps[k])}
        for k in range(len(path.losses))
    ]
