"""The surface: the loss over two parameters as a landscape, with the path of a run on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable
from symcalc.views.figures.landscape import Landscape
from symcalc.views.figures.picture import Picture
from symcalc.views.figures.slices import Run, Slice
from symcalc.views.figures.style import MARKS, SETTINGS, SURFACE, number, styled, tick


@styled()
def surface(
    program: Differentiable,
    point: Mapping[str, Any],
    run: Run | None = None,
    entries: tuple[str, str] | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """The loss over two entries as a landscape seen from the side.

    Args:
        program: The compiled loss.
        point: Where the other entries are held.
        run: The run; its start is a circle, its end a star.
        entries: The two entries; those that changed most along the run unless given.
        size: Width and height in inches.

    Raises:
        InputError: There are not two entries, or none of that name, or the loss is nowhere finite.
    """
    land = Landscape.around(program, point, run, entries, "surface")
    view, path, pair, visited, low, high = land.view, land.path, land.pair, land.visited, land.low, land.high
    loss = land.loss
    if not np.isfinite(loss).any():
        raise InputError("The loss is not finite anywhere near the point: choose another point.")
    figure = Figure(figsize=size or (7.2, 5.6), layout="constrained")
    axes: Any = figure.add_subplot(projection="3d", computed_zorder=False)
    bottom, top = float(np.nanmin(loss)), float(np.nanmax(np.where(np.isfinite(loss), loss, np.nan)))
    axes.plot_surface(*np.meshgrid(land.xs, land.ys), loss, cmap=SURFACE, linewidth=0, antialiased=True, alpha=0.85,
                      rstride=1, cstride=1, vmin=bottom, vmax=top, gid="surface", zorder=1)  # fmt: skip
    losses = path.losses if len(view.base) == 2 and len(path.points) else _on_it(view, pair, visited)
    # A hair above the landscape, or half of the path would sink into it.
    lifted = losses + 0.01 * (top - bottom)
    if len(visited) > 1:
        axes.plot(*visited.T, lifted, color="black", linewidth=2, marker="o", markersize=3, gid="path", zorder=4)
    first = f"start, step {path.indices[0]}" if path.indices else "the point"
    axes.plot(*visited[:1].T, lifted[:1], linestyle="none", label=first, gid="start", zorder=6, **MARKS["start"])
    if len(visited) > 1:
        last = f"end, step {path.indices[-1]}" if path.whole else f"step {path.indices[-1]}"
        axes.plot(*visited[-1:].T, lifted[-1:], linestyle="none", label=last, gid="end", zorder=7, **MARKS["end"])
    one, two = (view.names[k] for k in pair)
    held = view.held(pair)
    title = f"Loss {view.loss_name} over {one} and {two}" + (f" ({held})" if held else "")
    axes.set_title(title, loc="left")
    axes.set(xlabel=one, ylabel=two, zlabel=f"loss {view.loss_name}")
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_major_locator(MaxNLocator(nbins=5))
        axis.set_major_formatter(FuncFormatter(lambda v, _, a=axis: tick(v, np.abs(a.get_view_interval()).max())))
        axis.set_tick_params(labelsize=SETTINGS["xtick.labelsize"] - 1)
        axis.labelpad = 9
    axes.zaxis.labelpad = 16
    axes.view_init(elev=32, azim=-58)
    axes.legend(loc="upper right")
    alt = (
        f"The loss {view.loss_name} as a landscape over {one} from {number(low[0], 3)} to {number(high[0], 3)} and "
        f"{two} from {number(low[1], 3)} to {number(high[1], 3)}; its heights go from {number(bottom)} to {number(top)}."
    )
    if len(visited) > 1:
        alt += f" The path goes down from {number(losses[0])} to {number(losses[-1])}."
    return Picture(figure, title, alt + (f" {path.shown}" if path.shown else ""))


def _on_it(view: Slice, pair: list[int], visited: Any) -> Any:
    """The loss below each point of the path, the other entries held."""
    return np.array([view.moved(pair, place).value for place in visited])
