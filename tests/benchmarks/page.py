"""The tables of the peers in Markdown, with the machine they were measured on, and their place on a page."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from growth import Grown
from libraries import versions
from work import OWN, Measured

BEGIN, END = "<!-- peers -->", "<!-- end of peers -->"


def table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "".join(f"| {' | '.join(line)} |\n" for line in (header, ["---"] * len(header), *lines))


def shown(amount: float, unit: str = "s") -> str:
    """Seconds in their natural unit, or MiB."""
    if unit != "s":
        return f"{amount:.3g} {unit}"
    for size, name in ((1.0, "s"), (1e-3, "ms")):
        if amount >= size:
            return f"{amount / size:.3g} {name}"
    return f"{amount / 1e-6:.3g} µs"


def factor(ratio: float) -> str:
    """A ratio with two digits after the point where it is small."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"


def remark(line: Measured) -> str:
    """What is said of a line that falls short, by the least times."""
    if line.wanted is None:
        return line.remark if line.ratio < 1 else ""
    if line.ratio >= line.wanted:
        return ""
    return f"short: {line.remark}" if line.remark else "short"


def ratios(lines: Sequence[Measured]) -> str:
    """The table of ratios; the name of a work stands in its first line."""
    told = ""
    cells = []
    for line in lines:
        cells.append([
            line.work if line.work != told else "", line.peer, shown(line.own, line.unit), shown(line.theirs, line.unit),
            factor(line.ratio), "" if line.median is None else factor(line.median),
            "" if line.wanted is None else f"{line.wanted:,g}", remark(line),
        ])  # fmt: skip
        told = line.work
    return table(("work", "peer", "symcalc", "peer takes", "peer / symcalc", "median", "wanted", "remark"), cells)


def costs(count: int, median: float, greatest: float, dearest: str) -> str:
    """What gradients cost, and the bound reverse accumulation sets."""
    verdict = "" if greatest <= 4 and median <= 2.5 else "short"
    line = (
        f"{count} formulas of the catalogue",
        f"{median:.2f}",
        f"{greatest:.1f} (`{dearest}`)",
        "4 at most, median 2.5",
        verdict,
    )
    return table(("time of value and gradient over value alone", "median", "greatest", "wanted", "remark"), [line])


def curves(lines: Sequence[Grown]) -> str:
    """How costs grow; a side that is not installed leaves its cells empty."""
    cells = []
    told = ""
    for line in lines:
        times = [
            shown(side[name]) if name in side else "" for side in (line.first, line.call) for name in (OWN, "JAX jit")
        ]
        ratio = factor(line.call["JAX jit"] / line.call[OWN]) if "JAX jit" in line.call else ""
        cells.append([line.what if line.what != told else "", f"{line.size:,}", *times, ratio])
        told = line.what
    return table(
        ("growing", "size", "symcalc, first answer", "JAX, first answer", "symcalc, a call", "JAX, a call", "JAX / symcalc"),
        cells,
    )  # fmt: skip


def processor() -> str:
    """What the machine calls its processor."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text(encoding="utf-8")) if info.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def machine() -> str:
    """The machine, its load as the command begins, the versions, the day."""
    load = f"load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else "load unknown"
    known = ", ".join(f"{name} {number}" for name, number in versions().items())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {processor()}, {os.cpu_count()} cores, {load}; "
        f"Python {platform.python_version()}, {known}.\n"
    )


def with_missing(about: str, missing: Iterable[str]) -> str:
    """What is said of the machine, and which peers are not installed."""
    names = ", ".join(sorted(set(missing)))
    return f"{about}Not installed: {names}.\n" if names else about


def placed(text: str, tables: str) -> str:
    """A page with the part between the two markers replaced.

    Raises:
        ValueError: The page does not hold the two markers.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page has no place for the tables: put the lines {BEGIN} and {END} where they belong.")
    return f"{before}{begin}\n{tables}{end}{after}"
