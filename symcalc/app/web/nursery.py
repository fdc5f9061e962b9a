"""Processes that are ready at once: one imports everything and is never asked; the others are forks of it.

nursery = Nursery()
child = nursery.child()          a Connection to a process that answers, and its id

SymPy and the rest take a second and more to import. The first process does that once; a process that had to be killed is
replaced by another fork within milliseconds. Where there is no fork (Windows) every process imports for itself.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import secrets
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

# How long the first process may take to be ready, on a machine that has much else to do.
STARTING = 60.0
READY = "ready"
_FORKS = hasattr(os, "fork")
# Not multiprocessing's own way, which would run the user's script once more in the new process.
_BEGIN = "import sys, json; told = json.loads(input()); sys.path[:] = told.pop('path'); from symcalc.app.web import nursery; nursery.{0}(**told)"


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
        self._process = _begun("parent_of_all", self._listener.address, self._secret)
        self._control: Connection | None = None

    def child(self) -> Child:
        """A new process that is ready to answer.

        Raises:
            EOFError: There is none: the nursery is closed, or the first process cannot start.
        """
        with self._lock:
            try:
                return self._born()
            except (EOFError, OSError):
                # The first process is gone; one more try with another.
                self._end()
                if self._closed:
                    raise EOFError from None
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
        while waiting.is_alive() and waited < STARTING and self._process.poll() is None and not self._closed:
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
        self._process.wait()

    def close(self) -> None:
        """Ends the first process; its forks end with their own pipes."""
        # Whoever waits for a process gives up now.
        self._closed = True
        with self._lock:
            self._end()


def _begun(name: str, address: Any, secret: bytes) -> subprocess.Popen[str]:
    """A process of its own that begins with a function of this module.

    It has a session of its own: Ctrl-C is for the server, which closes the pipes.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _BEGIN.format(name)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    with process.stdin, contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps({"path": sys.path, "address": address, "secret": secret.hex()}) + "\n")
    return process


def _accept(listener: Listener) -> Any:
    try:
        return listener.accept()
    except (OSError, EOFError, multiprocessing.AuthenticationError):
        return None


def parent_of_all(address: Any, secret: str) -> None:
    """What the first process does: gets ready, then makes a process for each word it hears."""
    # Where there are no sessions (Windows).
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _FORKS:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        _warm("derive")
    try:
        control = Client(address, authkey=bytes.fromhex(secret))
    except (EOFError, OSError):
        return  # the server ended meanwhile
    cold = _FORKS
    while True:
        try:
            control.recv()
        except (EOFError, OSError):
            return
        if not _FORKS:
            _begun("child", address, bytes.fromhex(secret))
        elif os.fork() == 0:
            control.close()
            try:
                child(address, secret)
            finally:
                os._exit(0)
        elif cold:
            # The first fork derives meanwhile; what walks is wanted next.
            _warm("bench")
            cold = False


def _warm(name: str) -> None:
    """Imports whatever an answer needs, by giving it once."""
    import gc

    # Nothing that is imported is ever garbage: looking for it takes a fifth of the time.
    gc.disable()
    from symcalc.app.web.answers import answer
    from symcalc.app.web.beginning import FIRST

    answer(name, FIRST)
    gc.freeze()
    gc.enable()


def child(address: Any, secret: str) -> None:
    """What every other process does: answers one request after the other until its pipe closes."""
    from symcalc.app.web.answers import answer
    from symcalc.app.web.running import RUNS, told

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Client(address, authkey=bytes.fromhex(secret))
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
