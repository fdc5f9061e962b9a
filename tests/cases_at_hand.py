"""Truth from outside the engine: the folder of cases beside the project, where it is present."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "cases"


def load(name: str) -> Any:
    """The cases of one JSON file.

    Skips the calling test (or module) with a reason where the folder is absent.
    """
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the cases file {name} is not at hand", allow_module_level=True)
    return json.loads(path.read_text(encoding="utf-8"))
