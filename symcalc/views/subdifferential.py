"""The slopes that a point on a kink leaves open, and whether 0 is one of them: as lines and for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.errors import SymcalcError
from symcalc.sources.run_file import plain
from symcalc.views import numbers

if TYPE_CHECKING:
    from symcalc.compute.program import Program

_MANY = 6


def lines(program: Program, point: Any, digits: int = 6, style: str = "text") -> list[str]:
    """What to say at a point on a kink: the interval of each slope, then the certificate.

    Args:
        program: The compiled loss.
        point: A point.
        digits: Significant digits.
        style: text or ascii.
    """
    if program.loss.per_row:
        return []
    try:
        found = program.subdifferential(point)
        parts = _intervals(program, found.intervals, digits, style)
        kind = "slopes left open" if found.exact else "slopes left open, at most"
        opened = [f"{kind}: {', '.join(parts)}"] if parts else []
        return [*opened, _styled(program.certificate(point).message, style)]
    except SymcalcError as error:
        return [str(error)]


def _intervals(program: Program, intervals: dict[str, tuple[Any, Any]], digits: int, style: str) -> list[str]:
    layout, name = program.layout, program.loss.name
    ends = [layout.joined({n: pair[k] for n, pair in intervals.items()}) for k in (0, 1)]
    entries, sign = layout.entries(), "∂" if len(layout.names) > 1 and style != "ascii" else "d"
    parts = [
        f"{sign}{name}/{sign}{entry} from {numbers.number(low, digits)} to {numbers.number(high, digits)}"
        for entry, low, high in zip(entries, *ends)
        if low < high
    ]
    return parts if len(parts) <= _MANY else [*parts[:_MANY], f"{len(parts) - _MANY} more"]


def _styled(message: str, style: str) -> str:
    return message.replace("∂", "d") if style == "ascii" else message


def document(program: Program, point: Any) -> dict[str, Any]:
    """The subdifferential and the certificate at a point on a kink, for JSON; empty where they say nothing."""
    if program.loss.per_row:
        return {}
    try:
        found, proof = program.subdifferential(point), program.certificate(point)
    except SymcalcError as error:
        return {"certificate": {"contains_zero": None, "message": str(error)}}
    made: dict[str, Any] = plain(
        {
            "subdifferential": {
                "intervals": [
                    {"parameter": name, "low": np.asarray(low).tolist(), "high": np.asarray(high).tolist()}
                    for name, (low, high) in found.intervals.items()
                ],
                "exact": found.exact,
            },
            "certificate": {
                "contains_zero": proof.contains_zero,
                "convex": proof.convex,
                "multipliers": [
                    {"kink": m.kink, "row": m.row, "place": m.place, "low": m.low, "high": m.high, "value": m.value}
                    for m in proof.multipliers
                ],
                "message": proof.message,
            },
        }
    )
    return made
