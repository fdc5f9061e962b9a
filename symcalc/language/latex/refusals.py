"""The sentence for a token that the grammar cannot use where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from symcalc.language.faults import Fault
from symcalc.language.latex.scanner import Token
from symcalc.notation import tree

_VALUES = {"NUMBER", "NAME", "RPAR", "RSQB", "RBRACE", "RCURLY", "BAR_R", "NORM_R", "RANGLE", "CASES_R", "TOP"}


def refusal(tokens: Sequence[Token], k: int) -> Fault:
    """Why the token at a place cannot stand there."""
    token = tokens[k]
    before = tokens[k - 1] if k else None
    place = tree.Node(token.start, max(token.end, token.start + 1))
    if before is not None and before.type in ("HIGH", "LOW"):
        what = "superscript" if before.type == "HIGH" else "subscript"
        if token.text in ("*", r"\ast"):
            return Fault(r"A star is not read; give the value a name of its own, such as w_{\mathrm{best}}.", place)
        if token.type == "FUNCTION":
            return Fault(f"Put the {what} in braces: {before.text}{{…}}.", place)
        return Fault(f"A {what} is missing behind '{before.text}'.", tree.Node(before.start, before.end))
    if token.type == "$END":
        sign = before.text if before is not None else ""
        return Fault(f"The formula ends behind '{sign}'; something is missing.",
                     tree.Node(before.start if before else 0, token.end))  # fmt: skip
    if token.type == "EQUAL":
        return Fault("A second '=' stands here. Each definition has a line of its own, ended by \\\\.", place)
    if token.type == "REL":
        return Fault(r"A comparison stands only in cases or in \mathbb{1}[u > 0].", place)
    if token.type in ("HIGH", "LOW"):
        return Fault(f"There is nothing before '{token.text}' that it could stand on.", place)
    if token.type == "_SEP":
        return Fault("The line ends too early; something is missing before its end.", place)
    if before is not None and before.type in ("FRAC", "SQRT", "ACCENT"):
        return Fault(f"Braces must stand behind '{before.text}'.", tree.Node(before.start, before.end))
    if token.type == "ROW" or token.type == "CASES_R":
        return Fault(r"A line of cases is value & condition, and the last one value & \text{otherwise}.", place)
    if token.type in ("SEMICOLON", "COMMA"):
        return Fault(f"A '{token.text}' cannot stand here.", place)
    if token.type in _VALUES or token.type in ("PLUS", "MINUS", "CDOT", "SLASH", "MATMUL"):
        return Fault(f"Something is missing before '{token.text}'.", place)
    return Fault(f"'{token.text}' cannot stand here.", place)
