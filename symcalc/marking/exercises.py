"""Exercises: a loss made at random, the parameter one is asked about, and hints from its derivation.

exercise = made(level=2, seed=7)
exercise.formula, exercise.parameter
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from symcalc.catalogue.exercises import LEVELS, NUMBERS, PARTS
from symcalc.errors import InputError
from symcalc.language.reader import read
from symcalc.notation import text

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Exercise:
    """A loss to differentiate.

    Attributes:
        level: 1 to 5.
        seed: What it was made from; the same seed makes the same exercise.
        formula: The loss.
        parameter: What it is to be differentiated by.
        declared: Parameters with their shapes and constants with their values, as `sc.parse` takes them.
    """

    level: int
    seed: int
    formula: str
    parameter: str
    declared: dict[str, Any] = field(default_factory=dict, hash=False)


def made(level: int, seed: int) -> Exercise:
    """The exercise of a level and a seed.

    Raises:
        InputError: There is no such level.
    """
    if level not in LEVELS:
        raise InputError(f"There is no level {level}; there are 1 to {max(LEVELS)}.")
    source = random.Random(f"symcalc {level} {seed}")
    skeleton = source.choice(LEVELS[level])
    declared: dict[str, Any] = {}
    if skeleton.parameters is not None:
        declared["parameters"] = dict(skeleton.parameters)
    formula = _tidy(_filled(skeleton.formula, source))
    if skeleton.constants:
        declared["constants"] = dict(skeleton.constants)
    used = [word for word in skeleton.asks if re.search(rf"\b{word}\b", formula)]
    return Exercise(level, seed, formula, source.choice(used), declared)


def _filled(skeleton: str, source: random.Random) -> str:
    def part(slot: re.Match[str]) -> str:
        word = slot[1]
        if word in NUMBERS:
            return str(source.choice(NUMBERS[word]))
        return _filled(source.choice(PARTS[word]), source)

    return _SLOT.sub(part, skeleton)


def _tidy(formula: str) -> str:
    """The formula without parentheses that its slots left behind."""
    statements = []
    for statement in read(formula).statements:
        right = text.write(statement.expression, text.ASCII)
        statements.append(right if statement.name is None else f"{statement.name} = {right}")
    return "; ".join(statements)


def several(level: int, seed: int, count: int) -> list[Exercise]:
    """So many different exercises of a level.

    Raises:
        InputError: There are not so many.
    """
    found: dict[tuple[str, str], Exercise] = {}
    for k in range(50 * count):
        one = made(level, seed + 1000 * k)
        found.setdefault((one.formula, one.parameter), one)
        if len(found) == count:
            return list(found.values())
    raise InputError(f"Level {level} has fewer than {count} different exercises at hand; ask for {len(found)}.")
