"""The loss and its slopes at one point with 40 digits, by the same equations: what floats are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mpmath

from symcalc.calculus.evaluate import Evaluator, exactly
from symcalc.compute.points import Values

if TYPE_CHECKING:
    from symcalc.compute.program import Program

ROWS, DIGITS = 10_000, 40


def reference(program: Program, values: Values) -> tuple[Any, dict[str, Any]] | None:
    """The loss and its slopes, as mpmath numbers or object arrays of them.

    Args:
        program: The compiled gradient.
        values: Name of each parameter → its value.

    Returns:
        (loss, name → slope); None beyond 10,000 rows or outside the domain.
    """
    if (program.loss.rows or 0) > ROWS:
        return None
    gradient = program.gradient_equations
    evaluator = Evaluator(gradient.equations, gradient.notation.axes, lambda axis: program.sizes[axis])
    given = {symbol: exactly(value) for symbol, value in program.given.items()}
    given.update({p.symbol: exactly(values[p.name]) for p in program.parameters})
    try:
        with mpmath.workdps(DIGITS):
            found = evaluator.run(given)
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        return None  # outside the domain
    slopes = {n.name: found[s.symbol] for n, s in zip(gradient.wrt, gradient.slopes) if n in program.parameters}
    return found[program.loss.output.name.symbol], slopes
