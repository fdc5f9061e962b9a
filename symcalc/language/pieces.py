"""What the parser holds while it builds: a node, and what its surroundings must know about it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

from symcalc.language.faults import Fault
from symcalc.language.limits import Limits
from symcalc.notation import tree

Span = tuple[int, int]


@dataclass
class Reading:
    """What belongs to one text while it is parsed; the parser itself is built once and shared."""

    text: str
    limits: Limits
    notes: list[str] = field(default_factory=list)
    nodes: int = 0

    def source(self, start: int, end: int) -> str:
        """A part of the text, on one line, shortened in the middle where it is long."""
        typed = " ".join(self.text[start:end].split())
        return typed if len(typed) <= 40 else f"{typed[:20]}…{typed[-15:]}"


READING: ContextVar[Reading] = ContextVar("READING")


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


def leaf(node: tree.Node, leads: str = "") -> Piece:
    """A node without others below it."""
    return Piece(node, node.start, node.end, 0, 1, 1, leads=leads)


def check_values(*pieces: Piece) -> None:
    """Refuses the head of a loss where a value is needed.

    Raises:
        Fault: A piece is a head.
    """
    for piece in pieces:
        if piece.head:
            raise Fault(
                "A ';' in brackets stands only in the head of a loss, such as L(m, b; x, y) = ….", piece.node
            )  # fmt: skip


def above(node: tree.Node, *below: Piece, nesting: int = 0) -> Piece:
    """A node above others, within the limits; `nesting` where it is not one more than below."""
    check_values(*below)
    nesting = nesting or 1 + max((b.nesting for b in below), default=0)
    height = 1 + max((b.height for b in below), default=0)
    made = Piece(node, node.start, node.end, nesting, height, 1 + sum(b.count for b in below))
    limits = READING.get().limits
    limits.check("nesting", nesting, node.start, node.end)
    limits.check("height", height, node.start, node.end)
    limits.check("statement_nodes", made.count, node.start, node.end)
    return made


def linked(node: tree.Node, left: Piece, right: Piece, level: str) -> Piece:
    """A link of a chain: one level of nesting however long the chain."""
    chained = left.level == level and not left.grouped
    chain = left.chain + 1 if chained else 2
    READING.get().limits.check("chain", chain, right.start, right.end)
    made = above(node, left, right, nesting=max(left.nesting, right.nesting + 1) if chained else 0)
    made.level, made.chain = level, chain
    return made
