"""Formulas in Python's spelling worked out in mpmath: nothing of the engine takes part.

f = Function("100*(x2-x1**2)**2+(1-x1)**2", ("x1", "x2"))
with mpmath.workdps(40):
    f(mpf(1), mpf(2)), f.slope((mpf(1), mpf(2)), 0)
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

import mpmath

_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_FUNCTIONS = {
    **{name: getattr(mpmath, name) for name in "exp log sqrt sin cos tan asin acos atan sinh cosh tanh".split()},
    "abs": abs,
    "ln": mpmath.log,
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
}


class Function:
    """A formula as a function of its variables.

    Args:
        text: The formula, in Python's spelling.
        variables: Their names, in the order of the arguments.
    """

    def __init__(self, text: str, variables: Sequence[str]) -> None:
        self.text, self.variables = text, tuple(variables)
        self.tree = ast.parse(text, mode="eval").body

    def __call__(self, *values: Any) -> Any:
        return self._value(self.tree, dict(zip(self.variables, values, strict=True)))

    def slope(self, point: Sequence[Any], place: int) -> Any:
        """∂f/∂(variable at `place`), by a central difference that loses half of the working digits."""
        h = mpmath.mpf(10) ** (-mpmath.mp.dps // 3)
        ahead, behind = list(point), list(point)
        ahead[place] += h
        behind[place] -= h
        return (self(*ahead) - self(*behind)) / (2 * h)

    def _value(self, node: ast.AST, names: dict[str, Any]) -> Any:
        match node:
            case ast.Constant():
                # The digits typed, not the float nearest to them.
                return mpmath.mpf(ast.get_source_segment(self.text, node))
            case ast.Name():
                return names[node.id] if node.id in names else +{"pi": mpmath.pi, "e": mpmath.e}[node.id]
            case ast.UnaryOp():
                return _OPERATORS[type(node.op)](self._value(node.operand, names))
            case ast.BinOp(op=ast.Pow()):
                return mpmath.power(self._value(node.left, names), self._value(node.right, names))
            case ast.BinOp():
                return _OPERATORS[type(node.op)](self._value(node.left, names), self._value(node.right, names))
            case ast.Call():
                return _FUNCTIONS[node.func.id](*(self._value(a, names) for a in node.args))
        raise ValueError(ast.dump(node))
