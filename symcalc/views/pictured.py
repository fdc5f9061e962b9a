"""Which two columns a picture of the data shows; known without drawing anything."""

from __future__ import annotations

from typing import Any


def columns(program: Any) -> tuple[str, str] | None:
    """The (x, y) of the data picture: y of the loss's one residual `y - f`, x the only other column of it.

    None where there is no data, no such residual, more than one other column, or one of matrix shape.
    """
    loss = program.loss
    residual, data = getattr(loss, "residual", None), getattr(loss, "data", None)
    if residual is None or data is None:
        return None
    others = [name for name in loss.columns if name.name != residual[0]]
    if len(others) != 1 or any(len(name.shape) != 1 for name in loss.columns):
        return None
    return others[0].name, residual[0]
