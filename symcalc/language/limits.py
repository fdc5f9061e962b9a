"""Bounds on what a formula may be, checked before anything is built from it.

Each bound names itself in its message and says what to do. All of them can be raised or lowered:
`read(text, replace(LIMITS, name_length=30))`.
"""

from __future__ import annotations

from dataclasses import dataclass

from symcalc.language.faults import Fault
from symcalc.notation import tree


@dataclass(frozen=True)
class Limits:
    """How large a formula may be; every bound is inclusive.

    Attributes:
        length: Code points of the whole text.
        brackets: Brackets open at once.
        nesting: Functions, powers and products inside each other; a chain a + b + c … is one level.
        height: Nodes from the root of a tree to its deepest leaf, every link of a chain counted, so that
            whoever walks a tree by recursion stays far from Python's own bound of 1,000.
        chain: Operands of one chain a + b + c … or a*b/c ….
        statement_nodes: Nodes of one statement.
        statements: Statements.
        nodes: Nodes of all statements together.
        digits: Digits of a number as typed.
        exponent: Decimal exponent of a number as typed, sign ignored.
        name_length: Code points of a name.
    """

    length: int = 100_000
    brackets: int = 200
    nesting: int = 150
    height: int = 300
    chain: int = 250
    statement_nodes: int = 2_500
    statements: int = 20_000
    nodes: int = 200_000
    digits: int = 300
    exponent: int = 400
    name_length: int = 100

    def check(self, bound: str, size: int, start: int, end: int) -> None:
        """Refuses a size over a bound, at a place given by its offsets.

        Raises:
            Fault: The size is over the bound; the sentence names both and the remedy.
        """
        limit: int = getattr(self, bound)
        if size > limit:
            raise Fault(_SENTENCES[bound].format(limit=f"{limit:,}", size=f"{size:,}"), tree.Node(start, end))


LIMITS = Limits()

_SENTENCES = {
    "length": "The formula has {size} characters; the limit is {limit}. Give shared parts a name, or use sum and @.",
    "brackets": "Brackets are open {size} deep here; the limit is {limit}. Give an inner part a name of its own.",
    "nesting": "The formula is nested {size} deep here; the limit is {limit}. Give an inner part a name of its own.",
    "height": "The formula is {size} steps deep here; the limit is {limit}. Give an inner part a name of its own.",
    "chain": "A chain of more than {limit} operands stands here; the limit is {limit}. "
    "Give parts of it a name, or use sum, prod or @.",
    "statement_nodes": "This statement has more than {limit} parts, which is the limit. Split it into named parts.",
    "statements": "There are more than {limit} statements, which is the limit. Use columns and matrices instead.",
    "nodes": "The formula has more than {limit} parts, which is the limit. Use columns and matrices instead.",
    "digits": "This number has {size} digits; the limit is {limit}. Round it.",
    "exponent": "The exponent of this number is {size}; the limit is {limit}. Rescale the formula.",
    "name_length": "This name has {size} characters; the limit is {limit}. Shorten it.",
}
