"""Data with the fitted model: one column against another, and the model's value between the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.views.figures.picture import Caption, Picture
from symcalc.views.figures.slices import Modeled
from symcalc.views.figures.style import LINES, MARKS, entitle, number, panels, styled
from symcalc.views.pictured import columns

ROWS = 5000  # more dots only make a cloud
RESIDUALS = 40  # more lines only make a hatch


@styled()
def fit(
    program: Modeled,
    point: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """The rows of the data, the model at a point, and each row's residual.

    Args:
        program: The compiled loss.
        point: The parameters of the model.
        before: An earlier point, whose model is drawn dashed.
        size: Width and height in inches.

    Raises:
        InputError: The loss has no single residual `column - f` over one other column.
    """
    figure, (axes,) = panels(1, size)
    caption = draw_fit(axes, program, point, before)
    return Picture(figure, caption.title, caption.alt)


def draw_fit(axes: Any, program: Modeled, point: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Caption:
    """The same into axes that are there already."""
    found = columns(program)
    if found is None:
        raise InputError(
            "The picture of the data needs data and a loss with one residual column - f, where f has "
            "one other column, such as mean((y - (m*x + b))^2)."
        )
    x_header, y_header = (_header(program, name) for name in found)
    x, y = (np.asarray(_column(program, header), dtype=float) for header in (x_header, y_header))
    rows = len(x)
    chosen = np.unique(np.linspace(0, rows - 1, min(rows, ROWS)).astype(int))
    label = f"{rows:,} rows" if len(chosen) == rows else f"{len(chosen):,} of {rows:,} rows"
    size = 7 if rows <= RESIDUALS else 5 if rows < 500 else 3
    marks = {**MARKS["data"], "markersize": size}
    axes.plot(x[chosen], y[chosen], linestyle="none", label=label, gid="data", zorder=4,
              rasterized=len(chosen) > 2000, **marks)  # fmt: skip
    width = float(np.ptp(x)) or 1.0
    grid = np.linspace(float(x.min()) - 0.04 * width, float(x.max()) + 0.04 * width, 201)
    if before is not None:
        axes.plot(grid, _model(program, before, x_header, grid), label="model before", gid="before",
                  **LINES["before"])  # fmt: skip
    curve = _model(program, point, x_header, grid)
    axes.plot(grid, curve, label="model", gid="model", zorder=3, **LINES["model"])
    gaps = y - _model(program, point, x_header, x)
    if rows <= RESIDUALS:
        lines = axes.vlines(x, y - gaps, y, label="residuals", zorder=2, colors=LINES["residual"]["color"],
                            linestyles=":", linewidth=LINES["residual"]["linewidth"])  # fmt: skip
        lines.set_gid("residuals")
    x_label, y_label = (_label(*pair) for pair in zip(found, (x_header, y_header)))
    at = _at(point)
    title = "Data and model" + (f" at {at}" if at else "")
    entitle(axes, title, x_label, y_label)
    rising = float(np.sum((grid - grid.mean()) * np.nan_to_num(curve)))
    axes.legend(loc="upper left" if rising >= 0 else "upper right")
    # Room above the highest mark, so that the legend covers none.
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.12 * (high - low))
    root = float(np.sqrt(np.mean(gaps**2)))
    alt = (
        f"{rows:,} rows of {y_label} against {x_label}. The model goes from {number(curve[0])} at "
        f"{found[0]} = {number(grid[0])} to {number(curve[-1])} at {number(grid[-1])}; "
        f"its residuals have the root mean square {number(root)}."
    )
    if before is not None:
        first = _model(program, before, x_header, grid[[0, -1]])
        alt += f" Before the run it went from {number(first[0])} to {number(first[1])}."
    return Caption(title, alt)


def _header(program: Modeled, name: str) -> str:
    """The header of the table that a column's name stands for."""
    headers = getattr(program.loss, "headers", {}).get(name, (name,))
    return str(headers[0])


def _label(name: str, header: str) -> str:
    return name if name == header else f"{name} ({header})"


def _column(program: Modeled, header: str) -> Any:
    return program.loss.data.column(header)


def model_curve(program: Modeled, point: Mapping[str, Any], grid: Any) -> Any:
    """The model's values over a grid of the one column that the picture has it over.

    Raises:
        InputError: The loss has no such picture.
    """
    found = columns(program)
    if found is None:
        raise InputError("The loss has no single model over one column to draw.")
    return _model(program, point, _header(program, found[0]), grid)


def _model(program: Modeled, point: Mapping[str, Any], header: str, values: Any) -> Any:
    with np.errstate(all="ignore"):
        found = np.asarray(program.predict(point, {header: np.asarray(values, dtype=float)}), dtype=float)
    # A model without the column is one number for all rows.
    return np.broadcast_to(found, np.shape(values))


def _at(point: Mapping[str, Any]) -> str:
    numbers = [f"{name} = {number(value, 5)}" for name, value in point.items() if np.ndim(value) == 0]
    return ", ".join(numbers) if 0 < len(numbers) <= 4 and len(numbers) == len(point) else ""
