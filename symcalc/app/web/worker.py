"""A process that answers requests and can be killed: a formula that hangs takes no more than its time.

worker = Worker(seconds=5)
worker.ask("derive", {"formula": "x^2"})          a document; a document with "error" where that is the answer

A thread cannot be stopped in Python; a process can. The parent imports neither SymPy nor NumPy, so the page is
there before they are.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

Document = dict[str, Any]

# How long a request that nobody waits for any more may hold up the next one.
SUPERSEDED = 1.0
_TICK = 0.02
# How long a process may take to be ready for its first question, on a machine that has much else to do.
STARTING = 60.0
READY: Document = {"ready": True}


def _serve(pipe: Connection, warm: bool) -> None:
    """What the process does: answers one request after the other until the pipe closes."""
    import signal

    # Ctrl-C is for the parent, which closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from symcalc.app.web.answers import WARMING, answer

    # The first question would wait for SymPy; the process waits for it before there is a question.
    if warm:
        answer("derive", WARMING)
    pipe.send(READY)
    while True:
        try:
            name, request = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(answer(name, request))


class Worker:
    """One process and its pipe, started when made and again whenever it had to be killed.

    Args:
        seconds: How long one request may take.
        warm: Whether it gets ready for its first question before there is one.
        latest: Whether a question is given up when a later one waits: while someone types, only the last counts.
    """

    def __init__(self, seconds: float, warm: bool = True, latest: bool = False) -> None:
        self.seconds, self.warm, self.latest = seconds, warm, latest
        self.killed = 0
        self._lock, self._waiting = threading.Lock(), 0
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._pipe, other = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(other, self.warm), daemon=True)
        self._process.start()
        self._ready = False
        other.close()

    def ask(self, name: str, request: Document) -> Document:
        """The answer to a request; after its time, the process is killed and the answer says so."""
        self._waiting += 1
        with self._lock:
            self._waiting -= 1
            try:
                self._await_ready()
                self._pipe.send((name, request))
                begun = time.monotonic()
                while not self._pipe.poll(_TICK):
                    spent = time.monotonic() - begun
                    if spent > self.seconds or (self.latest and self._waiting and spent > SUPERSEDED):
                        self._restart()
                        return _fault(
                            f"This took more than {self.seconds:g} seconds and was stopped: simplify the formula."
                        )
                found: Document = self._pipe.recv()
                return found
            except (EOFError, OSError):
                self._restart()
                return _fault("The process that derives ended unexpectedly and was started anew: try again.")

    def _await_ready(self) -> None:
        """Waits until the process has imported what it needs; that time is no fault of a question.

        Raises:
            EOFError: It ended, or is not ready after a minute.
        """
        if self._ready:
            return
        if not self._pipe.poll(STARTING):
            raise EOFError
        self._pipe.recv()
        self._ready = True

    def _restart(self) -> None:
        self.killed += 1
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self._start()

    def close(self) -> None:
        """Ends the process."""
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _fault(sentence: str) -> Document:
    return {"error": {"reason": sentence}}
