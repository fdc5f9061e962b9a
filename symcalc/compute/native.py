"""Loops made to run: Python source by `exec`, C by a compiler of this machine, or numba.

The only place where code is executed. It is printed from equations with private names; no text of a user's is in it.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import importlib.util
import math
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from symcalc.compute.meanings import BACKENDS
from symcalc.compute.native_words import numba_words
from symcalc.sources import code_cache
from symcalc.sources.processor import processor_flags

# No contraction of products and sums, and no power replaced: the bits are those of Python.
FLAGS = (
    "-O3", "-march=native", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off", "-fno-builtin-pow",
    "-fexcess-precision=standard",
)  # fmt: skip
_SECONDS = 60
_COUNT, _REAL, _REALS = ctypes.c_longlong, ctypes.c_double, ctypes.c_void_p


@functools.lru_cache(maxsize=64)
def python_loop(source: str) -> Callable[..., Any]:
    """The function `walk` of Python source."""
    names = dict(BACKENDS["math"]())
    names["floor"] = lambda u: float(math.floor(u))
    return _executed(source, names)


def _executed(source: str, names: dict[str, Any]) -> Callable[..., Any]:
    exec(compile(source, "<descent>", "exec"), names)
    function: Callable[..., Any] = names["walk"]
    return function


class Compiled:
    """The loops of a C library.

    Attributes:
        walk: One run, every step kept.
        many: Many runs, one after the other.
    """

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))
        self.walk, self.many = library.walk, library.many
        self.walk.restype = _COUNT
        self.walk.argtypes = [_COUNT, _REAL, _REAL, _REALS, _REALS, _COUNT, *[_REALS] * 6, _REAL]
        self.many.restype = None
        self.many.argtypes = [*[_COUNT] * 3, _REAL, *[_REALS] * 3, _COUNT, *[_REALS] * 9, _COUNT, _REAL]


def compiler() -> str | None:
    """The C compiler of this machine; None where there is none."""
    if os.name != "posix":
        return None
    named = os.environ.get("CC", "").split()
    return next((path for word in (*named[:1], "cc", "gcc", "clang") if (path := shutil.which(word))), None)


def has_numba() -> bool:
    """Whether numba is installed; it is not imported."""
    return importlib.util.find_spec("numba") is not None


@functools.lru_cache(maxsize=64)
def key_of(source: str, program: str) -> str:
    """What compiled code is kept under: the source, the compiler, how it is called and the kind of machine."""
    made = Path(program).resolve()
    seen = made.stat()
    parts = (source, str(made), str(seen.st_size), str(seen.st_mtime_ns), " ".join(FLAGS), *machine())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@functools.lru_cache(maxsize=1)
def machine() -> tuple[str, ...]:
    """What code compiled for this machine depends on, its processor's abilities included."""
    return (platform.system(), platform.machine(), platform.processor(), *platform.libc_ver(), *processor_flags())


def is_ready(source: str) -> bool:
    """Whether C source is compiled already, in this process or in the cache."""
    program = compiler()
    if program is None:
        return False
    key = key_of(source, program)
    return key in _loaded or code_cache.found(key) is not None


_loaded: dict[str, Compiled | None] = {}


def c_loops(source: str) -> Compiled | None:
    """The loops of C source, compiled once for each source and machine; None where that is not possible."""
    program = compiler()
    if program is None:
        return None
    key = key_of(source, program)
    if key not in _loaded:
        _loaded[key] = _cached(key) or _built(source, program, key)
    return _loaded[key]


def _cached(key: str) -> Compiled | None:
    content = code_cache.found(key)
    return None if content is None else _opened(content)


def _built(source: str, program: str, key: str) -> Compiled | None:
    def make(path: Path) -> bool:
        command = [program, *FLAGS, "-x", "c", "-", "-o", str(path), "-lm"]
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=_SECONDS, check=False)
        return done.returncode == 0

    try:
        content = code_cache.built(make)
    except (OSError, subprocess.SubprocessError):
        return None
    if content is None:
        return None
    code_cache.keep(key, content)
    return _opened(content)


def _opened(content: bytes) -> Compiled | None:
    try:
        # What is open stays usable when its file is removed.
        with code_cache.copied(content) as path:
            return Compiled(path)
    except (OSError, AttributeError):
        return None


@functools.lru_cache(maxsize=64)
def numba_loop(source: str) -> Callable[..., Any] | None:
    """The function `walk` by numba; None where numba is missing or does not manage."""
    try:
        import numba
    except ImportError:
        return None
    jit = numba.njit(error_model="numpy")
    compiled: Callable[..., Any] = jit(_executed(source, numba_words(jit)))
    return compiled
