"""How the equations of one loss are written: in index form, without indices, and as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from symcalc.equations import Axis, Equation, Name
from symcalc.notation import latex, text, tree
from symcalc.notation.closed import Closed, NotClosed
from symcalc.notation.indexed import Indexed
from symcalc.notation.inlining import Inliner


@dataclass(frozen=True)
class Notation:
    """The names of a loss and everything needed to print its equations.

    Attributes:
        formula: The typed formula.
        names: Private symbol → Name.
        axes: Index symbol → Axis.
        equations: All equations, in order.
    """

    formula: tree.Formula
    names: dict[Any, Name] = field(repr=False)
    axes: dict[Any, Axis] = field(repr=False)
    equations: tuple[Equation, ...] = field(repr=False)

    def extended(self, names: dict[Any, Name], axes: dict[Any, Axis], equations: tuple[Equation, ...]) -> Notation:
        """The same notation with more names and equations."""
        return replace(self, names=names, axes=axes, equations=equations)

    def equation(self, equation: Equation, style: str = "text") -> str:
        """An equation in index form; `style` is text, ascii or latex."""
        writer = self._indexed()
        left, right = writer.left(equation), writer.right(equation)
        return f"{self.write(left, style)} = {self.write(right, style)}"

    def right(self, equation: Equation, style: str = "text") -> str:
        """An equation's right side as people write it: without indices where that is possible."""
        return self.write(self.right_tree(equation), style)

    def right_tree(self, equation: Equation) -> tree.Node:
        """An equation's right side as a tree, without indices where that is possible."""
        if equation.typed is not None and equation.name.kind in ("definition", "intermediate"):
            return equation.typed  # type: ignore[no-any-return]
        closed = self._without_indices(equation)
        return self.index_trees(equation)[1] if closed is None else closed

    def index_form(self, equation: Equation, style: str = "text") -> str:
        """An equation in index form, both sides, with short inner derivatives put in."""
        left, right = self.index_trees(equation)
        return f"{self.write(left, style)} = {self.write(right, style)}"

    def index_trees(self, equation: Equation) -> tuple[tree.Ref, tree.Node]:
        """Both sides of an equation in index form as trees, with short inner derivatives put in."""
        axes = dict(self.axes)
        terms = Inliner(self.names, axes, self._by_symbol, None).inlined(equation)
        taken = {n.name for n in self.names.values() if n.shown}
        writer = Indexed(self.names, axes, self._by_symbol, taken)
        return writer.left(equation), writer.right(replace(equation, terms=terms))

    def has_indices(self, equation: Equation) -> bool:
        """Whether the equation can only be written with indices."""
        return self._without_indices(equation) is None

    def _without_indices(self, equation: Equation) -> tree.Node | None:
        """The right side without indices: with inner derivatives put in, else with them by name; None if neither."""
        # Left and right sides, in every style, ask for it again; the equation is kept so that its id stays its own.
        if id(equation) not in self._forms:
            self._forms[id(equation)] = equation, self._formed(equation)
        return self._forms[id(equation)][1]

    def _formed(self, equation: Equation) -> tree.Node | None:
        for inline in ("all", "once", "none"):
            try:
                return self._closed.right(equation, inline)
            except NotClosed:
                continue
        return None

    @cached_property
    def _forms(self) -> dict[int, tuple[Equation, tree.Node | None]]:
        return {}

    def left(self, equation: Equation, style: str = "text") -> str:
        """An equation's left side, with indices only where the right side needs them."""
        if equation.indices and self.has_indices(equation):
            return self.write(self._indexed().left(equation), style)
        return self.write(tree.Ref(-1, -1, equation.name.name), style)

    def write(self, node: tree.Node, style: str = "text") -> str:
        """A tree in a style: text, ascii or latex."""
        if style == "latex":
            return latex.write(node, self._words)
        return text.write(node, text.ASCII if style == "ascii" else text.UNICODE, source=self.formula.text)

    def marked(self, node: tree.Node, marks: Mapping[int, str]) -> str:
        """A tree as LaTeX for a page: identity of a node → the class it is given there."""
        return latex.write(node, self._words, marks=marks)

    def as_typed(self, node: tree.Node) -> str:
        """A typed node in the user's own spelling."""
        if node.start < 0:
            return text.write(node, text.ASCII, source=self.formula.text)
        return " ".join(self.formula.text[node.start : node.end].split())

    def typed_latex(self, formula: tree.Formula) -> str:
        """A typed formula as LaTeX, a line a statement."""
        lines = latex.statements(formula, self._words)
        return r" \\ ".join(f"{left} = {right}" if left else right for left, right in lines)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(n.name for n in self.names.values() if n.shown)

    @cached_property
    def _by_symbol(self) -> dict[Any, Equation]:
        return {e.name.symbol: e for e in self.equations}

    def _indexed(self) -> Indexed:
        taken = {n.name for n in self.names.values() if n.shown}
        return Indexed(self.names, dict(self.axes), self._by_symbol, taken)

    @cached_property
    def _closed(self) -> Closed:
        return Closed(self.names, dict(self.axes), self._by_symbol)
