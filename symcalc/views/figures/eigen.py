"""The eigen-directions on the contour: along which way the loss bends most, and least."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import patheffects

from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable
from symcalc.views.figures.contour import draw_contour
from symcalc.views.figures.picture import Picture
from symcalc.views.figures.slices import Run, Slice
from symcalc.views.figures.style import PALETTE, number, panels, styled

# Steepest first; told apart by color and by the kind of line.
LOOKS = (("steepest", PALETTE["vermilion"], "-"), ("flattest", PALETTE["sky blue"], "--"))


@styled()
def eigen(
    program: Differentiable,
    point: Mapping[str, Any],
    run: Run | None = None,
    entries: tuple[str, str] | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """Lines of equal loss over two entries with the eigenvectors of the Hessian at the point.

    Args:
        program: The compiled loss.
        point: Where the Hessian is taken and the other entries are held.
        run: A run, whose path is drawn too.
        entries: The two entries; those that changed most along the run, else the first two.
        size: Width and height in inches.

    Raises:
        InputError: There are not two entries, or the Hessian is not finite at the point.
    """
    figure, (axes,) = panels(1, size or (7.0, 5.2))
    caption = draw_contour(axes, program, point, run, entries)
    view = Slice.at(program, point)
    pair = [view.index(word) for word in (axes.get_xlabel(), axes.get_ylabel())]
    bend = block(view, pair)
    if not np.isfinite(bend).all():
        raise InputError("The second derivatives are not finite at the point: choose another point.")
    values, vectors = np.linalg.eigh(bend)
    words = []
    limits = np.array([axes.get_xlim(), axes.get_ylim()])
    for place, (word, color, line) in zip((1, 0), LOOKS):
        value, vector = float(values[place]), vectors[:, place]
        ends = _through(view.base[pair], vector, limits)
        label = f"{word}: bend {number(value)}"
        axes.plot(*ends.T, color=color, linestyle=line, linewidth=2.2, label=label, gid=word, zorder=3.5,
                  path_effects=[patheffects.withStroke(linewidth=4, foreground="black")])  # fmt: skip
        across = ", ".join(f"{view.names[k]} {number(part, 3)}" for k, part in zip(pair, vector))
        words.append(f"The {word} way is ({across}), where it bends by {number(value)}.")
    axes.set_xlim(*limits[0])
    axes.set_ylim(*limits[1])
    axes.legend(loc="best")
    title = caption.title.replace("Loss over", "How the loss bends over")
    axes.set_title(axes.get_title(loc="left").replace("Loss over", "How the loss bends over"))
    if values[0] > 0:
        words.append(f"The condition number is {number(values[1] / values[0])}.")
    return Picture(figure, title, f"{caption.alt} {' '.join(words)}")


def block(view: Slice, pair: list[int]) -> Any:
    """The second derivatives in two entries at the point, (2, 2)."""
    rows = []
    for k in pair:
        unit = np.zeros_like(view.base)
        unit[k] = 1.0
        with np.errstate(all="ignore"):
            rows.append(np.asarray(view.program.hessian_product(view.base, unit), dtype=float)[pair])
    found = np.array(rows)
    return (found + found.T) / 2


def _through(place: Any, vector: Any, limits: Any) -> Any:
    """The part of a line through a place that lies inside the axes, as its two ends (2, 2)."""
    with np.errstate(all="ignore"):
        ways = (limits - place[:, None]) / vector[:, None]
    ways = np.where(np.isfinite(ways), ways, np.inf * np.array([-1.0, 1.0]))
    low, high = float(np.max(ways.min(axis=1))), float(np.min(ways.max(axis=1)))
    return place + np.outer([low, high], vector)
