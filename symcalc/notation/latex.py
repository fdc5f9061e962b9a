"""Trees as LaTeX (amsmath): `-2\\,\\operatorname{mean}\\left(x\\,r\\right)`."""

from __future__ import annotations

import re

from symcalc.notation import tree

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
).split()
_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", _GREEK))
_KNOWN = "exp log sin cos tan sec csc cot sinh cosh tanh coth max min det".split()
_COMPARE = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
_DERIVATIVE = re.compile(r"([d∂])(.+)/[d∂](.+)")
_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 4, 5


def write(node: tree.Node) -> str:
    """A tree as LaTeX."""
    return _at(node, 0)


def name(word: str) -> str:
    """A name as LaTeX: Greek letters, hats and subscripts as people set them."""
    partial = _DERIVATIVE.fullmatch(word)
    if partial:
        return _derivative(partial, "")
    word = "".join(_LETTERS.get(c, c) for c in word)
    if word in _GREEK:
        return f"\\{word}"
    if len(word) > 3 and word.endswith("hat") and word[:-3].isalpha():
        return rf"\hat{{{name(word[:-3])}}}"
    parted = re.fullmatch(r"([^\W\d_]+)_?(\d+)", word)
    if parted:
        return f"{name(parted[1])}_{{{parted[2]}}}"
    if len(word) == 1:
        return word
    return r"\mathrm{" + re.sub(r"([_#%&$])", r"\\\1", word) + "}"


def _derivative(partial: re.Match[str], below: str) -> str:
    """∂L/∂r as a fraction; indices stand with the name below."""
    sign = r"\partial " if partial[1] == "∂" else "d"
    lower = name(partial[3])
    lower = f"{{{lower}}}{below}" if below and "_" in lower else lower + below
    return rf"\frac{{{sign}{name(partial[2])}}}{{{sign}{lower}}}"


def _at(node: tree.Node, level: int) -> str:
    text, own = _parts(node)
    return rf"\left({text}\right)" if own < level else text


def _parts(node: tree.Node) -> tuple[str, int]:
    match node:
        case tree.Number():
            return node.text, _SUM if node.text.startswith("-") else _ATOM
        case tree.Ref():
            below = f"_{{{','.join(node.indices)}}}" if node.indices else ""
            partial = _DERIVATIVE.fullmatch(node.name)
            if partial:
                return _derivative(partial, below), _ATOM
            base = name(node.name)
            return (f"{{{base}}}{below}" if below and "_" in base else base + below), _ATOM
        case tree.Unary():
            return node.op + _at(node.operand, _PRODUCT), _SUM
        case tree.Binary():
            return _binary(node)
        case tree.Compare():
            return f"{_at(node.left, 0)} {_COMPARE[node.op]} {_at(node.right, 0)}", 0
        case tree.Call():
            return _call(node), _ATOM
        case tree.Bars():
            return rf"\left|{_at(node.operand, 0)}\right|", _ATOM
        case tree.Transpose():
            return f"{_at(node.operand, _ATOM)}^{{\\top}}", _POWER
        case tree.Stack():
            return rf"\left[{', '.join(_at(i, 0) for i in node.items)}\right]", _ATOM
        case tree.Sigma():
            return rf"\sum_{{{','.join(node.over)}}} {_at(node.body, _PRODUCT)}", _PRODUCT
        case tree.Entry():
            return f"{_at(node.operand, _ATOM)}_{{{','.join(node.indices)}}}", _ATOM
        case tree.Slope():
            below = rf"\partial {_at(node.by, _ATOM)}"
            if isinstance(node.of, tree.Ref):
                return rf"\frac{{\partial {_at(node.of, _ATOM)}}}{{{below}}}", _ATOM
            return rf"\frac{{\partial}}{{{below}}}{_at(node.of, _ATOM + 1)}", _ATOM
        case tree.Bracket():
            return rf"\left[{_at(node.condition, 0)}\right]", _ATOM
    raise TypeError(f"no LaTeX for {type(node).__name__}")


def _binary(node: tree.Binary) -> tuple[str, int]:
    if node.op == "/":
        return rf"\frac{{{_at(node.left, 0)}}}{{{_at(node.right, 0)}}}", _ATOM
    if node.op == "^":
        return f"{_at(node.left, _ATOM)}^{{{_at(node.right, 0)}}}", _POWER
    if node.op == "⊙":
        return rf"{_at(node.left, _PRODUCT)} \odot {_at(node.right, _POWER)}", _PRODUCT
    if node.op in "*@":
        left, right = _at(node.left, _PRODUCT), _at(node.right, _PRODUCT)
        dot = r" \cdot " if right[:1].isdigit() else r"\,"
        return left + dot + right, _PRODUCT
    level = _PRODUCT if node.op == "-" else _SUM
    return f"{_at(node.left, _SUM)} {node.op} {_at(node.right, level)}", _SUM


def _call(node: tree.Call) -> str:
    if node.function == "sqrt":
        return rf"\sqrt{{{_at(node.arguments[0], 0)}}}"
    if node.function in ("abs", "absolute"):
        return rf"\left|{_at(node.arguments[0], 0)}\right|"
    if node.function == "norm":
        return rf"\left\lVert {_at(node.arguments[0], 0)} \right\rVert"
    word = f"\\{node.function}" if node.function in _KNOWN else rf"\operatorname{{{node.function}}}"
    axis = "" if node.axis is None else rf",\ \mathrm{{axis}}={node.axis}"
    return rf"{word}\left({', '.join(_at(a, 0) for a in node.arguments)}{axis}\right)"
