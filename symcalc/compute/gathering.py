"""Gathering what equations ask of rows: the moments of each family, sums of row parts, best fits of single forms.

Everything is kept by what it was made from, so that programs on the same data share it to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.families import Family, Feature, entries
from symcalc.compute.moment_rows import Reader
from symcalc.compute.moments import Moments, constant, gathered
from symcalc.compute.printing import Text
from symcalc.compute.reduction import Sought, anchored
from symcalc.compute.separation import Form, Separation
from symcalc.compute.stretches import Unfit

# A triangular factor of more columns takes longer than many steps over the rows.
MOST_FEATURES = 64


def best_fit(
    separation: Separation, form: Form, reader: Reader, shared: dict[Any, Any]
) -> tuple[Any, dict[Feature, Any], dict[Any, float]]:
    """(a form at its least-squares solution as a row part, feature → coefficient there, values of the symbols)."""
    family = Family(sp.S.One, [form.symbol])
    for feature, _ in entries(form, separation)[1]:
        family.take(feature)
    ((_, fixed, moving),) = anchored(family, separation)
    key = ("best", tuple(family.features), fixed)
    if key not in shared:
        values: dict[Any, float] = {}

        def symbol(value: float) -> Any:
            made = sp.Symbol(f"best{len(shared)}_{len(values)}", real=True)
            values[made] = float(value)
            return made

        rows = reader.rows(family, [(form.symbol, fixed, moving)])
        found = gathered(rows)
        anchor = found.anchors[0]
        at = {f: symbol(a) for f, a in zip(family.features, anchor)}
        first, rest = (symbol(c) for c in constant(anchor, found.shift, rows.ones))
        slopes = [
            at[f] * Text.of("({0} - {1})", f.row, symbol(c)) for f, c in zip(family.features, found.shift) if f.row != 1
        ]
        # Added in this order nothing large is rounded.
        beside = Text.of("((({0}) + {1}) + ({2}) + {3})", fixed, first, sp.Add(*slopes), rest)
        shared[key] = beside, at, values
    return shared[key]  # type: ignore[no-any-return]


def gathered_for(
    found: Sought, reader: Reader, shared: dict[Any, Any]
) -> tuple[dict[Any, Moments], dict[Feature, Any]]:
    """(weight → moments of its family, row part → its sum over the rows).

    Raises:
        Unfit: A family is too wide, or its rows are not fit for moments.
    """
    moments: dict[Any, Moments] = {}
    for family in found.families:
        if sum(reader.width(f) for f in family.features) > MOST_FEATURES:
            raise Unfit(f"its forms have more than {MOST_FEATURES} row parts")
        fixed = anchored(family, found.separation)
        features = (family.weight, tuple(family.features))
        key = (*features, tuple((body, tuple(moved)) for _, body, moved in fixed))
        if key not in shared:
            shared[key] = gathered(reader.rows(family, fixed), shared.get(features))
            shared.setdefault(features, shared[key])
        moments[family.weight] = shared[key]
    totals: dict[Feature, Any] = {}
    for one in (w for wanted in found.sums.values() for w in wanted):
        if one.feature is not None and not one.forms:
            if one.feature not in shared:
                shared[one.feature] = reader.total(one.feature)
            if not np.all(np.isfinite(shared[one.feature])):
                raise Unfit("its rows are not all finite")
            totals[one.feature] = shared[one.feature]
    return moments, totals
