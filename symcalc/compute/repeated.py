"""Parts of plain-float code that are written more than once, worked out once.

Parts are told apart as they are printed, operation by operation, so that every sum and product keeps its order: the
code gives the same bits as before.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import sympy as sp

from symcalc.compute.printing import Printer, Text

Steps = list[tuple[Any, Any]]
# Beyond, an expression is too deep to be walked through; it is left as it is.
MOST_OPERATIONS = 400


def named(steps: Sequence[tuple[Any, Any]]) -> Steps:
    """Assignments in which no sum, product or call is worked out twice.

    Args:
        steps: (symbol, expression) in the order in which they are worked out, each symbol once.
    """
    return _Naming(steps).named()


class _Naming:
    """Every operation of the code has a number, the same for the same operation on the same numbers."""

    def __init__(self, steps: Sequence[tuple[Any, Any]]) -> None:
        self.steps = list(steps)
        self.symbols: dict[str, Any] = {}
        self.numbers: dict[Any, int] = {}
        self.parts: list[tuple[str, tuple[int, ...]]] = []  # template and what it is made of
        self.uses: list[int] = []
        self.moves: list[bool] = []  # numbers alone are put together when the code is made
        self.roots = [self._root(expression) for _, expression in self.steps]

    def _root(self, expression: Any) -> int | None:
        if expression.count_ops() > MOST_OPERATIONS:
            return None
        self.symbols |= {str(s): s for s in expression.free_symbols}
        number = self._number(ast.parse(Printer().doprint(expression), mode="eval").body)
        self.uses[number] += 1
        return number

    def _number(self, node: ast.expr) -> int:
        match node:
            case ast.BinOp(left, op, right) if type(op) in _SIGNS:
                return self._made(f"({{}} {_SIGNS[type(op)]} {{}})", left, right)
            case ast.UnaryOp(ast.USub(), operand):
                return self._made("(-{})", operand)
            case ast.Call(ast.Name(word), arguments, []):
                return self._made(f"{word}({', '.join('{}' for _ in arguments)})", *arguments)
            case _:
                return self._made(ast.unparse(node))

    def _made(self, template: str, *inner: ast.expr) -> int:
        key = template, tuple(map(self._number, inner))
        if key not in self.numbers:
            self.numbers[key] = len(self.parts)
            self.parts.append(key)
            self.uses.append(0)
            self.moves.append(any(self.moves[k] for k in key[1]) if inner else template in self.symbols)
            for number in key[1]:
                self.uses[number] += 1
        return self.numbers[key]

    def named(self) -> Steps:
        done: Steps = []
        names: dict[int, str] = {}

        def text(number: int, whole: bool = False) -> str:
            template, inner = self.parts[number]
            if not whole and number in names:
                return names[number]
            code = template.format(*map(text, inner))
            if whole or not inner or self.uses[number] < 2 or not self.moves[number]:
                return code
            names[number] = f"repeated{len(names)}"
            self.symbols[names[number]] = symbol = sp.Symbol(names[number], real=True)
            done.append((symbol, self._as_text(code)))
            return names[number]

        for (symbol, expression), root in zip(self.steps, self.roots):
            if root is None or not self.parts[root][1]:
                done.append((symbol, expression))
            elif root in names:
                done.append((symbol, self.symbols[names[root]]))
            else:
                done.append((symbol, self._as_text(text(root, whole=True))))
                names[root], self.symbols[str(symbol)] = str(symbol), symbol
        return done

    def _as_text(self, code: str) -> Any:
        """Code as an expression that still tells which symbols it holds."""
        held = sorted({n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)} & self.symbols.keys())
        places = {name: f"{{{k}}}" for k, name in enumerate(held)}
        tree = _Placed(places).visit(ast.parse(code, mode="eval"))
        return Text.of(ast.unparse(tree), *(self.symbols[name] for name in held))


_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


class _Placed(ast.NodeTransformer):
    def __init__(self, places: dict[str, str]) -> None:
        self.places = places

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.places.get(node.id, node.id))
