"""A descent that waits at every step: slope and rate are shown, the next change is guessed, then what came is told.

Guesses come from standard input: `fall`, `rise`, or a number; an empty line goes on, q ends. With --json the talk goes
to standard error.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symcalc.app.output import Output

if TYPE_CHECKING:
    from symcalc.descent.trace import Step, Trace

DOWN, UP, END = ("fall", "falls", "down", "-", "f"), ("rise", "rises", "up", "+", "r"), ("q", "quit", "exit")
# A guessed size is right within a fifth: to know it better takes the formula, not the slope.
CLOSE = 0.2


@dataclass(frozen=True)
class Guess:
    """One guess at the change of the loss.

    Attributes:
        index: The step it was made at.
        text: As it was typed.
        predicted: The change that slope and bend predict.
        actual: The change that came.
        right: Whether the sign is right, and for a number the size as well, within a fifth.
    """

    index: int
    text: str
    predicted: float | None
    actual: float | None
    right: bool


class Pausing:
    """Goes through a descent step by step.

    Args:
        trace: The descent.
        out: Where to.
    """

    def __init__(self, trace: Trace, out: Output) -> None:
        self.trace, self.out = trace, out
        self.guesses: list[Guess] = []

    def run(self) -> int:
        """How many steps were looked at before the end, or before there were no more lines."""
        steps = self.trace.steps
        for k in range(len(steps) - 1):
            self._stand(steps[k])
            line = self._asked()
            if line is None or line.strip().lower() in END:
                self._score()
                return k
            self._reveal(steps[k], line.strip())
        self._score()
        return len(steps) - 1

    def _stand(self, step: Step) -> None:
        from symcalc.views import derivation, numbers

        digits, program = self.out.digits, self.trace.program
        self._say(f"step {step.index}   {numbers.point(step.point, digits)}   loss {numbers.number(step.loss, digits)}")
        values = {name: numbers.value(value, digits, many=4) for name, value in step.gradient.items()}
        gradient: Any = program.gradient_equations  # type: ignore[attr-defined]
        for line in derivation.slopes(gradient, self.out.style, self.out.width, values):
            self._say(line)
        record = self.trace.walked.record
        rate = float(record.rates[step.index - record.first])
        rule = self.trace.optimizer
        how = f"learning rate {numbers.number(rate, digits)}" if rule.uses_learning_rate else "a pace of its own"
        self._say(f"  {rule.name} with {how}")
        if not self.guesses and step.index == self.trace.steps[0].index:
            self._say(f"  Will {program.loss.name} fall or rise, and by how much? Type fall, rise, or the change; "
                      "Enter goes on, q ends.")  # fmt: skip

    def _reveal(self, step: Step, text: str) -> None:
        from symcalc.views import numbers

        digits = self.out.digits
        predicted, actual = step.predicted_change, step.actual_change
        told = f"  predicted {_shown(predicted, numbers, digits)}, came {_shown(actual, numbers, digits)}"
        right = _right(text, actual)
        if not text:
            self._say(told)
        elif right is None:
            self._say(f"{told}   ({text} is no guess: type fall, rise, or a number)")
        else:
            self.guesses.append(Guess(step.index, text, predicted, actual, right))
            self._say(f"{told}   {'right' if right else 'not so'}: you said {text}")

    def _score(self) -> None:
        if self.guesses:
            self._say(f"{sum(g.right for g in self.guesses)} of {len(self.guesses)} guesses right.")

    def _say(self, text: str) -> None:
        from symcalc.views.tables import folded

        indent = len(text) - len(text.lstrip())
        for line in folded(text.strip(), self.out.width, indent, indent + 2):
            (self.out.tell if self.out.json else self.out.write)(line)
        if not self.out.json:
            self.out.flush()

    def _asked(self) -> str | None:
        if sys.stdin.isatty():
            sys.stderr.write("> ")
            sys.stderr.flush()
        line = sys.stdin.readline()
        return line if line else None


def _shown(value: float | None, numbers: Any, digits: int) -> str:
    return "nothing" if value is None else numbers.number(value, digits)


def _right(text: str, actual: float | None) -> bool | None:
    """Whether a guess is right; None where it is none."""
    word = text.lower()
    if actual is None:
        return None
    if word in DOWN:
        return actual < 0
    if word in UP:
        return actual > 0 or math.isnan(actual)
    try:
        guess = float(text.replace("−", "-"))
    except ValueError:
        return None
    return abs(guess - actual) <= CLOSE * abs(actual)


def document(guesses: list[Guess]) -> list[dict[str, Any]]:
    """The guesses as JSON has them."""
    from symcalc.sources.run_file import plain

    return [
        {
            "index": g.index,
            "guess": g.text,
            "predicted": plain(g.predicted),
            "actual": plain(g.actual),
            "right": g.right,
        }
        for g in guesses
    ]
