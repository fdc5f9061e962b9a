"""Points: values of all parameters, as a mapping by name or as one flat array."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from symcalc.equations import Name
from symcalc.errors import InputError
from symcalc.language.vocabulary import nearest

Values = dict[str, Any]
Vector = npt.NDArray[np.float64]


class Layout:
    """How a point is laid out: the parameters in order, each row-major.

    Args:
        parameters: The parameters.
        shapes: Parameter name → its shape in numbers.
    """

    def __init__(self, parameters: tuple[Name, ...], shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.names = tuple(p.name for p in parameters)
        self.shapes = dict(shapes)
        self.sizes = tuple(int(np.prod(self.shapes[n], dtype=int)) for n in self.names)
        self.total = sum(self.sizes)
        ends = np.cumsum((0, *self.sizes))
        self.slices = {n: slice(int(a), int(b)) for n, a, b in zip(self.names, ends, ends[1:])}

    def blocks(self, whole: Any) -> dict[tuple[str, str], Any]:
        """A matrix over flat points, (P, P), as (p, q) → array of shape p + q; a float for two numbers."""
        found = {}
        for p in self.names:
            for q in self.names:
                block = whole[self.slices[p], self.slices[q]].reshape(self.shapes[p] + self.shapes[q])
                found[p, q] = float(block) if block.ndim == 0 else block
        return found

    def checked(self, point: Any) -> Values:
        """A point as a mapping: name → float, or float64 array of the parameter's shape.

        Raises:
            InputError: A name is missing or unknown, a shape is wrong, or a value is no number.
        """
        if not isinstance(point, Mapping):
            return self.split(self._flat(point))
        unknown = [n for n in point if n not in self.slices]
        if unknown:
            near = nearest(unknown[0], list(self.names))
            hint = f" Did you mean {near}?" if near else f" The parameters are {', '.join(self.names) or 'none'}."
            raise InputError(f"{unknown[0]} is no parameter of the loss.{hint}")
        missing = [n for n in self.names if n not in point]
        if missing:
            raise InputError(f"The point has no value for {', '.join(missing)}; write for example {missing[0]}=0.")
        return {n: self._value(n, point[n]) for n in self.names}

    def _value(self, name: str, value: Any) -> Any:
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise InputError(f"The value of {name} is not a number: {value!r}.") from None
        shape = self.shapes[name]
        if array.shape != shape:
            if array.ndim == 0 and shape:
                raise InputError(f"{name} has shape {_shape(shape)} and needs a list of numbers, not one number.")
            raise InputError(f"{name} has shape {_shape(shape)}, the value given has {_shape(array.shape)}.")
        return float(array) if not shape else array

    def _flat(self, point: Any) -> Any:
        try:
            array = np.asarray(point, dtype=float)
        except (TypeError, ValueError):
            raise InputError("A point is a mapping from names to numbers, or one flat array of numbers.") from None
        if array.shape != (self.total,):
            raise InputError(
                f"A flat point has {self.total} numbers, in the order {', '.join(self.names)}; "
                f"this one has shape {_shape(array.shape)}."
            )
        return array

    def split(self, flat: Any) -> Values:
        """A flat array as a mapping."""
        values: Values = {}
        for name in self.names:
            part = flat[self.slices[name]]
            values[name] = part.reshape(self.shapes[name]) if self.shapes[name] else part[0]
        return values

    def joined(self, values: Mapping[str, Any]) -> Any:
        """A mapping as one flat array."""
        if not self.names:
            return np.zeros(0)
        return np.concatenate([np.ravel(np.asarray(values[n], dtype=float)) for n in self.names])

    def entries(self) -> list[str]:
        """Names of all entries in order: `m`, `w[0]`, `W[2,1]`."""
        found = []
        for name in self.names:
            for place in np.ndindex(self.shapes[name]):
                found.append(f"{name}[{','.join(map(str, place))}]" if place else name)
        return found


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))})" if shape else "a number"
