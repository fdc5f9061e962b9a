"""What rows in float32 save and cost: `python tests/benchmarks/float32.py` prints the table.

The works are those of the races, all sides in one process, in turn. Times are medians over the turns, ratios medians of the
ratios in each turn. How far value and slopes are off is measured against float64: the largest of all entries of value and of
slopes, each in units of the largest.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable
from contextlib import suppress

import numpy as np
from columns import decay
from race import Here, timed, told
from rows import COMPARED
from work import OWN, Makers, sides_in

TURNS = 31
JAX = "JAX jit"


def sides(makers: Makers) -> dict[tuple[str, str], Here]:
    """(side, dtype) → the side, ready and warm."""
    found = {}
    for dtype in ("float64", "float32"):
        with sides_in(dtype), suppress(ImportError):
            for name in (OWN, JAX):
                found[name, dtype] = Here(makers[name]())
                found[name, dtype].seconds(1)
    return found


def off(one: Here, truth: Here) -> str:
    """How far a side is off, at worst."""
    gaps = [np.max(np.abs(a - b)) / np.max(np.abs(b)) for a, b in zip(one.found(), truth.found())]
    return f"{max(gaps):.0e}"


def row(title: str, makers: Callable[[float], Makers]) -> str:
    """One line of the table."""
    found = sides(makers(1))
    told(title)
    times = dict(zip(found, timed([side.seconds for side in found.values()], TURNS)))

    def over(other: tuple[str, str]) -> str:
        pairs = zip(times.get(other, ()), times[OWN, "float32"])
        ratios = [a / b for a, b in pairs]
        return f"{statistics.median(ratios):.2f}" if ratios else ""

    own = 1000 * statistics.median(times[OWN, "float32"])
    missed = [
        off(found[key], found[OWN, "float64"]) if key in found else "" for key in ((OWN, "float32"), (JAX, "float32"))
    ]
    return f"| {title} | {own:.2f} | {over((OWN, 'float64'))} | {over((JAX, 'float32'))} | {missed[0]} | {missed[1]} |"


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores", file=sys.stderr)
    print("| work | float32, ms | float64 / float32 | JAX float32 / float32 | off by | JAX float32 off by |")
    print("|---" * 6 + "|")
    for title, makers in {"decay, 1,000,000 rows": decay, **COMPARED}.items():
        print(row(title, makers))
