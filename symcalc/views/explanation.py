"""A derivation as a screen shows it: numbered lines, equations on the left, reasons on the right."""

from __future__ import annotations

from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.derivation.deriving import derive
from symcalc.derivation.line import Derivation, Line
from symcalc.errors import InputError
from symcalc.views.tables import GAP, folded, padded, width_of

LEVELS = (0, 1, 2, 3)
SHARE = 0.5


def explained(gradient: Gradient, level: int = 1, at: Any = None) -> Derivation:
    """The derivation of a gradient at a level, with numbers where a point is given.

    Raises:
        InputError: There is no such level, or level 3 lacks a point.
    """
    if level not in LEVELS:
        raise InputError(f"There is no level {level!r} of a derivation; there are 0, 1, 2 and 3.")
    if level == 3 and at is None:
        raise InputError("Level 3 puts numbers in, so it needs a point: explain(3, at={…}), or --at m=1,b=2.")
    found = derive(gradient, level)
    if at is None:
        return found
    from symcalc.views.explanation_numbers import with_numbers

    return with_numbers(found, at)


def text(derivation: Derivation, width: int = 80, style: str = "text") -> str:
    """All lines as one text."""
    return "\n".join(lines(derivation, width, style))


def lines(derivation: Derivation, width: int = 80, style: str = "text") -> list[str]:
    """The lines, no wider than the screen.

    Args:
        derivation: The derivation.
        width: Columns of the screen.
        style: text or ascii.
    """
    if not derivation.lines:
        return []
    digits = len(str(derivation.lines[-1].number))
    equations = {line.number: _equation(derivation, line, style) for line in derivation.lines}
    lead = digits + 3
    most = int((width - lead) * SHARE) if width < 140 else int((width - lead) * 0.6)
    widths = [width_of(part) + 2 * line.inner for line in derivation.lines for part in equations[line.number]]
    column = lead + max((w for w in widths if w <= most), default=0) + GAP
    shown: list[str] = []
    for line in derivation.lines:
        shown += _placed(line, equations[line.number], width, digits, column)
    return shown + [row for note in derivation.notes for row in folded(note, width, 1)]


def _equation(derivation: Derivation, line: Line, style: str) -> list[str]:
    """left = right, and each further right side on a line of its own."""
    write = derivation.notation.write
    left = write(line.left, style)
    first, *more = (write(right, style) for right in line.rights)
    parts = [f"{left} = {first}"]
    indent = " " * max(2, min(width_of(left) + 1, 12))
    parts += [f"{indent}= {right}" for right in more]
    return parts + [f"{indent}= {number}" for number in line.numbers]


def _placed(line: Line, parts: list[str], width: int, digits: int, column: int) -> list[str]:
    """One line of the derivation as lines of the screen."""
    head = f" {line.number:>{digits}}  " if not line.inner else f" {line.number:>{digits}}    "
    indent = len(head)
    reason = because(line)
    left = [
        row if k or j else head + row.lstrip()
        for k, part in enumerate(parts)
        for j, row in enumerate(_folded(part, width, indent))
    ]
    if not reason:
        return left
    room = width - column
    right = folded(reason, room, 0, 0) if room >= 24 else []
    fits = right and all(width_of(row) + GAP <= column for row in left[: len(right)])
    if not fits:
        return [*left, *folded(reason, width, indent + 4, indent + 4)]
    rows = max(len(left), len(right))
    left += [""] * (rows - len(left))
    right += [""] * (rows - len(right))
    return [(padded(one, column) + two).rstrip() for one, two in zip(left, right)]


def _folded(part: str, width: int, indent: int) -> list[str]:
    inside = len(part) - len(part.lstrip())
    return folded(part.lstrip(), width, indent + inside, indent + inside + 4)


def because(line: Line) -> str:
    """The reason with the lines it goes by, and a doubt where there is one."""
    reason = line.reason
    if line.inner:
        reason = f"{line.rule}: {reason}" if reason else line.rule
    if line.checked.status in ("failed", "not proven"):
        reason += f" [{line.checked.sentence.upper() if line.checked.status == 'failed' else 'not proven'}]"
    return reason
