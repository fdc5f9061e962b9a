"""Certified regressions: correct digits of every optimizer for least squares, beside SciPy's, by one command.

python tests/benchmarks/certified.py             writes docs/certified.md
"""

from __future__ import annotations

import json
import math
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
from scipy.optimize import least_squares

import symcalc as sc
from symcalc.compute.residuals import residuals_of

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "cases"
PAGE = ROOT / "docs" / "certified.md"

HEAD = """# Certified regressions

Correct significant digits of the worst parameter, on regressions whose answers the Statistical Reference Datasets of
NIST certify to 11 digits (nonlinear) and 15 digits (linear); both were refined to 25 digits and more, which is what is
compared with. 15 is all a 64-bit float has. The tables are written by `python tests/benchmarks/certified.py`, SciPy's
columns in the same run: `least_squares(method="lm")` with every tolerance at 1e-15, with the exact Jacobian and with
its own numeric one.

The polished column is the end that `--digits 20` gives, read from a file with the printed data.

"""


def digits(found: Any, certified: Sequence[str]) -> float:
    """Correct digits of the worst entry, at most 40."""
    worst = 40.0
    with mpmath.workdps(60):
        for x, text in zip(found, certified):
            exactly = mpmath.mpf(text)
            gap = abs((mpmath.mpf(x) - exactly) / (exactly if exactly else 1))
            worst = min(worst, 40.0 if gap == 0 else -float(mpmath.log10(gap)))
    return worst


def shown(value: float, most: float = 15) -> str:
    """A number of digits; 0 for none."""
    return f"{max(0.0, min(most, value)):.1f}" if math.isfinite(value) else "0.0"


def program(problem: Any, folder: str) -> Any:
    """The compiled loss over a file with the data as printed."""
    file = Path(folder) / f"{problem['name']}.csv"
    rows = [",".join(problem["columns"]), *(",".join(str(float(x)) for x in row) for row in problem["data"])]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    names = [p["name"] for p in problem["params"]]
    return sc.compile(sc.differentiate(sc.parse(problem["loss_text"], str(file), parameters=names)))


def peers(made: Any, start: Any) -> list[Any]:
    """Where SciPy ends, with the exact Jacobian and with its own."""
    residuals = residuals_of(made)
    ends = []
    for jacobian in (lambda p: residuals(p)[1], "2-point"):
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                found = least_squares(
                    lambda p: residuals(p)[0], start, jac=jacobian, method="lm",
                    ftol=1e-15, xtol=1e-15, gtol=1e-15, max_nfev=10_000,
                )  # fmt: skip
            ends.append([float(x) for x in found.x])
        except ValueError:
            ends.append([math.nan] * len(start))
    return ends


def row(made: Any, start: Any, certified: Sequence[str], deviations: Sequence[str]) -> list[str]:
    """One line of a table: symcalc, its steps, polished, deviations, SciPy twice."""
    trace = sc.descend(made, start, "levenberg-marquardt", steps=2000, tolerance=0, digits=20)
    own = digits([float(x) for x in made.layout.joined(trace.point)], certified)
    polished = trace.polished
    at_twenty = digits(list(polished.point.values()), certified) if polished.found else 0.0
    found = trace.ending.deviations
    errors = 0.0 if isinstance(found, str) or found is None else digits([float(x) for x in found.errors], deviations)
    others = [digits(end, certified) if all(map(math.isfinite, end)) else 0.0 for end in peers(made, start)]
    return [
        shown(own), str(len(trace.steps) - 1), shown(at_twenty, 20), shown(errors), *(shown(o) for o in others)
    ]  # fmt: skip


COLUMNS = "levenberg-marquardt | steps | polished | deviations | SciPy, exact Jacobian | SciPy, numeric Jacobian |"


def main() -> None:
    """Write the page."""
    nonlinear = json.loads((CASES / "nist_nonlinear.json").read_text(encoding="utf-8"))["problems"]
    linear = json.loads((CASES / "nist_linear.json").read_text(encoding="utf-8"))["problems"]
    lines = ["## Nonlinear", "", f"| problem | start | {COLUMNS}", "|---|---|" + "---:|" * 6]
    with tempfile.TemporaryDirectory() as folder:
        for problem in nonlinear:
            made = program(problem, folder)
            for number in ("1", "2"):
                start = np.array([float(p[f"start{number}"]) for p in problem["params"]])
                cells = row(made, start, problem["refined"]["params"], problem["refined"]["sd"])
                lines.append(f"| {problem['name']} | {number} | " + " | ".join(cells) + " |")
                print(lines[-1], flush=True)
        lines += ["", "## Linear", "", "All start at 0. The deviations of Wampler1 are exactly 0.", "",
                  f"| problem | {COLUMNS}", "|---|" + "---:|" * 6]  # fmt: skip
        for problem in linear:
            made = program(problem, folder)
            certified, deviations = ([p[key] for p in problem["params"]] for key in ("exact_25", "sd_25"))
            cells = row(made, np.zeros(len(certified)), certified, deviations)
            lines.append(f"| {problem['name']} | " + " | ".join(cells) + " |")
            print(lines[-1], flush=True)
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
