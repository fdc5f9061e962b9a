"""Pieces of HTML: text escaped, formulas as MathML, documents that may stand inside a script."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from typing import Any


def text(words: object) -> str:
    """Text as it may stand anywhere in a page."""
    return html.escape(str(words), quote=True)


def math(latex: str, spoken: str, block: bool = False) -> str:
    """A formula as MathML, with how it is read aloud.

    Args:
        latex: The formula, as symcalc prints it.
        spoken: The formula as text.
        block: Whether it stands on a line of its own.
    """
    from latex2mathml.converter import convert

    made: str = convert(latex, display="block" if block else "inline")
    return made.replace("<math ", f'<math aria-label="{text(spoken)}" ', 1)


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
