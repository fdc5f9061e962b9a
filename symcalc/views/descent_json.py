"""A descent as one JSON document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from symcalc.curvature.joints import kinks_at
from symcalc.descent.accurate import accuracy_of
from symcalc.descent.polish import Polished
from symcalc.descent.save import steps_document
from symcalc.descent.side_by_side import SideBySide
from symcalc.descent.trace import Trace
from symcalc.sources.run_file import plain
from symcalc.views import ending, kinks, side_by_side, subdifferential


def document(trace: Trace, twin: SideBySide | None = None) -> dict[str, Any]:
    """Everything about a descent, ready for JSON: all steps, whatever the screen would show; and its numeric twin.

    Arrays are nested lists, numbers that are not finite are the words "nan", "inf" and "-inf".
    """
    loss: Any = trace.program.loss
    gradient: Any = trace.program.gradient_equations  # type: ignore[attr-defined]
    verdict, optimizer = gradient.verdict, trace.optimizer
    finite = bool(np.isfinite(trace.walked.record.last.point).all())
    standing = kinks_at(trace.program, trace.point) if finite else ()
    program: Any = trace.program
    worth = accuracy_of(trace)
    found: dict[str, Any] = plain(
        {
            "formula": loss.text,
            "parameters": [{"name": n, "shape": trace.walked.layout.shapes[n]} for n in trace.walked.layout.names],
            "columns": [{"name": c.name, "shape": c.shape} for c in loss.columns],
            "constants": {c.name: loss.values.get(c.name) for c in loss.constants},
            "optimizer": {"name": optimizer.name, "formula": optimizer.formula, "constants": optimizer.constants},
            "learning_rate": trace.learning_rate,
            "compare": trace.compare,
            "h": trace.h,
            "tolerance": trace.tolerance,
            "gradient": [{"parameter": n, "text": text} for n, text in gradient.text.items()],
            "checked": {"status": verdict.status, "sentence": verdict.sentence},
            "notes": [*loss.notes, *trace.notes],
            "convention": gradient.kinks,
            "conventions": kinks.conventions(loss, gradient.kinks),
            "kinks": list(standing),
            **(subdifferential.document(program, trace.point) if standing else {}),
            **({} if trace.growth is None else {"growth": {**asdict(trace.growth), "sentence": trace.growth.sentence}}),
            "settings": asdict(trace.settings),
            "polished": polished(trace.polished),
            "dtype": program.precision.name,
            "accuracy": None if worth is None else {**asdict(worth), "sentence": worth.sentence},
            "ending": ending.document(trace) if finite else None,
            **({} if twin is None else {"side_by_side": side_by_side.document(twin)}),
            **steps_document(trace),
        }
    )
    return found


def polished(found: Polished | None) -> dict[str, Any] | None:
    """The end at many digits, as text; None where it was not asked for."""
    if found is None:
        return None
    return {
        "digits": found.digits, "point": found.point, "loss": found.loss, "float64_digits": found.float64,
        "steps": found.steps, "message": found.sentence,
    }  # fmt: skip
