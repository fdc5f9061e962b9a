"""What a gradient costs beside its loss, over the catalogue: `python tests/benchmarks/gradient_cost.py`.

Every loss, model and surface over its example, the rows of the example repeated to about 100,000; compiled
functions, called in turns, and the ratio of the best times.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "catalogue"))

from rows_at_hand import ROWS

import symcalc as sc

ROW_COUNT, TURNS, SHOWN = 100_000, 9, 6


def compiled(name: str, count: int) -> tuple[Any, list[Any]]:
    row = ROWS[name]
    example = {column: np.array(values, float) for column, values in row.example.items()}
    if example:
        times = max(1, count // len(next(iter(example.values()))))
        example = {column: np.concatenate([values] * times) for column, values in example.items()}
    loss = sc.parse(row.text, example or None, constants=row.constants, parameters=row.parameters)
    program = sc.compile(sc.differentiate(loss))
    point = {n: np.asarray(row.start.get(n, np.zeros(s)), float) + 0.1 for n, s in program.layout.shapes.items()}
    return program, [float(point[n]) if not point[n].shape else point[n] for n in program.layout.names]


def ratio(name: str, count: int) -> float | None:
    """Time of value and gradient over the time of the value alone; None where memory forbids so many rows."""
    try:
        program, point = compiled(name, count)
        # The value of a program of its own: one that has slopes already may take its value from them.
        value, both = compiled(name, count)[0]._value.function, program.function
        both(*point), value(*point)
    except MemoryError:
        return None
    best = [np.inf, np.inf]
    # Short calls are repeated within one turn, or the clock would be what is measured.
    begun = time.perf_counter()
    both(*point)
    calls = max(1, int(2e-3 / max(time.perf_counter() - begun, 1e-7)))
    for _ in range(TURNS):
        for k, function in enumerate((both, value)):
            begun = time.perf_counter()
            for _ in range(calls):
                function(*point)
            best[k] = min(best[k], time.perf_counter() - begun)
    return float(best[0] / best[1])


def found(share: float = 1.0) -> dict[str, float]:
    """Row of the catalogue → how much more its gradient costs; of a share of the rows, evenly chosen."""
    names = list(ROWS)[:: max(1, round(0.1 / share))]
    return {name: r for name in names if (r := ratio(name, max(100, int(ROW_COUNT * share)))) is not None}


def main() -> None:
    dearest = sorted(found().items(), key=lambda item: -item[1])
    values = [value for _, value in dearest]
    over = sum(v > 4 for v in values)
    print(f"{len(values)} rows: median {statistics.median(values):.2f}, {over} above 4; the dearest:")
    print("| row | gradient / loss |")
    print("|---|---|")
    for name, value in dearest[:SHOWN]:
        print(f"| `{name}` | {value:.1f} |")


if __name__ == "__main__":
    main()
