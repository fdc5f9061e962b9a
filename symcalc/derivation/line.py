"""A derivation: numbered lines, each an equation with its reason, the lines it uses, and how far it was checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.equations import Equation, Status, Verdict
from symcalc.looks import Shown, view
from symcalc.notation import tree
from symcalc.notation.writing import Notation

_ORDER: tuple[Status, ...] = ("failed", "not proven", "numeric", "exact")
_SAID = {"failed": "WRONG", "not proven": "not proven", "numeric": "numeric at 20 points", "exact": "exact"}


@dataclass(frozen=True)
class Line:
    """One line: left = right = …, because of a reason.

    Attributes:
        number: Its number, from 1; lines refer to each other by it.
        left: Its left side.
        rights: What it equals, one after the other: as the rule gives it, then as it is written more simply.
        rule: The rule used, in the field's words.
        reason: Why, in words.
        uses: Numbers of the lines that it uses.
        checked: How far it was checked.
        equation: The equation of the gradient that it is, or None for a step on the way.
        inner: Whether it is one application of a rule on the way to another line.
        numbers: What the right side is with numbers put in, then its value; () without a point.
    """

    number: int
    left: tree.Node
    rights: tuple[tree.Node, ...]
    rule: str
    reason: str
    uses: tuple[int, ...]
    checked: Verdict
    equation: Equation | None = field(default=None, repr=False, compare=False)
    inner: bool = False
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derivation(Shown):
    """The derivation of a gradient.

    Attributes:
        level: 0 the result, 1 one line an idea, 2 every application of a rule, 3 with numbers.
        lines: The lines, in order.
        gradient: The gradient it derives.
        notation: Prints its trees.
        point: The point whose numbers are put in, or None.
        notes: What the numbers say, in sentences: which way the loss goes, and by how much.
    """

    level: int
    lines: tuple[Line, ...]
    gradient: Gradient = field(repr=False, compare=False)
    notation: Notation = field(repr=False, compare=False)
    point: Any = None
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The weakest of the verdicts on its lines, and how many lines there are of each."""
        counts = Counter(line.checked.status for line in self.lines)
        worst: Status = next((status for status in _ORDER if counts[status]), "exact")
        told = ", ".join(f"{counts[status]} {_SAID[status]}" for status in reversed(_ORDER) if counts[status])
        return Verdict(worst, told if self.lines else "nothing to check")

    def text(self, width: int = 80, style: str = "text") -> str:
        """The lines as text: equations on the left, reasons on the right."""
        return str(view("explanation", "text")(self, width, style))

    def __str__(self) -> str:
        return self.text()

    @property
    def latex(self) -> str:
        """An `align` environment (amsmath), with the reasons as text."""
        return str(view("explanation_formats", "latex")(self))

    @property
    def markdown(self) -> str:
        """A numbered list in Markdown, formulas between dollar signs."""
        return str(view("explanation_formats", "markdown")(self))

    @property
    def html(self) -> str:
        """A table with formulas in MathML."""
        return str(view("explanation_formats", "html")(self))

    @property
    def mathml(self) -> tuple[str, ...]:
        """Each line as one MathML element."""
        return tuple(view("explanation_formats", "mathml")(self))

    @property
    def document(self) -> list[dict[str, Any]]:
        """The lines as JSON has them."""
        return list(view("explanation_formats", "document")(self))
