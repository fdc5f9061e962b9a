"""Array expressions as the NumPy code people write: `-X.T @ r`, `np.sum(z, axis=0)`, `X @ w + b`.

Equations become array expressions in `compute.arrays`; here those become text, with the user's names, a
vector on the right of its matrix, and no transpose that changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy as sp

from symcalc.compute.printing import Text
from symcalc.equations import Name
from symcalc.errors import InputError
from symcalc.notation import tree
from symcalc.notation.forming import Former, binary
from symcalc.notation.indexed import ranked
from symcalc.views.numpy_words import HELPERS, NUMPY, SCIPY
from symcalc.views.numpy_writing import write

_COMPARES = {"Less": "<", "LessEqual": "<=", "Same": "==", "Differs": "!="}
_ARANGE = re.compile(r"np\.arange\((?P<size>\w+)\)(?:\[:(?P<behind>(?:, None)+)\])?")
_AXES = re.compile(r"axis=\(([\d, ]*)\)")


class Expressions:
    """Writes array expressions over one set of names.

    Args:
        words: Plain private symbol (the label of an array) → its identifier; sizes included.
        names: The same symbols → Name; sizes may be missing.

    Attributes:
        helpers: Words of the helpers used so far.
        special: Whether scipy.special was used so far.
    """

    def __init__(self, words: Mapping[Any, str], names: Mapping[Any, Name]) -> None:
        self.words, self.names = words, names
        self.helpers: set[str] = set()
        self.special = False
        self._former = _Former(self)

    def write(self, expression: Any) -> str:
        """The code of an expression."""
        return write(self._former.form(self._stacked(expression)))

    def rank(self, expression: Any) -> tuple[Any, ...]:
        """Sorting key of factors and terms, as printed formulas have it."""
        return ranked(expression, dict(self.names))

    def dimensions(self, expression: Any) -> int:
        """How many axes the value of an expression has."""
        if expression.is_Symbol:
            return len(self.names[expression].axes) if expression in self.names else 0
        if not isinstance(expression, Text):
            return max((self.dimensions(a) for a in expression.args), default=0)
        template, arguments = str(expression.args[0]), expression.args[1:]
        inner = max((self.dimensions(a) for a in arguments), default=0)
        head = template.split("(")[0].removeprefix("definite_")
        if template.startswith("{0}["):
            parts = template[4:-1].split(", ")
            return inner + sum(p == "None" for p in parts) - sum(p not in (":", "None") for p in parts)
        if head == "dot":
            return sum(map(self.dimensions, arguments)) - 2
        if head in ("inner", "determinant", "logdeterminant") or template == "total({0})":
            return 0
        if head == "arange":
            return 1
        if head == "full":
            return len(arguments) - 1
        if head == "contract":
            return len(template.split("->")[1].split("'")[0])
        if head == "solution":
            return self.dimensions(arguments[1])
        if head == "diagonal":
            return inner - 1
        return inner - len(_axes(template))

    def _stacked(self, expression: Any) -> Any:
        """Columns side by side, told apart by a delta each, as one node."""
        parts: dict[int, Any] = {}
        for term in expression.args if expression.is_Add else ():
            for factor in term.args if term.is_Mul else ():
                place = _column(factor)
                if place is not None:
                    parts[place] = term / factor
        whole = expression.is_Add and sorted(parts) == list(range(len(expression.args)))
        if not whole or any(not _is_column(part) for part in parts.values()):
            return expression
        places = ", ".join(f"{{{k}}}" for k in range(len(parts)))
        return Text.of(f"np.column_stack(({places}))", *(parts[k].args[1] for k in sorted(parts)))


def _column(factor: Any) -> int | None:
    """Which column a delta stands for, or None for anything else."""
    if isinstance(factor, Text) and str(factor.args[0]) == "delta({0}, {1})" and factor.args[1].is_Integer:
        return int(factor.args[1])
    return None


def _is_column(part: Any) -> bool:
    return isinstance(part, Text) and str(part.args[0]) == "{0}[:, None]" and part.args[1].is_Symbol


def _axes(template: str) -> tuple[int, ...]:
    found = _AXES.search(template)
    return tuple(int(k) for k in found[1].split(",") if k.strip()) if found else ()


class _Former(Former):
    """Array expressions as trees of Python code: a reference is any text that needs no parentheses."""

    def __init__(self, home: Expressions) -> None:
        super().__init__(lambda symbol: _text(home.words[symbol]), home.rank)
        self.home = home

    def form(self, expression: Any) -> tree.Node:
        if expression is sp.pi or expression is sp.E:
            return _text("np.pi" if expression is sp.pi else "np.e")
        return super().form(expression)

    def _call(self, word: str, *arguments: Any) -> tree.Node:
        formed = tuple(self.form(a) for a in arguments)
        if word in NUMPY:
            return _call(f"np.{NUMPY[word]}", *formed)
        if word in SCIPY:
            self.home.special = True
            return _call(f"special.{SCIPY[word]}", *formed)
        if word not in HELPERS:
            raise InputError(f"There is no NumPy code for {word}.")
        self.home.helpers.add(word)
        return _call(HELPERS[word].name, *formed)

    def _function(self, expression: Any) -> tree.Node:
        word, arguments = type(expression).__name__, expression.args
        if isinstance(expression, Text):
            return self._text(str(arguments[0]), arguments[1:])
        if word == "Relu":
            return _call("np.maximum", self.form(arguments[0]), _text("0.0"))
        if word == "Above":
            a, b, tie = arguments
            return _call("np.heaviside", self.form(a - b), self.form(tie))
        if word == "SignAt":
            u, value = arguments
            return _call("np.where", self._compare("==", u, sp.S.Zero), self.form(value), self._call("Sign", u))
        if word in _COMPARES:
            return binary("*", self._compare(_COMPARES[word], *arguments), _text("1.0"))
        if word == "Where":
            return _call("np.where", self._condition(arguments[0]), self.form(arguments[1]), self.form(arguments[2]))
        if word in ("LogisticLoss", "LogisticMiss"):
            return self.form(type(expression).plain(*arguments))
        if word == "LogisticSlope":
            return binary("*", self.form(arguments[0]), self._call("Sigmoid", -arguments[1]))
        if word == "TanhSlope":
            return self._call("TanhSlope", arguments[1])
        return self._call(word, *arguments)

    # -- what SymPy has no word for --------------------------------------------------------------

    def _text(self, template: str, arguments: tuple[Any, ...]) -> tree.Node:
        head = template.split("(")[0].removeprefix("definite_")
        if head == "dot":
            return self._product(*arguments) if len(arguments) == 1 else self._matrix_product(*arguments)
        formed = [self.form(a) for a in arguments]
        if template in ("{0}.T", "({0}).T"):
            return self._transposed(formed[0]) if self.home.dimensions(arguments[0]) > 1 else formed[0]
        if template.startswith("{0}["):
            return tree.Entry(-1, -1, formed[0], tuple(template[4:-1].split(", ")))
        if template.startswith("np."):
            return _text(template.format(*(write(node, 0) for node in formed)))
        return self._named(head, template, arguments, formed)

    def _named(self, head: str, template: str, arguments: tuple[Any, ...], formed: list[tree.Node]) -> tree.Node:
        axes = _axes(template)
        match head:
            case "inner":
                return _call("np.vdot", *formed)
            case "total" | "largest" | "smallest" | "product" | "logsumexp":
                return self._reduced(head, arguments[0], formed[0], axes)
            case "delta":
                return self._delta(arguments, formed)
            case "full":
                sizes = ", ".join(write(size, 0) for size in formed[1:])
                shape = _text(f"({sizes},)" if len(formed) == 2 else f"({sizes})")
                number = self.home.dimensions(arguments[0]) == 0
                return _call("np.full", shape, formed[0]) if number else _call("np.broadcast_to", formed[0], shape)
            case "contract":
                return _call("np.einsum", _text(template.split("'")[1].join('""')), *formed)
            case "transpose":
                return _call("np.transpose", formed[0], _text(template[template.index(", ") + 2 : -1]))
            case "shifted":
                self.home.helpers.add("shifted")
                return _text(template.format(*(write(node, 0) for node in formed)))
            case "logdeterminant":
                return tree.Entry(-1, -1, _call("np.linalg.slogdet", *formed), ("1",))
        known = {"inverse": "linalg.inv", "determinant": "linalg.det", "solution": "linalg.solve",
                 "diagonal": "diagonal", "arange": "arange"}  # fmt: skip
        return _call(f"np.{known[head]}", *formed)

    def _matrix_product(self, left: Any, right: Any) -> tree.Node:
        one, two = self.form(left), self.form(right)
        if self.home.dimensions(left) == 1 and self.home.dimensions(right) == 2:
            # The same numbers, with the vector on the right as people write it.
            one, two = self._transposed(two), one
        return tree.Binary(-1, -1, "@", one, two)

    def _transposed(self, node: tree.Node) -> tree.Node:
        if isinstance(node, tree.Transpose):
            return node.operand
        if isinstance(node, tree.Binary) and node.op == "@":
            return tree.Binary(-1, -1, "@", self._transposed(node.right), self._transposed(node.left))
        return tree.Transpose(-1, -1, node)

    def _reduced(self, head: str, argument: Any, node: tree.Node, axes: tuple[int, ...]) -> tree.Node:
        rank = self.home.dimensions(argument)
        if rank == 2 and len(axes) == 1 and isinstance(node, tree.Transpose):
            node, axes = node.operand, (1 - axes[0],)
        if head == "logsumexp":
            self.home.helpers.add("logsumexp")
        word = {"total": "np.sum", "largest": "np.max", "smallest": "np.min", "product": "np.prod"}.get(head, head)
        if not axes or (len(axes) == rank and head != "logsumexp"):
            return _call(word, node)
        along = str(axes[0]) if len(axes) == 1 else str(axes)
        return _call(word, node, _text(f"axis={along}"))

    def _delta(self, arguments: tuple[Any, ...], formed: list[tree.Node]) -> tree.Node:
        """1 where two indices are the same: an identity matrix, spread over the axes around and between."""
        found = [_ARANGE.fullmatch(write(node, 0)) for node in formed]
        if found[0] is None or found[1] is None or found[0]["size"] != found[1]["size"]:
            return binary("*", tree.Compare(-1, -1, "==", *formed), _text("1.0"))
        near, far = sorted((match["behind"] or "").count("None") for match in found if match)
        spread = [":", *["None"] * (far - near - 1), ":", *["None"] * near]
        plain = far - near == 1 and not near
        identity = _text(f"np.eye({found[0]['size']})")
        return identity if plain else tree.Entry(-1, -1, identity, tuple(spread))


def _text(text: str) -> tree.Ref:
    return tree.Ref(-1, -1, text)


def _call(word: str, *arguments: tree.Node) -> tree.Call:
    return tree.Call(-1, -1, word, arguments)
