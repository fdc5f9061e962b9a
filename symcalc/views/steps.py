"""The steps of a descent as a screen shows them.

step 0   b = 70   loss 5339.26
  dL/db = -2·mean(r) = -2·38.665 = -77.33   numeric -77.329, gap 0.001
  b ← 70 - 0.25·(-77.33) = 89.3325          numeric step lands at 89.33225
  change of L: slope -1494.98, bend +373.746, predicted -1121.24, came -1121.24
step 5   b 107.457  loss 3845.73  dL/db = -2·mean(r) = -2.41656  came -4.37995
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.descent.trace import Step, Trace
from symcalc.descent.written import Update, inner_lines, updates
from symcalc.views.look import Look, beside, fitted, packed
from symcalc.views.slopes import Slope, slopes
from symcalc.views.wide_steps import WideSteps, changes

FEW, SOME, MOST_LINES = 3, 12, 12
_EASY = (1, 2, 5)


def shown(first: int, last: int, every: int | None = None) -> list[int]:
    """Which steps are shown: 0, 1, 2, 5, 10, 20, 50, … or every K-th; the first and the last always.

    Args:
        first: Index of the first step there is; that of a resumed run may be above 0.
        last: Index of the last one.
        every: Show each K-th instead.
    """
    if every is not None:
        chosen = set(range(0, last + 1, max(1, every)))
    else:
        chosen = {unit * 10**power for power in range(len(str(last)) + 1) for unit in _EASY}
    return sorted({first, *(k for k in chosen if first < k < last), last})


class StepLines:
    """Writes the steps of one descent.

    Args:
        trace: The descent.
        look: How to write.
        indent: What every line begins with.
    """

    def __init__(self, trace: Trace, look: Look, indent: str = "") -> None:
        self.trace, self.look, self.indent = trace, look, indent
        self.name = trace.program.loss.name
        self.slopes: dict[str, Slope] = slopes(trace.program.gradient_equations, look)  # type: ignore[attr-defined]
        self.names = trace.walked.layout.names
        scalar = all(shape == () for shape in trace.walked.layout.shapes.values())
        self.few = scalar and len(self.names) <= FEW
        self.wide = WideSteps(trace, look, indent, self.slopes, scalar and len(self.names) <= SOME)
        self.index_width = len(str(trace.steps[-1].index))

    def lines(self, step: Step, full: bool) -> list[str]:
        """One step: at most 12 lines, none wider than the screen.

        Args:
            step: The step.
            full: Everything, or the short form.
        """
        if not self.few:
            found = self.wide.full(step, self._index(step)) if full else self.wide.short(step, self._index(step))
        elif full:
            found = self._full(step)
        else:
            found = self._short(step)
        result = fitted(found, self.look.width)
        if len(result) <= MOST_LINES:
            return result
        return [*result[: MOST_LINES - 1], f"{self.indent}  {self.look.dots}"]

    def all(self, every: int | None = None, full: int = 2) -> list[list[str]]:
        """The steps that are shown, each as its lines; the first `full` of them in full."""
        steps = self.trace.steps
        first = steps[0].index
        chosen = shown(first, steps[-1].index, every)
        return [self.lines(steps[index - first], place < full) for place, index in enumerate(chosen)]

    # -- one to three numbers --------------------------------------------------------------------

    def _index(self, step: Step) -> str:
        return f"step {step.index:<{self.index_width}}"

    def _point(self, step: Step) -> str:
        return ", ".join(f"{n} = {self.look.number(step.point[n])}" for n in self.names)

    def _full(self, step: Step) -> list[str]:
        """Formulas and updates with all their numbers, as far as the lines allow."""
        moves = {u.entry: u for u in updates(step, self.look.digits, self.look.ascii, numeric=True)}
        forms = ((True, False), (False, False), (False, True))
        after = self.wide.kinks(step) + changes(step, self.name, self.look, self.indent + "  ") + self.wide.missed(step)
        tried = (self._full_with(step, moves, numbers, compact) + after for numbers, compact in forms)
        return next((lines for lines in tried if len(fitted(lines, self.look.width)) <= MOST_LINES), None) or (
            self._full_with(step, moves, False, True) + after
        )

    def _full_with(self, step: Step, moves: Mapping[str, Update], numbers: bool, compact: bool) -> list[str]:
        """The step in full; updates with numbers put in, else as distances; `compact` slopes as their value alone."""
        look, inner = self.look, self.indent + "  "
        loss = f"loss {look.number(step.loss)}"
        lines = packed([self._index(step), self._point(step), loss], look.width, self.indent, hang="  ")
        lines += [inner + line for line in inner_lines(step, look.digits, look.ascii)]
        rows: list[tuple[str, str]] = []
        for name in self.names:
            rows.append((self._slope(name, step, compact), self._numeric(name, step)))
            if name not in moves:
                continue
            move = moves[name]
            text = move.numbers if numbers else self._moved(name, step)
            rows.append((text, self._numeric_landing(move.landing, move.numeric_landing)))
        return lines + beside(rows, look.width, inner)

    def _slope(self, name: str, step: Step, compact: bool = False) -> str:
        slope, value = self.slopes[name], float(step.gradient[name])
        room = self.look.width - len(self.indent) - 2
        # A formula too long for the line stands above the steps; here its value is enough.
        forms = (slope.at(value, self.look), slope.briefly(value, self.look), slope.alone(value, self.look))
        return next((f for f in forms[1:] if compact and len(f) <= room), "") or next(
            (f for f in forms if len(f) <= room), forms[-1]
        )

    def _numeric(self, name: str, step: Step) -> str:
        numeric, exact = float(step.numeric[name]), float(step.gradient[name])
        if numeric != numeric:
            return "numeric: does not apply"
        return f"numeric {self.look.beside(numeric, exact)}, gap {self.look.gap(numeric - exact)}"

    def _numeric_landing(self, landing: float, numeric: float | None) -> str:
        if numeric is None or numeric != numeric:
            return ""
        return f"numeric step lands at {self.look.beside(numeric, landing)}"

    def _moved(self, name: str, step: Step) -> str:
        look = self.look
        assert step.update is not None
        old, distance = float(step.point[name]), float(step.update[name])
        sign, size = ("-", -distance) if distance < 0 else ("+", distance)
        return f"{name} {look.gets} {look.number(old)} {sign} {look.number(size)} = {look.number(old + distance)}"

    def _short(self, step: Step) -> list[str]:
        """One line for one parameter, two lines for two or three, where they fit."""
        look, change = self.look, [""]
        if step.predicted_change is not None and step.actual_change is not None:
            came = f"came {look.number(step.actual_change)}"
            change = [f"predicted {look.number(step.predicted_change)}, {came}", came]
        place = [f"{n} {look.number(step.point[n])}" for n in self.names]
        start = [self._index(step), *place, f"loss {look.number(step.loss)}"]
        if len(self.names) == 1:
            (name,) = self.names
            value, slope = float(step.gradient[name]), self.slopes[name]
            ends = [[f, change[-1]] for f in (slope.briefly(value, look), slope.alone(value, look))]
            return self._first_fit(start, ends)
        values = [self.slopes[n].briefly(float(step.gradient[n]), look) for n in self.names]
        if any(len(self.indent) + 2 + len(v) > look.width for v in values):
            values = [self.slopes[n].alone(float(step.gradient[n]), look) for n in self.names]
        lines = self._first_fit(start, [[c] for c in change])
        return lines + packed(values, look.width, self.indent + "  ") + self.wide.crossed(step)

    def _first_fit(self, start: list[str], ends: list[list[str]]) -> list[str]:
        """The start and the first of the ends that fits behind it on one line; on more lines if none does."""
        for end in ends:
            pieces = [piece for piece in (*start, *end) if piece]
            lines = packed(pieces, self.look.width, self.indent, "  ", "  ")
            if len(lines) == 1:
                break
        return lines
