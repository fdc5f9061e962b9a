"""Words and environments in LaTeX: \\mathrm{rate}, \\text{if}, \\mathbf{w}, \\begin{cases}."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from symcalc.language.faults import Fault
from symcalc.language.latex import commands
from symcalc.language.vocabulary import SPELLINGS
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.latex.scanner import Scan


def _braced(scan: Scan, end: int) -> tuple[str, int, int] | None:
    """The text in the braces that begin at a place, its own place, and the place behind them."""
    match = re.compile(r"\s*\{").match(scan.text, end)
    if match is None:
        return None
    depth, k = 1, match.end()
    while k < len(scan.text):
        step = 2 if scan.text[k] == "\\" else 1
        depth += {"{": 1, "}": -1}.get(scan.text[k], 0)
        if not depth:
            return scan.text[match.end() : k], match.end(), k + 1
        k += step
    raise Fault("There is a '{' without its closing one.", tree.Node(match.end() - 1, match.end()))


def styled(scan: Scan, word: str, k: int, end: int) -> None:
    style = commands.STYLES[word]
    found = _braced(scan, end)
    if found is None:
        match = re.compile(r"\s*(\\?[A-Za-z]+|[0-9])").match(scan.text, end)
        if match is None or style not in ("bold", "script"):
            raise Fault(rf"Braces must stand behind \{word}: \{word}{{…}}.", tree.Node(k, end))
        content = match[1] if match[1].startswith("\\") else match[1][:1]
        found = content, match.start(1), match.start(1) + len(content)
    content, inner, after = found
    scan.jump = after
    bare = _unescaped(content).strip() if style == "word" or word in ("text", "textbf") else content.strip()
    if style in ("bold", "script", "") and bare.startswith("\\"):
        greek = commands.LETTERS.get(bare[1:])
        accent = re.fullmatch(r"\\(\w+)\s*\{?\s*(\\?[A-Za-z]+)\s*\}?", bare)
        if greek is not None:
            scan.add("NAME", greek, k, after, style)
        elif accent and accent[1] in commands.ACCENTS:
            scan.add("ACCENT", commands.ACCENTS[accent[1]], k, end)
            letter = accent[2].removeprefix("\\")
            scan.add("NAME", commands.LETTERS.get(letter, letter), inner, after, style)
        else:
            raise Fault(rf"\{word} takes one name.", tree.Node(k, after))
        return
    _word(scan, word, bare, k, after, style)


def _word(scan: Scan, command: str, bare: str, k: int, after: int, style: str) -> None:
    place = tree.Node(k, after)
    scan.limits.check("name_length", len(bare), k, after)
    inside = scan.open[-1].type if scan.open else ""
    if inside == "CASES_L" and command in ("text", "textrm", "mbox", "mathrm"):
        if bare.rstrip(",").lower() in ("if", "for", "when", "where"):
            return
        if bare.rstrip(",. ").lower() in ("otherwise", "else"):
            scan.add("OTHERWISE", bare, k, after)
            return
    if not bare:
        if command in ("text", "mbox"):
            return
        raise Fault("There is no name between these braces.", place)
    if bare == "T" and scan.tokens and style == "word" and _raised(scan):
        scan.add("TOP", bare, k, after)
        return
    if bare == "1" and style == "bold":
        scan.add("FUNCTION", "where", k, after, "indicator")
        return
    if bare == "T" and _raised(scan):
        scan.add("TOP", bare, k, after)
        return
    if not bare.replace(" ", "").isprintable() or "`" in bare:
        raise Fault("A name holds no such characters.", place)
    if bare in ("where", "with", "and", "for", "subject to", "s.t.", "such that", "if") and command != "operatorname":
        raise Fault(f"Words between formulas are not read: leave '{bare}' out, and put each definition on a line "
                    r"of its own, ended by \\.", place)  # fmt: skip
    meaning = commands.WORDS.get(bare, SPELLINGS.get(bare) and bare)
    if (command.startswith("operatorname") and (meaning or _called(scan, after))) or (
        style == "word" and meaning and _called(scan, after)
    ):
        if not meaning:
            near = difflib.get_close_matches(bare, [*SPELLINGS, *commands.WORDS], n=1, cutoff=0.6)
            hint = f" Did you mean {near[0]}?" if near else r" \mathrm{…} is for names."
            raise Fault(f"There is no function {bare}.{hint}", place)
        scan.add("FUNCTION", meaning, k, after, "named")
        return
    if bare[0].isdigit() and not _below(scan):
        raise Fault("A name begins with a letter.", place)
    scan.add("NAME", bare, k, after, style if len(bare) == 1 or style == "italic" else "word")


def _below(scan: Scan) -> bool:
    kinds = [t.type for t in scan.tokens[-2:]]
    return kinds[-1:] == ["LOW"] or kinds == ["LOW", "LBRACE"]


def _raised(scan: Scan) -> bool:
    kinds = [t.type for t in scan.tokens[-2:]]
    return kinds[-1:] == ["HIGH"] or kinds == ["HIGH", "LBRACE"]


def _called(scan: Scan, after: int) -> bool:
    return re.match(r"\s*(_|\\left|\\[bB]igg?l?|\(|\\\{)", scan.text[after:]) is not None


def environment(scan: Scan, word: str, k: int, end: int) -> None:
    found = _braced(scan, end)
    kind, _, after = found if found is not None else ("", 0, end)
    kind = kind.strip()
    scan.jump = after
    if kind in commands.CASES:
        scan.add("CASES_L" if word == "begin" else "CASES_R", rf"\{word}{{{kind}}}", k, after)
    elif kind in commands.LAYOUTS and not scan.open:
        if word == "begin":
            scan.layouts.append(kind)
            extra = _braced(scan, after) if kind.startswith("alignat") else None
            scan.jump = extra[2] if extra else after
        elif not scan.layouts or scan.layouts.pop() != kind:
            raise Fault(rf"There is no \begin{{{kind}}} to this.", tree.Node(k, after))
    elif kind in commands.ARRAYS:
        raise Fault(f"A {kind} is not read. Give the matrix a name, and its numbers with the data or the point.",
                    tree.Node(k, after))  # fmt: skip
    else:
        raise Fault(
            rf"\{word}{{{kind}}} is not read here; align, aligned, gather, split and cases are.", tree.Node(k, after)
        )


def _unescaped(content: str) -> str:
    content = (
        content.replace(r"\textbackslash{}", "\0")
        .replace(r"\textasciicircum{}", "^")
        .replace(r"\textasciitilde{}", "~")
    )
    content = re.sub(r"\\([#$%&_{}])", r"\1", content)
    content = re.sub(r"\\[ ,]", " ", content)
    return content.replace("\0", "\\")
