"""A saved run as a model: its loss read again, without its data, and the numbers it learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.api import compile, differentiate, parse
from symcalc.app.point_file import numbers
from symcalc.app.saved_loss import structured
from symcalc.compute import prediction
from symcalc.compute.program import Program
from symcalc.errors import DataError, FormulaError, InputError
from symcalc.sources.run_file import read_run
from symcalc.sources.table import Table


@dataclass(frozen=True)
class SavedModel:
    """What a run file holds that predictions need.

    Attributes:
        program: The loss over a stand-in for the training data: as many rows, all 0.
        point: Parameter name → learned value.
        training: Private name → value of each reduction over the training data.
    """

    program: Program
    point: dict[str, Any]
    training: dict[str, Any]

    def target(self, name: str | None) -> tuple[str | None, str | None]:
        """The definition that predicts (None for an expression), and the column it is compared with.

        Raises:
            InputError: It is not clear what predicts.
        """
        loss = self.program.loss
        equation, _ = prediction.target(loss, name)
        compared = loss.residual[0] if name is None and loss.residual is not None else None
        return (equation.name.name if equation.name.kind == "definition" else None), compared

    def predict(self, rows: Table, name: str | None) -> Any:
        """One number for each row of a table, shape (m,).

        Raises:
            DataError: A column that predicts is missing, or holds something that is no number.
            InputError: It is not clear what predicts.
        """
        return prediction.predict(self.program, self.point, rows, name, self.training)


def read_model(path: str) -> SavedModel:
    """A saved run, ready to predict.

    Raises:
        DataError: There is no such file, or it is no saved run with all that predictions need.
    """
    found = read_run(path)
    try:
        if not found["training"] and found["columns"]:
            raise DataError(f"{path} ended in numbers that are not finite; nothing can be predicted with it.", path)
        program = _program(found)
        point = {name: numbers(value, name, path) for name, value in found["point"].items()}
        training = {name: np.asarray(numbers(value, name, path)) for name, value in found["training"].items()}
        return SavedModel(program, program.layout.checked(point), training)
    except (KeyError, TypeError, ValueError, AttributeError, FormulaError, InputError) as error:
        why = f"{error} is missing in it" if isinstance(error, KeyError) else str(error).splitlines()[0]
        raise DataError(f"{path} cannot be used to predict: {why}", path) from None


def _program(found: Mapping[str, Any]) -> Program:
    """The saved loss with every name declared as it was read then, over columns of zeros."""
    data: dict[str, Any] = {}
    bound: dict[str, list[str]] = {}
    for column in found["columns"]:
        rows, *width = column["shape"]
        headers = list(column["headers"])
        for header in headers:
            if "classes" in column:
                data[header] = np.resize(np.array(column["classes"], dtype=str), rows)
                continue
            data[header] = np.zeros((rows, *width) if len(headers) == 1 else (rows,))
        if headers != [column["name"]]:
            bound[column["name"]] = headers
    loss = parse(
        found["formula"],
        data or None,
        constants=dict(found["constants"]),
        parameters={p["name"]: tuple(p["shape"]) for p in found["parameters"]},
        columns=bound or None,
        symmetric=structured(found, "symmetric"),
        positive_definite=structured(found, "positive-definite"),
    )
    return compile(differentiate(loss))
