"""The slopes of a definition: how each of its entries changes with each parameter.

jacobian(loss, "yhat")["w"].text        'X'   (∂yhat/∂w)
"""

from __future__ import annotations

from dataclasses import replace

from symcalc.calculus.forward import named, tangents, unit
from symcalc.calculus.hessian import Block
from symcalc.equations import Name
from symcalc.errors import InputError
from symcalc.language.loss import Loss
from symcalc.language.scope import Scope
from symcalc.language.vocabulary import nearest


def definition(loss: Loss, of: str) -> Name:
    """The definition of a loss that a word names; the loss itself is one.

    Raises:
        InputError: There is none.
    """
    known = {d.name: d for d in loss.definitions} | {e.name.name: e.name for e in loss.equations if e.name.shown}
    if of not in known:
        near = nearest(of, list(known))
        hint = f" Did you mean {near}?" if near else f" It has {', '.join(known)}."
        raise InputError(f"The loss has no definition {of}.{hint}")
    return known[of]


def jacobian(loss: Loss, of: str, wrt: tuple[Name, ...] | None = None) -> dict[str, Block]:
    """The Jacobian of a definition, as equations.

    Args:
        loss: The loss.
        of: The definition.
        wrt: The parameters; all of them unless given.

    Returns:
        Parameter name → the block over the axes of the definition, then those of the parameter.

    Raises:
        InputError: There is no such definition.
    """
    output = definition(loss, of)
    return {p.name: block(loss, output, p) for p in (loss.parameters if wrt is None else wrt)}


def block(loss: Loss, output: Name, parameter: Name) -> Block:
    """The slopes of one name in one parameter."""
    notation = loss.notation
    scope = Scope.continued(notation.names, notation.axes, loss.equations)
    scope.sizes = {axis: name for name, axis in loss.sizes}
    extra = tuple(scope.index(axis) for axis in parameter.axes)
    change = tangents(loss.equations, {parameter.symbol: unit(extra)}, scope, extra, inline=True)
    made = named(output, change, scope, extra, f"∂{output.name}/∂{parameter.name}")
    whole = notation.extended(scope.name_of, scope.axis_of, (*loss.equations, *scope.equations))
    equation = next(e for e in reversed(scope.equations) if e.name.symbol == made.symbol)
    equation = replace(equation, writer=whole, rule="chain rule", reason="the slope of each entry")
    return Block(whole.left(equation), whole.right(equation), whole.right(equation, "latex"), equation,
                 (*loss.equations, *scope.equations), whole)  # fmt: skip
