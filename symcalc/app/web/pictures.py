"""Pictures that the engine draws for the page, as addresses that hold them: the V of numeric slopes, a run that moves."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symcalc.compute.program import Program
from symcalc.errors import SymcalcError
from symcalc.numeric.rows import Comparison

Document = dict[str, Any]
MOST_FRAMES = 40


def v_curve(found: Comparison) -> Document | None:
    """The error of numeric slopes against h along the first entry; None where there is nothing finite to draw."""
    from symcalc.views.figures.error_curve import DEFAULT, error_curve
    from symcalc.views.figures.inline import svg

    if found.program is None:
        return None
    try:
        picture = error_curve(found.program, found.point, None, DEFAULT)
    except SymcalcError:
        return None
    drawn = base64.b64encode(svg(picture).encode("utf-8")).decode("ascii")
    return {"address": f"data:image/svg+xml;base64,{drawn}", "words": picture.alt}


def moving(program: Program, request: Mapping[str, Any]) -> Document:
    """The walk of the bench as a moving picture.

    Args:
        program: The compiled loss.
        request: `begin` (where the walk began), `optimizer`, `learning_rate` and `walked` (how many steps).
    """
    from symcalc.descent.loop import descend
    from symcalc.views.figures.animation import save

    steps = request.get("walked")
    steps = min(steps, MOST_FRAMES) if isinstance(steps, int) and steps > 0 else MOST_FRAMES
    trace = descend(
        program, request.get("begin") or None, request.get("optimizer") or "gradient-descent",
        learning_rate=request.get("learning_rate"), steps=steps,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk.gif"
        save(trace, str(path))
        image = base64.b64encode(path.read_bytes()).decode("ascii")
    return {"name": "walk.gif", "address": f"data:image/gif;base64,{image}"}
