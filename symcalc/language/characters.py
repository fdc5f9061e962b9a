"""Unicode: which characters read as what, and which are refused.

One rule each: a character either stands for itself, reads as another one (said in a note where it is not
plain), or is refused with what to type instead. No character is dropped, and no two names look the same
without a word about it.

cleaned("x × µ").text == "x * μ"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from symcalc.language.faults import Fault
from symcalc.notation import tree

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
# Read as ASCII without a word, or with a note where a reader may not expect it.
_PLAIN = {"≤": "<=", "≥": ">=", "≠": "!=", "ᵀ": ".T"}
_NOTED = {"×": "*", "·": "*", "⋅": "*", "−": "-"}
# Compatibility characters that are the same letter to everybody.
_SAME_LETTER = "µϐϑϕϖϰϱϵ"
# Marks that change a letter visibly; NFC joins most of them to it, but there is no single x̄ or β̂.
MARKS = "\u0300-\u0338"

_DASHES, _STARS, _SLASHES = "–—‐‑‒―﹣", "∗⁎✕✖⨯∙•⨉", "÷∕⁄"
_INSTEAD: dict[str, str] = {
    **dict.fromkeys(_DASHES, "write a minus sign -"),
    **dict.fromkeys(_STARS, "write *"),
    **dict.fromkeys(_SLASHES, "write /"),
    **dict.fromkeys("“”„‟‘’‚‛«»", "text in quotes is not part of a formula"),
    **dict.fromkeys("½⅓⅔¼¾⅛", "write a fraction such as 1/2"),
    **dict.fromkeys("‖∥", "write norm(x)"),
    "∑": "write sum(...)", "∏": "write prod(...)", "∞": "there is no infinity among the numbers",
    "∫": "there are no integrals", "∂": "type the loss; its derivatives are what is shown",
    "∇": "type the loss; its derivatives are what is shown", "∈": "there are no sets", "≈": "write ==",
    "′": "type the loss; its derivatives are what is shown", "∛": "write cbrt(x)", "∣": "write |x|",
    "⁻": "write a negative power as x^-1", "⁺": "write x^2", "←": "write =", "≔": "write =", "ª": "write a",
    "⟨": "write dot(u, v)", "⟩": "write dot(u, v)", "⊙": "write *", "∘": "write *", "⊤": "write x.T",
    "º": "write o", "\ufffd": "it stands for one that was lost when the text was decoded",
}  # fmt: skip
_SUGGESTED = {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_STARS, "*"), **dict.fromkeys(_SLASHES, "/"),
              "∑": "sum", "∏": "prod", "∛": "cbrt", "≔": "=", "←": "=", "⊙": "*", "⊤": ".T"}  # fmt: skip

# Letters that are drawn like Latin ones. A word of nothing else, or mixed with Latin letters, is refused.
_CYRILLIC = dict(zip("аеорсухіјѕһԁԛԝӏүАВЕКМНОРСТУХІЈЅҮԌ", "aeopcyxijshdqwlyABEKMHOPCTYXIJSYG"))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"))
_STRICT = {**_CYRILLIC, **_GREEK}
# Greek letters in daily use that resemble Latin ones: told apart in a note where both kinds occur.
_ALIKE = {**_STRICT, **dict(zip("ανορτυικγωχηϲϳ", "avoptuikywxncj"))}
# Letters that are drawn as nothing, or as a space.
_INVISIBLE = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f\u180b\u180c\u180d\u180f"

_UNUSUAL = re.compile(r"[^\t\n -~]")


@dataclass(frozen=True)
class Clean:
    """A text with every character read.

    Attributes:
        text: The text that is scanned: ASCII but for letters, √, raised and lowered digits and quoted names.
        offsets: For each code point of `text` the offset in the original; one more for its end. None
            where both are the same.
        notes: Sentences on what was read as what.
    """

    text: str
    offsets: tuple[int, ...] | None
    notes: tuple[str, ...]

    def original(self, offset: int) -> int:
        """The offset in the original text."""
        return offset if self.offsets is None else self.offsets[offset]


def shown(character: str) -> str:
    """A character as messages show it: escaped where it cannot be seen, with its code point."""
    code = f"U+{ord(character):04X}"
    visible = character.isprintable() and not character.isspace() and character not in _INVISIBLE
    if visible and not unicodedata.category(character).startswith("M"):
        return f"{character} ({code})"
    return code if ord(character) > 0xFF else f"{ascii(character)[1:-1]} ({code})"


def cleaned(text: str) -> Clean:
    """A text with every character read as one the scanner knows.

    Raises:
        Fault: A character is refused; the sentence names it and what to type instead.
    """
    if not _UNUSUAL.search(text):
        return Clean(text, None, ())
    pieces: list[str] = []
    offsets: list[int] = []
    notes: dict[str, None] = {}
    k, quoted = 0, False
    while k < len(text):
        end = k + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        read, note = _read(text, k, end, quoted)
        if note:
            notes[note] = None
        quoted = (quoted != (read == "`")) and read != "\n"
        pieces.append(read)
        offsets.extend([k] * len(read))
        k = end
    return Clean("".join(pieces), (*offsets, len(text)), tuple(notes))


def _read(text: str, start: int, end: int, quoted: bool) -> tuple[str, str]:
    """What one character with its combining marks reads as, and a note or ""."""
    c = text[start]
    if end == start + 1 and (" " <= c <= "~" or c in "\t\n"):
        return c, ""
    if c == "\r" and text[start + 1 : start + 2] == "\n":
        return " ", ""
    kind = unicodedata.category(c)
    if kind == "Zs" and end == start + 1:
        return (c if quoted else " "), ""
    if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") or any(_hidden(m) for m in text[start:end]):
        raise _refused(c if not _hidden(text[end - 1]) else text[end - 1], start, end)
    joined = unicodedata.normalize("NFC", text[start:end])
    if quoted or joined == "π":
        return joined, ""
    if joined != c and joined.isascii() and not joined.isalpha():
        # The Greek question mark is a semicolon to NFC.
        raise _refused(c, start, end)
    if len(joined) > 1:
        return _with_marks(joined, start, end)
    if kind.startswith("M"):
        raise Fault(f"The mark {shown(c)} stands here without a letter; remove it.", tree.Node(start, end))
    if joined in _NOTED:
        return _NOTED[joined], f"{joined} was read as {_NOTED[joined]}."
    if joined in _PLAIN:
        return _PLAIN[joined], ""
    if joined in SUPERSCRIPTS or joined in SUBSCRIPTS or joined in "√⁻":
        return joined, ""
    return _letter(joined, start, end)


def _with_marks(joined: str, start: int, end: int) -> tuple[str, str]:
    if joined[0].isalpha() and re.fullmatch(f"[{MARKS}]{{1,3}}", joined[1:]):
        return joined, ""
    mark = next((m for m in joined[1:] if not re.match(f"[{MARKS}]", m)), joined[-1])
    raise Fault(f"The mark {shown(mark)} cannot stand here; put a name that needs it in backticks.",
                tree.Node(start, end))  # fmt: skip


def _letter(c: str, start: int, end: int) -> tuple[str, str]:
    """A letter as itself or as the plain letter that it is a form of."""
    plain = unicodedata.normalize("NFKC", c)
    form = unicodedata.decomposition(c).partition(" ")[0]
    if c in _INSTEAD or unicodedata.category(c) in ("Nd", "No", "Nl"):
        raise _refused(c, start, end)
    if c in _SAME_LETTER or (form in ("<wide>", "<narrow>", "<font>") and len(plain) == 1):
        if plain.isalpha() or plain.isascii():
            return plain, f"{shown(c)} was read as {plain}."
    if plain == c and c.isalpha():
        return c, ""
    raise _refused(c, start, end)


def _hidden(c: str) -> bool:
    return c in _INVISIBLE or "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef"


def _refused(c: str, start: int, end: int) -> Fault:
    """Why a character is refused, and what to type instead."""
    kind = unicodedata.category(c)
    plain = unicodedata.normalize("NFKC", c)
    suggestion = _SUGGESTED.get(c)
    if c in _INSTEAD:
        reason = f"The character {shown(c)} is not part of the language; {_INSTEAD[c]}."
    elif kind == "Nd":
        suggestion = str(unicodedata.digit(c))
        reason = f"The digit {shown(c)} is not one of 0 to 9; write {suggestion}."
    elif c == "\r" or kind in ("Zl", "Zp") or c in "\x0b\x0c\x85":
        reason = f"The line break {shown(c)} is not an ordinary one; remove it or press Enter there."
    elif kind == "Cc":
        reason = f"The control character {shown(c)} cannot stand in a formula; remove it."
    elif unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"):
        reason = f"The invisible character {shown(c)} changes the direction of text; remove it."
    elif kind in ("Cf", "Cs", "Co", "Cn") or _hidden(c):
        reason = f"The invisible character {shown(c)} cannot stand in a formula; remove it."
    elif unicodedata.decomposition(c).startswith("<sub>"):
        reason = f"The subscript {shown(c)} is not read; write x_{plain} as a name or x[{plain}] as an index."
    elif unicodedata.decomposition(c).startswith("<super>"):
        reason = f"The superscript {shown(c)} is not read; write x^{plain}."
    elif plain != c and plain.isalnum():
        suggestion, reason = plain, f"The character {shown(c)} stands for {plain}; write {plain}."
    else:
        reason = f"The character {shown(c)} is not part of the language; remove it, or put a header in backticks."
    return Fault(reason, tree.Node(start, end), suggestion)


def confusable(word: str) -> tuple[int, str] | None:
    """Where a name can be taken for a Latin one, and the sentence about it; None where it cannot."""
    if word.isascii():
        return None
    latin = any(c.isascii() and c.isalpha() for c in word)
    for k, c in enumerate(word):
        # ο in a word of Greek letters is Greek; between Latin ones it poses as o.
        twin = _STRICT.get(c) or ("o" if c == "ο" and latin else None)
        if twin and (latin or all(w in _STRICT or not w.isalpha() for w in word)):
            script = "Cyrillic" if c in _CYRILLIC else "Greek"
            return k, f"The letter {shown(c)} is {script} and looks like {twin}; write {twin}."
    return None


def look_alikes(words: Iterable[str]) -> list[str]:
    """A sentence for each pair of different names that look the same."""
    sentences: list[str] = []
    seen: dict[str, str] = {}
    for word in dict.fromkeys(words):
        skeleton = "".join(_ALIKE.get(c, c) for c in unicodedata.normalize("NFKC", word))
        other = seen.setdefault(skeleton, word)
        if other != word:
            strange = next(c for c in word + other if not c.isascii() and (c not in word or c not in other))
            sentences.append(f"{other} and {word} look alike and are two names: {shown(strange)} is in one of them.")
        elif word == "ο":
            sentences.append("ο (U+03BF) was read as the Greek letter omicron, another name than o.")
    return sentences
