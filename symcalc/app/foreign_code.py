"""Calling somebody's gradient code: in a process of its own, so that a crash or an endless loop is only a sentence.

    called("slopes.py:gradient", calls, "numpy", …)       what the function gave back for each call
    slopes_of(what, {"m": (), "w": (3,)}, …)               that, by parameter

The file runs with the rights of the user: it is run only because the user names it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from symcalc.errors import InputError, MissingExtra

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Given:
    """What one call gave: a loss or None, slopes by parameter, second derivatives or None, and whether in single precision."""

    loss: float | None
    slopes: Mapping[str, Any]
    single: bool = False
    bends: Any = None


def called(
    target: str, calls: Sequence[Mapping[str, Any]], style: str, seconds: float, roles: Mapping[str, Any]
) -> list[Any]:  # fmt: skip
    """What a function gives back for each call, as JSON has it.

    Args:
        target: `file.py:function`.
        calls: Name → number or array, for each call.
        style: numpy, xgboost or torch.
        seconds: How long all calls may take.
        roles: What the style needs to know besides: `parameters`, `prediction`, `label`.

    Raises:
        InputError: The code cannot be found or fails.
        MissingExtra: The style needs a package that is not installed.
    """
    path, colon, function = target.rpartition(":")
    if not colon or not path or not function:
        raise InputError(f"--code takes a file and a function, such as slopes.py:gradient; this is '{target}'.")
    if not Path(path).is_file():
        raise InputError(f"There is no file {path}.")
    plain = [{n: np.asarray(v).tolist() for n, v in call.items()} for call in calls]
    request = {"file": path, "function": function, "style": style, "calls": plain, **roles}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "symcalc.app.foreign_child"], input=json.dumps(request), stdout=subprocess.PIPE,
            text=True, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InputError(f"{function} of {path} took longer than {seconds:g} seconds; raise --time-limit.") from None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise InputError(f"{function} of {path} {_ended(done.returncode)}, so there is nothing to compare.") from None
    if "fault" in found:
        sentence = str(found["fault"])
        if sentence.startswith("MissingExtra: "):
            raise MissingExtra(sentence.removeprefix("MissingExtra: "))
        raise InputError(sentence)
    return list(found["answers"])


def _ended(code: int) -> str:
    if code < 0:
        try:
            return f"crashed ({signal.Signals(-code).name})"
        except ValueError:
            return f"crashed (signal {-code})"
    return f"ended its process with exit code {code}"


def given(found: Any, wanted: Mapping[str, Shape], style: str = "numpy") -> Given:
    """What a call gave, by parameter: an array, a tuple in order, a dict by name, or (value, gradient).

    Raises:
        InputError: It is neither.
    """
    if style == "xgboost":
        return _boosting(found, wanted)
    return _Reading(wanted).read(found)


def _boosting(found: Any, wanted: Mapping[str, Shape]) -> Given:
    parts = found.get("tuple") or []
    (word,) = wanted
    if len(parts) != 2 or any("array" not in p for p in parts):
        raise InputError("With --style xgboost the function gives back (gradient, hessian), one number a row each.")
    slopes, bends = (np.asarray(p["array"], dtype=float) for p in parts)
    return Given(None, {word: slopes}, any(p["single"] for p in parts), bends)


class _Reading:
    def __init__(self, wanted: Mapping[str, Shape]) -> None:
        self.wanted = wanted
        self.total = sum(int(np.prod(s)) for s in wanted.values())

    def read(self, found: Any) -> Given:
        if "tuple" in found and self._has_value(found["tuple"]):
            value, *rest = found["tuple"]
            inner = rest[0] if len(rest) == 1 else {"tuple": rest}
            return Given(_number(value), self._slopes(inner), _single(found))
        if "dict" in found:
            named = found["dict"]
            value = next((named[k] for k in ("loss", "value") if k in named and k not in self.wanted), None)
            nested = next((named[k] for k in ("grad", "gradient") if k in named and k not in self.wanted), None)
            return Given(None if value is None else _number(value), self._slopes(nested or found), _single(found))
        return Given(None, self._slopes(found), _single(found))

    def _has_value(self, parts: list[Any]) -> bool:
        """Whether a tuple begins with the loss: (value, gradient), or (value, one slope after the other)."""
        first = parts[0] if parts else {}
        if "array" not in first or np.size(first["array"]) != 1:
            return False
        if len(parts) == 1 + len(self.wanted):
            return True
        if len(parts) != 2:
            return False
        second = parts[1]
        if "array" not in second:
            return True
        # Two numbers for two parameters are two slopes; a number and all slopes in a line are (value, gradient).
        last = int(np.prod(list(self.wanted.values())[-1]))
        return len(self.wanted) != 2 or (np.size(second["array"]) == self.total and self.total > last)

    def _slopes(self, found: Any) -> dict[str, Any]:
        if "dict" in found:
            missing = [w for w in self.wanted if w not in found["dict"]]
            if missing:
                raise InputError(f"The dict that came back has no {missing[0]}; it has {', '.join(found['dict'])}.")
            return {w: self._array(found["dict"][w], w) for w in self.wanted}
        if "tuple" in found:
            if len(found["tuple"]) != len(self.wanted):
                raise InputError(
                    f"{len(found['tuple'])} values came back for {len(self.wanted)} parameters ({', '.join(self.wanted)})."
                )
            return {w: self._array(part, w) for w, part in zip(self.wanted, found["tuple"])}
        array = np.asarray(found["array"], dtype=float)
        if len(self.wanted) == 1:
            (word,) = self.wanted
            return {word: self._array(found, word)}
        if array.size != self.total or array.ndim > 1:
            raise InputError(
                f"One array of shape {array.shape} came back for {', '.join(self.wanted)}; give back a tuple, a dict, or "
                f"one array of {self.total} numbers."
            )
        made, start = {}, 0
        for word, shape in self.wanted.items():
            size = int(np.prod(shape))
            made[word] = array[start : start + size].reshape(shape)
            start += size
        return made

    def _array(self, part: Any, word: str) -> Any:
        if "array" not in part:
            raise InputError(f"What came back for {word} is no number and no array.")
        array, shape = np.asarray(part["array"], dtype=float), self.wanted[word]
        # (1,) for a number, and a matrix laid out in one line, are habits of NumPy rather than mistakes.
        if array.size == int(np.prod(shape)) and (array.size == 1 or (array.ndim == 1 and len(shape) > 1)):
            return array.reshape(shape)
        return array


def _number(part: Any) -> float:
    array = np.asarray(part.get("array"), dtype=float)
    if array.size != 1:
        raise InputError("What came back as the loss is no single number.")
    return float(array.reshape(()))


def _single(found: Any) -> bool:
    parts = [*found.get("tuple", ()), *found.get("dict", {}).values()]
    return bool(found.get("single")) or any(_single(p) for p in parts)
