"""What pulls on each slope, as text and as JSON: the rows that pull hardest, and the terms of the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.sources.run_file import plain
from symcalc.views import numbers
from symcalc.views.tables import folded, table

if TYPE_CHECKING:
    from symcalc.compute.contributions import Contributions
    from symcalc.compute.program import Program

MOST_ROWS, MOST_ENTRIES = 5, 6
# Pulls this near to each other, as a share, differ by rounding alone.
_SAME = 1e-12


def lines(program: Program, found: Contributions, width: int = 80, digits: int = 6) -> list[str]:
    """The rows that pull hardest on each slope, and what each term of the loss adds.

    Args:
        program: The compiled loss, for the columns of the rows.
        found: The contributions.
        width: Columns of the screen.
        digits: Significant digits.
    """
    shown: list[str] = []
    entries = [(name, place) for name in found.slopes for place in np.ndindex(np.shape(found.slopes[name]))]
    for name, place in entries[:MOST_ENTRIES]:
        slope = float(np.asarray(found.slopes[name])[place])
        word = _entry(name, place)
        shown.append(f"pull on {word}: slope {numbers.number(slope, digits)}")
        if name in found.rows:
            shown += _hardest(program, np.asarray(found.rows[name])[(slice(None), *place)], digits)
            rest = float(np.asarray(found.rest[name])[place])
            if rest and not found.terms:
                shown.append(f"  no row: {numbers.number(rest, digits)}")
        for text, slopes in found.terms:
            part = numbers.number(float(np.asarray(slopes[name])[place]), digits)
            shown += folded(f"  of {text}: {part}", width, 0)
    if len(entries) > MOST_ENTRIES:
        shown.append(f"… {len(entries) - MOST_ENTRIES} more entries: --json has them all")
    return shown


def _hardest(program: Program, pulls: Any, digits: int) -> list[str]:
    """A table of the rows that pull hardest, and what the others add together."""
    order = np.argsort(-np.abs(pulls), kind="stable")
    # A line for one other row might as well be that row.
    order = order if len(order) == MOST_ROWS + 1 else order[:MOST_ROWS]
    columns = [c for c in program.loss.columns if len(c.shape) == 1][:4]
    values = {c.name: np.asarray(program.given[c.symbol], dtype=float) for c in columns}
    rows = [
        [
            str(int(k) + 1),
            *(numbers.number(values[c.name][k], digits) for c in columns),
            numbers.number(pulls[k], digits),
        ]
        for k in order
    ]
    others = float(np.sum(pulls)) - float(np.sum(pulls[order]))
    if len(pulls) > len(order):
        rest = len(pulls) - len(order)
        rows.append([f"{rest} others", *("" for _ in columns), numbers.number(others, digits)])
    shown = table(rows, ["row", *(c.name for c in columns), "adds"], [True] * (len(columns) + 2), 2)
    return [*shown, *(f"  {sentence}" for sentence in _remarks(pulls, order))]


def _remarks(pulls: Any, order: Any) -> list[str]:
    """Which rows pull against the slope, those not shown included, and which pull equally hard."""
    remarks = []
    whole = float(np.sum(pulls))
    against = [int(k) + 1 for k in order if pulls[k] * whole < 0]
    hidden = int(np.sum(pulls * whole < 0)) - len(against)
    if against:
        beside = f", and so {'does' if hidden == 1 else 'do'} {hidden} of the others" if hidden else ""
        remarks.append(f"of these, {_rows(against)} {_verb(len(against))} the other way{beside}")
    elif hidden:
        remarks.append(f"{hidden} of the others {_verb(hidden)} the other way")
    first, last = order[0], order[-1]
    hardest = [int(k) + 1 for k in order[_alike(pulls, first)[order]]]
    if pulls[first] and len(hardest) > 1:
        remarks.append(f"{_rows(hardest)} pull equally hard")
    alike = _alike(pulls, last)
    ties = int(np.sum(alike)) - int(np.sum(alike[order]))
    if pulls[last] and ties:
        remarks.append(f"{ties} of the others {_verb(ties)} as hard as row {int(last) + 1}")
    return remarks


def _alike(pulls: Any, row: int) -> Any:
    """Which rows pull as hard as one of them, to within rounding."""
    sizes = np.abs(pulls)
    return np.abs(sizes - sizes[row]) <= _SAME * sizes[row]


def _rows(listed: list[int]) -> str:
    return f"{'row' if len(listed) == 1 else 'rows'} {', '.join(map(str, listed))}"


def _verb(count: int) -> str:
    return "pulls" if count == 1 else "pull"


def _entry(name: str, place: tuple[int, ...]) -> str:
    return f"{name}[{','.join(map(str, place))}]" if place else name


def document(found: Contributions) -> dict[str, Any]:
    """The contributions as JSON has them."""
    made: dict[str, Any] = plain(
        {
            "rows": found.rows,
            "rest": found.rest,
            "terms": [{"text": text, "slopes": slopes} for text, slopes in found.terms],
        }
    )
    return made
