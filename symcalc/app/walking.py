"""What a command line says about how to walk: batches, a schedule, limits, a line search, constants of the optimizer.

@walking_options                    the command gets them as `walking`, ready for `descend(**walking)`
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

import click

from symcalc.app.arguments import assignments
from symcalc.errors import InputError

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_BOUND = re.compile(rf"\s*([^\W\d]\w*)\s*=\s*({_NUMBER})?\s*\.\.\s*({_NUMBER})?\s*")

constants_option = click.option(
    "--optimizer-constants", metavar="NAME=NUMBER", multiple=True,
    help="Constants of the optimizer: decay=0.95; the catalogue has their names.",
)  # fmt: skip


def walking_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --batch-size, --seed, --schedule, --bounds, --constraint, --line-search and --optimizer-constants."""

    @functools.wraps(command)
    def walking(
        *arguments: Any, batch_size: int | None, seed: int | None, schedule: str | None, bounds: tuple[str, ...],
        constraint: tuple[str, ...], line_search: str | None, optimizer_constants: tuple[str, ...], **options: Any,
    ) -> Any:  # fmt: skip
        asked = {
            "batch_size": batch_size, "seed": seed, "schedule": schedule, "bounds": bounds_argument(bounds) or None,
            "constraints": constraint or None, "line_search": line_search,
            "constants": constants_argument(optimizer_constants) or None,
        }  # fmt: skip
        return command(*arguments, walking={k: v for k, v in asked.items() if v is not None}, **options)

    for option in (
        constants_option,
        click.option("--line-search", metavar="NAME", help="Find every step's rate: armijo, or wolfe (by scipy)."),
        click.option("--constraint", metavar="TEXT", multiple=True,
                     help="A linear constraint: 'a + b <= 1'. May be repeated."),
        click.option("--bounds", metavar="NAME=LOW..HIGH", multiple=True,
                     help="Keep a parameter within bounds: a=0..1, or a=0.. May be repeated."),
        click.option("--schedule", metavar="FORMULA",
                     help="The learning rate over time: constant, step, cosine, warm-up, 1/t, or a formula of t."),
        click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of the drawing of batches (default 0)."),
        click.option("--batch-size", type=click.IntRange(min=1), metavar="ROWS", help="Rows that each step looks at."),
    ):  # fmt: skip
        walking = option(walking)
    return walking


def constants_argument(texts: Iterable[str]) -> dict[str, Any]:
    """Values of an optimizer's constants from texts: `decay=0.95`, several with commas.

    Raises:
        InputError: A text is no assignment, or a name comes twice.
    """
    return assignments(texts, "--optimizer-constants", "decay=0.95")


def bounds_argument(texts: Iterable[str]) -> dict[str, tuple[float | None, float | None]]:
    """Bounds from texts: `a=0..1`, `a=0..`, `a=..1`, several with commas.

    Raises:
        InputError: A text is no bound, or a name comes twice.
    """
    found: dict[str, tuple[float | None, float | None]] = {}
    for part in (part for text in texts for part in text.split(",")):
        match = _BOUND.fullmatch(part)
        if match is None or (match[2] is None and match[3] is None):
            raise InputError(f"--bounds takes a name and two ends, such as a=0..1 or a=0..; this is '{part.strip()}'.")
        name, low, high = match.groups()
        if name in found:
            raise InputError(f"--bounds gives {name} twice.")
        found[name] = (None if low is None else float(low), None if high is None else float(high))
    return found
