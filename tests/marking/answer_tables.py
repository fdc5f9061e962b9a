"""Reads the tables of answers in `tests/cases`: a loss with its declarations, then an answer a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True)
class Row:
    """One answer: the loss and what is declared about it, the parameter, the answer, what the table says of it."""

    formula: str
    declared: dict[str, Any] = field(hash=False)
    parameter: str = ""
    answer: str = ""
    said: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.formula} d{self.parameter}: {self.answer}"


def rows(name: str) -> list[Row]:
    """The rows of a table."""
    return list(_rows((CASES / name).read_text(encoding="utf-8").splitlines()))


def _rows(lines: list[str]) -> Iterator[Row]:
    formula, declared = "", {}
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("loss:"):
            formula, _, words = line.removeprefix("loss:").partition(" ; ")
            formula, declared = formula.strip(), _declared(words.split())
            continue
        parameter, answer, *said = (part.strip() for part in _cells(line))
        yield Row(formula, declared, parameter, answer, tuple(s.strip() for s in ";".join(said).split(";") if s))


def _cells(line: str) -> list[str]:
    """The cells of a line, cut at ` | `; |u| needs no blanks."""
    return line.split(" | ")


def _declared(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kind = ""
    for word in words:
        if word in ("wrt", "columns"):
            kind = {"wrt": "parameters", "columns": "columns"}[word]
            continue
        if "=" in word:
            name, value = word.split("=")
            found.setdefault("constants", {})[name] = json.loads(value)
        elif ":" in word:
            name, sizes = word.split(":")
            found.setdefault("shapes", {})[name] = tuple(map(int, sizes.split("x")))
        else:
            found[kind] = word.split(",")
    return found
