"""Vectors where indices are about: products and norms of whole vectors become sums over one more index."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symcalc.language.faults import Fault
from symcalc.language.latex.building import Part
from symcalc.language.latex.names import layer
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.latex.values import Values


def dotted(values: Values, left: Part, right: Part, place: tree.Node) -> tree.Node:
    """u^\\top v where indices are about: a sum over one more index."""
    letter = values.naming.fresh(values.words)
    with values.binding((letter,)):
        one, two = _vector(values, left, letter), _vector(values, replace(right, high=None), letter)
    product = values.made(tree.Binary(place.start, place.end, "*", one, two))
    made = values.made(tree.Call(place.start, place.end, "sum", (product, tree.Ref(place.start, place.end, letter))))
    return values.raised(made, right)


def _vector(values: Values, part: Part, letter: str) -> tree.Node:
    """A vector's entry: the name, or the sum of names, with one more index."""
    inside = part.only if part.kind == "LBRACE" else part
    if part.kind in ("LPAR", "LSQB") and part.low is None and len(part.parts) == 1:
        inside = part.parts[0].only
    if inside.kind == "sum":
        made: tree.Node | None = None
        for sign, chain in zip(inside.text, inside.parts):
            node = _vector(values, chain.only, letter)
            if made is None:
                made = node if sign == " " else values.made(tree.Unary(inside.start, node.end, sign, node))
            else:
                made = values.made(tree.Binary(made.start, node.end, sign, made, node))
        assert made is not None
        return made
    if inside.kind not in ("NAME", "accent") or (inside.high is not None and layer(inside.high) is None):
        raise Fault("Where sums name their indices, a transpose or norm takes names of vectors and sums of them; write "
                    r"the rest with indices, such as \sum_{j} A_{i,j} w_j.", part.place)  # fmt: skip
    node = values.value(inside)
    if not isinstance(node, tree.Ref):
        raise Fault("A vector must stand here.", part.place)
    return tree.Ref(node.start, node.end, node.name, (*node.indices, letter))


def norm(values: Values, part: Part) -> tree.Node:
    """\\lVert u \\rVert, with a subscript 1, 2 or F."""
    word, order = "norm", part.low.only.text if part.low is not None else "2"
    if order == "1":
        word = "norm1"
    elif order not in ("2", "F"):
        assert part.low is not None
        raise Fault(r"Norms are read with the subscripts 1, 2 and F; write \max\left(\left|u\right|\right) for the "
                    "largest entry.", part.low.place)  # fmt: skip
    if len(part.parts) != 1:
        raise Fault("One value must stand in these bars, not a list.", part.place)
    inside = part.parts[0]
    if not values.naming.letters:
        return values.made(tree.Call(part.start, part.end, word, (values.expression(inside),)))
    letters = tuple(values.naming.fresh(values.words) for _ in range(2 if order == "F" else 1))
    with values.binding(letters):
        node = _vector(values, inside.only, letters[0])
        if len(letters) == 2:
            if not isinstance(node, tree.Ref):
                raise Fault("Where sums name their indices, a Frobenius norm takes one name.", part.place)
            node = replace(node, indices=(*node.indices, letters[1]))
    refs = tuple(tree.Ref(part.start, part.end, c) for c in letters)
    return values.made(tree.Call(part.start, part.end, word, (node, *refs)))
