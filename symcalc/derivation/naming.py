"""Which names a derivation introduces, and how its formulas are spelled with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.derivation.as_typed import Typed
from symcalc.equations import Axis, Equation, Name
from symcalc.notation import tree
from symcalc.notation.indexed import Indexed
from symcalc.notation.symmetric import RULE as SYMMETRIC
from symcalc.notation.writing import Notation


class Spelling:
    """The names of a derivation: every inner value that a slope passes through has one.

    Args:
        gradient: The gradient.
    """

    def __init__(self, gradient: Gradient) -> None:
        reverse = gradient.reverse
        assert reverse is not None
        self.passed = {symbol for symbol in reverse.arrivals if symbol != gradient.loss.output.name.symbol}
        self.introduced = [e for e in gradient.loss.equations if self._has_line(e, gradient)]
        shown = {e.name.symbol for e in self.introduced}
        self.names: dict[Any, Name] = {
            symbol: replace(name, shown=True) if symbol in shown else name
            for symbol, name in gradient.notation.names.items()
        }
        self.axes: dict[Any, Axis] = dict(gradient.notation.axes)
        equations = tuple(replace(e, name=self.names[e.name.symbol]) for e in gradient.equations)
        self.notation: Notation = gradient.notation.extended(self.names, self.axes, equations)
        self.by_symbol = {e.name.symbol: e for e in equations}
        # A call that is worked out in several steps is the last of them; the others are written as they are.
        self._owner = {
            _place(e.typed): e.name.symbol for e in gradient.loss.equations if isinstance(e.typed, tree.Node)
        }
        self.parts = Typed(gradient.loss.formula)
        # What was typed for an introduced value → its name.
        self._typed: dict[Any, str] = {}
        for e in self.introduced:
            if isinstance(e.typed, tree.Node) and e.name.kind == "intermediate":
                if self._owner[_place(e.typed)] == e.name.symbol:
                    self._typed[_place(e.typed)] = e.name.name

    def _has_line(self, e: Equation, gradient: Gradient) -> bool:
        if e.rule == SYMMETRIC:
            return True
        return e.name.shown or e == gradient.loss.output or e.name.symbol in self.passed

    def writer(self) -> Indexed:
        """Writes bodies in index form; one for each line, so that its letters begin anew."""
        taken = {n.name for n in self.names.values() if n.shown}
        return Indexed(self.names, dict(self.axes), self.by_symbol, taken)

    def form(self, expression: Any) -> tree.Node:
        """An expression, with its parts as they were typed."""
        return self.parts.put_back(self.writer().former.form(expression))

    def right(self, equation: Equation) -> tree.Node:
        """What an equation of the loss defines, as typed, with introduced names for its parts."""
        typed = equation.typed
        own = _place(typed) if isinstance(typed, tree.Node) else None
        if own is not None and equation.rule != SYMMETRIC and self._owner.get(own) == equation.name.symbol:
            return renamed(typed, {place: word for place, word in self._typed.items() if place != own})
        named = replace(equation, name=self.names[equation.name.symbol], typed=None)
        return self.notation.right_tree(named)

    def left(self, equation: Equation) -> tree.Node:
        """The name of what an equation defines."""
        return tree.Ref(-1, -1, self.names[equation.name.symbol].name)


def _place(node: tree.Node) -> Any:
    """Where a node stands in the text; one that stands nowhere, of a function that means a formula, is its own place."""
    return (node.start, node.end) if node.start >= 0 else node


def renamed(node: tree.Node, words: Mapping[Any, str]) -> tree.Node:
    """A typed tree with names in place of the parts that stand at the given places."""
    return _renamed(node, words)[0]


def _renamed(node: tree.Node, words: Mapping[Any, str]) -> tuple[tree.Node, bool]:
    """The same, and whether anything changed: a changed node is no longer as typed."""
    word = words.get(_place(node))
    if word is not None and not isinstance(node, tree.Ref):
        return tree.Ref(-1, -1, word), True
    match node:
        case tree.Unary() | tree.Bars() | tree.Transpose():
            inner, changed = _renamed(node.operand, words)
            return (replace(node, operand=inner, start=-1, end=-1), True) if changed else (node, False)
        case tree.Binary() | tree.Compare():
            (left, one), (right, two) = _renamed(node.left, words), _renamed(node.right, words)
            return (replace(node, left=left, right=right, start=-1, end=-1), True) if one or two else (node, False)
        case tree.Call():
            parts = [_renamed(a, words) for a in node.arguments]
            if not any(changed for _, changed in parts):
                return node, False
            return replace(node, arguments=tuple(part for part, _ in parts), start=-1, end=-1), True
    return node, False
