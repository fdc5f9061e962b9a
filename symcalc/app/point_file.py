"""A point read from a file: name → number or lists, or the last point of a saved run."""

from __future__ import annotations

import json
from typing import Any

from symcalc.errors import DataError
from symcalc.sources.run_file import number
from symcalc.sources.text_file import read_text


def read_point(path: str) -> dict[str, Any]:
    """A point from a JSON file.

    Raises:
        DataError: There is no such file, or it holds no point.
    """
    try:
        found = json.loads(read_text(path))
    except (ValueError, RecursionError):
        raise DataError(f'{path} is not JSON. Write for example {{"m": 1, "b": 2}}.', path) from None
    if isinstance(found, dict) and isinstance(found.get("point"), dict):
        found = found["point"]
    if not isinstance(found, dict):
        raise DataError(f'{path} holds no point. Write for example {{"m": 1, "b": 2}}.', path)
    return {name: numbers(value, name, path) for name, value in found.items()}


def numbers(value: Any, name: str, path: str) -> Any:
    """A number or nested lists of numbers, as a JSON file has them; words for those that are not finite.

    Raises:
        DataError: An entry is no number.
    """
    if isinstance(value, list):
        return [numbers(entry, name, path) for entry in value]
    try:
        return number(value)
    except DataError:
        raise DataError(f"{path}: the value of {name} is no number.", path) from None
