"""A run at a glance: the pictures that apply to it, side by side."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from symcalc.views.figures.contour import draw_contour
from symcalc.views.figures.cost_curve import draw_cost_curve
from symcalc.views.figures.fit import draw_fit
from symcalc.views.figures.loss import draw_loss_curve
from symcalc.views.figures.picture import Picture, side_by_side
from symcalc.views.figures.slices import Modeled, Run, until_far
from symcalc.views.figures.style import panels, styled
from symcalc.views.pictured import columns


class Walk(Run, Protocol):
    """A run with the program it walked on."""

    @property
    def program(self) -> Modeled:
        """The compiled loss."""


@styled()
def run_picture(trace: Walk, size: tuple[float, float] | None = None) -> Picture:
    """The data with the model, the cost curve (one number) or contour (more), and the loss at each step.

    Args:
        trace: The run.
        size: Width and height in inches.
    """
    program, shown = trace.program, until_far(np.asarray(trace.losses))
    first, last = trace.steps[0], trace.steps[max(shown - 1, 0)]
    data = columns(program) is not None
    many = program.layout.total > 1
    # A contour shares its place with the scale of its colors.
    figure, axes = panels(2 + data, size, [*[1.0] * data, 1.25 if many else 1.0, 1.0])
    captions = []
    if data:
        before = first.point if shown > 1 else None
        captions.append(draw_fit(axes[0], program, last.point, before))
    if many:
        captions.append(draw_contour(axes[-2], program, last.point, trace))
    else:
        captions.append(draw_cost_curve(axes[-2], program, first.point, None, first.update, trace))
    captions.append(draw_loss_curve(axes[-1], trace, str(getattr(program.loss, "name", "L"))))
    return side_by_side(figure, captions)
