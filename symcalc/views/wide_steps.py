"""The steps of a descent with many parameters: the largest entries by name, the rest in one number.

step 12  loss 0.412981  predicted -0.026951, came -0.026884
  ∂L/∂w = Xᵀ(p - y)/n  50 slopes, length 0.2114: tv -0.118, age +0.092, 48 more
  numeric, all 51: worst gap 3.1e-10 (age)   ∂L/∂b = mean(p - y) = -0.0312
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcalc.compute.nearest_kink import crossed
from symcalc.compute.program import Program
from symcalc.curvature.joints import kinks_at, slopes_jump
from symcalc.descent.trace import Step, Trace
from symcalc.descent.written import inner_lines, updates
from symcalc.notation.entries import entry_names
from symcalc.views.look import Look, packed
from symcalc.views.slopes import Slope
from symcalc.views.tables import folded

MOST_MEASURED = 500
# A prediction that misses by more than this share of the change is explained.
_MISSED = 0.2
_FIRST_ENTRIES = 1000
_MOST_NAMES, _MOST_LARGE = 5, 3


def changes(step: Step, name: str, look: Look, indent: str) -> list[str]:
    """The predicted change of the loss in its two parts, and the change that came; nothing on the last step."""
    slope, bend, predicted, came = (
        step.slope_change, step.curvature_change, step.predicted_change, step.actual_change
    )  # fmt: skip
    if slope is None or bend is None or predicted is None or came is None:
        return []
    last = f"predicted {look.number(predicted)}, came {look.number(came)}"
    whole = look.digits
    # The two parts give up a digit before the line breaks: their sum stands beside them.
    for slope_digits, bend_digits in ((whole, whole), (whole, whole - 1), (whole - 1, whole - 1)):
        parts = f"slope {_cut(slope, slope_digits, look)}, bend {_cut(bend, bend_digits, look, '+')},"
        lines = packed([f"change of {name}: {parts}", last], look.width, indent, " ", "  ")
        if len(lines) == 1:
            return lines
    return packed(
        [f"change of {name}: slope {look.number(slope)}, bend {look.signed(bend)},", last],
        look.width,
        indent,
        " ",
        "  ",
    )


def _cut(value: float, digits: int, look: Look, sign: str = "") -> str:
    """A number with fewer digits, unless that would only turn them into an exponent."""
    text = look.signed(value, max(1, digits)) if sign else look.number(value, max(1, digits))
    full = look.signed(value) if sign else look.number(value)
    return full if "e" in text and "e" not in full else text


class WideSteps:
    """Writes the steps of one descent with more than three parameters, or with arrays.

    Args:
        trace: The descent.
        look: How to write.
        indent: What every line begins with.
        slopes: Parameter name → its slope.
        each: Whether every parameter is a number that is shown by itself.
    """

    def __init__(self, trace: Trace, look: Look, indent: str, slopes: Mapping[str, Slope], each: bool) -> None:
        self.trace, self.look, self.indent, self.slopes, self.each = trace, look, indent, slopes, each
        self.layout = trace.walked.layout
        self.entries = entry_names(trace.program)
        self.inner = indent + "  "
        # Thousands of slopes take thousands of losses to measure: only when they are asked for.
        self.measured = self.layout.total <= MOST_MEASURED or trace.compare is not None

    def short(self, step: Step, index: str) -> list[str]:
        """The short form: where it stands, the slopes, the change."""
        look = self.look
        pieces = [index, f"loss {look.number(step.loss)}"]
        if step.predicted_change is not None and step.actual_change is not None:
            predicted, came = look.number(step.predicted_change), look.number(step.actual_change)
            pieces.append(f"predicted {predicted}, came {came}")
        return [*packed(pieces, look.width, self.indent, "  ", "  "), *self._gradient(step, not self.each)]

    def full(self, step: Step, index: str) -> list[str]:
        """The full form: also the point, the numeric slopes, the update with numbers, the change in its parts."""
        look = self.look
        lines = packed([index, f"loss {look.number(step.loss)}"], look.width, self.indent)
        if self.each:
            values = [f"{n} = {look.number(step.point[n])}" for n in self.layout.names]
            lines += self._limited(values, 2, ", ")
        lines += [self.inner + line for line in inner_lines(step, look.digits, look.ascii)]
        lines += self._gradient(step, numeric=True)
        lines += self._update(step)
        lines += self.kinks(step)
        return lines + changes(step, self.trace.program.loss.name, look, self.inner) + self.missed(step)

    def kinks(self, step: Step) -> list[str]:
        """That the step stands on a kink, if it does."""
        found = kinks_at(self.trace.program, step.point)
        more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
        return [f"{self.inner}on a kink: {found[0]}{more}"] if found else []

    def missed(self, step: Step) -> list[str]:
        """Why what came is not what was predicted: a kink on the way, or a bend that changes."""
        found = self.crossed(step)
        predicted, came = step.predicted_change, step.actual_change
        if found or predicted is None or came is None:
            return found
        gap = came - predicted
        if not abs(gap) > _MISSED * max(abs(came), abs(predicted)):
            return []
        told = f"slope and bend miss by {self.look.number(gap, 3)}: the bend changes on the way; a shorter step is told better"
        return folded(told, self.look.width, 4)

    def crossed(self, step: Step) -> list[str]:
        """What passes a kink between the step and the next one: there the prediction ends."""
        program = self.trace.program
        if step.update is None or not isinstance(program, Program) or not slopes_jump(program):
            return []
        last = {n: np.asarray(step.point[n]) + np.asarray(step.update[n]) for n in self.layout.names}
        found = crossed(program, step.point, last)
        if not found:
            return []
        return folded(f"on the way {'; '.join(found[:2])}: a kink, past which the slope is another", self.look.width, 4)

    # -- slopes ----------------------------------------------------------------------------------

    def _gradient(self, step: Step, numeric: bool) -> list[str]:
        beside = [self._numeric(step)] if numeric else []
        if self.each:
            values = {n: float(step.gradient[n]) for n in self.layout.names}
            return [
                *packed(self._each(values), self.look.width, self.inner),
                *packed(beside, self.look.width, self.inner),
            ]
        arrays = [n for n in self.layout.names if self.layout.shapes[n]]
        scalars = [n for n in self.layout.names if not self.layout.shapes[n]]
        lines = [self._array(n, step) for n in arrays[:_MOST_NAMES]]
        if len(arrays) > _MOST_NAMES:
            lines.append(self._rest(arrays[_MOST_NAMES:], step, "names"))
        if len(scalars) > 3:
            lines.append(self._rest(scalars, step, "slopes"))
            scalars = []
        rest = [*beside, *(self.slopes[n].briefly(float(step.gradient[n]), self.look) for n in scalars)]
        if any(len(self.inner + piece) > self.look.width for piece in rest):
            rest = [*beside, *(self.slopes[n].alone(float(step.gradient[n]), self.look) for n in scalars)]
        return lines + packed(rest, self.look.width, self.inner)

    def _each(self, values: Mapping[str, float]) -> list[str]:
        """Formula = value for each; without the formulas where they would take too many lines."""
        briefly = [self.slopes[n].briefly(v, self.look) for n, v in values.items()]
        fits = all(len(self.inner + text) <= self.look.width for text in briefly)
        if fits and len(packed(briefly, self.look.width, self.inner)) <= _MOST_NAMES:
            return briefly
        return [self.slopes[n].alone(v, self.look) for n, v in values.items()]

    def _array(self, name: str, step: Step) -> str:
        """One line for a parameter that is an array: formula, how many, how long, the largest by name."""
        look, slope = self.look, self.slopes[name]
        values = np.ravel(np.asarray(step.gradient[name], dtype=float))
        labels = self.entries[self.layout.slices[name]]
        counted = f"{_count(len(values))}, length {look.number(_length(values), 4)}"
        for start in (slope.formula, slope.left):
            # Four or fewer are all shown, where they fit.
            for most in (*([len(values)] if len(values) <= _MOST_LARGE + 1 else []), *range(_MOST_LARGE, 0, -1)):
                line = f"{self.inner}{start}  {counted}: {self._largest(values, labels, most)}"
                if len(line) <= look.width:
                    return line
        return f"{self.inner}{slope.left}  {counted}"

    def _rest(self, names: Sequence[str], step: Step, word: str) -> str:
        values = np.concatenate([np.ravel(np.asarray(step.gradient[n], dtype=float)) for n in names])
        labels = [e for n in names for e in self.entries[self.layout.slices[n]]]
        start = _count(len(values))
        if word == "names":
            start = f"{len(names)} more parameters with {start}"
        text = f"{self.inner}{start}, length {self.look.number(_length(values), 4)}"
        return f"{text}: {self._largest(values, labels, 2)}"

    def _largest(self, values: Any, labels: Sequence[str], most: int) -> str:
        order = np.argsort(-np.abs(np.nan_to_num(values, nan=np.inf)), kind="stable")[:most]
        order = np.sort(order) if len(values) <= most else order
        parts = [f"{labels[k]} {self.look.signed(values[k], 3)}" for k in order]
        if len(values) > most:
            parts.append(f"{len(values) - most:,} more")
        return ", ".join(parts)

    def _numeric(self, step: Step) -> str:
        total = self.layout.total
        if not self.measured:
            return f"numeric: not measured for {total:,} slopes (--compare central does)"
        gaps = self.layout.joined(step.numeric) - self.layout.joined(step.gradient)
        if not np.isfinite(gaps).any():
            return "numeric: does not apply"
        worst = int(np.nanargmax(np.abs(gaps)))
        everyone = "numeric" if total == 1 else f"numeric, all {total:,}"
        return f"{everyone}: worst gap {self.look.gap(abs(gaps[worst]))} ({self.entries[worst]})"

    # -- the step --------------------------------------------------------------------------------

    def _update(self, step: Step) -> list[str]:
        if step.update is None:
            return []
        look, total = self.look, self.layout.total
        if self.each:
            moves = updates(step, look.digits, look.ascii)
            texts = [u.numbers for u in moves]
            short = [f"{u.entry} {look.gets} {look.number(u.landing)}" for u in moves]
            fits = all(len(self.inner + t) <= look.width for t in texts)
            if fits and len(packed(texts, look.width, self.inner)) <= 3:
                return packed(texts, look.width, self.inner)
            return self._limited(short, 3)
        moved = np.abs(self.layout.joined(step.update)[:_FIRST_ENTRIES])
        k = int(np.argmax(np.nan_to_num(moved, nan=-1.0)))
        move = updates(step, look.digits, look.ascii, limit=k + 1, numeric=self.measured)[k]
        label = self.entries[k]
        text = move.numbers if label == move.entry else f"{move.numbers} ({label})"
        pieces = [f"{text}, {total - 1:,} more alike" if total > 1 else text]
        if move.numeric_landing is not None and np.isfinite(move.numeric_landing):
            pieces.append(f"numeric step lands at {look.beside(move.numeric_landing, move.landing)}")
        return packed(pieces, look.width, self.inner)

    def _limited(self, pieces: Sequence[str], most: int, gap: str = "   ") -> list[str]:
        """Pieces on so many lines at most; what does not fit is counted."""
        for kept in range(len(pieces), 0, -1):
            left = len(pieces) - kept
            lines = packed([*pieces[:kept], *([f"{left} more"] if left else [])], self.look.width, self.inner, gap)
            if len(lines) <= most:
                return lines
        return []


def _count(number: int) -> str:
    return f"{number:,} slope{'' if number == 1 else 's'}"


def _length(values: Any) -> float:
    largest = float(np.abs(values).max(initial=0.0))
    if not (np.isfinite(largest) and largest > 0):
        return largest
    return largest * float(np.linalg.norm(values / largest))
