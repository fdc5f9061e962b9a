"""What stands in brackets in LaTeX: groups, bars, lists, fractions, roots, cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symcalc.language.faults import Fault
from symcalc.language.latex import vectors
from symcalc.language.latex.building import Part
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.latex.values import Values


def one_value(part: Part) -> Part:
    if len(part.parts) != 1:
        raise Fault("One value must stand in these brackets, not a list.", part.place)
    return part.parts[0]


def _group(values: Values, part: Part) -> tree.Node:
    if part.low is not None:
        if part.low.only.kind != "PLUS":
            raise Fault("A subscript behind brackets is not read, save + for the positive part.", part.low.place)
        return values.made(tree.Call(part.start, part.end, "relu", (values.expression(one_value(part)),)))
    if part.kind == "LSQB" and len(part.parts) > 1:
        return values.made(tree.Stack(part.start, part.end, tuple(values.expression(p) for p in part.parts)))
    inside = one_value(part)
    if part.kind == "LSQB" and inside.kind == "compared":
        condition = values.cell(inside)
        one, zero = (values.number(n, condition) for n in "10")
        return values.made(tree.Call(part.start, part.end, "where", (condition, one, zero)))
    return values.expression(inside)


def _bars(values: Values, part: Part) -> tree.Node:
    if part.low is not None:
        raise Fault("A subscript behind bars is not read.", part.low.place)
    return values.made(tree.Bars(part.start, part.end, values.expression(one_value(part))))


def _inner(values: Values, part: Part) -> tree.Node:
    if len(part.parts) != 2 or part.low is not None:
        raise Fault(r"Angle brackets hold the two factors of an inner product: \langle u, v \rangle.", part.place)
    one, two = part.parts
    if values.naming.letters:
        return vectors.dotted(values, one.only, two.only, part.place)
    return values.made(tree.Call(part.start, part.end, "dot", (values.expression(one), values.expression(two))))


def _fraction(values: Values, part: Part) -> tree.Node:
    above, below = (values.inside(p) for p in part.parts)
    return values.made(tree.Binary(part.start, part.end, "/", above, below))


def _root(values: Values, part: Part) -> tree.Node:
    inside = values.inside(part.parts[0])
    order = values.inside(part.parts[1]) if len(part.parts) == 2 else None
    if order is None or (isinstance(order, tree.Number) and order.value in (2, 3)):
        word = "cbrt" if isinstance(order, tree.Number) and order.value == 3 else "sqrt"
        return values.made(tree.Call(part.start, part.end, word, (inside,)))
    one = values.number("1", part.place)
    exponent = values.made(tree.Binary(part.start, part.end, "/", one, order))
    return values.made(tree.Binary(part.start, part.end, "^", inside, exponent))


def _cases(values: Values, part: Part) -> tree.Node:
    made: tree.Node | None = None
    for row in reversed(part.parts):
        if len(row.parts) == 1:
            if made is not None:
                raise Fault(r"\text{otherwise} belongs to the last line of the cases.", row.place)
            made = values.expression(row.parts[0])
            continue
        if made is None:
            raise Fault(
                r"The last line of the cases must say \text{otherwise}, so that no value is left open.", row.place
            )
        value, condition = values.expression(row.parts[0]), values.cell(row.parts[1])
        if not isinstance(condition, tree.Compare):
            raise Fault("A comparison must stand behind &, such as |r| \\le \\delta.", row.parts[1].place)
        made = values.made(tree.Call(part.start, part.end, "where", (condition, value, made)))
    assert made is not None
    return made


BRACKETS = {
    "LPAR": _group, "LSQB": _group, "LCURLY": _group, "LBRACE": _group, "BAR_L": _bars, "LANGLE": _inner,
    "NORM_L": vectors.norm, "fraction": _fraction, "root": _root, "cases": _cases,
}  # fmt: skip
MISPLACED = {
    "TOP": r"\top stands only as a superscript: X^\top.",
    "parted": "A ';' in brackets stands only in the head of a loss, such as L(m, b; x, y) = ….",
}
