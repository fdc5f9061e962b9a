"""What symcalc prints, as it is typed: Xᵀr as X.T@r, [r > 0] as where(r > 0, 1, 0), Σ_i u as sum(u, i)."""

from __future__ import annotations

import re

_BRACKET = re.compile(r"(?<![\w\])])\[([^\[\]]*?(?:<=|>=|==|!=|<|>|≤|≥)[^\[\]]*)\]")
_RULES = (
    (re.compile("ᵀ"), ".T"),
    (re.compile(r"\.T\s*·\s*"), ".T@"),
    (re.compile(r"\.T(?=[\w(])"), ".T@"),
    (re.compile(r"\)(?=[A-Za-z_]\w*(?:\W|$))"), ")@"),
    (_BRACKET, r"where(\1, 1, 0)"),
)
_SIGMA = re.compile(r"Σ_([A-Za-z](?:,[A-Za-z])*)\s*")


def as_typed(text: str) -> str | None:
    """The text in the language, or None where nothing in it is only printed."""
    made = text
    for pattern, replacement in _RULES:
        made = pattern.sub(replacement, made)
    while (match := _SIGMA.search(made)) is not None:
        end = _end_of_term(made, match.end())
        made = f"{made[: match.start()]}sum({made[match.end() : end]}, {match[1].replace(',', ', ')}){made[end:]}"
    return None if made == text else made


def _end_of_term(text: str, start: int) -> int:
    """Where the product ends that a Σ sums."""
    depth = 0
    for k in range(start, len(text)):
        if text[k] in "([":
            depth += 1
        elif text[k] in ")]":
            depth -= 1
            if depth < 0:
                return k
        elif depth == 0 and (text[k] == "," or (text[k] in "+-" and text[k - 1] == " ")):
            return k - (text[k] in "+-")
    return len(text)
