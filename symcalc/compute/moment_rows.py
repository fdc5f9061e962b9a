"""The rows of a family of forms, read in slices: features, fixed parts and weights as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.arrays import ArrayForm
from symcalc.compute.dependence import label
from symcalc.compute.families import Family, Feature
from symcalc.compute.printing import compiled
from symcalc.compute.separation import symbols
from symcalc.compute.stretches import Rows
from symcalc.equations import Axis, Name

_LENGTH = sp.Symbol("rows_of_slice", integer=True, positive=True)
_SLICE = 16_384


class Reader:
    """Reads row parts.

    Args:
        row: The index of the rows.
        known: Private symbol → value of data and of what was worked out once.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
    """

    def __init__(
        self, row: Any, known: Mapping[Any, Any], axes: Mapping[Any, Axis], sizes: Mapping[Axis, int],
        names: Mapping[Any, Name],
    ) -> None:  # fmt: skip
        self.row, self.known, self.axes, self.sizes, self.names = row, known, axes, sizes, names
        self.count = sizes[axes[row]]

    def rows(self, family: Family, anchored: Iterable[tuple[Any, Any, list[Feature]]]) -> Rows:
        """The rows of a family.

        Args:
            family: The family.
            anchored: (form, its fixed part, the features that it moves) for each form with a fixed part.
        """
        widths = [self.width(f) for f in family.features]
        ends = np.cumsum([0, *widths])
        anchored = list(anchored)
        moving = tuple(
            tuple(c for k, f in enumerate(family.features) if f in own for c in range(ends[k], ends[k + 1]))
            for own in (self._own(family, features) for _, _, features in anchored)
        )
        parts = [(f.row, f.index) for f in family.features] + [(body, None) for _, body, _ in anchored]
        weighted = family.weight != 1
        read = self._compiled([*parts, (family.weight, None)] if weighted else parts)
        total, q = int(ends[-1]), len(anchored)

        def cut(rows: slice) -> tuple[Any, Any, Any]:
            count = len(range(*rows.indices(self.count)))
            found = read(rows, count)
            made = np.empty((total + q, count))
            for value, first, last in zip(
                found, [*ends[:-1], *range(total, total + q)], [*ends[1:], *range(total + 1, total + q + 1)]
            ):
                made[first:last] = np.transpose(value) if np.ndim(value) == 2 else value
            weights = np.broadcast_to(found[-1], (count,)) if weighted else None
            return made[:total], made[total:], weights

        ones = next((int(ends[k]) for k, f in enumerate(family.features) if f.row == 1), None)
        return Rows(cut, self.count, moving, ones)

    def total(self, feature: Feature) -> Any:
        """Σ of a row part over the rows: a number, or one for each entry of its index."""
        read = self._compiled([(feature.row, feature.index)])
        so_far: Any = 0.0
        lost: Any = 0.0
        with np.errstate(all="ignore"):
            for first in range(0, self.count, _SLICE):
                last = min(self.count, first + _SLICE)
                (value,) = read(slice(first, last), last - first)
                shape = (last - first,) if feature.index is None else (last - first, self.width(feature))
                added = np.sum(np.broadcast_to(value, shape), axis=0)
                total = so_far + added
                moved = total - so_far
                lost = lost + ((so_far - (total - moved)) + (added - moved))
                so_far = total
        return so_far + lost

    def width(self, feature: Feature) -> int:
        """Numbers a row of a feature."""
        return 1 if feature.index is None else self.sizes[self.axes[feature.index]]

    @staticmethod
    def _own(family: Family, features: list[Feature]) -> list[Feature]:
        from symcalc.compute.families import matched

        return [f for f in family.features if any(matched(g, f) is not None for g in features)]

    def _compiled(self, parts: list[tuple[Any, Any]]) -> Any:
        """A function of a slice and its length that gives each row part."""
        form = ArrayForm(self.axes, lambda a: _LENGTH if a.rows else sp.Integer(self.sizes[a]), self.names)
        wanted = set().union(*(symbols(body) for body, _ in parts))
        read = [s for s in self.known if s in wanted]
        along = [next((k for k, a in enumerate(self.names[s].axes) if a.rows), None) for s in read]
        order = [(self.row,) if index is None else (self.row, index) for _, index in parts]
        bodies = [form.elementwise(body, o) for (body, _), o in zip(parts, order)]
        function = compiled([*(label(self.names[s]) for s in read), _LENGTH], bodies)
        values = [self.known[s] for s in read]

        def of_slice(rows: slice, count: int) -> tuple[Any, ...]:
            cut = (v if k is None else v[(slice(None),) * k + (rows,)] for v, k in zip(values, along))
            with np.errstate(all="ignore"):
                return function(*cut, count)  # type: ignore[no-any-return]

        return of_slice
