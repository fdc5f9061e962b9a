"""A descent that tells of itself while it walks: by every optimizer there is, over data of any size.

told("run", request, send)       send({"steps": [[0, 246750.0], …]}) … send({"done": {…}})
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from symcalc.errors import FormulaError, InputError, SymcalcError
from symcalc.sources.run_file import plain

Document = dict[str, Any]

RUNS = ("run",)
MOST_STEPS = 100_000
# How often a page can show something new.
EVERY = 1 / 30
MOST_PARAMETERS = 12


def told(name: str, request: Mapping[str, Any], send: Callable[[Document], None]) -> None:
    """Walks, and sends what came; a fault is a document too.

    Args:
        name: One of RUNS.
        request: What `asked.found` reads, and `optimizer`, `learning_rate`, `steps`, `point` to begin at.
        send: Takes {"steps": [[index, loss], …]}, and {"done": …} or {"error": …} in the end.
    """
    try:
        send({"done": _run(request, _Telling(send))})
    except FormulaError as error:
        send({"error": {"reason": error.reason}})
    except SymcalcError as error:
        send({"error": {"reason": str(error)}})
    except (RecursionError, MemoryError):
        send({"error": {"reason": "The formula is too large to be worked on here."}})


class _Telling:
    """Gathers steps, and sends them as often as they can be shown."""

    def __init__(self, send: Callable[[Document], None]) -> None:
        self.send, self.steps, self.sent = send, [], 0.0  # type: tuple[Any, list[Any], float]

    def step(self, index: int, loss: float) -> None:
        """Called after every step."""
        self.steps.append([index, loss if math.isfinite(loss) else None])
        if time.monotonic() - self.sent >= EVERY:
            self.flush()

    def flush(self) -> None:
        """Sends what was gathered."""
        if self.steps:
            self.send({"steps": self.steps})
            self.steps, self.sent = [], time.monotonic()


def _run(request: Mapping[str, Any], telling: _Telling) -> Document:
    from symcalc.app.web.asked import found
    from symcalc.compute.program import compile_gradient
    from symcalc.descent.loop import descend
    from symcalc.views.steps import shown

    gradient = found(request).gradient
    if gradient is None:
        raise InputError("The loss has no parameters, so there is nothing to walk on.")
    program = compile_gradient(gradient)
    rate, steps = request.get("learning_rate"), request.get("steps", 100)
    if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps <= MOST_STEPS:
        raise InputError(f"The number of steps is a whole number from 0 to {MOST_STEPS:,}.")
    known = {n: v for n, v in (request.get("point") or {}).items() if n in program.layout.names}
    optimizer = request.get("optimizer") or "gradient-descent"
    if not isinstance(optimizer, str):
        raise InputError("An optimizer is a name or the lines of a rule.")
    trace = descend(program, known or None, optimizer, learning_rate=rate, steps=steps, on_step=telling.step)
    telling.flush()
    rows = [
        {"index": s.index, "loss": s.loss, "predicted": s.predicted_change, "came": s.actual_change,
         "point": s.point if program.layout.total <= MOST_PARAMETERS else None}
        for s in (trace.steps[k] for k in shown(0, len(trace.steps) - 1))
    ]  # fmt: skip
    made: Document = plain({
        "optimizer": trace.optimizer.name, "formula": trace.optimizer.formula, "learning_rate": trace.learning_rate,
        "steps": len(trace.steps) - 1, "loss": trace.loss, "point": trace.point, "message": trace.message,
        "stop_reason": trace.stop_reason.word, "notes": list(trace.notes), "rows": rows,
    })  # fmt: skip
    return made
