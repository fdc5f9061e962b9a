"""Who is told how far the reading of a large file has come; nobody is, unless somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """How far the reading of a large file has come.

    Attributes:
        file: The file's name as given.
        columns: How many of its columns are read.
        rows: Rows read so far.
        share: How much of the file has been read, from 0 to 1.
        stored: Bytes written to private files so far.
        folder: Where these files are.
        done: Whether this is the end.
    """

    file: str
    columns: int
    rows: int
    share: float
    stored: int
    folder: str
    done: bool = False


Watch = Callable[[Reading], None]
_watches: list[Watch] = []


@contextmanager
def watched(by: Watch) -> Iterator[None]:
    """Files read inside tell `by` how far they have come."""
    _watches.append(by)
    try:
        yield
    finally:
        _watches.remove(by)


def tell(reading: Reading) -> None:
    """Tells everybody who watches."""
    for watch in _watches:
        watch(reading)
