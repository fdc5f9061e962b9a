"""The loss over two entries as numbers on a grid around a run: what a contour and a surface are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable
from symcalc.views.figures.slices import Path, Run, Slice

WORK = 1e8  # rows times points of the grid: some seconds


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss on a grid over two entries.

    Attributes:
        view: The loss, with the other entries held.
        path: The path of the run.
        pair: Which two entries, from 0.
        visited: Where the path goes in them, (k, 2); the point alone without a run.
        low: The lowest corner, (2,).
        high: The highest corner, (2,).
        xs: The grid in the first entry, (a,).
        ys: The grid in the second entry, (a,).
        loss: The loss on the grid, (a, a), a row for each y.
    """

    view: Slice
    path: Path
    pair: list[int]
    visited: Any
    low: Any
    high: Any
    xs: Any
    ys: Any
    loss: Any

    @classmethod
    def around(
        cls,
        program: Differentiable,
        point: Mapping[str, Any],
        run: Run | None,
        entries: tuple[str, str] | None,
        what: str,
    ) -> Landscape:
        """The landscape around the path of a run, or around a point.

        Args:
            program: The compiled loss.
            point: Where the other entries are held.
            run: The run, or None.
            entries: The two entries; those that changed most along the run unless given.
            what: What is drawn, for messages: "contour".

        Raises:
            InputError: There are not two entries, or none of that name.
        """
        view = Slice.at(program, point)
        if len(view.base) < 2:
            raise InputError(f"A {what} needs two parameters; draw the cost curve of the one there is.")
        path = Path.of(run, len(view.base))
        pair = path.largest(2, len(view.base)) if entries is None else [view.index(word) for word in entries]
        if len(set(pair)) != 2:
            raise InputError(f"A {what} needs two different parameters.")
        visited = path.points[:, pair] if len(path.points) else view.base[pair][None, :]
        low, high = bounds(visited)
        side = grid_side(getattr(program.loss, "rows", None))
        xs, ys = (np.linspace(low[k], high[k], side) for k in (0, 1))
        loss = np.array([[view.moved(pair, (x, y)).value for x in xs] for y in ys])
        return cls(view, path, pair, visited, low, high, xs, ys, loss)


def bounds(visited: Any) -> tuple[Any, Any]:
    """Corners (2,), (2,) of what to show: the whole path, with room beyond its end.

    Args:
        visited: The points, (k, 2).
    """
    start, end = visited[0], visited[-1]
    # A path ends at the bottom: half as far beyond shows that the other side rises.
    seen = np.vstack([visited, end + 0.5 * (end - start)])
    low, high = seen.min(axis=0), seen.max(axis=0)
    span = high - low
    size = np.maximum(1.0, np.abs(end))
    span = np.where(span > 1e-9 * size, span, size)
    middle = (low + high) / 2
    return middle - 0.65 * span, middle + 0.65 * span


def grid_side(rows: int | None) -> int:
    """Points a side of the grid: fewer where a value of the loss takes long."""
    return int(np.clip(np.sqrt(WORK / max(1, rows or 1)), 15, 61))
