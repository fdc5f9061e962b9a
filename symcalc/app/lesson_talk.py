"""A talk over exercises: asks for a slope, gives hints, says what went wrong, until it is right or given up.

Lines come from standard input, so the talk can be piped as well as typed. With --json the talk goes to standard
error, and what became of it to standard output.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from symcalc.app.failures import BAD_ANSWER, DONE
from symcalc.app.output import Output
from symcalc.errors import FormulaError

HINT, GIVE_UP, QUIT = ("hint", "h", "?"), ("give up", "g", "answer"), ("quit", "q", "exit")


@dataclass
class Outcome:
    """What became of one exercise."""

    solved: bool = False
    hints: int = 0
    answers: list[dict[str, Any]] = field(default_factory=list)


class Talk:
    """Asks one exercise after the other.

    Args:
        level: 1 to 5.
        seed: Of the first exercise.
        count: How many exercises.
        out: Where to.
    """

    def __init__(self, level: int, seed: int, count: int, out: Output) -> None:
        self.level, self.seed, self.count, self.out = level, seed, count, out

    def run(self) -> int:
        """The exit code: 0 where every exercise was solved."""
        from symcalc.api import differentiate, parse
        from symcalc.marking.exercises import several

        documents, solved = [], 0
        for number, exercise in enumerate(several(self.level, self.seed, self.count), 1):
            loss = parse(exercise.formula, **exercise.declared)
            gradient = differentiate(loss, exercise.parameter)
            if self.count > 1:
                self._say(f"{number} of {self.count}")
            outcome, go_on = self._one(exercise, loss, gradient)
            solved += outcome.solved
            documents.append({
                "level": exercise.level, "seed": exercise.seed, "formula": exercise.formula,
                "parameter": exercise.parameter, "solved": outcome.solved, "hints": outcome.hints,
                "answers": outcome.answers, "right": gradient.text[exercise.parameter],
            })  # fmt: skip
            if not go_on:
                break
        if self.count > 1:
            self._say(f"{solved} of {len(documents)} solved.")
        if self.out.json:
            self.out.document({"exercises": documents, "solved": solved})
        return DONE if solved == self.count else BAD_ANSWER

    # -- one exercise ------------------------------------------------------------------------------

    def _one(self, exercise: Any, loss: Any, gradient: Any) -> tuple[Outcome, bool]:
        """What became of it, and whether to go on."""
        from symcalc.api import check
        from symcalc.marking.quiz import who_is_who
        from symcalc.views import derivation
        from symcalc.views.hints import hints

        for line in derivation.typed(loss, self.out.width):
            self._say(line)
        slope = gradient.slope_name(exercise.parameter).name
        self._say(f"  {who_is_who(loss)}")
        self._say(
            f"  What is {slope}? Type it, or: hint, give up, quit.   (level {exercise.level}, seed {exercise.seed})"
        )
        outcome, steps = Outcome(), hints(gradient, self.out.style)
        while True:
            typed = self._asked(f"{slope} = ")
            word = "quit" if typed is None else typed.strip().lower()
            if typed is None or word in QUIT:
                self._say(f"It is {slope} = {gradient.text[exercise.parameter]}.")
                return outcome, False
            if not word:
                continue
            if word in HINT:
                self._hint(outcome, steps)
            elif word in GIVE_UP:
                self._show(gradient)
                return outcome, True
            else:
                try:
                    found = check(loss, exercise.parameter, typed)
                except FormulaError as error:
                    self._say(f"That cannot be read: {error}")
                    continue
                outcome.answers.append({"answer": typed, "verdict": found.verdict, "diagnosis": found.diagnosis})
                if found:
                    self._say(f"Right.{' ' + found.diagnosis if found.diagnosis else ''}")
                    outcome.solved = True
                    return outcome, True
                self._wrong(found)

    def _hint(self, outcome: Outcome, steps: list[str]) -> None:
        if outcome.hints < len(steps):
            for part in steps[outcome.hints].splitlines():
                self._say(f"  {part}")
            outcome.hints += 1
        else:
            self._say("  That was the last hint; the rest is yours. To see it all type: give up.")

    def _wrong(self, found: Any) -> None:
        from symcalc.views import marking

        self._say(f"Not yet. {found.diagnosis}")
        if found.counterexample is not None and found.mistakes:
            self._say(f"  {marking.at_a_point(found.counterexample, self.out.digits)}")

    def _show(self, gradient: Any) -> None:
        for line in gradient.explain(1).text(self.out.width, self.out.style).splitlines():
            self._say(line)

    def _say(self, text: str) -> None:
        from symcalc.views.tables import folded

        for line in text.splitlines():
            indent = len(line) - len(line.lstrip())
            shown = folded(line.strip(), self.out.width, indent, indent + 2) if len(line) > self.out.width else [line]
            for part in shown:
                (self.out.tell if self.out.json else self.out.write)(part)
        if not self.out.json:
            self.out.flush()

    def _asked(self, prompt: str) -> str | None:
        """A line from the learner; None where there are no more."""
        if sys.stdin.isatty():
            sys.stderr.write(prompt)
            sys.stderr.flush()
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None
