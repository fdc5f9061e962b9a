"""Where the second derivative of a row's loss misleads boosting: found by trying labels and scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# (labels, scores), each (n,) → (values, slopes, second derivatives), not finite outside the domain.
Slopes = Callable[[Any, Any], tuple[Any, Any, Any]]

# Labels of two classes in both spellings, a share, and a count.
LABELS = (-1.0, 0.0, 0.5, 1.0, 3.0)
SCORES = np.linspace(-10.0, 10.0, 401)
_NEAR = np.arange(-6.0, 6.0625, 0.0625)


@dataclass(frozen=True)
class Called:
    """What things are called in the notes.

    Attributes:
        bend: The second derivative: `d²L/dp²`.
        label: Name of the label.
        prediction: Name of the prediction.
        clip: The least second derivative handed out, or None.
    """

    bend: str
    label: str
    prediction: str
    clip: float | None


def notes_on(called: Called, slopes: Slopes) -> list[str]:
    """A sentence for each way in which slopes or second derivatives mislead boosting, with its remedy."""
    if _of_difference(slopes):
        _, _, bend = slopes(np.zeros_like(SCORES), SCORES)
        negative, level = _stretches(bend < 0), _stretches(bend == 0, 2)
        about = f"{called.prediction} - {called.label}"
        found = [f"for {about} {words}" if words else "" for words in (negative, level)]
        outside, silent, everywhere = "", False, not np.any(bend)
    else:
        found, outside, silent, everywhere = _by_label(called, slopes)
    held = f"it is held at {called.clip:g} there" if called.clip else "give clip=1e-6 to hold it above 0"
    tried = f" (tried from {SCORES[0]:g} to {SCORES[-1]:g})"
    notes = []
    if found[0]:
        notes.append(f"{called.bend} is negative {found[0]}{tried}. Boosting divides by it: {held}.")
    if everywhere:
        remedy = f"it is held at {called.clip:g}" if called.clip else "give clip=1 to step along the slope"
        notes.append(f"{called.bend} is 0 everywhere. Boosting divides by it: {remedy}.")
    elif found[1]:
        notes.append(f"{called.bend} is 0 {found[1]}{tried}. Boosting divides by it: {held}.")
    if outside:
        notes.append(
            f"There is no finite slope {outside}{tried}. Scores of boosting are any real numbers: put a link function "
            f"such as sigmoid({called.prediction}) or exp({called.prediction}) into the formula."
        )
    if silent:
        notes.append(
            f"Rows with {called.label} = 0 have no slope at any {called.prediction}: the formula is for labels -1 and "
            f"1. For labels 0 and 1 write 2*{called.label} - 1 in place of {called.label}."
        )
    return notes


def _of_difference(slopes: Slopes) -> bool:
    """Whether the second derivative depends on prediction - label alone, and has a value everywhere."""
    with np.errstate(all="ignore"):
        base = slopes(np.zeros_like(_NEAR), _NEAR)[2]
        moved = [slopes(np.full_like(_NEAR, label), _NEAR + label)[2] for label in LABELS]
    return bool(np.all(np.isfinite(base))) and all(np.allclose(base, m, 1e-9, 1e-12) for m in moved)


def _by_label(called: Called, slopes: Slopes) -> tuple[list[str], str, bool, bool]:
    """(where negative, where 0, where not finite), each label by itself; whether label 0 is silent; whether all 0."""
    negative: dict[float, str] = {}
    level: dict[float, str] = {}
    outside: dict[float, str] = {}
    silent: list[float] = []
    everywhere = True
    for label in LABELS:
        value, slope, bend = slopes(np.full_like(SCORES, label), SCORES)
        inside = ~np.isnan(value) & np.isfinite(slope) & np.isfinite(bend)
        if not inside.any():
            continue
        everywhere = everywhere and not bend[inside].any()
        if not slope[inside].any():
            silent.append(label)
            continue
        negative[label] = _stretches(inside & (bend < 0))
        level[label] = _stretches(inside & (bend == 0), 2)
        outside[label] = _stretches(~inside)
    where = [_where(called, found) for found in (negative, level, outside)]
    return where[:2], where[2], silent == [0.0], everywhere


def _where(called: Called, found: dict[float, str]) -> str:
    """At which labels and scores: the same stretch for several labels is said once."""
    labels_of: dict[str, list[str]] = {}
    for label, words in found.items():
        if words:
            labels_of.setdefault(words, []).append(f"{label:g}")
    parts = [f"at {called.label} = {', '.join(ls)} for {called.prediction} {words}" for words, ls in labels_of.items()]
    return "; ".join(parts)


def _stretches(where: Any, least: int = 1) -> str:
    """Stretches of the scores where something holds, of at least so many of them: `from 1.3 to 10`."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], where, [False])).astype(int)))
    pairs = [(SCORES[a], SCORES[b - 1]) for a, b in edges.reshape(-1, 2) if b - a >= least]
    words = [f"{a:.4g}" if a == b else f"from {a:.4g} to {b:.4g}" for a, b in pairs]
    return " and ".join(words[:3]) + (" and further" if len(words) > 3 else "")
