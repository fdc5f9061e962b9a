"""What is taken for a slope where there is none: one row for each convention.

loss with |r|, differentiate(loss, kinks="right")      ∂|r|/∂r = 1 where r = 0

Every convention gives `where` the slope of the branch taken, equal shares to the tied entries of a
reduction, and 0 to a typed sign(u); where the slopes on both sides of a point agree, that value is used
instead. A row holds the value of each other function's slope at its kink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.errors import InputError
from symcalc.language import functions as f

DEFAULT = "minimum-norm"


@dataclass(frozen=True)
class Convention:
    """The slopes taken at kinks.

    Attributes:
        absolute: Slope of |u| at u = 0.
        relu: Slope of relu(u) at u = 0.
        maximum: Share of a in the slope of max(a, b) at a = b; b has the rest.
        minimum: Share of a in the slope of min(a, b) at a = b; b has the rest.
        bounded: Slope of max(u, c) in u at u = c, for a constant c.
        capped: Slope of min(u, c) in u at u = c, for a constant c.
        about: What it is, in one line.
        source: Where it comes from.
    """

    absolute: Any
    relu: Any
    maximum: Any
    minimum: Any
    bounded: Any
    capped: Any
    about: str
    source: str


_0, _1, _H = sp.S.Zero, sp.S.One, sp.S.Half

CONVENTIONS: dict[str, Convention] = {
    #                            |u|  relu max  min  max(u,c) min(u,c)
    "minimum-norm": Convention(_0, _0, _H, _H, _0, _0, "each function takes its slope of least size",
        "the least element of each subdifferential: Rockafellar, Convex Analysis (1970), section 23"),
    "left": Convention(-_1, _0, _0, _1, _0, _1, "the slope just below the kink",
        "one-sided derivative: Rockafellar, Convex Analysis (1970), section 23"),
    "right": Convention(_1, _1, _1, _0, _1, _0, "the slope just above the kink",
        "one-sided derivative: Rockafellar, Convex Analysis (1970), section 23"),
    "average": Convention(_0, _H, _H, _H, _H, _H, "halfway between the slopes on both sides",
        "symmetric derivative: Thomson, Symmetric Properties of Real Functions (1994)"),
    "sympy": Convention(_0, _H, _H, _H, _H, _H, "as SymPy: sign(0) = 0, Heaviside(0) = 1/2, relu(u) = Max(u, 0)",
        "sympy/functions: Abs.fdiff, Max.fdiff and Min.fdiff, Heaviside with H0 = 1/2 (SymPy 1.9 and later)"),
    "jax": Convention(_1, _0, _H, _H, _H, _H, "as JAX: jnp.abs 1, jax.nn.relu 0, jnp.maximum and minimum 1/2",
        "jax/_src/lax/lax.py: _abs_jvp_rule (x >= 0), max_p and min_p; issues 37820, 37821; jax.nn.relu"),
    "torch": Convention(_0, _0, _H, _H, _H, _H, "as PyTorch: abs 0, relu 0, maximum and minimum 1/2",
        "pytorch/tools/autograd/derivatives.yaml: abs (self.sgn()), relu (threshold_backward), maximum (grad / 2)"),
}  # fmt: skip


def convention(name: str) -> Convention:
    """The convention of a name.

    Raises:
        InputError: There is none of that name.
    """
    found = CONVENTIONS.get(name) if isinstance(name, str) else None
    if found is None:
        raise InputError(f"There is no convention {name!r} for slopes at kinks; there is {', '.join(CONVENTIONS)}.")
    return found


def at_kinks(name: str, body: Any, slope: Any) -> Any:
    """A slope of a body, with the values that a convention takes at the body's kinks put in."""
    if name == DEFAULT:  # what the functions' own derivatives hold
        return slope
    mapping: dict[Any, Any] = {}
    for node in body.atoms(f.Absolute, f.Relu, f.Maximum, f.Minimum):
        mapping.update(_taken(convention(name), node))
    return slope.xreplace(mapping) if mapping else slope


def _taken(row: Convention, node: Any) -> dict[Any, Any]:
    """The steps in a kinked function's slopes, each with the value at the kink by a convention."""
    if isinstance(node, f.Absolute):
        return {f.Sign(node.args[0]): f.SignAt(node.args[0], row.absolute)} if row.absolute else {}
    if isinstance(node, f.Relu):
        return {node.fdiff(): f.Above(node.args[0], 0, row.relu)}
    first, second = shares(row, node)
    return {step: step.func(*step.args[:2], share)
            for step, share in ((node.fdiff(1), first), (node.fdiff(2), second))}  # fmt: skip


def shares(row: Convention, node: Any) -> tuple[Any, Any]:
    """The shares of both arguments of max or min in its slope where they tie."""
    largest = isinstance(node, f.Maximum)
    against = row.bounded if largest else row.capped
    if node.args[1].is_number:
        return against, 1 - against
    if node.args[0].is_number:
        return 1 - against, against
    first = row.maximum if largest else row.minimum
    return first, 1 - first
