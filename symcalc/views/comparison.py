"""Numeric slopes beside the exact ones, as a table that fits the screen."""

from __future__ import annotations

from symcalc.numeric.comparison import Comparison, Row
from symcalc.views import numbers
from symcalc.views.tables import folded, table, width_of

HEAD = ("parameter", "method", "h", "numeric", "symbolic", "gap", "error", "values")
RIGHT = (False, False, True, True, True, True, True, True)
EXPLAINED = "gap = numeric - symbolic; error = numeric - the slope with 40 digits; values = values of the loss taken."
# What h makes of a slope, from the derivatives of the loss along the parameter: Taylor's series.
TRUNCATION = {
    "forward": "h/2 times the second derivative",
    "backward": "-h/2 times the second derivative",
    "central": "h²/6 times the third derivative",
    "complex-step": "-h²/6 times the third derivative",
}
UNREFERENCED = "gap = numeric - symbolic; values = values of the loss taken."


def lines(found: Comparison, width: int = 80, digits: int = 6) -> list[str]:
    """The comparison: one table where it fits, else a table for each parameter.

    Args:
        found: The comparison.
        width: Columns of the screen.
        digits: Significant digits of slopes.
    """
    rows = [_entries(row, digits) for row in found.rows]
    whole = table(rows, HEAD, RIGHT)
    if max(map(width_of, whole)) > width:
        whole = _by_parameter(found, digits)
    referenced = any(row.reference is not None for row in found.rows)
    whole += ["", *folded(EXPLAINED if referenced else UNREFERENCED, width, 2, 2)]
    for sentence in explained(found, digits):
        whole += folded(sentence, width, 2, 2)
    for name, error in _symbolic_errors(found).items():
        whole += folded(f"The symbolic slope in {name} is off by {numbers.number(error, 2)}.", width, 2, 2)
    for note in dict.fromkeys(row.note for row in found.rows if row.note):
        whole += folded(f"note: {note}", width, 2)
    return whole


def explained(found: Comparison, digits: int = 6) -> list[str]:
    """Why each numeric slope misses: the gap that truncation makes of h, and how much of the gap it explains."""
    sentences = []
    for row in found.rows:
        words = TRUNCATION.get(row.method)
        if words is None or row.error is None or not row.predicted_error:
            continue
        share = 100 * row.predicted_error / row.error if row.error else 0.0
        told = numbers.number(row.predicted_error, 3)
        if 50 <= share <= 200:
            sentences.append(
                f"{row.parameter}, {row.method}: truncation, {words}, makes a gap of {told}: it explains {share:.1f} % of it."
            )
        else:
            sentences.append(
                f"{row.parameter}, {row.method}: truncation, {words}, makes {told} of the gap; "
                "the rest is round-off or higher derivatives."
            )
    return sentences


def _by_parameter(found: Comparison, digits: int) -> list[str]:
    lines: list[str] = []
    for parameter in dict.fromkeys(row.parameter for row in found.rows):
        of_it = [row for row in found.rows if row.parameter == parameter]
        symbolic = numbers.number(of_it[0].symbolic, digits)
        lines += ["", f"  {parameter}: the symbolic slope is {symbolic}"]
        kept = [1, 2, 3, 5, 6, 7]
        entries = [[_entries(row, digits)[k] for k in kept] for row in of_it]
        lines += table(entries, [HEAD[k] for k in kept], [RIGHT[k] for k in kept], 4)
    return lines[1:]


def _entries(row: Row, digits: int) -> list[str]:
    gap = "" if row.error is None else numbers.number(row.error, 3)
    return [
        row.parameter,
        row.method,
        numbers.number(row.step, 3) if row.numeric is not None else "",
        "does not apply" if row.numeric is None else numbers.number(row.numeric, digits),
        numbers.number(row.symbolic, digits),
        gap,
        _off(row),
        str(row.evaluations) if row.numeric is not None else "",
    ]


def _off(row: Row) -> str:
    """The numeric slope minus the 40-digit one; the subtraction is done with the reference's digits."""
    if row.reference is None or row.numeric is None:
        return ""
    return numbers.number(row.numeric - row.reference, 3)


def _symbolic_errors(found: Comparison) -> dict[str, float]:
    """Parameter → symbolic minus reference, where the exact slope shows a loss of digits worth telling."""
    if found.notes:
        # Beside a kink the 40 digits may stand on one side of it and the rounded point on it.
        return {}
    errors = {}
    for row in found.rows:
        if row.reference is not None:
            error = float(row.symbolic - row.reference)
            if abs(error) > 1e-12 * max(1.0, abs(float(row.reference))):
                errors[row.parameter] = error
    return errors
