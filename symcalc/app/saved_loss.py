"""The loss of a saved run: its formula over its data, with its names read as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcalc.errors import DataError
from symcalc.language.loss import Loss
from symcalc.sources.run_file import number


def loss_of(run: Mapping[str, Any], data: str | None = None) -> Loss:
    """The loss that a run was about.

    Args:
        run: The saved run, as `sources.run_file.read_run` gives it.
        data: Another place of its table; the one it was saved with unless given.

    Raises:
        DataError: Something is missing in the run.
        SymcalcError: Its formula or its data cannot be used.
    """
    from symcalc.api import parse

    try:
        text, table = str(run["formula"]), data if data is not None else run["data"]
        how = {str(name): str(words) for name, words in run["reading"].items()}
        shapes = {p["name"]: tuple(p["shape"]) for p in run["parameters"]}
        bound = {c["name"]: list(c["headers"]) for c in run["columns"] if list(c["headers"]) != [c["name"]]}
        constants = {name: _numbers(value) for name, value in run["constants"].items() if value is not None}
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"The saved run is not whole: {error} is missing in it.") from None
    # Names are read by the very rules they were read by then: another order of names rounds otherwise.
    declared = {name: shape for name, shape in shapes.items() if how.get(name, "").startswith("declared")}
    inferred = {name: shape for name, shape in shapes.items() if shape and name not in declared}
    return parse(
        text, table, constants=constants, parameters=declared or None, columns=bound or None, shapes=inferred or None,
        symmetric=structured(run, "symmetric"), positive_definite=structured(run, "positive-definite"),
    )  # fmt: skip


def structured(run: Mapping[str, Any], structure: str) -> list[str]:
    """The square matrices that a saved run says are of a structure."""
    return [name for name, said in (run.get("structures") or {}).items() if said == structure]


def _numbers(value: Any) -> Any:
    return [_numbers(entry) for entry in value] if isinstance(value, list) else number(value)
