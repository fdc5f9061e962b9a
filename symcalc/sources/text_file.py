"""Files as text: the one place where a file is opened, with a sentence for everything that can go wrong."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from symcalc.errors import DataError

MEGABYTE = 1_000_000

# First bytes of files that people mistake for text, with what to do instead.
_SIGNATURES = {
    b"\xff\xfe": "is saved as UTF-16. Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
    b"\xfe\xff": "is saved as UTF-16. Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
    b"PK\x03\x04": "is a workbook or an archive. Open it in a spreadsheet and save it as CSV.",
    b"\xd0\xcf\x11\xe0": "is a workbook. Open it in a spreadsheet and save it as CSV.",
    b"PAR1": "is a Parquet file. Let its name end in .parquet.",
    b"\x1f\x8b": "is compressed. Unpack it first.",
}


def read_text(path: str | os.PathLike[str], limit: int | None = MEGABYTE) -> str:
    """A whole file as text; a byte order mark is dropped, line ends stay as they are.

    Args:
        path: Where the file is.
        limit: The most bytes it may have; None for any number.

    Raises:
        DataError: There is no such file, it cannot be read, is no UTF-8 text, or is too large.
    """
    return text_of(_content(path, limit), path)


def text_of(content: bytes, path: str | os.PathLike[str], lines: int = 0) -> str:
    """The bytes of a file, or of a part of it that begins behind so many lines, as text.

    Raises:
        DataError: It is no UTF-8 text.
    """
    for signature, reason in _SIGNATURES.items():
        if not lines and content.startswith(signature):
            raise DataError(f"{path} {reason}", str(path))
    if 0 in content:
        raise DataError(f"{path} is no text file, or is saved as UTF-16. Save it as UTF-8.", str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = lines + content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path} is not UTF-8 text (line {line}). Save it as UTF-8.", str(path)) from None


def first_bytes(path: str | os.PathLike[str], count: int | None) -> bytes:
    """The first bytes of a file, all of them for None.

    Raises:
        DataError: There is no such file, or it cannot be read.
    """
    if isinstance(path, bytes) or not isinstance(path, (str, os.PathLike)):
        raise DataError(f"A path is text, not {type(path).__name__}.")
    try:
        with Path(path).open("rb") as file:
            return file.read() if count is None else file.read(count)
    except FileNotFoundError:
        raise DataError(f"There is no file {path}. {nearest(Path(path))}", str(path)) from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder. Name a file in it.", str(path)) from None
    except PermissionError:
        reason = "is a folder. Name a file in it." if Path(path).is_dir() else "may not be read by you."
        raise DataError(f"{path} {reason}", str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{printable(path)} cannot be read: {reason}.", str(path)) from None


def _content(path: str | os.PathLike[str], limit: int | None) -> bytes:
    content = first_bytes(path, None if limit is None else limit + 1)
    if limit is not None and len(content) > limit:
        raise DataError(f"{path} has more than {limit:,} bytes, too many to be meant here.", str(path))
    return content


def nearest(path: Path) -> str:
    """Which files there are that could be meant, as a sentence."""
    folder = path.parent
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())[:10_000]
    except (OSError, ValueError):
        return f"There is no folder {printable(folder)} either."
    near = get_close_matches(path.name, names, n=3, cutoff=0.6)
    near = near or [name for name in names if path.suffix and name.endswith(path.suffix)][:5]
    if not near:
        return "Check the name and the folder."
    return f"Near it: {', '.join(near)}."


def printable(path: object) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))
