"""Saving a run while it walks: every so often the file is written anew, whole or not at all."""

from __future__ import annotations

import os
import time
from typing import Protocol

from symcalc.descent.save import checkpoint_document, save
from symcalc.descent.stopping import StopReason
from symcalc.descent.trace import Trace
from symcalc.errors import InputError
from symcalc.sources.run_file import write_run

# Writing takes at most this share of the time.
SHARE = 0.1


class Making(Protocol):
    """A trace in the making."""

    def trace(self, reason: StopReason) -> Trace: ...


class Checkpoint:
    """Writes a run file now and then.

    Args:
        path: The file.
        every: Seconds between two writings; 0 writes after every step. Where a writing takes long, the pause
            is longer, so that writing takes a tenth of the time at most.
        making: The run.

    Raises:
        InputError: The pause is negative.
    """

    def __init__(self, path: str | os.PathLike[str], every: float, making: Making) -> None:
        if not every >= 0:
            raise InputError(f"save_every is {every}; it must be 0 seconds or more.")
        self.path, self.every, self.making = path, every, making
        self._next = time.monotonic() + every

    def passed(self) -> None:
        """A step was taken: write the file if it is time."""
        now = time.monotonic()
        if now < self._next:
            return
        write_run(self.path, checkpoint_document(self.making.trace(StopReason.INTERRUPTED)))
        done = time.monotonic()
        self._next = done + max(self.every, (done - now) * (1 / SHARE - 1)) if self.every else done

    def finish(self, trace: Trace) -> None:
        """The run has ended: write all of it."""
        save(trace, self.path)
