"""Names as LaTeX: Greek letters, hats, subscripts, upright words. `language.latex` reads them back."""

from __future__ import annotations

import re
from collections.abc import Collection

GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
).split()
GREEK_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", GREEK))
ACCENTS = {"hat": r"\hat", "tilde": r"\tilde"}
_ACCENTED = re.compile(rf"([A-Za-z]|{'|'.join(GREEK)})({'|'.join(ACCENTS)})")
_NUMBERED = re.compile(r"([^\W\d_]+)(_?)([0-9]+)")
_PARTED = re.compile(r"([^\W_]+)_(\w*[^\W_])")
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    **{c: f"\\{c}" for c in "#$%&_"},
}  # fmt: skip


def name(word: str, others: Collection[str] = (), below: str = "") -> str:
    """A name as LaTeX.

    Args:
        word: The name.
        others: Names that stand in the same formula: `x_1` is not set like `x1` where both occur.
        below: The indices of a slope ∂L/∂r: they stand with the name it is by.
    """
    partial = re.fullmatch(r"([d∂])(.+)/[d∂](.+)", word)
    if partial:
        sign = r"\partial " if partial[1] == "∂" else "d"
        lower = name(partial[3], others)
        lower = f"{{{lower}}}{below}" if below and "_" in lower else lower + below
        return rf"\frac{{{sign}{name(partial[2], others)}}}{{{sign}{lower}}}"
    word = "".join(GREEK_LETTERS.get(c, c) for c in word)
    plain = _letter(word)
    if plain is not None:
        return plain
    numbered = _NUMBERED.fullmatch(word)
    if numbered and not (numbered[2] and numbered[1] + numbered[3] in others):
        # x_1 looks like x1, and is read back as x_1.
        digits = rf"\mathrm{{{numbered[3]}}}" if numbered[2] else numbered[3]
        return f"{_base(numbered[1])}_{{{digits}}}"
    parted = _PARTED.fullmatch(word)
    if parted and not numbered and word.isascii():
        return rf"{_base(parted[1])}_{{\mathrm{{{escaped(parted[2])}}}}}"
    return upright(word)


def upright(word: str) -> str:
    """A word in upright letters; what is no plain word stands in \\text."""
    plain = all(c.isascii() and (c.isalnum() or c == "_") for c in word)
    return rf"\{'mathrm' if plain else 'text'}{{{escaped(word)}}}"


def escaped(word: str) -> str:
    """The characters of a word, as they stand inside braces."""
    return "".join(_ESCAPES.get(c, c) for c in word)


def index(letter: str) -> str:
    """One index as it stands in a subscript."""
    plain = len(letter) == 1 or not letter.isidentifier()
    return letter if plain else rf"\mathit{{{escaped(letter)}}}"


def _letter(word: str) -> str | None:
    """What needs no upright letters: a letter, a Greek letter, one with a hat."""
    if len(word) == 1 and word.isascii() and word.isalpha():
        return word
    if word in GREEK:
        return f"\\{word}"
    if word == "ell":
        return r"\ell"
    accented = _ACCENTED.fullmatch(word)
    return f"{ACCENTS[accented[2]]}{{{_letter(accented[1])}}}" if accented else None


def _base(word: str) -> str:
    return _letter(word) or upright(word)
