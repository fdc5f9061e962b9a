"""Identifiers for printed code: the user's names where Python allows them, a trailing underscore where not."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable
from typing import Any

from symcalc.equations import Name
from symcalc.views.numpy_words import HELPERS

FUNCTIONS = ("value_and_gradient", "hessian")
_RESERVED = {"np", "special", *FUNCTIONS, *(helper.name for helper in HELPERS.values())}
_CHANGE = "change of "


class Identifiers:
    """Words for whatever has to be named, each given once and to one thing only."""

    def __init__(self) -> None:
        self._words: dict[Any, str] = {}
        self._taken: set[str] = set()

    def word(self, key: Any, wanted: str) -> str:
        """The word of a thing: `wanted`, or something like it where that cannot be or is taken."""
        if key not in self._words:
            word = identifier(wanted)
            while word in self._taken:
                word += "_"
            self._taken.add(word)
            self._words[key] = word
        return self._words[key]

    def same(self, key: Any, word: str) -> None:
        """Lets a thing go by a word that is in use."""
        self._words.setdefault(key, word)


def identifier(wanted: str) -> str:
    """A text as a Python identifier that no keyword or function of the printed code has."""
    plain = unicodedata.normalize("NFKC", wanted)
    word = "".join(c if c.isidentifier() or f"a{c}".isidentifier() else "_" for c in plain)
    if not word.isidentifier():
        word = f"_{word}"
    return f"{word}_" if keyword.iskeyword(word) or word in _RESERVED else word


def title(name: Name, loss: str, wrt: str = "") -> str:
    """What a name is to be called in code: r, dL_dr, and along the way to second derivatives dr_dm, d2L_dr_dm.

    Args:
        name: The name.
        loss: Name of the loss.
        wrt: What a change is taken by.
    """
    if name.kind != "derivative":
        return name.name
    text = name.name.removeprefix(_CHANGE)
    if text == name.name:
        return _slope(text)
    first = _slope(text)
    return f"d2{first[1:]}_d{wrt}" if first.startswith(f"d{loss}_d") and text != first else f"d{first}_d{wrt}"


def _slope(text: str) -> str:
    """∂L/∂r, or dL/dr, as dL_dr."""
    return text.replace("∂", "d").replace("/", "_")


def second(loss: str, p: str, q: str) -> str:
    """What a block of the Hessian is called: d2L_dw2, d2L_dm_db."""
    return f"d2{loss}_d{p}2" if p == q and not p[-1].isdigit() else f"d2{loss}_d{p}_d{q}"


def joined(words: Iterable[str]) -> str:
    """Words as a list in a sentence: m, b and c."""
    every = list(words)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"
