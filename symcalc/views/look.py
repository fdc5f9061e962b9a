"""How a screen is written: its width, its digits, its characters; and lines that keep to them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NARROWEST = 30


@dataclass(frozen=True)
class Look:
    """How a screen is written.

    Attributes:
        width: Columns of the terminal; no line is longer.
        digits: Significant digits of a number.
        ascii: Plain ASCII only: `dL/db`, `<-`, `*`.
    """

    width: int = 80
    digits: int = 6
    ascii: bool = False

    @property
    def style(self) -> str:
        """What the notation calls it: text or ascii."""
        return "ascii" if self.ascii else "text"

    @property
    def gets(self) -> str:
        """The arrow of an update."""
        return "<-" if self.ascii else "←"

    @property
    def times(self) -> str:
        """The sign of a product."""
        return "*" if self.ascii else "·"

    @property
    def dots(self) -> str:
        """What stands for the rest."""
        return "..." if self.ascii else "…"

    def number(self, value: float, digits: int | None = None) -> str:
        """A number in short: `-77.33`."""
        # Adding 0 turns -0.0 into 0.0.
        return f"{float(value) + 0.0:.{digits or self.digits}g}"

    def signed(self, value: float, digits: int | None = None) -> str:
        """A number with its sign: `+373.746`."""
        return f"{float(value) + 0.0:+.{digits or self.digits}g}"

    def inside(self, value: float) -> str:
        """A number as a factor: in parentheses where it is negative."""
        text = self.number(value)
        return f"({text})" if text.startswith("-") else text

    def beside(self, value: float, other: float) -> str:
        """A number with just the digits that tell it from another one, where a few more do that."""
        gap = abs(value - other)
        if not (math.isfinite(gap) and gap > 0 and value):
            return self.number(value)
        needed = math.ceil(math.log10(abs(value) / gap)) + 1
        return self.number(value, max(self.digits, needed) if needed <= self.digits + 2 else None)

    def gap(self, value: float) -> str:
        """A small difference: two digits are enough."""
        return self.number(value, 2)


def packed(pieces: Iterable[str], width: int, indent: str = "", gap: str = "   ", hang: str = "") -> list[str]:
    """Pieces set side by side, as many on a line as fit; lines after the first begin with `hang` more."""
    lines: list[str] = []
    for piece in pieces:
        if lines and len(lines[-1]) + len(gap) + len(piece) <= width:
            lines[-1] += gap + piece
        else:
            lines.append(indent + (hang if lines else "") + piece)
    return lines


def beside(rows: Sequence[tuple[str, str]], width: int, indent: str = "") -> list[str]:
    """Rows of two parts; the second ones stand below each other where that fits, else as near as they can."""
    longest = max((len(left) for left, right in rows if right), default=0)
    aligned = all(len(indent) + longest + 3 + len(right) <= width for _, right in rows if right)
    lines: list[str] = []
    for left, right in rows:
        if not right:
            lines.append(indent + left)
        elif aligned:
            lines.append(f"{indent}{left:<{longest}}   {right}")
        else:
            lines += packed([left, right], width, indent)
    return lines


def fitted(lines: Iterable[str], width: int) -> list[str]:
    """Lines none of which is longer than the width: longer ones go on below, indented."""
    result: list[str] = []
    for line in lines:
        if len(line) <= max(width, NARROWEST):
            result.append(line.rstrip())
            continue
        lead = line[: len(line) - len(line.lstrip())]
        result += textwrap.wrap(
            line.strip(), max(width, NARROWEST), initial_indent=lead, subsequent_indent=lead + "    ",
            break_on_hyphens=False,
        )  # fmt: skip
    return result
