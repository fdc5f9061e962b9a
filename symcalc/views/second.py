"""Second derivatives as text: one block for each pair of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.gradient import Gradient
from symcalc.calculus.hessian import Block
from symcalc.notation.writing import Notation
from symcalc.views import numbers
from symcalc.views.tables import folded, table

Pair = tuple[str, str]
MOST_COLUMNS = 8


def lines(
    gradient: Gradient,
    blocks: Mapping[Pair, Block],
    values: Mapping[Pair, Any],
    width: int = 80,
    digits: int = 6,
    style: str = "text",
) -> list[str]:
    """The blocks of a Hessian; each pair once, since the order makes no difference.

    Args:
        gradient: The gradient.
        blocks: Pair of names → the derived block.
        values: Pair of names → block at a point; empty without one.
        width: Columns of the screen.
        digits: Significant digits.
        style: text or ascii.
    """
    words = [name.name for name in gradient.wrt]
    found: list[str] = []
    for k, p in enumerate(words):
        for q in words[k:]:
            found += _block(blocks[p, q], values.get((p, q)), width, digits, style)
    return found


def jacobian_lines(
    blocks: Mapping[str, Block], values: Mapping[str, Any], width: int = 80, digits: int = 6, style: str = "text"
) -> list[str]:
    """The slopes of a definition: one block for each parameter.

    Args:
        blocks: Parameter name → the derived block.
        values: Parameter name → block at a point; empty without one.
        width: Columns of the screen.
        digits: Significant digits.
        style: text or ascii.
    """
    return [line for word, block in blocks.items() for line in _block(block, values.get(word), width, digits, style)]


def _block(block: Block, value: Any, width: int, digits: int, style: str) -> list[str]:
    head = f"{block.name} = {_right(block, style)}"
    inner = [line for text in _inner(block, style) for line in folded(text, width, 4)]
    if value is None:
        return folded(head, width, 2) + inner
    array = np.asarray(value)
    if array.ndim == 2 and max(array.shape) <= MOST_COLUMNS:
        rows = [[numbers.number(entry, digits) for entry in row] for row in array]
        return folded(f"{head} =", width, 2) + table(rows[1:], rows[0], [True] * array.shape[1], 4) + inner
    number = numbers.value(array, digits)
    return folded(head if head.endswith(f" = {number}") else f"{head} = {number}", width, 2) + inner


def _inner(block: Block, style: str) -> list[str]:
    """What the block reads by name because it is 0 beyond its ends: `d²L/dudx[j,k] = [k = j + 1] - [j = k]`."""
    read = {a.base for t in block.equation.terms for a in t.body.atoms(sp.Indexed)}
    named = [e for e in block.equations if e.name.symbol in read and e.name.shown and "²" in e.name.name]
    return [block.notation.index_form(e, style) for e in named if e.name != block.equation.name]


def _right(block: Block, style: str) -> str:
    writer = block.equation.writer
    return writer.right(block.equation, style) if isinstance(writer, Notation) else block.text
