"""Runs command lines, inside this process or as one of their own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs a command line in this process."""
    from symcalc.app.cli import main

    def ran(*words: str, stdin: str = "", columns: int = 80) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        code = main(words)
        return Ran(code, *capsys.readouterr())

    return ran


@pytest.fixture
def process() -> Callable[..., Ran]:
    """Runs a command line as a process of its own."""

    def ran(*words: str, shell: str = "", **environment: str) -> Ran:
        command = [sys.executable, "-m", "symcalc.app.cli", *words]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environment}
        if shell:
            line = f"set -o pipefail; {subprocess.list2cmdline(command)} {shell}"
            command = ["bash", "-c", line]
        done = subprocess.run(command, capture_output=True, env=surroundings, timeout=120, check=False)
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return ran
