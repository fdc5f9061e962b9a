"""Trees as text of the language that reads back as the same tree: parentheses wherever the grammar needs them.

Where `text` sets a formula for reading, this sets it for being read again.
"""

from __future__ import annotations

from symcalc.notation import tree
from symcalc.notation.text import quoted

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_LEVEL = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT}


def formula(statements: tuple[tree.Statement, ...], head: tree.Head | None = None) -> str:
    """Statements, separated by semicolons; the head stands before the last one."""
    written = [statement(s) for s in statements[:-1]]
    last = statements[-1]
    if head is None:
        return "; ".join([*written, statement(last)])
    return "; ".join([*written, f"{declared(head)} = {write(last.expression)}"])


def statement(node: tree.Statement) -> str:
    """A definition or an expression alone."""
    if not node.name:
        return write(node.expression)
    return f"{quoted(node.name)}{_inside(node.indices)} = {write(node.expression)}"


def declared(head: tree.Head) -> str:
    """The head of a loss: `L(m, b; x[n], y)`."""
    lists = [", ".join(quoted(d.name) + _inside(d.sizes or ()) for d in names)
             for names in (head.parameters, head.columns or ())]  # fmt: skip
    return f"{head.name}({lists[0]})" if head.columns is None else f"{head.name}({lists[0]}; {lists[1]})"


def write(node: tree.Node) -> str:
    """An expression."""
    return _at(node, 0)


def _at(node: tree.Node, level: int) -> str:
    text, own = _parts(node)
    return f"({text})" if own < level else text


def _inside(indices: tuple[str, ...]) -> str:
    return f"[{','.join(indices)}]" if indices else ""


def _parts(node: tree.Node) -> tuple[str, int]:
    match node:
        case tree.Number():
            return node.text, _ATOM
        case tree.Ref():
            return quoted(node.name) + _inside(node.indices), _ATOM
        case tree.Unary():
            return node.op + _at(node.operand, _SIGN), _SIGN
        case tree.Binary(op="^"):
            return f"{_at(node.left, _ATOM)}^{_at(node.right, _POWER)}", _POWER
        case tree.Binary():
            level = _LEVEL[node.op]
            sign = f" {node.op} " if level == _SUM else node.op
            return f"{_at(node.left, level)}{sign}{_at(node.right, level + 1)}", level
        case tree.Compare():
            return f"{_at(node.left, _SUM)} {node.op} {_at(node.right, _SUM)}", 0
        case tree.Call():
            inside = ", ".join(write(a) for a in node.arguments)
            return f"{node.function}({inside}{'' if node.axis is None else f', axis={node.axis}'})", _ATOM
        case tree.Bars():
            inside = write(node.operand)
            return (f"abs({inside})" if "|" in inside else f"|{inside}|"), _ATOM
        case tree.Transpose():
            # 2.T would begin like the number 2.0.
            inside = _at(node.operand, _ATOM)
            return (f"({inside}).T" if isinstance(node.operand, tree.Number) else f"{inside}.T"), _ATOM
        case tree.Stack():
            return f"[{', '.join(write(i) for i in node.items)}]", _ATOM
    raise TypeError(f"no text of the language for {type(node).__name__}")
