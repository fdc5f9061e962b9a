"""A process that answers requests and can be killed: a formula that hangs takes no more than its time.

worker = Worker(Nursery(), seconds=5)
worker.ask("derive", {"formula": "x^2"})          a document; a document with "error" where that is the answer

A thread cannot be stopped in Python; a process can. The parent imports neither SymPy nor NumPy, so the page is
there before they are.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from symcalc.app.web.nursery import Child, Nursery

Document = dict[str, Any]

# How long a question may take while someone types.
SECONDS = 5.0
# How long a request that nobody waits for any more may hold up the next one.
SUPERSEDED = 1.0
_TICK = 0.02


class Worker:
    """One process at a time, and another whenever it had to be killed.

    Args:
        nursery: Where processes come from.
        seconds: How long one request may take, or one run may be silent.
        latest: Whether a question is given up when a later one waits: while someone types, only the last counts.
    """

    def __init__(self, nursery: Nursery, seconds: float, latest: bool = False) -> None:
        self.nursery, self.seconds, self.latest = nursery, seconds, latest
        self.killed = 0
        self._lock, self._waiting = threading.Lock(), 0
        self._child: Child | None = None

    def ask(self, name: str, request: Document) -> Document:
        """The answer to a request; after its time, the process is killed and the answer says so."""
        self._waiting += 1
        with self._lock:
            self._waiting -= 1
            try:
                pipe = self._ready().pipe
                pipe.send((name, request))
                begun = time.monotonic()
                while not pipe.poll(_TICK):
                    spent = time.monotonic() - begun
                    if spent > self.seconds or (self.latest and self._waiting and spent > SUPERSEDED):
                        self.kill()
                        return _too_long(self.seconds)
                found: Document = pipe.recv()
                return found
            except (EOFError, OSError):
                self.kill()
                return fault("The process that derives ended unexpectedly and was started anew: try again.")

    def _ready(self) -> Child:
        """The process; a new one where there is none.

        Raises:
            EOFError: None can be started.
        """
        if self._child is None:
            self._child = self.nursery.child()
        return self._child

    def kill(self) -> None:
        """Ends the process, whatever it does; the next request gets another."""
        child, self._child = self._child, None
        if child is not None:
            self.killed += 1
            child.kill()


class Run:
    """A run that tells of itself while it goes on.

    Args:
        worker: Whose process it takes; a run that still goes on there is stopped.
        name: What is run.
        request: What the page says of it.
    """

    def __init__(self, worker: Worker, name: str, request: Document) -> None:
        self.worker, self.stopped = worker, False
        self._child = None
        try:
            self._child = worker._ready()
            self._child.pipe.send((name, request))
        except (EOFError, OSError):
            worker.kill()

    def next(self) -> Document | None:
        """The next document; None at the end."""
        if self._child is None:
            return None
        try:
            begun = time.monotonic()
            while not self._child.pipe.poll(_TICK):
                if time.monotonic() - begun > self.worker.seconds:
                    self.stop()
                    return _too_long(self.worker.seconds)
            found: Document | None = self._child.pipe.recv()
        except (EOFError, OSError):
            said = None if self.stopped else fault("The process that runs ended unexpectedly: try again.")
            self.stop()
            return said
        if found is None:
            self._child = None
        return found

    def stop(self) -> None:
        """Ends it at once; nothing happens where it has ended."""
        if self._child is not None and not self.stopped:
            self.stopped = True
            self.worker.kill()
        self._child = None if self.stopped else self._child


def fault(sentence: str) -> Document:
    """A document that says what is wrong."""
    return {"error": {"reason": sentence}}


def _too_long(seconds: float) -> Document:
    return fault(f"This took more than {seconds:g} seconds and was stopped: simplify the formula.")
