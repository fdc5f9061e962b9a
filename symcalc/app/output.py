"""The one place that prints: answers to standard output, everything else to standard error.

A command gets one `Output` as `out` and hands it text. What the terminal cannot show is written in
plain ASCII instead, so that printing never fails.
"""

from __future__ import annotations

import errno
import functools
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

import click

# What the views draw with beyond ASCII, and how it is written without.
PLAIN = str.maketrans(
    {
        "∂": "d", "·": "*", "×": "x", "←": "<-", "→": "->", "Σ": "sum", "ᵀ": ".T", "²": "^2", "³": "^3",
        "½": "1/2", "√": "sqrt", "η": "eta", "…": "...", "−": "-", "–": "-", "—": "-", "≤": "<=", "≥": ">=", "≠": "!=",
        "≈": "~", "±": "+-", "∞": "inf", "‖": "||", "│": "|", "─": "-", "•": "*", "✓": "ok", "’": "'", "‘": "'", "“": '"',
        "”": '"', "π": "pi", "λ": "lambda", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "\u00a0": " ", "\u2009": " ", "\u202f": " ",
    }
)  # fmt: skip
MOST_DIGITS = 17
_NEEDED = "∂·←Σᵀ²…"


class PipeClosed(Exception):
    """Whoever read standard output has left; what is still to be said goes nowhere, and the command may end."""


@dataclass(frozen=True)
class Output:
    """How a command's answer is written. Writing raises PipeClosed where nobody reads any more.

    Attributes:
        json: Whether the answer is one JSON document.
        ascii: Whether only ASCII is written.
        digits: Significant digits of numbers on the screen (JSON has them all); at most those of a float.
        asked: Digits asked for, where a command can give more than a float has.
    """

    json: bool = False
    ascii: bool = False
    digits: int = 6
    asked: int = 6

    @property
    def style(self) -> str:
        """What the views ask for: "text" or "ascii"."""
        return "ascii" if self.ascii else "text"

    @property
    def width(self) -> int:
        """Columns of the terminal, 80 where there is none."""
        return max(20, shutil.get_terminal_size((80, 24)).columns)

    def write(self, text: str = "") -> None:
        """A line (or several) of the answer."""
        _put(sys.stdout, text + "\n", self.ascii)

    def document(self, document: Mapping[str, Any]) -> None:
        """The answer as one JSON document; NaN and infinities must be words already."""
        _put(sys.stdout, self.json_text(document), False)

    def json_text(self, document: Mapping[str, Any]) -> str:
        """A document as text: one line an entry, numbers that read back as they were."""
        escaped = self.ascii or not _shows(sys.stdout, _NEEDED)
        return json.dumps(document, ensure_ascii=escaped, allow_nan=False, indent=1) + "\n"

    def tell(self, text: str) -> None:
        """A line for the person at the keyboard: progress, warnings; never part of the answer."""
        tell(text, self.ascii)

    def bold(self, text: str) -> str:
        """The text set off on a terminal; unchanged in a pipe, a file, or where NO_COLOR is set."""
        plain = not sys.stdout.isatty() or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return text if plain else f"\x1b[1m{text}\x1b[0m"

    def flush(self) -> None:
        """Shows what was written so far."""
        try:
            sys.stdout.flush()
        except OSError as error:
            raise _closed(error) from None


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --json, --ascii and --digits; the command gets them as `out`, an Output."""
    return output_options_up_to(MOST_DIGITS, "Significant digits on the screen.")(command)


def output_options_up_to(most: int, about: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same, for a command that may be asked for more digits than a float has.

    Args:
        most: The most digits that may be asked for.
        about: What --digits says of itself.
    """
    return functools.partial(_with_output, most=most, about=about)


def _with_output(command: Callable[..., Any], most: int, about: str) -> Callable[..., Any]:

    @functools.wraps(command)
    def with_output(*arguments: Any, json_: bool, ascii_: bool, digits: int, **options: Any) -> Any:
        limited = ascii_ or not _shows(sys.stdout, _NEEDED)
        return command(*arguments, out=Output(json_, limited, min(digits, MOST_DIGITS), digits), **options)

    for option in (
        click.option("--digits", type=click.IntRange(1, most), default=6, show_default=True, metavar="N",
                     help=about),
        click.option("--ascii", "ascii_", is_flag=True, help="Write plain ASCII only."),
        click.option("--json", "json_", is_flag=True, help="Write one JSON document."),
    ):  # fmt: skip
        with_output = option(with_output)
    return with_output


def tell(text: str, ascii_only: bool = False) -> None:
    """A line on standard error; a standard error that is gone is no fault of the answer."""
    try:
        _put(sys.stderr, text + "\n", ascii_only)
        sys.stderr.flush()
    except (OSError, ValueError, PipeClosed):
        return


def plain(text: str) -> str:
    """Text in ASCII: symbols as people type them, Greek letters by name, accents left out, ? for the rest."""
    return "".join(c if c.isascii() else _plain_letter(c) for c in text.translate(PLAIN))


@functools.cache
def _plain_letter(character: str) -> str:
    words = unicodedata.name(character, "").split()
    if words[:1] == ["GREEK"] and "LETTER" in words:
        letter = words[words.index("LETTER") + 1].lower()
        return letter.capitalize() if "CAPITAL" in words else letter
    base = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return base or ("" if unicodedata.combining(character) else "?")


def _put(stream: TextIO, text: str, ascii_only: bool) -> None:
    encoding = stream.encoding or "utf-8"
    if ascii_only:
        text = plain(text)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = plain(text)
    try:
        stream.write(text)
    except OSError as error:
        raise _closed(error) from None


def _closed(error: OSError) -> Exception:
    """PipeClosed for the errors that say so, with standard output led nowhere; else the error itself."""
    if error.errno not in (errno.EPIPE, errno.EINVAL, errno.ESHUTDOWN):
        return error
    lead_nowhere()
    return PipeClosed()


def lead_nowhere() -> None:
    """Standard output goes nowhere from here on, so that Python's last flush cannot fail either."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


def _shows(stream: TextIO, characters: str) -> bool:
    try:
        characters.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
