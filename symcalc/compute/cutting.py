"""Whether rows are cut into blocks, and into which: the one place where this is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from symcalc.compute import blocks
from symcalc.compute.dependence import read_by
from symcalc.compute.plan import Cut, not_in_blocks
from symcalc.compute.precision import FLOAT64, Precision
from symcalc.compute.row_kernels import RowKernel, are_ready
from symcalc.equations import Axis, Equation, Name

NO_ROWS = "No rows: plain floats or whole arrays."


def cut_of(
    every: Sequence[Equation], live: Sequence[Equation], ends: Sequence[Name], axes: Mapping[Any, Axis],
    sizes: Mapping[Axis, int], names: Mapping[Any, Name], precision: Precision = FLOAT64,
) -> Cut:  # fmt: skip
    """How the rows of equations are cut.

    Args:
        every: All equations, also those that are worked out once.
        live: Those of every call.
        ends: What goes in and what comes out.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        precision: How exactly rows are worked out; in float32 few rows are cut off from the rest too.
    """
    needs = read_by(live)
    read = {s: names[s] for s in names if s in needs}
    of_rows = [n for n in read.values() if any(a.rows for a in n.axes)]
    along = {a for n in of_rows for a in n.axes if a.rows}
    if not along:
        return Cut(None, None, NO_ROWS)
    rows = max(sizes[a] for a in along)
    why = not_in_blocks(live, ends, axes, names)
    if any(e.reduction in ("inv", "det", "logdet") for e in every):
        why = "It factors a matrix."
    if len(along) > 1:
        why = "It has rows of two kinds."
    if why:
        return Cut(rows, None, f"Whole arrays of {rows:,} rows. {why}")
    block = blocks.length(of_rows, sizes)
    if not blocks.worth_it(rows, block) and not precision.single:
        return Cut(rows, block, f"Whole arrays: {rows:,} rows stay in the cache.", few=True)
    return Cut(rows, block, _sentence(rows, block))


def in_c(cut: Cut, kernels: Sequence[RowKernel]) -> Cut:
    """How rows are cut where they are gone over in C, if they are."""
    if not are_ready(kernels):
        return cut
    block = max(kernel.block for kernel in kernels)
    return replace(cut, block=block, why=_sentence(cut.rows or 0, block))


def _sentence(rows: int, block: int) -> str:
    return f"Blocks of {block:,} of {rows:,} rows, so that a block's arrays stay in the cache."
