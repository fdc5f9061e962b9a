"""A loss at a glance: along its one parameter, or from above over two of them."""

from __future__ import annotations

from typing import Any

from symcalc.calculus.gradient import differentiate
from symcalc.compute.program import compile_gradient
from symcalc.errors import InputError
from symcalc.language.loss import Loss
from symcalc.views.figures.contour import contour
from symcalc.views.figures.cost_curve import cost_curve
from symcalc.views.figures.picture import Picture


def glance(loss: Loss, at: Any = None, size: tuple[float, float] | None = None) -> Picture:
    """The loss around a point.

    Args:
        loss: The loss.
        at: Parameter name → value; where a descent would start unless given.
        size: Width and height in inches.

    Raises:
        InputError: The loss has no parameters, columns without data, or the point does not fit.
    """
    from symcalc.descent.start import start_of

    if not loss.parameters:
        raise InputError("The loss has no parameters, so there is nothing to draw it over.")
    program = compile_gradient(differentiate(loss))
    point = program.layout.split(start_of(program, None)[0]) if at is None else program.checked_point(at)
    draw = cost_curve if program.layout.total == 1 else contour
    return draw(program, point, size=size)
