"""Random values for the names of a loss, with many digits: the points where formulas are tried."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from symcalc.equations import Axis, Name
from symcalc.language.loss import Loss


@dataclass(frozen=True)
class Drawing:
    """Draws values.

    Attributes:
        random: Where the numbers come from.
        size: How many entries an axis has.
        free: Whether only constants keep their structure: a line of a derivation holds for any matrix.
    """

    random: random.Random
    size: Callable[[Axis], int]
    free: bool = False

    def inputs(self, loss: Loss) -> dict[Any, Any]:
        """A value for every parameter, column, constant and size: private symbol → value."""
        given: dict[Any, Any] = {n.symbol: self.of(n) for n in (*loss.parameters, *loss.columns, *loss.constants)}
        given.update({name.symbol: mpmath.mpf(self.size(axis)) for name, axis in loss.sizes})
        return given

    def of(self, name: Name) -> Any:
        """A value of a name's shape: half of all names are positive throughout, for logarithms and roots."""
        low, high = self.range()
        shape = tuple(self.size(a) for a in name.axes)
        if not shape:
            return mpmath.mpf(self.random.uniform(low, high))
        out = np.empty(shape, dtype=object)
        for place in np.ndindex(shape):
            out[place] = mpmath.mpf(self.random.uniform(low, high))
        return out if self.free and name.kind != "constant" else structured(out, name.structure)

    def range(self) -> tuple[float, float]:
        """From where to where a name's values are drawn."""
        return (0.1, 2.0) if self.random.random() < 0.5 else (-2.0, 2.0)


def structured(matrix: Any, structure: str) -> Any:
    """A random matrix made what was declared of it."""
    if structure == "symmetric":
        return (matrix + matrix.T) / 2
    if structure == "positive-definite":
        return matrix.dot(matrix.T) + np.diag([mpmath.mpf(1)] * len(matrix))
    return matrix
