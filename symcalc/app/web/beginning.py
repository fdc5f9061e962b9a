"""What a page begins with, before anything is derived: a loss, a table, the lessons to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcalc.catalogue.lessons import LESSONS

Document = dict[str, Any]

FIRST: Document = {"formula": LESSONS["movies"].loss, "data": {"lesson": "movies"}, "kinds": {}, "values": {}}


def state(begin: Mapping[str, Any] | None = None) -> Document:
    """The state of a page that begins with some of it given: `formula`, `data`."""
    return {**FIRST, **(begin or {})}


def lessons() -> list[Document]:
    """Every lesson with its loss and its table."""
    return [
        {"name": name, "about": row.about, "loss": row.loss, "columns": {c: list(v) for c, v in row.columns.items()}}
        for name, row in LESSONS.items()
    ]
