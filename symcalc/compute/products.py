"""Products of three and four forms as products of two: the product of forms is a form over products of row parts.

r[i]^4 = (r[i]^2)·(r[i]^2),  and with r = r* + Σ_j δ[j]·φ[j]  about the best fit of r
r[i]^2 = r*[i]^2 + Σ_j 2·δ[j]·r*[i]·φ[i,j] + Σ_jk δ[j]·δ[k]·φ[i,j]·φ[i,k]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from symcalc.compute.families import Feature, entries
from symcalc.compute.separation import Form, Inseparable, Part, Separation

_HIGHEST = 4
# Form → (what stands for r*, and for the best coefficient of each of its features).
Best = Callable[[Form], tuple[Any, Mapping[Feature, Any]]]


def paired(part: Part, separation: Separation, best: Best) -> Part:
    """An addend of three or four forms as one of two.

    Args:
        part: The addend.
        separation: How the rows separate.
        best: Gives symbols for the least-squares solution of a form.

    Raises:
        Inseparable: A form runs over an index, or the degree is above four.
    """
    if len(part.forms) > _HIGHEST:
        raise Inseparable(f"it is of a degree above {_HIGHEST} in values that move with the row")
    middle = (len(part.forms) + 1) // 2
    halves = []
    for row, symbols in ((sp.S.One, part.forms[:middle]), (part.row, part.forms[middle:])):
        product = [Part(sp.S.One, (), row)]
        for symbol in symbols:
            addends = _about_best(separation.forms[symbol], separation, best)
            product = [Part(a.coefficient * b.coefficient, (), a.row * b.row) for a in product for b in addends]
        factors = (*(() if row == 1 else (row,)), *symbols)
        halves.append(separation.named(product, factors).symbol if len(factors) > 1 else symbols[0])
    return Part(part.coefficient, (), sp.S.One, tuple(sorted(halves, key=str)))


def _about_best(form: Form, separation: Separation, best: Best) -> list[Part]:
    """A form's addends about its best fit: r*, and each feature times how far its coefficient is from the best."""
    fixed, moving = entries(form, separation)
    if any(feature.index is not None or term.over for feature, term in moving):
        raise Inseparable("a form in a product of three runs over an index")
    if not fixed:
        return [Part(term.body, (), feature.row) for feature, term in moving]
    beside, at = best(form)
    return [Part(sp.S.One, (), beside), *(Part(t.body - at[f], (), f.row) for f, t in moving)]
