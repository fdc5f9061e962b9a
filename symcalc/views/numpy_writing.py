"""Trees as Python code: powers with **, matrix products with @, parentheses only where Python needs them."""

from __future__ import annotations

from symcalc.notation import tree

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT, "^": _POWER}
# Python's floats hold every whole number up to here.
_EXACT = 2**53


def write(node: tree.Node, level: int = 0) -> str:
    """A tree as Python code, in parentheses if it binds looser than its surroundings need."""
    text, own = _parts(node)
    return f"({text})" if own < level else text


def _parts(node: tree.Node) -> tuple[str, int]:
    match node:
        case tree.Number():
            return (node.text if abs(node.value) < _EXACT else repr(float(node.value))), _ATOM
        case tree.Ref():
            return node.name, _ATOM
        case tree.Unary():
            matrix = isinstance(node.operand, tree.Binary) and node.operand.op == "@"
            return f"-{write(node.operand, _ATOM if matrix else _PRODUCT)}", _SIGN
        case tree.Binary():
            return _binary(node), _LEVELS[node.op]
        case tree.Compare():
            return f"{write(node.left, _SUM)} {node.op} {write(node.right, _SUM)}", 0
        case tree.Call():
            return f"{node.function}({', '.join(write(a, 0) for a in node.arguments)})", _ATOM
        case tree.Transpose():
            return f"{write(node.operand, _ATOM)}.T", _ATOM
        case tree.Entry():
            return f"{write(node.operand, _ATOM)}[{', '.join(node.indices)}]", _ATOM
    raise TypeError(f"no code for {type(node).__name__}")


def _binary(node: tree.Binary) -> str:
    level = _LEVELS[node.op]
    if node.op == "^":
        return f"{write(node.left, _ATOM)}**{write(node.right, _ATOM)}"
    # A matrix product among other products is set apart: 2 * (X.T @ r), not 2 * X.T @ r.
    left = _ATOM if _mixed(node.op, node.left) else level
    right = _ATOM if _mixed(node.op, node.right) else level + (node.op in "-/@*")
    return f"{write(node.left, left)} {node.op} {write(node.right, right)}"


def _mixed(op: str, child: tree.Node) -> bool:
    inside = child.operand if isinstance(child, tree.Unary) else child
    return isinstance(inside, tree.Binary) and _LEVELS[op] == _LEVELS.get(inside.op) == _PRODUCT and (
        (op == "@") != (inside.op == "@")
    )  # fmt: skip
