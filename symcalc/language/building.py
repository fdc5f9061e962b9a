"""Tokens to trees, during the parse: one method for each alias of the grammar.

The parser calls these methods from the leaves up and never recurses. What a method gets and gives are
pieces: a node with what its surroundings must know about it (parentheses, size, implicit factors).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symcalc.language import products
from symcalc.language.faults import Fault
from symcalc.language.pieces import READING, Argument, Piece, above, check_values, leaf, linked, span
from symcalc.language.scanner import Token
from symcalc.notation import tree

_LEVELS = {"+": "sum", "-": "sum", "*": "product", "/": "product", "@": "product"}

# Reductions whose second argument is NumPy's axis; max(u, 1) is the larger of two, and norm(u, 1) NumPy's order.
_AXIS_SECOND = {"sum", "mean", "average", "prod", "var", "std", "logsumexp", "softmax"}


class Building:
    """Builds trees; one shared object, everything about one text lies in `READING`."""

    # -- leaves ----------------------------------------------------------------------------------

    def number(self, parts: Sequence[Any]) -> Piece:
        token: Token = parts[0]
        # 00012 is 12, as in a table of data; .5 stays as typed.
        text = token.text.lstrip("0")
        if token.text[0] == "0" and not text[:1].isdigit():
            text = "0" + text
        return leaf(tree.Number(token.start, token.end, text, _exact(token.text)), leads="number")

    def ref(self, parts: Sequence[Any]) -> Piece:
        token: Token = parts[0]
        return leaf(tree.Ref(token.start, token.end, token.text))

    def indexed(self, parts: Sequence[Any]) -> Piece:
        name, _, values, closing = parts
        products.check_brackets(name.text, values, READING.get().text, name.start, closing.end)
        indices = tuple(_index(value, name.text) for value in values)
        return leaf(tree.Ref(name.start, closing.end, name.text, indices))

    # -- operators -------------------------------------------------------------------------------

    def binary(self, parts: Sequence[Any]) -> Piece:
        left, op, right = parts
        if op.text in "/@" and right.factors:
            raise products.two_readings(READING.get().source, left, op.text, right)
        node = tree.Binary(left.start, right.end, op.text, left.node, right.node)
        return linked(node, left, right, _LEVELS[op.text])

    def sign(self, parts: Sequence[Any]) -> Piece:
        op, operand = parts
        made = above(tree.Unary(op.start, operand.end, op.text, operand.node), operand)
        if operand.factors:
            made.factors = ((op.start, operand.factors[0][1]), *operand.factors[1:])
        made.raised = operand.raised
        return made

    def juxtaposed(self, parts: Sequence[Any]) -> Piece:
        left, right = parts
        reading = READING.get()
        fault = products.side_by_side(reading.source, left, right)
        if fault is not None:
            raise fault
        node = tree.Binary(left.start, right.end, "*", left.node, right.node, implicit=True)
        made = linked(node, left, right, "implicit")
        made.factors = (*(left.factors or (span(left),)), span(right))
        made.leads, made.raised = left.leads, right.raised
        return made

    def power(self, parts: Sequence[Any]) -> Piece:
        base, _, exponent = parts
        reading = READING.get()
        made = above(tree.Binary(base.start, exponent.end, "^", base.node, exponent.node), base, exponent)
        made.leads, made.raised = base.leads, None if exponent.grouped else span(exponent)
        typed = reading.source(made.start, made.end)
        one, two = reading.source(*span(base)), reading.source(*span(exponent))
        if exponent.raised:
            reading.notes.append(f"{typed} was read as {one}^({two}): powers go from the right.")
        if base.root or base.apart:
            reading.notes.append(f"{typed} was read as ({one})^{two}: the power applies to all of it.")
        return made

    def superscript(self, parts: Sequence[Any]) -> Piece:
        base, token = parts
        READING.get().limits.check("digits", len(token.text), token.start, token.end)
        exponent = leaf(tree.Number(token.start, token.end, token.text, Fraction(int(token.text))))
        made = above(tree.Binary(base.start, token.end, "^", base.node, exponent.node), base, exponent)
        made.leads = base.leads
        return made

    def transposed(self, parts: Sequence[Any]) -> Piece:
        operand, token = parts
        made = above(tree.Transpose(operand.start, token.end, operand.node), operand)
        made.leads = operand.leads
        return made

    def root(self, parts: Sequence[Any]) -> Piece:
        sign, operand = parts
        made = above(tree.Call(sign.start, operand.end, "sqrt", (operand.node,)), operand)
        made.root = True
        return made

    # -- brackets --------------------------------------------------------------------------------

    def group(self, parts: Sequence[Any]) -> Piece:
        opening, inside, closing = parts
        check_values(inside)
        return Piece(inside.node, opening.start, closing.end, inside.nesting, inside.height, inside.count,
                     grouped=True, leads="bracket")  # fmt: skip

    def bars(self, parts: Sequence[Any]) -> Piece:
        opening, inside, closing = parts
        if isinstance(inside.node, tree.Bars) and not inside.grouped:
            raise products.double_bars(READING.get().source, inside, opening.start, closing.end)
        return above(tree.Bars(opening.start, closing.end, inside.node), inside)

    def stack(self, parts: Sequence[Any]) -> Piece:
        opening, values, closing = parts
        return above(tree.Stack(opening.start, closing.end, tuple(v.node for v in values)), *values)

    def values(self, parts: Sequence[Any]) -> list[Piece]:
        return list(parts)

    # -- calls -----------------------------------------------------------------------------------

    def arguments(self, parts: Sequence[Any]) -> list[Argument]:
        return [p if isinstance(p, Argument) else Argument(p) for p in parts]

    def compared(self, parts: Sequence[Any]) -> Argument:
        left, op, right = parts
        node = tree.Compare(left.start, right.end, op.text, left.node, right.node)
        return Argument(above(node, left, right))

    def keyword(self, parts: Sequence[Any]) -> Argument:
        left, _, right = parts
        return Argument(right, keyword=_keyword(left), start=left.start)

    def call(self, parts: Sequence[Any]) -> Piece:
        name, opening, closing = parts[0], parts[1], parts[-1]
        arguments: list[Argument] = parts[2] if len(parts) == 4 else []
        values: list[Piece] = []
        axis: int | None = None
        for k, argument in enumerate(arguments):
            piece = argument.piece
            if argument.keyword:
                axis = _axis(argument, axis)
            elif axis is not None:
                raise Fault("axis= stands behind the other arguments.", tree.Node(*span(piece)))
            else:
                values.append(piece)
            if isinstance(piece.node, tree.Compare) and (name.text != "where" or k):
                raise products.stray_comparison(READING.get().source, piece)
        nodes = [v.node for v in values]
        if axis is None and len(nodes) == 2 and name.text in _AXIS_SECOND:
            axis = _whole(nodes[1])
            nodes = nodes[: 1 if axis is not None else 2]
        node = tree.Call(name.start, closing.end, name.text, tuple(nodes), axis)
        made = above(node, *values)
        if name.end != opening.start:
            made.apart = True
            READING.get().notes.append(f"{name.text} (…) was read as the call {name.text}(…).")
        return made

    def head(self, parts: Sequence[Any]) -> Piece:
        """What reads as a head, `L(m; x)`; only the left side of a statement may use it."""
        name, _, before, semicolon, behind, closing = parts
        node = tree.Node(semicolon.start, semicolon.end)
        made = Piece(node, name.start, closing.end, 0, 0, 1)
        made.head = (name.text, before or [], behind or [])
        return made

    # -- statements ------------------------------------------------------------------------------

    def alone(self, parts: Sequence[Any]) -> tree.Statement:
        (value,) = parts
        check_values(value)
        return _statement(None, (), value, value.start)

    def defined(self, parts: Sequence[Any]) -> tree.Statement | tuple[tree.Head, tree.Statement]:
        left, _, value = parts
        check_values(value)
        node = left.node
        if left.grouped or left.root or not (left.head or isinstance(node, (tree.Ref, tree.Call))):
            raise Fault("Only a name can stand left of '='; write name = expression, or the loss alone.",
                        tree.Node(*span(left)))  # fmt: skip
        if isinstance(node, tree.Ref) and not left.head:
            if any(i.isdigit() for i in node.indices):
                raise Fault("The indices left of '=' are names, such as D[i,k].", node)
            return _statement(node.name, node.indices, value, left.start)
        head = _head(left)
        return head, _statement(head.name, (), value, left.start)

    def start(self, parts: Sequence[Any]) -> tuple[tree.Head | None, tuple[tree.Statement, ...]]:
        head: tree.Head | None = None
        statements: list[tree.Statement] = []
        for k, part in enumerate(parts):
            if isinstance(part, tuple):
                head, part = part
                if k < len(parts) - 1:
                    raise Fault(
                        f"A head such as {head.name}(…) belongs to the last statement, which is the loss; "
                        f"write a definition without it: {head.name} = ….", head,
                    )  # fmt: skip
            statements.append(part)
        return head, tuple(statements)


def _statement(name: str | None, indices: tuple[str, ...], value: Piece, start: int) -> tree.Statement:
    reading = READING.get()
    reading.nodes += value.count
    reading.limits.check("nodes", reading.nodes, start, value.end)
    return tree.Statement(start, value.end, name, indices, value.node)


def _exact(text: str) -> Fraction:
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    power = int(exponent or 0) - len(decimals)
    digits = int(whole + decimals)
    return Fraction(digits * 10**power) if power >= 0 else Fraction(digits, 10**-power)


def _index(value: Piece, name: str) -> str:
    node = value.node
    if isinstance(node, tree.Ref) and not node.indices and not value.grouped:
        return node.name
    if isinstance(node, tree.Number) and node.text.isdigit() and not value.grouped:
        return node.text
    raise products.no_index(READING.get().source, value, name)


def _keyword(left: Piece) -> str:
    if isinstance(left.node, tree.Ref) and not left.grouped:
        if left.node.name == "axis":
            return "axis"
        raise Fault(f"{left.node.name}= is no keyword here; the only one is axis=. Compare with ==.", left.node)
    raise Fault("A '=' inside brackets is only for axis=; compare with ==.", tree.Node(*span(left)))


def _whole(node: tree.Node) -> int | None:
    """The axis that a second argument names as in NumPy, sum(u, 1); None where it is no whole number."""
    sign = -1 if isinstance(node, tree.Unary) and node.op == "-" else 1
    number = node.operand if isinstance(node, tree.Unary) and sign < 0 else node
    plain = isinstance(number, tree.Number) and number.text.isdigit() and number.value <= 99
    return sign * int(number.value) if plain and isinstance(number, tree.Number) else None


def _axis(argument: Argument, before: int | None) -> int:
    node, sign = argument.piece.node, 1
    if isinstance(node, tree.Unary) and node.op == "-":
        node, sign = node.operand, -1
    if before is not None:
        raise Fault("axis= stands here twice.", tree.Node(argument.start, argument.piece.end))
    if not isinstance(node, tree.Number) or not node.text.isdigit() or node.value > 99:
        raise Fault("axis= takes a whole number, such as axis=1.", tree.Node(*span(argument.piece)))
    return sign * int(node.value)


def _head(left: Piece) -> tree.Head:
    if left.head:
        name, before, behind = left.head
        return tree.Head(left.start, left.end, name, _declared(before), _declared(behind))
    call = left.node
    assert isinstance(call, tree.Call)
    if call.axis is not None:
        raise Fault("A head names parameters and columns; axis= cannot stand in it.", call)
    names = [Argument(leaf(a)) for a in call.arguments]
    return tree.Head(left.start, left.end, call.function, _declared(names), None)


def _declared(arguments: Sequence[Argument]) -> tuple[tree.Declared, ...]:
    made = []
    for argument in arguments:
        node = argument.piece.node
        if not isinstance(node, tree.Ref) or argument.keyword or argument.piece.grouped:
            raise Fault("A head lists names, with sizes where wanted: L(m, b; x, y) or f(x[n]; A[n,n]).",
                        tree.Node(*span(argument.piece)))  # fmt: skip
        made.append(tree.Declared(node.start, node.end, node.name, node.indices or None))
    return tuple(made)
