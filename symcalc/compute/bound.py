"""What a program is bound to: the data's columns, the constants, and how long every axis is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from symcalc.equations import Axis, Name
from symcalc.errors import InputError
from symcalc.language.loss import Loss
from symcalc.sources.classes import encoded


def sizes(loss: Loss, axes: Iterable[Axis]) -> dict[Axis, int]:
    """The number of entries of every axis.

    Raises:
        InputError: The size of a parameter is still symbolic.
    """
    found = {axis: -1 if axis.size is None else axis.size for axis in axes}
    for name in loss.columns:
        found.update(zip(name.axes, np.shape(column(loss, name))))
    still = sorted({a.label for p in loss.parameters for a in p.axes if found.get(a, -1) < 0})
    if still:
        raise InputError(f"The size {', '.join(still)} is still open; give data, or shapes in numbers.")
    return found


def column(loss: Loss, name: Name) -> Any:
    """The values of a column: (n,), or (n, k) where it stands for several headers or for one-hot labels.

    Raises:
        InputError: There are no data.
        DataError: The column cannot be used.
    """
    if loss.data is None:
        columns = ", ".join(c.name for c in loss.columns)
        raise InputError(f"The loss has columns ({columns}) and no data: give data=… or --data FILE.")
    headers = loss.headers.get(name.name, (name.name,))
    if name.name in loss.labels:
        return encoded(loss.data.raw(headers[0]), loss.labels[name.name], loss.data, headers[0])
    parts = [loss.data.column(h) for h in headers]
    return parts[0] if len(parts) == 1 else loss.data.columns.together(headers)


def _check_structure(name: Name, value: Any) -> None:
    """Refuses a constant that is not what it was declared to be."""
    gap = np.abs(value - value.T)
    if not np.all(gap <= 1e-12 * np.max(np.abs(value), initial=0.0)):
        j, k = (int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
        raise InputError(
            f"{name.name} is declared {name.structure}, and its values are not symmetric: "
            f"{name.name}[{j},{k}] = {value[j, k]:.6g} and {name.name}[{k},{j}] = {value[k, j]:.6g}."
        )
    if name.structure == "positive-definite":
        least = float(np.linalg.eigvalsh(value)[0])
        if not least > 0:
            raise InputError(
                f"{name.name} is declared positive-definite, and its smallest eigenvalue is {least:.6g}; "
                f"declare it symmetric."
            )


def given(loss: Loss, sizes: Mapping[Axis, int]) -> dict[Any, Any]:
    """Private symbol → value, for columns, constants and sizes.

    Raises:
        InputError: A constant has no value.
    """
    found: dict[Any, Any] = {name.symbol: column(loss, name) for name in loss.columns}
    for name in loss.constants:
        if name.name not in loss.values:
            raise InputError(f"The constant {name.name} has no value.")
        value = np.asarray(loss.values[name.name], dtype=float)
        if name.structure:
            _check_structure(name, value)
        found[name.symbol] = float(value) if value.ndim == 0 else value
    for name, axis in loss.sizes:
        found[name.symbol] = sizes[axis]
    return found
