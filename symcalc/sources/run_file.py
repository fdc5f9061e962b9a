"""Saved runs: JSON documents, written so that a crash at any moment leaves the last complete one.

Numbers round-trip; JSON has no words for the ones that are not finite, so those are written "nan", "inf"
and "-inf".
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from symcalc.errors import DataError, InputError
from symcalc.sources.text_file import read_text

KIND = "symcalc run"
VERSION = 1
_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def plain(value: Any) -> Any:
    """A value as JSON has it: arrays as nested lists, numbers that are not finite as words."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def number(value: Any) -> float:
    """A number read back from JSON, the words for non-finite ones included.

    Raises:
        DataError: It is no number.
    """
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DataError(f"{value!r} is not a number.")
    return float(value)


def write_run(path: str | os.PathLike[str], run: Mapping[str, Any]) -> None:
    """Save a run as one JSON document, whole or not at all.

    Args:
        path: Where to.
        run: What to save; arrays and non-finite numbers are welcome.

    Raises:
        InputError: The file cannot be written.
    """
    document = plain({"kind": KIND, "version": VERSION, **run})
    write_atomically(path, json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False) + "\n")


def read_run(path: str | os.PathLike[str]) -> dict[str, Any]:
    """A saved run, as it was given to `write_run` (non-finite numbers as words: see `number`).

    Raises:
        DataError: There is no such file, or it is no saved run, or one of a later version.
    """
    text = read_text(path, limit=None)
    try:
        document = json.loads(text, parse_constant=_word)
    except (ValueError, RecursionError) as error:
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise _no_run(path, f"it is not JSON{line}") from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise _no_run(path, f'it lacks "kind": "{KIND}"')
    version = document.get("version")
    if version != VERSION:
        reason = f"{path} was saved in form {version}, this symcalc reads form {VERSION}. Update symcalc."
        raise DataError(reason, str(path))
    return {key: value for key, value in document.items() if key not in ("kind", "version")}


def write_atomically(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file under a temporary name and rename it: the old one stays until the new one is whole.

    Args:
        path: Where to; a link is followed, what stands there keeps its permissions.
        content: The whole content; text is written as UTF-8.

    Raises:
        InputError: The file cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        target = Path(path).resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            # A pipe or a terminal has no whole to protect, and renaming would replace it.
            target.write_bytes(data)
            return
        _replace(target, data)
    except FileNotFoundError:
        reason = f"There is no folder {Path(path).parent} to write {Path(path).name} to."
        raise InputError(reason) from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder. Name a file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path} cannot be written: {reason}.") from None


def _replace(target: Path, data: bytes) -> None:
    temporary = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.is_file():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    # The new name itself is on disk only when the folder is; not every system can open one.
    with contextlib.suppress(OSError, AttributeError):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _word(constant: str) -> str:
    return {"NaN": "nan", "Infinity": "inf"}.get(constant, "-inf")


def _no_run(path: str | os.PathLike[str], why: str) -> DataError:
    return DataError(f"{path} is no saved run: {why}. Save one with symcalc descend --save.", str(path))
