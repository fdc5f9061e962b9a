"""A descent as a document: what JSON shows of it, and a file to go on from or to predict with."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np

from symcalc.compute.precision import FLOAT64
from symcalc.descent.trace import Step, Trace
from symcalc.sources.run_file import plain, write_run

# Above this many steps or numbers a file keeps evenly spaced steps, the first and the last among them.
MANY_STEPS, MANY_NUMBERS, KEPT = 10_000, 2_000_000, 1_000


def step_document(step: Step, numeric: bool = False) -> dict[str, Any]:
    """One step as JSON has it; None where the last step has no next one.

    Args:
        step: The step.
        numeric: Whether to measure and show its numeric slopes.
    """
    shown = {
        "index": step.index,
        "point": step.point,
        "loss": step.loss,
        "gradient": step.gradient,
        "slope_change": step.slope_change,
        "curvature_change": step.curvature_change,
        "predicted_change": step.predicted_change,
        "actual_change": step.actual_change,
        "learning_rate": step.learning_rate,
    }
    if numeric:
        shown["numeric"] = step.numeric
    found: dict[str, Any] = plain(shown)
    return found


def steps_document(trace: Trace, steps: Iterable[Step] | None = None) -> dict[str, Any]:
    """How a descent went, as JSON has it: steps, stop_reason, message, point, loss.

    Args:
        trace: The descent.
        steps: Which of its steps to show; all unless given.
    """
    chosen = trace.steps if steps is None else steps
    found: dict[str, Any] = plain(
        {
            "steps": [step_document(step, trace.compare is not None) for step in chosen],
            "stop_reason": trace.stop_reason.word,
            "message": trace.message,
            "point": trace.point,
            "loss": trace.loss,
        }
    )
    return found


def document(trace: Trace) -> dict[str, Any]:
    """Everything a run file holds: how it went, whose loss it is, and the state to go on from."""
    found: dict[str, Any] = plain({**_frame(trace), **steps_document(trace, _kept(trace))})
    return found


def checkpoint_document(trace: Trace) -> dict[str, Any]:
    """What a run file holds while the run still walks: all it takes to go on, without the changes predicted."""
    steps = [
        {"index": s.index, "point": s.point, "loss": s.loss, "gradient": s.gradient, "learning_rate": s.learning_rate}
        for s in _kept(trace)
    ]
    found: dict[str, Any] = plain({**_frame(trace), **steps_document(trace, ()), "steps": steps})
    return found


def _frame(trace: Trace) -> dict[str, Any]:
    """What stands in a run file besides how the run went."""
    program, last = trace.program, trace.walked.record.last
    optimizer, settings = trace.optimizer, trace.settings
    training = getattr(program, "training_values", None)
    return {
        **_whose(program),
        "training": training(trace.point) if callable(training) and _finite(trace) else {},
        "optimizer": {
            "name": optimizer.name,
            "formula": optimizer.formula,
            "constants": optimizer.constants,
            "learning_rate": optimizer.learning_rate,
            "given": optimizer.given,
            "state": dict(zip(trace.walked.method.states, last.state)),
        },
        "settings": asdict(settings),
        "learning_rate": trace.learning_rate,
        "tolerance": trace.tolerance,
        "t": last.index,
        "still": last.still,
        "start_loss": trace.start_loss,
        "notes": trace.notes,
        "dtype": getattr(program, "precision", FLOAT64).name,
        "versions": versions(),
        "gradient": trace.steps[-1].gradient,
    }


def save(trace: Trace, path: str | os.PathLike[str]) -> None:
    """Write a run file, whole or not at all.

    Raises:
        InputError: The file cannot be written.
    """
    write_run(path, document(trace))


def versions() -> dict[str, str]:
    """What the last digits of a run depend on."""
    return {"python": platform.python_version(), "numpy": np.__version__, "machine": platform.machine()}


def _whose(program: Any) -> dict[str, Any]:
    loss = program.loss
    data = getattr(loss, "data", None)
    values = getattr(loss, "values", None) or {}
    headers = getattr(loss, "headers", None) or {}
    labels = getattr(loss, "labels", None) or {}
    return {
        "formula": loss.text,
        "kinks": getattr(getattr(program, "gradient_equations", None), "kinks", "minimum-norm"),
        # A run is resumed from the path of its table, not from the name that messages call it.
        "data": getattr(data, "file", None) or getattr(data, "name", None),
        "parameters": [{"name": n, "shape": program.layout.shapes[n]} for n in program.layout.names],
        "columns": [
            {"name": c.name, "shape": c.shape, "headers": headers.get(c.name, (c.name,)), "how": c.how,
             **({"classes": labels[c.name]} if c.name in labels else {})}
            for c in getattr(loss, "columns", ())
        ],
        "constants": {c.name: values.get(c.name) for c in getattr(loss, "constants", ())},
        "structures": {
            n.name: n.structure
            for n in (*loss.parameters, *getattr(loss, "constants", ()))
            if getattr(n, "structure", "")
        },
        "reading": {
            n.name: n.how for n in (*loss.parameters, *getattr(loss, "constants", ())) if n.how
        },
    }  # fmt: skip


def _finite(trace: Trace) -> bool:
    return bool(np.isfinite(trace.walked.record.last.point).all())


def _kept(trace: Trace) -> list[Step]:
    count, size = len(trace.steps), len(trace.walked.record.last.point)
    if count <= MANY_STEPS and count * max(1, size) <= MANY_NUMBERS:
        return list(trace.steps)
    places = np.unique(np.linspace(0, count - 1, min(KEPT, count)).round().astype(int))
    if len(places) * size > MANY_NUMBERS:
        places = np.unique([0, count - 1])
    return [trace.steps[int(k)] for k in places]
