"""Numbers that somebody gives for a loss and its slopes, held against the right ones.

What a function returned, or what a table prints, at some points: `Observed`. Each number is compared with the slope at 40
digits, as far as it is known itself, and what is off is explained as a wrong answer is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.marking.checking import Checked, Counterexample
from symcalc.marking.moves import after_step, judged
from symcalc.marking.observed import Observed, Off, near, plain, shown, worked_out
from symcalc.marking.off import Reasons
from symcalc.marking.points import Place
from symcalc.marking.trial import DIGITS


class Audit:
    """Compares what somebody says with what is.

    Args:
        gradient: The slopes of the loss in all its parameters.
        observed: What is said, point by point.
        source: What is audited, as messages call it: "gradient of slopes.py", "claims.csv".
    """

    def __init__(self, gradient: Gradient, observed: Sequence[Observed], source: str) -> None:
        self.gradient, self.observed, self.source, self.loss = gradient, observed, source, gradient.loss
        self.values: list[Any] = []

    def run(self) -> Checked:
        """The verdict, with everything that is off."""
        with mpmath.workdps(DIGITS):
            self.values = [worked_out(self.gradient, o) for o in self.observed]
            off = [found for o, values in zip(self.observed, self.values) for found in self._off(o, values)]
            right = "; ".join(f"{self.gradient.slope_name(w).name} = {self.gradient.text[w]}" for w in self._words())
            if not off and (step := self._step(right)) is not None:
                return step
            if not off:
                count = sum(len(o.slopes) + (o.loss is not None) for o in self.observed)
                return Checked("correct", "", right, None, (), f"{count} numbers compared", self.gradient)
            explained = Reasons(self.gradient, self.observed, self.values).explained(off)
            first = off[0]
            example = Counterexample(self._point(first.place), plain(first.right), plain(first.given))
            names = tuple(dict.fromkeys(name for e in explained for name in e.names))
            listed = " ".join(self._said(o) for o in off[:3])
            more = f" And {len(off) - 3} more are off." if len(off) > 3 else ""
            told = {e.names[0]: e.sentence for e in reversed(explained)}
            sentence = " ".join([*reversed(told.values()), listed + more])
            return Checked("wrong", sentence, right, example, names, f"compared with {self.source}", self.gradient)

    def _step(self, right: str) -> Checked | None:
        """What is wrong with a step that is said to be one of a descent; None where nothing is."""
        for o, values in zip(self.observed, self.values):
            diagnosis = judged(self.gradient, o.place, values, o.moves) if o.moves else None
            if diagnosis is not None:
                best = after_step(self.gradient, o.place, values, list(o.moves))
                led, leads = ([plain(v) for v in moves.values()] for moves in (o.moves, best))
                example = Counterexample(
                    self._point(o.place), leads if len(leads) > 1 else leads[0], led if len(led) > 1 else led[0]
                )
                sentence = f"At {o.where}: {diagnosis.sentence}"
                return Checked("wrong", sentence, right, example, diagnosis.names, "", self.gradient)
        return None

    def _words(self) -> list[str]:
        """The parameters something is said about, in order; all of them where only losses are given."""
        said = {w for o in self.observed for w in o.slopes}
        return [n.name for n in self.gradient.wrt if n.name in said or not said]

    def _off(self, o: Observed, values: Any) -> list[Off]:
        found = []
        if o.loss is not None:
            right = values[self.loss.output.name.symbol]
            if not near(o.loss, right, o.slack.get("", 0)):
                found.append(Off(o.where, self.loss.name, "", o.loss, right, o.place))
        for word, given in o.slopes.items():
            slope = self.gradient.slope_name(word)
            if not near(given, values[slope.symbol], o.slack.get(word, 0)):
                found.append(Off(o.where, slope.name, word, given, values[slope.symbol], o.place))
        return found

    def _said(self, off: Off) -> str:
        given, right = plain(off.given), plain(off.right)
        if np.shape(off.given) != np.shape(off.right):
            shape = f"has the shape {np.shape(off.given)}; that of {off.word} is {np.shape(off.right)}"
            return f"At {off.where}, {off.name} {shape}."
        if not all(mpmath.isfinite(v) for v in np.ravel(np.asarray(off.given, dtype=object))):
            return f"At {off.where}, {off.name} has no value ({shown(given)}) and is {shown(right)}."
        by = f", off by {shown(plain(off.given - off.right))}" if not np.shape(off.given) else ""
        return f"At {off.where}, {off.name} is given as {shown(given)} and is {shown(right)}{by}."

    def _point(self, place: Place) -> dict[str, Any]:
        names = (*self.loss.parameters, *self.loss.columns, *self.loss.constants)
        return {n.name: plain(place.given[n.symbol]) for n in names}
