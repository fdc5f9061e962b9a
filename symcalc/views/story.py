"""A lesson told on one screen: collect, explore, train, predict.

lines = story(lesson, traces, Look())      one trace for each lever of the lesson
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from symcalc.catalogue.story import Lesson, Lever
from symcalc.descent.trace import Step, Trace
from symcalc.descent.written import rule
from symcalc.language.names import walk
from symcalc.notation import tree
from symcalc.views import numbers
from symcalc.views.fitted_model import line_of, model_text, model_tree
from symcalc.views.look import NARROWEST, Look, fitted, packed
from symcalc.views.slopes import legend, slopes
from symcalc.views.steps import FEW, StepLines, shown

OPENING = "A model learns by walking down its loss. The slope says which way, and how much."
MOST_LINES = 45
_TITLE, _SHORT = 9, 40
_MOST_STEPS, _FEWER_STEPS = 5, 3
_FLAT = 1e-5
_MOST_BENDS = 50


def story(lesson: Lesson, traces: Sequence[Trace], look: Look) -> list[str]:
    """The lesson as lines: at most 45 of 80 columns for the lessons of the catalogue.

    Args:
        lesson: The lesson.
        traces: What each lever's descent came to, in order.
        look: How to write.
    """
    # What a long story leaves out first: remarks on commands, then middle steps, then the second step in full.
    for detail in (3, 2, 1, 0):
        lines = fitted(_told(lesson, traces, look, detail), look.width)
        if len(lines) <= MOST_LINES:
            break
    return lines


def _told(lesson: Lesson, traces: Sequence[Trace], look: Look, detail: int) -> list[str]:
    lines = [OPENING, *_collect(lesson, look), *_explore(lesson, look), ""]
    for place, (lever, trace) in enumerate(zip(lesson.levers, traces)):
        last = place == len(traces) - 1
        lines += _train(lever, trace, look, first=place == 0, detail=detail)
        lines += [*(_model(lesson, trace, look) if last else []), ""]
    return [*lines, *_predict(lesson, traces[-1], look), *_next(lesson, look, explained=detail == 3)]


def _collect(lesson: Lesson, look: Look) -> list[str]:
    """The table, a line a column."""
    rows = len(next(iter(lesson.columns.values())))
    words = {n: n if lesson.labels.get(n, n) == n else f"{n} {lesson.labels[n]}" for n in lesson.columns}
    widest = max(map(len, words.values()))
    left = f"{'COLLECT':<{_TITLE}}{lesson.name}, {rows} rows"
    lines = []
    for place, (name, values) in enumerate(lesson.columns.items()):
        start = f"{left if place == 0 else '':<{len(left)}}   {words[name]:<{widest}} "
        room = look.width - len(start)
        wide = max(6, 2 + max(len(look.number(v, 4)) for v in values))
        cells = [f"{look.number(v, 4):>{wide}}" for v in values]
        rest = f"  {look.dots}"
        if sum(map(len, cells)) > room:
            cells = [*cells[: max(1, (room - len(rest)) // wide)], rest]
        lines.append(start + "".join(cells))
    return lines


def _explore(lesson: Lesson, look: Look) -> list[str]:
    before, _, last = lesson.loss.rpartition(";")
    start = " " * _TITLE
    loss = f"{before.strip()};  L = {last.strip()}" if before else f"L = {last.strip()}"
    said = textwrap.wrap(lesson.explore, max(look.width, NARROWEST) - _TITLE)
    first, *more = said
    lines = [f"{'EXPLORE':<{_TITLE}}{first}", *(start + line for line in more)]
    return lines + packed([loss, lesson.meaning], look.width, start, "     ")


def _train(lever: Lever, trace: Trace, look: Look, first: bool, detail: int) -> list[str]:
    gradient: Any = trace.program.gradient_equations  # type: ignore[attr-defined]
    lines = [f"TRAIN, {lever.title}", *(f"  {line}" for line in lever.before)]
    formulas = [slope.formula for slope in slopes(gradient, look).values()]
    lines += packed([*formulas, *legend(gradient, look), f"checked: {gradient.verdict.sentence}"], look.width, "  ")
    if first and trace.walked.layout.total <= FEW:
        lines += packed([*rule(trace, look.digits, look.ascii), "against the slope is downhill"], look.width, "  ")
    writer = StepLines(trace, look, "  ")
    chosen = shown(0, trace.steps[-1].index)
    kept = (_MOST_STEPS if detail > 1 else _FEWER_STEPS) if first else _FEWER_STEPS
    chosen = list(dict.fromkeys([*chosen[: kept - 1], chosen[-1]]))
    full = 2 if first and detail > 0 else 1
    for place, index in enumerate(chosen):
        step = trace.steps[index]
        if step.update is None and _minimum(trace):
            lines += _bottom(step, trace, look)
        else:
            lines += writer.lines(step, full=place < full)
    return [*lines, *(f"  {line}" for line in lever.after)]


def _bottom(step: Step, trace: Trace, look: Look) -> list[str]:
    """The last step, where it stands at the minimum."""
    names = trace.walked.layout.names
    point = ", ".join(f"{n} = {look.number(step.point[n])}" for n in names if np.ndim(step.point[n]) == 0)
    pieces = [f"step {step.index}  {point}", f"loss {look.number(step.loss)}", "flat, bends up: the minimum"]
    return packed(pieces, look.width, "  ", hang="  ")


def _minimum(trace: Trace) -> bool:
    """Whether the descent ended where the loss is flat and bends up in every direction."""
    if trace.walked.layout.total > _MOST_BENDS:
        return False
    first, last = (float(np.linalg.norm(g)) for g in (trace.gradients[0], trace.gradients[-1]))
    program: Any = trace.program
    return last <= _FLAT * first and bool(np.all(np.linalg.eigvalsh(program.hessian(trace.points[-1])) > 0))


def _model(lesson: Lesson, trace: Trace, look: Look) -> list[str]:
    """The model found, and what it is in the units of the data."""
    left = lesson.model.partition("=")[0].strip()
    written = model_text(trace, lesson.predict_name, left, look)
    if written is None:
        return []
    line = line_of(trace, lesson.predict_name)
    model = model_tree(trace.program.loss, lesson.predict_name)
    own = {n.name for n in walk(model) if isinstance(n, tree.Ref)} if model is not None else set()
    arrays = [n for n in trace.walked.layout.names if n in own and np.ndim(trace.point[n])]
    if line is not None and line.column not in own:
        written += f", which is {line.written(line.column)}"
    elif arrays:
        written += " with " + ", ".join(f"{n} = {numbers.value(trace.point[n], look.digits)}" for n in arrays)
    return [f"  {written}"]


def _predict(lesson: Lesson, trace: Trace, look: Look) -> list[str]:
    program: Any = trace.program
    case = {column: np.array([float(value)]) for column, value in lesson.predict.items()}
    value = float(program.predict(trace.point, case, lesson.predict_name)[0])
    line = line_of(trace, lesson.predict_name)
    worked = "" if line is None else f" {line.written(look.number(lesson.predict[line.column]))} ="
    said = f"{lesson.predict_words}: {lesson.predict_label}{worked} {look.number(value, 5)}"
    return [f"{'PREDICT':<{_TITLE}}{said}"]


def _next(lesson: Lesson, look: Look, explained: bool) -> list[str]:
    """Commands to try; what does not fit beside its command stands below it, if all are to be explained."""
    widest = max((len(command) for command, _ in lesson.next if len(command) < _SHORT), default=0)
    lines = []
    for place, (command, about) in enumerate(lesson.next):
        start = f"{'Next' if place == 0 else '':<{_TITLE}}"
        line = f"{start}{command:<{widest}}   {about}"
        if len(line) <= look.width:
            lines.append(line)
        else:
            lines += [start + command, *([f"{'':<{_TITLE + 2}}{about}"] if explained else [])]
    return lines
