"""What the entries of a parameter are called: the weight of the column tv is shown as tv."""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

Entries = dict[tuple[str, int], tuple[str, ...]]


def entries_of(loss: Any) -> Entries:
    """(parameter, place of an axis) → names of the columns that axis runs along, where they have names."""
    names = loss.notation.names
    named = {p.symbol: p for p in loss.parameters if p.axes}
    found: Entries = {}
    for equation in loss.equations if named else ():
        for term in equation.terms:
            # X[i,j]·w[j]: the index they share runs over the columns of X.
            arrays = [a for a in term.body.atoms(sp.Indexed) if a.base in names]
            along = {
                index: axis.entries
                for array in arrays
                for index, axis in zip(array.indices, names[array.base].axes)
                if axis.entries
            }
            for array in arrays:
                if array.base not in named:
                    continue
                for place, index in enumerate(array.indices):
                    if index in along:
                        found.setdefault((named[array.base].name, place), along[index])
    return found


def entry_names(program: Any) -> list[str]:
    """How each entry of a flat point is called: `b`, the column it belongs to (`tv`), or `W[tv,2]`."""
    entries, layout = entries_of(program.loss), program.layout
    alone = sum(1 for name in layout.names if layout.shapes[name]) == 1
    found: list[str] = []
    for name in layout.names:
        for place in np.ndindex(layout.shapes[name]):
            words = [_word(entries.get((name, axis), ()), k) for axis, k in enumerate(place)]
            if len(words) == 1 and alone and (name, 0) in entries:
                found.append(words[0])
            else:
                found.append(f"{name}[{','.join(words)}]" if words else name)
    return found


def _word(entries: tuple[str, ...], k: int) -> str:
    return entries[k] if k < len(entries) else str(k)
