"""Everything that one mistake can make of a slope: each rule, at each site, got wrong in each known way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from symcalc.catalogue.mistakes import MISTAKES, Mistake
from symcalc.language.loss import Loss
from symcalc.marking.equality import close
from symcalc.marking.learner import Learner, Made, Site
from symcalc.marking.trial import Ratio, Tried, ratio, same
from symcalc.marking.typed_values import Unread

_FAULTS = (ValueError, ZeroDivisionError, OverflowError, TypeError, NotImplementedError, ArithmeticError, IndexError)

SECONDS_FOR_SINGLES, SECONDS_FOR_PAIRS = 5.0, 1.5


@dataclass(frozen=True)
class Candidate:
    """One mistake, or two.

    Attributes:
        pairs: The mistakes with the sites they were made at.
        ratio: What the answer is in terms of what the mistakes lead to; 1 where it is the same.
    """

    pairs: tuple[tuple[Mistake, Site], ...]
    ratio: Ratio | None = field(default=None, compare=False)

    @property
    def made(self) -> Made:
        return {site.key: mistake for mistake, site in self.pairs}


class Search:
    """Tries mistakes at the places of a trial.

    Args:
        loss: The loss.
        word: The parameter.
        found: The places.
    """

    def __init__(self, loss: Loss, word: str, found: list[Tried]) -> None:
        self.found = found
        self.learners = [Learner(loss.formula, word, t.words) for t in found]
        self.right: list[list[Any]] = [[t.right_at(e) for e in t.entries] for t in found]
        self.singles: list[Candidate] = []
        self.led: list[list[list[Any]]] = []
        try:
            self.followed = self._followed()
        except (Unread, *_FAULTS):
            self.followed = False

    def _followed(self) -> bool:
        """Whether the learner, making no mistake, comes to the right slope: else nothing can be said this way."""
        for learner, t in zip(self.learners, self.found):
            for entry in t.entries:
                if not close(learner.at(entry), t.right_at(entry)):
                    return False
        return bool(self.found)

    def values(self, made: Made, first: bool = False) -> list[list[Any]] | None:
        """What comes out with mistakes made; None where it has no value."""
        try:
            pairs = list(zip(self.learners, self.found))[: 1 if first else None]
            return [[learner.at(e, made) for e in t.entries] for learner, t in pairs]
        except _FAULTS:
            return None

    def one(self) -> list[Candidate]:
        """The single mistakes that lead to the answer, made at one site or wherever the rule applies."""
        if not self.followed or self.singles:
            return [] if not self.followed else [c for c, v in zip(self.singles, self.led) if same(self.found, v)]
        matches: list[Candidate] = []
        begun = time.process_time()
        for candidate in self._every():
            if time.process_time() - begun > SECONDS_FOR_SINGLES:
                break
            values = self.values(candidate.made)
            if values is None or self._right(values):
                continue
            self.singles.append(candidate)
            self.led.append(values)
            if same(self.found, values):
                matches.append(candidate)
        return matches

    def _every(self) -> Iterator[Candidate]:
        """Each mistake at each site, and at all sites where its rule applies."""
        sites = list(self.learners[0].sites.values())
        for mistake in MISTAKES:
            here = [site for site in sites if site.rule == mistake.rule]
            yield from (Candidate(((mistake, site),)) for site in here)
            if len(here) > 1:
                yield Candidate(tuple((mistake, site) for site in here))

    def _right(self, values: list[list[Any]]) -> bool:
        """Whether a mistake makes no difference here."""
        return all(close(a, b) for row, right in zip(values, self.right) for a, b in zip(row, right))

    def with_factor(self) -> list[Candidate]:
        """Single mistakes that lead to the answer but for a constant factor."""
        matches = []
        for candidate, values in zip(self.singles, self.led):
            factor = ratio(self.found, values)
            if factor is not None and factor.simple and factor != Ratio(Fraction(1)):
                matches.append(Candidate(candidate.pairs, factor))
        return matches

    def scaling(self) -> dict[str, tuple[Candidate, Ratio]]:
        """Name of a mistake → one of that name that only scales the slope, and by what."""
        found: dict[str, tuple[Candidate, Ratio]] = {}
        for candidate, values in zip(self.singles, self.led):
            turned = _scaled(self.found, values)
            if turned is not None:
                found.setdefault(f"{candidate.pairs[0][0].name} {turned}", (candidate, turned))
        return found

    def two(self) -> list[Candidate]:
        """Two mistakes at two sites that lead to the answer; the first pair found, within the time."""
        begun = time.process_time()
        single = [c for c in self.singles if len(c.pairs) == 1]
        for k, one in enumerate(single):
            for other in single[k + 1 :]:
                if one.pairs[0][1].key == other.pairs[0][1].key:
                    continue
                if time.process_time() - begun > SECONDS_FOR_PAIRS:
                    return []
                pair = Candidate((*one.pairs, *other.pairs))
                first = self.values(pair.made, first=True)
                if first is None or not same(self.found[:1], first):
                    continue
                values = self.values(pair.made)
                if values is not None and same(self.found, values):
                    return [pair]
        return []


def _scaled(found: list[Tried], values: list[list[Any]]) -> Ratio | None:
    """By what constant mistaken slopes are larger than the right ones."""
    swapped = [replace(t, slack=0, answered=_filled(t, row)) for t, row in zip(found, values)]
    return ratio(swapped, [[t.right_at(e) for e in t.entries] for t in found])


def _filled(t: Tried, row: list[Any]) -> Any:
    if not np.shape(t.right):
        return row[0]
    made = np.full(np.shape(t.right), mpmath.mpf(0), dtype=object)
    for entry, value in zip(t.entries, row):
        made[entry] = value
    return made
