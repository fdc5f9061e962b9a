"""The loss against the step: how a run went."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from symcalc.views.figures.picture import Caption, Picture
from symcalc.views.figures.slices import Run
from symcalc.views.figures.style import LINES, MARKS, entitle, linear, logarithmic, number, panels, styled

FAR = 1e300


@styled()
def loss_curve(run: Run, name: str = "L", size: tuple[float, float] | None = None) -> Picture:
    """The loss at every step of a run, on a logarithmic axis where all losses are positive.

    Args:
        run: The run.
        name: What the loss is called.
        size: Width and height in inches.
    """
    figure, (axes,) = panels(1, size)
    caption = draw_loss_curve(axes, run, name)
    return Picture(figure, caption.title, caption.alt)


def draw_loss_curve(axes: Any, run: Run, name: str = "L") -> Caption:
    """The same into axes that are there already."""
    losses = np.asarray(run.losses, dtype=float)
    indices = run.steps[0].index + np.arange(len(losses))
    good = np.isfinite(losses)
    # Near the ends of the floats an axis has no room left for its margins.
    shown = np.clip(losses, -FAR, FAR)
    dots = {"marker": "o", "markersize": 5} if len(losses) <= 60 else {}
    axes.plot(indices[good], shown[good], gid="curve", **LINES["curve"], **dots)
    linear(axes.xaxis, whole=True)
    log = scaled(axes, shown[good])
    title = f"Loss {name} at each step"
    entitle(axes, title, "step", f"loss {name}" + (" (log axis)" if log else ""))
    if not good.any():
        return Caption(title, "The loss was not a finite number at any step.")
    first, last = int(np.argmax(good)), len(losses) - 1 - int(np.argmax(good[::-1]))
    ends = [("start", "start", first), ("end", "end" if good[-1] else "last finite", last)]
    for gid, label, k in ends if last > first else ends[:1]:
        axes.plot([indices[k]], [shown[k]], linestyle="none", gid=gid, zorder=5, clip_on=False,
                  label=f"{label}: {number(losses[k])}", **MARKS[gid])  # fmt: skip
    words = [
        f"The loss {name} goes from {number(losses[first])} at step {indices[first]} "
        f"to {number(losses[last])} at step {indices[last]}."
    ]
    lowest = int(np.argmin(np.where(good, losses, np.inf)))
    if losses[lowest] < min(losses[first], losses[last]):
        words.append(f"It is lowest at step {indices[lowest]}: {number(losses[lowest])}.")
    if not good.all():
        bad = indices[~good]
        axes.plot(bad, np.full(len(bad), 0.96), transform=axes.get_xaxis_transform(), linestyle="none",
                  label="not finite", gid="not finite", **MARKS["not finite"])  # fmt: skip
        words.append(f"It is not finite at step {', '.join(map(str, bad[:5]))}.")
    if len(losses) == 1:
        axes.set_xlim(indices[0] - 0.5, indices[0] + 1.5)
    axes.legend(loc="upper right" if losses[last] <= losses[first] else "upper left")
    return Caption(title, " ".join(words))


def scaled(axes: Any, losses: Any) -> bool:
    """A logarithmic axis where all losses are positive; says whether it is one."""
    if not losses.size or losses.min() <= 0 or losses.max() <= losses.min():
        return False
    low, high = max(float(losses.min()), 1 / FAR), float(losses.max())
    # Room for the marks at both ends, in proportion to the way between them.
    room = 10 ** (0.07 * (math.log10(high) - math.log10(low)))
    logarithmic(axes, "y", low / min(room, low * FAR), high * min(room, FAR / high * 1e5))
    return True
