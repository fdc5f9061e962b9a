"""What each engine of a descent costs before its first step, for a new formula: `python tests/benchmarks/first_step.py`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

import symcalc as sc
from symcalc.compute import native

START = (-1.0, 1.0)


def seconds(work: Callable[[], Any]) -> float:
    """How long a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Prints one row an engine."""
    text = "(1 - x)^2 + {}*(y - x^2)^2"
    print("| engine | ms |\n|---|---|")
    asked = {"start": START, "learning_rate": 1e-6, "steps": 1}
    for engine in ("ordinary", "python", "native"):
        found = []
        for k in range(5):
            program = sc.compile(sc.differentiate(sc.parse(text.format(f"{k + 2}.{time.time_ns() % 10**6:06d}1"))))
            program.function(1.0, 1.0)
            with mock.patch.object(native.code_cache, "folder", return_value=None):
                found.append(seconds(lambda: sc.descend(program, **asked, engine=engine)))  # noqa: B023
        print(f"| {engine} | {1e3 * statistics.median(found):.3g} |")


if __name__ == "__main__":
    main()
