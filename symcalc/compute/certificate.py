"""Whether 0 is one of the slopes that kinks leave open at a point: the proof of a minimum on a kink.

found = program.certificate({"m": 17/12, "b": 400/3})
found.contains_zero, [m.value for m in found.multipliers]        True, [5/12, 7/12]

Source: Fermat's rule, Rockafellar, Convex Analysis (1970), theorem 23.2 and section 27; for losses that are
not convex, Clarke, Optimization and Nonsmooth Analysis (1983), proposition 2.3.2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.compute.convexity import is_convex
from symcalc.compute.membership import closest
from symcalc.compute.subdifferential import Generators, Multiplier, generators

if TYPE_CHECKING:
    from symcalc.compute.program import Program

_MANY = 6
# A linear program is solved to about this much of the size of what it adds up.
_NEAR = 1e-8


@dataclass(frozen=True)
class Certificate:
    """Whether all slopes can be 0 at once.

    Attributes:
        contains_zero: Whether 0 lies in the subdifferential; None where that is not decided.
        multipliers: The numbers that kinks leave open, with the values that make the slopes 0, or nearest to it.
        slopes: Parameter → its slope with these values; 0 to within rounding where `contains_zero`.
        convex: Whether the loss is certified convex by how it is composed; then such a point is a global minimum.
        exact: Whether the subdifferential is known exactly; an outer bound can only prove that 0 is not in it.
        message: What that means, in words.
    """

    contains_zero: bool | None
    multipliers: tuple[Multiplier, ...]
    slopes: dict[str, Any]
    convex: bool
    exact: bool
    message: str


def certificate(program: Program, point: Any) -> Certificate:
    """Whether 0 lies in the subdifferential at a point, with multipliers that prove it.

    Args:
        program: The compiled loss.
        point: Mapping from parameter names to values, or one flat array.

    Raises:
        InputError: The loss has one value a row, or the point stands on more than 2,000 kinks at once.
        MissingExtra: There are three parameters or more, and SciPy is not installed.
    """
    found = generators(program, point)
    low, high = found.ends()
    # What is no more than rounding is left out of the program, which would scale it up.
    columns = np.where(np.abs(found.columns) <= found.tolerance[:, None], 0.0, found.columns)
    s = closest(found.fixed, columns, low, high, [m.group for m in found.multipliers])
    slopes = found.fixed + found.columns @ s
    with np.errstate(invalid="ignore"):
        zero = bool(np.all(np.abs(slopes) <= found.tolerance))
        outside = bool(np.any((found.low > found.tolerance) | (found.high < -found.tolerance)))
    convex = is_convex(program, point)
    sure = found.exact or convex
    near = bool(np.all(np.abs(slopes) <= _NEAR * (np.abs(found.fixed) + np.abs(found.columns).sum(axis=1))))
    decided: bool | None = None
    if not found.jumps and np.all(np.isfinite(slopes)):
        if outside:
            decided = False
        elif zero:
            decided = True if sure else None
        elif found.exact and program.layout.total == 1:
            decided = True  # the subdifferential is the whole interval
        elif found.affine and not near:
            decided = False
    multipliers = tuple(replace(m, value=float(v)) for m, v in zip(found.multipliers, s))
    message = _message(program, found, decided, multipliers, slopes, zero, convex)
    return Certificate(decided, multipliers, _plain(program.layout.split(slopes)), convex, found.exact, message)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {n: v if np.ndim(v) else float(v) for n, v in values.items()}


def _message(
    program: Program, found: Generators, decided: bool | None, multipliers: tuple[Multiplier, ...], slopes: Any,
    zero: bool, convex: bool,
) -> str:  # fmt: skip
    if found.jumps:
        return "The loss jumps at this point, so it has no subdifferential there."
    if not np.all(np.isfinite(slopes)):
        return "The slope is not finite at this point, so nothing can be said about its subdifferential."
    kinked = bool(np.any(found.high - found.low > found.tolerance))
    if decided:
        what = "0 lies in the subdifferential" if kinked else "The slope is 0 to within rounding"
        meaning = "the loss is convex, so this is the global minimum" if convex else "this is a stationary point"
        return f"{what}{_with(multipliers)}; {meaning}."
    if decided is None:
        if zero:
            return (
                f"0 lies in the outer bound{_with(multipliers)}; that bound may be too wide, so it proves "
                "neither that this is a stationary point nor that it is none."
            )
        if found.affine:
            left = float(np.max(np.abs(slopes)))
            return f"0 is no further than {left:.2g} from the subdifferential; whether it lies in it is not decided."
        return "A kink lies inside another one here: it is not decided whether 0 lies in the subdifferential."
    what = "0 does not lie in the subdifferential" if kinked else "The slope is not 0"
    return f"{what}: {_apart(program, found, slopes)}, so this is no minimum."


def _with(multipliers: tuple[Multiplier, ...]) -> str:
    """`, with |r| having the slope 5/12 in row 1 and 7/12 in row 5`."""
    shown = [m for m in multipliers if m.value is not None][:_MANY]
    if not shown:
        return ""
    parts = []
    for kink in dict.fromkeys(m.kink for m in shown):
        values = [f"{written(m.value or 0.0)}{_where(m)}" for m in shown if m.kink == kink]
        more = sum(m.kink == kink for m in multipliers) - len(values)
        parts.append(f"{_listed([*values, *([f'{more} more'] if more else [])])} of {kink}")
    return f", with multiplier{'s' * (len(multipliers) > 1)} {_listed(parts)}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _where(multiplier: Multiplier) -> str:
    if multiplier.row is not None:
        return f" (row {multiplier.row})"
    return f" (entry {', '.join(map(str, multiplier.place))})" if multiplier.place else ""


def written(value: float) -> str:
    """A multiplier as a short fraction where it is one: 5/12; else with six digits."""
    fraction = Fraction(value).limit_denominator(200)
    return str(fraction) if abs(float(fraction) - value) <= 1e-12 else f"{value:.6g}"


def _apart(program: Program, found: Generators, slopes: Any) -> str:
    """What keeps 0 out: a slope whose interval does not hold it, or what is left over."""
    entries, titles = list(program.layout.entries()), program.loss.name
    with np.errstate(invalid="ignore"):
        away = np.where(
            found.low > found.tolerance, found.low, np.where(found.high < -found.tolerance, -found.high, 0.0)
        )
    if np.any(away > 0):
        k = int(np.argmax(away))
        name = f"d{titles}/d{entries[k]}" if len(entries) == 1 else f"∂{titles}/∂{entries[k]}"
        if found.low[k] == found.high[k]:
            return f"{name} is {found.low[k]:.6g}"
        return f"{name} stays between {found.low[k]:.6g} and {found.high[k]:.6g}"
    left = float(np.max(np.abs(slopes)))
    return f"no choice of the multipliers makes all slopes 0 at once (a slope of {left:.2g} is left)"
