"""What the parser holds while it builds: a node, and what its surroundings must know about it."""

from __future__ import annotations

from dataclasses import dataclass

from symcalc.notation import tree

Span = tuple[int, int]


@dataclass(slots=True)
class Piece:
    """A node under construction.

    Attributes:
        node: The node.
        start: Offset of its first code point, parentheses around it included.
        end: Offset behind its last code point, parentheses around it included.
        nesting: Levels below it; a chain is one.
        height: Nodes on the longest way down.
        count: Nodes in all.
        level: sum, product or implicit where it is a chain of such operators.
        chain: Operands of that chain.
        grouped: Whether parentheses stand around it.
        leads: "number" or "bracket" where it begins with one, so that an implicit product may follow.
        factors: Places of the factors, where it is an implicit product.
        raised: Place of the exponent, where it ends with a power typed with ^.
        root: Whether it is a root typed with √.
        apart: Whether it is a call with a blank before its bracket.
        head: Name and two lists of arguments, where it reads as the head of a loss.
    """

    node: tree.Node
    start: int
    end: int
    nesting: int
    height: int
    count: int
    level: str = ""
    chain: int = 1
    grouped: bool = False
    leads: str = ""
    factors: tuple[Span, ...] = ()
    raised: Span | None = None
    root: bool = False
    apart: bool = False
    head: tuple[str, list[Argument], list[Argument]] | None = None


@dataclass(slots=True)
class Argument:
    """One argument of a call: a value, a comparison or the keyword `axis=`."""

    piece: Piece
    keyword: str = ""
    start: int = -1


def span(piece: Piece) -> Span:
    """Where a piece stands, parentheses included."""
    return piece.start, piece.end
