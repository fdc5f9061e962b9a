"""Predicted gaps of numeric slopes against those that came, over the table of derivatives, by one command.

python tests/benchmarks/gaps.py             prints the two tables of docs/design/predicted-gaps.md
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

import symcalc as sc
from symcalc.numeric.differences import METHODS

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
STEPS = (1e-1, 1e-4, 1e-8)


def rows(steps: tuple[float | None, ...]) -> list[Any]:
    """Every method at every point of every pair of the table, for each step."""
    found = []
    for pair in json.loads((CASES / "derivatives.json").read_text(encoding="utf-8"))["pairs"]:
        program = sc.compile(sc.differentiate(sc.parse(pair["f"], parameters=["x"])))
        for x, _, _ in pair["points_x_f_d"]:
            for h in steps:
                found += sc.compare(program, at={"x": float(x)}, methods=list(METHODS), h=h).rows
    return [row for row in found if row.numeric is not None]


def predicted(found: list[Any]) -> None:
    """How many gaps are ruled by one part, and how far their predictions are off."""
    print("| method | slopes | one part rules | within 5 % | worst |\n| --- | --- | --- | --- | --- |")
    for method in METHODS:
        known = [r for r in found if r.method == method and r.predicted_error is not None and r.error]
        ruled = [
            r
            for r in known
            if max(abs(r.truncation), abs(r.round_off)) >= 10 * min(abs(r.truncation), abs(r.round_off))
        ]
        off = [abs(r.predicted_error / r.error - 1) for r in ruled]
        within = sum(o <= 0.05 for o in off)
        print(
            f"| {method} | {sum(r.method == method for r in found)} | {len(ruled)} | {within} | {100 * max(off):.2g} % |"
        )


def measured(found: list[Any]) -> None:
    """How near each method comes with its own step, and whether its own estimate holds."""
    print("\n| method | median error | worst | values | own estimate holds |\n| --- | --- | --- | --- | --- |")
    for method in METHODS:
        of_it = [r for r in found if r.method == method and math.isfinite(r.error)]
        off = np.array([abs(float(r.numeric - r.reference)) / max(1e-3, abs(float(r.reference))) for r in of_it])
        held = [abs(float(r.numeric - r.reference)) <= r.own_error for r in of_it if r.own_error is not None]
        told = f"{100 * np.mean(held):.1f} %" if held else ""
        values = np.mean([r.evaluations for r in of_it])
        print(f"| {method} | {np.median(off):.1e} | {off.max():.1e} | {values:.1f} | {told} |")


if __name__ == "__main__":
    predicted(rows(STEPS))
    measured(rows((None,)))
