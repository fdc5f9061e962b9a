"""Is an answer the slope of a loss, and if not, why not.

found = check(loss, "m", "2*mean(x*r)")
found.verdict, found.diagnosis, found.right, found.counterexample
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import mpmath
import numpy as np

from symcalc.calculus.conventions import DEFAULT
from symcalc.calculus.gradient import Gradient, differentiate
from symcalc.errors import FormulaError, InputError
from symcalc.language.answer import Answer, read_answer
from symcalc.language.loss import Loss
from symcalc.language.printed import as_typed
from symcalc.looks import Shown
from symcalc.marking.answer_diagnosis import Diagnosing
from symcalc.marking.equality import DIGITS, SECONDS, Comparing, Seen, equal, seen
from symcalc.marking.points import Place, Places
from symcalc.marking.words import Diagnosis

# Beyond so many rows 40 digits take too long for a hint.
MOST_ROWS = 500
SMALL = ((1, 2, 3), (-1, 0, 1, 2, 3), (0.5, 1, 2, -1, 3), (0.25, 0.5, 0.75))


@dataclass(frozen=True)
class Counterexample:
    """A point, in small numbers, where an answer is not the slope.

    Attributes:
        point: Name → value: parameters, columns and constants.
        right: The slope there; of the shape of the parameter.
        answer: The answered number there; None where the answer has no value.
    """

    point: Mapping[str, Any]
    right: Any
    answer: Any


@dataclass(frozen=True)
class Checked(Shown):
    """What became of an answer.

    Attributes:
        verdict: correct or wrong.
        diagnosis: For a wrong answer: what went wrong and how to repair it; for a correct one a note, or "".
        right: The slope, as symcalc writes it.
        counterexample: A point where a wrong answer shows; None for a correct one.
        mistakes: The mistakes, by name; empty where none was recognized.
        how: What the verdict rests on, in words.
        gradient: The right slope with its derivation.
    """

    verdict: Literal["correct", "wrong"]
    diagnosis: str
    right: str
    counterexample: Counterexample | None
    mistakes: tuple[str, ...] = ()
    how: str = field(default="", compare=False)
    gradient: Gradient | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return self.verdict == "correct"


def check(
    loss: Loss, wrt: str | None = None, answer: str = "", kinks: str = DEFAULT, on_data: bool = False
) -> Checked:  # fmt: skip
    """Whether an answer is the slope of a loss in one of its names.

    Args:
        loss: The loss.
        wrt: The parameter (or column); may be left out where there is only one.
        answer: The slope as somebody wrote it: any formula in the names of the loss.
        kinks: The convention for slopes at kinks.
        on_data: Whether it is enough to be equal on the data the loss is over, instead of for all data.

    Raises:
        FormulaError: The answer is no formula, or holds a name that the loss does not have.
        InputError: There is no such parameter, or the loss has a value nowhere that was tried.
    """
    word = _wanted(loss, wrt)
    if on_data and loss.columns and loss.data is None:
        raise InputError("To compare on the data alone the loss needs data: give --data, or leave this out.")
    gradient = differentiate(loss, _words(loss, word), kinks)
    if " ".join(answer.split()) in _printed(gradient, word):
        return Checked("correct", "", gradient.text[word], None, (), "as symcalc prints it", gradient)
    return _Check(gradient, word, _read(answer, gradient, word), on_data).run()


def _printed(gradient: Gradient, word: str) -> set[str]:
    """The slope in every form that symcalc prints."""
    equation, notation = gradient.equation_of(word), gradient.notation
    rights = {notation.right(equation, style) for style in ("text", "ascii")}
    return {*rights, *(f"{notation.left(equation)} = {right}" for right in rights), gradient.index_text[word]}


def _read(answer: str, gradient: Gradient, word: str) -> Answer:
    """The answer as typed; where it cannot be read so or has another shape, as symcalc prints formulas."""
    notation, loss = gradient.notation, gradient.loss
    again = as_typed(answer)
    read: Answer | None
    try:
        read = read_answer(answer, loss, notation.names, notation.axes, gradient.equations)
        if again is None or len(read.axes) == len(gradient.slope_name(word).axes):
            return read
    except FormulaError:
        if again is None:
            raise
        read = None
    try:
        return read_answer(again, loss, notation.names, notation.axes, gradient.equations)
    except FormulaError:
        if read is not None:
            return read
    return read_answer(answer, loss, notation.names, notation.axes, gradient.equations)


def _wanted(loss: Loss, wrt: str | None) -> str:
    if wrt is not None:
        return wrt
    if len(loss.parameters) == 1:
        return loss.parameters[0].name
    known = ", ".join(n.name for n in loss.parameters) or "none"
    raise InputError(f"The slope in which parameter? Say it with wrt; there are {known}.")


def _words(loss: Loss, word: str) -> list[str]:
    """All parameters, so that the slope in a wrong one is recognized; the wanted name with them."""
    return list(dict.fromkeys([*(n.name for n in loss.parameters), word]))


class _Check:
    def __init__(self, gradient: Gradient, word: str, answer: Answer, on_data: bool) -> None:
        self.gradient, self.word, self.answer, self.on_data = gradient, word, answer, on_data
        self.comparing = Comparing(gradient, word, answer)
        self.right = gradient.text[word]
        (alone,) = ((n, s) for n, s in zip(gradient.wrt, gradient.slopes) if n.name == word)
        self.alone = replace(gradient, wrt=alone[:1], slopes=alone[1:])

    def run(self) -> Checked:
        if self.answer.symbol == self.comparing.slope:
            return self._made("correct", "", None, (), "the same equation")
        loss = self.gradient.loss
        found = seen(self.comparing, Places(loss, on_data=self.on_data))
        held, note = False, ""
        if loss.values and (found.apart is not None or not found.agreed):
            there = seen(self.comparing, Places(loss, held=True, on_data=self.on_data))
            if there.apart is None and there.agreed and found.apart is not None:
                note = f"It is right for {_values(loss)}; for other values the slope is another."
            found, held = there, True
        if not found.agreed and found.apart is None and found.without is None:
            raise InputError(
                f"{loss.name} had a value at none of the points that were tried, so nothing could be compared; "
                "give its constants with --set, or data with --data."
            )
        if found.apart is None and found.agreed:
            return self._correct(found, note)
        return self._wrong(found, held)

    def _made(
        self, verdict: Literal["correct", "wrong"], diagnosis: str, example: Counterexample | None,
        mistakes: tuple[str, ...], how: str,
    ) -> Checked:  # fmt: skip
        return Checked(verdict, diagnosis, self.right, example, mistakes, how, self.alone)

    # -- correct -----------------------------------------------------------------------------------

    def _correct(self, found: Seen, note: str) -> Checked:
        notes = [note] if note else []
        if found.without is not None:
            notes.append(
                "Your form has no value at some points where the slope has one; wherever it has, both are equal."
            )
        if found.at_kinks is not None:
            notes.append("At a kink yours takes another value, which is a matter of convention.")
        if not self.answer.axes and self.gradient.slope_name(self.word).axes:
            notes.append(f"Your number was taken for every entry of {self.word}.")
        if found.unseen:
            notes.append("One side of a condition was not met at any point that was tried.")
        where = "on the data" if self.on_data else f"at {found.agreed} points"
        return self._made("correct", " ".join(notes), None, (), f"equal {where}, to 20 digits and more")

    # -- wrong -------------------------------------------------------------------------------------

    def _wrong(self, found: Seen, held: bool) -> Checked:
        with mpmath.workdps(DIGITS):
            example = self._example(found, held)
        diagnosis = None if self.on_data else self._only_here(held)
        if diagnosis is None:
            places = Places(self.gradient.loss, held, seed=11)
            diagnosis = Diagnosing(self.gradient, self.word, self.answer, places).run()
        how = "compared at random points"
        if diagnosis is not None:
            return self._made("wrong", diagnosis.sentence, example, diagnosis.names, how)
        return self._made("wrong", self._told(example), example, (), how)

    def _only_here(self, held: bool) -> Diagnosis | None:
        """An answer that is right on the data at hand, and on no others."""
        loss, rows = self.gradient.loss, self.gradient.loss.rows
        if not rows or rows > MOST_ROWS or not loss.columns:
            return None
        there = seen(self.comparing, Places(loss, held, on_data=True))
        if there.apart is not None or not there.agreed:
            return None
        return Diagnosis(
            ("only on this data",),
            f"Only on this data. Yours is equal on these {rows} rows, and not on others: a number of the table, such as "
            f"{rows} for n, stands where the formula has a name. If these rows are all that is meant, say so (--on-data).",
        )

    def _told(self, example: Counterexample | None) -> str:
        """The sentence where no mistake fits: the point speaks."""
        slope = self.gradient.slope_name(self.word).name
        if example is None:
            return f"It is not {slope}, and no known mistake gives it."
        point = ", ".join(f"{name} = {_shown(value)}" for name, value in example.point.items())
        yours = "has no value" if example.answer is None else f"gives {_shown(example.answer)}"
        return (
            f"No known mistake gives it. Work both out by hand at {point}: {slope} is {_shown(example.right)} there, "
            f"yours {yours}."
        )

    def _example(self, found: Seen, held: bool) -> Counterexample | None:
        """The simplest point at which the answer is not the slope."""
        loss = self.gradient.loss
        places = Places(loss, held, self.on_data)
        begun = time.process_time()
        for values in SMALL:
            for _ in range(12):
                if time.process_time() - begun > SECONDS:
                    break
                example = self._at(places.small(values), off_kinks=True)
                if example is not None:
                    return example
        apart = found.apart or found.without
        return None if apart is None else self._at(apart)

    def _at(self, place: Place, off_kinks: bool = False) -> Counterexample | None:
        at = self.comparing.at(place)
        if at is None or (at[1] is not None and equal(at[0], at[1])):
            return None
        if off_kinks and any(sign == 0 for _, sign in self.comparing.signs(self.comparing.own_gaps, place, at[2])):
            return None
        loss = self.gradient.loss
        point = {n.name: _plain(place.given[n.symbol]) for n in (*loss.parameters, *loss.columns, *loss.constants)}
        return Counterexample(point, _plain(at[0]), None if at[1] is None else _plain(at[1]))


def _values(loss: Loss) -> str:
    return ", ".join(f"{name} = {_shown(value)}" for name, value in loss.values.items())


def _plain(value: Any) -> Any:
    """A number or nested lists of them; whole numbers as such."""
    if isinstance(value, np.ndarray):
        return [_plain(v) for v in value]
    number = float(mpmath.re(value))
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def _shown(value: Any) -> str:
    array = np.asarray(value, dtype=float)
    if array.ndim:
        return f"[{', '.join(_shown(v) for v in array)}]"
    return f"{float(array):.6g}"
