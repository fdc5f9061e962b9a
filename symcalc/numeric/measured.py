"""A compiled loss whose calls are counted, and whose slopes can be measured instead of derived.

    walked = Measured(program, "forward", 0.001)
    loss, slopes = walked.value_and_gradient(point)      # from values of the loss alone
    walked.counts.values                                 # how many values that took

Whatever takes a compiled loss takes this one: a descent walks down it without knowing where its slopes come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.compute.points import Layout
from symcalc.equations import Name
from symcalc.numeric.differences import method_named
from symcalc.numeric.differentiable import Differentiable, Vector, named
from symcalc.numeric.slopes import along


@dataclass
class Counts:
    """How often a loss was asked.

    Attributes:
        values: How many values of the loss were taken, each at one point.
        gradients: How many times the exact slopes were taken.
    """

    values: int = 0
    gradients: int = 0


class Measured:
    """A loss that counts what is asked of it.

    Args:
        program: The compiled loss.
        method: The difference method its slopes are measured with; exact slopes unless given.
        h: The step of that method, in units of each parameter; the method's own unless given.
        counts: Where to count; anew unless given.
    """

    def __init__(
        self, program: Differentiable, method: str | None = None, h: float | None = None, counts: Counts | None = None
    ) -> None:
        self.program, self.method, self.h = program, method, h
        self.counts = Counts() if counts is None else counts
        self._row = None if method is None else method_named(method)
        self._held = held(program)

    @property
    def parameters(self) -> tuple[Name, ...]:
        """What is differentiated, in order."""
        return self.program.parameters

    @property
    def layout(self) -> Layout:
        """How the parameters lie in a flat point."""
        return self.program.layout

    @property
    def loss(self) -> Any:
        """The loss it was compiled from."""
        return self.program.loss

    def checked_point(self, point: Any) -> dict[str, Any]:
        """The point with floats and float arrays."""
        return self.program.checked_point(point)

    def value(self, point: Any) -> Any:
        """The loss."""
        self.counts.values += 1
        return self.program.value(point)

    def complex_value(self, point: Mapping[str, Any]) -> complex | None:
        """The loss at a complex point."""
        self.counts.values += 1
        return self.program.complex_value(point)

    def value_and_gradient(self, point: Any) -> tuple[Any, Any]:
        """The loss and its slopes, exact or measured, in the form of the point."""
        if self._row is None:
            self.counts.gradients += 1
            return self.program.value_and_gradient(point)
        vector = np.asarray(self.layout.joined(self.checked_point(point)), dtype=float)
        value = float(self.value(vector))
        slopes = self.slopes_of(self, vector, value)
        return value, named(self.layout, slopes) if isinstance(point, Mapping) else slopes

    def slopes_of(self, values: Any, vector: Vector, value: float) -> Vector:
        """The slopes of whatever gives values at points, by this loss's method; 0 in what is not differentiated.

        Args:
            values: What has `.value`, `.complex_value` and `.layout`.
            vector: Flat point (P,).
            value: The value there.
        """
        assert self._row is not None
        with np.errstate(all="ignore"):
            slopes = [
                0.0
                if self._held[k]
                else self._row.measure(along(values, vector, k, value), float(vector[k]), self.h).slope
                for k in range(len(vector))
            ]
        return np.array(slopes, dtype=float)

    def hessian_product(self, point: Any, direction: Any) -> Any:
        """The Hessian times a direction, exact."""
        return self.program.hessian_product(point, direction)

    def hessian(self, point: Any) -> Any:
        """All second derivatives, exact."""
        whole: Any = self.program
        return whole.hessian(point)

    def reference(self, point: Any) -> tuple[Any, Mapping[str, Any]] | None:
        """Loss and gradient at 40 digits."""
        return self.program.reference(point)

    def kinks(self, point: Any) -> tuple[str, ...]:
        """A sentence for each kink the point stands on."""
        return self.program.kinks(point)


def held(program: Differentiable) -> tuple[bool, ...]:
    """Which entries of a flat point a loss was not differentiated by, so that a descent leaves them where they are."""
    gradient = getattr(program, "gradient_equations", None)
    moving = None if gradient is None else {name.name for name in gradient.wrt}
    layout = program.layout
    return tuple(
        moving is not None and name not in moving for name, size in zip(layout.names, layout.sizes) for _ in range(size)
    )
