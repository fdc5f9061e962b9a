"""The directions along which a loss does not bend, and whether it changes along them at all.

A loss may be flat in one direction at one point, or in a direction everywhere: `a + b` leaves `a - b` open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symcalc.calculus.partials import active
from symcalc.compute.program import Program
from symcalc.curvature.directions import combination, plainest
from symcalc.curvature.spectrum import Spectrum
from symcalc.notation.entries import entry_names
from symcalc.numeric.differentiable import Vector

_STRIDES = (-2.0, -0.5, 0.5, 2.0)
_SAME = 1e-10


@dataclass(frozen=True)
class Flat:
    """A direction that does not bend.

    Attributes:
        text: The direction in its plainest form: `a - b`.
        open: Whether the loss does not change along it, near or far: the data do not determine it.
    """

    text: str
    open: bool


def flats(program: Program, point: Vector, found: Spectrum, unused: tuple[str, ...] = ()) -> tuple[Flat, ...]:
    """The directions that do not bend, in their plainest form.

    Args:
        program: The compiled loss.
        point: Flat point.
        found: The spectrum there.
        unused: Parameters that the loss does not depend on, which are left out.
    """
    if not found.whole or not found.flat.any():
        return ()
    vectors = found.vectors[:, found.flat]
    used = np.concatenate(
        [np.full(size, n not in unused) for n, size in zip(program.layout.names, program.layout.sizes)]
    )
    if not used.all():
        left, sizes, _ = np.linalg.svd(vectors * used[:, None], full_matrices=False)
        vectors = left[:, sizes > 1e-8]
    names = entry_names(program)
    steepest = found.vectors[:, int(np.argmax(np.abs(found.values)))]
    return tuple(Flat(combination(names, v), _open(program, point, v, steepest)) for v in plainest(vectors).T)


def _open(program: Program, point: Vector, direction: Vector, steepest: Vector) -> bool:
    reach = max(1.0, float(np.linalg.norm(point)))
    along = reach * direction / float(np.linalg.norm(direction))
    with np.errstate(all="ignore"):
        here = float(program.value(point))
        values = [float(program.value(point + stride * along)) for stride in _STRIDES]
        # Where the loss is 0, what it changes by elsewhere says how much is little.
        across = float(program.value(point + reach * steepest))
    scale = max(abs(here), abs(across) if np.isfinite(across) else 0.0)
    return all(abs(value - here) <= _SAME * scale for value in values)


def sentence(found: tuple[Flat, ...], most: int = 3) -> str:
    """What is open and what only does not bend here, as sentences; "" where there is neither."""
    open_ = [flat.text for flat in found if flat.open]
    level = [flat.text for flat in found if not flat.open]
    parts = []
    if open_:
        verb, it = ("is", "it") if len(open_) == 1 else ("are", "them")
        parts.append(f"{_listed(open_, most)} {verb} not determined by the data: the loss does not change along {it}.")
    if level:
        parts.append(f"The loss does not bend along {_listed(level, most)} here.")
    return " ".join(parts)


def _listed(words: list[str], most: int) -> str:
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def unused(program: Program) -> tuple[str, ...]:
    """The parameters that the loss does not depend on, by its equations."""
    moved = active(program.loss.equations, {p.symbol for p in program.parameters}, program.loss.output.name.symbol)
    return tuple(p.name for p in program.parameters if p.symbol not in moved)
