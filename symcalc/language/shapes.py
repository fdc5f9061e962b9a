"""Shapes of parameters nobody declared, found from what they are multiplied with.

`X@w` with X of shape (n, 2) makes w a vector of 2; a name that meets no matrix product is a number.
A shape is a tuple of sizes: whole numbers, or labels for symbolic ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS
from symcalc.notation import tree

Shape = tuple[int | str, ...]


def inferred(statements: tuple[tree.Statement, ...], known: Mapping[str, Shape | None]) -> dict[str, Shape]:
    """The shape of every name whose entry in `known` is None.

    Args:
        statements: The formula's statements, in order.
        known: Name → its shape, or None where it is to be found.
    """
    shapes = dict(known)
    for _ in range(len(shapes) + 1):
        before = dict(shapes)
        for statement in statements:
            shape = _Walk(shapes).of(statement.expression)
            if statement.name is not None:
                shapes.setdefault(statement.name, None)
                if not statement.indices:
                    shapes[statement.name] = shape
        if shapes == before:
            break
    return {name: shapes[name] or () for name, shape in known.items() if shape is None}


class _Walk:
    def __init__(self, shapes: dict[str, Shape | None]) -> None:
        self.shapes = shapes

    def of(self, node: tree.Node) -> Shape | None:
        """The node's shape as far as it is known; None where it hangs on an unknown name alone."""
        match node:
            case tree.Number():
                return ()
            case tree.Ref():
                return self.shapes.get(node.name, ())
            case tree.Unary() | tree.Bars():
                return self.of(node.operand)
            case tree.Transpose():
                shape = self.of(node.operand)
                return None if shape is None else shape[::-1]
            case tree.Stack():
                return (*(self._wide(*(self.of(i) for i in node.items)) or ()), len(node.items))
            case tree.Binary() if node.op == "@":
                return self._product(node.left, node.right)
            case tree.Binary():
                return self._chain(node)
            case tree.Compare():
                return self._wide(self.of(node.left), self.of(node.right))
            case tree.Call():
                return self._call(node)
        return ()

    def _chain(self, node: tree.Binary) -> Shape | None:
        links = [node]
        while isinstance(links[-1].left, tree.Binary) and links[-1].left.op != "@":
            links.append(links[-1].left)
        shape = self.of(links[-1].left)
        for link in reversed(links):
            shape = self._wide(shape, self.of(link.right))
        return shape

    def _wide(self, *shapes: Shape | None) -> Shape | None:
        found = [s for s in shapes if s is not None]
        return max(found, key=len) if found else None

    def _product(self, left: tree.Node, right: tree.Node) -> Shape | None:
        one, two = self.of(left), self.of(right)
        if one and two is None:
            two = (one[-1],)
            self._assign(right, two)
        elif two and one is None:
            one = (two[0],)
            self._assign(left, one)
        if one is None or two is None:
            return None
        return one[:-1] + two[1:]

    def _assign(self, node: tree.Node, shape: Shape) -> None:
        if isinstance(node, tree.Ref) and self.shapes.get(node.name, ()) is None:
            self.shapes[node.name] = shape
        elif isinstance(node, (tree.Unary, tree.Transpose)):
            self._assign(node.operand, shape)
        elif isinstance(node, tree.Binary) and node.op in "+-*/":
            unknown = [side for side in (node.left, node.right) if self.of(side) is None]
            self._assign(unknown[-1], shape)

    def _call(self, node: tree.Call) -> Shape | None:
        shapes = [self.of(a) for a in node.arguments]
        word = SPELLINGS.get(node.function, "")
        row = FUNCTIONS.get(word)
        if row is None or not node.arguments:
            return ()
        first = shapes[0]
        if row.kind == "reduction" and not (word in ("max", "min") and len(shapes) > 1):
            return self._reduced(word, first, node.axis)
        if word == "dot":
            return self._product(*node.arguments[:2]) if len(shapes) > 1 else ()
        if word == "outer":
            return (*(first or ()), *(shapes[-1] or ()))
        if word == "inv":
            return first
        if word == "solve":
            return shapes[-1]
        if word in ("diag", "diff", "transpose"):
            return None if first is None else (_diagonal(first) if word == "diag" else first[::-1])
        return () if word in ("trace", "len", "det", "logdet") else self._wide(*shapes)

    def _reduced(self, word: str, shape: Shape | None, axis: int | None) -> Shape:
        if shape is None or not shape:
            return ()
        if word == "softmax":
            return shape
        if axis is not None:
            kept = list(shape)
            del kept[axis if -len(kept) <= axis < len(kept) else -1]
            return tuple(kept)
        return shape[:-1] if word == "logsumexp" else ()


def _diagonal(shape: Shape) -> Shape:
    """The shape of diag(u): a vector makes a matrix, a matrix gives a vector."""
    return shape * 2 if len(shape) == 1 else shape[:1]
