"""Second derivatives: the Hessian as equations, a block for each pair of parameters, and Hessian products.

second_derivatives(gradient)["m", "b"].text        '2·mean(x)'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from symcalc.calculus.forward import Change, along, named, tangents, unit
from symcalc.calculus.gradient import Gradient
from symcalc.equations import Axis, Equation, Name
from symcalc.language.scope import Scope
from symcalc.notation.writing import Notation


@dataclass(frozen=True)
class Block:
    """One block of the Hessian.

    Attributes:
        name: How it is written: `∂²L/∂m∂b`.
        text: Its right side, without indices where it has such a form.
        latex: The same as LaTeX.
        equation: The equation, over the axes of the first parameter, then of the second.
        equations: Everything that leads to it, itself included.
        notation: Prints it; knows its names and axes.
    """

    name: str
    text: str
    latex: str
    equation: Equation
    equations: tuple[Equation, ...] = field(repr=False)
    notation: Notation = field(repr=False, compare=False)


def second_derivatives(gradient: Gradient) -> dict[tuple[str, str], Block]:
    """The blocks of the Hessian, for every pair of what the gradient is taken by.

    A formula with one value a row has its second derivatives per row too: the rows stand first, and once.

    Returns:
        (p, q) → the block that runs over the axes of p, then those of q.
    """
    blocks: dict[tuple[str, str], Block] = {}
    for q in gradient.wrt:
        scope = continued(gradient)
        kept = tuple(gradient.loss.per_row and axis.rows for axis in q.axes)
        extra = tuple(scope.index(axis) for axis, same in zip(q.axes, kept) if not same)
        change = tangents(gradient.equations, {q.symbol: _towards(extra, kept)}, scope, extra, True, q.name)
        for p, slope in zip(gradient.wrt, gradient.slopes):
            title = _title(gradient.loss.name, p.name, q.name, len(gradient.wrt) == 1)
            made = named(slope, change, scope, extra, title)
            notation = gradient.notation.extended(scope.name_of, scope.axis_of, (*gradient.equations, *scope.equations))
            equation = next(e for e in reversed(scope.equations) if e.name.symbol == made.symbol)
            equation = replace(equation, writer=notation)
            blocks[p.name, q.name] = Block(
                notation.left(equation), notation.right(equation), notation.right(equation, "latex"), equation,
                (*gradient.equations, *scope.equations), notation,
            )  # fmt: skip
    return {(p.name, q.name): blocks[p.name, q.name] for p in gradient.wrt for q in gradient.wrt}


def _towards(extra: tuple[Any, ...], kept: tuple[bool, ...]) -> Change:
    """The change towards one entry; along the axes that are kept, all entries move at once."""
    return lambda indices: unit(extra)(tuple(i for i, same in zip(indices, kept) if not same))


def _title(output: str, p: str, q: str, alone: bool) -> str:
    d = "d" if alone else "∂"
    return f"{d}²{output}/{d}{p}²" if p == q else f"{d}²{output}/{d}{p}{d}{q}"


@dataclass(frozen=True)
class Product:
    """The equations of the Hessian times a direction.

    Attributes:
        equations: Everything that leads to it, the gradient's equations first.
        directions: The Names that hold the direction, one a parameter.
        changes: The Names of the product, one a parameter.
        names: Private symbol → Name, the new ones included.
        axes: Index symbol → Axis, the new ones included.
    """

    equations: tuple[Equation, ...]
    directions: tuple[Name, ...]
    changes: tuple[Name, ...]
    names: Mapping[Any, Name]
    axes: Mapping[Any, Axis]


def product(gradient: Gradient, parameters: tuple[Name, ...], together: Axis | None = None) -> Product:
    """The Hessian in some parameters times a direction, as equations.

    Args:
        gradient: The gradient.
        parameters: The parameters.
        together: An axis of its own, over which there are several directions at once; it stands last.
    """
    scope = continued(gradient)
    last = () if together is None else (together,)
    extra = tuple(scope.index(axis) for axis in last)
    directions = tuple(scope.new_name(f"direction of {p.name}", "given", (*p.axes, *last)) for p in parameters)
    seeds = {p.symbol: along(d, extra) for p, d in zip(parameters, directions)}
    change = tangents(gradient.equations, seeds, scope, extra)
    slopes = [s for n, s in zip(gradient.wrt, gradient.slopes) if n in parameters]
    changes = tuple(named(s, change, scope, extra, f"change of {s.name}") for s in slopes)
    return Product((*gradient.equations, *scope.equations), directions, changes, scope.name_of, scope.axis_of)


@dataclass(frozen=True)
class Whole:
    """The equations of the Hessian, block by block.

    Attributes:
        equations: Everything that leads to it, the gradient's equations first.
        blocks: (p, q) → Name of the block over the axes of p, then of q; p stands before q, or is q.
        sizes: Axis → Name that stands for its number of entries, the new ones included.
        names: Private symbol → Name, the new ones included.
        axes: Index symbol → Axis, the new ones included.
    """

    equations: tuple[Equation, ...]
    blocks: Mapping[tuple[Name, Name], Name]
    sizes: Mapping[Axis, Name]
    names: Mapping[Any, Name]
    axes: Mapping[Any, Axis]


def whole(gradient: Gradient, parameters: tuple[Name, ...]) -> Whole:
    """The Hessian in some parameters as equations: all its entries, shared work once.

    Args:
        gradient: The gradient.
        parameters: The parameters.
    """
    scope = continued(gradient)
    slopes = {n.symbol: s for n, s in zip(gradient.wrt, gradient.slopes)}
    blocks = {}
    for number, q in enumerate(parameters):
        extra = tuple(scope.index(axis) for axis in q.axes)
        change = tangents(gradient.equations, {q.symbol: unit(extra)}, scope, extra, inline=True)
        for p in parameters[: number + 1]:
            blocks[p, q] = named(slopes[p.symbol], change, scope, extra, f"bend of {p.name} and {q.name}")
    return Whole((*gradient.equations, *scope.equations), blocks, dict(scope.sizes), scope.name_of, scope.axis_of)


def continued(gradient: Gradient) -> Scope:
    """A scope that goes on where a gradient ended."""
    notation = gradient.notation
    scope = Scope.continued(notation.names, notation.axes, gradient.equations)
    scope.sizes = {axis: name for name, axis in gradient.loss.sizes}
    scope.kinks = gradient.kinks
    return scope
