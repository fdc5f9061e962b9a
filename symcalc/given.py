"""What is known besides a formula: the table, and what the caller says about names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcalc.catalogue.lessons import LESSONS
from symcalc.equations import Structure
from symcalc.errors import InputError
from symcalc.language import onehot
from symcalc.language.names import Declared
from symcalc.language.shapes import Shape
from symcalc.notation import tree
from symcalc.sources.classes import classes
from symcalc.sources.reading import read as read_data
from symcalc.sources.table import Table


def given(
    text: str,
    data: Any,
    constants: Mapping[str, Any] | None,
    parameters: Sequence[str] | Mapping[str, Any] | None,
    columns: Mapping[str, str | Sequence[str]] | Sequence[str] | None,
    shapes: Mapping[str, Any] | None,
    symmetric: Sequence[str],
    positive_definite: Sequence[str],
) -> tuple[Declared, Table | None, dict[str, Any]]:
    """What is known besides the formula: the names, the table, the values of constants."""
    if not isinstance(text, str):
        raise InputError(f"A formula is text, not {type(text).__name__}.")
    bound = _bound(columns)
    headers = {header for every in bound.values() for header in every or ()}
    # A guess that errs on the safe side: a column that is missed is read when it is asked for.
    table = read_data(
        data, {name: lesson.columns for name, lesson in LESSONS.items()}, lambda h: h in headers or h in text
    )
    values = _constants(constants or {})
    declared = Declared(
        columns=_widths(table),
        bound=bound,
        constants={name: np.shape(value) for name, value in values.items()},
        parameters=_parameters(parameters),
        shapes={n: s for n, s in (_parameters(shapes) or {}).items() if s is not None},
        data=table is not None,
        structures=_structures(symmetric, positive_definite),
    )
    return declared, table, values


def _constants(constants: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for name, value in constants.items():
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise InputError(f"The constant {name} is not a number or an array of numbers: {value!r}.") from None
        if not np.all(np.isfinite(array)):
            raise InputError(f"The constant {name} is not finite.")
        values[name] = float(array) if array.ndim == 0 else array
    return values


def _structures(symmetric: Sequence[str], definite: Sequence[str]) -> dict[str, Structure]:
    one, two = ([words] if isinstance(words, str) else words for words in (symmetric, definite))
    return {**dict.fromkeys(one, "symmetric"), **dict.fromkeys(two, "positive-definite")}


def _widths(table: Table | None) -> dict[str, Shape]:
    """Column → the shape of one row of it."""
    if table is None:
        return {}
    return {name: table.columns.width(name) for name in table.names}


def classes_of(formula: tree.Formula, declared: Declared, table: Table | None) -> dict[str, tuple[str, ...]]:
    """Column of the data that onehot(…) is applied to → its classes."""
    if table is None:
        return {}
    headers = [onehot.header(word, declared) for word in onehot.words(formula)]
    return {header: classes(table, header) for header in headers if header in table.columns}


def _bound(
    columns: Mapping[str, str | Sequence[str]] | Sequence[str] | None,
) -> dict[str, Sequence[str] | None]:
    if columns is None:
        return {}
    if not isinstance(columns, Mapping):
        return dict.fromkeys([columns] if isinstance(columns, str) else columns)
    every = {name: [headers] if isinstance(headers, str) else list(headers) for name, headers in columns.items()}
    # What a loss calls its one-hot labels means the column they are made from.
    return {onehot.labeled(name) or name: headers for name, headers in every.items()}


def _parameters(parameters: Sequence[str] | Mapping[str, Any] | None) -> dict[str, Shape | None] | None:
    if parameters is None:
        return None
    if isinstance(parameters, str):
        parameters = [parameters]
    if not isinstance(parameters, Mapping):
        return dict.fromkeys(parameters)
    shapes: dict[str, Shape | None] = {}
    for name, shape in parameters.items():
        if shape is None:
            shapes[name] = None
            continue
        sizes = (shape,) if isinstance(shape, int | str) else tuple(shape)
        if not all(isinstance(s, str) or (isinstance(s, int | np.integer) and s > 0) for s in sizes):
            raise InputError(f"The shape of {name} is {shape!r}; write whole numbers above 0, such as (4, 3).")
        shapes[name] = tuple(s if isinstance(s, str) else int(s) for s in sizes)
    return shapes
