"""The slopes of a loss as a screen shows them: formula, value, the names they use.

dL/db = -2·mean(r) = -2·38.665 = -77.33
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.equations import Name
from symcalc.notation import tree
from symcalc.views import derivation
from symcalc.views.look import Look

_REDUCTIONS = ("mean", "sum")
_MOST_NAMES = 8


@dataclass(frozen=True)
class Slope:
    """The slope in one parameter, ready to be shown with its value.

    Attributes:
        parameter: What it is the slope in.
        left: Its name: `∂L/∂m`.
        right: Its formula: `-2·mean(z·r)`.
        coefficient: The number before the reduction; 1 where there is none to set apart.
        before: That number as written, with the sign of the product: `-2·`.
    """

    parameter: Name
    left: str
    right: str
    coefficient: float
    before: str

    @property
    def formula(self) -> str:
        """Name and formula."""
        return f"{self.left} = {self.right}"

    def at(self, value: float, look: Look) -> str:
        """Name, formula, the numbers put in, and the value."""
        inner = value / self.coefficient
        if not self.before or not np.isfinite(inner):
            return f"{self.formula} = {look.number(value)}"
        return f"{self.formula} = {self.before}{look.inside(inner)} = {look.number(value)}"

    def briefly(self, value: float, look: Look) -> str:
        """Name, formula and value."""
        return f"{self.formula} = {look.number(value)}"

    def alone(self, value: float, look: Look) -> str:
        """Name and value."""
        return f"{self.left} = {look.number(value)}"


def slopes(gradient: Gradient, look: Look) -> dict[str, Slope]:
    """Parameter name → its slope."""
    found = {}
    for name in gradient.wrt:
        equation = gradient.equation_of(name.name)
        right = gradient.notation.right_tree(equation)
        coefficient, before = _coefficient(right, look)
        left, text = gradient.notation.left(equation, look.style), gradient.notation.write(right, look.style)
        found[name.name] = Slope(name, written(left, look), written(text, look), coefficient, before)
    return found


def legend(gradient: Gradient, look: Look) -> list[str]:
    """What the names in the slopes stand for that the user did not write: `r = y - (m*x + b)`."""
    lines = [written(line, look) for line in derivation.legend(gradient, look.style)]
    if len(lines) <= _MOST_NAMES:
        return lines
    return [*lines[:_MOST_NAMES], f"{look.dots} {len(lines) - _MOST_NAMES} more: symcalc derive shows all"]


def _coefficient(node: tree.Node, look: Look) -> tuple[float, str]:
    """The number that a lone reduction is multiplied by, and how it is written; (1, "") for any other form."""
    sign, text = 1.0, ""
    if isinstance(node, tree.Unary) and node.op == "-":
        sign, text, node = -1.0, "-", node.operand
    if not (isinstance(node, tree.Binary) and node.op == "*"):
        return 1.0, ""
    factor, rest = node.left, node.right
    if isinstance(factor, tree.Unary) and factor.op == "-" and not text:
        sign, text, factor = -1.0, "-", factor.operand
    if not (isinstance(factor, tree.Number) and isinstance(rest, tree.Call) and rest.function in _REDUCTIONS):
        return 1.0, ""
    return sign * float(factor.value), f"{text}{factor.text}{look.times}"


def written(text: str, look: Look) -> str:
    """A formula as the screen shows it: names of slopes hold a ∂ that plain ASCII has not."""
    return text.replace("∂", "d") if look.ascii else text
