"""What the numbers of a program are worth, as a screen shows it."""

from __future__ import annotations

from symcalc.numeric.accuracy import Accuracy
from symcalc.views.look import Look, fitted
from symcalc.views.tables import folded, table


def lines(found: Accuracy, look: Look | None = None) -> list[str]:
    """A table with a line for the loss and for each slope, and what it comes to.

    Args:
        found: The accuracy.
        look: How to write.
    """
    look = look or Look()
    head, rows = entries(found, look)
    made = table(rows, head, [False, *[True] * (len(head) - 1)], 2)
    told = [found.sentence, *([found.why_not] if found.why_not else [])]
    return fitted([*made, *(line for sentence in told for line in folded(sentence, look.width, 2))], look.width)


def entries(found: Accuracy, look: Look) -> tuple[list[str], list[list[str]]]:
    """(head, rows) of the table."""
    single = found.dtype == "float32"
    head = ["", "at most", *(["float32 off by"] if single else []), "float64 off by"]
    rows = [
        [d.of, look.number(d.largest), *([f"{d.off:.1e}"] if single else []), f"{d.off_in_float64:.1e}"]
        for d in found.deviations
    ]
    return head, rows
