"""What the page says of a loss, and the loss it means: formula, table, and how names are to be read."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.errors import InputError
from symcalc.language.loss import Loss
from symcalc.sources.table import Table

KINDS = ("parameter", "constant", "column")
_KEPT = 40


@dataclass(frozen=True)
class Found:
    """A loss that was asked for, with its gradient.

    Attributes:
        loss: The loss.
        gradient: Its gradient; None where it has no parameters.
    """

    loss: Loss
    gradient: Gradient | None


_known: OrderedDict[str, Found] = OrderedDict()


def found(request: Mapping[str, Any]) -> Found:
    """The loss a request speaks of; the last ones are kept, so that a second question costs nothing.

    Args:
        request: `formula`; `data`: {"lesson": name}, {"text": CSV, "name": …} or nothing; `kinds`: name → one of
            KINDS; `values`: name → number for constants.

    Raises:
        SymcalcError: Something in it cannot be used.
    """
    parts = {name: request.get(name) or None for name in ("formula", "data", "kinds", "values")}
    key = json.dumps(parts, sort_keys=True)
    if key not in _known:
        from symcalc.api import differentiate

        loss = _loss(parts)
        _known[key] = Found(loss, differentiate(loss) if loss.parameters else None)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    _known.move_to_end(key)
    return _known[key]


def _loss(parts: Mapping[str, Any]) -> Loss:
    formula = parts["formula"]
    if not isinstance(formula, str):
        raise InputError("A formula is text.")
    data, kinds = table(parts["data"]), _kinds(parts["kinds"])
    constants = {name: _number(name, value) for name, value in (parts["values"] or {}).items()}
    if not kinds:
        return typed_loss(formula, data, constants)
    from symcalc.app.inputs import named_lesson, named_row

    row, lesson = named_row(formula.strip()), named_lesson(formula.strip())
    text = row.text if row is not None else lesson.loss if lesson is not None else formula
    data = data if data is not None or lesson is None else lesson.name
    held = {n: v for n, v in constants.items() if kinds.get(n, "constant") == "constant"}
    known = {**row.constants, **constants} if row is not None else constants
    return _as_wished(typed_loss(formula, data, held), text, data, kinds, known)


def typed_loss(formula: str, data: Any, constants: dict[str, Any] | None = None) -> Loss:
    """The loss that was typed: a row of the catalogue or a lesson by its name, a formula, or LaTeX.

    Args:
        formula: What was typed.
        data: A table, as `parse` takes it; None takes that of a lesson named.
        constants: Name → number.
    """
    from symcalc.app.inputs import named_lesson, named_row, row_loss

    word = formula.strip()
    row, lesson = named_row(word), named_lesson(word)
    if row is not None:
        return row_loss(row, data, constants or {}, {"columns": None, "parameters": None})
    text = lesson.loss if lesson is not None else formula
    data = data if data is not None or lesson is None else lesson.name
    return _reader(text)(text, data, constants=constants or None)


def named_table(request: Mapping[str, Any]) -> str | None:
    """The lesson whose table a request uses only because its formula names it."""
    from symcalc.app.inputs import named_lesson

    lesson = None if request.get("data") else named_lesson(str(request.get("formula")).strip())
    return None if lesson is None else lesson.name


def _reader(text: str) -> Callable[..., Loss]:
    """What reads a text: a command such as \\frac in it says that it is LaTeX."""
    from symcalc.api import parse, parse_latex

    return parse_latex if re.search(r"\\[A-Za-z]", text) else parse


def _as_wished(first: Loss, text: str, data: Any, kinds: Mapping[str, str], constants: dict[str, Any]) -> Loss:
    """The loss with some names read as the user clicked them to be."""
    parse = _reader(text)
    read = {n.name: n.kind for n in (*first.parameters, *first.columns, *first.constants)}
    wished = {name: kinds.get(name, kind) for name, kind in read.items()}
    shapes = {n.name: n.shape for n in first.parameters}
    parameters = {n: shapes.get(n) or None for n, kind in wished.items() if kind == "parameter"}
    held = {n: constants.get(n, 1.0) for n, kind in wished.items() if kind == "constant"}
    columns = {n: list(first.headers.get(n, (n,))) for n, kind in wished.items() if kind == "column"}
    return parse(text, data, constants=held, parameters=parameters, columns=columns or None)


def table(data: Any) -> Any:
    """The table of a request: a lesson's name, a Table, or None. Never a path.

    Raises:
        DataError: The text is no usable CSV.
        InputError: It is none of these.
    """
    if not data:
        return None
    if isinstance(data, Mapping) and isinstance(data.get("lesson"), str):
        from symcalc.catalogue.lessons import LESSONS

        if data["lesson"] in LESSONS:
            return data["lesson"]
        raise InputError(f"There is no lesson {data['lesson']}; there are {', '.join(LESSONS)}.")
    if isinstance(data, Mapping) and isinstance(data.get("text"), str):
        return csv_table(data["text"], str(data.get("name") or "your table"))
    raise InputError("The data are neither a lesson nor the text of a CSV file.")


def csv_table(text: str, name: str) -> Table:
    """A table from the text of a CSV file."""
    from symcalc.sources.csv_file import parse_csv

    return parse_csv(text, name)


def _kinds(kinds: Any) -> dict[str, str]:
    chosen = {str(name): kind for name, kind in (kinds or {}).items()}
    for name, kind in chosen.items():
        if kind not in KINDS:
            raise InputError(f"{name} cannot be a {kind}; it can be a {', a '.join(KINDS)}.")
    return chosen


def _number(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_number(name, entry) for entry in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"The value of {name} is not a number.")
    return float(value)
