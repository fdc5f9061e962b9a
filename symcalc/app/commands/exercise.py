"""`symcalc exercise`: a loss to differentiate, hints from its derivation, and a verdict that teaches; quizzes for a class."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from symcalc.app.failures import DONE
from symcalc.app.output import Output, output_options
from symcalc.errors import DataError, InputError


@click.command(short_help="A loss to differentiate yourself, with hints; quizzes for a class.")
@click.option("--level", type=click.IntRange(1, 5), default=1, show_default=True, metavar="1..5",
              help="1 one rule, 2 chain and product, 3 a mean over data, 4 several parameters, 5 vectors and kinks.")  # fmt: skip
@click.option("--seed", type=int, metavar="S", help="The same seed makes the same exercise.")
@click.option(
    "--count", type=click.IntRange(min=1), default=1, metavar="N", help="So many exercises, one after the other."
)
@click.option("--quiz", type=click.IntRange(min=1), metavar="N", help="Write a quiz of N questions instead of asking.")
@click.option("-o", "--output", metavar="FILE", help="Where the quiz goes; its key goes beside it: quiz-key.json.")
@click.option("--mark", metavar="FILE", multiple=True, help="Mark answers: a filled quiz, or a table. May be repeated.")
@click.option("--key", metavar="FILE", help="The key of the quiz that is marked.")
@output_options
def command(
    level: int,
    seed: int | None,
    count: int,
    quiz: int | None,
    output: str | None,
    mark: Sequence[str],
    key: str | None,
    out: Output,
) -> int:
    """A loss to differentiate yourself: type the slope, or hint, give up, or quit.

    A wrong answer is told which mistake leads to it, and may be tried again. A quiz is written as a page for the class
    with a key for marking; answers come back as filled pages, or as tables headed question,answer (or
    learner,question,answer).

    \b
    Examples:
      symcalc exercise
      symcalc exercise --level 4 --seed 7
      symcalc exercise --quiz 8 --level 3 --seed 1 -o quiz.md
      symcalc exercise --mark anna.md --mark ben.csv --key quiz-key.json
    """
    if mark:
        return _marked(mark, key, out)
    chosen = random.SystemRandom().randrange(10**6) if seed is None else seed
    if quiz is not None:
        return _written(level, chosen, quiz, output, out)
    if output is not None or key is not None:
        raise InputError("-o belongs to --quiz, and --key to --mark.")
    from symcalc.app.lesson_talk import Talk

    return Talk(level, chosen, count, out).run()


def _written(level: int, seed: int, count: int, output: str | None, out: Output) -> int:
    from symcalc.api import parse
    from symcalc.marking import quiz
    from symcalc.marking.exercises import several

    exercises = several(level, seed, count)
    page = quiz.page(exercises, [parse(e.formula, **e.declared) for e in exercises], f"Slopes, level {level}")
    document = quiz.key(exercises)
    if output is None:
        if out.json:
            out.document({"page": page, "key": document})
        else:
            out.write(page.rstrip())
            out.tell("The key is written beside the page with -o quiz.md; or as part of --json.")
        return DONE
    path = Path(output)
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent} to write {path.name} to.")
    beside = path.with_name(f"{path.stem}-key.json")
    path.write_text(page, encoding="utf-8")
    beside.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    if out.json:
        out.document({"page": str(path), "key": str(beside)})
    else:
        out.write(f"The quiz is in {path}, its key in {beside}.")
    return DONE


def _marked(files: Sequence[str], key: str | None, out: Output) -> int:
    from symcalc.api import parse
    from symcalc.marking import quiz
    from symcalc.sources.text_file import read_text
    from symcalc.views import quiz as view

    if key is None:
        raise InputError("Which quiz is it? Name its key: --key quiz-key.json.")
    exercises = quiz.questions(_json(key), key)
    losses = [parse(e.formula, **e.declared) for e in exercises]
    everybody: dict[str, dict[int, str]] = {}
    for file in files:
        found = quiz.answers_in(read_text(file), Path(file).stem)
        if not found:
            raise DataError(
                f"{file} holds no answers; fill in the page behind 'answer 1:', or make a table headed question,answer.",
                file,
            )
        for learner, answers in found.items():
            if learner in everybody:
                raise DataError(f"{file}: there are answers of {learner} already; give the files other names.", file)
            everybody[learner] = answers
    marks = [quiz.marked(learner, answers, exercises, losses) for learner, answers in everybody.items()]
    if out.json:
        out.document(view.document(marks))
    else:
        for line in view.lines(marks, out.width):
            out.write(line)
    return DONE


def _json(path: str) -> Any:
    from symcalc.sources.text_file import read_text

    try:
        return json.loads(read_text(path))
    except ValueError:
        raise DataError(
            f"{path} is no JSON; the key of a quiz is written with symcalc exercise --quiz.", path
        ) from None
