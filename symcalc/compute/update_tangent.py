"""How a step of a rule changes when what it starts from does: the rule's lines, differentiated.

Entry by entry, as the lines themselves work; so the change of a whole run is that of one step after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from symcalc.compute.printing import compiled
from symcalc.compute.update import GIVEN, Update


def moved(update: Update, values: Sequence[Any], changes: Mapping[str, Any]) -> list[Any]:
    """The change of every line.

    Args:
        update: The rule.
        values: What its arguments stand for, literals left out: given names, constants, states.
        changes: Name of an argument (`point`, `gradient`, `learning_rate`, a constant, a state) → its change.
    """
    words = (*GIVEN, *update.constants, *update.states)
    known: dict[Any, Any] = {
        symbol: changes[word] for word, symbol in zip(words, update.arguments) if word in changes
    }  # fmt: skip
    references, function = _partials(update)
    with np.errstate(all="ignore"):
        slopes = list(function(*values, *update.numbers))
    found = []
    for (symbol, _), inner in zip(update.lines, references):
        total: Any = 0.0
        for reference in inner:
            slope = slopes.pop(0)
            change = known.get(reference, 0.0)
            # The slope of a root is infinite at 0; what does not move adds nothing all the same.
            with np.errstate(all="ignore"):
                total = total + np.where(np.equal(change, 0), 0.0, slope * change)
        known[symbol] = total
        found.append(total)
    return found


@lru_cache(maxsize=64)
def _compiled(lines: tuple[tuple[Any, Any], ...], arguments: tuple[Any, ...]) -> tuple[Any, Any]:
    references, slopes = [], []
    for _, right in lines:
        inner = tuple(sorted(right.free_symbols, key=str))
        references.append(inner)
        slopes += [right.diff(symbol) for symbol in inner]
    return tuple(references), compiled(list(arguments), slopes, list(lines), "numpy")


def _partials(update: Update) -> tuple[Any, Any]:
    """For each line what it refers to, and one function that gives all the slopes in order."""
    return _compiled(update.lines, update.arguments)
