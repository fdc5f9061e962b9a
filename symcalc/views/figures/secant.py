"""The secant turning into the tangent: (L(x + h) - L(x))/h for smaller and smaller h."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps

from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable
from symcalc.views.figures.cost_curve import POINTS, fit_heights
from symcalc.views.figures.picture import Caption, Picture
from symcalc.views.figures.slices import Slice
from symcalc.views.figures.style import LINES, MARKS, SURFACE, entitle, number, panels, styled

HALVINGS = 4


@styled()
def secant(
    program: Differentiable,
    point: Mapping[str, Any],
    entry: str | None = None,
    widths: Sequence[float] | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """The loss along one entry, its secants for shrinking h, and the tangent they turn into.

    Args:
        program: The compiled loss.
        point: Where the tangent touches and the other entries are held.
        entry: `m`, `w[0]`; the first unless given.
        widths: The steps h, in units of the entry; four halvings of what spans the bowl unless given.
        size: Width and height in inches.

    Raises:
        InputError: There is no such entry, or the loss is not finite at the point.
    """
    figure, (axes,) = panels(1, size)
    view = Slice.at(program, point)
    k = 0 if entry is None else view.index(entry)
    x, loss, slope = float(view.base[k]), view.value, float(view.gradient[k])
    if not (math.isfinite(loss) and math.isfinite(slope)):
        raise InputError("The loss or its slope is not finite at the point: choose another point.")
    hs = sorted(widths or shrinking(x, loss, slope, view.bend(k)), reverse=True)
    caption = _draw(axes, view, k, hs)
    return Picture(figure, caption.title, caption.alt)


def shrinking(x: float, loss: float, slope: float, bend: float) -> list[float]:
    """Steps h worth looking at: the widest goes to the other side of the bowl, each next is half as wide."""
    widest = abs(slope / bend) * 1.6 if math.isfinite(bend) and bend != 0 and slope else 0.0
    if not widest > 1e-6 * max(1.0, abs(x)):
        widest = math.sqrt(2 * abs(loss / bend)) if bend and math.isfinite(loss / bend) and loss else 0.0
    widest = widest or max(1.0, abs(x))
    return [widest / 2**k for k in range(HALVINGS)]


def _draw(axes: Any, view: Slice, k: int, hs: Sequence[float]) -> Caption:
    name, x, f = view.names[k], float(view.base[k]), view.along(k)
    loss, slope = view.value, float(view.gradient[k])
    low, high = x - 0.6 * hs[0], x + 1.15 * hs[0]
    xs = np.linspace(low, high, POINTS)
    ys = np.array([f(value) for value in xs])
    axes.plot(xs, ys, label=f"loss {view.loss_name}", gid="curve", **LINES["curve"])
    shades = colormaps[SURFACE](np.linspace(0.8, 0.25, len(hs)))
    words, ends = [], []
    for h, shade in zip(hs, shades):
        landed = f(x + h)
        rise = (landed - loss) / h
        ends.append(landed)
        label = f"h = {number(h, 3)}: {number(rise)}"
        axes.plot(xs, loss + rise * (xs - x), color=shade, linestyle="-.", linewidth=1.6, label=label, gid="secant")
        axes.plot([x + h], [landed], linestyle="none", marker="s", color=shade, markersize=7, markeredgecolor="black",
                  gid="second point", zorder=5)  # fmt: skip
        words.append(f"h = {number(h, 3)} gives {number(rise)}, off by {number(rise - slope, 3)}")
    axes.plot(xs, loss + slope * (xs - x), label=f"tangent: {number(slope)}", gid="tangent", **LINES["tangent"])
    axes.plot([x], [loss], linestyle="none", gid="point", zorder=6, **MARKS["point"])
    axes.set_xlim(low, high)
    fit_heights(axes, ys, np.array([loss, *ends]))
    held = view.held((k,))
    title = f"Secants along {name} turn into the tangent" + (f" ({held})" if held else "")
    entitle(axes, title, name, f"loss {view.loss_name}")
    axes.legend(loc="best", title="slope")
    alt = (
        f"The loss {view.loss_name} against {name}. At {name} = {number(x)} the tangent has slope {number(slope)}; "
        f"the secant with {'; '.join(words)}."
    )
    return Caption(title, alt)
