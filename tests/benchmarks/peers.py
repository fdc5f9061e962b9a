"""symcalc beside its peers, as one command that prints one table of ratios (above 1, symcalc is faster, or smaller).

python tests/benchmarks/peers.py                              all of it, on standard output
python tests/benchmarks/peers.py --only huber --only growth   works whose title has the word; gradients, growth, memory
python tests/benchmarks/peers.py --quick                      a hundredth of the size, to see that it works
python tests/benchmarks/peers.py --write docs/performance.md  writes the tables between the markers of a page too

All sides of a work must give the same value and gradient before they are timed; peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import statistics
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import gradient_cost
import growth
import memory
import page
from race import Disagreement, race, told
from work import Measured, Work

MODULES = ("few_numbers", "columns", "matrices", "whole_descents", "whole_fits")
QUICK = 0.01


def works() -> list[tuple[str, Work]]:
    """Every work with the module that lists it."""
    return [(module, work) for module in MODULES for work in importlib.import_module(module).WORKS]


def one(module: str, title: str, share: float) -> tuple[list[Measured], list[str]]:
    """One race, by name, so that another process can run it."""
    return race(next(w for m, w in works() if (m, w.title) == (module, title)), module, share)


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """The answer of a fresh process: no race inherits threads, memory or choices from the one before."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def asked(arguments: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="a word of a title, or gradients, growth, memory"
    )
    parser.add_argument("--quick", action="store_true", help="a hundredth of the size; the ratios mean nothing")
    parser.add_argument("--write", metavar="PAGE", type=Path, help="a page with the two markers")
    return parser.parse_args(arguments)


def tables(words: list[str] | None, share: float) -> str:
    """All tables that were asked for.

    Raises:
        Disagreement: Two sides of a work do not give the same numbers.
        ValueError: No work has such a name.
    """

    def meant(title: str) -> bool:
        return not words or any(word.lower() in title.lower() for word in words)

    lines: list[Measured] = []
    missing: list[str] = []
    about = page.machine()
    for module, work in works():
        if meant(work.title):
            told(work.title)
            found, absent = one(module, work.title, share) if share < 1 else apart(one, module, work.title, share)
            lines, missing = lines + found, missing + absent
    if meant("memory"):
        told(memory.TITLE)
        found, absent = memory.measured(share)
        lines, missing = lines + found, missing + absent
    made = [page.ratios(lines)] if lines else []
    if meant("gradients"):
        told("gradients of the catalogue")
        ratios = gradient_cost.found(share) if share < 1 else apart(gradient_cost.found, share)
        dearest = max(ratios, key=lambda name: ratios[name])
        made.append(page.costs(len(ratios), statistics.median(ratios.values()), ratios[dearest], dearest))
    if meant("growth"):
        made.append(page.curves(growth.measured(share) if share < 1 else apart(growth.measured, share)))
    if not made and not missing:
        raise ValueError(f"No work is called {' or '.join(words or [])}: leave --only out to see their titles.")
    return "\n".join([page.with_missing(about, missing), *made])


def main(arguments: list[str] | None = None) -> int:
    """Prints the tables, and writes them if asked."""
    given = asked(arguments)
    try:
        # The page is looked at first: a wrong one should not cost minutes.
        if given.write:
            page.placed(given.write.read_text(encoding="utf-8"), "")
        made = tables(given.only, QUICK if given.quick else 1.0)
        if given.write:
            given.write.write_text(page.placed(given.write.read_text(encoding="utf-8"), made), encoding="utf-8")
    except (Disagreement, ValueError, OSError) as fault:
        told(f"peers: {fault}")
        return 1
    print(made, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
