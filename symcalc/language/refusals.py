"""A token where the grammar has no place for it: the sentence for the situation it stands in."""

from __future__ import annotations

from collections.abc import Sequence

from symcalc.language.faults import Fault
from symcalc.language.scanner import Token
from symcalc.notation import tree

# Tokens that end a value, and tokens that begin one.
_ENDS = {"NUMBER", "NAME", "QUOTED", "RPAR", "RSQB", "SUPERSCRIPT", "TRANSPOSE"}
_BEGINS = {"NUMBER", "NAME", "QUOTED", "CALL", "ROOT", "LPAR", "LSQB"}
_OPERATORS = {"PLUS", "MINUS", "STAR", "SLASH", "AT", "POWER", "COMPARE", "EQUAL"}
_MODULES = {"np", "numpy", "math", "torch", "tf", "jnp", "jax", "sp", "sympy", "scipy", "cmath", "tensorflow", "F"}


def refusal(tokens: Sequence[Token], k: int, text: str) -> Fault:
    """Why token `k` cannot stand where it does.

    Args:
        tokens: All tokens of the text, the last one being the end of the text.
        k: Index of the token.
        text: The whole text.
    """
    return _Place(tokens, k, text).fault()


class _Place:
    """One unexpected token and its neighbors."""

    def __init__(self, tokens: Sequence[Token], k: int, text: str) -> None:
        self.tokens, self.k, self.text = tokens, k, text
        self.token = tokens[k]
        nothing = Token("", "", 0, 0)
        self.before = tokens[k - 1] if k else nothing
        self.behind = tokens[k + 1] if k + 1 < len(tokens) else nothing
        self.value_before, self.open = _state(tokens[:k])
        brackets = [t.type for t in self.open if t.type != "BAR"]
        self.inside = brackets[-1] if brackets else ""

    def _typed(self, token: Token) -> str:
        return self.text[token.start : token.end]

    def _fault(self, reason: str, suggestion: str | None = None, token: Token | None = None) -> Fault:
        place = token or self.token
        return Fault(reason, tree.Node(place.start, place.end), suggestion)

    def fault(self) -> Fault:
        kind = self.token.type
        if self.before.type == "ROOT":
            return self._fault("√ takes one number, one name or brackets; write √(…).")
        if self.value_before and kind not in _BEGINS | {"DOT", "COMPARE", "EQUAL"} and self._bar_open():
            return self._fault("There is a '|' without its partner; an absolute value is |x|.", None, self.open[-1])
        if kind in ("$END", "_SEPARATOR"):
            return self._ends()
        if not self.value_before and kind not in ("DOT", "SEMICOLON"):
            return self._no_value()
        if kind == "DOT":
            return self._attribute()
        if kind in _BEGINS:
            return self._beside()
        named = getattr(self, "_" + kind.strip("_").lower(), None)
        if named is not None:
            fault: Fault = named()
            return fault
        return self._fault(f"'{self._typed(self.token)}' cannot stand here.")

    def _bar_open(self) -> bool:
        return bool(self.open) and self.open[-1].type == "BAR"

    def _ends(self) -> Fault:
        what = "formula" if self.token.type == "$END" else "statement"
        before = self.before
        if before.type in _OPERATORS:
            onward = "; put brackets around what goes on in the next line" if what == "statement" else ""
            return self._fault(
                f"The {what} ends where a value was expected after '{self._typed(before)}'{onward}.", None, before
            )  # fmt: skip
        return self._fault(f"The {what} ends where a value was expected.", None, before)

    def _no_value(self) -> Fault:
        """A token that needs a value before it."""
        before, typed = self.before, self._typed(self.token)
        if before.type in ("", "_SEPARATOR"):
            return self._fault(f"Nothing stands before '{typed}'; a value was expected.")
        if before.type == "LPAR" and self.token.type == "RPAR":
            return self._fault("There is nothing between these brackets.", None, before)
        if before.type == "LSQB" and self.token.type == "RSQB":
            if self.k > 1 and self.tokens[self.k - 2].type in ("NAME", "QUOTED"):
                return self._fault("There is no index between these brackets; write x[i] or x[0].", None, before)
            return self._fault("There is nothing between these brackets; write a list as [a, b].", None, before)
        if before.type == "_COMMA" or self.token.type == "_COMMA":
            return self._fault(f"A value is missing between '{self._typed(before)}' and '{typed}'.")
        if self.token.type in _OPERATORS and before.type in _OPERATORS:
            return self._fault(
                f"Two operators stand side by side; a value is missing between '{self._typed(before)}' and '{typed}'."
            )  # fmt: skip
        return self._fault(f"A value was expected between '{self._typed(before)}' and '{typed}'.")

    def _beside(self) -> Fault:
        """A value right behind a value, where not even an implicit product is possible."""
        typed = self._typed(self.token)
        if self.token.type == "LSQB":
            return self._fault("Only a name takes indices in square brackets, such as x[i].")
        start = self.before.start
        if self.before.type == "TRANSPOSE":
            return self._fault(f"Two values stand side by side without an operator; write @ between them: ….T@{typed}.",
                               f"@{typed}")  # fmt: skip
        shown = typed if self.token.type != "CALL" and typed != "(" else f"{typed.rstrip('(')}(…)"
        one = self.text[start : self.before.end] if self.before.type != "BAR" else "|…|"
        return self._fault(f"Two values stand side by side without an operator; write {one}*{shown}.", f"*{typed}")

    def _attribute(self) -> Fault:
        before, behind = self.before, self.behind
        word = behind.text
        owner = self._typed(before)
        if before.type == "NAME" and behind.type in ("NAME", "CALL"):
            place = Token("", "", before.start, behind.end)
            if owner in _MODULES:
                return self._fault(f"There are no modules here; write {word} without '{owner}.'.", word, place)
            if behind.type == "CALL":
                empty = self.k + 3 < len(self.tokens) and self.tokens[self.k + 3].type == "RPAR"
                inside = owner if empty else f"{owner}, …"
                return self._fault(f"A value has no methods here; write {word}({inside}).", None, place)
        if before.type in _ENDS and behind.type == "CALL":
            return self._fault(f"A value has no methods here; write {word}(…) around it.")
        if before.type in _ENDS and behind.type == "NAME" and word.lower() == "t":
            return self._fault("A transpose is written with a capital letter: .T", f".{'T'}",
                               Token("", "", self.token.start, behind.end))  # fmt: skip
        if before.type in _ENDS:
            return self._fault("A '.' stands only inside numbers and in .T, the transpose; names have no parts.")
        return self._fault("A '.' stands only inside numbers and in .T, the transpose.")

    # -- one method for each token that needs a sentence of its own --------------------------------

    def _comma(self) -> Fault:
        if self.inside == "LPAR":
            return self._fault("Brackets hold one value; write a list as [a, b].")
        return self._fault("A ',' stands only between the arguments of a function and in lists [a, b]; "
                           "end a statement with ';'.", ";")  # fmt: skip

    def _equal(self) -> Fault:
        if self.inside:
            return self._fault("A '=' inside brackets is only for axis=; compare with ==.", "==")
        return self._fault("A statement holds one '='; put the second definition in a line of its own.")

    def _compare(self) -> Fault:
        typed = self._typed(self.token)
        for token in reversed(self.tokens[: self.k]):
            if token.type == "COMPARE":
                return self._fault("One comparison at a time; put one where(…) inside another.")
            if token.type in ("LPAR", "_SEPARATOR", "_COMMA"):
                break
        if self.inside:
            return self._fault(f"'{typed}' compares, and a comparison stands only as the first argument of where, "
                               f"without brackets of its own: where(x {typed} y, a, b).")  # fmt: skip
        return self._fault(f"A loss must be a number, and '{typed}' gives true or false; "
                           f"write where(x {typed} y, 1, 0).")  # fmt: skip

    def _bar(self) -> Fault:
        for token in self.tokens[self.k + 1 :]:
            if token.type in ("_SEPARATOR", "RPAR", "RSQB"):
                break
            if token.type == "BAR" and token is not self.behind:
                inside = self.text[self.token.end : token.start]
                one = self._typed(self.before)
                return self._fault(f"Bars take no part in products without a sign; write {one}*|{inside}|.", "*|")
        return self._fault("'|' is not an operator here; an absolute value is |x|.")

    def _semicolon(self) -> Fault:
        return self._fault("A ';' inside these brackets has no meaning; statements are separated outside brackets.")


def _state(tokens: Sequence[Token]) -> tuple[bool, list[Token]]:
    """Whether the tokens end with a value, and the brackets and bars that are open behind them."""
    value, opened = False, list[Token]()
    for token in tokens:
        if token.type == "BAR":
            if value and opened and opened[-1].type == "BAR":
                opened.pop()
            else:
                opened.append(token)
                value = False
        elif token.type in ("LPAR", "LSQB"):
            opened.append(token)
            value = False
        elif token.type in ("RPAR", "RSQB"):
            while opened and opened.pop().type == "BAR":
                pass
            value = True
        elif token.type == "_SEPARATOR":
            value, opened = False, []
        else:
            value = token.type in _ENDS
    return value, opened
