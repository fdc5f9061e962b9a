"""Why an answer is wrong: the mistake that leads to exactly this answer, in words that help to repair it.

Tried in this order, and the first that fits is named: another shape, the slope in another parameter or the loss itself,
a slip in the formula that was differentiated, one rule got wrong, a constant factor, a slip in the answer as it is
typed, two mistakes; where nothing fits, a point at which both can be worked out by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.marking import rewriting
from symcalc.marking.candidates import Candidate, Search
from symcalc.marking.learner import Learner
from symcalc.marking.trial import Ratio, Tried, ratio, same
from symcalc.marking.typed_values import Unread
from symcalc.marking.words import Diagnosis, Words

FAULTS = (Unread, ValueError, ZeroDivisionError, OverflowError, TypeError, NotImplementedError, ArithmeticError,
           IndexError, KeyError)  # fmt: skip


Look = Callable[[list[Tried]], "Diagnosis | None"]


class Explaining:
    """Looks for what makes numbers differ from a slope.

    Args:
        gradient: The slopes of the loss in all its parameters.
        word: The parameter.
    """

    def __init__(self, gradient: Gradient, word: str) -> None:
        self.gradient, self.word, self.loss = gradient, word, gradient.loss
        self.words = Words(gradient, word)
        self.scaled: Diagnosis | None = None

    def explained(self, found: list[Tried]) -> Diagnosis | None:
        """The diagnosis; None where nothing fits."""
        self.search = Search(self.loss, self.word, found)
        for look in self.looks():
            diagnosis = look(found)
            if diagnosis is not None:
                return diagnosis
        return self._two(found)

    def looks(self) -> tuple[Look, ...]:
        """What is tried, in this order, before two mistakes are."""
        return self._something_else, self._other_formula, self._by_rules

    # -- one look each -----------------------------------------------------------------------------

    def _something_else(self, found: list[Tried]) -> Diagnosis | None:
        """The slope in another parameter, the loss itself, nothing, a transposed matrix."""
        if all(not np.any(t.answered) and np.any(t.right) for t in found):
            return Diagnosis(("zero",), self.words.zero())
        for name, slope in zip(self.gradient.wrt, self.gradient.slopes):
            if name.name != self.word and all(t.alike(t.values[slope.symbol]) for t in found):
                return self.words.wrong_variable(name.name, self.search.one())
        output = self.loss.output.name.symbol
        if all(t.alike(t.values[output]) for t in found):
            return Diagnosis(("the loss itself",), self.words.loss_itself())
        square = all(np.ndim(t.right) == 2 and np.shape(t.right) == np.shape(t.answered) for t in found)
        if square and all(t.alike(t.right.T) for t in found):
            return Diagnosis(("transposed matrix",), self.words.transposed())
        return None

    def _other_formula(self, found: list[Tried]) -> Diagnosis | None:
        """The right slope of a formula without some of its parentheses."""
        if not self.search.followed:
            return None
        for changed in rewriting.everywhere(self.loss.formula, rewriting.without_parentheses):
            values = self._slopes_of(changed, found)
            if values is None:
                continue
            if same(found, values):
                return Diagnosis(("precedence",), self.words.precedence(changed))
            factor = ratio(found, values)
            if factor is not None and factor.simple and self.scaled is None:
                self.scaled = self.words.precedence_and(changed, factor)
        return None

    def _slopes_of(self, changed: rewriting.Rewritten, found: list[Tried]) -> list[list[Any]] | None:
        try:
            rows = []
            for t in found:
                learner = Learner(changed.formula, self.word, t.words)
                rows.append([learner.at(e) for e in t.entries])
            return rows
        except FAULTS:
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
