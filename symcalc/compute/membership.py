"""Multipliers s, each between its ends, with fixed + columns·s = 0: a small linear program.

For one parameter and for two it is solved by hand; beyond that by SciPy's `linprog`.

Source: McMullen, On zonotopes (1971), Transactions of the AMS 159, 91-109, for the boundary of a zonotope.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symcalc.errors import MissingExtra

Vector = Any


def closest(fixed: Vector, columns: Any, low: Vector, high: Vector, groups: Sequence[int]) -> Vector:
    """The multipliers for which fixed + columns·s is 0, or near it where none make it 0.

    Args:
        fixed: (P,).
        columns: (P, J).
        low: Least value of each multiplier, (J,).
        high: Greatest value of each, (J,).
        groups: For each multiplier, the group it shares a sum of 1 with; -1 for none.

    Raises:
        MissingExtra: There are three parameters or more, and SciPy is not installed.
    """
    if not np.all(np.isfinite(fixed)) or not np.all(np.isfinite(columns)):
        return (low + high) / 2
    used = [k for k in range(len(fixed)) if np.any(columns[k] != 0)]
    # Each slope in its own unit: one parameter's may be a thousand times another's.
    scale = np.array([np.abs(columns[k]).sum() + abs(fixed[k]) for k in used])
    f, c = fixed[used] / scale, columns[used] / scale[:, None]
    if not used:
        return _ends(np.zeros(len(low)), low, high, groups)
    if len(used) == 1:
        return _between(f, c, _ends(c[0], high, low, groups), _ends(c[0], low, high, groups))
    if len(used) == 2 and all(g < 0 for g in groups):
        return _in_plane(f, c, low, high)
    return _polished(f, c, low, high, groups, _by_program(f, c, low, high, groups))


def _ends(direction: Vector, low: Vector, high: Vector, groups: Sequence[int]) -> Vector:
    """The multipliers that go furthest along a direction (least where low and high are exchanged)."""
    s: Vector = np.where(direction > 0, high, low)
    upward = bool(np.all(low <= high))
    for group in set(groups) - {-1}:
        members = np.flatnonzero(np.asarray(groups) == group)
        best = members[np.argmax(direction[members] if upward else -direction[members])]
        s[members] = 0.0
        s[best] = 1.0
    return s


def _between(f: Vector, c: Any, least: Vector, most: Vector) -> Vector:
    """On the line from one choice of multipliers to another, where the first slope is nearest to 0."""
    a, b = float((f + c @ least)[0]), float((f + c @ most)[0])
    part = 0.0 if a == b else min(1.0, max(0.0, -a / (b - a)))
    return least + part * (most - least)


def _in_plane(f: Vector, c: Any, low: Vector, high: Vector) -> Vector:
    """For two slopes: the lower and upper edge of the zonotope above the target, and the mix of both that hits it."""
    turned = (c[0] < 0) | ((c[0] == 0) & (c[1] < 0))
    start, width = np.where(turned, high, low), np.where(turned, low - high, high - low)
    step = c * width
    target = -(f + c @ start)
    order = np.argsort(np.arctan2(step[1], step[0]), kind="stable")
    least = _edge(step, order, float(target[0]), upright=False)
    most = _edge(step, order[::-1], float(target[0]), upright=True)
    a, b = float(step[1] @ least), float(step[1] @ most)
    part = 0.0 if a == b else min(1.0, max(0.0, (float(target[1]) - a) / (b - a)))
    return start + width * (least + part * (most - least))


def _edge(step: Any, order: Any, reach: float, upright: bool) -> Vector:
    """How much of each step is walked along one edge until its first slope has reached `reach`."""
    walked = np.zeros(step.shape[1])
    for j in order:
        if step[0, j] == 0:
            walked[j] = 1.0 if upright else 0.0
        else:
            walked[j] = min(1.0, max(0.0, reach / float(step[0, j])))
            reach -= walked[j] * float(step[0, j])
    return walked


def _by_program(f: Vector, c: Any, low: Vector, high: Vector, groups: Sequence[int]) -> Vector:
    """Least t with -t <= fixed + columns·s <= t."""
    try:
        from scipy.optimize import linprog
    except ImportError:
        raise MissingExtra(
            "Three parameters or more need SciPy to tell whether 0 lies in the subdifferential: "
            "install scipy, or symcalc-explorer[fit]."
        ) from None
    rows, count = c.shape
    ones = np.ones((rows, 1))
    above, below = np.hstack([c, -ones]), np.hstack([-c, -ones])
    names = sorted(set(groups) - {-1})
    sums = np.array([[float(g == name) for g in groups] + [0.0] for name in names])
    found = linprog(
        [0.0] * count + [1.0], np.vstack([above, below]), np.concatenate([-f, f]),
        sums if names else None, np.ones(len(names)) if names else None,
        [*zip(low, high), (0.0, None)], method="highs",
    )  # fmt: skip
    return np.clip(found.x[:count], low, high) if found.x is not None else (low + high) / 2


def _polished(f: Vector, c: Any, low: Vector, high: Vector, groups: Sequence[int], s: Vector) -> Vector:
    """The same multipliers with all their digits: those strictly inside are solved for once more."""
    width = high - low
    s = np.where(s - low < 1e-6 * width, low, np.where(high - s < 1e-6 * width, high, s))
    inside = (s > low) & (s < high)
    if not inside.any():
        return s
    names = sorted(set(groups) - {-1})
    sums = np.array([[float(g == name) for g in groups] for name in names]).reshape(len(names), len(low))
    whole, wanted = np.vstack([c, sums]), np.concatenate([-f, np.ones(len(names))])
    better = s.copy()
    better[inside] = np.linalg.lstsq(whole[:, inside], wanted - whole[:, ~inside] @ s[~inside], rcond=None)[0]
    within = np.all((better >= low - 1e-9) & (better <= high + 1e-9))
    nearer = np.abs(whole @ better - wanted).max() <= np.abs(whole @ s - wanted).max()
    return better if within and nearer else s
