"""What other notations write and this language does not: each with what to type instead.

Every function looks at one place and answers (sentence, suggestion), or None where there is nothing
strange. A suggestion replaces the place it is about.
"""

from __future__ import annotations

import keyword
import re
import string

_OPERATORS = {
    "//": ("'//' is not an operator here; write / for a quotient.", "/"),
    "<<": ("'<<' is not an operator here; write x*2^k.", None),
    ">>": ("'>>' is not an operator here; write x/2^k.", None),
    ":=": ("':=' is not an operator here; write = to define a name.", "="),
}
_CHARACTERS = {
    "#": ("There are no comments in a formula; remove '#' and what follows.", None),
    "$": ("'$' is not part of the language; write the formula without it.", None),
    "%": ("'%' is not an operator here; write a percentage as a fraction, such as 5/100.", None),
    "&": ("'&' is not an operator here; put one where(…) inside another.", None),
    "!": ("'!' is not an operator here; write n! as gamma(n + 1).", None),
    "~": ("'~' is not an operator here; write the loss itself, such as mean((y - (m*x + b))^2).", None),
    "?": ("'?' is not an operator here; write where(condition, a, b).", None),
    ":": ("':' is not part of the language; there are no slices, types or conditions with ':'.", None),
    "}": ("There is a '}' without its '{'; brackets are ( and ).", None),
    "`": ("There is a ` without its partner; a name in backticks ends on its own line.", None),
}
_LATEX = {
    "frac": "a/b", "sqrt": "sqrt(x)", "cdot": "*", "times": "*", "sum": "sum(...)", "log": "log(x)",
    "left": "( alone", "right": ") alone", "ln": "log(x)", "exp": "exp(x)", "infty": "no infinity", "lVert": "norm(x)",
    "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=", "mathbf": "the letter alone", "top": ".T", "partial": "the loss",
}  # fmt: skip
_WORDS = {
    "None": "None is not a number; write the value itself.",
    "True": "True is not a number; write 1.",
    "False": "False is not a number; write 0.",
    "if": "'if' is not a word of the language; write where(condition, a, b).",
    "else": "'else' is not a word of the language; write where(condition, a, b).",
    "and": "'and' is not a word of the language; put one where(…) inside another.",
    "or": "'or' is not a word of the language; put one where(…) inside another.",
    "not": "'not' is not a word of the language; turn the comparison round.",
    "for": "'for' is not a word of the language; sum(…) and mean(…) run over all rows by themselves.",
    "in": "'in' is not a word of the language; sum(…) and mean(…) run over all rows by themselves.",
    "is": "'is' is not a word of the language; compare with == inside where(…).",
}
_SUMS = {"Σ": ("sum", "sum"), "Π": ("product", "prod")}
_BASES = {"x": 16, "o": 8, "b": 2}

Stranger = tuple[str, str | None]


def operator(text: str) -> Stranger:
    """An operator of another language."""
    return _OPERATORS[text]


def word(text: str, behind: str) -> Stranger | None:
    """A word that is no name; `behind` is the character after it."""
    if text in _WORDS:
        return _WORDS[text], {"True": "1", "False": "0"}.get(text)
    if keyword.iskeyword(text) and text != "lambda":
        # lambda is a common parameter, the other words of Python are no names in anybody's formula.
        return f"'{text}' is a word of Python and no name here; choose another one or put it in backticks.", f"`{text}`"
    if text.startswith("__"):
        return f"{text} begins with two underscores, which no name may; remove them.", text.strip("_") or None
    for sigma, (called, function) in _SUMS.items():
        if (text == sigma and behind == "(") or text.startswith(sigma + "_"):
            return f"'{text}' is how a {called} is printed; type {function}(…).", function
    return None


def number(text: str, whole: str, start: int, end: int, in_brackets: bool) -> tuple[str, int, str | None] | None:
    """A number in a form of another language: the sentence, how much of it is meant, the suggestion."""
    behind = whole[end : end + 1]
    run = re.compile(r"[\w.]*").match(whole, start)
    typed = run[0] if run else text
    if text == "0" and behind.lower() in _BASES and typed[2:3].isalnum():
        return _based(typed, _BASES[behind.lower()])
    if behind == "_":
        return f"{typed} has '_' in a number; write it without.", len(typed), typed.replace("_", "")
    if behind == "." and whole[end + 1 : end + 2] not in ("T", *string.ascii_letters, "_"):
        return f"{typed} has two decimal points; a number has one.", len(typed), None
    if text.endswith(".") and (behind.isalpha() or behind in ("_", "(")):
        plain, rest = text[:-1], typed[len(text) :] or "(…)"
        return (
            f"{text}{rest} can be read in two ways; write {plain}*{rest} or {plain}.0*{rest}.",
            len(text),
            f"{plain}*",
        )
    if behind in ("j", "J") and not whole[end + 1 : end + 2].isalnum() and whole[end + 1 : end + 2] != "_":
        return f"{typed} is a complex number in Python, and all is real here; for a product write {text}*{behind}.", \
            len(typed), f"{text}*{behind}"  # fmt: skip
    return _separated(text, whole, start, end, in_brackets)


def _based(typed: str, base: int) -> tuple[str, int, str | None]:
    try:
        value = str(int(typed, base)) if len(typed) < 50 else None
    except ValueError:
        value = None
    name = {16: "a hexadecimal", 8: "an octal", 2: "a binary"}[base]
    return f"{typed[:20]} is {name} number; write it in decimal digits.", len(typed), value


def _separated(text: str, whole: str, start: int, end: int, in_brackets: bool) -> tuple[str, int, str | None] | None:
    """1,000 and 1,5: a comma inside a number."""
    groups = re.compile(r"(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?").match(whole, end)
    if groups and text.isdigit() and len(text) <= 3 and (not in_brackets or groups[0].startswith(",0")):
        plain = text + groups[0].replace(",", "")
        typed = text + groups[0]
        return f"{typed} has a thousands separator; write {plain}.", len(typed), plain
    comma = re.compile(r",[0-9]+").match(whole, end)
    if comma and text.isdigit() and not in_brackets:
        plain = text + "." + comma[0][1:]
        return f"{text}{comma[0]} has a decimal comma; write {plain}.", len(text + comma[0]), plain
    return None


def character(whole: str, k: int, before: str, adjacent: bool) -> tuple[str, int, str | None]:
    """A character that begins nothing here: the sentence, how much of the text is meant, the suggestion.

    Args:
        whole: The text.
        k: Offset of the character.
        before: Type of the token before it; "" for none.
        adjacent: Whether that token ends just here.
    """
    c = whole[k]
    if c in "\"'":
        return _quote(whole, k, before, adjacent)
    if c == "\\":
        return _latex(whole, k)
    if c == "{":
        return _brace(whole, k, before)
    if c == "⁻":
        digits = re.compile("⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]*").match(whole, k)
        typed = digits[0] if digits else c
        plain = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(d)) for d in typed[1:]) or "1"
        return f"A negative power is not read from superscripts; write ^-{plain}.", len(typed), f"^-{plain}"
    if c in "₀₁₂₃₄₅₆₇₈₉":
        return f"The lowered digit {c} belongs to a name, such as x{c}; it cannot stand here.", 1, None
    if c in _CHARACTERS:
        return (_CHARACTERS[c][0], 1, _CHARACTERS[c][1])
    return f"The character {c} (U+{ord(c):04X}) begins nothing here; remove it.", 1, None


def _quote(whole: str, k: int, before: str, adjacent: bool) -> tuple[str, int, str | None]:
    c = whole[k]
    if c == "'" and adjacent and before in ("NAME", "QUOTED", "RPAR", "RSQB"):
        if whole[k + 1 : k + 2] in ("(", "'"):
            return "f'(x) is a slope; type the loss itself, its slopes are what is shown.", 1, None
        if whole.find("'", k + 1) < 0:
            return "' does not transpose here; write .T behind the name.", 1, ".T"
    close = whole.find(c, k + 1)
    inside = whole[k + 1 : close] if close > 0 else ""
    plain = inside if inside.isidentifier() else None
    length = close + 1 - k if close > 0 and "\n" not in inside else 1
    return "Text in quotes is not part of a formula; write names without quotes.", length, plain


def _latex(whole: str, k: int) -> tuple[str, int, str | None]:
    command = re.compile(r"\\([A-Za-z]*)").match(whole, k)
    name = command[1] if command else ""
    if not name:
        return "'\\' is not part of the language; remove it.", 1, None
    hint = _LATEX.get(name, name)
    plain = hint if hint.isalpha() or hint in ("*", "<=", ">=") else None
    return f"\\{name} is LaTeX, which is not read here; write {hint}.", len(name) + 1, plain


def _brace(whole: str, k: int, before: str) -> tuple[str, int, str | None]:
    close = whole.find("}", k)
    inside = whole[k + 1 : close] if close > 0 else ""
    simple = bool(inside.strip()) and not set(inside) & set("{}\n;:")
    length = close + 1 - k if simple else 1
    suggestion = f"({inside})" if simple else None
    if before == "POWER":
        alone = inside.isdigit() or inside.isidentifier()
        shown = inside if alone else f"({inside if simple else '…'})"
        return f"Braces are LaTeX; write the power as ^{shown}.", length, shown if simple else None
    return "There are no braces in the language; brackets are ( and ).", length, suggestion
