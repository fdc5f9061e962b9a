"""Which rows pull on a slope: a bar for each row that pulls hardest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symcalc.compute.contributions import contributions
from symcalc.errors import InputError
from symcalc.views.figures.picture import Caption, Picture
from symcalc.views.figures.slices import Slice
from symcalc.views.figures.style import PALETTE, entitle, number, panels, styled

MOST = 15


@styled()
def rows(
    program: Any, point: Mapping[str, Any], entry: str | None = None, size: tuple[float, float] | None = None
) -> Picture:
    """What each row adds to the slope in one entry; rows that pull it up and down differ by color and hatch.

    Args:
        program: The compiled loss.
        point: Where.
        entry: `m`, `w[0]`; the one with the steepest slope unless given.
        size: Width and height in inches.

    Raises:
        InputError: The loss has no rows, or there is no such entry.
    """
    view = Slice.at(program, point)
    if not getattr(program.loss, "rows", None):
        raise InputError("This loss has no rows: give data.")
    k = int(np.argmax(np.abs(view.gradient))) if entry is None else view.index(entry)
    found = contributions(program, point)
    pulls = np.hstack([np.asarray(found.rows[n]).reshape(program.loss.rows, -1) for n in program.layout.names])[:, k]
    rest = np.hstack([np.ravel(found.rest[n]) for n in program.layout.names])[k]
    order = np.argsort(-np.abs(pulls), kind="stable")[:MOST]
    figure, (axes,) = panels(1, size or (6.8, max(2.8, 0.36 * len(order) + 1.6)))
    caption = _draw(axes, view, k, pulls, order, float(rest))
    return Picture(figure, caption.title, caption.alt)


def _draw(axes: Any, view: Slice, k: int, pulls: Any, order: Any, rest: float) -> Caption:
    places = np.arange(len(order))[::-1]
    for up, color, hatch, text in (
        (True, PALETTE["vermilion"], "", "adds to it"),
        (False, PALETTE["blue"], "//", "takes from it"),
    ):
        mine = (pulls[order] >= 0) == up
        if mine.any():
            axes.barh(
                places[mine], pulls[order][mine], color=color, hatch=hatch, edgecolor="black", label=text, gid=text
            )
    axes.set_yticks(places, labels=[f"row {int(j) + 1}" for j in order])
    axes.axvline(0, color="black", linewidth=1)
    name, slope = view.names[k], float(view.gradient[k])
    title = f"Which rows pull on the slope in {name}, {number(slope)}"
    entitle(axes, title, f"added to ∂{view.loss_name}/∂{name}", "")
    axes.legend(loc="best")
    words = [f"row {int(j) + 1} adds {number(pulls[j])}" for j in order[:5]]
    alt = f"The slope in {name} is {number(slope)}. Of {len(pulls):,} rows, {', '.join(words)}."
    if rest:
        alt += f" What no row adds is {number(rest)}."
    return Caption(title, alt)
