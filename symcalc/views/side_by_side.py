"""A descent beside its numeric twin, as a screen shows it and for JSON.

side by side: the same descent by numeric slopes (forward, h = 0.001)
  first differ  in     symbolic   numeric
  step 0        dL/db  -232.761  -232.731
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.descent.apart import NOISE, Gap, Reasons
from symcalc.descent.side_by_side import Run, SideBySide
from symcalc.descent.stopping import StopReason
from symcalc.notation.entries import entry_names
from symcalc.numeric.differentiable import named
from symcalc.sources.run_file import plain
from symcalc.views.look import Look, fitted
from symcalc.views.tables import folded, table

MOST, JSON_DIGITS = 6, 6
_FACTORS = {"forward": "h/2", "backward": "-h/2", "central": "h²/6", "complex-step": "-h²/6"}
_MANY = {"slope": "slopes", "point": "points", "loss": "losses"}
_HIGHER = {2: "²", 3: "³"}


def lines(side: SideBySide, look: Look) -> list[str]:
    """Where the two first differ, how far apart they end, what each cost, and why.

    Args:
        side: The two descents.
        look: How to write.
    """
    if side.numeric is None:
        return folded(side.compared, look.width)
    words = _Words(side, look)
    step = "" if side.h is None else f", h = {look.number(side.h)}"
    result = [f"side by side: the same descent by numeric slopes ({side.method}{step})"]
    result += [*words.differences(), *words.ends(), *words.cost()]
    for sentence in (side.compared, *words.why()):
        result += folded(sentence, look.width, 2) if sentence else []
    return fitted([_ascii(line) for line in result] if look.ascii else result, look.width)


class _Words:
    """The parts of the block, and the names they share."""

    def __init__(self, side: SideBySide, look: Look) -> None:
        self.side, self.look, self.program = side, look, side.trace.program
        self.exact, self.numeric = side.runs
        self.loss = str(getattr(self.program.loss, "name", "L"))
        known = entry_names(self.program) if hasattr(self.program, "gradient_equations") else side.names
        self.called = dict(zip(side.names, known))

    # -- where and how far ------------------------------------------------------------------------

    def differences(self) -> list[str]:
        """Slope, point and loss of the steps where each first differs."""
        look = self.look
        found = self.side.first_differences(look.digits)
        if not found:
            return folded(
                f"all {look.digits} digits printed of every slope, point and loss are the same", look.width, 2
            )
        rows = [
            [f"step {d.step:,}", self._what(d.what, d.entry), look.number(d.exact), look.number(d.numeric)]
            for d in found
        ]
        head = ["first differ", "in", "symbolic", "numeric"]
        same = [many for what, many in _MANY.items() if all(d.what != what for d in found)]
        walked = min(self.exact.steps, self.numeric.steps)
        more = [f"  {' and '.join(same)} never differ in {look.digits} digits"] if same and walked else []
        return [*table(rows, head, [False, False, True, True]), *more]

    def ends(self) -> list[str]:
        """The two ends, how far apart they are, and how far theory says."""
        look, side, why = self.look, self.side, self.side.why
        apart = side.apart
        order = np.argsort(-np.abs(apart), kind="stable")[:MOST] if len(apart) > MOST else range(len(apart))
        predicted = why.expected is not None
        rows = []
        for k in map(int, order):
            ends = float(self.exact.points[-1][k]), float(self.numeric.points[-1][k])
            rows.append(self._row(self.called[side.names[k]], ends, None if why.expected is None else why.expected[k]))
        rows.append(
            self._row(self.loss, (float(self.exact.losses[-1]), float(self.numeric.losses[-1])), why.loss_expected)
        )
        head = ["end", "symbolic", "numeric", "apart", *(["predicted"] if predicted else [])]
        shown = table([r[: len(head)] for r in rows], head, [False, *[True] * (len(head) - 1)])
        more = len(apart) - MOST
        return [*shown, *([f"  {look.dots} and {more:,} more parameters, nearer to each other"] if more > 0 else [])]

    def _row(self, name: str, ends: tuple[float, float], expected: Any) -> list[str]:
        look = self.look
        return [
            name, look.number(ends[0]), look.number(ends[1]), look.signed(ends[1] - ends[0]),
            "" if expected is None else look.signed(float(expected)),
        ]  # fmt: skip

    def cost(self) -> list[str]:
        """What each took: losses, gradients, time."""
        rows = [self._cost("symbolic", self.exact), self._cost("numeric", self.numeric)]
        head = ["cost", "steps", "loss values", "gradients", "time"]
        shown = table(rows, head, [False, True, True, True, True])
        if self.numeric.stop_reason is StopReason.INTERRUPTED:
            return [*shown, "  Interrupted: what there is was kept."]
        if self.numeric.steps < self.exact.steps and not self.side.why.not_finite:
            reason = self.numeric.stop_reason.value.partition(":")[0].rstrip(".")
            shown += folded(f"The numeric one ended after {self.numeric.steps:,} steps: {reason}.", self.look.width, 2)
        return shown

    def _cost(self, name: str, run: Run) -> list[str]:
        seconds = f"{1000 * run.seconds:.3g} ms" if run.seconds < 1 else f"{run.seconds:.3g} s"
        return [name, f"{run.steps:,}", f"{run.values:,}", f"{run.gradients:,}", seconds]

    # -- why --------------------------------------------------------------------------------------

    def why(self) -> list[str]:
        """Sentences: the gaps at the start, where they lead, what went wrong."""
        why = self.side.why
        said = [] if why.not_finite else [self._gap(gap) for gap in why.gaps if gap.gap]
        return [s for s in (why.not_finite, why.kink, *said, "" if why.not_finite else self._lead(why)) if s]

    def _gap(self, gap: Gap) -> str:
        """What makes the gap of one slope at the start."""
        look, term = self.look, gap.leading
        start = f"{self._what('slope', gap.entry)} at the start: numeric - symbolic = {look.number(gap.gap)}."
        formula = "eps·|slope|" if self.side.method == "complex-step" else f"eps·|{self.loss}|/h"
        rounded = abs(gap.gap) <= NOISE * gap.rounding
        share = gap.explained
        if term is not None and share is not None and 0.5 <= share <= 2:
            made = f"{look.number(float(term.factor) * gap.h ** (term.order - 1))}·{look.inside(term.derivative)} = {look.number(term.value)}"
            return f"{start} Truncation, {self._taylor(gap.entry, term.order)} = {made}, explains {100 * share:.1f} %."
        none = (
            ""
            if term is None or term.value
            else f"Truncation makes none of it: {self._derivative(gap.entry, term.order)} = 0. "
        )
        if rounded:
            return f"{start} {none}It is round-off, of the size of {formula} = {look.number(gap.rounding, 2)}."
        if term is None:
            return start
        made = none or f"Truncation, {self._taylor(gap.entry, term.order)}, makes {look.number(term.value)} of it. "
        return f"{start} {made}The rest comes of higher derivatives."

    def _lead(self, why: Reasons) -> str:
        """Where the gaps lead the numeric descent."""
        look = self.look
        if why.shift is None:
            quiet = all(abs(g.gap) <= NOISE * g.rounding for g in why.gaps)
            return "Truncation moves no minimum here: what sets the two apart is round-off." if quiet else ""
        names = self.side.names
        order = np.argsort(-np.abs(why.shift), kind="stable")[:3]
        parts = ", ".join(
            f"{self.called[names[k]]} by {look.signed(float(why.shift[k]))}" for k in sorted(map(int, order))
        )
        parts += f" ({len(names) - 3:,} more less)" if len(names) > 3 else ""
        whose = "this gap" if why.by_truncation else "the gap measured at the end"
        inverse = "-inv(H)·gap"
        if len(names) == 1:
            gap, shift = float(why.end_gap[0]), float(why.shift[0])
            inverse = f"-gap/({self._derivative(names[0], 2)}) = {look.number(-gap)}/{look.inside(-gap / shift)}"
        sentence = f"The numeric slope is 0 not at the minimum but where the exact one is -gap: {whose} moves {parts}, {inverse}."
        if why.closed_form:
            return f"{sentence} The loss is quadratic, so how far apart they are after {self.exact.steps:,} steps follows: predicted."
        if why.settled:
            return f"{sentence} Both have come to rest there: predicted."
        return f"{sentence} They have not come to rest there, so that is not yet how far apart they are."

    # -- names ------------------------------------------------------------------------------------

    def _what(self, what: str, entry: str) -> str:
        if what == "loss":
            return self.loss
        return f"{self._d}{self.loss}/{self._d}{self.called[entry]}" if what == "slope" else self.called[entry]

    @property
    def _d(self) -> str:
        return "d" if len(self.side.names) == 1 else "∂"

    def _derivative(self, entry: str, order: int) -> str:
        return f"{self._d}{_HIGHER[order]}{self.loss}/{self._d}{self.called[entry]}{_HIGHER[order]}"

    def _taylor(self, entry: str, order: int) -> str:
        return f"{_FACTORS[self.side.method]}·{self._derivative(entry, order)}"


def _ascii(line: str) -> str:
    return line.replace("∂", "d").replace("²", "^2").replace("³", "^3").replace("·", "*")


def document(side: SideBySide) -> dict[str, Any]:
    """The same for JSON; `exact` and `numeric` are null where there is no numeric descent."""
    found: dict[str, Any] = {
        "method": side.method,
        "h": side.h,
        "compared": side.compared,
        "exact": None,
        "numeric": None,
    }
    if side.numeric is None:
        return found
    layout, why = side.trace.walked.layout, side.why
    exact, numeric = side.runs

    def point(vector: Any) -> Any:
        return None if vector is None else named(layout, vector)

    found.update(
        digits=JSON_DIGITS,
        first_differences=[d._asdict() for d in side.first_differences(JSON_DIGITS)],
        exact=_run(exact, point), numeric=_run(numeric, point),
        apart=point(side.apart), loss_apart=float(numeric.losses[-1] - exact.losses[-1]),
        predicted=point(why.expected), loss_predicted=why.loss_expected, shift=point(why.shift), settled=why.settled,
        gaps=[
            {
                "entry": g.entry, "exact": g.exact, "numeric": g.numeric, "gap": g.gap, "h": g.h,
                "truncation": None if g.leading is None else g.leading.value, "explained": g.explained, "round_off": g.rounding,
            }
            for g in why.gaps
        ],
        why=_Words(side, Look()).why(),
    )  # fmt: skip
    made: dict[str, Any] = plain(found)
    return made


def _run(run: Run, point: Any) -> dict[str, Any]:
    return {
        "steps": run.steps, "stop_reason": run.stop_reason.word, "point": point(run.points[-1]), "loss": run.losses[-1],
        "values": run.values, "gradients": run.gradients, "seconds": run.seconds,
    }  # fmt: skip
