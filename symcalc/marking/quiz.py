"""A quiz for a class: exercises to hand out, a key to mark with, and what became of everybody's answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symcalc.errors import DataError, FormulaError
from symcalc.language.loss import Loss
from symcalc.marking.checking import check
from symcalc.marking.exercises import Exercise

KIND, VERSION = "symcalc quiz", 1
_LINE = re.compile(r"\s*answer\s+(\d+)\s*:\s*(.*?)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """What became of one answer.

    Attributes:
        question: Its number, from 1.
        answer: As it was handed in; "" where none was.
        verdict: correct, wrong, unreadable or missing.
        diagnosis: What went wrong, or how the answer cannot be read; "" for a right one.
        mistakes: The mistakes, by name.
    """

    question: int
    answer: str
    verdict: str
    diagnosis: str = ""
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marked:
    """One learner's marks."""

    learner: str
    marks: tuple[Mark, ...]

    @property
    def score(self) -> int:
        """How many answers are right."""
        return sum(m.verdict == "correct" for m in self.marks)


def key(exercises: Sequence[Exercise]) -> dict[str, Any]:
    """What it takes to mark a quiz, as a JSON document."""
    questions = [
        {
            "formula": e.formula,
            "parameter": e.parameter,
            "level": e.level,
            "seed": e.seed,
            "declared": _plain(e.declared),
        }
        for e in exercises
    ]
    return {"kind": KIND, "version": VERSION, "questions": questions}


def _plain(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {
        word: {name: list(v) if isinstance(v, tuple) else v for name, v in entries.items()}
        for word, entries in declared.items()
    }


def questions(document: Any, file: str) -> list[Exercise]:
    """The exercises of a key.

    Raises:
        DataError: It is no key of a quiz.
    """
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise DataError(f"{file} is no key of a quiz; write one with symcalc exercise --quiz 5 -o quiz.md.", file)
    if document.get("version") != VERSION:
        raise DataError(f"{file} is a key of version {document.get('version')}; this symcalc reads {VERSION}.", file)
    try:
        return [
            Exercise(q["level"], q["seed"], q["formula"], q["parameter"], _shapes(q["declared"]))
            for q in document["questions"]
        ]
    except (KeyError, TypeError, AttributeError):
        raise DataError(f"{file} is no whole key of a quiz: a question lacks something.", file) from None


def _shapes(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {
        word: {name: tuple(v) if isinstance(v, list) else v for name, v in entries.items()}
        for word, entries in declared.items()
    }


def page(exercises: Sequence[Exercise], losses: Sequence[Loss], title: str) -> str:
    """The quiz in Markdown, with a place for each answer."""
    lines = [
        f"# {title}", "",
        "Write each slope behind its colon, as a formula in the names of the loss: `2*x + 3`, `-2*mean(x*(y - m*x))`, "
        "`X.T@(X@w - y)`. `n` is the number of rows. Any form is right that has the same value.", "", "learner: ", "",
    ]  # fmt: skip
    for k, (exercise, loss) in enumerate(zip(exercises, losses), 1):
        lines += [
            f"## {k}",
            "",
            f"`{exercise.formula}`",
            "",
            f"The slope in `{exercise.parameter}`; {who_is_who(loss)}.",
            "",
        ]
        lines += [f"answer {k}: ", ""]
    return "\n".join(lines)


def who_is_who(loss: Loss) -> str:
    """What the names of a loss are, in one line: parameters w (3), columns x, y, constant lam = 0.1."""
    groups = []
    for word, names in (("parameter", loss.parameters), ("column", loss.columns), ("constant", loss.constants)):
        if names:
            shown = ", ".join(_named(n, loss) for n in names)
            groups.append(f"{word}{'s' * (len(names) > 1)} {shown}")
    return "; ".join(groups)


def _named(name: Any, loss: Loss) -> str:
    if name.name in loss.values:
        return f"{name.name} = {loss.values[name.name]:g}"
    sizes = [str(s) for s in name.shape]
    plain = not sizes or (name.kind == "column" and len(sizes) == 1)
    return name.name if plain else f"{name.name} ({', '.join(sizes)})"


def answers_in(text: str, learner: str) -> dict[str, dict[int, str]]:
    """Learner → question → answer, from a filled page or a table headed question,answer or learner,question,answer.

    Args:
        text: The file.
        learner: Whose it is, where it does not say.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    header = [cell.strip().lower() for cell in lines[0].split(",")] if lines else []
    if "question" in header and "answer" in header:
        return _table(lines, header, learner)
    found: dict[int, str] = {}
    for line in lines:
        named = re.fullmatch(r"\s*learner\s*:\s*(.*?)\s*", line, re.IGNORECASE)
        if named is not None and named[1]:
            learner = named[1]
        match = _LINE.fullmatch(line)
        if match is not None:
            found[int(match[1])] = match[2].strip("`").strip()
    return {learner: found} if found else {}


def _table(lines: list[str], header: list[str], learner: str) -> dict[str, dict[int, str]]:
    import csv

    found: dict[str, dict[int, str]] = {}
    for cells in csv.reader(lines[1:], skipinitialspace=True):
        # Commas in an answer that is not quoted belong to it.
        last = len(header) - 1
        whole = [*cells[:last], ",".join(cells[last:])] if header[last] == "answer" else cells
        row = dict(zip(header, whole))
        number = row.get("question", "").strip()
        if number.isdigit():
            found.setdefault(row.get("learner", learner).strip() or learner, {})[int(number)] = row.get(
                "answer", ""
            ).strip()
    return found


def marked(learner: str, answers: Mapping[int, str], exercises: Sequence[Exercise], losses: Sequence[Loss]) -> Marked:
    """One learner's answers, judged."""
    return Marked(learner, tuple(
        _mark(k, answers.get(k, ""), exercise, loss) for k, (exercise, loss) in enumerate(zip(exercises, losses), 1)
    ))  # fmt: skip


def _mark(question: int, answer: str, exercise: Exercise, loss: Loss) -> Mark:
    if not answer:
        return Mark(question, "", "missing", "No answer was handed in.")
    try:
        found = check(loss, exercise.parameter, answer)
    except FormulaError as error:
        return Mark(question, answer, "unreadable", error.reason)
    return Mark(question, answer, found.verdict, found.diagnosis, found.mistakes)


def common(everybody: Iterable[Marked]) -> list[tuple[int, str, int]]:
    """(question, mistake, how often), most often first."""
    counts = Counter((m.question, name) for one in everybody for m in one.marks for name in m.mistakes)
    return [(question, name, count) for (question, name), count in counts.most_common()]
