"""Run by test_stored_memory: a fit over a file; prints its slopes to the last bit, and how far memory grew.

python tests/sources/stored_memory.py FILE [without-duckdb]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import symcalc as sc


def gradient_of(data: object) -> object:
    """The slopes of a fit without moments, so that every call goes over the rows."""
    program = sc.compile(sc.differentiate(sc.parse("mean((y - a*exp(-b*x) - z)^2)", data)))
    return program.gradient(np.array([1.5, 0.25]))


def peak() -> int:
    """The most memory this process has had so far, in bytes; getrusage would count that of the process it came from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


if __name__ == "__main__":
    if sys.argv[2:] == ["without-duckdb"]:
        sys.modules["duckdb"] = None  # type: ignore[assignment]
    # Whatever a fit takes whatever its rows: imports, compiled code, blocks of every thread.
    rows = np.linspace(0.0, 1.0, 200_000)
    gradient_of({"x": rows, "y": rows, "z": rows})
    before = peak()
    slopes = gradient_of(sys.argv[1])
    print([float(slope).hex() for slope in np.asarray(slopes)], peak() - before, sep="\n")
