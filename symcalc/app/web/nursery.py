"""Processes that are ready at once: one imports everything and is never asked; the others are forks of it.

nursery = Nursery()
child = nursery.child()          a Connection to a process that answers, and its id

SymPy and the rest take a second and more to import. The first process does that once; a process that had to be killed is
replaced by another fork within milliseconds. Where there is no fork (Windows) every process imports for itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import secrets
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

# How long the first process may take to be ready, on a machine that has much else to do.
STARTING = 60.0
READY = "ready"
_FORKS = hasattr(os, "fork")


@dataclass(frozen=True)
class Child:
    """A process that answers.

    Attributes:
        pipe: Where it is asked: (name, request) → document.
        pid: Its id.
    """

    pipe: Any
    pid: int

    def kill(self) -> None:
        """Ends it at once, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        self.pipe.close()


class Nursery:
    """The process that all others come from; started when made."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._closed = False
        self._start()

    def _start(self) -> None:
        self._listener = Listener(None, authkey=self._secret)
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(
            target=_parent_of_all, args=(self._listener.address, self._secret), daemon=_FORKS
        )
        with _deaf_to_ctrl_c():
            self._process.start()
        self._control: Connection | None = None

    def child(self) -> Child:
        """A new process that is ready to answer.

        Raises:
            EOFError: There is none: the nursery is closed, or the first process cannot start.
        """
        with self._lock:
            if self._closed:
                raise EOFError
            try:
                return self._born()
            except (EOFError, OSError):
                # The first process is gone; one more try with another.
                self._end()
                self._start()
                return self._born()

    def _born(self) -> Child:
        if self._control is None:
            self._control = self._accepted()
        self._control.send(READY)
        pipe = self._accepted()
        return Child(pipe, int(pipe.recv()))

    def _accepted(self) -> Any:
        """The next process that calls.

        Raises:
            EOFError: None calls, or the first process ended before.
        """
        found: list[Any] = []
        waiting = threading.Thread(target=lambda: found.append(_accept(self._listener)), daemon=True)
        waiting.start()
        waited = 0.0
        while waiting.is_alive() and waited < STARTING and self._process.is_alive():
            waiting.join(0.05)
            waited += 0.05
        waiting.join(0.05)
        if not found or found[0] is None:
            raise EOFError
        return found[0]

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        self._listener.close()
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Ends the first process; its forks end with their own pipes."""
        with self._lock:
            self._closed = True
            self._end()


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A process that is started within never hears Ctrl-C, not even before its first line of Python.

    The mask of blocked signals is inherited. Ctrl-C is for the server, which closes the pipes.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Its start would unblock the signal again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _accept(listener: Listener) -> Any:
    try:
        return listener.accept()
    except (OSError, EOFError, multiprocessing.AuthenticationError):
        return None


def _parent_of_all(address: Any, secret: bytes) -> None:
    """What the first process does: gets ready, then makes a process for each word it hears."""
    import gc

    # Where the mask of signals is not inherited (Windows).
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _FORKS:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        # Nothing that is imported is ever garbage: looking for it takes a fifth of the time.
        gc.disable()
        from symcalc.app.web.answers import WARMING, answer

        answer("derive", WARMING)
        gc.freeze()
        gc.enable()
    try:
        control = Client(address, authkey=secret)
    except (EOFError, OSError):
        return  # the server ended meanwhile
    while True:
        try:
            control.recv()
        except (EOFError, OSError):
            return
        if not _FORKS:
            multiprocessing.get_context("spawn").Process(target=_child, args=(address, secret)).start()
        elif os.fork() == 0:
            control.close()
            try:
                _child(address, secret)
            finally:
                os._exit(0)


def _child(address: Any, secret: bytes) -> None:
    """What every other process does: answers one request after the other until its pipe closes."""
    from symcalc.app.web.answers import answer
    from symcalc.app.web.running import RUNS, told

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Client(address, authkey=secret)
    pipe.send(os.getpid())
    while True:
        try:
            name, request = pipe.recv()
            if name in RUNS:
                told(name, request, pipe.send)
                pipe.send(None)
            else:
                pipe.send(answer(name, request))
        except (EOFError, OSError):
            return
