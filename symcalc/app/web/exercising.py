"""Exercises of the page: a loss to differentiate, its hints one by one, and a verdict that teaches.

An exercise is made anew from its level and seed whenever something is asked of it, so nothing need be kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.errors import InputError
from symcalc.language.loss import Loss
from symcalc.marking.exercises import Exercise, made
from symcalc.sources.run_file import plain

Document = dict[str, Any]
MOST_SEED = 10**9


def exercise(request: Mapping[str, Any]) -> Document:
    """The exercise of a level and a seed: its loss typeset, who is who in it, and what is asked.

    Args:
        request: `level` (1 to 5), `seed`.
    """
    from symcalc.marking.quiz import who_is_who
    from symcalc.views.page.formulas import statements

    one, loss, gradient = _made(*_which(request))
    return {
        "level": one.level, "seed": one.seed, "formula": one.formula, "parameter": one.parameter,
        "slope": gradient.slope_name(one.parameter).name, "html": statements(loss), "names": who_is_who(loss),
        "hints": len(_hints(gradient)),
    }  # fmt: skip


def attempt(request: Mapping[str, Any]) -> Document:
    """What an answer to an exercise, a wish for a hint, or giving up leads to.

    Args:
        request: `level`, `seed`, and one of `answer` (text), `hint` (which one, from 0), `give_up`.
    """
    from symcalc.marking.checking import check
    from symcalc.views import marking

    one, loss, gradient = _made(*_which(request))
    if request.get("give_up"):
        return {"html": gradient.explain(1).html, "right": gradient.text[one.parameter]}
    if "hint" in request:
        steps, k = _hints(gradient), request["hint"]
        if not isinstance(k, int) or isinstance(k, bool) or not 0 <= k < len(steps):
            raise InputError("That was the last hint; the rest is yours.")
        return {"hint": steps[k]}
    answer = request.get("answer")
    if not isinstance(answer, str) or not answer.strip():
        raise InputError("Type the slope first.")
    found = check(loss, one.parameter, answer)
    shown = found.counterexample is not None and found.mistakes
    return plain({  # type: ignore[no-any-return]
        "verdict": found.verdict, "diagnosis": found.diagnosis,
        "example": marking.at_a_point(found.counterexample) if shown and found.counterexample else "",
    })  # fmt: skip


def _which(request: Mapping[str, Any]) -> tuple[int, int]:
    level, seed = request.get("level", 1), request.get("seed", 0)
    for word, value in (("level", level), ("seed", seed)):
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MOST_SEED:
            raise InputError(f"The {word} is a whole number.")
    return level, seed


@lru_cache(maxsize=16)
def _made(level: int, seed: int) -> tuple[Exercise, Loss, Gradient]:
    from symcalc.api import differentiate, parse

    one = made(level, seed)
    loss = parse(one.formula, **one.declared)
    return one, loss, differentiate(loss, one.parameter)


def _hints(gradient: Gradient) -> list[str]:
    from symcalc.views.hints import hints

    return hints(gradient)
