"""How far a long descent has come: one line on a terminal's standard error, gone when it ends."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_PATIENCE, _PAUSE = 1.0, 0.2


class Progress:
    """Shows steps as they are taken, on a terminal only and after a second; called with index and loss.

    Args:
        steps: How many steps there will be at most.

    Attributes:
        sampled: It need not be called after each step: a compiled descent calls it now and then.
    """

    sampled = True

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.shows = sys.stderr.isatty()
        self._begun = time.monotonic()
        self._next = self._begun + _PATIENCE
        self._first: int | None = None
        self._written = False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, index: int, loss: float) -> None:
        if self._first is None:
            self._first = index
        now = time.monotonic()
        if now < self._next or not self.shows:
            return
        self._next = now + _PAUSE
        done = index - self._first
        share = done / max(1, self.steps)
        left = (now - self._begun) * (1 - share) / share if share else 0.0
        text = f"step {index:,}, {share:.0%} done, about {duration(left)} left, loss {loss:.6g}"
        self._write(f"\r{text[:78]:<78}")
        self._written = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._written:
            self._write("\r" + " " * 78 + "\r")

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self.shows = False


def duration(seconds: float) -> str:
    """A time in the unit that suits it: 45 s, 12 min, 1.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
