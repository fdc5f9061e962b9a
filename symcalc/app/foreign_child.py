"""The process that runs somebody's code: reads one JSON request, calls the function, writes one JSON answer.

Started by `foreign_code.py` and by nothing else. Whatever the code prints goes to standard error, and whatever
happens to this process, the one that waits for it lives on.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np


class Unusable(Exception):
    """The code cannot be used; the text is the sentence."""


def loaded(path: str) -> ModuleType:
    """The file as a module; its own folder is where it imports from first."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))  # noqa: PTH100, PTH120
    spec = importlib.util.spec_from_file_location("audited", path)
    if spec is None or spec.loader is None:
        raise Unusable(f"{path} is no Python file; its name must end in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules["audited"] = module
    spec.loader.exec_module(module)
    return module


def function_of(module: ModuleType, name: str, path: str) -> Any:
    """What a dotted name in the file stands for."""
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            own = [n for n, v in vars(module).items() if callable(v) and getattr(v, "__module__", "") == "audited"]
            raise Unusable(f"{path} has no function {name}; it has {', '.join(own) or 'none'}.")
        found = getattr(found, part)
    if not callable(found):
        raise Unusable(f"{name} of {path} is no function.")
    return found


def accepted(function: Any, names: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The names that a function takes."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return dict(names)
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return dict(names)
    wanted = [n for n, p in parameters.items() if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
    unknown = [n for n in wanted if n not in names]
    if unknown:
        raise Unusable(
            f"{name} takes {', '.join(unknown)}, which the formula does not have; it has {', '.join(names)}."
        )
    return {n: v for n, v in names.items() if n in parameters}


def with_numpy(function: Any, names: Mapping[str, Any], request: Mapping[str, Any]) -> Any:
    """Numbers as floats, arrays as NumPy arrays, by name."""
    return function(**accepted(function, names, request["function"]))


class Labels:
    """What stands for the training matrix of XGBoost: labels, and nothing else."""

    def __init__(self, labels: Any) -> None:
        self.labels = labels

    def get_label(self) -> Any:
        return self.labels

    def get_weight(self) -> Any:
        return np.array([])

    def get_base_margin(self) -> Any:
        return np.array([])

    def num_row(self) -> int:
        return len(self.labels)


def as_xgboost(function: Any, names: Mapping[str, Any], request: Mapping[str, Any]) -> Any:
    """f(predt, dtrain): predictions, and labels behind dtrain.get_label()."""
    return function(names[request["prediction"]], Labels(names[request["label"]]))


def as_torch(function: Any, names: Mapping[str, Any], request: Mapping[str, Any]) -> Any:
    """Tensors by name; a loss that comes back is followed backward to the slopes."""
    try:
        import torch  # type: ignore[import-not-found]
    except ImportError:
        raise Unusable("MissingExtra: --style torch needs PyTorch: pip install torch.") from None
    learned = set(request["parameters"])
    tensors = {
        n: torch.tensor(v, dtype=torch.float64, requires_grad=n in learned) for n, v in names.items()
    }  # fmt: skip
    apply = getattr(function, "apply", None)
    call = apply if inspect.isclass(function) and apply is not None else function
    given = tensors if inspect.isclass(function) else accepted(function, tensors, request["function"])
    found = call(*given.values()) if inspect.isclass(function) else call(**given)
    if getattr(found, "grad_fn", None) is not None and found.ndim == 0:
        found.backward()
        zero = {n: np.zeros(np.shape(names[n])) for n in learned}
        slopes = {n: zero[n] if tensors[n].grad is None else tensors[n].grad.numpy() for n in learned}
        return float(found.detach()), slopes
    return found


STYLES: dict[str, Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "numpy": with_numpy, "xgboost": as_xgboost, "torch": as_torch,
}  # fmt: skip


def plain(value: Any) -> Any:
    """What came back, as JSON has it: {"dict": …}, {"tuple": […]} or {"array": …}."""
    if isinstance(value, Mapping):
        return {"dict": {str(k): plain(v) for k, v in value.items()}}
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, tuple):
        return {"tuple": [plain(v) for v in value]}
    try:
        array = np.asarray(value)
        single = array.dtype in (np.float32, np.float16)
        return {"array": array.astype(float).tolist(), "single": bool(single)}
    except (TypeError, ValueError):
        if isinstance(value, list):
            return {"tuple": [plain(v) for v in value]}
        raise Unusable(f"It gives back {type(value).__name__}, not numbers.") from None


def answered(request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a request: what each call gave, or the sentence that says why there is none."""
    path, name = request["file"], request["function"]
    try:
        function = function_of(loaded(path), name, path)
        calls = [{n: np.asarray(v) if isinstance(v, list) else v for n, v in c.items()} for c in request["calls"]]
        return {"answers": [plain(STYLES[request["style"]](function, c, request)) for c in calls]}
    except Unusable as unusable:
        return {"fault": str(unusable)}
    except SystemExit as stopped:
        return {"fault": f"{path} ended the program with exit code {stopped.code}."}
    except BaseException as error:
        return {"fault": _sentence(error, path, name)}


def _sentence(error: BaseException, path: str, name: str) -> str:
    here = os.path.abspath(path)  # noqa: PTH100
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if os.path.abspath(f.filename) == here]  # noqa: PTH100
    line = f" in line {lines[-1]}" if lines else (f" in line {error.lineno}" if isinstance(error, SyntaxError) else "")
    what = " ".join(str(error).split())[:200]
    return f"{name} of {path} failed{line} with {type(error).__name__}{': ' if what else ''}{what}."


def main() -> None:
    """One request, one answer."""
    request = json.load(sys.stdin)
    answer_to, sys.stdout = sys.stdout, sys.stderr
    found = answered(request)
    answer_to.write(json.dumps(found))
    answer_to.flush()


if __name__ == "__main__":
    main()
