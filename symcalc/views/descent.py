"""A whole descent as a screen shows it: what is walked down and how, the steps, the end.

    lines = descent(trace, Look(width=100))

Lines come as they are worked out: the formulas stand on the screen before they are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from symcalc.curvature.joints import kinks_at
from symcalc.descent.accurate import accuracy_of
from symcalc.descent.side_by_side import SideBySide
from symcalc.descent.stopping import StopReason
from symcalc.descent.trace import Trace
from symcalc.descent.written import rule
from symcalc.notation.entries import entries_of
from symcalc.numeric.differences import METHODS
from symcalc.views import derivation, ending, kinks, numbers, side_by_side, subdifferential
from symcalc.views.gaps import LOWERED
from symcalc.views.gaps import WORDS as TRUNCATION
from symcalc.views.look import NARROWEST, Look, fitted, packed
from symcalc.views.slopes import legend, slopes
from symcalc.views.steps import FEW, StepLines
from symcalc.views.tables import folded
from symcalc.views.wide_steps import MOST_MEASURED

_MOST_SHOWN = 12
_LABEL = 7


def descent(
    trace: Trace, look: Look, every: int | None = None, saved: str | None = None,
    beside: Callable[[], SideBySide | None] | None = None,
) -> Iterator[str]:  # fmt: skip
    """All lines of a descent.

    Args:
        trace: The descent.
        look: How to write.
        every: Show each K-th step instead of 0, 1, 2, 5, 10, 20, 50, …
        saved: Where it was saved, for the hints at the end.
        beside: Gives its numeric twin, if there is one; asked for when all else is shown, since the twin must walk.
    """
    yield from head(trace, look)
    yield ""
    yield from formulas(trace, look)
    yield ""
    for lines in StepLines(trace, look).all(every):
        yield from lines
    yield ""
    yield from end(trace, look)
    if beside is not None:
        yield ""
        twin = beside()
        yield from [] if twin is None else [*side_by_side.lines(twin, look), ""]
    yield from fitted(_next(trace, saved), look.width)


def head(trace: Trace, look: Look) -> list[str]:
    """The loss as typed, how its names were read, the start, the rule."""
    loss: Any = trace.program.loss
    lines = [*derivation.typed(loss, look.width), *derivation.reading(loss, look.width, look.digits)]
    lines += [line for note in loss.notes for line in folded(f"note: {note}", look.width, 2)]
    lines += _labeled("start", _place(trace, trace.steps[0].point, look), look)
    lines += _rule(trace, look)
    lines += _numbers(trace, look)
    lines += _beside(trace, look)
    standing = set(kinks_at(trace.program, trace.point)) if _finite(trace) else set()
    for note in trace.notes:
        lines += folded(f"note: {note}", look.width, 2) if note not in standing else []
    return fitted(lines, look.width)


def _numbers(trace: Trace, look: Look) -> list[str]:
    """That rows are in float32, or why they are not though that was asked for."""
    program: Any = trace.program
    if not program.precision.single:
        return []
    return _labeled("rows", program.kept_exact or "in float32; what they add up to in float64", look)


def _beside(trace: Trace, look: Look) -> list[str]:
    """Which numeric slope stands beside each exact one, its step, and what that step makes it miss."""
    method = trace.walked.compared
    if method not in TRUNCATION or (trace.compare is None and trace.walked.layout.total > MOST_MEASURED):
        return []
    own = f"{look.number(METHODS[method].default_step(1.0), 2)}{look.times}max(1, |parameter|)"
    step = own if trace.h is None else look.number(trace.h)
    about = (
        "symcalc compare explains their gaps" if trace.compare is None
        else f"off by about {TRUNCATION[method]} (truncation)"
    )  # fmt: skip
    text = f"numeric slopes, {method} difference with h = {step}: {about}"
    # Written out before it is folded: h^2 is longer than h².
    return _labeled("beside", text.translate(LOWERED) if look.ascii else text, look)


def formulas(trace: Trace, look: Look) -> Iterator[str]:
    """The formula of every slope, what its names stand for, the values taken at kinks, and how far they were checked."""
    gradient: Any = trace.program.gradient_equations  # type: ignore[attr-defined]
    found = [slope.formula for slope in slopes(gradient, look).values()]
    more = (
        [f"{look.dots} {len(found) - _MOST_SHOWN} more: symcalc derive shows all"] if len(found) > _MOST_SHOWN else []
    )
    inner = legend(gradient, look)
    lines = found[:_MOST_SHOWN] + more
    if len(lines) == len(inner) == 1:
        lines = packed([*lines, *inner], look.width)
    else:
        lines += [f"  {line}" for line in inner]
    lines += [f"  kink: {sentence}" for sentence in kinks.conventions(gradient.loss, gradient.kinks)]
    yield from fitted(lines, look.width)
    yield from fitted([derivation.verdict(gradient)], look.width)


def end(trace: Trace, look: Look) -> list[str]:
    """Why it ended, and where."""
    lines = [trace.message]
    if trace.growth is not None and not trace.growth.named:
        lines += folded(trace.growth.sentence, look.width, 2)
    if trace.stop_reason is StopReason.NOT_FINITE:
        where = trace.program.not_finite(trace.point)  # type: ignore[attr-defined]
        lines += [f"  {where}"] if where not in trace.message and not where.startswith("The loss is finite") else []
    lines += [f"  {line}" for line in _result(trace, look)]
    lines.append(f"  loss {look.number(trace.loss)}")
    lines += _polished(trace, look)
    worth = accuracy_of(trace)
    lines += [] if worth is None else folded(worth.sentence, look.width, 2)
    if _finite(trace):
        standing = kinks_at(trace.program, trace.point)
        lines += [f"  on a kink: {sentence}" for sentence in standing[:2]]
        if standing and trace.walked.method.land is None:
            style = "ascii" if look.ascii else "text"
            program: Any = trace.program
            for sentence in subdifferential.lines(program, trace.point, look.digits, style):
                lines += folded(sentence, look.width, 2)
        elif trace.stop_reason not in (StopReason.NOT_FINITE, StopReason.DIVERGED):
            lines += ending.lines(trace, look)
    return fitted(lines, look.width)


def _polished(trace: Trace, look: Look) -> list[str]:
    """The end at as many digits as were asked for, each number on a line of its own."""
    polished = trace.polished
    if polished is None:
        return []
    lines = folded(polished.sentence, look.width, 2)
    if polished.found:
        layout = trace.walked.layout
        words = [str(w) for n in layout.names for w in np.ravel(np.array(polished.point[n], dtype=object))]
        lines += [f"    {e} = {w}" for e, w in list(zip(layout.entries(), words))[:_MOST_SHOWN]]
        lines += [f"    {look.dots} {len(words) - _MOST_SHOWN} more"] if len(words) > _MOST_SHOWN else []
        lines.append(f"    {trace.program.loss.name} = {polished.loss}")
    return lines


def _next(trace: Trace, saved: str | None) -> list[str]:
    if trace.stop_reason in (StopReason.NOT_FINITE, StopReason.DIVERGED):
        return []
    if saved is None:
        return ["Next  --save run.json keeps the run, to go on from and to predict with"]
    lines = [f"Next  symcalc descend --resume {saved} --save {saved}", f"      symcalc predict {saved} --data new.csv"]
    columns = getattr(trace.program.loss, "columns", ())
    return lines if columns else lines[:1]


def _rule(trace: Trace, look: Look) -> list[str]:
    optimizer = trace.optimizer
    scalars = not any(trace.walked.layout.shapes.values())
    if scalars and trace.walked.layout.total <= FEW and not optimizer.states:
        written = rule(trace, look.digits, look.ascii)
        lines = packed([f"{optimizer.name}: {written[0]}", *written[1:]], max(look.width, NARROWEST) - _LABEL - 2)
        shown = [text for k, line in enumerate(lines) for text in _labeled("" if k else "rule", line, look)]
        return [*shown, *(_labeled("", optimizer.about, look) if optimizer.given else [])]
    statements = "; ".join(" ".join(part.split()) for part in optimizer.formula.split(";"))
    lines = _labeled("rule", f"{optimizer.name}: {statements}", look)
    settings = [f"{name} = {look.number(value)}" for name, value in optimizer.constants.items()]
    rate = trace.walked.method.rate
    if rate is not None and optimizer.uses_learning_rate:
        settings.append(f"learning_rate = {look.number(rate)}")
    return [*lines, *_labeled("", ", ".join(settings), look)] if settings else lines


def _place(trace: Trace, point: dict[str, Any], look: Look) -> str:
    """A point in one line."""
    layout = trace.walked.layout
    if layout.total <= _MOST_SHOWN:
        return numbers.point(point, look.digits)
    parts = []
    for name in layout.names[:_MOST_SHOWN]:
        values = np.ravel(np.asarray(point[name], dtype=float))
        same = len(values) > 1 and bool(np.all(values == values[0]))
        text = f"{look.number(values[0])} in every entry" if same else numbers.value(point[name], look.digits, 4)
        parts.append(f"{name} = {text}")
    more = len(layout.names) - len(parts)
    return ", ".join([*parts, *([f"{more} more"] if more > 0 else [])])


def _result(trace: Trace, look: Look) -> list[str]:
    layout, entries = trace.walked.layout, entries_of(trace.program.loss)
    scalars = [f"{n} = {look.number(trace.point[n])}" for n in layout.names if not layout.shapes[n]]
    lines = []
    for name in layout.names:
        if not layout.shapes[name]:
            continue
        values, words = np.asarray(trace.point[name], dtype=float), entries.get((name, 0), ())
        if values.ndim == 1 and values.size == len(words) <= _MOST_SHOWN:
            lines.append(f"{name}: {', '.join(f'{w} {look.number(v)}' for w, v in zip(words, values))}")
        else:
            many = _MOST_SHOWN if values.ndim == 1 else 4
            lines.append(f"{name} = {numbers.value(values, look.digits, many)}")
    if len(scalars) > _MOST_SHOWN:
        scalars = [*scalars[:_MOST_SHOWN], f"{len(scalars) - _MOST_SHOWN} more"]
    return [*lines, *packed(scalars, look.width - 2)]


def _finite(trace: Trace) -> bool:
    return bool(np.isfinite(trace.walked.record.last.point).all())


def _labeled(label: str, text: str, look: Look) -> list[str]:
    """A line behind its label; it goes on below itself where it is long."""
    return (
        folded(f"{label:<{_LABEL}}{text}".rstrip(), look.width, 2, 2 + _LABEL)
        if label
        else [" " * (2 + _LABEL) + line for line in folded(text, look.width - 2 - _LABEL, 0, 0)]
    )
