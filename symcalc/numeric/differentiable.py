"""What the numeric side needs of a compiled loss, and small words for its flat points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from symcalc.compute.points import Layout
from symcalc.equations import Name

Vector = npt.NDArray[np.float64]


class Differentiable(Protocol):
    """A loss with its exact gradient, compiled.

    A point is a mapping from parameter name to number or array, or one flat vector, row-major in parameter
    order; answers come in the same form.
    """

    @property
    def parameters(self) -> tuple[Name, ...]:
        """What is differentiated, in order."""

    @property
    def layout(self) -> Layout:
        """How the parameters lie in a flat point."""

    @property
    def loss(self) -> Any:
        """The loss it was compiled from."""

    def checked_point(self, point: Any) -> dict[str, Any]:
        """The point with floats and float arrays; raises InputError where it does not fit."""

    def value(self, point: Any) -> Any:
        """The loss."""

    def value_and_gradient(self, point: Any) -> tuple[Any, Any]:
        """The loss and its exact gradient."""

    def hessian_product(self, point: Any, direction: Any) -> Any:
        """The Hessian times a direction, exact."""

    def hessian(self, point: Any) -> Any:
        """The Hessian; (P, P) for a flat point."""

    def complex_value(self, point: Mapping[str, Any]) -> complex | None:
        """The loss at a complex point, or None where it has no complex form."""

    def reference(self, point: Any) -> tuple[Any, Mapping[str, Any]] | None:
        """Loss and gradient at 40 digits, or None where there are too many rows."""

    def kinks(self, point: Any) -> tuple[str, ...]:
        """A sentence for each kink the point stands on."""


def named(layout: Layout, vector: Any) -> dict[str, Any]:
    """A flat vector as a point of its own: floats for numbers, fresh arrays for the rest."""
    parts = layout.split(np.array(vector, dtype=float))
    return {name: part if layout.shapes[name] else float(part) for name, part in parts.items()}


def flat(layout: Layout, values: Mapping[str, Any]) -> list[Any]:
    """Every entry of a point in order, whatever kind of number it is."""
    return [entry for name in layout.names for entry in np.ravel(np.array(values[name], dtype=object))]


def owners(layout: Layout) -> tuple[str, ...]:
    """The parameter that every entry of a flat point belongs to."""
    return tuple(name for name, size in zip(layout.names, layout.sizes) for _ in range(size))
