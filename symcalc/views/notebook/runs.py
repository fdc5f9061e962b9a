"""What is shown of descents, their steps, and comparisons of slopes."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.descent.trace import Step, Trace
from symcalc.numeric.rows import Comparison
from symcalc.views import comparison as compared
from symcalc.views import numbers
from symcalc.views.look import Look
from symcalc.views.notebook.formulas import slopes
from symcalc.views.notebook.parts import Drawn, Part, Table, Words
from symcalc.views.steps import shown

LOOK = Look()
FEW = 4


def trace(run: Trace) -> list[Part]:
    """The slopes, the steps that count, how it ended, and the picture of the run."""
    from symcalc.views.figures.run import run_picture

    gradient = getattr(run.program, "gradient_equations", None)
    first = run.steps[0].index
    chosen = [run.steps[k - first] for k in shown(first, run.steps[-1].index)]
    head = [
        "step",
        "point",
        f"loss {getattr(run.program.loss, 'name', '')}".strip(),
        "slope",
        "predicted change",
        "came",
    ]
    return [
        Words(f"{run.optimizer.name}: {run.optimizer.formula}"),
        *([] if gradient is None else slopes(gradient)),
        Table(head, [_row(step) for step in chosen], [True, False, True, False, True, True]),
        Words(run.message, strong=True),
        *(Words(f"note: {note}") for note in run.notes),
        Drawn(lambda: run_picture(run)),  # type: ignore[arg-type]
    ]


def step(found: Step) -> list[Part]:
    """One step: each number with its slope, the numeric slope, and where it goes."""
    rows = []
    for name, value in found.point.items():
        to = None if found.update is None else np.asarray(value) + np.asarray(found.update[name])
        cells = (value, found.gradient[name], found.numeric[name], to)
        rows.append([name, *("" if c is None else numbers.value(c, many=4) for c in cells)])
    changes = []
    if found.predicted_change is not None and found.actual_change is not None:
        told = LOOK.signed(found.predicted_change), LOOK.signed(found.actual_change)
        changes = [Words(f"change of the loss: predicted {told[0]}, came {told[1]}")]
    return [
        Words(f"step {found.index}: loss {LOOK.number(found.loss)}", strong=True),
        Table(["", "value", "slope", "numeric slope", "step to"], rows),
        *changes,
    ]


def comparison(found: Comparison) -> list[Part]:
    """Every method beside the exact slope, why each misses, and its error against h."""
    head = ["parameter", "method", "h", "numeric", "exact", "gap"]
    rows = []
    for row in found.rows:
        numeric = "does not apply" if row.numeric is None else LOOK.number(row.numeric)
        gap = "" if row.error is None else LOOK.gap(row.error)
        rows.append([row.parameter, row.method, LOOK.gap(row.step), numeric, LOOK.number(row.symbolic), gap])
    return [
        Words(f"at {numbers.point(found.point)}"),
        Table(head, rows, [False, False, True, True, True, True]),
        *(Words(sentence) for sentence in compared.explained(found)),
        *(Words(f"note: {note}") for note in dict.fromkeys((*found.notes, *(r.note for r in found.rows if r.note)))),
        *([] if found.program is None else [Drawn(found.plot)]),
    ]


def _row(step: Step) -> list[str]:
    def listed(values: dict[str, Any]) -> str:
        few = [f"{n} {LOOK.number(v)}" for n, v in values.items() if np.ndim(v) == 0][:FEW]
        more = len(values) - len(few)
        return ", ".join(few) + (
            f" and {more} more" if few and more else f"{numbers.count(more, 'array')}" if more else ""
        )

    def change(value: float | None) -> str:
        return "" if value is None else LOOK.signed(value)

    return [
        str(step.index), listed(step.point), LOOK.number(step.loss), listed(step.gradient),
        change(step.predicted_change), change(step.actual_change),
    ]  # fmt: skip
