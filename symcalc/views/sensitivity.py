"""How an end point moves, as a screen shows it and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symcalc.compute.program import Program
from symcalc.descent.sensitivity import Sensitivity
from symcalc.language.loss import Loss
from symcalc.notation.entries import entry_names
from symcalc.sources.run_file import plain
from symcalc.views import json_form, numbers
from symcalc.views.look import Look, fitted
from symcalc.views.tables import folded, table

MOST = 12


def lines(program: Program, found: Sequence[Sensitivity], look: Look) -> list[str]:
    """The end, and a table for each thing that moves.

    Args:
        program: The compiled loss.
        found: The sensitivities, all of one end.
        look: How to write.
    """
    first = found[0]
    where = "the minimum" if first.how == "minimum" else "the end of the run"
    place = numbers.point(first.point, look.digits) if program.layout.total <= MOST else ""
    result = folded(f"{where}{' at ' + place if place else ''}: loss {look.number(first.loss)}", look.width, 2)
    for one in found:
        result += ["", *_one(program, one, look)]
    return fitted([line.replace("·", look.times) if look.ascii else line for line in result], look.width)


def _one(program: Program, found: Sensitivity, look: Look) -> list[str]:
    names, layout = entry_names(program), program.layout
    name = program.loss.name
    if np.ndim(found.loss_derivative) == 0:
        value = f" = {look.number(found.value)}" if found.value is not None else ""
        rows = [[n, look.number(d)] for n, d in zip(names, layout.joined(found.derivative))]
        shown = _most(rows, look)
        result = [f"  to {found.to}{value}", *table(shown, ["", "derivative"], [False, True], 4)]
        result.append(f"    {name:<{max(len(r[0]) for r in shown)}}  {look.number(found.loss_derivative)}")
    else:
        result = [
            f"  to each entry of {found.to}, those that count most first",
            *_entries(found, names, layout, look, name),
        ]
    return result + folded(found.sentence, look.width, 4)


def _entries(found: Sensitivity, names: list[str], layout: Any, look: Look, name: str) -> list[str]:
    """One row for each entry of what moves, ordered by how far the end moves with it."""
    shape = np.shape(found.loss_derivative)
    whole = np.concatenate([np.reshape(found.derivative[n], (-1, int(np.prod(shape)))) for n in layout.names])
    scale = np.maximum(np.abs(layout.joined(found.point)), 1e-300)
    order = np.argsort(-np.max(np.abs(whole) / scale[:, None], axis=0), kind="stable")
    chosen, losses = names[:4], np.ravel(found.loss_derivative)
    rows = [
        [f"{found.to}[{','.join(str(int(i)) for i in np.unravel_index(k, shape))}]",
         *(look.number(v) for v in whole[: len(chosen), k]), look.number(losses[k])]
        for k in order
    ]  # fmt: skip
    head = ["", *(f"d{n}" for n in chosen), f"d{name}"]
    return table(_most(rows, look), head, [False, *[True] * (len(head) - 1)], 4)


def _most(rows: list[list[str]], look: Look) -> list[list[str]]:
    if len(rows) <= MOST:
        return rows
    return [*rows[:MOST], [f"{look.dots} {len(rows) - MOST} more", *[""] * (len(rows[0]) - 1)]]


def document(loss: Loss, found: Sequence[Sensitivity]) -> dict[str, Any]:
    """The same for JSON."""
    made: dict[str, Any] = plain(
        {
            **json_form.loss_head(loss, found[0].loss),
            "point": found[0].point,
            "how": found[0].how,
            "sensitivities": [
                {
                    "to": one.to, "value": one.value, "derivative": one.derivative,
                    "loss_derivative": one.loss_derivative, "sentence": one.sentence,
                }
                for one in found
            ],
        }
    )  # fmt: skip
    return made
