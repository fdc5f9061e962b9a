"""Local facts about a place in a formula, and how they become errors with text, line and column."""

from __future__ import annotations

from symcalc.errors import FormulaError
from symcalc.notation import tree


class Fault(Exception):
    """A local fact about one node; the reader of the whole text adds text and position."""

    def __init__(self, reason: str, node: tree.Node, suggestion: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.node, self.suggestion = reason, node, suggestion


def located(fault: Fault, text: str) -> FormulaError:
    """A local fault as an error with text, line and column."""
    start = max(0, fault.node.start)
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    length = max(1, min(fault.node.end, len(text)) - start)
    return FormulaError(fault.reason, text, line, column, fault.suggestion, length)
