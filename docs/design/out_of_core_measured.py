"""Prints the table of out-of-core.md: reading once against reading again for every step.

python docs/design/out_of_core_measured.py
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

import symcalc as sc

ROWS = 4_000_000
LOSS = "mean((y - a*exp(-b*x) - z)^2)"
POINT = {"a": 1.5, "b": 0.25}


def seconds(work: Callable[[], object], turns: int = 5) -> float:
    """The least time of some turns."""
    found = []
    for _ in range(turns):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def main() -> None:
    """Prints a row for each way."""
    os.environ["SYMCALC_IN_MEMORY_LIMIT"] = "1MB"
    with tempfile.TemporaryDirectory() as folder:
        rows = f"(SELECT random() AS x, random() AS y, random() AS z FROM range({ROWS}))"
        for kind in ("csv", "parquet"):
            path = Path(folder) / f"large.{kind}"
            duckdb.sql(f"COPY {rows} TO '{path}' (FORMAT {kind})")
            again = f"SELECT sum((y - 1.5*exp(-0.25*x) - z)^2), sum(exp(-0.25*x)), sum(x*exp(-0.25*x)) FROM '{path}'"
            once = seconds(lambda path=path: sc.parse(LOSS, path), 3)
            program = sc.compile(sc.differentiate(sc.parse(LOSS, path)))
            program.gradient(POINT)
            line = sc.compile(sc.differentiate(sc.parse("mean((y - (a*x + b))^2)", path)))
            line.gradient(POINT)
            print(f"{kind}, {path.stat().st_size / 1e6:.0f} MB, {ROWS:,} rows of 3 columns")
            print(f"  read once, columns kept on disk         {once * 1e3:8.1f} ms")
            print(
                f"  each step over the columns              {seconds(lambda p=program: p.gradient(POINT)) * 1e3:8.1f} ms"
            )
            print(
                f"  each step of a line fit, by moments     {seconds(lambda p=line: p.gradient(POINT)) * 1e3:8.3f} ms"
            )
            print(
                f"  each step as a query over the file      {seconds(lambda q=again: duckdb.sql(q).fetchall()) * 1e3:8.1f} ms"
            )


if __name__ == "__main__":
    main()
