"""Small texts of the command line as values: `lam=0.1`, `w=[1,2]`, `X=tv,radio`, `W=50x64`, `m,b`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from symcalc.errors import InputError

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_RATIO = re.compile(r"[+-]?[0-9]{1,30}/[0-9]{1,30}")
_WORD = re.compile(r"[^\W\d]\w*")
_QUOTES = "`'\""


def assignments(texts: Iterable[str], option: str, example: str) -> dict[str, Any]:
    """Names and their numbers or lists of numbers.

    Args:
        texts: Comma lists of `name=value`.
        option: What messages call them.
        example: What messages show.

    Raises:
        InputError: A text is no assignment, or a name comes twice.
    """
    found: dict[str, Any] = {}
    for part in _all_parts(texts):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or not name or not value:
            raise InputError(f"{option} takes names and numbers, such as {example}; this is '{part.strip()}'.")
        name = _unquoted(name)
        if name in found:
            raise InputError(f"{option} gives {name} twice.")
        found[name] = _value(value, name, option)
    return found


def bindings(texts: Iterable[str]) -> dict[str, list[str]]:
    """Names and the headers they stand for: what follows `name=` up to the next `name=`.

    Raises:
        InputError: There is a header without a name, or a name without a header.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        name = ""
        for part in _parts(text):
            before, sign, after = part.partition("=")
            # A header may hold a sign of equality in quotes; a name is one plain word before the first.
            if sign and _WORD.fullmatch(before.strip()):
                name = before.strip()
                if name in found:
                    raise InputError(f"--columns binds {name} twice.")
                found[name] = []
                part = after
            if not name:
                raise InputError(f"--columns takes a name and headers, such as X=tv,radio; this is '{text}'.")
            if not part.strip():
                raise InputError(f"--columns gives {name} no header; write for example {name}=tv,radio.")
            found[name].append(_unquoted(part.strip()))
    return found


def shapes(texts: Iterable[str]) -> dict[str, tuple[int | str, ...]]:
    """Names and shapes: `W=50x64,v=3`; a size may be a single letter.

    Raises:
        InputError: A text is no shape.
    """
    found: dict[str, tuple[int | str, ...]] = {}
    for part in _all_parts(texts):
        name, sign, sizes = (piece.strip() for piece in part.partition("="))
        pieces = [piece.strip() for piece in re.split(r"[x×X*]", sizes.strip("()"))]
        if not sign or not name or not all(re.fullmatch(r"[1-9][0-9]{0,8}|[A-WYZa-wyz]", p) for p in pieces):
            raise InputError(f"--shape takes names and sizes, such as W=50x64,v=3; this is '{part.strip()}'.")
        if name in found:
            raise InputError(f"--shape gives {name} twice.")
        found[name] = tuple(int(p) if p.isdigit() else p for p in pieces)
    return found


def names(text: str | Iterable[str]) -> list[str]:
    """Names from one comma list, or several.

    Raises:
        InputError: There is none.
    """
    found = [_unquoted(part.strip()) for part in _all_parts([text] if isinstance(text, str) else text) if part.strip()]
    if not found:
        raise InputError("A list of names is empty; write for example m,b.")
    return list(dict.fromkeys(found))


def numbers(text: str, option: str, example: str) -> list[float]:
    """Numbers from one comma list: `0.1,0.5`.

    Raises:
        InputError: A text is no number, or there is none.
    """
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if not pieces or not all(map(_NUMBER.fullmatch, pieces)):
        raise InputError(f"{option} takes numbers, such as {example}; this is '{text}'.")
    return [float(piece) for piece in pieces]


def ranges(texts: Iterable[str], option: str = "--range") -> dict[str, tuple[float, float]]:
    """Names and from where to where: `x=-5..5,y=0..1`.

    Raises:
        InputError: A text is no range, or it does not rise.
    """
    found: dict[str, tuple[float, float]] = {}
    for part in _all_parts(texts):
        name, sign, span = (piece.strip() for piece in part.partition("="))
        ends = [piece.strip() for piece in span.split("..")]
        if not sign or not name or len(ends) != 2 or not all(map(_NUMBER.fullmatch, ends)):
            raise InputError(f"{option} takes names and ranges, such as x=-5..5; this is '{part.strip()}'.")
        low, high = (float(end) for end in ends)
        if not low < high:
            raise InputError(f"{option} of {name} goes from {ends[0]} to {ends[1]}; the first must be the smaller.")
        found[_unquoted(name)] = (low, high)
    return found


def _value(text: str, name: str, option: str) -> Any:
    if _NUMBER.fullmatch(text):
        number = float(text)
    elif _RATIO.fullmatch(text) and int(text.split("/")[1]):
        number = float(Fraction(text))
    elif text.startswith("["):
        return _list(text, name, option)
    else:
        raise InputError(f"{option} gives {name} the value '{text}', which is no number; write {name}=0.5.")
    if number in (float("inf"), float("-inf")):
        raise InputError(f"{option} gives {name} a value beyond the largest number, 1.8e308.")
    return number


def _list(text: str, name: str, option: str) -> Any:
    # JSON wants a digit on both sides of the point and no plus sign; people do not.
    tidy = re.sub(r"(?<![\d.])\+?(-?)\.(?=\d)", r"\g<1>0.", text)
    tidy = re.sub(r"(?<=\d)\.(?!\d)", ".0", re.sub(r"\+(?=\d)(?<![eE]\+)", "", tidy))
    try:
        value = json.loads(tidy)
    except (ValueError, RecursionError):
        value = None
    if value is None or not _rectangular(value):
        raise InputError(
            f"{option} gives {name} the list '{text}', which is no list of numbers; write {name}=[1,2], "
            "or [[1,2],[3,4]] for a matrix."
        )
    return value


def _rectangular(value: Any) -> bool:
    """Whether nested lists hold numbers and every list of a level is as long as the others."""
    if not isinstance(value, list):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return bool(value) and all(map(_rectangular, value)) and len({_shape(v) for v in value}) == 1


def _shape(value: Any) -> tuple[int, ...]:
    return (len(value), *_shape(value[0])) if isinstance(value, list) else ()


def _all_parts(texts: Iterable[str]) -> list[str]:
    return [part for text in texts for part in _parts(text)]


def _parts(text: str) -> list[str]:
    """The text cut at commas and semicolons outside brackets and quotes."""
    parts, depth, quote, current = [], 0, "", ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in _QUOTES and (character == "`" or not current.strip() or current.rstrip().endswith("=")):
            quote = character
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character in ",;" and depth <= 0:
            parts.append(current)
            current = ""
            continue
        current += character
    return [*parts, current] if current.strip() or not parts else parts


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in _QUOTES:
        return text[1:-1]
    return text
