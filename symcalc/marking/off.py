"""Why numbers that somebody gives are off: a mistake in a rule, a measured slope, another point, another formula."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.evaluate import Evaluator
from symcalc.calculus.gradient import Gradient
from symcalc.errors import InputError
from symcalc.marking import audit_words, rewriting
from symcalc.marking.diagnosis import FAULTS, Explaining
from symcalc.marking.equality import proper
from symcalc.marking.observed import Observed, Off, fits, near, worked_out
from symcalc.marking.trial import Tried, by_word, ratio
from symcalc.marking.typed_values import TypedValues
from symcalc.marking.words import Diagnosis, Words

STEPS = (1.0, 0.5, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)


class Reasons:
    """Explains what is off in what somebody says.

    Args:
        gradient: The slopes of the loss in all its parameters.
        observed: What is said, point by point.
        values: All values at each point.
    """

    def __init__(self, gradient: Gradient, observed: Sequence[Observed], values: Sequence[Any]) -> None:
        self.gradient, self.observed, self.values, self.loss = gradient, observed, values, gradient.loss

    def explained(self, off: Sequence[Off]) -> list[Diagnosis]:
        """What explains all that is off in one parameter; else, what explains one number."""
        found = []
        for word in dict.fromkeys(o.word for o in off):
            here = [o for o in off if o.word == word]
            if word:
                found += self._of_slope(word, here)
            elif (whole := self._of_loss(here)) is not None:
                found.append(whole)
        return found

    def _of_slope(self, word: str, off: Sequence[Off]) -> list[Diagnosis]:
        """What explains every number given for a slope; else all that are off; else each of them by itself."""
        tries = [(o, v) for o, v in zip(self.observed, self.values) if word in o.slopes]
        wrong = {f.where for f in off}
        for chosen in (tries, [(o, v) for o, v in tries if o.where in wrong]):
            found = [t for o, v in chosen if (t := self._tried(o, v, word)) is not None]
            if not found:
                other = np.shape(off[0].given) != np.shape(off[0].right)
                return [self._other_shape(word, off[0])] if other else []
            diagnosis = self._together(word, found)
            if diagnosis is not None:
                return [diagnosis]
        return [d for f in off[:4] if (d := self._alone(word, f)) is not None]

    def _together(self, word: str, found: list[Tried]) -> Diagnosis | None:
        """One reason for numbers at several points; a single printed number fits too many rules to name one."""
        numeric = self._numeric(word, found)
        rough = found[0].slack > mpmath.mpf(10) ** -6 * abs(found[0].answered_at(found[0].entries[0]))
        if numeric is not None or (rough and sum(len(t.entries) for t in found) == 1):
            return numeric
        return Explaining(self.gradient, word).explained(found)

    def _alone(self, word: str, off: Off) -> Diagnosis | None:
        """The reason for one number: it was measured, is a multiple of the slope, or the slope at another point."""
        (pair,) = ((o, v) for o, v in zip(self.observed, self.values) if o.where == off.where)
        t = self._tried(*pair, word)
        if t is None:
            return None
        factor = ratio([t], [[t.right_at(e) for e in t.entries]])
        found = self._numeric(word, [t])
        if found is None and factor is not None:
            found = Words(self.gradient, word).ratio(factor)
        if found is None:
            found = audit_words.nearby(self.gradient.slope_name(word).name, word, self._nearby(word, t))
        return None if found is None else Diagnosis(found.names, f"At {off.where}: {found.sentence}")

    def _tried(self, o: Observed, values: Any, word: str) -> Tried | None:
        right = values[self.gradient.slope_name(word).symbol]
        given = o.slopes[word]
        if np.shape(given) != np.shape(right) or not proper(given):
            return None
        entries = tuple(np.ndindex(np.shape(right)))[:4]
        words = by_word(self.gradient, o.place, values)
        return Tried(o.place, words, values, right, given, entries, o.slack.get(word, 0))

    def _other_shape(self, word: str, off: Off) -> Diagnosis:
        words = Words(self.gradient, word)
        right, given = np.shape(off.right), np.shape(off.given)
        if len(right) == 2 and given == right[::-1] and near(np.transpose(off.given), off.right, 1e-7):
            return Diagnosis(("transposed matrix",), words.transposed_shape(str(right), str(given)))
        return Diagnosis(("another shape",), words.other_shape(str(right) if right else "one number", str(given)))

    def _numeric(self, word: str, found: list[Tried]) -> Diagnosis | None:
        """A slope that was measured instead of derived: which difference, with which step."""
        slope = self.gradient.slope_name(word).name
        for spacing in self._spacings(word):
            for ahead in (0, 1):
                values = [self._difference(t, word, spacing, ahead, 1 - ahead) for t in found]
                if all(v is not None and fits(t, [d * spacing for d in v]) for t, v in zip(found, values)):
                    return audit_words.undivided(slope, float(spacing))
        for step in STEPS:
            for name, ahead, behind in (("forward", 1, 0), ("central", 1, 1), ("backward", 0, 1)):
                values = [self._difference(t, word, mpmath.mpf(repr(step)), ahead, behind) for t in found]
                if all(v is not None and fits(t, v) for t, v in zip(found, values)):
                    return audit_words.numeric(slope, name, step)
        return None

    def _spacings(self, word: str) -> list[Any]:
        """How far the points lie apart, where there are several in a row; small round steps besides."""
        symbol = self.loss.name_of(word).symbol
        points = [o.place.given[symbol] for o in self.observed if word in o.slopes]
        if any(np.shape(p) for p in points):
            return []
        gaps = [b - a for a, b in itertools.pairwise(points)]
        even = gaps and all(abs(g - gaps[0]) < abs(gaps[0]) * mpmath.mpf(10) ** -9 for g in gaps) and gaps[0] != 0
        return [abs(gaps[0])] if even else [mpmath.mpf(repr(s)) for s in STEPS if s <= 0.1]

    def _difference(self, t: Tried, word: str, h: Any, ahead: int, behind: int) -> list[Any] | None:
        made = []
        for entry in t.entries:
            ends = [self._loss_at(t, word, entry, h * ahead), self._loss_at(t, word, entry, -h * behind)]
            if ends[0] is None or ends[1] is None:
                return None
            change = (ends[0] - ends[1]) / (h * (ahead + behind))
            made.append(change[entry[: np.ndim(change)]] if np.shape(change) else change)
        return made

    def _loss_at(self, t: Tried, word: str, entry: tuple[int, ...], step: Any) -> Any:
        name = self.loss.name_of(word)
        value = t.place.given[name.symbol]
        if entry:
            value = value.copy()
            value[entry] = value[entry] + step
        else:
            value = value + step
        moved = replace(t.place, given={**t.place.given, name.symbol: value})
        try:
            return Evaluator(self.loss.equations, self.loss.notation.axes, moved.size).run(moved.given)[
                self.loss.output.name.symbol]  # fmt: skip
        except FAULTS:
            return None

    def _nearby(self, word: str, t: Tried) -> Any:
        """Where along one parameter the given slope would be right: by Newton's method, else None."""
        if t.entries != ((),):
            return None
        h = mpmath.mpf(10) ** -8
        name, x = self.loss.name_of(word), t.place.given[self.loss.name_of(word).symbol]
        at = x
        for _ in range(30):
            slopes = [self._slope_at(t, name.symbol, word, at + k * h) for k in (1, -1, 0)]
            if any(s is None for s in slopes) or slopes[0] == slopes[1]:
                return None
            move = (slopes[2] - t.answered) / ((slopes[0] - slopes[1]) / (2 * h))
            at = at - move
            if abs(move) < mpmath.mpf(10) ** -12 * (1 + abs(at)):
                return at
        return None

    def _slope_at(self, t: Tried, symbol: Any, word: str, value: Any) -> Any:
        moved = replace(t.place, given={**t.place.given, symbol: value})
        try:
            return worked_out(self.gradient, Observed(moved, "", {}))[self.gradient.slope_name(word).symbol]
        except (InputError, *FAULTS):
            return None

    def _of_loss(self, off: Sequence[Off]) -> Diagnosis | None:
        """What was worked out instead of the loss: a formula without some of its parentheses, or a multiple."""
        here = [(o, v) for o, v in zip(self.observed, self.values) if o.loss is not None]
        name = self.loss.name
        for changed in rewriting.everywhere(self.loss.formula, rewriting.without_parentheses):
            try:
                values = [
                    TypedValues(changed.formula, by_word(self.gradient, o.place, v)).value(
                        changed.formula.statements[-1].expression) for o, v in here
                ]  # fmt: skip
            except FAULTS:
                continue
            if all(near(o.loss, value, o.slack.get("", 0)) for (o, _), value in zip(here, values)):
                meant = self.loss.notation.as_typed(changed.node)
                return audit_words.value_of_another(name, meant, changed)
        output = self.loss.output.name.symbol
        for words, factor in _FACTORS.items():
            if all(near(o.loss, v[output] * factor(o.place.rows), o.slack.get("", 0)) for o, v in here):
                return audit_words.ratio_of_loss(name, words)
        return None


_FACTORS: dict[str, Callable[[int], Any]] = {
    "n": lambda n: mpmath.mpf(n), "1/n": lambda n: 1 / mpmath.mpf(n), "-1": lambda n: mpmath.mpf(-1),
    "1/2": lambda n: mpmath.mpf(1) / 2, "2": lambda n: mpmath.mpf(2), "n/2": lambda n: mpmath.mpf(n) / 2,
    "1/(2*n)": lambda n: 1 / mpmath.mpf(2 * n),
}  # fmt: skip
