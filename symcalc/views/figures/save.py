"""Writing a picture to a file."""

from __future__ import annotations

import os
from pathlib import Path

from symcalc.errors import InputError
from symcalc.sources.run_file import write_atomically
from symcalc.views.figures.picture import Picture
from symcalc.views.figures.rendering import FORMATS, rendered


def checked_format(path: str | os.PathLike[str]) -> str:
    """The format a path asks for by its ending.

    Raises:
        InputError: It is none of `rendering.FORMATS`.
    """
    ending = Path(path).suffix.lower().removeprefix(".")
    if ending in FORMATS:
        return ending
    has = f"not .{ending}" if ending else "and it has no ending"
    raise InputError(f"A picture is written as .png, .svg or .pdf, {has}: {path}")


def save(picture: Picture, path: str | os.PathLike[str]) -> None:
    """Write a picture as PNG, SVG or PDF, whole or not at all; its words go with it.

    Args:
        picture: What to write.
        path: Where to; the ending says the format.

    Raises:
        InputError: The ending is unknown, or the file cannot be written.
    """
    form = checked_format(path)
    write_atomically(path, rendered(picture.figure, form, picture.title, picture.alt))
