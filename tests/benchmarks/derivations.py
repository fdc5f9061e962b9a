"""How long a derivation with every rule takes, each line judged: `python tests/benchmarks/derivations.py`.

Over the formulas of the tables of derivatives and of matrix calculus; processor time, so that a busy machine counts less.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from cases_at_hand import load
from matrix_cases import SHAPES, drawn, every_pair

import symcalc as sc

SHOWN = 5


def formulas():
    for formula in sorted({p["f"] for p in load("derivatives.json")["pairs"]}):
        yield formula, sc.parse(formula, parameters=["x"])
    for pair in every_pair():
        rng = np.random.default_rng(3)
        used = set(re.findall(r"[A-Za-z_]\w*", pair["expr"])) & set(SHAPES)
        constants = {name: drawn(name, rng) for name in sorted(used) if name != pair["wrt"]}
        yield pair["expr"], sc.parse(pair["expr"], parameters={pair["wrt"]: SHAPES[pair["wrt"]]}, constants=constants)


def main() -> None:
    spent: dict[str, tuple[float, int]] = {}
    for formula, loss in formulas():
        gradient = sc.differentiate(loss)
        begun = time.process_time()
        derivation = gradient.explain(2)
        str(derivation)
        spent[formula] = time.process_time() - begun, len(derivation.lines)
    print(f"{len(spent)} formulas, median {statistics.median(t for t, _ in spent.values()):.2f} s; the slowest:")
    print("| formula | lines | s |")
    print("|---|---|---|")
    for formula, (seconds, lines) in sorted(spent.items(), key=lambda item: -item[1][0])[:SHOWN]:
        print(f"| `{formula}` | {lines} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
