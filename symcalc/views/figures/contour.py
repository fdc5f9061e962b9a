"""The contour: the loss over two parameters seen from above, with the path of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import patheffects
from matplotlib.colors import BoundaryNorm

from symcalc.numeric.differentiable import Differentiable
from symcalc.views.figures.landscape import Landscape
from symcalc.views.figures.picture import Caption, Picture
from symcalc.views.figures.slices import Path, Run, Slice
from symcalc.views.figures.style import LINES, MARKS, SETTINGS, SURFACE, entitle, number, panels, styled

LEVELS = 12
ARROWS = 5  # a side


@styled()
def contour(
    program: Differentiable,
    point: Mapping[str, Any],
    run: Run | None = None,
    entries: tuple[str, str] | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """Lines of equal loss over two entries, arrows that point downhill, and the path of a run.

    Args:
        program: The compiled loss.
        point: Where the other entries are held.
        run: The run; its start is a circle, its end a star.
        entries: The two entries; those that changed most along the run unless given.
        size: Width and height in inches.

    Raises:
        InputError: There are not two entries, or none of that name.
    """
    figure, (axes,) = panels(1, size)
    caption = draw_contour(axes, program, point, run, entries)
    return Picture(figure, caption.title, caption.alt)


def draw_contour(
    axes: Any,
    program: Differentiable,
    point: Mapping[str, Any],
    run: Run | None = None,
    entries: tuple[str, str] | None = None,
) -> Caption:
    """The same into axes that are there already."""
    land = Landscape.around(program, point, run, entries, "contour")
    view, path, pair, visited, low, high = land.view, land.path, land.pair, land.visited, land.low, land.high
    loss = land.loss
    levels = log_levels(loss)
    if levels is not None:
        _surface(axes, land.xs, land.ys, loss, levels, view.loss_name)
    _downhill(axes, view, pair, low, high)
    _path(axes, visited, path)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    one, two = (view.names[k] for k in pair)
    held = view.held(pair)
    title = f"Loss over {one} and {two}" + (f" ({held})" if held else "")
    entitle(axes, title, one, two)
    ranges = [f"{view.names[k]} from {number(low[j], 3)} to {number(high[j], 3)}" for j, k in enumerate(pair)]
    words = [f"Lines of equal loss {view.loss_name} over {' and '.join(ranges)}."]
    if held:
        words.append(f"{held}.")
    if len(path.points):
        ends = [f"{one} = {number(p[0])}, {two} = {number(p[1])}" for p in (visited[0], visited[-1])]
        words.append(f"The path goes from {ends[0]} with loss {number(path.losses[0])} "
                     f"to {ends[1]} with loss {number(path.losses[-1])}.")  # fmt: skip
    if path.shown:
        words.append(path.shown)
    return Caption(title, " ".join(words))


def log_levels(loss: Any) -> Any:
    """Levels that crowd towards the lowest loss: even steps of the logarithm of what is above it.

    Args:
        loss: The loss over the grid; what is not finite is left out.

    Returns:
        LEVELS + 1 rising levels, the lowest loss first; None where the loss is flat.
    """
    finite = loss[np.isfinite(loss)]
    if not finite.size:
        return None
    low, high = float(finite.min()), float(finite.max())
    if not high - low > 1e-12 * max(abs(high), abs(low)):
        return None
    # What is above by less than this lies within one cell of the grid.
    smallest = float(np.quantile(finite, 0.01)) - low
    start = np.clip(smallest, 1e-5 * (high - low), 0.1 * (high - low))
    return np.concatenate([[low], low + np.geomspace(start, high - low, LEVELS)])


def _surface(axes: Any, xs: Any, ys: Any, loss: Any, levels: Any, name: str) -> None:
    axes.grid(False)
    shown = np.ma.masked_invalid(loss)
    norm = BoundaryNorm(levels, 256)
    filled = axes.contourf(xs, ys, shown, levels=levels, cmap=SURFACE, norm=norm)
    lines = axes.contour(xs, ys, shown, levels=levels[1:-1], colors="white", linewidths=0.8, alpha=0.7)
    filled.set_gid("surface")
    lines.set_gid("levels")
    bar = axes.figure.colorbar(filled, ax=axes, ticks=levels[::3], spacing="uniform", pad=0.02)
    bar.ax.set_yticklabels([number(level, 3) for level in levels[::3]])
    bar.ax.tick_params(labelsize=SETTINGS["ytick.labelsize"])
    bar.set_label(f"loss {name} (log levels)")


def _downhill(axes: Any, view: Slice, pair: list[int], low: Any, high: Any) -> None:
    """Arrows against the gradient, all equally long: the direction of a step in these units."""
    span = high - low
    places, ways = [], []
    for a in (np.arange(ARROWS) + 0.5) / ARROWS:
        for b in (np.arange(ARROWS) + 0.5) / ARROWS:
            place = low + span * np.array([a, b])
            slope = view.moved(pair, place).gradient[pair]
            length = float(np.hypot(*(slope / span)))
            if np.isfinite(length) and length > 0:
                places.append(place)
                ways.append(-slope / length * 0.07)
    if places:
        (x, y), (u, v) = np.array(places).T, np.array(ways).T
        axes.quiver(x, y, u, v, angles="xy", scale_units="xy", scale=1, width=0.006, color="white",
                    edgecolor="black", linewidth=0.6, gid="downhill", zorder=3)  # fmt: skip


def _path(axes: Any, visited: Any, path: Path) -> None:
    outline = [patheffects.withStroke(linewidth=4, foreground="black")]
    if len(visited) > 1:
        dots = {"marker": "o", "markersize": 3.5} if len(visited) <= 60 else {}
        axes.plot(*visited.T, gid="path", label="path", zorder=4, path_effects=outline, **LINES["path"], **dots)
    first = f"start, step {path.indices[0]}" if path.indices else "the point"
    axes.plot(*visited[:1].T, linestyle="none", label=first, gid="start", zorder=6, **MARKS["start"])
    if len(visited) > 1:
        last = f"end, step {path.indices[-1]}" if path.whole else f"step {path.indices[-1]}"
        axes.plot(*visited[-1:].T, linestyle="none", label=last, gid="end", zorder=7, **MARKS["end"])
    axes.plot([], [], linestyle="none", marker=">", markersize=8, markerfacecolor="white",
              markeredgecolor="black", label="downhill")  # fmt: skip
    axes.legend(loc="best")
