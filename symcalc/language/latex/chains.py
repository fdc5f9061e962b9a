"""Products in LaTeX: which of the elements side by side are factors, arguments, bodies of sums, matrix products."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from symcalc.language.faults import Fault
from symcalc.language.latex import calls, vectors
from symcalc.language.latex.building import Part
from symcalc.language.latex.context import transposed
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.latex.values import Values

_OPERATORS = ("CDOT", "SLASH", "MATMUL")


@dataclass(slots=True)
class Factor:
    """A factor: its node, the element it was read from, and whether it is a matrix, a row, a scalar for certain."""

    node: tree.Node
    part: Part
    matrix: bool = False
    row: bool = False


def chain(values: Values, elements: tuple[Part, ...]) -> tree.Node:
    """The value of a product."""
    made: Factor | None = None
    sign: Part | None = None
    divided: Part | None = None
    elements = _means(values, elements)
    k = 0
    while k < len(elements):
        elements = _power_of_ten(elements, k)
        part = elements[k]
        if part.kind in _OPERATORS:
            if made is None or sign is not None:
                raise Fault(f"A value is missing before '{part.text}'.", part.place)
            sign, divided, k = part, None, k + 1
            continue
        slashed = sign is not None and sign.kind == "SLASH"
        if divided is not None and part.kind not in ("SUM", "PROD"):
            raise Fault("What stands behind / can be read in two ways; write \\frac{…}{…}, or \\cdot between the factors.",
                        tree.Node(divided.start, part.end))  # fmt: skip
        factor, k = _factor(values, elements, k)
        if slashed and k < len(elements) and part.kind in ("SUM", "PROD"):
            raise Fault("Put the sum behind / in brackets.", part.place)
        divided = part if slashed else None
        made = factor if made is None else _joined(values, made, sign, factor, elements, k)
        sign = None
    if made is None or sign is not None:
        place = sign or elements[0]
        raise Fault(
            "A value is missing here; a sign behind \\cdot or / stands in brackets: \\left(-1\\right).", place.place
        )
    return made.node


def _factor(values: Values, elements: tuple[Part, ...], k: int) -> tuple[Factor, int]:
    part = elements[k]
    following = elements[k + 1] if k + 1 < len(elements) else None
    if part.kind in ("SUM", "PROD"):
        return Factor(calls.big(values, part, elements[k + 1 :]), part), len(elements)
    if part.kind == "FUNCTION":
        node, after = calls.function(values, part, elements, k)
        return Factor(node, part, matrix=part.text in ("inv", "transpose", "diag", "outer")), after
    word = calls.function_name(values, part, following)
    if word:
        assert following is not None
        node, after = calls.function(values, replace(part, kind="FUNCTION", text=word), elements, k)
        return Factor(node, part), after
    if transposed(values.context, part) and values.naming.letters and following is not None:
        if k + 2 < len(elements) and elements[k + 2].kind not in _OPERATORS and elements[k + 2].kind != "SUM":
            if _is_vector(elements[k + 2]):
                raise Fault("Which factors this transpose takes in is not clear here. Put brackets around the product "
                            r"u^\top v, or write it with indices.", tree.Node(part.start, elements[k + 2].end))  # fmt: skip
        left = replace(part, high=None)
        return Factor(vectors.dotted(values, left, following, tree.Node(part.start, following.end)), part), k + 2
    return _plain(values, part), k + 1


def _plain(values: Values, part: Part) -> Factor:
    node = values.value(part)
    return Factor(node, part, matrix=is_matrix(values, part), row=transposed(values.context, part))


def _joined(
    values: Values, left: Factor, sign: Part | None, right: Factor, elements: tuple[Part, ...], k: int
) -> Factor:
    """Two factors as one: a product, a quotient, a matrix product."""
    place = tree.Node(left.node.start, max(left.node.end, right.node.end))
    if sign is not None and sign.kind == "SLASH":
        return Factor(values.made(tree.Binary(*_span(place), "/", left.node, right.node)), left.part)
    if sign is not None and sign.kind == "MATMUL":
        return _product(values, place, left, right)
    if sign is not None:
        if (
            left.part.style == right.part.style == "bold"
            and not (left.matrix or right.matrix)
            and sign.text == r"\cdot"
        ):
            raise Fault(r"A dot between two vectors can be read in two ways: write u^\top v for the number, or u \odot v "
                        "entry by entry.", sign.place)  # fmt: skip
        if left.row and not values.naming.letters and sign.text != r"\odot":
            return _product(values, place, left, right)
        return Factor(values.made(tree.Binary(*_span(place), "*", left.node, right.node)), right.part)
    if values.naming.letters or right.part.kind in ("NUMBER", "fraction", "NORM_L", "BAR_L", "SUM", "FUNCTION", "root"):
        if right.part.kind == "NUMBER" and left.part.kind == "NUMBER":
            raise Fault(r"Two numbers stand side by side; write \cdot between them.", right.part.place)
        scalar_call = right.part.kind == "FUNCTION" and not right.matrix
        if values.naming.letters or right.part.kind != "FUNCTION" or scalar_call:
            return Factor(values.made(tree.Binary(*_span(place), "*", left.node, right.node, True)), right.part)
    vector = right.row and not capital(right.part)
    if left.row or (left.matrix and not vector):
        return _product(values, place, left, right)
    if vector and left.part.kind != "NUMBER" and (left.matrix or k >= len(elements)):
        outer = not left.matrix and left.part.kind in ("NAME", "accent")
        if left.matrix or outer:
            raise Fault(r"This product with a transpose can be read in two ways: write \operatorname{outer}(u, v) for all "
                        r"products of two vectors, A {} B for a matrix product, \cdot for a product with a number.",
                        place)  # fmt: skip
    return Factor(values.made(tree.Binary(*_span(place), "*", left.node, right.node, True)), right.part, matrix=right.matrix,
                  row=right.row)  # fmt: skip


def _product(values: Values, place: tree.Node, left: Factor, right: Factor) -> Factor:
    node = values.made(tree.Binary(*_span(place), "@", left.node, right.node))
    # A row times a matrix is a row again, a matrix times a vector is none.
    return Factor(node, right.part, matrix=right.matrix and not left.row, row=left.row and right.matrix)


def _span(place: tree.Node) -> tuple[int, int]:
    return place.start, place.end


def capital(part: Part) -> bool:
    """Whether a part is a capital letter, or brackets with one in them."""
    inside = part
    while inside.kind == "accent":
        inside = inside.parts[0].only
    if inside.kind == "NAME":
        return len(inside.text) == 1 and inside.text.isupper()
    return inside.kind in ("LPAR", "LSQB") and any(capital(p) for p in inside.walk() if p.kind == "NAME")


def is_matrix(values: Values, part: Part) -> bool:
    """Whether a part is a matrix: known as one, or a capital letter where matrices are about."""
    if part.kind == "NAME" and part.text in values.context.arrays:
        return True
    if part.kind in ("LPAR", "LSQB"):
        # (X^\top X)^{-1} is a matrix, and so is what ends with one: (A + B).
        inside = [p for p in part.walk() if p.kind == "NAME"]
        return values.context.matrices and bool(inside) and all(capital(p) or p.text in values.context.arrays or p.text == "lambda"
                                                                for p in inside)  # fmt: skip
    return values.context.matrices and part.kind in ("NAME", "accent") and capital(part)


def _is_vector(part: Part) -> bool:
    return part.kind in ("NAME", "accent")


def _power_of_ten(elements: tuple[Part, ...], k: int) -> tuple[Part, ...]:
    """3 \\times 10^{-5} is one number, 3e-5."""
    if k + 2 >= len(elements) or [p.kind for p in elements[k : k + 3]] != ["NUMBER", "CDOT", "NUMBER"]:
        return elements
    mantissa, sign, ten = elements[k : k + 3]
    if not (mantissa.bare and sign.text == r"\times" and ten.text == "10" and ten.low is None and ten.high is not None):
        return elements
    exponent = ten.high.parts[0] if ten.high.kind == "LBRACE" and len(ten.high.parts) == 1 else ten.high
    minus = exponent.kind == "sum" and exponent.text == "-"
    power = exponent.parts[0].only if minus else exponent.only
    if power.kind != "NUMBER" or not power.text.isdigit() or not power.bare:
        return elements
    number = replace(mantissa, end=ten.end, text=f"{mantissa.text}e{'-' if minus else ''}{power.text}")
    return (*elements[:k], number, *elements[k + 3 :])


def _means(values: Values, elements: tuple[Part, ...]) -> tuple[Part, ...]:
    """\\frac{1}{n} \\sum_{i=1}^{n} is a mean: the n goes into the sum."""
    for k, part in enumerate(elements):
        if part.kind != "SUM" or part.high is None or part.style:
            continue
        size = part.high.only.text
        for j in range(k):
            rest = _without(elements[j], size)
            if rest is None and elements[j].kind == "SLASH" and j + 1 < k and _is_name(elements[j + 1], size):
                rest = ()
                if j + 2 == k and j == 1 and elements[0].kind == "NUMBER" and elements[0].text == "1":
                    return (replace(part, style="mean"), *elements[k + 1 :])
            elif rest is not None and len(size) and part.high.only.kind == "NAME":
                return (*elements[:j], *rest, *elements[j + 1 : k], replace(part, style="mean"), *elements[k + 1 :])
        return elements
    return elements


def _is_name(part: Part, name: str) -> bool:
    return part.kind == "NAME" and part.bare and part.text == name


def _without(part: Part, size: str) -> tuple[Part, ...] | None:
    """A fraction without a factor of its denominator; None where it is not among them."""
    if part.kind != "fraction" or not part.bare:
        return None
    above, below = part.parts
    inside = below.only
    factors = inside.parts if inside.kind == "chain" else (inside,)
    if any(p.kind == "SLASH" for p in factors):
        return None
    at = [k for k, p in enumerate(factors) if _is_name(p, size)]
    if len(at) != 1:
        return None
    rest = [p for k, p in enumerate(factors) if k != at[0]]
    while rest and rest[0].kind == "CDOT":
        rest.pop(0)
    while rest and rest[-1].kind == "CDOT":
        rest.pop()
    if any(a.kind == b.kind == "CDOT" for a, b in pairwise(rest)):
        return None
    if rest:
        left = Part("chain", inside.start, inside.end, parts=tuple(rest))
        return (replace(part, parts=(above, Part("LBRACE", below.start, below.end, parts=(left,)))),)
    top = above.only
    return () if top.kind == "NUMBER" and top.text == "1" and top.bare else (above,)
