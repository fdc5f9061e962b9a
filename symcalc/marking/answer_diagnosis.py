"""Why an answer that is a formula is wrong: all that numbers tell, its shape, and slips in it as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath

from symcalc.calculus.gradient import Gradient
from symcalc.errors import FormulaError
from symcalc.language.answer import Answer, answer_of
from symcalc.marking import rewriting
from symcalc.marking.diagnosis import FAULTS, Explaining, Look
from symcalc.marking.equality import Comparing, equal
from symcalc.marking.points import Place, Places
from symcalc.marking.trial import DIGITS, Tried, tried
from symcalc.marking.words import Diagnosis


class Diagnosing(Explaining):
    """Looks for what makes an answer wrong.

    Args:
        gradient: The slopes of the loss in all its parameters.
        word: The parameter.
        answer: The answer.
        places: Where to try.
    """

    def __init__(self, gradient: Gradient, word: str, answer: Answer, places: Places) -> None:
        super().__init__(gradient, word)
        self.answer, self.places = answer, places
        self.comparing = Comparing(gradient, word, answer)

    def run(self) -> Diagnosis | None:
        """The diagnosis; None where nothing fits."""
        with mpmath.workdps(DIGITS):
            found = tried(self.comparing, self.places)
            return self.explained(found) if found else self._other_shape()

    def looks(self) -> tuple[Look, ...]:
        """What is tried, in this order, before two mistakes are."""
        return (
            self._something_else, self._only_symmetric, self._other_formula, self._by_rules, self._mended,
        )  # fmt: skip

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

    # -- one look each ---------------------------------------------------------------------------

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
        except (FormulaError, *FAULTS):
            return False
        comparing = Comparing(self.gradient, self.word, answer)
        for t in found:
            at = comparing.at(t.place)
            if at is None or at[1] is None or not equal(at[0], at[1]):
                return False
        return True


def _symmetric(place: Place, symbol: Any) -> Place | None:
    """The place with one matrix made symmetric; None where it is not square."""
    value = place.given[symbol]
    if value.shape[0] != value.shape[1]:
        return None
    return replace(place, given={**place.given, symbol: value + value.T})
