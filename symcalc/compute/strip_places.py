"""Where the arrays of a strip lie, and in what order they are filled: an array takes up the place of one that is done with."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symcalc.compute.strip_lines import Line, Product, StripLines, Within


@dataclass(frozen=True)
class Nest:
    """Lines of one level over the same entries: one loop."""

    shape: tuple[int, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Placed:
    """Where tiles lie.

    Attributes:
        order: What a strip does, in order.
        at: Name of a tile → its first entry; tiles that never leave the processor have none.
        height: Entries of all places.
    """

    order: list[Nest | Within | Product]
    at: dict[str, int]
    height: int


def in_order(made: StripLines) -> list[Nest | Within | Product]:
    """What a strip does: for each level its loops, then what puts entries together; nothing that no sum needs."""
    wanted = {tile.name for one in made.sums for tile in (one.left, one.right) if tile}
    kept = []
    for step in reversed(made.steps):
        if step.tile.name in wanted:
            kept.append(step)
            wanted |= read(step)
    kept.reverse()
    found: list[Nest | Within | Product] = []
    for level in sorted({step.level for step in kept}):
        here = [step for step in kept if step.level == level]
        lines = [step for step in here if isinstance(step, Line)]
        for shape in dict.fromkeys(line.tile.shape for line in lines):
            found.append(Nest(shape, tuple(line for line in lines if line.tile.shape == shape)))
        found += [step for step in here if not isinstance(step, Line)]
    return found


def read(step: Line | Within | Product) -> set[str]:
    """Names of the tiles that a step reads."""
    if isinstance(step, Product):
        return {step.factor.name, step.weight.name}
    return {symbol.name for symbol in step.body.atoms(sp.Symbol)}


def placed(made: StripLines) -> Placed:
    """Places for all tiles that outlive the loop that fills them."""
    order = in_order(made)
    born: dict[str, int] = dict.fromkeys(made.read, -1)
    last: dict[str, int] = {}
    sizes = {name: tile.size for name, tile in made.tiles.items()}
    for number, step in enumerate(order):
        for line in step.lines if isinstance(step, Nest) else (step,):
            born[line.tile.name] = number
            for name in read(line):
                # What the loop that fills it alone reads stays in the processor.
                if born.get(name, number) < number:
                    last[name] = number
    for one in made.sums:
        last.update({tile.name: len(order) for tile in (one.left, one.right) if tile})
    at: dict[str, int] = {}
    for name in sorted(last.keys() & born.keys(), key=lambda n: born[n]):
        busy = sorted((at[o], at[o] + sizes[o]) for o in at if last[o] >= born[name] and born[o] <= last[name])
        at[name] = _lowest(busy, sizes[name])
    return Placed(order, at, max((at[name] + sizes[name] for name in at), default=0))


def _lowest(busy: list[tuple[int, int]], size: int) -> int:
    """The lowest place of a size beside those that are busy."""
    place = 0
    for first, end in busy:
        if first - place >= size:
            break
        place = max(place, end)
    return place
