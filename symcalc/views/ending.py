"""What is known about where a descent ended, as a screen shows it and for JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.curvature.ending import Ending, Entry
from symcalc.descent.trace import Trace
from symcalc.errors import SymcalcError
from symcalc.views.look import Look
from symcalc.views.tables import folded, table

MOST = 6
# Digits of a value in the table; all that were asked for stand above it.
_SHOWN = 10
# A descent over so many numbers would take longer to look at than to walk.
MOST_PARAMETERS, MOST_WORK = 400, 3_000_000


def lines(trace: Trace, look: Look) -> list[str]:
    """Why the end is believed to be a minimum, the digits and the standard error of each parameter.

    Args:
        trace: The descent.
        look: How to write.
    """
    found = _found(trace)
    if found is None:
        return []
    result = [line for sentence in found.sentences for line in folded(_styled(sentence, look), look.width, 2)]
    if not any(entry.digits_by_slope is not None for entry in found.entries):
        return result
    result += table(*rows(found, look))
    more = len(found.entries) - MOST
    result += [f"  {look.dots} {more} more"] if more > 0 else []
    if found.deviations is not None:
        result += folded(found.deviations.sentence, look.width, 2)
    return result


def rows(found: Ending, look: Look) -> tuple[list[list[str]], list[str], list[bool]]:
    """A table of the numbers of the point and how sharply each is known: rows, head, which stand right."""
    errors = found.deviations is not None
    listed = [
        [
            e.name, look.number(e.value, min(look.digits, _SHOWN)),
            *([_error(e, look), _digits(e.digits_by_data)] if errors else []),
            _digits(_here(e)), _digits(e.digits_by_slope), _digits(e.digits_by_loss),
        ]
        for e in found.entries[:MOST]
    ]  # fmt: skip
    head = [
        "",
        "value",
        *(["standard error", "data has"] if errors else []),
        "digits",
        f"{found.dtype} has",
        "loss alone",
    ]
    return listed, head, [False, *[True] * (len(head) - 1)]


def _error(entry: Entry, look: Look) -> str:
    if entry.standard_error is None:
        return ""
    return look.number(entry.standard_error, min(look.digits, 6)) if np.isfinite(entry.standard_error) else "open"


def _here(entry: Entry) -> float | None:
    """Digits that are right here: those that the way left does not touch, as far as slopes can tell."""
    if entry.digits_reached is None or entry.digits_by_slope is None:
        return entry.digits_reached
    return min(entry.digits_reached, entry.digits_by_slope)


def _digits(value: float | None) -> str:
    return "" if value is None else f"{int(value)}"


def _styled(sentence: str, look: Look) -> str:
    return sentence.replace("·", look.times) if look.ascii else sentence


def _found(trace: Trace) -> Ending | None:
    loss: Any = trace.program.loss
    total = trace.walked.layout.total
    if total > MOST_PARAMETERS or (getattr(loss, "rows", None) or 1) * total > MOST_WORK:
        return None
    try:
        return trace.ending
    except SymcalcError:
        return None


def document(trace: Trace) -> dict[str, Any] | None:
    """The same for JSON; None where it was not worked out."""
    found = _found(trace)
    if found is None:
        return None
    return {
        "kind": found.kind,
        "is_minimum": found.is_minimum,
        "is_global": found.is_global,
        "gradient_length": found.gradient_length,
        "rounding": found.rounding,
        "above": found.above,
        "eigenvalues": list(found.eigenvalues),
        "convex": found.convexity.convex,
        "entries": [
            {
                "name": e.name, "value": e.value, "standard_error": e.standard_error, "digits": _here(e),
                "digits_by_data": e.digits_by_data,
                "digits_by_slope": e.digits_by_slope, "digits_by_loss": e.digits_by_loss,
            }
            for e in found.entries
        ],
        "deviations": None if found.deviations is None else found.deviations.sentence,
        "sentences": list(found.sentences),
    }  # fmt: skip
