"""What a value shows, as parts: each is written as text and as HTML, so the two never tell different things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from symcalc.errors import SymcalcError
from symcalc.views.figures.picture import Picture
from symcalc.views.page import markup
from symcalc.views.tables import folded, table

WIDTH = 100
# Not every notebook keeps the cells of a table apart.
_APART = "padding-right: 0.8em"


@dataclass(frozen=True)
class Words:
    """A sentence; `strong` for the one that counts."""

    words: str
    strong: bool = False

    def lines(self) -> list[str]:
        """As text."""
        return folded(self.words, WIDTH)

    def html(self) -> str:
        """As HTML."""
        words = markup.text(self.words)
        return f"<p>{f'<strong>{words}</strong>' if self.strong else words}</p>"


@dataclass(frozen=True)
class Formula:
    """A formula on a line of its own, in LaTeX and as text."""

    latex: str
    text: str

    def lines(self) -> list[str]:
        """As text."""
        return folded(self.text, WIDTH, 2)

    def html(self) -> str:
        """As MathML."""
        # Notebooks leave no room between lines of mathematics.
        return f'<div style="margin: 0.6em 0">{markup.math(self.latex, self.text, block=True)}</div>'


@dataclass(frozen=True)
class Table:
    """Rows of text; the first cell of each names it, the others are numbers where `right` says so."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[bool] = ()

    def lines(self) -> list[str]:
        """As text."""
        return table(self.rows, self.head, self.right or [False, *[True] * (len(self.head) - 1)])

    def html(self) -> str:
        """As HTML."""
        rows = [[f'<span style="{_APART}">{markup.text(cell)}</span>' for cell in row] for row in self.rows]
        return markup.table(self.head, rows)


@dataclass(frozen=True)
class Markup:
    """HTML that a view made, with its text."""

    made: str
    text: str

    def lines(self) -> list[str]:
        """As text."""
        return self.text.splitlines()

    def html(self) -> str:
        """As HTML."""
        return self.made


@dataclass(frozen=True)
class Drawn:
    """A picture, drawn when HTML is wanted; its words are its text."""

    draw: Callable[[], Picture]

    def lines(self) -> list[str]:
        """Nothing: the numbers stand in the other parts."""
        return []

    def html(self) -> str:
        """As inline SVG; nothing where there is nothing finite to draw."""
        from symcalc.views.figures.inline import figure

        try:
            return figure(self.draw())
        except SymcalcError:
            return ""


Part = Words | Formula | Table | Markup | Drawn


def text(parts: Iterable[Part]) -> str:
    """All parts as text."""
    return "\n".join(line for part in parts for line in part.lines())


def html(parts: Iterable[Part]) -> str:
    """All parts as HTML; wide ones scroll inside their own box."""
    return f'<div class="symcalc-value" style="overflow-x: auto">{"".join(part.html() for part in parts)}</div>'
