"""The descents that a lesson is told with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symcalc.catalogue.story import Lesson, Lever
    from symcalc.descent.trace import Trace


def lever_descent(lesson: Lesson, lever: Lever) -> Trace:
    """The descent in which one lever of a lesson moves."""
    import numpy as np

    from symcalc.api import compile, descend, differentiate, parse

    program = compile(differentiate(parse(lever.formula, lesson.name, constants=dict(lever.held))))
    start = {name: np.full(program.layout.shapes[name], float(value)) for name, value in lever.start.items()}
    return descend(
        program, start, learning_rate=lever.learning_rate, steps=lever.steps, compare=lever.method, h=lever.h
    )
