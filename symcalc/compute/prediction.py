"""Predictions: a definition of the loss worked out for new rows, with the statistics of the training data.

Every reduction over rows (`mean(x)`, `std(x)`) keeps the value it had on the training data; only what
differs from row to row is worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symcalc.calculus.partials import references
from symcalc.compute.assembly import assemble
from symcalc.compute.dependence import needed
from symcalc.compute.inspection import all_values
from symcalc.equations import Equation, Name
from symcalc.errors import InputError
from symcalc.sources.classes import encoded

if TYPE_CHECKING:
    from symcalc.compute.program import Program
    from symcalc.language.loss import Loss


def target(loss: Loss, name: str | None) -> tuple[Equation, str | None]:
    """The equation that predicts, and the column it is subtracted from (None for a definition).

    Raises:
        InputError: There is no such definition, or it is not clear which one predicts.
    """
    definitions = {d.name: d for d in loss.definitions}
    if name is None and loss.residual is not None:
        column, name = loss.residual
        if name is None:
            return _residual(loss, column), column
    if name is None or name not in definitions:
        known = ", ".join(definitions) or "none"
        which = (
            f"The loss has no definition {name}" if name else "The loss does not compare one prediction with a column"
        )
        raise InputError(f"{which}; name the definition that predicts (there are: {known}).")
    return next(e for e in loss.equations if e.name == definitions[name]), None


def _residual(loss: Loss, column: str) -> Equation:
    symbol = loss.name_of(column).symbol
    for equation in loss.equations:
        for term in equation.terms:
            if not term.over and any(_linear(term.body, r) for r in references(term.body, {symbol})):
                return equation
    raise InputError("The loss does not compare one prediction with a column; name the definition that predicts.")


def _linear(body: Any, reference: Any) -> bool:
    return reference in sp.Add.make_args(body) or -reference in sp.Add.make_args(body)


def columns_needed(loss: Loss, name: str | None) -> tuple[str, ...]:
    """The columns that new rows must have."""
    equation, column = target(loss, name)
    chain = needed(loss.equations, [equation.name])
    used = [
        n for n in loss.columns if any(references(t.body, {n.symbol}) for e in chain if _per_row(e) for t in e.terms)
    ]
    return tuple(n.name for n in used if n.name != column)


def _per_row(equation: Equation) -> bool:
    return any(axis.rows for axis in equation.name.axes)


def training_values(program: Program, point: Any) -> dict[str, Any]:
    """Private name → value of everything the predictions take from the training data."""
    values = all_values(program, point)
    return {str(e.name.symbol): values[e.name.symbol] for e in program.loss.equations if not _per_row(e)}


def predict(
    program: Program,
    point: Any,
    data: Mapping[str, Any] | Any,
    name: str | None = None,
    training: Mapping[str, Any] | None = None,
) -> Any:
    """Predictions for new rows.

    Args:
        program: The program, with or without its training data.
        point: The fitted parameters.
        data: Table or mapping column → array (m,) of the new rows; only columns that predict are used.
        name: The definition that predicts; the model in the loss's one residual unless given.
        training: What `training_values` gave, to stand in for the training data.

    Returns:
        One number a row, shape (m,); (m, k) for a definition with k numbers a row.
    """
    loss = program.loss
    equation, column = target(loss, name)
    kept = dict(training) if training is not None else training_values(program, point)
    chain = needed(loss.equations, [equation.name])
    values = program.checked_point(point)
    given: dict[Any, Any] = {s: v for s, v in program.given.items() if s not in {c.symbol for c in loss.columns}}
    given.update({p.symbol: values[p.name] for p in program.parameters})
    for e in chain:
        if not _per_row(e):
            given[e.name.symbol] = kept[str(e.name.symbol)]
    rows, columns = _new_rows(loss, data, columns_needed(loss, name))
    given.update(columns)
    if column is not None:
        given[loss.name_of(column).symbol] = np.zeros(rows)
    sizes = {axis: rows if axis.rows else n for axis, n in program.sizes.items()}
    steps = [e for e in chain if _per_row(e)]
    if not steps or steps[-1].name != equation.name:
        raise InputError(f"{equation.name.name} is one number, not one a row; name a definition with one value a row.")
    notation = program.gradient_equations.notation
    assembled = assemble(steps, (), [equation.name], given, notation.axes, sizes, notation.names, "numpy")
    (result,) = assembled.function()
    wide = tuple(sizes[axis] for axis in equation.name.axes)
    result = np.broadcast_to(np.asarray(result, dtype=float), wide)
    if column is None:
        return np.array(result)
    return np.array(-result * _sign(loss, equation, column))


def _sign(loss: Loss, equation: Equation, column: str) -> int:
    symbol = loss.name_of(column).symbol
    for term in equation.terms:
        for reference in references(term.body, {symbol}):
            return 1 if reference in sp.Add.make_args(term.body) else -1
    return 1


def _new_rows(loss: Loss, data: Any, wanted: tuple[str, ...]) -> tuple[int, dict[Any, Any]]:
    columns: dict[Any, Any] = {}
    rows = 0
    for word in wanted:
        name: Name = loss.name_of(word)
        if word in loss.labels:
            (header,) = loss.headers[word]
            raw = data.raw(header) if hasattr(data, "raw") else _present(data, header)
            columns[name.symbol] = encoded(raw, loss.labels[word], data if hasattr(data, "raw") else None, header)
            rows = len(columns[name.symbol])
            continue
        parts = [_taken(data, h) for h in loss.headers.get(word, (word,))]
        columns[name.symbol] = parts[0] if len(parts) == 1 else np.column_stack(parts)
        rows = len(columns[name.symbol])
    if not wanted:
        rows = int(getattr(data, "rows", 0)) or 1
    return rows, columns


def _taken(data: Any, header: str) -> Any:
    if hasattr(data, "column"):
        return data.column(header)
    return np.atleast_1d(np.asarray(_present(data, header), dtype=float))


def _present(data: Mapping[str, Any], header: str) -> Any:
    if header not in data:
        raise InputError(f"The new rows have no column {header}; they have {', '.join(data) or 'none'}.")
    return data[header]
