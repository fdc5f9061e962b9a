"""The sentences of the step-size oracle: what a rate does, what kind of place a point is, what would help."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from symcalc.curvature.directions import combination
from symcalc.curvature.flats import sentence
from symcalc.notation.promised import below, share

if TYPE_CHECKING:
    from symcalc.compute.nearest_kink import Kinks
    from symcalc.curvature.step_sizes import Direction, StepSizes

RAVINE = 1000.0
# The loss is called flat where moving each parameter by its own size changes it by less than this share.
PLATEAU = 1e-8
_MANY = 3
_AGAINST_START = 1e-10
# Contractions that print alike.
_TIED = 1e-6
# A rate this close to a limit is the limit.
_SAME = 1e-12


def number(value: float, digits: int = 6) -> str:
    """A number with six digits: `0.0253285`; thousands are set apart where it is large: `539,554`."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.{digits}g}"


def apart(rate: float, limit: float) -> tuple[str, str]:
    """A rate and its limit with six digits, or as many as tell them apart; the limit is not rounded up."""
    if abs(rate - limit) <= _SAME * limit:
        return below(limit), below(limit)
    texts = "", ""
    for digits in range(6, 18):
        texts = (below(rate, digits) if rate < limit else f"{rate:.{digits}g}"), below(limit, digits)
        if (float(texts[0]) - float(texts[1])) * (rate - limit) > 0:
            break
    return texts


def fold(factor: float) -> str:
    """How many fold: `1.05`; with more digits where it is close to 1."""
    digits = 3
    while digits < 8 and factor != 1 and f"{factor:.{digits}g}" in ("1", "1.00"):
        digits += 1
    return f"{factor:.{digits}g}"


def verdict(found: StepSizes) -> str:
    """What the rate does, in one sentence."""
    rate, largest = found.learning_rate, found.largest
    here = found.reach
    if found.rule is None:
        return (
            f"{found.optimizer} is not linear in the slopes, or changes with time: no exact limit of its rate is known."
        )
    down = found.down
    if largest is None:
        return f"Nothing bends up{here}, so no rate is too large, and none settles." if down or found.quadratic else (
            "Nothing bends up at this point, so its bend sets no limit to the rate."
        )  # fmt: skip
    mine, shown = apart(largest if rate is None else rate, largest)
    shown += f" = {found.limit}" if found.limit else ""
    if rate is None:
        return f"The largest stable rate{here} is {shown}; the loss bends down along {down[0].text}, where no rate settles."
    up = [d for d in found.directions if d.bends == "up" and d.contraction is not None]
    worst = max(up, key=lambda d: d.contraction or 0.0)
    left = worst.contraction or 0.0
    if rate > largest or left > 1:
        return f"{mine} > {shown}: the error grows {fold(left)}-fold a step along {worst.text}{here}"
    if left >= 1 - _SAME:
        return f"{mine} = {shown}: the error along {worst.text} neither shrinks nor grows{here}"
    if found.crossed:
        return (
            f"{mine} < {shown}, but a step from here jumps over kinks, where no bend counts: {'; '.join(found.crossed)}"
        )
    shrinks = f"{mine} < {shown}: a step leaves at most {share(left)} of the error{here}"
    along = open_slope(found)
    if along:
        return f"{shrinks}, except along {along}, where the loss slopes but does not bend"
    if down:
        return f"{shrinks}, except along {down[0].text}, where the loss bends down and the error grows"
    slow = [d.text for d in up if (d.contraction or 0.0) >= left * (1 - _TIED)]
    return f"{shrinks}, the most along {' and along '.join(slow[:2])}" if len(up) > 1 else shrinks


def findings(found: StepSizes) -> tuple[str, ...]:
    """What kind of place this is, a sentence each."""
    sentences = [f"{name} is not used: the loss does not depend on it." for name in found.unused]
    if plateau(found):
        sentences.append(
            f"A plateau: the gradient is {found.gradient_length:.2g} long and the steepest bend {_steepest(found):.2g}, "
            "too little to move anything; start elsewhere."
        )
    sentences += _undetermined(found)
    down = found.down
    if down and found.whole:
        up = [d for d in found.directions if d.bends == "up"]
        level = found.gradient_length <= 1e-8 * max(abs(d.bend) for d in found.directions) * max(1.0, _reach(found))
        lowest = min(down, key=lambda d: d.bend)
        if level and up:
            sentences.append(f"A saddle point: the loss bends up along {up[0].text} and down along {lowest.text}.")
        elif level:
            sentences.append("A maximum: the loss bends down in every direction.")
        else:
            sentences.append(f"The loss bends down along {lowest.text} ({lowest.bend:.6g}): this is no bowl here.")
    if found.kinked:
        sentences.append(
            "The loss has kinks: its slope jumps there by more than any bend tells, so a constant rate ends in steps to "
            "and fro; let the rate fall."
        )
    if found.kinks is not None:
        sentences.append(_kinks(found.kinks))
    condition = found.determined_condition
    if condition >= RAVINE and found.whole and not down:
        steep, gentle = _ends(found)
        sentences.append(
            f"A ravine: it bends {number(condition)} times harder along {steep.text} than along {gentle.text}."
        )
    return tuple(sentences)


def _kinks(found: Kinks) -> str:
    """How near the kinks are, in parameters and in rates."""
    near = f"The nearest kink is that of {found.nearest.place}"
    if found.first is None:
        return f"{near}; downhill none is reached."
    rate = below(found.first.rate)
    if found.first == found.nearest:
        return f"{near}; a step of gradient descent reaches it first of all, at rate {rate}."
    return f"{near}; a step of gradient descent reaches that of {found.first.place}, first of all, at rate {rate}."


def _undetermined(found: StepSizes) -> list[str]:
    """The combinations that the data leave open, each in its plainest form."""
    flat = np.array([d.bends == "flat" for d in found.directions], dtype=bool)
    if not flat.any() or not found.whole or found.kinked or plateau(found):
        return []
    steepest = open_slope(found)
    if steepest:
        end = "falls without end" if found.quadratic else "slopes but does not bend"
        return [f"Along {steepest} the loss {end}: no rate settles there."]
    said = sentence(found.flats)
    return [said] if said else []


def open_slope(found: StepSizes) -> str:
    """The direction along which the loss slopes and does not bend; "" if there is none."""
    flat = np.array([d.bends == "flat" for d in found.directions], dtype=bool)
    slopes = found.slopes[flat]
    if not np.linalg.norm(slopes) > 1e-9 * found.gradient_length:
        return ""
    return combination(found.names, found.spectrum.vectors[:, flat] @ slopes)


def plateau(found: StepSizes) -> bool:
    """Whether nothing the parameters could do near here changes the loss by anything that counts."""
    if found.quadratic or found.kinked or not found.whole:
        return False
    reach = max(1.0, _reach(found))
    change = found.gradient_length * reach + max(abs(d.bend) for d in found.directions) * reach**2 / 2
    return change <= PLATEAU * max(abs(found.loss), 1e-300)


def _reach(found: StepSizes) -> float:
    return float(np.linalg.norm(found.layout.joined(found.point)))


def _steepest(found: StepSizes) -> float:
    return max(abs(d.bend) for d in found.directions)


def _ends(found: StepSizes) -> tuple[Direction, Direction]:
    up = [d for d in found.directions if d.bend > 0]
    return up[0], up[-1]


def remedies(found: StepSizes) -> tuple[str, ...]:
    """What would help, with its figures."""
    parts = []
    if found.diverges and found.largest is not None:
        best = f"; {below(found.best)} is the best constant one" if found.best is not None else ""
        parts.append(f"a rate below {below(found.largest)}{best}")
    better = found.scaling
    condition = found.determined_condition
    if better is not None and math.isfinite(condition) and condition > 2 * better.condition:
        what = "standardize" if better.centered else "rescale"
        caution = " (a penalty then weighs the new parameters)" if better.penalized else ""
        listed = ", ".join(better.columns[:_MANY]) + (" and more" if len(better.columns) > _MANY else "")
        parts.append(
            f"{what} {listed}: {better.formula} makes the condition {number(condition)} → "
            f"{number(better.condition, 4)}{caution}"
        )
    return tuple(parts)
