"""The cost curve: the loss along one parameter, its slope at a point, and where a step should land."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcalc.numeric.differentiable import Differentiable
from symcalc.views.figures.picture import Caption, Picture
from symcalc.views.figures.slices import Path, Run, Slice
from symcalc.views.figures.style import LINES, MARKS, PALETTE, entitle, number, panels, styled

POINTS = 241


@styled()
def cost_curve(
    program: Differentiable,
    point: Mapping[str, Any],
    entry: str | None = None,
    update: Mapping[str, Any] | None = None,
    run: Run | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """The loss along one entry with its tangent, a step's arrow, and its predicted and true landing.

    Args:
        program: The compiled loss.
        point: Where the tangent touches and the other entries are held.
        entry: `m`, `w[0]`; the one that the step changes most unless given.
        update: The step taken from there, parameter name → change; no arrow without.
        run: The run, whose points are marked on the curve.
        size: Width and height in inches.

    Raises:
        InputError: There is no such entry.
    """
    figure, (axes,) = panels(1, size)
    caption = draw_cost_curve(axes, program, point, entry, update, run)
    return Picture(figure, caption.title, caption.alt)


def draw_cost_curve(
    axes: Any,
    program: Differentiable,
    point: Mapping[str, Any],
    entry: str | None = None,
    update: Mapping[str, Any] | None = None,
    run: Run | None = None,
) -> Caption:
    """The same into axes that are there already."""
    view = Slice.at(program, point)
    moves = np.zeros_like(view.base) if update is None else np.asarray(view.layout.joined(update))
    k = int(np.argmax(np.abs(moves))) if entry is None else view.index(entry)
    name, x, move = view.names[k], float(view.base[k]), float(moves[k])
    f, loss, slope, bend = view.along(k), view.value, float(view.gradient[k]), view.bend(k)
    path = Path.of(run, len(view.base))
    visited = path.points[:, k]
    # Other entries move along a run too: its marks go on this curve all the same.
    heights = path.losses if len(view.base) == 1 else np.array([f(value) for value in visited])
    low, high = reach([x, x + move, *visited], x, loss, slope, bend)
    xs = np.linspace(low, high, POINTS)
    ys = np.array([f(value) for value in xs])
    axes.plot(xs, ys, label=f"loss {view.loss_name}", gid="curve", **LINES["curve"])
    # A quarter of the width to either side: enough to see how it touches, and where it leaves the curve.
    ends = np.array([x - (high - low) / 4, x + (high - low) / 4])
    label = f"tangent, slope {number(slope)}"
    axes.plot(ends, loss + slope * (ends - x), label=label, gid="tangent", **LINES["tangent"])
    if len(visited) > 1:
        _mark(axes, "visited", visited, heights, "steps of the run", zorder=4)
    _mark(axes, "point", [x], [loss], f"{name} = {number(x)}, loss {number(loss)}", zorder=5)
    words = [
        f"The loss {view.loss_name} against {name} from {number(low, 3)} to {number(high, 3)}. "
        f"At {name} = {number(x)} the loss is {number(loss)} and the tangent has slope {number(slope)}."
    ]
    known = [loss, *heights]
    if move:
        change, landed = slope * move + bend * move * move / 2, f(x + move)
        known += [loss + change, landed]
        _arrow(axes, (x, loss), (x + move, loss + change))
        _mark(axes, "predicted", [x + move], [loss + change], f"predicted landing {number(loss + change)}", 6)
        _mark(axes, "landing", [x + move], [landed], f"true landing {number(landed)}", 7)
        words.append(
            f"The step to {name} = {number(x + move)} was predicted to change the loss by {number(change)}, "
            f"to {number(loss + change)}; there it is {number(landed)}."
        )
    if path.shown:
        words.append(path.shown)
    axes.set_xlim(low, high)
    fit_heights(axes, ys, np.array(known))
    held = view.held((k,))
    title = f"Loss along {name}" + (f" ({held})" if held else "")
    entitle(axes, title, name, f"loss {view.loss_name}")
    axes.legend(loc="best")
    return Caption(title, " ".join(words))


def _mark(axes: Any, role: str, x: Any, y: Any, label: str, zorder: float) -> None:
    axes.plot(x, y, linestyle="none", label=label, gid=role, zorder=zorder, **MARKS[role])


def reach(marks: Sequence[float], x: float, loss: float, slope: float, bend: float) -> tuple[float, float]:
    """From where to where to draw: all marks, and the bottom of the bowl where it is near.

    Args:
        marks: Places along the parameter that must be seen; x is one of them.
        x: Where the tangent touches.
        loss: The loss there.
        slope: Its first derivative there.
        bend: Its second derivative there.
    """
    seen = [value for value in marks if math.isfinite(value)] or [x]
    span = max(seen) - min(seen)
    if math.isfinite(bend) and bend > 0:
        way = -slope / bend
        if span == 0 or abs(way) <= 3 * span:
            # As far up the other side as shows that it is a bowl.
            seen += [x + way, x + 1.6 * way]
            span = max(seen) - min(seen)
        if span == 0 and math.isfinite(loss):
            span = math.sqrt(2 * abs(loss) / bend)
    if not span > 1e-12 * abs(x):
        span = max(1.0, abs(x))
        seen += [x - span / 2, x + span / 2]
    return min(seen) - 0.15 * span, max(seen) + 0.15 * span


def fit_heights(axes: Any, ys: Any, known: Any) -> None:
    """Limits that keep all marks and do not let a steep end of the curve flatten the rest."""
    ys, known = ys[np.isfinite(ys)], known[np.isfinite(known)]
    every = np.concatenate([ys, known])
    if not every.size:
        return
    low, top = float(every.min()), float(every.max())
    rise = float(known.max()) - low if known.size else 0.0
    if rise > 0.02 * (top - low):
        top = min(top, low + 2.5 * rise)
    room = (top - low) or max(1.0, abs(low))
    axes.set_ylim(low - 0.08 * room, top + 0.05 * room)


def _arrow(axes: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", xy=end, xytext=start, gid="step", zorder=4, arrowprops={
        "arrowstyle": "-|>", "color": PALETTE["orange"], "linewidth": 2.2, "mutation_scale": 18,
        "shrinkA": 5, "shrinkB": 7,
    })  # fmt: skip
