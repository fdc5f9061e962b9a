"""What is shown of step sizes, endings, sensitivities, checked answers, contributions and boosting objectives."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.compute.boosting import BoostingObjective
from symcalc.compute.contributions import Contributions
from symcalc.curvature.ending import Ending
from symcalc.curvature.step_sizes import StepSizes
from symcalc.descent.sensitivity import Sensitivity
from symcalc.marking.checking import Checked
from symcalc.numeric.accuracy import Accuracy
from symcalc.views import accuracy as accuracies
from symcalc.views import ending as endings
from symcalc.views import marking, numbers
from symcalc.views.look import Look
from symcalc.views.notebook.parts import Part, Table, Words

LOOK = Look()
MOST = 12


def step_sizes(found: StepSizes) -> list[Part]:
    """The rates that can work, the eigenvectors, and what the rate does."""
    figures = [
        ["largest stable rate", "none" if found.largest is None else LOOK.number(found.largest)],
        ["best constant rate", "none" if found.best is None else LOOK.number(found.best)],
        ["condition", LOOK.number(found.condition)],
    ]
    directions = [[d.text, LOOK.number(d.bend), LOOK.number(d.slope)] for d in found.directions[:MOST]]
    return [
        Words(f"at {numbers.point(found.point)}: loss {LOOK.number(found.loss)}"),
        Table(["", "value"], figures),
        Table(["along", "bend", "slope"], directions),
        *(Words(sentence) for sentence in (found.verdict, *found.findings)),
        *([Words(f"What would help: {'; '.join(found.remedies)}.")] if found.remedies else []),
    ]


def ending(found: Ending) -> list[Part]:
    """Why it is believed to be a minimum, and how sharply each number is known."""
    rows, head, right = endings.rows(found, LOOK)
    told = found.deviations
    return [
        *(Words(sentence, strong=not k) for k, sentence in enumerate(found.sentences)),
        *([Table(head, rows, right)] if rows else []),
        *([] if told is None else [Words(told.sentence)]),
    ]


def sensitivity(found: Sensitivity) -> list[Part]:
    """The derivative of each number of the end, and of the loss there."""
    at = "" if found.value is None or np.ndim(found.value) else f" = {LOOK.number(found.value)}"
    rows = [[name, numbers.value(value, many=4)] for name, value in found.derivative.items()]
    rows.append(["the loss", numbers.value(found.loss_derivative, many=4)])
    where = "the minimum" if found.how == "minimum" else "the end of the run"
    return [
        Words(f"how {where} at {numbers.point(found.point)} moves with {found.to}{at}"),
        Table(["", "derivative"], rows),
        Words(found.sentence),
    ]


def checked(found: Checked) -> list[Part]:
    """The verdict; for a wrong answer why, where it shows, and what is right."""
    first, *rest = marking.lines(found, 100)
    return [Words(first, strong=True), *(Words(line.strip()) for line in rest)]


def contributions(found: Contributions) -> list[Part]:
    """Each slope, the rows that pull hardest on it, and what each term of the loss adds."""
    shown: list[Part] = []
    for name, slope in found.slopes.items():
        if np.ndim(slope):
            shown.append(Words(f"slope in {name}: {numbers.value(slope, many=4)}"))
            continue
        shown.append(Words(f"slope in {name}: {LOOK.number(slope)}", strong=True))
        adds = [[f"of {text}", LOOK.number(slopes[name])] for text, slopes in found.terms]
        if name in found.rows:
            adds += _hardest(np.asarray(found.rows[name]), float(found.rest[name]))
        shown.append(Table(["", "adds"], adds))
    return shown


def _hardest(pulls: Any, rest: float) -> list[list[str]]:
    order = np.argsort(-np.abs(pulls), kind="stable")[:5]
    rows = [[f"row {int(k) + 1}", LOOK.number(pulls[k])] for k in order]
    others = len(pulls) - len(order)
    if others:
        rows.append([f"{others} other rows", LOOK.number(float(np.sum(pulls) - np.sum(pulls[order])))])
    return [*rows, *([["no row", LOOK.number(rest)]] if rest else [])]


def accuracy(found: Accuracy) -> list[Part]:
    """How far the loss and each slope are off."""
    head, rows = accuracies.entries(found, LOOK)
    return [Table(head, rows), Words(found.sentence), *([Words(found.why_not)] if found.why_not else [])]


def boosting(found: BoostingObjective) -> list[Part]:
    """The loss of a row, its slope and its bend in the prediction."""
    rows = [["loss", found.text], ["slope", found.slope], ["bend", found.bend]]
    return [Table(["", "for a row"], rows, [False, False]), *(Words(f"note: {note}") for note in found.notes)]
