"""Pieces of HTML: text escaped, formulas as MathML, documents that may stand inside a script."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree


def text(words: object) -> str:
    """Text as it may stand anywhere in a page."""
    return html.escape(str(words), quote=True)


def math(latex: str, spoken: str, block: bool = False, marks: Sequence[str] = ()) -> str:
    """A formula as MathML, with how it is read aloud.

    Args:
        latex: The formula, as symcalc prints it.
        spoken: The formula as text.
        block: Whether it stands on a line of its own.
        marks: Attributes of the parts whose class is mark-0, mark-1, …
    """
    from latex2mathml.converter import convert

    # The converter passes on what stands inside \text as it is: a header such as <b> would become a tag of the page.
    made: str = convert(latex.translate(_AWAY).replace(r"\&", _AMPERSAND), display="block" if block else "inline")
    for away, back in _BACK.items():
        made = made.replace(f"<mi>{away}</mi>", f"<mo>{back}</mo>").replace(away, back)
    # Nor does it take away what escapes a sign there.
    made = re.sub(r"\\([$%#_])", r"\1", made)
    if not _is_mathml(made):
        made = f'<math xmlns="http://www.w3.org/1998/Math/MathML"><mtext>{text(spoken)}</mtext></math>'
    for k, attributes in enumerate(marks):
        made = made.replace(f'class="mark-{k}"', attributes)
    return made.replace("<math ", f'<math aria-label="{text(spoken)}" ', 1)


_AMPERSAND = "\ue002"
_AWAY = {ord("<"): "\ue000", ord(">"): "\ue001"}
_BACK = {"\ue000": "&lt;", "\ue001": "&gt;", _AMPERSAND: "&amp;"}


def _is_mathml(made: str) -> bool:
    """Whether it is one well-formed element of MathML with nothing else inside."""
    try:
        found = ElementTree.fromstring(made)
    except ElementTree.ParseError:
        return False
    space = "{http://www.w3.org/1998/Math/MathML}m"
    return all(e.tag.startswith(space) and not any(a.startswith("on") for a in e.attrib) for e in found.iter())


def inside_script(document: Any) -> str:
    """A document as JSON that cannot end the script it stands in."""
    written = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table of cells that are HTML already; the first cell of each row names it."""
    cells = "".join(f'<th scope="col">{text(word)}</th>' for word in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    title = f"<caption>{text(caption)}</caption>" if caption else ""
    return f'<div class="wide"><table>{title}<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>'


def folded(summary: str, content: str, opened: bool = False) -> str:
    """A part that folds open; both are HTML."""
    return f"<details{' open' if opened else ''}><summary>{summary}</summary>{content}</details>"
