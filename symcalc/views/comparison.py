"""Numeric slopes beside the exact ones, as a table that fits the screen, and why each of them misses."""

from __future__ import annotations

from collections.abc import Sequence

from symcalc.numeric.rows import Comparison, Row
from symcalc.views import numbers
from symcalc.views.gaps import explained, symbolic_slopes
from symcalc.views.tables import folded, table, width_of

HEAD = ("parameter", "method", "h", "numeric", "symbolic", "gap", "predicted", "explained by", "best h", "values")
RIGHT = (False, False, True, True, True, True, True, False, True, True)
KEYS = "gap = numeric - symbolic; predicted = what it should be; values = values of the loss taken."
# An array with more entries shows, for each method, the one whose gap is widest.
MANY = 4

__all__ = ["explained", "lines", "shown"]


def lines(found: Comparison, width: int = 80, digits: int = 6) -> list[str]:
    """The comparison: one table where it fits, else a table for each parameter.

    Args:
        found: The comparison.
        width: Columns of the screen.
        digits: Significant digits of slopes.
    """
    rows = shown(found)
    whole = table([_entries(row, digits) for row in rows], HEAD, RIGHT)
    if max(map(width_of, whole)) > width:
        whole = _by_parameter(found, rows, digits)
    whole += ["", *folded(KEYS, width, 2, 2)]
    for name, count in _arrays(found).items():
        if count > MANY:
            text = f"{name} has {count:,} entries: each method shows the one whose gap is widest; --json has all."
            whole += folded(text, width, 2, 2)
    for sentence in (*explained(found, digits, rows), *symbolic_slopes(found)):
        whole += folded(sentence, width, 2)
    for note in dict.fromkeys(row.note for row in rows if row.note):
        noted = [row for row in rows if row.note == note]
        # What is said of a method is said of every parameter; what is said of some rows names them.
        some = len(noted) < len({row.parameter for row in rows})
        who = f" on {'; '.join(f'{row.parameter}, {row.method}' for row in noted)}" if some else ""
        whole += folded(f"note{who}: {note}", width, 2)
    return whole


def shown(found: Comparison) -> list[Row]:
    """The rows a screen has room for: of a large array, for each method the entry whose gap is widest."""
    large = {name for name, count in _arrays(found).items() if count > MANY}
    widest: dict[tuple[str, str], Row] = {}
    for row in found.rows:
        owner = _owner(row)
        key = (owner if owner in large else row.parameter, row.method)
        if key not in widest or abs(row.error or 0.0) > abs(widest[key].error or 0.0):
            widest[key] = row
    return list(widest.values())


def _owner(row: Row) -> str:
    return row.parameter.partition("[")[0]


def _arrays(found: Comparison) -> dict[str, int]:
    """How many entries each parameter has."""
    count: dict[str, int] = {}
    for entry in dict.fromkeys(row.parameter for row in found.rows):
        name = entry.partition("[")[0]
        count[name] = count.get(name, 0) + 1
    return count


def _by_parameter(found: Comparison, rows: Sequence[Row], digits: int) -> list[str]:
    large = {name for name, count in _arrays(found).items() if count > MANY}
    lines: list[str] = []
    for group in dict.fromkeys(_owner(r) if _owner(r) in large else r.parameter for r in rows):
        whole = group in large
        of_it = [row for row in rows if (_owner(row) if whole else row.parameter) == group]
        head = f"{group}: the widest gaps" if whole else (
            f"{group}: the symbolic slope is {numbers.number(of_it[0].symbolic, digits)}"
        )  # fmt: skip
        kept = [*([0] if whole else []), 1, 2, 3, 5, 6, 9]
        entries = [[_entries(row, digits)[k] for k in kept] for row in of_it]
        lines += ["", f"  {head}", *table(entries, [HEAD[k] for k in kept], [RIGHT[k] for k in kept], 4)]
    return lines[1:]


def _entries(row: Row, digits: int) -> list[str]:
    applies = row.numeric is not None
    return [
        row.parameter,
        row.method,
        numbers.number(row.step, 3) if applies else "",
        numbers.number(row.numeric, digits) if applies else "does not apply",
        numbers.number(row.symbolic, digits),
        "" if row.error is None else numbers.number(row.error, 3),
        "" if row.predicted_error is None else numbers.number(row.predicted_error, 3),
        _by(row),
        "" if row.best_step is None else numbers.number(row.best_step, 2),
        str(row.evaluations) if applies else "",
    ]


def _by(row: Row) -> str:
    """The largest part of the gap, and how much of it that is."""
    if row.share is None:
        return ""
    return f"{row.cause} {100 * row.share:.1f} %" if 0.4 < row.share < 1.6 else row.cause
