"""All the slopes that kinks leave open at a point: an interval for each parameter.

program.subdifferential({"m": 17/12, "b": 400/3}).intervals["b"]        (-0.2, 0.6)

A kink that is stood on contributes s·column with s anywhere between two ends, so the slopes fill a
zonotope; its shadow on one parameter is an interval. That is Clarke's subdifferential itself where the
kinks all open the same way (a sum of convex kinks with positive weights), and holds it otherwise.

Source: Clarke, Optimization and Nonsmooth Analysis (1983), theorem 2.3.9 and proposition 2.3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.compute import inspection, rounding
from symcalc.compute.convexity import is_convex
from symcalc.compute.multipliers import Linear, Opened, adjoint, taken
from symcalc.compute.outer import outer_bounds
from symcalc.compute.standing import Standing, standing
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.compute.program import Program

MOST = 2_000
# How many rounding bounds a slope may be from 0 and still count as 0.
ROUNDINGS = 16


@dataclass(frozen=True)
class Multiplier:
    """One number between two ends that a kink leaves open: the slope of |u| at u = 0 is in [-1, 1].

    Attributes:
        kink: The kinked function, as typed.
        row: The row of the data it is about, from 1; None where the function runs over no rows.
        place: Its place in the array of the function's values, from 0.
        low: The least it can be.
        high: The most it can be.
        group: Multipliers of one group are shares of one tie and sum to 1; -1 for none.
        value: What a certificate takes for it; None where none was asked for.
    """

    kink: str
    row: int | None
    place: tuple[int, ...]
    low: float
    high: float
    group: int = -1
    value: float | None = None


@dataclass(frozen=True)
class Subdifferential:
    """The slopes that a point leaves open.

    Attributes:
        intervals: Parameter → (least, greatest) slope: floats, or arrays of the parameter's shape; loss units per
            parameter unit.
        exact: Whether each interval is attained; False for an outer bound, which may be too wide.
        message: What they are, in one sentence.
    """

    intervals: dict[str, tuple[Any, Any]]
    exact: bool
    message: str


@dataclass(frozen=True)
class Generators:
    """slopes = fixed + columns·s, for s within the ends of the multipliers.

    Attributes:
        fixed: The slopes at s = 0, flat, (P,).
        columns: What each multiplier adds, (P, J).
        multipliers: The J multipliers.
        tolerance: How far rounding can have moved each slope, (P,).
        low: Least slope of each parameter, flat, (P,).
        high: Greatest.
        exact: Whether these are the subdifferential itself.
        affine: Whether the slopes are affine in s; else inner multipliers are held at their least size.
        jumps: Whether the loss itself jumps at the point.
    """

    fixed: Any
    columns: Any
    multipliers: tuple[Multiplier, ...]
    tolerance: Any
    low: Any
    high: Any
    exact: bool
    affine: bool
    jumps: bool

    def ends(self) -> tuple[Any, Any]:
        """The least and greatest value of each multiplier, (J,) each."""
        return np.array([m.low for m in self.multipliers]), np.array([m.high for m in self.multipliers])


def subdifferential(program: Program, point: Any) -> Subdifferential:
    """The interval of slopes in each parameter at a point.

    Args:
        program: The compiled loss.
        point: Mapping from parameter names to values, or one flat array.

    Raises:
        InputError: The loss has one value a row, or the point stands on more than 2,000 kinks at once.
    """
    found = generators(program, point)
    layout = program.layout
    # Adding 0 makes -0 a 0.
    ends = [layout.split(end + 0.0) for end in (found.low, found.high)]
    low, high = ({n: v if np.ndim(v) else float(v) for n, v in end.items()} for end in ends)
    intervals = {n: (low[n], high[n]) for n in layout.names}
    return Subdifferential(intervals, found.exact, _message(found))


def _message(found: Generators) -> str:
    if found.jumps:
        return "The loss jumps at this point, so it has no subdifferential there; the intervals cover the slopes of its branches."  # fmt: skip
    if found.exact:
        open_ = np.any(found.low < found.high)
        return "Each slope takes every value in its interval." if open_ else "The loss has a slope here."
    return "An outer bound: every slope lies in its interval, which may be too wide."


def generators(program: Program, point: Any) -> Generators:
    """The slopes at a point as a fixed part and one column for each multiplier."""
    if program.loss.per_row:
        raise InputError("The formula has one value a row; reduce it with mean(…) or sum(…) first.")
    values = program.checked_point(point)
    linear, found = program.linear, standing(program, values)
    count = sum(int(np.count_nonzero(one.on)) for one in found)
    if count > MOST:
        raise InputError(
            f"The point stands on {count:,} kinks at once; the subdifferential is worked out up to {MOST:,}."
        )
    plain = inspection.all_values(program, values)
    s = [taken(o, one, plain, linear) for o, one in zip(linear.opened, found)]
    inner = linear.inner(found)
    for k in inner:
        if linear.opened[k].kink.node is None:
            over = tuple(range(len(linear.opened[k].kink.equation.indices), s[k].ndim))
            s[k] = s[k] + found[k].on / np.maximum(np.sum(found[k].on, axis=over, keepdims=True), 1)
    everything = linear.values(values, s)
    tolerance = _tolerance(linear, everything)
    multipliers, columns, leans = _columns(program, linear, found, s, inner, everything, tolerance)
    fixed = linear.gradient(everything)
    low, high = _shadow(fixed, columns, multipliers)
    jumps = any(_jumps(linear, o, one, everything) for o, one in zip(linear.opened, found))
    exactly = not any(one.off for one in found)
    if inner:
        low, high, exact = _nested(program, linear, found, s, everything, values, exactly)
    else:
        exact = len(multipliers) <= 1 or min(leans) > 0 or max(leans) < 0 or is_convex(program, values)
    if not exact and not jumps and exactly and program.layout.total == 1:
        # In one parameter the subdifferential is all between the slopes to the left and to the right.
        low, high, exact = *_sides(program, values), True
    finite = bool(np.all(np.isfinite(low)) and np.all(np.isfinite(high)))
    # An outer bound without width leaves one slope, and there is always one.
    exact = exact or bool(np.all(high - low <= tolerance))
    return Generators(
        fixed, columns, multipliers, tolerance, low, high, exact and not jumps and finite, not inner, jumps
    )


def _tolerance(linear: Linear, values: Mapping[Any, Any]) -> Any:
    names = linear.form.names
    inputs = [
        s for s in (*linear.program.given, *(p.symbol for p in linear.program.parameters)) if names[s].kind != "size"
    ]
    bounds = rounding.bounds((*linear.equations, *linear.derived), values, inputs, linear.form)
    return ROUNDINGS * linear.gradient(bounds)


def _columns(
    program: Program, linear: Linear, found: list[Standing], s: list[Any], inner: set[int],
    values: Mapping[Any, Any], tolerance: Any,
) -> tuple[tuple[Multiplier, ...], Any, list[int]]:  # fmt: skip
    """The multipliers that change a slope, what each adds, and which way its kink opens (0: not known)."""
    point = {p.name: values[p.symbol] for p in program.parameters}
    multipliers, columns, leans = [], [], []
    groups: dict[tuple[int, ...], int] = {}
    for which, (opened, one) in enumerate(zip(linear.opened, found)):
        if which in inner or not np.any(one.on):
            continue
        text = inspection.kink_text(program, opened.kink)
        slope = np.broadcast_to(adjoint_over(linear, opened, values), one.on.shape)
        for place in map(tuple, np.argwhere(one.on).tolist()):
            column = linear.column(point, s, which, place)
            tied = opened.kink.node is None
            if np.all(np.abs(column) <= tolerance) and not tied:
                continue
            key = (which, *place[: len(opened.kink.equation.indices)])
            group = groups.setdefault(key, len(groups)) if tied else -1
            multipliers.append(Multiplier(text, _row(linear, opened, place), place, opened.low, opened.high, group))
            columns.append(column)
            leans.append(int(np.sign(slope[place])) * opened.convex if opened.whole else 0)
    matrix = np.array(columns).T if columns else np.zeros((program.layout.total, 0))
    return tuple(multipliers), matrix, leans


def adjoint_over(linear: Linear, opened: Opened, values: Mapping[Any, Any]) -> Any:
    """The slope of the loss in a kinked function's value, brought to the kink's indices."""
    slope = np.asarray(adjoint(linear, opened, values))
    return slope.reshape(slope.shape + (1,) * (len(opened.kink.indices) - slope.ndim))


def _row(linear: Linear, opened: Opened, place: tuple[int, ...]) -> int | None:
    for index, k in zip(opened.kink.indices, place):
        if linear.form.axes[index].rows:
            return k + 1
    return None


def _shadow(fixed: Any, columns: Any, multipliers: tuple[Multiplier, ...]) -> tuple[Any, Any]:
    """The least and greatest slope in each parameter."""
    low, high = np.array(fixed), np.array(fixed)
    groups: dict[int, list[Any]] = {}
    for m, column in zip(multipliers, columns.T):
        if m.group >= 0:
            groups.setdefault(m.group, []).append(column)
            continue
        low += np.minimum(column * m.low, column * m.high)
        high += np.maximum(column * m.low, column * m.high)
    for tied in groups.values():
        low, high = low + np.min(tied, axis=0), high + np.max(tied, axis=0)
    return low, high


def _jumps(linear: Linear, opened: Opened, one: Standing, values: Mapping[Any, Any]) -> bool:
    """Whether the two branches of a `where` differ where it switches."""
    from symcalc.compute.kinks import worked
    from symcalc.language.functions import Where

    node = opened.kink.node
    if not isinstance(node, Where) or not np.any(one.on):
        return False
    with np.errstate(all="ignore"):
        ends = [worked(e, values, linear.form, opened.kink.indices) for e in node.args[1:]]
        gap = np.abs(np.subtract(*ends))
        least = 1e-9 * np.maximum(np.abs(ends[0]), np.abs(ends[1])) + ROUNDINGS * one.off
    return bool(np.any(~(gap <= least) & one.on))


def _nested(
    program: Program, linear: Linear, found: list[Standing], s: list[Any], values: Mapping[Any, Any],
    point: dict[str, Any], exactly: bool,
) -> tuple[Any, Any, bool]:  # fmt: skip
    """A kink inside a kink: slopes by side where these say all, else interval arithmetic."""
    if exactly and is_convex(program, point):
        return *_sides(program, point), True
    least = [np.where(one.on, o.low, x) for o, one, x in zip(linear.opened, found, s)]
    most = [np.where(one.on, o.high, x) for o, one, x in zip(linear.opened, found, s)]
    return *outer_bounds(linear, values, least, most), False


def _sides(program: Program, point: Any) -> tuple[Any, Any]:
    sides = program.sides(point)
    ends = [program.layout.joined({n: sides[n][k] for n in program.layout.names}) for k in (0, 1)]
    return np.minimum(*ends), np.maximum(*ends)
