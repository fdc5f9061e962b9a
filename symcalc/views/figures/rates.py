"""Several learning rates on one loss: how each run falls, labeled where it ends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.notation.promised import below
from symcalc.views.figures.loss import FAR, scaled
from symcalc.views.figures.picture import Picture
from symcalc.views.figures.slices import Run
from symcalc.views.figures.style import PALETTE, entitle, linear, number, panels, styled

# fmt: off
LOOKS: tuple[dict[str, Any], ...] = (
    {"color": PALETTE["blue"], "linestyle": "-", "marker": "o"},
    {"color": PALETTE["orange"], "linestyle": "--", "marker": "s"},
    {"color": PALETTE["bluish green"], "linestyle": "-.", "marker": "^"},
    {"color": PALETTE["vermilion"], "linestyle": ":", "marker": "D"},
    {"color": PALETTE["reddish purple"], "linestyle": (0, (5, 1)), "marker": "v"},
    {"color": PALETTE["sky blue"], "linestyle": (0, (3, 1, 1, 1, 1, 1)), "marker": "P"},
    {"color": PALETTE["black"], "linestyle": (0, (1, 1)), "marker": "X"},
)
# fmt: on


@styled()
def rates(
    runs: Sequence[tuple[float, Run]], name: str = "L", limit: float | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:  # fmt: skip
    """The loss at every step for several learning rates, each line labeled at its end.

    Args:
        runs: (learning rate, run) pairs, at most seven.
        name: What the loss is called.
        limit: The largest stable rate where it is known; rates above it are said to be above.
        size: Width and height in inches.

    Raises:
        InputError: There is no run, or there are too many to be told apart.
    """
    if not 1 <= len(runs) <= len(LOOKS):
        raise InputError(f"Give one to {len(LOOKS)} learning rates; more lines cannot be told apart.")
    figure, (axes,) = panels(1, size or (7.6, 4.8))
    pairs = sorted(runs, key=lambda pair: pair[0])
    begun = max(float(np.asarray(run.losses)[0]) for _, run in pairs)
    # What diverges leaves the picture a little above where all began.
    top = begun * 1e2 if begun > 0 else np.inf
    words, everything, ends = [], [], []
    for (rate, run), look in zip(pairs, LOOKS):
        losses = np.asarray(run.losses, dtype=float)
        indices = run.steps[0].index + np.arange(len(losses))
        good = np.isfinite(losses) & (np.abs(losses) <= min(top, FAR))
        stop = len(losses) if good.all() else int(np.argmin(good))
        kept, at = losses[:stop], indices[:stop]
        axes.plot(at, kept, linewidth=2, markersize=5, markevery=max(1, len(at) // 8), gid=f"rate {rate:g}", **look)
        everything.append(kept)
        gone = stop < len(losses)
        over = limit is not None and rate > limit
        note = " diverges" if gone or losses[-1] > losses[0] else ""
        ends.append((float(at[-1]), float(kept[-1]), f"{number(rate, 3)}{note}", look["color"]))
        words.append(f"Rate {number(rate, 3)} ends at {number(losses[-1])}"
                     + (", above the largest stable rate" if over else "") + ".")  # fmt: skip
    linear(axes.xaxis, whole=True)
    log = scaled(axes, np.concatenate(everything))
    last = max(end[0] for end in ends)
    axes.set_xlim(-0.02 * last, 1.22 * last or 1.0)
    for (x, _, text, color), height in zip(ends, _apart(axes, [end[1] for end in ends], log)):
        axes.annotate(text, (x, height), xytext=(7, 0), textcoords="offset points", va="center", color=color,
                      fontsize=11, fontweight="bold", annotation_clip=False, gid="label")  # fmt: skip
    title = f"Loss {name} at each step, by learning rate"
    if limit is not None:
        told = number(float(below(limit)))
        title += f" (largest stable: {told})"
        words.append(f"The largest stable rate is {told}.")
    entitle(axes, title, "step", f"loss {name}" + (" (log axis)" if log else ""))
    return Picture(figure, title, " ".join(words))


def _apart(axes: Any, heights: list[float], log: bool) -> list[float]:
    """Heights for the labels, moved apart so that none covers another."""
    low, high = axes.get_ylim()
    places = np.array(heights)
    if log:
        low, high, places = np.log10(low), np.log10(high), np.log10(np.maximum(places, low))
    gap, order = 0.055 * (high - low), np.argsort(places, kind="stable")
    places = places.astype(float)
    for before, after in itertools.pairwise(order):
        places[after] = max(places[after], places[before] + gap)
    return [float(10**p if log else p) for p in places]
