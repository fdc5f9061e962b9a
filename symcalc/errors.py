"""Everything that can go wrong because of what a user gave, as one tree of sentences.

    SymcalcError                 the root; str(error) is the sentence with its remedy
    ├── FormulaError             a text that is no usable formula: where, why, what instead
    ├── DataError                a table that cannot be used: file, row, column
    ├── InputError               an argument that cannot be used: a point, a rate, an option
    └── MissingExtra             an optional package that is not installed

Nothing else is raised on purpose: another exception reaching a user is a fault of symcalc.
"""

from __future__ import annotations


class SymcalcError(Exception):
    """Something the user gave cannot be used; the text is one sentence with the remedy."""


class FormulaError(SymcalcError):
    """A formula that cannot be used.

    Attributes:
        reason: The sentence: what is wrong, and the remedy.
        text: The whole text that was read ("" while the place is not yet known).
        line: Line of the place, from 1.
        column: Code point of the place within its line, from 1.
        suggestion: A replacement that would work, or None.
        length: How many code points the caret line marks.
    """

    def __init__(
        self,
        reason: str,
        text: str = "",
        line: int = 1,
        column: int = 1,
        suggestion: str | None = None,
        length: int = 1,
    ) -> None:
        super().__init__(reason)
        self.reason, self.text, self.line, self.column = reason, text, line, column
        self.suggestion, self.length = suggestion, length

    def __str__(self) -> str:
        lines = self.text.splitlines()
        if not 1 <= self.line <= len(lines):
            return self.reason
        # Long lines are cut to a window around the place, so that the caret stays on screen.
        shown, start = lines[self.line - 1], 0
        if len(shown) > 76:
            start = max(0, min(self.column - 1 - 30, len(shown) - 76))
            shown = shown[start : start + 76]
        place = self.column - 1 - start
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
        marks = "^" * max(1, min(self.length, len(shown) - place))
        return f"{self.reason}\n  {shown}\n  {' ' * place}{marks}"


class DataError(SymcalcError):
    """A table that cannot be used.

    Attributes:
        reason: The sentence: what is wrong, and the remedy.
        file: The file's name as given, or None for data in memory.
        row: Row of the place, from 1 after the header, or None.
        column: Header of the column, or None.
    """

    def __init__(self, reason: str, file: str | None = None, row: int | None = None, column: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.file, self.row, self.column = reason, file, row, column


class InputError(SymcalcError):
    """An argument that cannot be used: a point, a learning rate, an option."""


class MissingExtra(SymcalcError):
    """An optional package is needed and not installed; the sentence says what to install."""
