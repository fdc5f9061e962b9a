"""Characters to tokens: numbers, words, operators, brackets.

A word directly before "(" is a token of its own (a call), newlines inside brackets are spaces, and what
only looks like a token of the language (`0x10`, `5%`, `\\frac`) is refused on the spot. A fault does not
stop the reading of what stands before it: it comes back with the tokens, so that the first fault in
reading order is the one reported.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from symcalc.language import strangers
from symcalc.language.characters import MARKS, SUBSCRIPTS, SUPERSCRIPTS, Clean, confusable, look_alikes
from symcalc.language.faults import Fault
from symcalc.language.limits import Limits
from symcalc.notation import tree


@dataclass(slots=True)
class Token:
    """One token; `start` and `end` are offsets in the original text, `text` is what was read there."""

    type: str
    text: str
    start: int
    end: int


TYPES = {
    "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "@": "AT", "^": "POWER", "**": "POWER",
    "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", "|": "BAR", ",": "_COMMA", "=": "EQUAL",
    "√": "ROOT", ".": "DOT", **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), "COMPARE"),
}  # fmt: skip
_CLOSING = {")": "(", "]": "["}
# `\w` takes raised and lowered digits for letters.
_RAISED, _LOWERED = "".join(SUPERSCRIPTS), "".join(SUBSCRIPTS)
_LOWER = str.maketrans(SUBSCRIPTS)
_TOKEN = re.compile(
    rf"""(?P<blank>[ \t]+)
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>[^\W\d{_RAISED}{_LOWERED}](?:[^\W{_RAISED}]|[{MARKS}])*)
    |(?P<quoted>`[^`\n]*`)
    |(?P<transpose>\.[ \t]*T(?![^\W{_RAISED}]|[{MARKS}]))
    |(?P<superscript>[{_RAISED}]+)
    |(?P<operator>\*\*|//|<<|>>|<=|>=|==|!=|:=|[-+*/^@()\[\]|,=<>.√])
    |(?P<separator>[;\n])""",
    re.VERBOSE,
)
_EXPONENT = re.compile(r"[eE]([+-]?)([0-9]+)")


def scanned(clean: Clean, limits: Limits) -> tuple[list[Token], Fault | None, list[str]]:
    """The tokens of a text, the fault that ended them (or None), and notes."""
    scan = _Scan(clean, limits)
    try:
        scan.run()
    except Fault as fault:
        return scan.tokens, fault, []
    return scan.tokens, None, [*scan.notes, *look_alikes(scan.words)] if scan.strange else []


class _Scan:
    """One pass over one text."""

    def __init__(self, clean: Clean, limits: Limits) -> None:
        self.clean, self.text, self.limits = clean, clean.text, limits
        self.tokens: list[Token] = []
        self.open: list[Token] = []
        self.words: dict[str, None] = {}
        self.notes: list[str] = []

    @property
    def strange(self) -> bool:
        return self.clean.offsets is not None

    def run(self) -> None:
        k, text = 0, self.text
        while k < len(text):
            match = _TOKEN.match(text, k)
            if match is None:
                raise self._stranger(k)
            kind, end = match.lastgroup, match.end()
            if kind == "operator":
                self._operator(match[0], k, end)
            elif kind == "word":
                self._word(match[0], k, end)
            elif kind == "number":
                self._number(match[0], k, end)
            elif kind == "separator":
                self._separator(match[0], k, end)
            elif kind == "quoted":
                self._quoted(match[0], k, end)
            elif kind == "transpose":
                self._add("TRANSPOSE", match[0], k, end)
            elif kind == "superscript":
                self._add("SUPERSCRIPT", "".join(SUPERSCRIPTS[c] for c in match[0]), k, end)
            k = end
        while self.tokens and self.tokens[-1].type == "_SEPARATOR":
            self.tokens.pop()
        if self.open:
            bracket = self.open[-1]
            closing = ")" if bracket.text == "(" else "]"
            raise Fault(f"There is a '{bracket.text}' without its '{closing}'.", tree.Node(bracket.start, bracket.end))

    def _add(self, kind: str, text: str, start: int, end: int) -> Token:
        token = Token(kind, text, self.clean.original(start), self.clean.original(end))
        self.tokens.append(token)
        return token

    def _fault(self, reason: str, start: int, end: int, suggestion: str | None = None) -> Fault:
        return Fault(reason, tree.Node(self.clean.original(start), self.clean.original(end)), suggestion)

    def _stranger(self, k: int) -> Fault:
        before = self.tokens[-1] if self.tokens else None
        adjacent = before is not None and before.end == self.clean.original(k)
        reason, length, suggestion = strangers.character(self.text, k, before.type if before else "", adjacent)
        return self._fault(reason, k, k + length, suggestion)

    def _operator(self, text: str, start: int, end: int) -> None:
        if text not in TYPES:
            reason, suggestion = strangers.operator(text)
            raise self._fault(reason, start, end, suggestion)
        if text in _CLOSING:
            if not self.open or self.open[-1].text != _CLOSING[text]:
                raise self._unmatched(text, start, end)
            self.open.pop()
        token = self._add(TYPES[text], text, start, end)
        if text in "([":
            self.open.append(token)
            self.limits.check("brackets", len(self.open), token.start, token.end)
            before = self.tokens[-2] if len(self.tokens) > 1 else None
            if text == "(" and before is not None and before.type == "NAME":
                before.type = "CALL"

    def _unmatched(self, text: str, start: int, end: int) -> Fault:
        if not self.open:
            return self._fault(f"There is a '{text}' without its '{_CLOSING[text]}'.", start, end)
        bracket = self.open[-1].text
        closing = ")" if bracket == "(" else "]"
        return self._fault(f"A '{bracket}' is closed by '{text}' here; write '{closing}'.", start, end, closing)

    def _separator(self, text: str, start: int, end: int) -> None:
        if self.open:
            if text == ";":
                self._add("SEMICOLON", text, start, end)
        elif self.tokens and self.tokens[-1].type != "_SEPARATOR":
            self._add("_SEPARATOR", text, start, end)

    def _word(self, text: str, start: int, end: int) -> None:
        self._check_length(text, start, end)
        stranger = strangers.word(text, self.text[end : end + 1])
        if stranger is not None:
            raise self._fault(stranger[0], start, end, stranger[1])
        if self.strange:
            found = confusable(text)
            if found is not None:
                at, reason = found
                raise self._fault(reason, start + at, start + at + 1)
        # Marks are joined already; what is left is Hangul typed letter by letter.
        name = "pi" if text == "π" else unicodedata.normalize("NFC", text.translate(_LOWER))
        if text != text.translate(_LOWER):
            self.notes.append(f"{text} was read as {name}: they are one name.")
        self.words[name] = None
        self._add("NAME", name, start, end)

    def _quoted(self, text: str, start: int, end: int) -> None:
        name = text[1:-1]
        self._check_length(name, start, end)
        if not name.strip():
            raise self._fault("There is no name between these backticks.", start, end)
        name = unicodedata.normalize("NFC", name)
        self.words[name] = None
        self._add("QUOTED", name, start, end)

    def _check_length(self, name: str, start: int, end: int) -> None:
        if len(name) > self.limits.name_length:
            self.limits.check("name_length", len(name), self.clean.original(start), self.clean.original(end))

    def _number(self, text: str, start: int, end: int) -> None:
        stranger = strangers.number(text, self.text, start, end, in_brackets=bool(self.open))
        if stranger is not None:
            reason, length, suggestion = stranger
            raise self._fault(reason, start, start + length, suggestion)
        here = self.clean.original(start), self.clean.original(end)
        mantissa, _, _ = text.lower().partition("e")
        self.limits.check("digits", sum(c.isdigit() for c in mantissa), *here)
        exponent = _EXPONENT.search(text)
        if exponent is not None:
            # A long exponent is counted, not read: reading it takes quadratic time.
            digits = exponent[2].lstrip("0")
            self.limits.check("exponent", int(digits[:9] or 0) if len(digits) < 10 else 10**9, *here)
        self._add("NUMBER", text, start, end)
