"""Parts of LaTeX to trees of the language: what each value means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symcalc.language.faults import Fault
from symcalc.language.latex import chains
from symcalc.language.latex.brackets import BRACKETS, MISPLACED
from symcalc.language.latex.building import Part
from symcalc.language.latex.context import Context, transposed
from symcalc.language.latex.names import Naming, column_like, layer
from symcalc.language.limits import Limits
from symcalc.language.names import children
from symcalc.notation import tree


@dataclass
class Values:
    """Reads one formula.

    Attributes:
        naming: How names are read.
        context: What the whole formula tells.
        limits: Bounds on its size.
        words: Every name in the text, so that new index letters are none of them.
        defined: Names defined so far.
        sizes: Name above a sum → the letter it counts.
        notes: Sentences worth telling.
    """

    naming: Naming
    context: Context
    limits: Limits
    words: frozenset[str]
    defined: dict[str, None] = field(default_factory=dict)
    sizes: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    heights: dict[int, tuple[int, tree.Node]] = field(default_factory=dict)
    depth: int = 0

    def note(self, sentence: str) -> None:
        """Keeps a sentence once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def made(self, node: tree.Node) -> tree.Node:
        """A new node, within the limits."""
        height = 1 + max((self.heights.get(id(c), (1, c))[0] for c in children(node)), default=0)
        self.limits.check("height", height, node.start, node.end)
        # The node is kept, so that its id stays its own.
        self.heights[id(node)] = height, node
        return node

    @contextmanager
    def binding(self, letters: tuple[str, ...]) -> Iterator[None]:
        """Letters are bound while what a sum takes in is read."""
        self.naming.bound += letters
        try:
            yield
        finally:
            del self.naming.bound[len(self.naming.bound) - len(letters) :]

    @contextmanager
    def deeper(self, part: Part) -> Iterator[None]:
        """One function within another."""
        self.depth += 1
        self.limits.check("nesting", self.depth * 3, part.start, part.end)
        try:
            yield
        finally:
            self.depth -= 1

    # -- values ----------------------------------------------------------------------------------

    def inside(self, part: Part) -> tree.Node:
        """What stands in braces or brackets, or alone: one value."""
        if part.kind == "LBRACE" and part.bare:
            if len(part.parts) != 1:
                raise Fault("One value must stand here, not a list.", part.place)
            return self.expression(part.parts[0])
        return self.expression(part)

    def cell(self, part: Part) -> tree.Node:
        """A value or a comparison."""
        if part.kind != "compared":
            return self.expression(part)
        left, right = (self.expression(p) for p in part.parts)
        return self.made(tree.Compare(part.start, part.end, "==" if part.text == "=" else part.text, left, right))

    def expression(self, part: Part) -> tree.Node:
        """A sum, a product or a value."""
        if part.kind == "chain":
            return self.chain(part.parts)
        if part.kind == "compared":
            raise Fault(r"A comparison is no value here; it stands in cases or in \mathbb{1}[u > 0].", part.place)
        if part.kind != "sum":
            return self.chain((part,))
        made: tree.Node | None = None
        for sign, chain in zip(part.text, part.parts):
            node = self.expression(chain)
            if made is None:
                made = node if sign == " " else self.signed(sign, part.start, node)
            else:
                made = self.made(tree.Binary(made.start, node.end, sign, made, node))
        assert made is not None
        return made

    def signed(self, sign: str, start: int, node: tree.Node) -> tree.Node:
        """A product with a sign: as in the language, the sign belongs to its first factor."""
        above: list[tree.Binary] = []
        while isinstance(node, tree.Binary) and node.op in "*/@":
            above.append(node)
            node = node.left
        made = self.made(tree.Unary(start, node.end, sign, node))
        for product in reversed(above):
            made = self.made(replace(product, start=start, left=made))
        return made

    def chain(self, elements: tuple[Part, ...]) -> tree.Node:
        """The value of a product."""
        return chains.chain(self, elements)

    def value(self, part: Part) -> tree.Node:
        """One factor, scripts included."""
        if part.kind == "NUMBER":
            if part.low is not None:
                raise Fault("A number has no subscript.", part.low.place)
            return self.raised(self.number(part.text, part.place), part)
        if part.kind in ("NAME", "accent") or (part.kind == "LBRACE" and part.low is not None):
            return self._name(part)
        bracket = BRACKETS.get(part.kind)
        if bracket is not None:
            return self.raised(bracket(self, part), part)
        raise Fault(MISPLACED.get(part.kind, f"'{part.text}' is no value; something is missing here."), part.place)

    def number(self, text: str, place: tree.Node) -> tree.Node:
        """A number."""
        text = text.lstrip("0") if text[:1] == "0" and text.strip("0.") and text.lstrip("0")[:1].isdigit() else text
        text = "0" if text and not text.strip("0") else text
        self.limits.check("exponent", int(text.partition("e")[2].lstrip("-")[:9] or 0), place.start, place.end)
        return tree.Number(place.start, place.end, text, Fraction(text))

    def raised(self, node: tree.Node, part: Part) -> tree.Node:
        """A value with the superscript of its part: a power, a transpose, an inverse."""
        high = part.high
        if high is None:
            return node
        if transposed(self.context, part):
            return self.made(tree.Transpose(part.start, part.end, node))
        if _minus_one(high) and (part.kind in ("NAME", "accent", "LPAR", "LSQB")):
            capital = chains.capital(part)
            if chains.is_matrix(self, part) or (capital and part.kind in ("LPAR", "LSQB") and self.context.matrices):
                return self.made(tree.Call(part.start, part.end, "inv", (node,)))
            if capital and part.kind != "LPAR" and not self.naming.letters:
                raise Fault(r"This can be read in two ways: write \operatorname{inv}(A) for the inverse of a matrix, "
                            r"\frac{1}{A} for a number.", part.place)  # fmt: skip
        if high.kind in ("PLUS", "MINUS"):
            raise Fault("A sign alone is no power.", high.place)
        return self.made(tree.Binary(part.start, part.end, "^", node, self.inside(high)))

    def _name(self, part: Part) -> tree.Node:
        inner = part
        indices: tuple[str, ...]
        if part.kind == "LBRACE":
            # {x_1}_i: the name x1 with the index i.
            inside = part.only if part.low is None else replace(part, low=None, high=None).only
            if inside.kind not in ("NAME", "accent") or inside.high is not None:
                raise Fault("A subscript stands here on what is no name.", part.place)
            name, indices = self.naming.read(inside)
            assert part.low is not None
            suffix, more = self.naming.below(part.low)
            if suffix or indices:
                raise Fault("Two subscripts stand on one name; write one, such as x_{i,j}.", part.place)
            indices = more
        else:
            name, indices = self.naming.read(inner)
        high = part.high
        row = layer(high)
        if high is not None and row is not None:
            said = self.naming.raised(part, name, row)
            name, indices = (said, indices) if isinstance(said, str) else (name, (*said, *indices))
            part = replace(part, high=None)
        if inner.kind == "accent" and inner.text == "bar":
            return self.raised(self._bar(part, name, indices), part)
        return self.raised(tree.Ref(part.start, part.end, name, indices), part)

    def _bar(self, part: Part, name: str, indices: tuple[str, ...]) -> tree.Node:
        word = name.removesuffix("bar") if name.endswith("bar") else name
        if name in self.defined or self.naming.known(name) or not name.endswith("bar"):
            return tree.Ref(part.start, part.end, name, indices)
        if not column_like(word, self.naming.declared, self.defined):
            return tree.Ref(part.start, part.end, name, indices)
        if indices:
            raise Fault(rf"The mean of {word} along its rows is not read from a bar with an index; write \frac{{1}}{{n}} "
                        r"\sum_{i=1}^{n} instead.", part.place)  # fmt: skip
        if not self.naming.letters:
            return self.made(tree.Call(part.start, part.end, "mean", (tree.Ref(part.start, part.end, word),)))
        letter = self.naming.fresh(self.words)
        inside = tree.Ref(part.start, part.end, word, (letter,))
        return self.made(tree.Call(part.start, part.end, "mean", (inside, tree.Ref(part.start, part.end, letter))))


def _minus_one(high: Part) -> bool:
    inside = high.parts[0] if high.kind == "LBRACE" and len(high.parts) == 1 else high
    return inside.kind == "sum" and inside.text == "-" and len(inside.parts) == 1 and inside.parts[0].only.text == "1"
