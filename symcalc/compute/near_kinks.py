"""Whether a point may stand on a kink at all, found out block by block: only then is a closer look at every row worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import sympy as sp

from symcalc.compute import inspection
from symcalc.compute.assembly import Assembled
from symcalc.equations import Term
from symcalc.language.functions import Absolute
from symcalc.language.scope import Scope, Value

if TYPE_CHECKING:
    from symcalc.compute.program import Program

# Fewer rows are looked at at once.
LEAST_ROWS = 50_000
# Gaps of this share of the largest value may be 0 but for rounding.
NEAR = 1e-10
_screens: WeakKeyDictionary[Program, tuple[Assembled, float]] = WeakKeyDictionary()


def possible(program: Program, point: Any) -> bool:
    """Whether some kinked function may be on its kink at a point; False is certain."""
    kinks = inspection.moving_kinks(program)
    if (program.loss.rows or 0) < LEAST_ROWS or not kinks or any(kink.gap is None for kink in kinks):
        return True
    values = program.checked_point(point)
    if program not in _screens:
        names = program.gradient_equations.notation.names
        largest = max((_size(v) for s, v in program.given.items() if names[s].kind != "size"), default=0.0)
        _screens[program] = _screen(program), largest
    screen, largest = _screens[program]
    found = program._call(screen, values)
    gaps, sizes = found[: len(kinks)], [largest, *map(_size, values.values()), *map(_size, found[len(kinks) :])]
    # Written so that what is no number is looked at closely.
    return not (np.isfinite(max(sizes)) and min(gaps) > NEAR * max(sizes))


def _size(values: Any) -> float:
    """The largest absolute value, without an array of them."""
    array = np.asarray(values, dtype=float)
    return float(max(array.max(), -array.min())) if array.size else 0.0


def _screen(program: Program) -> Assembled:
    """The least gap of each kink, then the largest size of each value."""
    notation = program.gradient_equations.notation
    scope = Scope.continued(notation.names, notation.axes, ())

    def reduced(indices: tuple[Any, ...], body: Any, reduction: str) -> Any:
        return scope.define(Value((Term(indices, Absolute(body)),)), reduction=reduction if indices else "sum").body

    made = [reduced(kink.indices, kink.gap, "min") for kink in inspection.moving_kinks(program)]
    for equation in program.loss.equations:
        symbol = equation.name.symbol
        whole = symbol[equation.indices] if isinstance(symbol, sp.IndexedBase) else symbol
        made.append(reduced(equation.indices, whole, "max"))
    equations = (*program.loss.equations, *scope.equations)
    outputs = tuple(scope.name_of[symbol] for symbol in made)
    return program._assembled(equations, outputs, None, scope.name_of, scope.axis_of)
