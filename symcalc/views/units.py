"""The units of a loss, in words: `L cones^2, a cones, b cones/temp, ∂L/∂b cones·temp`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.calculus.units import Units, units
from symcalc.derivation.words import listed

MOST = 4
NONE = "no unit"


def lines(gradient: Gradient, style: str = "text") -> tuple[str, str] | None:
    """What the loss, its parameters and its slopes are in: a head and a sentence; None where it reads no column.

    Args:
        gradient: The gradient.
        style: text or ascii.
    """
    found = units(gradient.loss)
    if found is None:
        return None
    loss = gradient.loss
    shown = [loss.name, *(n.name for n in loss.parameters)]
    told = [f"{n} {_of(found, n, style)}" for n in shown[: MOST + 1]]
    slopes = [n for n in gradient.wrt if n.name in found.of and n.kind == "parameter"][:MOST]
    told += [f"{_slope(gradient, n, style)} {text(found.slope(loss.name, n.name), style)}" for n in slopes]
    parts = [", ".join(told)]
    if found.plain:
        parts.append(
            f"{listed(list(found.plain))} must be {'a plain number' if len(found.plain) == 1 else 'plain numbers'} here"
        )
    if found.weighed:
        parts.append("a penalty's factor has the unit it lacks")
    return "units", "; ".join(parts)


def text(powers: Mapping[str, Fraction], style: str = "text") -> str:
    """A unit as text: `cones^2`, `cones/temp`, `1/x`; `no unit` for plain numbers."""
    times = "*" if style == "ascii" else "·"
    above = [_power(n, p) for n, p in powers.items() if p > 0]
    below = [_power(n, -p) for n, p in powers.items() if p < 0]
    if not above and not below:
        return NONE
    bottom = times.join(below)
    return (times.join(above) or "1") + (f"/({bottom})" if len(below) > 1 else f"/{bottom}" if below else "")


def document(gradient: Gradient) -> dict[str, str]:
    """Name → its unit, for JSON; empty where the loss reads no column."""
    found = units(gradient.loss)
    return {} if found is None else {name: text(powers) for name, powers in found.of.items()}


def _of(found: Units, name: str, style: str) -> str:
    return "free to choose" if name in found.open else text(found.of[name], style)


def _slope(gradient: Gradient, name: Any, style: str) -> str:
    left = gradient.notation.left(gradient.equation_of(name.name), style)
    return left.replace("∂", "d") if style == "ascii" else left


def _power(name: str, power: Fraction) -> str:
    if power == 1:
        return name
    return f"{name}^{power}" if power.denominator == 1 else f"{name}^({power})"
