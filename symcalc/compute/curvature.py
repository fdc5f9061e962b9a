"""Jacobians of definitions and Gauss-Newton matrices, in numbers.

jacobian(program, {"w": [1, 2], "b": 0}, "yhat")["w"]        array (n, 2)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.hessian import Block
from symcalc.calculus.jacobian import block
from symcalc.calculus.jacobian import jacobian as derived
from symcalc.calculus.partials import base_of
from symcalc.compute.assembly import assemble
from symcalc.compute.inspection import all_values, array_form
from symcalc.compute.kinks import worked
from symcalc.compute.program import Program
from symcalc.equations import Name, Term
from symcalc.errors import InputError


def jacobian(program: Program, at: Any, of: str) -> dict[str, Any]:
    """How each entry of a definition changes with each parameter, at a point.

    Args:
        program: The compiled loss.
        at: The point.
        of: A definition, the name of an inner value that is printed (`r`), or the loss.

    Returns:
        Parameter name → array of the definition's shape followed by the parameter's.

    Raises:
        InputError: There is no such definition, or the point does not fit.
    """
    values = program.checked_point(at)
    return {word: _evaluated(program, block, values) for word, block in derived(program.loss, of).items()}


def _evaluated(program: Program, block: Block, values: dict[str, Any]) -> Any:
    name = block.equation.name
    assembled = assemble(
        block.equations, program.parameters, (name,), program.given, block.notation.axes, program.sizes,
        block.notation.names, "numpy",
    )  # fmt: skip
    with np.errstate(all="ignore"):
        (value,) = assembled.function(*values.values())
    shape = tuple(program.sizes[axis] for axis in name.axes)
    return np.array(np.broadcast_to(np.asarray(value, dtype=float), shape))


def gauss_newton(program: Program, at: Any) -> Any:
    """The Gauss-Newton matrix of a sum of squares: Σ 2c·JᵀJ, the Hessian without the bend of the residuals.

    Args:
        program: The compiled loss, a sum or mean of squares.
        at: The point.

    Returns:
        (P, P), rows and columns in the order of the flat point.

    Raises:
        InputError: The loss is no sum of squares.

    Source: Nocedal and Wright, Numerical Optimization (2006), section 10.3.
    """
    values = all_values(program, at)
    total = np.zeros((program.layout.total, program.layout.total))
    for term in program.loss.output.terms:
        factor, name = squared(program, term)
        weight = float(np.asarray(worked(factor, values, array_form(program), ())))
        rows = jacobian_rows(program, at, name)
        total += 2 * weight * rows.T @ rows
    return total


def squared(program: Program, term: Term) -> tuple[Any, Name]:
    """A term c·u^2 of a loss as its factor c and the name u.

    Raises:
        InputError: It is none, or the factor runs over something.
    """
    names = program.gradient_equations.notation.names
    for factor in sp.Mul.make_args(term.body):
        if factor.is_Pow and factor.exp == 2 and base_of(factor.base) in names:
            rest = term.body / factor
            if not rest.atoms(sp.Indexed):
                return rest, names[base_of(factor.base)]
    raise InputError("The loss is no sum of squares, so it has no Gauss-Newton matrix.")


def jacobian_rows(program: Program, at: Any, name: Name) -> Any:
    """The Jacobian of a name of the loss: one row an entry of it, one column an entry of the point."""
    layout = program.layout
    if name in program.parameters:
        return np.eye(layout.total)[layout.slices[name.name]]
    size = int(np.prod([program.sizes[axis] for axis in name.axes], dtype=int))
    blocks = _by_name(program, at, name)
    return np.hstack([blocks[word].reshape(size, -1) for word in layout.names])


def _by_name(program: Program, at: Any, name: Name) -> dict[str, Any]:
    values = program.checked_point(at)
    return {p.name: _evaluated(program, block(program.loss, name, p), values) for p in program.parameters}
