"""Basins of attraction: where a descent ends, for every start of a grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap

from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable
from symcalc.views.figures.picture import Picture
from symcalc.views.figures.slices import Slice
from symcalc.views.figures.style import MARKS, PALETTE, entitle, number, panels, styled

SIDE, STEPS, MOST = 61, 400, 6
COLORS = tuple(PALETTE[word] for word in ("blue", "orange", "bluish green", "reddish purple", "sky blue", "yellow"))
NOWHERE = "#BBBBBB"
Evaluate = Callable[[Any], tuple[Any, Any]]


@dataclass(frozen=True)
class Basins:
    """Where descents from a grid of starts end.

    Attributes:
        xs: Starts in the first entry, (a,).
        ys: Starts in the second entry, (b,).
        ends: The minima reached, most starts first: (losses' place in the plane, loss) each.
        index: For every start, which of `ends` it reaches, (b, a); -1 where it reaches none.
    """

    xs: Any
    ys: Any
    ends: tuple[tuple[float, float, float], ...]
    index: Any


@styled()
def basins(
    program: Differentiable,
    point: Mapping[str, Any],
    low: tuple[float, float],
    high: tuple[float, float],
    entries: tuple[str, str] | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """Every start of a grid in the color of the minimum that a descent from it reaches.

    Args:
        program: The compiled loss.
        point: Where the other entries are held.
        low: Lowest starts of the two entries.
        high: Highest starts of the two entries.
        entries: The two entries; the first two unless given.
        size: Width and height in inches.

    Raises:
        InputError: There are not two entries, or no start reaches a minimum.
    """
    view = Slice.at(program, point)
    if len(view.base) < 2:
        raise InputError("Basins need two parameters; this loss has one.")
    pair = [0, 1] if entries is None else [view.index(word) for word in entries]
    if len(set(pair)) != 2:
        raise InputError("Basins need two different parameters.")
    found = basins_of(view, pair, low, high)
    if not found.ends:
        raise InputError("No descent from this grid comes to rest at a minimum: choose another range.")
    figure, (axes,) = panels(1, size or (7.6, 5.2))
    axes.grid(False)
    shown = min(len(found.ends), MOST)
    index = np.where((found.index < 0) | (found.index >= shown), shown, found.index)
    colors = ListedColormap([*COLORS[:shown], NOWHERE])
    axes.pcolormesh(found.xs, found.ys, index, cmap=colors, vmin=-0.5, vmax=shown + 0.5, shading="nearest", alpha=0.8,
                    rasterized=True, gid="basins")  # fmt: skip
    one, two = (view.names[k] for k in pair)
    words, total = [], found.index.size
    for k, (x, y, loss) in enumerate(found.ends[:shown]):
        share = 100 * float((found.index == k).sum()) / total
        text = f"{k + 1}: loss {number(loss, 4)}, {share:.0f} % of starts"
        axes.plot([x], [y], linestyle="none", gid=f"minimum {k + 1}", label=text, zorder=5,
                  **{**MARKS["end"], "markerfacecolor": COLORS[k]})  # fmt: skip
        axes.annotate(str(k + 1), (x, y), xytext=(9, 7), textcoords="offset points", fontweight="bold", gid="number")
        words.append(f"{share:.0f} % reach {one} = {number(x, 4)}, {two} = {number(y, 4)} with loss {number(loss, 4)}.")
    lost = 100 * float((index == shown).sum()) / total
    if lost:
        axes.plot(
            [], [], linestyle="none", marker="s", markersize=11, color=NOWHERE, label=f"none of these, {lost:.0f} %"
        )
        words.append(f"{lost:.0f} % reach none of these.")
    held = view.held(pair)
    title = f"Which minimum a start reaches, over {one} and {two}" + (f" ({held})" if held else "")
    entitle(axes, title, one, two)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2)
    return Picture(figure, title, f"Of {total:,} starts: {' '.join(words)}")


def basins_of(view: Slice, pair: list[int], low: tuple[float, float], high: tuple[float, float]) -> Basins:
    """Descends from every start of a grid, each step halved until the loss falls, and sorts the ends."""
    xs, ys = (np.linspace(low[k], high[k], SIDE) for k in (0, 1))
    cell = np.array([xs[1] - xs[0], ys[1] - ys[0]])
    index, evaluate = np.full((SIDE, SIDE), -1), _evaluation(view.program)
    ends: list[tuple[float, float, float]] = []
    with np.errstate(all="ignore"):
        for b, y in enumerate(ys):
            for a, x in enumerate(xs):
                landed = _descended(view, evaluate, pair, np.array([x, y]), 2 * cell)
                if landed is None:
                    continue
                near = [k for k, end in enumerate(ends) if np.all(np.abs(landed[:2] - end[:2]) < cell)]
                if not near:
                    near = [len(ends)]
                    ends.append((float(landed[0]), float(landed[1]), float(landed[2])))
                index[b, a] = near[0]
    counts = [int((index == k).sum()) for k in range(len(ends))]
    order = sorted(range(len(ends)), key=lambda k: -counts[k])
    place = {old: new for new, old in enumerate(order)}
    renamed = np.vectorize(lambda k: place.get(k, -1), otypes=[int])(index)
    return Basins(xs, ys, tuple(ends[k] for k in order), renamed)


def _evaluation(program: Differentiable) -> Evaluate:
    """Value and slopes at a flat point; without checks where all parameters are numbers, for thousands of calls."""
    function = getattr(program, "function", None)
    if function is None or any(program.layout.shapes.values()):
        return program.value_and_gradient

    def evaluate(base: Any) -> tuple[Any, Any]:
        value, *slopes = function(*base.tolist())
        return value, slopes

    return evaluate


def _descended(view: Slice, evaluate: Evaluate, pair: list[int], start: Any, reach: Any) -> Any:
    """(x, y, loss) where a descent from a start comes to rest; None where it does not.

    Steps never exceed `reach`, so that a descent stays in the valley it began in.
    """
    base = view.base.copy()
    base[pair] = start
    rate, first = 1.0, None
    loss, slopes = evaluate(base)
    for _ in range(STEPS):
        slope = np.asarray(slopes, dtype=float)[pair]
        steep = float(np.linalg.norm(slope))
        if not (np.isfinite(loss) and np.isfinite(steep)):
            return None
        first = steep if first is None else first
        if steep <= 1e-5 * max(1.0, first):
            return np.array([*base[pair], loss])
        rate = min(2 * rate, float(np.min(reach / np.maximum(np.abs(slope), 1e-300))))
        for _ in range(60):
            tried = base.copy()
            tried[pair] -= rate * slope
            value, there = evaluate(tried)
            if np.isfinite(value) and value <= loss - 1e-4 * rate * steep * steep:
                break
            rate /= 2
        else:
            return np.array([*base[pair], loss])
        base, loss, slopes = tried, value, there
    return np.array([*base[pair], loss]) if steep <= 1e-2 * max(1.0, first or 0.0) else None
