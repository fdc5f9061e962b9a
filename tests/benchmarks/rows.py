"""Rows in C beside NumPy's blocks and the peers: `python tests/benchmarks/rows.py` prints the table.

The works are those of the races, all sides in one process, in turn; each ratio is the median over the turns of that side's
time divided by that of C. A peer that is not installed leaves its column empty.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable
from contextlib import suppress

from columns import NUMBA, WORKS, decay
from matrices import classes, logistic, mixture, network
from race import Here, timed, told
from work import OWN, Makers

from symcalc.compute.row_kernels import rows_by

TURNS = 31
STAGES = "NumPy stages"
SIDES = (STAGES, "NumPy by hand", NUMBA, "JAX jit")
HUBER, ABSOLUTE = (next(w.makers for w in WORKS if word in w.title) for word in ("Huber", "MAE"))
# What is compared beside the decay, at its full size.
COMPARED = {
    "Huber, line, 1,000,000 rows": HUBER, "absolute residuals, line, 1,000,000 rows": ABSOLUTE,
    "logistic, 200,000 × 50": logistic, "10 classes (softmax), 100,000 × 30": classes,
    "network, one hidden layer of 64 tanh, 20,000 × 50": network,
}  # fmt: skip


def sides(makers: Makers) -> dict[str, Here]:
    """The sides that are installed; symcalc's own rows once in C and once by NumPy."""
    found = {}
    for name, engine in ((OWN, "native"), (STAGES, "numpy")):
        with rows_by(engine):
            found[name] = Here(makers[OWN]())
            first = found[name].seconds(1)
        told(f"{name}, {engine}: {first:.2f} s to the first value")
    for name in SIDES[1:]:
        if name in makers:
            with suppress(ImportError):
                found[name] = Here(makers[name]())
    return found


def row(title: str, makers: Callable[..., Makers], share: float = 1) -> str:
    """One line of the table."""
    found = sides(makers(share))
    times = dict(zip(found, timed([side.seconds for side in found.values()], TURNS)))
    ratios = {name: statistics.median(t / c for t, c in zip(times[name], times[OWN])) for name in found}
    cells = [f"{ratios[name]:.1f}" if name in ratios else "" for name in SIDES]
    return f"| {title} | {1000 * statistics.median(times[OWN]):.2f} | {' | '.join(cells)} |"


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores", file=sys.stderr)
    print(f"| work | in C, ms | {' | '.join(SIDES)} |")
    print("|---" * (2 + len(SIDES)) + "|")
    for rows, share in (("100,000", 0.1), ("1,000,000", 1), ("10,000,000", 10)):
        print(row(f"decay, {rows} rows", decay, share))
    for title, makers in COMPARED.items():
        print(row(title, makers))
    print(row("Gaussian mixture, n = 1000, d = 10, k = 25", mixture))
