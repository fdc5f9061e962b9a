"""Tokens to parts, during the parse: what stands in LaTeX, before it is known what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from symcalc.language.faults import Fault
from symcalc.language.latex.scanner import Token
from symcalc.language.pieces import READING
from symcalc.notation import tree


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a LaTeX formula.

    Attributes:
        kind: NUMBER, NAME, TOP, PLUS, MINUS, FUNCTION, SUM, PROD, CDOT, SLASH, MATMUL; chain, sum, compared; LPAR,
            LSQB, LCURLY, LANGLE, LBRACE, BAR_L, NORM_L (in brackets); parted, fraction, root, accent, cases, row.
        start: Offset of its first code point.
        end: Offset behind its last one.
        text: The token's text; for a sum its signs, for a comparison its sign.
        parts: What it is made of.
        style: How letters are set: "" plain, bold, script, word, italic; for a function named or indicator.
        low: Its subscript, or None.
        high: Its superscript, or None.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    parts: tuple[Part, ...] = ()
    style: str = ""
    low: Part | None = None
    high: Part | None = None

    @property
    def place(self) -> tree.Node:
        """Where it stands."""
        return tree.Node(self.start, self.end)

    @property
    def bare(self) -> bool:
        """Whether it has no scripts."""
        return self.low is None and self.high is None

    @property
    def only(self) -> Part:
        """What stands in brackets, where it is one value without signs: {x} is x; else the part itself."""
        inside = self
        while inside.kind in ("LBRACE", "chain") and len(inside.parts) == 1 and inside.bare:
            inside = inside.parts[0]
        return inside

    def walk(self) -> Iterator[Part]:
        """The part and everything in it, scripts included."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack += [p for p in (part.high, part.low) if p is not None]
            stack += reversed(part.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """A statement: both sides of its =; left is None where there is none."""

    left: Part | None
    right: Part


class Building:
    """One method for each alias of the grammar."""

    def leaf(self, tokens: Sequence[Token]) -> Part:
        token = tokens[0]
        return Part(token.type, token.start, token.end, token.text, style=token.style)

    prefix = operator = leaf

    def group(self, found: Sequence[Any]) -> Part:
        opening, cells, closing = found
        return Part(opening.type, opening.start, closing.end, opening.text, tuple(cells))

    def parted(self, found: Sequence[Any]) -> Part:
        opening, before, semicolon, behind, closing = found
        sides = tuple(Part("side", opening.start, closing.end, parts=tuple(cells)) for cells in (before, behind))
        return Part("parted", semicolon.start, semicolon.end, parts=sides)

    def cells(self, found: Sequence[Any]) -> list[Part]:
        return [p for p in found if isinstance(p, Part)]

    def fraction(self, found: Sequence[Any]) -> Part:
        sign, above, below = found
        return Part("fraction", sign.start, below.end, parts=(above, below))

    def root(self, found: Sequence[Any]) -> Part:
        sign, inside = found[0], found[-1]
        if len(found) == 2:
            return Part("root", sign.start, inside.end, parts=(inside,))
        opening, cells, closing = found[1:4]
        order = Part("LBRACE", opening.start, closing.end, parts=tuple(cells))
        return Part("root", sign.start, inside.end, parts=(inside, order))

    def accent(self, found: Sequence[Any]) -> Part:
        sign, inside = found
        return Part("accent", sign.start, inside.end, sign.text, (inside,))

    def cases(self, found: Sequence[Any]) -> Part:
        rows = tuple(p for p in found if isinstance(p, Part))
        return Part("cases", found[0].start, found[-1].end, parts=rows)

    def chosen(self, found: Sequence[Any]) -> Part:
        parts = [p for p in found if isinstance(p, Part)]
        return Part("row", parts[0].start, found[-1].end, parts=tuple(parts))

    def compared(self, found: Sequence[Any]) -> Part:
        left, sign, right = found
        return Part("compared", left.start, right.end, sign.text if sign.type == "REL" else "=", (left, right))

    def raised(self, found: Sequence[Any]) -> Part:
        base: Part = found[0]
        high: Part = found[2]
        if base.high is not None:
            raise Fault("Two superscripts stand on one thing; put brackets around the inner one.", high.place)
        return replace(base, end=max(base.end, high.end), high=high)

    def lowered(self, found: Sequence[Any]) -> Part:
        base: Part = found[0]
        low: Part = found[2]
        if base.low is not None:
            raise Fault("Two subscripts stand on one thing; write one, such as x_{i,j}.", low.place)
        return replace(base, end=max(base.end, low.end), low=low)

    def chain(self, found: Sequence[Part]) -> Part:
        READING.get().limits.check("chain", len(found), found[-1].start, found[-1].end)
        return Part("chain", found[0].start, found[-1].end, parts=tuple(found))

    def signed(self, found: Sequence[Any]) -> Part:
        sign, chain = found
        return Part("sum", sign.start, chain.end, sign.text, (chain,))

    def added(self, found: Sequence[Any]) -> Part:
        left, sign, chain = found
        if left.kind != "sum":
            left = Part("sum", left.start, left.end, " ", (left,))
        READING.get().limits.check("chain", len(left.parts) + 1, chain.start, chain.end)
        return Part("sum", left.start, chain.end, left.text + sign.text, (*left.parts, chain))

    def alone(self, found: Sequence[Part]) -> Line:
        return Line(None, found[0])

    def defined(self, found: Sequence[Any]) -> Line:
        return Line(found[0], found[2])

    def start(self, found: Sequence[Line]) -> tuple[Line, ...]:
        return tuple(found)
