"""How far the reading of a large file has come, on standard error; and what it takes on the disk."""

from __future__ import annotations

import sys
import time

from symcalc.app.progress import duration
from symcalc.sources.watching import Reading

_PATIENCE, _PAUSE = 1.0, 0.2
_WIDTH = 78


class Loading:
    """Called with each block of a large file: shows a line on a terminal, and says at the end what was stored."""

    def __init__(self) -> None:
        self._begun: float | None = None
        self._next = 0.0
        self._before = 0.0, 0

    def __call__(self, reading: Reading) -> None:
        now = time.monotonic()
        if self._begun is None:
            # How long the first block took is not known, so the rate is that of the blocks behind it.
            self._begun, self._next = now, now + _PATIENCE
            self._before = reading.share, reading.rows
        if reading.done:
            self._end(reading)
        elif now >= self._next and sys.stderr.isatty():
            self._next = now + _PAUSE
            self._write(f"\r{self._line(reading, now - self._begun)[:_WIDTH]:<{_WIDTH}}")

    def _line(self, reading: Reading, seconds: float) -> str:
        share, rows = reading.share - self._before[0], reading.rows - self._before[1]
        left = seconds * (1 - reading.share) / share if share > 0 else 0.0
        rate = rows / seconds if seconds > 0 else 0.0
        return (
            f"reading {reading.file}: {reading.share:.0%}, {reading.rows:,} rows, {rate:,.0f} rows/s, "
            f"about {duration(left)} left"
        )

    def _end(self, reading: Reading) -> None:
        if sys.stderr.isatty():
            self._write("\r" + " " * _WIDTH + "\r")
        self._begun = None
        plural = "" if reading.columns == 1 else "s"
        self._write(
            f"symcalc: {reading.file} was read in blocks: {reading.columns} column{plural} of {reading.rows:,} rows, "
            f"{size(reading.stored)} on the disk in {reading.folder}, removed at the end.\n"
        )

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            # Nobody is there to read it; the work goes on.
            return


def size(count: int) -> str:
    """Bytes in the unit that suits them: 48 MB."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
