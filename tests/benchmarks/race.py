"""A race: the sides of a work agree on their numbers first, then take turns, so that a busy machine slows all alike."""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from work import OWN, Call, Measured, Work, parts

# A turn of a short call is many calls, or the clock would be what is measured.
LEAST_SECONDS = 0.02
# Turns of a slow call are fewer, but never below three.
MOST_SECONDS = 6.0


class Disagreement(Exception):
    """Two sides of a race do not give the same numbers."""


class Here:
    """A side in this process."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def found(self) -> list[Any]:
        """What one call gives, as vectors."""
        return parts(self.call())

    def seconds(self, count: int) -> float:
        """How long so many calls take."""
        call = self.call
        begun = time.perf_counter()
        for _ in range(count):
            call()
        return time.perf_counter() - begun

    def close(self) -> None:
        """Nothing to end."""


class Apart:
    """A side in a process of its own, which stands still while the others are timed."""

    def __init__(self, module: str, title: str, name: str, share: float) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, module, title, name, share), daemon=True)
        self.process.start()
        theirs.close()
        ready = self._heard()
        if isinstance(ready, str):
            self.close()
            raise ImportError(ready)

    def _heard(self) -> Any:
        try:
            return self.pipe.recv()
        except EOFError:
            raise RuntimeError("A peer's process ended before it answered; its message is above.") from None

    def found(self) -> list[Any]:
        """What one call gives, as vectors."""
        self.pipe.send(0)
        return self._heard()

    def seconds(self, count: int) -> float:
        """How long so many calls take there."""
        self.pipe.send(count)
        return self._heard()

    def close(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.join()


def _serve(pipe: Any, module: str, title: str, name: str, share: float) -> None:
    """Answer with numbers (for 0) or with the seconds of so many calls, until the pipe closes."""
    import importlib

    work = next(w for w in importlib.import_module(module).WORKS if w.title == title)
    try:
        side = Here(work.makers(share)[name]())
    except ImportError as missing:
        pipe.send(str(missing))
        return
    pipe.send(None)
    while True:
        try:
            count = pipe.recv()
        except EOFError:
            return
        pipe.send(side.seconds(count) if count else side.found())


def sides_of(work: Work, module: str, share: float) -> tuple[dict[str, Here | Apart], list[str]]:
    """The sides that are installed, ready and warm, symcalc first; and the names of those that are not."""
    sides: dict[str, Here | Apart] = {}
    missing = []
    for name, make in work.makers(share).items():
        try:
            sides[name] = Apart(module, work.title, name, share) if name in work.apart else Here(make())
        except ImportError:
            missing.append(name)
    return sides, missing


def check(work: Work, found: dict[str, list[Any]]) -> None:
    """All sides give symcalc's numbers.

    Raises:
        Disagreement: A side's numbers differ by more than the work allows.
    """
    own = found[OWN]
    for name, theirs in found.items():
        if len(theirs) != len(own) or any(np.shape(a) != np.shape(b) for a, b in zip(own, theirs)):
            raise Disagreement(f"{work.title}: {name} gives numbers of another shape than symcalc.")
        gap = max(float(np.max(np.abs(a - b)) / max(np.max(np.abs(a)), 1e-300)) for a, b in zip(own, theirs))
        # Written so that a gap which is no number fails too.
        if not gap <= work.agree:
            raise Disagreement(f"{work.title}: {name} is {gap:.1e} off symcalc; at most {work.agree:.0e} is allowed.")


def timed(seconds: Sequence[Callable[[int], float]], turns: int, least: float = LEAST_SECONDS) -> list[list[float]]:
    """Seconds a call of each side in each turn; the sides take turns."""
    counts = []
    for side in seconds:
        once = min(side(1), side(1))
        counts.append(max(1, int(least / max(once, 1e-8))))
        if once < 1e-4:
            counts[-1] = max(1, int(least / max(side(100) / 100, 1e-8)))
    times: list[list[float]] = [[] for _ in seconds]
    begun = time.perf_counter()
    for turn in range(turns):
        for side, count, spent in zip(seconds, counts, times):
            spent.append(side(count) / count)
        if turn >= 2 and time.perf_counter() - begun > MOST_SECONDS:
            break
    return times


def race(work: Work, module: str, share: float) -> tuple[list[Measured], list[str]]:
    """The lines of a work, a peer each; and which peers are not installed.

    Args:
        work: The work.
        module: The module that lists it, for sides in processes of their own.
        share: Share of the full size.

    Raises:
        Disagreement: The sides do not give the same numbers.
    """
    sides, missing = sides_of(work, module, share)
    try:
        check(work, {name: side.found() for name, side in sides.items() if name not in work.limits})
        quick = share < 1
        times = timed(
            [side.seconds for side in sides.values()], 3 if quick else work.turns, 1e-3 if quick else LEAST_SECONDS
        )
    finally:
        for side in sides.values():
            side.close()
    spent = dict(zip(sides, times))
    own = spent.pop(OWN)
    lines = [
        Measured(
            work.title, name, min(own), min(theirs), statistics.median(b / a for a, b in zip(own, theirs)),
            wanted=work.wanted.get(name), remark=work.remarks.get(name, ""),
        )
        for name, theirs in spent.items()
    ]  # fmt: skip
    return lines, missing


def told(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)
