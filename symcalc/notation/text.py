"""Trees as text, for reading: `-2·mean(x·r)`, or in plain ASCII `-2*mean(x*r)`.

A product is set with · and a power with ^; matrix products stand side by side as people write them
(`Xᵀr`), or with @ in ASCII. Parentheses stand only where precedence needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symcalc.notation import tree

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_LEVEL = {"⊙": _PRODUCT, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT, "^": _POWER}


@dataclass(frozen=True)
class Style:
    """Which characters text is made of."""

    times: str = "·"
    matrix: str = "·"
    transposed: str = "ᵀ"
    sigma: str = "Σ"
    partial: str = "∂"
    gets: str = "←"
    equals: str = "="


UNICODE = Style()
ASCII = Style("*", "@", ".T", "sum", "d", "<-", "==")


def write(
    node: tree.Node,
    style: Style = UNICODE,
    number: Callable[[tree.Number], str] | None = None,
    source: str = "",
) -> str:
    """A tree as one line of text.

    Args:
        node: The tree.
        style: Which characters to use.
        number: How to write a number; as typed unless given.
        source: The text that typed nodes were read from: they are written just as they stand there.
    """
    return _Text(style, number or (lambda n: n.text), source).at(node, 0)


class _Text:
    def __init__(self, style: Style, number: Callable[[tree.Number], str], source: str) -> None:
        self.style, self.number, self.source = style, number, source

    def at(self, node: tree.Node, level: int, first: bool = False) -> str:
        """The node's text, in parentheses if it binds looser than its surroundings need.

        A leading minus needs none where the node stands first.
        """
        text, own = self.parts(node)
        if first and own == _SUM and text.startswith("-") and not _adds(node):
            own = _PRODUCT
        return f"({text})" if own < level else text

    def parts(self, node: tree.Node) -> tuple[str, int]:
        """The node's text and how tightly it binds."""
        if self.source and node.start >= 0:
            typed = " ".join(self.source[node.start : node.end].split())
            if typed and (self.style is not ASCII or typed.isascii()):
                # Among products set with ·, a product typed with @ is set apart.
                loose = isinstance(node, tree.Binary) and node.op == "@" and self.style is not ASCII
                return typed, _SUM if loose else _binding(node)
        match node:
            case tree.Number():
                text = self.number(node)
                return text, _SIGN if text.startswith("-") else _ATOM
            case tree.Ref():
                inside = f"[{','.join(node.indices)}]" if node.indices else ""
                return quoted(node.name) + inside, _ATOM
            case tree.Unary():
                return node.op + self.at(node.operand, _PRODUCT), _SUM if node.op == "-" else _SIGN
            case tree.Binary():
                return self._binary(node), _binding(node)
            case tree.Compare():
                op = self.style.equals if node.op == "==" else node.op
                return f"{self.at(node.left, _SUM)} {op} {self.at(node.right, _SUM)}", 0
            case tree.Call():
                axis = "" if node.axis is None else f", axis={node.axis}"
                arguments = ", ".join(self.at(a, 0) for a in node.arguments)
                return f"{node.function}({arguments}{axis})", _ATOM
            case tree.Bars():
                inside = self.at(node.operand, 0)
                return (f"abs({inside})" if "|" in inside else f"|{inside}|"), _ATOM
            case tree.Transpose():
                return self.at(node.operand, _ATOM) + self.style.transposed, _ATOM
            case tree.Stack():
                return f"[{', '.join(self.at(i, 0) for i in node.items)}]", _ATOM
            case tree.Sigma():
                return self._sigma(node)
            case tree.Entry():
                return f"{self.at(node.operand, _ATOM)}[{','.join(node.indices)}]", _ATOM
            case tree.Slope():
                d = self.style.partial
                return f"{d}{self.at(node.of, _ATOM)}/{d}{self.at(node.by, _ATOM)}", _ATOM
            case tree.Bracket():
                return f"[{self.at(node.condition, 0)}]", _ATOM
        raise TypeError(f"no text for {type(node).__name__}")

    def _sigma(self, node: tree.Sigma) -> tuple[str, int]:
        if self.style.sigma == "sum":
            return f"sum({self.at(node.body, 0)}, {', '.join(node.over)})", _ATOM
        return f"{self.style.sigma}_{','.join(node.over)} {self.at(node.body, _PRODUCT)}", _PRODUCT

    def _binary(self, node: tree.Binary) -> str:
        level = _LEVEL[node.op]
        if node.op == "^":
            return f"{self.at(node.left, _ATOM)}^{self.at(node.right, _ATOM)}"
        beside = self.style.matrix != "@" and isinstance(node.right, tree.Binary) and node.right.op == "@"
        tighter = node.op in "-/@⊙" or (node.op == "*" and _divides(node.right) and not beside)
        right_level = level + 1 if tighter else level
        # (1/n)·Σ_i …: without the parentheses the sum would seem to stand below the bar.
        set_apart = (isinstance(node.right, tree.Sigma) or beside) and _divides(node.left)
        left = self.at(node.left, level + 1 if set_apart else level, first=True)
        right = self.at(node.right, right_level)
        if node.op == "*":
            return left + self.style.times + right
        if node.op == "@":
            return self._product(node, left, right)
        if node.op == "⊙":
            return f"{left} ⊙ {right}" if self.style.matrix != "@" else f"{left}*{right}"
        return f"{left}/{right}" if node.op == "/" else f"{left} {node.op} {right}"

    def _product(self, node: tree.Binary, left: str, right: str) -> str:
        if self.style.matrix == "@":
            return f"{left}@{right}"
        # Xᵀr and Xᵀ(p - y) need no sign between them; two long names do.
        short = len(right) <= 2 or right[0].isupper() or right[0] == "("
        tight = right.startswith("(") or (short and left.endswith((self.style.transposed, ")")))
        return left + ("" if tight else self.style.matrix) + right


def _adds(node: tree.Node) -> bool:
    return isinstance(node, tree.Binary) and node.op in "+-"


def _binding(node: tree.Node) -> int:
    """How tightly a node binds; a product that begins with a minus binds like the minus."""
    if isinstance(node, tree.Unary):
        return _SUM if node.op == "-" else _SIGN
    if isinstance(node, tree.Compare):
        return 0
    if not isinstance(node, tree.Binary):
        return _ATOM
    if node.op in "*/@" and isinstance(node.left, tree.Unary):
        return _SUM
    return _LEVEL[node.op]


def _divides(node: tree.Node) -> bool:
    return isinstance(node, tree.Binary) and node.op in "/@"


def quoted(name: str) -> str:
    """A name as the language reads it: in backticks where it is no plain word."""
    plain = all(c.isalnum() or c in "_∂/" or ord(c) > 127 for c in name)
    return name if plain or name.startswith("onehot(") else f"`{name}`"
