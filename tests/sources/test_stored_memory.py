"""A file of 2,000,000 rows beyond the limit takes little memory, and gives the same bits as in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

if not Path("/proc/self/status").exists():
    pytest.skip("the memory of a process is read from /proc", allow_module_level=True)

ROWS = 2_000_000
NUMBERS = 8 * 3 * ROWS
SCRIPT = Path(__file__).with_name("stored_memory.py")


def run(path, limit, *words):
    environment = {**os.environ, "SYMCALC_IN_MEMORY_LIMIT": limit}
    ran = subprocess.run(
        [sys.executable, SCRIPT, path, *words], env=environment, capture_output=True, text=True, check=True
    )
    slopes, grown = ran.stdout.splitlines()
    return slopes, int(grown)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Three columns of numbers with few digits, so that they are written quickly."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    whole = np.random.default_rng(7).integers(0, 1000, size=(ROWS // 10, 3))
    rows = "".join(f"0.{a:03},{b}.5,-{c}e-3\n" for a, b, c in whole.tolist())
    path.write_text("x,y,z\n" + rows * 10)
    return path


def test_a_large_file_takes_little_memory_and_gives_the_same_bits(large):
    held, by_all = run(large, "1TB")
    parsed, by_duckdb = run(large, "1MB")
    stored, by_blocks = run(large, "1MB", "without-duckdb")

    assert held == parsed == stored
    # Beside the mapped numbers, which the system may drop at any time, there are the blocks being parsed.
    assert by_blocks < NUMBERS + 50_000_000
    assert by_blocks < by_all / 2
    # duckdb keeps buffers of its own, larger in one run than in another: 160 to 205 million bytes were measured.
    assert by_duckdb < NUMBERS + 260_000_000
    assert by_duckdb < by_all
