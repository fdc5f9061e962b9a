"""LaTeX to a formula of the language: `\\frac{1}{n} \\sum_{i=1}^{n} (y_i - m x_i)^2` is `mean((y[i] - m*x[i])^2, i)`.

    read(r"\\lVert y - X w \\rVert^2").text            'norm(y - X@w)^2'

Scanner, grammar and parts say what stands there, `statements` and `values` what it means. The tree is written
in the language and read again, so that whatever reads a formula shows and checks it as if it had been typed;
a fault found later is put back to its place in the LaTeX.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from symcalc.errors import FormulaError
from symcalc.language import reader as plain
from symcalc.language.faults import Fault, located
from symcalc.language.latex import scanner, statements
from symcalc.language.latex.refusals import refusal
from symcalc.language.limits import LIMITS, Limits
from symcalc.language.names import Declared, walk
from symcalc.language.pieces import READING, Reading
from symcalc.notation import source, tree

if TYPE_CHECKING:
    from lark import Lark

EMPTY = r"The formula is empty; write a loss, such as \frac{1}{n} \sum_{i=1}^{n} (y_i - m x_i)^2."


def read(text: str, declared: Declared | None = None, limits: Limits = LIMITS) -> tree.Formula:
    """A formula in LaTeX as a formula of the language; its text is the language's.

    Raises:
        FormulaError: It is not understood; with the place and what to write instead.
    """
    return read_placed(text, declared, limits)[0]


def read_placed(
    text: str, declared: Declared | None = None, limits: Limits = LIMITS
) -> tuple[tree.Formula, dict[tuple[int, int], tuple[int, int]]]:
    """A formula in LaTeX as a formula of the language, and which place of its text is which place of the LaTeX."""
    try:
        head, lines, notes = _read(text, declared or Declared(), limits)
    except Fault as fault:
        raise located(fault, text) from None
    written = source.formula(tuple(lines), head)
    try:
        formula = plain.read(written, limits)
    except FormulaError as error:
        raise FormulaError(f"{error.reason} (read as {_short(written)})", text, 1, 1, None, len(text)) from None
    places = _places(formula, head, lines)
    return replace(formula, notes=(*notes, *formula.notes)), places


def put_back(
    error: FormulaError, text: str, formula: tree.Formula, places: dict[tuple[int, int], tuple[int, int]]
) -> FormulaError:
    """A fault in the language's text as a fault at its place in the LaTeX."""
    if error.text != formula.text:
        return error
    before = formula.text.split("\n")[: error.line - 1]
    start = sum(len(line) + 1 for line in before) + error.column - 1
    spans = [span for span in places if span[0] <= start and span[1] >= min(start + error.length, len(formula.text))]
    best = min(spans, key=lambda span: span[1] - span[0], default=None)
    place = tree.Node(*places[best]) if best is not None else tree.Node(0, len(text))
    return located(Fault(error.reason, place), text)


def _read(text: str, declared: Declared, limits: Limits) -> tuple[tree.Head | None, list[tree.Statement], list[str]]:
    limits.check("length", len(text), 0, 1)
    tokens, fault = scanner.scanned(text, limits)
    if not tokens:
        raise fault or Fault(EMPTY, tree.Node(0, len(text)))
    limits.check("statements", 1 + sum(t.type == "_SEP" for t in tokens), 0, 1)
    before = READING.set(Reading(text, limits))
    try:
        lines = _parsed(tokens, fault)
    finally:
        READING.reset(before)
    return statements.read(lines, declared, limits)


def _parsed(tokens: list[scanner.Token], fault: Fault | None) -> Any:
    """What the grammar makes of the tokens; the first fault in reading order is raised."""
    from lark import UnexpectedToken

    end = scanner.Token("$END", "", tokens[-1].end, tokens[-1].end)
    parse = parser().parse_interactive()
    result: Any = None
    for k, token in enumerate([*tokens, end]):
        if token is end and fault is not None:
            raise fault
        try:
            result = parse.feed_token(token)  # type: ignore[arg-type]  # only the type is asked for
        except UnexpectedToken:
            raise refusal([*tokens, end], k) from None
    return result


@cache
def parser() -> Lark:
    """The parser, built once in a process."""
    from symcalc.language.grammars import parser_of
    from symcalc.language.latex.building import Building

    return parser_of("symcalc.language.latex", Building())


def _places(
    formula: tree.Formula, head: tree.Head | None, lines: list[tree.Statement]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Places in the language's text → places in the LaTeX: both trees have the same shape."""
    places: dict[tuple[int, int], tuple[int, int]] = {}
    if formula.head is not None and head is not None:
        places[formula.head.start, formula.head.end] = head.start, head.end
        ours = (*formula.head.parameters, *(formula.head.columns or ()))
        for name, typed in zip(ours, (*head.parameters, *(head.columns or ()))):
            places[name.start, name.end] = typed.start, typed.end
    for statement, line in zip(formula.statements, lines):
        places[statement.start, statement.end] = line.start, line.end
        for one, other in zip(walk(statement.expression), walk(line.expression)):
            places[one.start, one.end] = other.start, other.end
    return places


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:40]}…{text[-15:]}"
