"""Going on from a saved run, with the very same numbers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symcalc.descent.method import Method
from symcalc.descent.methods import Settings, settings_of
from symcalc.descent.optimizer import Optimizer, compiled_rule
from symcalc.descent.record import Record, Stand
from symcalc.descent.save import versions
from symcalc.errors import DataError, InputError
from symcalc.numeric.differentiable import Differentiable, Vector
from symcalc.sources.run_file import number, read_run


@dataclass(frozen=True)
class SavedRun:
    """A run as its file has it.

    Attributes:
        document: The whole document.
        notes: What was said about the run, and about its versions where they differ.
        rate: The fixed learning rate, or None.
        tolerance: The tolerance, or None.
        start_loss: The loss at the very first step.
    """

    document: Mapping[str, Any]
    notes: tuple[str, ...]
    rate: float | None
    tolerance: float | None
    start_loss: float

    def rule(self) -> Optimizer:
        """The optimizer it walked by."""
        row = self.document["optimizer"]
        constants = {name: number(value) for name, value in row["constants"].items()}
        given = tuple(row.get("given", ()))
        return compiled_rule(row["name"], row["formula"], "", constants, _optional(row["learning_rate"]), given)

    @property
    def settings(self) -> Settings:
        """What else it was told."""
        return settings_of(self.document.get("settings", {}))


def saved_run(run: Mapping[str, Any] | str | os.PathLike[str]) -> SavedRun:
    """A saved run, from its document or its path.

    Raises:
        DataError: It cannot be read, or something is missing.
    """
    found = run if isinstance(run, Mapping) else read_run(run)
    try:
        notes = tuple(map(str, found["notes"]))
        saved = SavedRun(
            found, (*notes, *_newer(found["versions"])), _optional(found["learning_rate"]),
            _optional(found["tolerance"]), number(found["start_loss"]),
        )  # fmt: skip
        _ = (found["optimizer"]["state"], found["steps"][-1]["point"], found["t"], found["formula"])
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        where = run if isinstance(run, (str, os.PathLike)) else "The saved run"
        raise DataError(f"{where} cannot be resumed: {error} is missing in it.") from None
    return saved


def check_unasked(
    saved: SavedRun,
    start: Any,
    optimizer: str | Optimizer,
    constants: Mapping[str, float] | None,
    settings: Settings,
) -> None:
    """Nothing may be asked for that the saved run has settled.

    Raises:
        InputError: A start, another optimizer, constants or settings were given.
    """
    kept = replace(saved.settings, steps=settings.steps)
    if not settings.plain and settings != kept:
        raise InputError("A resumed run keeps its batches, schedule, limits and line search: leave them out.")
    if start is not None:
        raise InputError("A resumed run goes on from where it ended: leave the start out.")
    row, asked = saved.document["optimizer"], optimizer.name if isinstance(optimizer, Optimizer) else optimizer
    if asked not in ("gradient-descent", row["name"], row["formula"]):
        raise InputError(f"The saved run walks by {row['name']}: leave the optimizer out, or start anew.")
    if constants:
        raise InputError("A resumed run keeps the constants of its optimizer: leave them out.")


def record_of(saved: SavedRun, program: Differentiable, method: Method) -> Record:
    """The record of a saved run, ready to be walked on.

    Raises:
        InputError: The run is about another loss.
        DataError: Its numbers do not fit.
    """
    _check_loss(saved, program)
    found, layout = saved.document, program.layout

    def vector(values: Mapping[str, Any]) -> Vector:
        return np.array([number(x) for name in layout.names for x in _entries(values[name])], dtype=float)

    try:
        state = tuple(
            np.array([number(x) for x in _entries(found["optimizer"]["state"][name])]) for name in method.states
        )
        steps = found["steps"]
        # A thinned file has gaps: only its end can be walked on from.
        whole = [step["index"] for step in steps] == list(range(int(found["t"]) + 1))
        stands, rate = [], np.nan
        for step in steps if whole else steps[-1:]:
            point, slopes = vector(step["point"]), vector(step["gradient"])
            stands.append(Stand(int(step["index"]), point, number(step["loss"]), slopes, (), rate))
            rate = np.nan if step["learning_rate"] is None else number(step["learning_rate"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"The saved run cannot be resumed: {error} does not fit.") from None
    first_state = method.first_state(len(stands[0].point)) if whole else state
    last = replace(stands[-1], state=state, still=int(found.get("still", 0)))
    record = Record(replace(stands[0] if len(stands) > 1 else last, state=first_state))
    for stand in (*stands[1:-1], last):
        record.add(stand)
    return record


def _check_loss(saved: SavedRun, program: Differentiable) -> None:
    text = saved.document["formula"]
    if text != program.loss.text:
        raise InputError(f"The saved run is about another loss: {text}")
    kept = saved.document.get("kinks", "minimum-norm")
    if kept != getattr(getattr(program, "gradient_equations", None), "kinks", kept):
        raise InputError(f"The saved run takes its slopes at kinks by the convention {kept}: go on with that one.")
    shapes = [(p["name"], tuple(p["shape"])) for p in saved.document["parameters"]]
    if shapes != [(name, program.layout.shapes[name]) for name in program.layout.names]:
        names = ", ".join(name for name, _ in shapes)
        raise InputError(f"The saved run has other parameters ({names}): give the same data and constants.")


def _newer(saved: Mapping[str, str]) -> tuple[str, ...]:
    changed = [f"{k} {saved.get(k)}, now {v}" for k, v in versions().items() if saved.get(k) != v]
    return (f"The run was saved with {'; '.join(changed)}: last digits may differ.",) if changed else ()


def _entries(values: Any) -> list[Any]:
    return [x for v in values for x in _entries(v)] if isinstance(values, list) else [values]


def _optional(value: Any) -> float | None:
    return None if value is None else number(value)
