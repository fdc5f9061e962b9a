"""Every optimizer on every smooth surface of the catalogue: steps needed, or that it did not get there.

python tests/benchmarks/convergence.py            writes docs/convergence.md (a few minutes)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import symcalc as sc
from symcalc.catalogue.methods import METHODS
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.catalogue.surfaces import SURFACES
from symcalc.compute.inspection import moving_kinks
from symcalc.descent.stopping import StopReason
from symcalc.errors import InputError

PAGE = Path(__file__).parents[2] / "docs" / "convergence.md"
STEPS, TOLERANCE, NEAR = 2000, 1e-6, 1e-6
LEFT_OUT = ("sgd", "proximal-gradient")
SHORT = {"gradient-descent": "gradient", "coordinate-descent": "coordinate", "barzilai-borwein": "b.-borwein",
         "gauss-newton": "gauss-n.", "levenberg-marquardt": "lev.-marq.", "trust-region": "trust"}  # fmt: skip

HEAD = f"""# Convergence

Every optimizer from the usual start of every smooth surface of the catalogue, with the learning rate it takes by itself
(its own default, else halving from 1), until the gradient is shorter than {TOLERANCE:g}, for {STEPS:,} steps at most.
The table is written by `python tests/benchmarks/convergence.py`.

- a number: so many steps to a published minimum, its value met to {NEAR:g};
- a number in parentheses: so many steps to another stationary point;
- –: not there after {STEPS:,} steps; ×: it left the finite numbers, or grew;
- a dot: the surface is no sum of squares, which this one needs.

`polyak` is told the published lowest value. `sgd` needs rows of data and `proximal-gradient` a lasso: neither is in the table.
Some runs are chaotic: their counts go by the last bit of a float, and differ a little from machine to machine.

"""


def main() -> None:
    """Write the page."""
    names = [n for n in (*OPTIMIZERS, *METHODS) if n not in LEFT_OUT]
    lines = [
        "| surface | " + " | ".join(SHORT.get(n, n) for n in names) + " |",
        "|---|" + "---:|" * len(names),
    ]
    reached = dict.fromkeys(names, 0)
    tried = dict.fromkeys(names, 0)
    for word, row in SURFACES.items():
        loss = sc.parse(row.text, constants=row.constants, parameters=row.parameters)
        program = sc.compile(sc.differentiate(loss))
        if moving_kinks(program):
            continue
        cells = [cell(program, row, name) for name in names]
        for name, text in zip(names, cells):
            reached[name] += text.isdigit()
            tried[name] += text != "·"
        lines.append(f"| {word} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    lines.append("| **reached** | " + " | ".join(f"{reached[n]} of {tried[n]}" for n in names) + " |")
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def cell(program: Any, row: Any, name: str) -> str:
    """What became of one run."""
    constants = {"lowest": row.lowest} if name == "polyak" else None
    try:
        trace = sc.descend(
            program, dict(row.start), name, steps=STEPS, tolerance=TOLERANCE, constants=constants
        )  # fmt: skip
    except InputError:
        return "·"
    count = len(trace.steps) - 1
    if trace.stop_reason in (StopReason.NOT_FINITE, StopReason.DIVERGED):
        return "×"
    slope = float(np.linalg.norm(trace.gradients[-1]))
    if trace.stop_reason is not StopReason.CONVERGED and not slope < TOLERANCE:
        return "–"
    return str(count) if abs(trace.loss - row.lowest) <= NEAR * max(1.0, abs(row.lowest)) else f"({count})"


if __name__ == "__main__":
    main()
