"""Mixed second derivatives: how the slopes change when a constant or a cell of the data does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcalc.calculus.forward import along, named, tangents
from symcalc.calculus.gradient import Gradient
from symcalc.calculus.hessian import continued
from symcalc.equations import Axis, Equation, Name


@dataclass(frozen=True)
class Mixed:
    """The equations of the change that a loss and its slopes make when one name moves.

    Attributes:
        equations: Everything that leads to them, the gradient's equations first.
        direction: The Name that holds how the name moves.
        loss: The Name of the change of the loss.
        slopes: The Names of the changes of the slopes, one for each of the parameters that were asked for.
        names: Private symbol → Name, the new ones included.
        axes: Index symbol → Axis, the new ones included.
    """

    equations: tuple[Equation, ...]
    direction: Name
    loss: Name
    slopes: tuple[Name, ...]
    names: Mapping[Any, Name]
    axes: Mapping[Any, Axis]


def mixed(gradient: Gradient, parameters: tuple[Name, ...], moving: Name) -> Mixed:
    """How a loss and its slopes change along a direction of a constant or a column, as equations.

    Args:
        gradient: The gradient.
        parameters: Those whose slopes are wanted.
        moving: The constant or column that moves.
    """
    scope = continued(gradient)
    direction = scope.new_name(f"direction of {moving.name}", "given", moving.axes)
    change = tangents(gradient.equations, {moving.symbol: along(direction)}, scope)
    chosen = [s for n, s in zip(gradient.wrt, gradient.slopes) if n in parameters]
    slopes = tuple(named(s, change, scope, (), f"change of {s.name}") for s in chosen)
    output = gradient.loss.output.name
    loss = named(output, change, scope, (), f"change of {output.name}")
    equations = (*gradient.equations, *scope.equations)
    return Mixed(equations, direction, loss, slopes, scope.name_of, scope.axis_of)
