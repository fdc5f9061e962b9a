"""Refusals that need the parts on both sides: implicit products with two readings, brackets, bars.

Each answers with a fault, its sentence spelling out what to write; nothing here builds a tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from symcalc.language.faults import Fault
from symcalc.language.pieces import Piece, span
from symcalc.notation import tree

Source = Callable[[int, int], str]
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")


def two_readings(source: Source, left: Piece, op: str, right: Piece) -> Fault:
    """An implicit product right of / or @, such as 1/2x."""
    one = source(*span(left))
    first, rest = source(*right.factors[0]), "*".join(source(*f) for f in right.factors[1:])
    whole = source(left.start, right.end)
    return Fault(
        f"{whole} can be read in two ways; write ({one}{op}{first})*{rest} or {one}{op}({first}*{rest}).",
        tree.Node(*span(right)), f"({first}*{rest})",
    )  # fmt: skip


def side_by_side(source: Source, left: Piece, right: Piece) -> Fault | None:
    """Why two values may not stand side by side; None where they are an implicit product."""
    one, two = source(*span(left)), source(*span(right))
    called = _function_in(left.node)
    if called is not None:
        return _bare_function(source, called, left, right)
    if left.raised and not (left.leads and right.leads == "bracket"):
        base, exponent = source(left.start, left.raised[0]).rstrip("^* "), source(*left.raised)
        return Fault(
            f"{source(left.start, right.end)} can be read in two ways; "
            f"write {base}^{exponent}*{two} or {base}^({exponent}*{two}).",
            tree.Node(left.raised[0], right.end), f"({exponent}*{two})",
        )  # fmt: skip
    place = tree.Node(*span(right))
    if left.root:
        return Fault(f"{one}{two} can be read in two ways; write {one}*{two} or √({one[1:]}*{two}).", place, f"*{two}")
    if isinstance(left.node, tree.Number) and not left.grouped and _NUMBER.fullmatch(one + two):
        return Fault(f"Two numbers stand side by side; write {one}{two} without a blank, or {one}*{two}.",
                     place, f"*{two}")  # fmt: skip
    if left.leads and right.leads != "number":
        return None
    op = "@" if isinstance(left.node, tree.Transpose) or isinstance(right.node, tree.Transpose) else "*"
    return Fault(f"Two values stand side by side without an operator; write {one}{op}{two}.", place, f"{op}{two}")


def _function_in(node: tree.Node) -> str | None:
    """The function whose word stands alone or raised: sin 2x, sin^2(x)."""
    if isinstance(node, tree.Binary) and node.op == "^":
        node = node.left
    return node.name if isinstance(node, tree.Ref) and is_function(node.name) else None


def is_function(word: str) -> bool:
    """Whether a word is a function's and cannot be a name."""
    from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS

    row = FUNCTIONS.get(SPELLINGS.get(word, ""))
    return row is not None and not row.also_a_name


def _bare_function(source: Source, word: str, left: Piece, right: Piece) -> Fault:
    one, two = source(*span(left)), source(*span(right))
    inside = two[1:-1] if right.grouped else two
    place = tree.Node(left.start, right.end)
    if not isinstance(left.node, tree.Binary):
        onward = source(right.end, right.end + 2)[:1]
        if onward.isalnum() or onward in ("(", "_", "√"):
            return Fault(f"{word} needs brackets around its argument; write {word}(…).", place)
        return Fault(f"{word} needs brackets around its argument; write {word}({inside}).", place, f"{word}({inside})")
    exponent = left.node.right
    if isinstance(exponent, tree.Unary) and isinstance(exponent.operand, tree.Number) and exponent.operand.value == 1:
        inverse = f"a{word}" if is_function(f"a{word}") else f"1/{word}"
        return Fault(f"{one}{two} can be read in two ways; write {inverse}({inside}) or {word}({inside})^-1.",
                     place, f"{inverse}({inside})")  # fmt: skip
    power = one.rpartition("^")[2] if "^" in one else f"{getattr(exponent, 'text', '…')}"
    return Fault(f"A power of {word} stands behind its argument; write {word}({inside})^{power}.",
                 place, f"{word}({inside})^{power}")  # fmt: skip


def double_bars(source: Source, inside: Piece, start: int, end: int) -> Fault:
    """||x||, which is a norm to some and an absolute value to others."""
    typed = source(inside.start + 1, inside.end - 1).strip()
    return Fault(f"Double bars can be read in two ways; write norm({typed}) or |{typed}|.",
                 tree.Node(start, end), f"norm({typed})")  # fmt: skip


def check_brackets(name: str, values: Sequence[Piece], text: str, start: int, end: int) -> None:
    """Refuses square brackets that are meant as the brackets of a call: Sin[x].

    Raises:
        Fault: The name is a function's.
    """
    word = name if is_function(name) else name.lower()
    if is_function(word):
        inside = text[values[0].start : values[-1].end]
        raise Fault(f"The brackets of a function are round; write {word}({inside}).",
                    tree.Node(start, end), f"{word}({inside})")  # fmt: skip


def no_index(source: Source, value: Piece, name: str) -> Fault:
    """A value in square brackets behind a name that is no index."""
    return Fault(
        f"{source(*span(value))} is no index; behind a name, square brackets hold index names or whole numbers, "
        f"such as {name}[i] or {name}[0].", tree.Node(*span(value)),
    )  # fmt: skip


def stray_comparison(source: Source, piece: Piece) -> Fault:
    """A comparison that is not the first argument of where."""
    typed = source(*span(piece))
    return Fault(f"A comparison is no number; write where({typed}, 1, 0).", tree.Node(*span(piece)),
                 f"where({typed}, 1, 0)")  # fmt: skip
