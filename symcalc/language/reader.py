"""Text to syntax tree: the only place where a formula's characters are looked at.

    read("yhat = m*x + b;  mean((y - yhat)^2)").statements

Four steps, each with its own file: characters (what reads as what), scanner (tokens), the grammar with
building (trees), and refusals (the sentence for a token out of place). Faults are local facts; text, line
and column are added here, in one place.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from symcalc.errors import FormulaError
from symcalc.language import characters, scanner
from symcalc.language.faults import Fault, located
from symcalc.language.limits import LIMITS, Limits
from symcalc.language.pieces import READING, Reading
from symcalc.language.scanner import Token
from symcalc.notation import tree

if TYPE_CHECKING:
    from lark import Lark

EMPTY = "The formula is empty; type a loss, such as mean((y - (m*x + b))^2)."


def read(text: str, limits: Limits = LIMITS) -> tree.Formula:
    """A formula as a tree.

    Args:
        text: One or more statements, the last one being the loss.
        limits: Bounds on its size.

    Returns:
        The tree; offsets of its nodes count code points of `text` from 0.

    Raises:
        FormulaError: The text is no formula, or too large; with the place and what to write instead.
    """
    try:
        return _read(text, limits)
    except Fault as fault:
        raise _placed(fault, text) from None


def _read(text: str, limits: Limits) -> tree.Formula:
    limits.check("length", len(text), 0, 1)
    clean = characters.cleaned(text)
    tokens, fault, alike = scanner.scanned(clean, limits)
    if not tokens:
        raise fault or Fault(EMPTY, tree.Node(0, len(text)))
    if fault is None:
        limits.check("statements", 1 + sum(t.type == "_SEPARATOR" for t in tokens), 0, 1)
    reading = Reading(text, limits)
    before = READING.set(reading)
    try:
        head, statements = _parsed(text, tokens, fault)
    finally:
        READING.reset(before)
    notes = dict.fromkeys((*clean.notes, *reading.notes, *alike))
    return tree.Formula(text, head, statements, tuple(notes))


def _parsed(text: str, tokens: list[Token], fault: Fault | None) -> Any:
    """What the grammar makes of the tokens; the first fault in reading order is raised."""
    from lark import UnexpectedToken

    from symcalc.language.refusals import refusal

    fed: list[Any] = [*tokens, Token("$END", "", tokens[-1].end, tokens[-1].end)]
    parse = parser().parse_interactive()
    for k, token in enumerate(fed):
        if token.type == "$END" and fault is not None:
            raise fault
        try:
            # The parser asks a token for nothing but its type, so ours need not be Lark's.
            result = parse.feed_token(token)
        except UnexpectedToken:
            raise refusal(fed, k, text) from None
    return result


@cache
def parser() -> Lark:
    """The parser, built once in a process."""
    from symcalc.language.building import Building
    from symcalc.language.grammars import parser_of

    return parser_of("symcalc.language", Building())


def _placed(fault: Fault, text: str) -> FormulaError:
    error = located(fault, text)
    # A shortened quotation is for reading, not for putting in.
    if error.suggestion is not None and "…" in error.suggestion:
        error.suggestion = None
    return error
