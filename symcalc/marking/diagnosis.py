"""Why an answer is wrong: the mistake that leads to exactly this answer, in words that help to repair it.

Tried in this order, and the first that fits is named: another shape, the slope in another parameter or the loss itself,
a slip in the formula that was differentiated, one rule got wrong, a constant factor, a slip in the answer as it is
typed, two mistakes; where nothing fits, a point at which both can be worked out by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.errors import FormulaError
from symcalc.language.answer import Answer, answer_of
from symcalc.marking import rewriting
from symcalc.marking.candidates import Candidate, Search
from symcalc.marking.equality import Comparing, close, equal
from symcalc.marking.learner import Learner
from symcalc.marking.points import Place, Places
from symcalc.marking.trial import DIGITS, Ratio, Tried, ratio, same, tried
from symcalc.marking.typed_values import Unread
from symcalc.marking.words import Diagnosis, Words

_FAULTS = (Unread, ValueError, ZeroDivisionError, OverflowError, TypeError, NotImplementedError, ArithmeticError,
           IndexError, KeyError)  # fmt: skip


class Diagnosing:
    """Looks for what makes an answer wrong.

    Args:
        gradient: The slopes of the loss in all its parameters.
        word: The parameter.
        answer: The answer.
        places: Where to try.
    """

    def __init__(self, gradient: Gradient, word: str, answer: Answer, places: Places) -> None:
        self.gradient, self.word, self.answer, self.places = gradient, word, answer, places
        self.loss = gradient.loss
        self.words = Words(gradient, word)
        self.comparing = Comparing(gradient, word, answer)

    def run(self) -> Diagnosis | None:
        """The diagnosis; None where nothing fits."""
        with mpmath.workdps(DIGITS):
            found = tried(self.comparing, self.places)
            if not found:
                return self._other_shape()
            looks: tuple[Callable[[list[Tried]], Diagnosis | None], ...] = (
                self._something_else, self._other_formula, self._by_rules, self._mended,
            )  # fmt: skip
            self.search = Search(self.loss, self.word, found)
            for look in looks:
                diagnosis = look(found)
                if diagnosis is not None:
                    return diagnosis
            return self._two(found)

    # -- shapes ----------------------------------------------------------------------------------

    def _other_shape(self) -> Diagnosis | None:
        slope = self.gradient.slope_name(self.word)
        wanted, got = self.words.shape(slope.axes), self.words.shape(self.answer.axes)
        if len(self.answer.axes) == 2 and tried(self.comparing, self.places, transposed=True):
            found = tried(self.comparing, self.places, transposed=True)
            if all(equal(t.right, t.answered) for t in found):
                return Diagnosis(("transposed matrix",), self.words.transposed_shape(wanted, got))
        if self.answer.axes and self.answer.axes[0].rows and not any(a.rows for a in slope.axes):
            return Diagnosis(("not summed over the rows",), self._per_row(wanted, got))
        return Diagnosis(("another shape",), self.words.other_shape(wanted, got))

    def _per_row(self, wanted: str, got: str) -> str:
        """An answer with one value a row, whose sum or mean may be right."""
        if len(self.answer.axes) == 1 + len(self.gradient.slope_name(self.word).axes):
            for word, reduce in (("sum", lambda a: a.sum(axis=0)), ("mean", lambda a: a.sum(axis=0) / len(a))):
                if self._equal_when(reduce):
                    return self.words.per_row(wanted, got, word, self.answer.text)
        return self.words.per_row(wanted, got, "", self.answer.text)

    def _equal_when(self, reduce: Callable[[Any], Any]) -> bool:
        agreed = 0
        for _ in range(60):
            at = self.comparing.at(self.places.drawn())
            if at is None or at[1] is None:
                continue
            if not equal(at[0], reduce(at[1])):
                return False
            agreed += 1
            if agreed == 4:
                return True
        return False

    # -- one look each -----------------------------------------------------------------------------

    def _something_else(self, found: list[Tried]) -> Diagnosis | None:
        """The slope in another parameter, the loss itself, nothing, a transposed matrix."""
        if all(not np.any(t.answered) for t in found):
            return Diagnosis(("zero",), self.words.zero())
        for name, slope in zip(self.gradient.wrt, self.gradient.slopes):
            if name.name != self.word and all(_equal(t.values[slope.symbol], t.answered) for t in found):
                return Diagnosis(("wrong variable",), self.words.wrong_variable(name.name))
        output = self.loss.output.name.symbol
        if all(_equal(t.values[output], t.answered) for t in found):
            return Diagnosis(("the loss itself",), self.words.loss_itself())
        square = all(np.ndim(t.right) == 2 and np.shape(t.right) == np.shape(t.answered) for t in found)
        if square and all(equal(t.right.T, t.answered) for t in found):
            return Diagnosis(("transposed matrix",), self.words.transposed())
        return self._only_symmetric(found)

    def _only_symmetric(self, found: list[Tried]) -> Diagnosis | None:
        """An answer that is right where a square matrix is symmetric."""
        for name in (*self.loss.parameters, *self.loss.constants):
            if len(name.axes) != 2 or name.symbol in self.places.held:
                continue
            places = [_symmetric(t.place, name.symbol) for t in found]
            if any(place is None for place in places):
                continue
            there = [self.comparing.at(place) for place in places if place is not None]
            if all(at is not None and at[1] is not None and equal(at[0], at[1]) for at in there):
                return Diagnosis(("transposed matrix",), self.words.symmetric(name.name))
        return None

    def _other_formula(self, found: list[Tried]) -> Diagnosis | None:
        """The right slope of a formula without some of its parentheses."""
        if not self.search.followed:
            return None
        self.scaled: Diagnosis | None = None
        for changed in rewriting.everywhere(self.loss.formula, rewriting.without_parentheses):
            values = self._slopes_of(changed, found)
            if values is None:
                continue
            if same(found, values):
                return Diagnosis(("precedence",), self.words.precedence(changed))
            factor = ratio(found, values)
            if factor is not None and self.scaled is None:
                self.scaled = self.words.precedence_and(changed, factor)
        return None

    def _slopes_of(self, changed: rewriting.Rewritten, found: list[Tried]) -> list[list[Any]] | None:
        try:
            rows = []
            for t in found:
                learner = Learner(changed.formula, self.word, t.words)
                rows.append([np.asarray(learner.slope(e)).item() for e in t.entries])
            return rows
        except _FAULTS:
            return None

    def _by_rules(self, found: list[Tried]) -> Diagnosis | None:
        """One rule got wrong, or the right slope times a constant."""
        matches = self.search.one()
        factor = ratio(found, self.search.right)
        if factor is not None and factor.minus:
            return self.words.sign(matches)
        if matches:
            return self.words.mistakes(matches, factor)
        if factor is None:
            return None
        return self._factors(factor) or self.words.ratio(factor)

    def _factors(self, factor: Ratio) -> Diagnosis | None:
        """Two mistakes that each only scale the slope, and together scale it as the answer is."""
        scaling = list(self.search.scaling().values())
        minus = Ratio(-factor.number, factor.power)
        for candidate, scale in scaling:
            if scale == minus:
                return self.words.with_sign(candidate, factor)
        for k, (one, first) in enumerate(scaling):
            for other, second in scaling[k + 1 :]:
                if first * second == factor:
                    return self.words.both(one, other, factor)
        return None

    def _mended(self, found: list[Tried]) -> Diagnosis | None:
        """A slip in the answer as it is typed: mended by one change, it is right."""
        for name, change in (
            ("precedence", rewriting.with_parentheses), ("precedence", rewriting.without_parentheses),
            ("transposed matrix", rewriting.transposed), ("sign", rewriting.other_sign),
            ("mean for sum", rewriting.other_reduction),
        ):  # fmt: skip
            for changed in rewriting.everywhere(self.answer.formula, change):
                if self._right(changed, found):
                    return Diagnosis((name,), self.words.mended(name, changed, self.answer))
        return None

    def _right(self, changed: rewriting.Rewritten, found: list[Tried]) -> bool:
        notation = self.gradient.notation
        try:
            answer = answer_of(changed.formula, self.loss, notation.names, notation.axes, self.gradient.equations)
        except (FormulaError, *_FAULTS):
            return False
        comparing = Comparing(self.gradient, self.word, answer)
        for t in found:
            at = comparing.at(t.place)
            if at is None or at[1] is None or not equal(at[0], at[1]):
                return False
        return True

    def _two(self, found: list[Tried]) -> Diagnosis | None:
        """Two mistakes: one and a constant factor, or two rules got wrong."""
        if not self.search.followed:
            return None
        if self.scaled is not None:
            return self.scaled
        factored = [c for c in self.search.with_factor() if c.ratio is not None]
        minus = [c for c in factored if c.ratio is not None and c.ratio.minus]
        if minus:
            return self.words.with_sign(minus[0], None)
        pairs: list[Candidate] = self.search.two()
        if pairs:
            return self.words.both(Candidate(pairs[0].pairs[:1]), Candidate(pairs[0].pairs[1:]), None)
        return self.words.with_factor(factored[0]) if factored else None


def _symmetric(place: Place, symbol: Any) -> Place | None:
    """The place with one matrix made symmetric; None where it is not square."""
    value = place.given[symbol]
    if value.shape[0] != value.shape[1]:
        return None
    return replace(place, given={**place.given, symbol: value + value.T})


def _equal(value: Any, answered: Any) -> bool:
    """Whether both have one shape and are equal."""
    if np.shape(value) != np.shape(answered):
        return False
    pairs = zip(np.ravel(np.asarray(value, dtype=object)), np.ravel(np.asarray(answered, dtype=object)))
    return all(close(a, b) for a, b in pairs)
