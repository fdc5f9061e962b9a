"""Basins of attraction: where a descent ends, for every start of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import ListedColormap

from symcalc.compute.across import Across, across
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector
from symcalc.views.figures.picture import Picture
from symcalc.views.figures.slices import Slice
from symcalc.views.figures.style import MARKS, PALETTE, entitle, number, panels, styled

SIDE, STEPS, MOST, HALVINGS = 61, 400, 6, 60
COLORS = tuple(PALETTE[word] for word in ("blue", "orange", "bluish green", "reddish purple", "sky blue", "yellow"))
NOWHERE = "#BBBBBB"


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
    index = np.full((SIDE, SIDE), -1)
    ends: list[tuple[float, float, float]] = []
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    for which, landed in enumerate(_descended(view, _evaluation(view.program), pair, grid, 2 * cell)):
        if not np.isfinite(landed).all():
            continue
        near = [k for k, end in enumerate(ends) if np.all(np.abs(landed[:2] - end[:2]) < cell)]
        if not near:
            near = [len(ends)]
            ends.append((float(landed[0]), float(landed[1]), float(landed[2])))
        index.flat[which] = near[0]
    counts = [int((index == k).sum()) for k in range(len(ends))]
    order = sorted(range(len(ends)), key=lambda k: -counts[k])
    place = {old: new for new, old in enumerate(order)}
    renamed = np.vectorize(lambda k: place.get(k, -1), otypes=[int])(index)
    return Basins(xs, ys, tuple(ends[k] for k in order), renamed)


def _evaluation(program: Differentiable) -> Across:
    """Values and slopes at many flat points; one after the other where the loss cannot be written out."""

    def one_by_one(points: Vector) -> tuple[Vector, Vector]:
        found = [program.value_and_gradient(point) for point in points]
        return np.array([value for value, _ in found]), np.array([slopes for _, slopes in found])

    return across(program) or one_by_one


def _descended(view: Slice, evaluate: Across, pair: list[int], starts: Vector, reach: Vector) -> Vector:
    """(x, y, loss) where the descent from each start comes to rest, (B, 3); nan where it does not.

    All starts walk in step. Steps never exceed `reach`, so that a descent stays in the valley it began in; each is
    halved until the loss falls.
    """
    landed = np.full((len(starts), 3), np.nan)
    who, base = np.arange(len(starts)), np.tile(view.base, (len(starts), 1))
    base[:, pair] = starts
    rate, (loss, whole) = np.ones(len(starts)), evaluate(base)
    slope = whole[:, pair]
    first = np.linalg.norm(slope, axis=1)

    def rest(which: Any) -> None:
        landed[who[which]] = np.column_stack([base[which][:, pair], loss[which]])

    for _ in range(STEPS):
        steep = np.linalg.norm(slope, axis=1)
        lost = ~(np.isfinite(loss) & np.isfinite(steep))
        flat = ~lost & (steep <= 1e-5 * np.maximum(1.0, first))
        rest(flat)
        on = ~(lost | flat)
        who, base, loss, slope, first, rate, steep = (v[on] for v in (who, base, loss, slope, first, rate, steep))
        if not len(who):
            return landed
        rate = np.minimum(2 * rate, (reach / np.maximum(np.abs(slope), 1e-300)).min(axis=1))
        taken = np.zeros(len(who), dtype=bool)
        new_base, new_loss, new_slope = base.copy(), loss.copy(), slope.copy()
        for _ in range(HALVINGS):
            left = np.flatnonzero(~taken)
            if not len(left):
                break
            tried = base[left].copy()
            tried[:, pair] -= rate[left, None] * slope[left]
            value, there = evaluate(tried)
            falls = np.isfinite(value) & (value <= loss[left] - 1e-4 * rate[left] * steep[left] ** 2)
            won = left[falls]
            new_base[won], new_loss[won], new_slope[won] = tried[falls], value[falls], there[falls][:, pair]
            taken[won] = True
            rate[left[~falls]] /= 2
        # Where no step, however short, comes down, the descent is at rest.
        rest(~taken)
        who, base, loss, slope, first, rate = (v[taken] for v in (who, new_base, new_loss, new_slope, first, rate))
    rest(np.linalg.norm(slope, axis=1) <= 1e-2 * np.maximum(1.0, first))
    return landed
