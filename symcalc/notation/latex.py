"""Trees as LaTeX (amsmath): `-2\\,\\operatorname{mean}\\left(x\\,r\\right)`.

What is written here means one thing only, and `language.latex` reads it back. A product of numbers is set
with a thin space, or with \\cdot where a reader could take it for a call or a matrix product; a matrix product
has an empty group between its factors, which shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from symcalc.notation import tree
from symcalc.notation.latex_names import index, name

__all__ = ["name", "statements", "write"]

_KNOWN = set("exp log sin cos tan sec csc cot sinh cosh tanh coth max min det".split())
_WORDS = {
    "trace": r"\operatorname{tr}", "ln": r"\ln", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan",
    "log2": r"\log_{2}", "log10": r"\log_{10}", "gamma": r"\Gamma",
    "maximum": r"\operatorname{maximum}",
}  # fmt: skip
_COMPARE = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 4, 5
_NO_MARKS: Mapping[int, str] = {}
_MATRIX_WORDS = {"inv", "inverse", "det", "logdet", "trace", "transpose", "solve", "outer", "diag"}


def write(
    node: tree.Node, others: Collection[str] = (), letters: Collection[str] = (), marks: Mapping[int, str] | None = None
) -> str:
    """A tree as LaTeX.

    Args:
        node: The tree.
        others: Every name of the formula it belongs to.
        letters: The index letters of its statement, besides those in the tree itself.
        marks: Identity of a node → the class that \\class gives it, for pages.
    """
    return _Latex(others, {*letters, *_letters(node)}, _matrices(node), marks or {}).at(node, 0)


def statements(formula: tree.Formula, others: Collection[str] = ()) -> list[tuple[str, str]]:
    """Both sides of each statement of a formula: (left, right); left is empty where there is none."""
    matrices = any(_matrices(s.expression) for s in formula.statements)
    trees = [s.expression for s in formula.statements]
    others = {*others, *(n.name for t in trees for n in _walk(t) if isinstance(n, tree.Ref))}
    others |= {s.name for s in formula.statements if s.name}
    made = []
    for statement in formula.statements:
        writer = _Latex(others, {*statement.indices, *_letters(statement.expression)}, matrices)
        left = writer.left(statement)
        if formula.head is not None and statement is formula.statements[-1]:
            left = writer.head(formula.head)
        made.append((left, writer.at(statement.expression, 0)))
    return made


class _Latex:
    """How one statement is written.

    Attributes:
        others: Every name of the formula.
        letters: The index letters of the statement.
        matrices: Whether there are matrices about, so that a product of entries must be marked as one.
        marks: Identity of a node → its class.
    """

    def __init__(
        self, others: Collection[str], letters: Collection[str], matrices: bool, marks: Mapping[int, str] = _NO_MARKS
    ) -> None:
        self.others, self.letters, self.matrices, self.marks = others, letters, matrices, marks

    def left(self, statement: tree.Statement) -> str:
        """The left side of a statement, with its indices."""
        return self._ref(statement.name, statement.indices) if statement.name else ""

    def head(self, head: tree.Head) -> str:
        """The head of a loss: L(m, b; x, y)."""
        lists = [
            ", ".join(
                name(d.name, self.others) + (rf"\left[{', '.join(map(index, d.sizes))}\right]" if d.sizes else "")
                for d in declared
            )
            for declared in (head.parameters, head.columns or ())
        ]
        behind = "" if head.columns is None else f"; {lists[1]}"
        return rf"{name(head.name, self.others)}\left({lists[0]}{behind}\right)"

    def at(self, node: tree.Node, level: int, first: bool = False) -> str:
        """The node's LaTeX, in parentheses if it binds looser than its surroundings need."""
        text, own = self.parts(node)
        if first and own == _SUM and text.startswith("-") and not _adds(node):
            own = _PRODUCT
        if id(node) in self.marks:
            # A sign stays in front: what stands before it looks for it there.
            sign = "-" if text.startswith("-") else ""
            text = rf"{sign}\class{{{self.marks[id(node)]}}}{{{text.removeprefix('-')}}}"
        return rf"\left({text}\right)" if own < level else text

    def parts(self, node: tree.Node) -> tuple[str, int]:
        """The node's LaTeX and how tightly it binds."""
        match node:
            case tree.Number():
                written = _number(node.text)
                return written, _SUM if written.startswith("-") else _PRODUCT if "10^" in written else _ATOM
            case tree.Ref():
                return self._ref(node.name, node.indices), _ATOM
            case tree.Unary():
                return node.op + self.at(node.operand, _PRODUCT), _SUM
            case tree.Binary():
                return self._binary(node)
            case tree.Compare():
                return f"{self.at(node.left, _SUM)} {_COMPARE[node.op]} {self.at(node.right, _SUM)}", 0
            case tree.Call():
                return self._call(node)
            case tree.Bars():
                return rf"\left|{self.at(node.operand, 0)}\right|", _ATOM
            case tree.Transpose():
                return f"{self.at(node.operand, _ATOM)}^{{\\top}}", _POWER
            case tree.Stack():
                return rf"\left[{', '.join(self.at(i, 0) for i in node.items)}\right]", _ATOM
            case tree.Sigma():
                over = ",".join(map(index, node.over))
                return rf"\sum_{{{over}}} {self.at(node.body, _PRODUCT)}", _PRODUCT
            case tree.Entry():
                return f"{{{self.at(node.operand, _ATOM)}}}_{{{','.join(map(index, node.indices))}}}", _ATOM
            case tree.Slope():
                below = rf"\partial {self.at(node.by, _ATOM)}"
                if isinstance(node.of, tree.Ref):
                    return rf"\frac{{\partial {self.at(node.of, _ATOM)}}}{{{below}}}", _ATOM
                return rf"\frac{{\partial}}{{{below}}}{self.at(node.of, _ATOM + 1)}", _ATOM
            case tree.Bracket():
                return rf"\left[{self.at(node.condition, 0)}\right]", _ATOM
        raise TypeError(f"no LaTeX for {type(node).__name__}")

    def _ref(self, word: str, indices: tuple[str, ...]) -> str:
        below = ",".join(map(index, indices))
        if below and "/" in word:
            return name(word, self.others, f"_{{{below}}}")
        base = name(word, self.others)
        if not indices:
            return base
        return f"{{{base}}}_{{{below}}}" if "_" in base else f"{base}_{{{below}}}"

    def _binary(self, node: tree.Binary) -> tuple[str, int]:
        if node.op == "/":
            return rf"\frac{{{self.at(node.left, 0)}}}{{{self.at(node.right, 0)}}}", _ATOM
        if node.op == "^":
            return f"{self.at(node.left, _ATOM)}^{{{self._exponent(node.right)}}}", _POWER
        if node.op in "*@⊙":
            # A sum or product over an index takes in all that stands behind it.
            left = self.at(node.left, _POWER if _opens(node.left) else _PRODUCT, first=True)
            tight = node.op != "*" or (isinstance(node.right, tree.Binary) and node.right.op in "@⊙")
            right = self.at(node.right, _POWER if tight else _PRODUCT)
            return left + self._sign(node.op, left, right) + right, _first_sign(left)
        typed = node.right.start >= 0 or (isinstance(node.right, tree.Unary))
        level = _PRODUCT if node.op == "-" or typed else _SUM
        return f"{self.at(node.left, _SUM)} {node.op} {self.at(node.right, level)}", _SUM

    def _sign(self, op: str, left: str, right: str) -> str:
        if op == "⊙":
            return r" \odot "
        if op == "@":
            return " {} "
        if r"\top}" in left:
            return r" \odot "
        # Next to brackets a letter would look like a function, and 2 before a digit like one number.
        marked = self.matrices or right[:1].isdigit() or right.startswith((r"\left(", r"\left[", "-"))
        return r" \cdot " if marked and not (left[-1:].isdigit() and right.startswith(r"\left(")) else r"\,"

    def _exponent(self, node: tree.Node) -> str:
        """An exponent; in braces of its own where it would look like an inverse or a transpose."""
        written = self.at(node, 0)
        return f"{{{written}}}" if written in ("-1", "T") or written.startswith((r"\left(", r"\left[")) else written

    def _call(self, node: tree.Call) -> tuple[str, int]:
        function = node.function
        over = [a.name for a in node.arguments[1:] if isinstance(a, tree.Ref) and not a.indices]
        indexed = bool(over) and len(over) == len(node.arguments) - 1 and set(over) <= set(self.letters)
        if indexed and function in _REDUCTIONS:
            return self._over(function, node.arguments[0], over)
        inside = ", ".join(self.at(a, 0) for a in node.arguments)
        if node.axis is not None:
            inside += rf",\ \mathrm{{axis}}={node.axis}"
        elif len(node.arguments) == 1 and function in _ENCLOSED:
            opening, closing = _ENCLOSED[function]
            return opening + inside + closing, _ATOM
        elif function == "where" and len(node.arguments) == 3:
            condition, then, otherwise = (self.at(a, 0) for a in node.arguments)
            rows = rf"{then} & {condition} \\ {otherwise} & \text{{otherwise}}"
            return rf"\left(\begin{{cases}} {rows} \end{{cases}}\right)", _ATOM
        return rf"{_word(function)}\left({inside}\right)", _ATOM

    def _over(self, function: str, body: tree.Node, over: list[str]) -> tuple[str, int]:
        """A reduction over indices it names."""
        below = ",".join(map(index, over))
        if function == "sum":
            return rf"\sum_{{{below}}} {self.at(body, _PRODUCT)}", _PRODUCT
        if function == "norm":
            inside = self.at(body, 0)
            return rf"\operatorname{{norm}}_{{{below}}}\left({inside}\right)", _ATOM
        word = f"\\{function}" if function in ("prod", "max", "min") else rf"\operatorname{{{function}}}"
        return rf"{word}_{{{below}}}\left({self.at(body, 0)}\right)", _PRODUCT


_REDUCTIONS = set("mean average sum prod max min amax amin var std norm norm1 logsumexp softmax".split())
_ENCLOSED = {
    "sqrt": (r"\sqrt{", "}"), "cbrt": (r"\sqrt[3]{", "}"), "abs": (r"\left|", r"\right|"),
    "norm": (r"\left\lVert ", r" \right\rVert"), "norm1": (r"\left\lVert ", r" \right\rVert_{1}"),
}  # fmt: skip


def _word(function: str) -> str:
    if function in _KNOWN:
        return f"\\{function}"
    return _WORDS.get(function) or rf"\operatorname{{{function}}}"


def _number(text: str) -> str:
    """A number as typed; a power of ten behind it is set as one: 2e-5 is 2 \\times 10^{-5}."""
    mantissa, _, exponent = text.lower().partition("e")
    mantissa = mantissa.rstrip(".")
    mantissa = f"0{mantissa}" if mantissa.startswith(".") else mantissa
    if not exponent:
        return mantissa
    return rf"{mantissa} \times 10^{{{exponent.replace('+', '')}}}"


def _adds(node: tree.Node) -> bool:
    return isinstance(node, tree.Binary) and node.op in "+-"


def _first_sign(left: str) -> int:
    return _SUM if left.startswith("-") else _PRODUCT


def _opens(node: tree.Node) -> bool:
    """Whether a node ends with a sum or product over an index, which takes in what follows it."""
    if isinstance(node, tree.Binary) and node.op in "*@⊙":
        return _opens(node.right)
    if isinstance(node, tree.Unary):
        return _opens(node.operand)
    return isinstance(node, tree.Sigma) or (isinstance(node, tree.Call) and node.function in ("sum", "prod"))


def _below(node: tree.Node) -> tuple[tree.Node, ...]:
    match node:
        case tree.Unary() | tree.Bars() | tree.Transpose() | tree.Entry():
            return (node.operand,)
        case tree.Binary() | tree.Compare():
            return node.left, node.right
        case tree.Call():
            return node.arguments
        case tree.Stack():
            return node.items
        case tree.Sigma():
            return (node.body,)
        case tree.Slope():
            return node.of, node.by
        case tree.Bracket():
            return (node.condition,)
    return ()


def _walk(node: tree.Node) -> Iterator[tree.Node]:
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(_below(node))


def _letters(node: tree.Node) -> set[str]:
    """Every index letter in a tree."""
    refs = [n.indices for n in _walk(node) if isinstance(n, tree.Ref)]
    return {letter for indices in refs for letter in indices if not re.fullmatch("[0-9]+", letter)}


def _matrices(node: tree.Node) -> bool:
    """Whether a tree speaks of matrices."""
    return any(
        isinstance(n, tree.Transpose)
        or (isinstance(n, tree.Binary) and n.op in "@⊙")
        or (isinstance(n, tree.Call) and n.function in _MATRIX_WORDS)
        for n in _walk(node)
    )
