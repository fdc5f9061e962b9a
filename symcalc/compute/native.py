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
from typing import Any, TypeVar

from symcalc.compute.meanings import BACKENDS
from symcalc.compute.native_words import numba_words
from symcalc.sources import code_cache
from symcalc.sources.processor import processor_flags

# No contraction of products and sums, and no power replaced: the bits are those of Python. Numbers of one step are not
# put into one register, since each waits for the others.
FLAGS = (
    "-O3", "-march=native", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off", "-fno-builtin-pow",
    "-fexcess-precision=standard", "-fno-tree-slp-vectorize", "-fno-math-errno", "-fno-trapping-math",
)  # fmt: skip
# Rows besides: comparisons and roots may fill vectors, sums are kept side by side where the source says so, and two
# choices with one condition stay two blends.
ROW_FLAGS = (
    "-O3", "-march=native", "-std=gnu11", "-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno",
    "-fno-trapping-math", "-fno-thread-jumps", "-fopenmp-simd", "-w",
)  # fmt: skip
# Loops of strips say themselves what is written out; more looking for it only takes time.
STRIP_FLAGS = ("-O2", "-ftree-vectorize", *ROW_FLAGS[1:])
# Rows in float32: numbers in the source are float32 too.
SINGLE_FLAGS = ("-DSINGLE", "-fsingle-precision-constant")
_SECONDS = 60
Library = TypeVar("Library")
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

    def __init__(self, library: ctypes.CDLL) -> None:
        self.walk, self.many = library.walk, library.many
        self.walk.restype = _COUNT
        self.walk.argtypes = [_COUNT, _REAL, _REAL, _REALS, _REALS, _COUNT, *[_REALS] * 6, _REAL]
        self.many.restype = None
        self.many.argtypes = [*[_COUNT] * 3, _REAL, *[_REALS] * 3, _COUNT, *[_REALS] * 9, _COUNT, _REAL]


class CompiledRows:
    """A pass over rows of a C library.

    Attributes:
        walk: Takes stretches of rows until none is left; several threads may be in it at once.
        together: Puts the stretches together.
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        self.walk, self.together = library.walk, library.together
        self.walk.restype = self.together.restype = None
        self.walk.argtypes = [_REALS, *[_COUNT] * 3, *[_REALS] * 3]
        self.together.argtypes = [_COUNT, *[_REALS] * 2]


def compiler() -> str | None:
    """The C compiler of this machine; None where there is none."""
    if os.name != "posix":
        return None
    return _compiler(os.environ.get("CC", ""), os.environ.get("PATH"))


@functools.lru_cache(maxsize=8)
def _compiler(named: str, folders: str | None) -> str | None:
    words = (*named.split()[:1], "cc", "gcc", "clang")
    return next((path for word in words if (path := shutil.which(word, path=folders))), None)


def has_numba() -> bool:
    """Whether numba is installed; it is not imported."""
    return importlib.util.find_spec("numba") is not None


@functools.lru_cache(maxsize=64)
def key_of(source: str, program: str, flags: tuple[str, ...] = FLAGS) -> str:
    """What compiled code is kept under: the source, the compiler, how it is called and the kind of machine."""
    made = Path(program).resolve()
    seen = made.stat()
    parts = (source, str(made), str(seen.st_size), str(seen.st_mtime_ns), " ".join(flags), *machine())
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


_loaded: dict[str, Any] = {}


def c_loops(source: str) -> Compiled | None:
    """The loops of C source, compiled once for each source and machine; None where that is not possible."""
    return _made(source, FLAGS, Compiled)


def c_rows(source: str, flags: tuple[str, ...] = ROW_FLAGS) -> CompiledRows | None:
    """The pass over rows of C source, compiled once for each source and machine; None where that is not possible."""
    return _made(source, flags, CompiledRows)


def _made(source: str, flags: tuple[str, ...], kind: Callable[[ctypes.CDLL], Library]) -> Library | None:
    program = compiler()
    if program is None:
        return None
    key = key_of(source, program, flags)
    if key not in _loaded:
        content = code_cache.found(key)
        opened = None if content is None else _opened(content, kind)
        _loaded[key] = opened or _built(source, program, key, flags, kind)
    found: Library | None = _loaded[key]
    return found


def _built(
    source: str, program: str, key: str, flags: tuple[str, ...], kind: Callable[[ctypes.CDLL], Library]
) -> Library | None:
    def make(path: Path) -> bool:
        command = [program, *flags, "-x", "c", "-", "-o", str(path), "-lm"]
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=_SECONDS, check=False)
        return done.returncode == 0

    try:
        content = code_cache.built(make)
    except (OSError, subprocess.SubprocessError):
        return None
    if content is None:
        return None
    code_cache.keep(key, content)
    return _opened(content, kind)


def _opened(content: bytes, kind: Callable[[ctypes.CDLL], Library]) -> Library | None:
    try:
        # What is open stays usable when its file is removed.
        with code_cache.copied(content) as path:
            return kind(ctypes.CDLL(str(path)))
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
