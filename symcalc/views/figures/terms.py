"""The terms of a loss along a run: what each adds to the slope in one entry, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.compute.contributions import contributions
from symcalc.errors import InputError
from symcalc.views.figures.picture import Picture
from symcalc.views.figures.rates import LOOKS
from symcalc.views.figures.slices import Slice
from symcalc.views.figures.style import entitle, linear, number, panels, styled

MOST = 60  # steps that are worked out


@styled()
def terms(program: Any, run: Any, entry: str | None = None, size: tuple[float, float] | None = None) -> Picture:
    """What each term of the loss adds to the slope in one entry, at every step of a run.

    Args:
        program: The compiled loss.
        run: The run.
        entry: `m`, `w[0]`; the one with the steepest slope at the start unless given.
        size: Width and height in inches.

    Raises:
        InputError: The loss is no sum, it has too many terms to be told apart, or there is no such entry.
    """
    view = Slice.at(program, run.steps[0].point)
    k = int(np.argmax(np.abs(view.gradient))) if entry is None else view.index(entry)
    chosen = np.unique(np.linspace(0, len(run.steps) - 1, min(len(run.steps), MOST)).astype(int))
    found = [contributions(program, run.steps[int(j)].point) for j in chosen]
    names = [text for text, _ in found[0].terms]
    if len(names) < 2:
        raise InputError("This loss is one term; a picture of its terms needs a sum, such as a loss with a penalty.")
    if len(names) >= len(LOOKS):
        raise InputError(f"This loss has {len(names)} terms; more than {len(LOOKS) - 1} cannot be told apart.")
    flat = [[np.hstack([np.ravel(s[n]) for n in program.layout.names])[k] for _, s in one.terms] for one in found]
    heights = np.array(flat, dtype=float)
    steps = run.steps[0].index + chosen
    figure, (axes,) = panels(1, size or (7.2, 4.8))
    for j, text in enumerate(names):
        axes.plot(steps, heights[:, j], label=text, gid=f"term {j}", markersize=5, linewidth=2, **LOOKS[j])
    axes.plot(
        steps, heights.sum(axis=1), label="their sum, the slope", gid="sum", markersize=5, linewidth=2.4, **LOOKS[-1]
    )
    axes.axhline(0, color="black", linewidth=1)
    linear(axes.xaxis, whole=True)
    name = view.names[k]
    title = f"What each term adds to the slope in {name}"
    entitle(axes, title, "step", f"∂{view.loss_name}/∂{name}")
    axes.legend(loc="best")
    ends = [f"{text} from {number(heights[0, j])} to {number(heights[-1, j])}" for j, text in enumerate(names)]
    return Picture(figure, title, f"The slope in {name} at each step is made of {'; '.join(ends)}.")
