"""Columns of text: aligned, and folded where the screen ends."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

GAP = 2


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes: wide letters two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, width: int, right: bool = False) -> str:
    """The text with spaces up to a width, in front of it for `right`."""
    spaces = " " * max(0, width - width_of(text))
    return spaces + text if right else text + spaces


def folded(text: str, width: int, indent: int = 0, hanging: int | None = None) -> list[str]:
    """A text in lines no wider than the screen where it can be broken at spaces.

    Args:
        text: One line.
        width: Columns of the screen.
        indent: Spaces before the first line.
        hanging: Spaces before the other lines; 4 more than the first unless given.
    """
    first, other = " " * indent, " " * (indent + 4 if hanging is None else hanging)
    if indent + width_of(text) <= width:
        return [first + text]
    return textwrap.wrap(
        text, max(width, 24), initial_indent=first, subsequent_indent=other, break_long_words=False,
        break_on_hyphens=False,
    ) or [first]  # fmt: skip


def table(rows: Sequence[Sequence[str]], head: Sequence[str], right: Sequence[bool], indent: int = 2) -> list[str]:
    """Rows under a head, every column as wide as its widest entry.

    Args:
        rows: The entries, as many in each row as `head` has.
        head: What the columns are.
        right: Which columns are set to the right, as numbers are.
        indent: Spaces before each line.
    """
    every = [head, *rows]
    widths = [max(width_of(row[k]) for row in every) for k in range(len(head))]
    lines = []
    for row in every:
        entries = [padded(entry, width, side) for entry, width, side in zip(row, widths, right)]
        lines.append((" " * indent + (" " * GAP).join(entries)).rstrip())
    return lines


def beside(pairs: Sequence[tuple[str, str]], width: int, indent: int = 2, share: float = 0.55) -> list[str]:
    """Each text with its remark: beside it in one column where both fit, else on the line below.

    Args:
        pairs: Text and remark.
        width: Columns of the screen.
        indent: Spaces before each line.
        share: The most of the width that the texts may take.
    """
    most = int(width * share)
    fitting = [width_of(text) for text, _ in pairs if indent + width_of(text) + GAP <= most]
    column = max(fitting, default=0) + indent + GAP
    lines: list[str] = []
    for text, remark in pairs:
        if indent + width_of(text) + GAP > column or not remark:
            lines += folded(text, width, indent)
            lines += folded(remark, width, indent + 4, indent + 4) if remark else []
        else:
            head = padded(" " * indent + text, column)
            first, *more = folded(remark, width, column, column)
            lines += [head + first.strip(), *more]
    return lines
