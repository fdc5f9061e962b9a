"""What took long to make, kept between two processes by the hash of what it was made from: compiled code, answers.

Files lie in the user's own cache folder (`$XDG_CACHE_HOME/symcalc/native`, else `~/.cache/symcalc/native`; answers in
`answers` beside it). Each is written whole or not at all and ends with its own hash, so that a damaged file is never loaded. Where the folder
cannot be written, or others could write to it, nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NATIVE, ANSWERS = "native", "answers"
_HASH = 32
_FORBIDDEN = stat.S_IWGRP | stat.S_IWOTH
_MOST_FILES = 512


def folder(kind: str = NATIVE) -> Path | None:
    """The folder of a kind, made where it is missing; None where it cannot be used safely."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        # As the base directory specification has it, a relative path counts as none.
        root = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
        place = root / "symcalc" / kind
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.stat()
    except (OSError, RuntimeError):
        return None
    own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    safe = own and not found.st_mode & _FORBIDDEN and os.access(place, os.W_OK | os.X_OK)
    return place if safe else None


def found(key: str, kind: str = NATIVE) -> bytes | None:
    """What is kept under a key, if it is whole; a damaged file is removed."""
    place = folder(kind)
    if place is None:
        return None
    path = place / f"{key}.so"
    try:
        content = path.read_bytes()
        if len(content) > _HASH and hashlib.sha256(content[:-_HASH]).digest() == content[-_HASH:]:
            return content[:-_HASH]
        path.unlink(missing_ok=True)
    except OSError:
        pass
    return None


def keep(key: str, content: bytes, kind: str = NATIVE) -> None:
    """Keep something under a key, where that is possible."""
    place = folder(kind)
    if place is None:
        return
    try:
        handle, name = tempfile.mkstemp(dir=place, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content + hashlib.sha256(content).digest())
            Path(name).replace(place / f"{key}.so")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _make_room(place)
    except OSError:
        return


@contextmanager
def copied(content: bytes) -> Iterator[Path]:
    """A file of one's own with some content, for as long as the block runs.

    Code is loaded from it and never from the cache itself: what was checked is what runs, and nobody who writes to the
    cache meanwhile can hurt a running process.
    """
    with tempfile.TemporaryDirectory(prefix="symcalc-") as place:
        path = Path(place) / "code.so"
        path.write_bytes(content)
        yield path


def built(make: Callable[[Path], bool]) -> bytes | None:
    """What a maker writes to the path it is given; None where it says it failed."""
    with tempfile.TemporaryDirectory(prefix="symcalc-") as place:
        path = Path(place) / "code.so"
        return path.read_bytes() if make(path) and path.exists() else None


def _make_room(place: Path) -> None:
    """Remove the oldest files beyond a fixed number."""
    files = sorted(place.glob("*.so"), key=lambda path: path.stat().st_mtime)
    for path in files[: max(0, len(files) - _MOST_FILES)]:
        path.unlink(missing_ok=True)
