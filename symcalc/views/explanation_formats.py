"""A derivation as LaTeX, MathML, Markdown, HTML and JSON: all of them from its lines.

latex(derivation)        an align environment for amsmath
"""

from __future__ import annotations

import html as escaping
from typing import Any

from symcalc.derivation.line import Derivation, Line
from symcalc.views.explanation import because
from symcalc.views.page.markup import math

FORMATS = ("text", "latex", "mathml", "markdown", "html")


def latex(derivation: Derivation) -> str:
    """An `align` environment (amsmath): one row a side, the reason as text, the line's number as its tag."""
    rows = []
    for line in derivation.lines:
        left, *rights = _sides(derivation, line, "latex")
        first, *more = rights
        reason = because(line)
        tail = rf" && \text{{{_plain(reason)}}}" if reason else " &&"
        rows.append(rf"{left} &= {first}{tail} \tag{{{line.number}}}")
        rows += [f"&= {right}" for right in more]
    return "\\begin{align}\n" + " \\\\\n".join(rows) + "\n\\end{align}\n"


def _plain(words: str) -> str:
    """Words inside \\text: what LaTeX reads as a sign is escaped, what it lacks is set as a formula."""
    special = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
               "^": r"\^{}", "~": r"\~{}", "|": r"\textbar{}", "<": r"\textless{}", ">": r"\textgreater{}"}  # fmt: skip
    signs = {
        "·": r"$\cdot$",
        "∂": r"$\partial$",
        "Σ": r"$\Sigma$",
        "²": r"$^2$",
        "ᵀ": r"$^\top$",
        "≤": r"$\le$",
        "−": "-",
    }
    return "".join(special.get(c) or signs.get(c) or (c if c.isascii() else f"{_greek(c)}") for c in words)


def _greek(character: str) -> str:
    from symcalc.notation.latex import name

    written = name(character)
    return f"${written}$" if written.startswith("\\") and written.isascii() and "mathrm" not in written else "?"


def markdown(derivation: Derivation) -> str:
    """A numbered list: the formulas between dollar signs, the reason behind them."""
    items = []
    for line in derivation.lines:
        formula = " = ".join(_sides(derivation, line, "latex"))
        reason = because(line)
        items.append(f"{line.number}. ${formula}$" + (f"  \n   {_safe(reason)}" if reason else ""))
    return "\n".join(items) + "\n"


def _safe(words: str) -> str:
    """Words that Markdown shows as they are."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in words)


def mathml(derivation: Derivation) -> list[str]:
    """Each line as one MathML element, with the text of the line to be read aloud."""
    return [
        math(" = ".join(_sides(derivation, line, "latex")), " = ".join(_sides(derivation, line, "text")))
        for line in derivation.lines
    ]


def html(derivation: Derivation) -> str:
    """A table: number, formula in MathML, reason."""
    rows = []
    for line, formula in zip(derivation.lines, mathml(derivation)):
        shown = formula + "".join(f"<div>= {escaping.escape(number)}</div>" for number in line.numbers)
        kind = ' class="inner"' if line.inner else ""
        if line.uses:
            kind += f' data-uses="{" ".join(map(str, line.uses))}"'
        rows.append(
            f'<tr{kind} data-line="{line.number}"><th scope="row">{line.number}</th><td>{shown}</td><td>{escaping.escape(because(line))}</td></tr>'
        )
    return f'<div class="wide"><table class="derivation"><tbody>{"".join(rows)}</tbody></table></div>'


def document(derivation: Derivation) -> list[dict[str, Any]]:
    """The lines as JSON has them."""
    return [
        {
            "number": line.number,
            "text": " = ".join(_sides(derivation, line, "text")),
            "latex": " = ".join(_sides(derivation, line, "latex")),
            "rule": line.rule,
            "reason": line.reason,
            "uses": list(line.uses),
            "inner": line.inner,
            "numbers": list(line.numbers),
            "checked": {"status": line.checked.status, "sentence": line.checked.sentence},
        }
        for line in derivation.lines
    ]


def _sides(derivation: Derivation, line: Line, style: str) -> list[str]:
    return [derivation.notation.write(side, style) for side in (line.left, *line.rights)]
