"""Where a descent begins, and the sentences that say so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector, owners

SMALL, SEED, DRAWS = 0.1, 0, 10


def start_of(program: Differentiable, start: Any) -> tuple[Vector, tuple[str, ...]]:
    """The start of a descent: the user's, for what it lacks the catalogue's, else 0.

    Where the loss is not finite at 0, 1 is tried. Where slopes vanish at 0 by symmetry (all weights of a
    network are 0, or a product has two factors 0), small seeded random numbers break it.

    Args:
        program: The compiled loss.
        start: Parameter name → number or array (some or all), one flat vector, or None.

    Returns:
        The flat start (P,), and how it was chosen.

    Raises:
        InputError: The start does not fit, or the loss is no single number.
    """
    if getattr(program.loss, "per_row", False):
        raise InputError("The loss has one value a row, and a descent needs one number: write mean(…) around it.")
    layout = program.layout
    if start is not None and not isinstance(start, Mapping):
        start = program.checked_point(start)
    row: Mapping[str, Any] = getattr(program.loss, "start", None) or {}
    given: dict[str, Any] = dict(start or {})
    free = [name for name in layout.names if name not in given]
    for name in free:
        given[name] = row.get(name, np.zeros(layout.shapes[name]))
    vector = np.asarray(layout.joined(program.checked_point(given)), dtype=float)
    from_row = [name for name in free if name in row]
    if from_row:
        return vector, (f"The start is the catalogue's: {_list(program, vector, from_row)}.",)
    if not free:
        return vector, ()
    with np.errstate(all="ignore"):
        return _chosen(program, vector, free)


def _chosen(program: Differentiable, zeros: Vector, free: Sequence[str]) -> tuple[Vector, tuple[str, ...]]:
    if len(free) == len(program.layout.names):
        note = "The start is 0 for every parameter."
    else:
        note = f"{_names(free)} {_verb(free, 'was not given and starts', 'were not given and start')} at 0."
    if not _finite(program, zeros):
        for names in (*([name] for name in free), list(free)):
            ones = np.where(_entries(program, names), 1.0, zeros)
            if _finite(program, ones):
                why = f"{_names(names)} {_verb(names, 'starts', 'start')} at 1: the loss is not finite at 0."
                return ones, (why, *_rest(free, names))
        return zeros, (note, "The loss is finite neither there nor at 1: give a start.")
    random, names = _freed(program, zeros, free)
    if names:
        why = (
            f"{_names(names)} {_verb(names, 'starts', 'start')} at small random numbers (seed {SEED}): "
            f"at 0 the {_verb(names, 'slope vanishes', 'slopes vanish')} by symmetry."
        )
        return random, (why, *_rest(free, names))
    return zeros, (note,)


def _rest(free: Sequence[str], moved: Sequence[str]) -> tuple[str, ...]:
    rest = [name for name in free if name not in moved]
    return (f"{_names(rest)} {_verb(rest, 'starts', 'start')} at 0.",) if rest else ()


def _freed(program: Differentiable, zeros: Vector, free: Sequence[str]) -> tuple[Vector, list[str]]:
    """The start moved off a point where slopes vanish by symmetry, and the names that were moved."""
    random = np.random.default_rng(SEED)
    loss, gradient = program.value_and_gradient(zeros)
    stuck = [name for name in free if not gradient[_entries(program, [name])].any()]
    # A slope that wakes up once the others move is no matter: the descent itself will move them.
    while stuck:
        others = ~_entries(program, stuck)
        nudged = zeros + np.where(others, SMALL * random.normal(size=zeros.shape), 0.0)
        slopes = program.value_and_gradient(nudged)[1]
        asleep = [name for name in stuck if not slopes[_entries(program, [name])].any()]
        if len(asleep) == len(stuck):
            break
        stuck = asleep
    # At a minimum slopes vanish too; there no point nearby is lower, and nothing is moved.
    for _ in range(DRAWS if stuck else 0):
        noise = SMALL * random.normal(size=zeros.shape)
        drawn = zeros + np.where(_entries(program, stuck), noise, 0.0)
        lower, slopes = program.value_and_gradient(drawn)
        if lower < loss:
            awake = [name for name in stuck if slopes[_entries(program, [name])].any()]
            return np.where(_entries(program, awake), drawn, zeros), awake
    return zeros, []


def _finite(program: Differentiable, point: Vector) -> bool:
    loss, gradient = program.value_and_gradient(point)
    return math.isfinite(loss) and bool(np.isfinite(gradient).all())


def _entries(program: Differentiable, names: Sequence[str]) -> Any:
    return np.array([owner in names for owner in owners(program.layout)], dtype=bool)


def _list(program: Differentiable, vector: Vector, names: Sequence[str]) -> str:
    pairs = [
        f"{e} = {x:.6g}" for e, o, x in zip(program.layout.entries(), owners(program.layout), vector) if o in names
    ]
    return ", ".join(pairs[:6]) + (f" and {len(pairs) - 6} more" if len(pairs) > 6 else "")


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)


def _verb(names: Sequence[str], one: str, many: str) -> str:
    return one if len(names) == 1 else many
