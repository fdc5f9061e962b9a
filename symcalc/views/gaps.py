"""Why a numeric slope misses, in sentences: truncation, round-off, what h would have been best, and its own rounding."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symcalc.derivation.words import listed
from symcalc.numeric.differences import METHODS
from symcalc.numeric.rows import ROUND_OFF, SYMBOLIC, TRUNCATION, Comparison, Row
from symcalc.numeric.scan import MANY_ROWS
from symcalc.views import numbers

ORDERS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
          "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth")  # fmt: skip
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans({raised: f"^{digit}" for digit, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})


def power(factor: Fraction, exponent: int) -> str:
    """A multiple of a power of h: `h/2`, `-h⁴/30`."""
    raised = "h" if exponent == 1 else f"h{str(exponent).translate(RAISED)}"
    above = raised if abs(factor.numerator) == 1 else f"{abs(factor.numerator)}{raised}"
    below = "" if factor.denominator == 1 else f"/{factor.denominator}"
    return f"{'-' if factor < 0 else ''}{above}{below}"


# What h makes of a slope, first term: Taylor's series. Method → words.
WORDS = {
    name: f"{power(Fraction(row.truncation(1.0, 1.0)).limit_denominator(1000), row.derivative - 1)} times the "
    f"{ORDERS[row.derivative]} derivative"
    for name, row in METHODS.items()
    if row.truncation is not None
}
EXTRAPOLATED = ("richardson", "adaptive")
# Methods that take differences of values, so that h truncates.
DIFFERENCES = (*(name for name in WORDS if name != "complex-step"), *EXTRAPOLATED)
MOST_NAMED = 5
# Methods for which no one h is best: two choose for themselves, and any small h is as good as another for the third.
UNSTEPPED = (*EXTRAPOLATED, "complex-step")
# A part this near to the whole gap is the whole gap.
_WHOLE = 5e-4
# A scan takes some 69 slopes a row.
MOST_SCANS = 40


def explained(found: Comparison, digits: int = 6, rows: Sequence[Row] | None = None) -> list[str]:
    """Why each numeric slope misses: what makes its gap, how much of it, and which h would have been best.

    Args:
        found: The comparison.
        digits: Significant digits.
        rows: Which of its rows; all of them unless given.
    """
    wanted = found.rows if rows is None else rows
    sentences = _straight(wanted)
    scans = scans_fit(found, wanted)
    for row in wanted:
        told = [text for text in (_reasons(row), _own(row), _best(row, scans)) if text]
        if told:
            sentences.append(f"{row.parameter}, {row.method}: {'. '.join((told[0], *map(_capital, told[1:])))}.")
    return sentences


def _straight(rows: Sequence[Row]) -> list[str]:
    """Where methods truncate nothing: the derivatives they leave out are 0 between the values they take."""
    spared: dict[str, list[str]] = {}
    for row in rows:
        if row.truncation == 0 and row.numeric is not None and row.method in DIFFERENCES:
            spared.setdefault(row.parameter, []).append(row.method)
    alike: dict[tuple[str, ...], list[str]] = {}
    for parameter, methods in spared.items():
        alike.setdefault(tuple(methods), []).append(parameter)
    sentences = []
    for names, parameters in alike.items():
        methods = list(names)
        who = listed(parameters) if len(parameters) <= MOST_NAMED else f"{len(parameters)} of them"
        straight = "forward" in methods or "backward" in methods
        why = "along it the loss is straight that far" if straight else "the derivatives it leaves out are 0 there"
        if len(parameters) > 1:
            why = why.replace("along it", "along each")
        truncate = f"{listed(methods)} truncate{'s' if len(methods) == 1 else ''} nothing"
        if len(methods) > 1:
            why = why.replace("it leaves", "they leave")
        sentences.append(f"{who}: {truncate}, for {why}; what gap there is comes from rounding.")
    return sentences


def _reasons(row: Row) -> str:
    """What makes the gap, and how much of it."""
    if not row.error or row.truncation is None:
        return ""
    cut, off, own = row.truncation, row.round_off, row.symbolic_error or 0.0
    if off is None:
        return _without_round_off(row)
    parts = {TRUNCATION: cut, ROUND_OFF: off, SYMBOLIC: -own}
    words = f"{row.cause}{_first_term(row) if row.cause == TRUNCATION else ''}"
    if not row.cause or row.share is None:
        return ""
    others = [f"{part} {_told(v)}" for part, v in parts.items() if part != row.cause and abs(v) > abs(row.error) / 1000]
    if not 0.4 < row.share < 1.6:
        # A share of 700 % would tell nothing where parts of opposite sign meet.
        beside = f" ({', '.join(others)})" if others else ""
        against = "nearly cancel it" if abs(row.share) > 5 else "take off from it" if row.share > 0 else "outweigh it"
        against = "add to it" if 0 <= row.share <= 0.4 else against
        return f"{words} makes {_told(parts[row.cause])}, and the other parts {against}{beside}"
    if others and abs(row.share - 1) > _WHOLE:
        # A share above 100 % would read like a mistake: the parts that go the other way stand beside it instead.
        made = f"{words} makes {_told(parts[row.cause])}, {' and '.join(others)}"
        return f"{made}: together {_told(row.predicted_error or 0.0)}"
    return f"{words} makes a gap of {_told(parts[row.cause])}: it explains {_share(row)} of it"


def _without_round_off(row: Row) -> str:
    """What there is to say where round-off is not known."""
    cut = row.truncation or 0.0
    if not cut or not row.error:
        return ""
    if 0.5 <= cut / row.error <= 2:
        return (
            f"truncation{_first_term(row)} makes a gap of {_told(cut)}: it explains {100 * cut / row.error:.1f} % of it"
        )
    return f"truncation{_first_term(row)} makes {_told(cut)} of the gap; the rest is round-off or higher derivatives"


def _first_term(row: Row) -> str:
    """`, h/2 times the second derivative,` and what it leaves to the derivatives beyond."""
    first = row.leading
    if first is None or row.method in EXTRAPOLATED or row.truncation is None:
        return ""
    words = f", {power(first.factor, first.order - 1)} times the {ORDERS[first.order]} derivative,"
    if abs(first.value - row.truncation) <= 0.05 * abs(row.truncation):
        return words
    return f"{words} which alone is {_told(first.value)}, and its higher derivatives,"


def _own(row: Row) -> str:
    return "" if row.own_error is None else f"its own estimate of its error is {_told(row.own_error)}"


def _best(row: Row, scans: bool) -> str:
    """Which h would have been best, by theory and by a scan."""
    if row.numeric is None or not row.predicted_error or row.method in UNSTEPPED:
        return ""
    told = [] if row.best_step is None else [f"{numbers.number(row.best_step, 2)} by theory"]
    if scans and row.scanned_step is not None:
        wide = ", wide, for nothing is truncated" if row.truncation == 0 else ""
        told.append(f"{numbers.number(row.scanned_step, 2)} by a scan{wide}")
    return f"best h: {', '.join(told)}" if told else ""


def scans_fit(found: Comparison, rows: Sequence[Row]) -> bool:
    """Whether scanning every one of these rows takes no longer than one waits for."""
    quick = found.scan is not None and (getattr(getattr(found.program, "loss", None), "rows", None) or 0) <= MANY_ROWS
    return quick and len(rows) <= MOST_SCANS


def symbolic_slopes(found: Comparison) -> list[str]:
    """How far the exact slopes are off for being worked out in floats, in units in the last place."""
    if found.notes and not any(row.predicted_error is not None for row in found.rows):
        # Beside a kink the 40 digits may stand on one side of it and the rounded point on it.
        return []
    off = {row.parameter: row for row in found.rows if row.ulps is not None}
    if not off:
        return []
    worst = max(off.values(), key=lambda row: abs(row.ulps or 0.0))
    if len(off) > 4:
        told = f"by at most {_ulps(worst)} ({worst.parameter})"
    else:
        told = ", ".join(f"by {_ulps(row)} in {name}" for name, row in off.items())
    return [f"The symbolic slope is off from 40 digits {told}; an ulp is a unit in the last place of a float."]


def _ulps(row: Row) -> str:
    many = abs(row.ulps or 0.0)
    beside = f" ({_told(row.symbolic_error or 0.0)})" if many > 1000 else ""
    told = numbers.number(row.ulps, 2)
    return f"{told} ulp{'' if told in ('1', '-1') else 's'}{beside}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _share(row: Row) -> str:
    return f"{100 * (row.share or 0.0):.1f} %"


def _told(value: float) -> str:
    return numbers.number(value, 3)
