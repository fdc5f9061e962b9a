"""The catalogue as text and as a document: every row in a line, or one row whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from typing import Any

from symcalc.catalogue.lessons import LESSONS
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.methods import METHODS
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.catalogue.surfaces import SURFACES
from symcalc.errors import InputError
from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS
from symcalc.sources.run_file import plain
from symcalc.views import numbers
from symcalc.views.tables import beside, folded

KINDS: Mapping[str, Mapping[str, Any]] = {
    "lessons": LESSONS,
    "losses": LOSSES,
    "models": MODELS,
    "surfaces": SURFACES,
    "optimizers": {**OPTIMIZERS, **METHODS},
    "functions": FUNCTIONS,
}
USES = {
    "lessons": "symcalc descend NAME, symcalc derive NAME, or --data NAME",
    "losses": "symcalc derive NAME, with --data your.csv",
    "models": "symcalc descend NAME --data your.csv",
    "surfaces": "symcalc derive NAME, symcalc descend NAME",
    "optimizers": "symcalc descend … --optimizer NAME",
    "functions": "in a formula",
}
# What a row says, in the order worth reading; the label is the field's name in words.
SHOWN = ("model", "formula", "loss", "constants", "learning_rate", "given", "domain", "minimum", "minima", "lowest", "start",
         "bounds", "aliases", "kink", "labels", "explore", "meaning", "source")  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """Part of the catalogue.

    Attributes:
        rows: Kind → name → row.
        single: Whether it is one row, to be shown whole.
    """

    rows: Mapping[str, Mapping[str, Any]]
    single: bool = False


def chosen(name: str | None) -> Chosen:
    """The part of the catalogue with a name: a kind, or one row; all of it without.

    Raises:
        InputError: There is nothing of that name.
    """
    if name is None:
        return Chosen(KINDS)
    word = name.strip().lower()
    for kind in (word, f"{word}s", f"{word}es"):
        if kind in KINDS:
            return Chosen({kind: KINDS[kind]})
    found = {}
    for kind, rows in KINDS.items():
        key = name if name in rows else SPELLINGS.get(name, "") if kind == "functions" else word
        if key in rows:
            found[kind] = {key: rows[key]}
    if found:
        return Chosen(found, True)
    known = [*KINDS, *(row for rows in KINDS.values() for row in rows)]
    near = get_close_matches(word, known, n=3, cutoff=0.6)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"Kinds: {', '.join(KINDS)}."
    raise InputError(f"The catalogue has no '{name}'. {hint}")


def lines(found: Chosen, width: int = 80) -> list[str]:
    """The part as text: a line for each row, or all there is to say about one."""
    text: list[str] = []
    for kind, rows in found.rows.items():
        if found.single:
            for name, row in rows.items():
                text += [*([""] if text else []), *_whole(kind, name, row, width)]
            continue
        text += ["", *folded(f"{kind}: {USES[kind]}", width)]
        pairs = [(_called(name, row), _about(row)) for name, row in rows.items()]
        text += beside(pairs, width, share=0.35)
    return text[1:] if text and not text[0] else text


def _called(name: str, row: Any) -> str:
    return f"{name}({', '.join(row.arguments)})" if hasattr(row, "arguments") else name


def _about(row: Any) -> str:
    aliases = getattr(row, "aliases", ())
    about: str = row.about
    return about + (f"; also {', '.join(aliases)}" if aliases else "")


def _whole(kind: str, name: str, row: Any, width: int) -> list[str]:
    singular = {"losses": "loss"}.get(kind, kind[:-1])
    text = folded(f"{_called(name, row)}, {singular}: {row.about}", width, hanging=2)
    pairs = []
    for label in SHOWN:
        value = getattr(row, label, None)
        if value not in (None, "", (), {}):
            pairs.append((label.replace("_", " "), _said(label, value)))
    if kind == "lessons":
        size = len(next(iter(row.columns.values())))
        pairs.insert(0, ("table", f"{', '.join(row.columns)}; {numbers.count(size, 'row')}"))
    if kind == "functions" and row.domain == "":
        pairs.append(("domain", "everywhere"))
    text += beside(pairs, width)
    return [*text, *folded(f"use: {USES[kind].replace('NAME', name)}", width, 2)]


def _said(label: str, value: Any) -> str:
    if label == "minima":
        return ";  ".join(numbers.point(point, 8) for point in value)
    if label == "bounds":
        return ", ".join(f"{n} from {numbers.number(a)} to {numbers.number(b)}" for n, (a, b) in value.items())
    if label in ("constants", "start"):
        return numbers.point(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {entry}" for name, entry in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return numbers.number(value, 10) if isinstance(value, int | float) else str(value)


def document(found: Chosen) -> dict[str, Any]:
    """The part as JSON has it: kind → list of rows with their names."""
    return {
        kind: [{"name": name, **plain(_fields(row))} for name, row in rows.items()] for kind, rows in found.rows.items()
    }


def _fields(value: Any) -> Any:
    if is_dataclass(value):
        return {entry.name: _fields(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, Mapping):
        return {key: _fields(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_fields(entry) for entry in value]
    return value
