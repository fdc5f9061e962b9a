"""LaTeX to tokens: letters, numbers, commands, brackets.

Here space, sizes of brackets and layout go; bars are told open from closed; and what LaTeX would set
differently from how it looks (`x^10`) is refused on the spot.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from symcalc.language.faults import Fault
from symcalc.language.latex import commands, words
from symcalc.language.limits import Limits
from symcalc.notation import tree
from symcalc.notation.latex_names import GREEK_LETTERS


@dataclass(slots=True)
class Token:
    """One token; `start` and `end` are offsets in the text, `style` is how its letters are set."""

    type: str
    text: str
    start: int
    end: int
    style: str = ""


NESTING = 40
_PATTERN = re.compile(
    r"""(?P<blank>[ \t\r\n~]+|%[^\n]*\n?)
    |(?P<row>\\\\(?:\s*\[[0-9.]+\s*[a-z]+\]|\*)?)
    |(?P<command>\\(?:[A-Za-z]+\*?|.|\n))
    |(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    |(?P<letter>[A-Za-z])
    |(?P<sign>[-+*/^_=<>()\[\]{}|,;&:!−×·≤≥≠√])""",
    re.VERBOSE,
)


def scanned(text: str, limits: Limits) -> tuple[list[Token], Fault | None]:
    """The tokens of a text, and the fault that ended them (or None)."""
    scan = Scan(text, limits)
    try:
        scan.run()
    except Fault as fault:
        return scan.tokens, fault
    return scan.tokens, None


class Scan:
    """One pass over one text."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text, self.limits = text, limits
        self.tokens: list[Token] = []
        self.open: list[Token] = []
        self.layouts: list[str] = []

    def run(self) -> None:
        """Reads the whole text."""
        k, end = self._unwrapped()
        while k < end:
            match = _PATTERN.match(self.text, k, end)
            if match is None:
                k = self._other(k)
                continue
            getattr(self, f"_{match.lastgroup}")(match[0], k)
            k = self.jump if self.jump > match.end() else match.end()
        if self.open:
            opened = self.open[-1]
            raise Fault(
                f"There is a '{commands.SPOKEN[opened.type]}' without its closing one.",
                tree.Node(opened.start, opened.end),
            )
        while self.tokens and self.tokens[-1].type == "_SEP":
            self.tokens.pop()

    jump = 0

    def _unwrapped(self) -> tuple[int, int]:
        """Where the formula begins and ends: without dollars and a full stop around it."""
        start, end = 0, len(self.text)
        while True:
            bare = self.text[start:end]
            start, end = start + len(bare) - len(bare.lstrip()), end - (len(bare) - len(bare.rstrip()))
            bare = self.text[start:end]
            for opening, closing in commands.WRAPPERS:
                if len(bare) > len(opening + closing) and bare.startswith(opening) and bare.endswith(closing):
                    start, end = start + len(opening), end - len(closing)
                    break
            else:
                if bare[-1:] in (".", ",", ";") and not bare.endswith(("\\,", "\\;", "\\.")):
                    end -= 1
                    continue
                return start, end

    def add(self, kind: str, text: str, start: int, end: int, style: str = "") -> Token:
        """Adds a token; brackets are counted."""
        token = Token(kind, text, start, end, style)
        if kind in commands.CLOSERS or kind in ("BAR_R", "NORM_R", "CASES_R"):
            self._close(token)
        self.tokens.append(token)
        if (kind.startswith("L") and kind != "LOW") or kind in ("BAR_L", "NORM_L", "CASES_L"):
            self.open.append(token)
            self.limits.check("brackets", len(self.open) * self.limits.brackets // NESTING, start, end)
        return token

    def _close(self, token: Token) -> None:
        wanted = commands.CLOSERS.get(token.type) or token.type.replace("_R", "_L")
        place = tree.Node(token.start, token.end)
        if not self.open:
            raise Fault(f"There is a '{token.text}' without its opening one.", place)
        if self.open[-1].type != wanted:
            raise Fault(f"A '{commands.SPOKEN[self.open[-1].type]}' is closed by '{token.text}' here.", place)
        self.open.pop()

    # -- one method for each kind of match --------------------------------------------------------

    def _blank(self, text: str, k: int) -> None:
        pass

    def _row(self, text: str, k: int) -> None:
        inside = self.open[-1].type if self.open else ""
        if inside == "CASES_L":
            self.add("ROW", text, k, k + len(text))
        elif not self.open:
            self._separate(text, k)

    def _separate(self, text: str, k: int) -> None:
        if self.tokens and self.tokens[-1].type != "_SEP":
            self.tokens.append(Token("_SEP", text, k, k + len(text)))

    def _number(self, text: str, k: int) -> None:
        before = self.tokens[-1] if self.tokens else None
        if before is not None and before.type in ("HIGH", "LOW", "FRAC") and len(text) > 1:
            if before.type != "FRAC":
                sign, what = ("^", "power") if before.type == "HIGH" else ("_", "subscript")
                raise Fault(
                    f"In LaTeX only the first digit belongs to this {what}; write {sign}{{{text}}}.",
                    tree.Node(k, k + len(text)), f"{{{text}}}",
                )  # fmt: skip
            if len(text) > 2 or not text.isdigit():
                raise Fault(r"Write \frac{…}{…} with braces: only one digit belongs to each part here.",
                            tree.Node(k, k + len(text)))  # fmt: skip
            # The second digit of \frac12 is the denominator.
            self.add("NUMBER", text[0], k, k + 1)
            self.add("NUMBER", text[1], k + 1, k + 2)
            return
        self.limits.check("digits", len(text), k, k + len(text))
        self.add("NUMBER", "0" + text if text[0] == "." else text, k, k + len(text))

    def _letter(self, text: str, k: int) -> None:
        self.add("NAME", text, k, k + 1)

    def _sign(self, text: str, k: int) -> None:
        end = k + 1
        if text == "!":
            raise Fault(r"A factorial is not read. Write \Gamma(u + 1).", tree.Node(k, end))
        if text == ":":
            if self.text[k : k + 2] == ":=":
                self.jump = end
                return
            raise Fault(
                "A ':' is not read. Write = for a definition, and the loss alone on the last line.", tree.Node(k, end)
            )
        if text == "&":
            if self.open and self.open[-1].type == "CASES_L":
                self.add("AMP", text, k, end)
            return
        if text == "{" and self.text[k : k + 3] == "{,}":
            raise Fault("Digits are not grouped: write 1000, and 0.5 with a point.", tree.Node(k, k + 3))
        if text in ",;" and not self.open:
            self._separate(text, k)
            return
        if text == "{" and re.match(r"\{\s*\}", self.text[k:]):
            self._matmul(k)
            return
        if text == "|":
            if self.text[k : k + 2] == "||" and not (self.open and self.open[-1].type == "BAR_L"):
                if not self.tokens or self.tokens[-1].type not in commands.ENDS:
                    raise Fault(r"|| can be read in two ways: write \lVert x \rVert for a norm, \left|x\right| for "
                                "the absolute value.", tree.Node(k, k + 2))  # fmt: skip
            self._bar("BAR", text, k, end)
            return
        self.add(commands.SIGNS[text], commands.SIGN_TEXT.get(text, text), k, end)

    def _matmul(self, k: int) -> None:
        self.jump = self.text.index("}", k) + 1
        if self.tokens and self.tokens[-1].type in commands.ENDS:
            self.add("MATMUL", "{}", k, self.jump)

    def _bar(self, kind: str, text: str, start: int, end: int, side: str = "") -> None:
        """A bar: closed where one is open and a value stands before it."""
        opened = bool(self.open) and self.open[-1].type == f"{kind}_L"
        ends = bool(self.tokens) and self.tokens[-1].type in commands.ENDS
        closed = side == "right" or (side != "left" and opened and ends)
        self.add(f"{kind}_{'R' if closed else 'L'}", text, start, end)

    def _other(self, k: int) -> int:
        character = unicodedata.normalize("NFKC", self.text[k])
        if character == "€" or not character.strip():
            raise Fault(f"The character U+{ord(self.text[k]):04X} is not read here.", tree.Node(k, k + 1))
        greek = GREEK_LETTERS.get(self.text[k])
        if greek is not None:
            self.add("NAME", greek, k, k + 1)
            return k + 1
        shown = self.text[k] if self.text[k].isprintable() else f"U+{ord(self.text[k]):04X}"
        if shown == "'":
            raise Fault(
                r"A prime is not read. Give the value a name of its own, such as \tilde{x} or x_{2}.",
                tree.Node(k, k + 1),
            )
        if shown == "$":
            raise Fault("Only one formula is read at a time; this $ ends it. Put what belongs to it on lines of its own.",
                        tree.Node(k, k + 1))  # fmt: skip
        if shown.isalpha():
            raise Fault(
                f"The letter '{shown}' is not read alone. Write \\text{{{shown}}} for a name.", tree.Node(k, k + 1)
            )
        raise Fault(f"The character '{shown}' is not read in LaTeX.", tree.Node(k, k + 1))

    def _command(self, text: str, k: int) -> None:
        word, end = text[1:], k + len(text)
        if word.endswith("*") and word not in commands.STYLES:
            word, end = word[:-1], end - 1
            self.jump = 0
            self._command_word(word, k, end)
            self.jump = max(self.jump, end)
            if self.jump == end:
                self._sign("*", end)
            return
        self._command_word(word, k, end)

    def _command_word(self, word: str, k: int, end: int) -> None:
        if word in commands.SPACES or word == "mathstrut":
            return
        if word in commands.SIZES:
            self._sized(word, k, end)
        elif word in commands.STYLES:
            words.styled(self, word, k, end)
        elif word in ("begin", "end"):
            words.environment(self, word, k, end)
        elif word in commands.LETTERS:
            self.add("NAME", commands.LETTERS[word], k, end)
        elif word in commands.ACCENTS:
            self.add("ACCENT", commands.ACCENTS[word], k, end)
        elif word in commands.REFUSED:
            raise Fault(commands.REFUSED[word], tree.Node(k, end))
        elif word in commands.FUNCTIONS:
            self.add("FUNCTION", commands.FUNCTIONS[word], k, end)
        elif word in commands.OPERATORS:
            self._operator(word, k, end)
        else:
            raise Fault(commands.unknown(word), tree.Node(k, end))

    def _operator(self, word: str, k: int, end: int) -> None:
        kind = commands.OPERATORS[word]
        if kind in ("BAR", "NORM"):
            side = (
                {"l": "left", "r": "right"}.get(word[0], "") if word.lower().endswith("vert") and len(word) > 4 else ""
            )
            self._bar(kind, f"\\{word}", k, end, side)
        elif kind == "INDICATOR":
            match = re.match(r"\s*\{\s*(1|I)\s*\}", self.text[end:])
            if match is None:
                raise Fault(r"\mathbb is read only as \mathbb{1}[condition]. Expectations and sets of numbers are not: "
                            r"write a mean over the data, \frac{1}{n} \sum_i.", tree.Node(k, end))  # fmt: skip
            self.jump = end + match.end()
            self.add("FUNCTION", "where", k, self.jump, "indicator")
        else:
            self.add(kind, commands.RELATIONS.get(word, f"\\{word}"), k, end)

    def _sized(self, word: str, k: int, end: int) -> None:
        """\\left and its kin: the bracket behind it stands for itself."""
        match = re.match(r"\s*(\\[A-Za-z]+|\\.|.)", self.text[end:], re.DOTALL)
        bracket = match[1] if match else ""
        start, after = end + (match.start(1) if match else 0), end + (match.end() if match else 0)
        if bracket in ("|", r"\|", r"\vert", r"\Vert"):
            side = (
                "left"
                if word == "left" or word.endswith("l")
                else "right"
                if word == "right" or word.endswith("r")
                else ""
            )
            self._bar("BAR" if bracket in ("|", r"\vert") else "NORM", bracket, start, after, side)
            self.jump = after
        elif bracket == "." or word == "middle":
            raise Fault(rf"\{word}{bracket} has no bracket of its own; write both brackets.", tree.Node(k, after))
        elif bracket == "/":
            self.jump = start
        elif not (bracket in tuple("()[]") or commands.OPERATORS.get(bracket[1:], "") in ("LCURLY", "RCURLY", "LANGLE",
                  "RANGLE", "BAR", "NORM", "LPAR", "RPAR", "LSQB", "RSQB")):  # fmt: skip
            raise Fault(rf"A bracket must stand behind \{word}.", tree.Node(k, end))
