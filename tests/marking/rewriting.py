"""Right slopes written anew, and spoilt, by rules of algebra: on Python's own syntax trees, with NumPy as the judge.

Nothing here knows symcalc: formulas are text, trees are those of `ast`, and what a rewriting is worth is decided by
running both forms with NumPy on random numbers.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Rule = Callable[[ast.expr], Iterator[str]]


def _text(node: ast.AST) -> str:
    return f"({ast.unparse(node)})"


def _calls(node: ast.AST, *words: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in words


def _binary(node: ast.AST, *kinds: type) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, kinds)


def rewritings(node: ast.expr) -> Iterator[str]:
    """Equal forms of one node."""
    if _binary(node, ast.Add):
        a, b = _text(node.left), _text(node.right)
        yield from (f"({b} + {a})", f"({a} - (-1)*{b})", f"(-(-{a} - {b}))")
    if _binary(node, ast.Sub):
        a, b = _text(node.left), _text(node.right)
        yield from (f"(-({b} - {a}))", f"({a} + (-1)*{b})", f"(-{b} + {a})")
    if _binary(node, ast.Mult):
        a, b = _text(node.left), _text(node.right)
        yield from (f"({b}*{a})", f"({a}/(1/2)*{b}/2)", f"(-(-{a})*{b})")
        if _binary(node.right, ast.Add, ast.Sub):
            sign = "+" if isinstance(node.right.op, ast.Add) else "-"
            yield f"({a}*{_text(node.right.left)} {sign} {a}*{_text(node.right.right)})"
        if _binary(node.left, ast.Add, ast.Sub):
            sign = "+" if isinstance(node.left.op, ast.Add) else "-"
            yield f"({_text(node.left.left)}*{b} {sign} {_text(node.left.right)}*{b})"
    if _binary(node, ast.Div):
        a, b = _text(node.left), _text(node.right)
        yield from (f"({a}*{b}**-1)", f"({a}*(1/{b}))", f"(-{a}/(-{b}))", f"(1/({b}/{a}))")
    if _binary(node, ast.Pow) and isinstance(node.right, ast.Constant) and node.right.value in (2, 3, 4):
        a, p = _text(node.left), node.right.value
        yield from (f"({a}*{a}**{p - 1})", f"({a}**{p + 1}/{a})", "(" + "*".join([a] * p) + ")")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        a = _text(node.operand)
        yield from (f"((-1)*{a})", f"({a} - 2*{a})")
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value > 1:
        k = node.value
        yield from (f"({k - 1} + 1)", f"({2 * k}/2)", f"({k}.0)")
    yield from _functions(node)
    yield from _matrices(node)


def _functions(node: ast.expr) -> Iterator[str]:
    if not (isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.func, ast.Name)):
        return
    inside, word = node.args[0], node.func.id
    u = _text(inside)
    if word in ("mean", "sum"):
        yield f"(sum({u})/n)" if word == "mean" else f"(n*mean({u}))"
        if _binary(inside, ast.Add, ast.Sub):
            sign = "+" if isinstance(inside.op, ast.Add) else "-"
            yield f"({word}({_text(inside.left)} + 0*y) {sign} {word}({_text(inside.right)} + 0*y))"
        yield from (f"({word}(2*{u})/2)", f"(-{word}(-{u}))", f"({word}({u} + y) - {word}(y))")
    yield from (form.replace("u", u) for form in FORMS.get(word, ()))


# Identities, u being the inside.
FORMS = {
    "exp": ("(1/exp(-u))", "exp(u/2)**2", "(exp(u - 1)*exp(1))", "(cosh(u) + sinh(u))"),
    "log": ("(-log(1/u))", "(log(u**2)/2)", "(2*log(sqrt(u)))"),
    "sin": ("cos(u - pi/2)", "(-sin(-u))", "(2*sin(u/2)*cos(u/2))"),
    "cos": ("sin(u + pi/2)", "cos(-u)", "(1 - 2*sin(u/2)**2)"),
    "tanh": ("(sinh(u)/cosh(u))", "(1 - 2/(1 + exp(2*u)))", "(-tanh(-u))"),
    "sqrt": ("u**(1/2)", "(u/sqrt(u))"),
    "abs": ("sqrt(u**2)", "abs(-u)"),
    "sign": ("(-sign(-u))", "(u/abs(u))"),
    "cosh": ("((exp(u) + exp(-u))/2)",),
}


def _matrices(node: ast.expr) -> Iterator[str]:
    if _binary(node, ast.MatMult):
        a, b = _text(node.left), _text(node.right)
        yield from (f"((2*{a})@{b}/2)", f"({a}@(-{b})*(-1))")
        if isinstance(node.left, ast.Attribute) and node.left.attr == "T":
            yield f"({_text(node.right)}@{_text(node.left.value)})" if _is_vector(node.right) else f"({a}@{b})"


def _is_vector(node: ast.AST) -> bool:
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return bool(names) and names <= {"y", "r", "X", "w", "n"} and "y" in names


def spoilt(node: ast.expr) -> Iterator[str]:
    """Forms of one node that are worth something else, mostly."""
    if _binary(node, ast.Add, ast.Sub):
        sign = "-" if isinstance(node.op, ast.Add) else "+"
        yield from (f"({_text(node.left)} {sign} {_text(node.right)})", _text(node.left), _text(node.right))
    if _binary(node, ast.Mult):
        yield from (_text(node.left), _text(node.right), f"({_text(node.left)} + {_text(node.right)})")
    if _binary(node, ast.Div):
        yield from (f"({_text(node.right)}/{_text(node.left)})", _text(node.left))
    if _binary(node, ast.Pow):
        yield from (_text(node.left), f"({_text(node.left)}**({_text(node.right)} + 1))")
    if isinstance(node, ast.UnaryOp):
        yield _text(node.operand)
    if isinstance(node, ast.Constant) and node.value:
        yield from (f"({node.value}*2)", f"({node.value} + 1)")
    if _calls(node, "sin", "cos", "exp", "tanh", "mean", "sum", "log"):
        word = node.func.id  # type: ignore[attr-defined]
        other = {"sin": "cos", "cos": "sin", "exp": "tanh", "tanh": "exp", "mean": "sum", "sum": "mean", "log": "exp"}
        yield f"{other[word]}({ast.unparse(node.args[0])})"  # type: ignore[attr-defined]


def changed(text: str, rule: Rule, times: int, source: random.Random) -> str:
    """A formula with a rule applied at so many places, one after the other; Python's spelling in and out."""
    for _ in range(times):
        tree = ast.parse(text, mode="eval")
        places = [
            (n, list(rule(n))) for n in ast.walk(tree)
            if isinstance(n, ast.expr) and not isinstance(n, ast.Name) and not _keeps(n, tree)
        ]  # fmt: skip
        places = [(n, forms) for n, forms in places if forms]
        if not places:
            return text
        node, forms = source.choice(places)
        text = ast.unparse(_Put(node, ast.parse(source.choice(forms), mode="eval").body).visit(tree))
    return text


def _keeps(node: ast.expr, tree: ast.AST) -> bool:
    """Exponents stay whole numbers as they are written."""
    return any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow) and n.right is node for n in ast.walk(tree))


class _Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


NUMPY = {
    name: getattr(np, name)
    for name in (
        "mean",
        "sum",
        "exp",
        "log",
        "sin",
        "cos",
        "tanh",
        "sinh",
        "cosh",
        "sqrt",
        "abs",
        "sign",
        "outer",
        "pi",
    )
}


def worth(text: str, values: dict[str, Any]) -> Any:
    """What a formula is worth to NumPy."""
    with np.errstate(all="ignore"):
        return eval(compile(text, "formula", "eval"), {"__builtins__": {}}, {**NUMPY, **values})


def numbers(seed: int) -> dict[str, Any]:
    """Random values for the names that the formulas use, on tables of 3 to 6 rows."""
    g = np.random.default_rng(seed)
    n = 3 + seed % 4
    x, y = g.uniform(0.2, 2, n), g.uniform(0.2, 2, n)
    m, b, a, k = g.uniform(0.2, 2, 4)
    X, w, A, v = g.uniform(0.2, 2, (n, 3)), g.uniform(0.2, 2, 3), g.uniform(0.2, 2, (3, 3)), g.uniform(0.2, 2, 3)
    return {"x": x, "y": y, "m": m, "b": b, "a": a, "k": k, "X": X, "w": w, "A": A, "v": v, "n": n, "lam": 0.1,
            "z": g.uniform(0.2, 2), "u": g.uniform(0.2, 2)}  # fmt: skip


def alike(one: str, other: str, seeds: range = range(6)) -> bool | None:
    """Whether two formulas are worth the same everywhere that was tried; None where that cannot be told."""
    equal = []
    for seed in seeds:
        values = numbers(seed)
        try:
            a, b = worth(one, values), worth(other, values)
        except (ValueError, TypeError, ZeroDivisionError):
            return None
        if np.shape(a) != np.shape(b) or not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
            return None
        gap = np.max(np.abs(np.asarray(a) - np.asarray(b))) / max(1e-9, np.max(np.abs(a)))
        if 1e-9 < gap < 1e-4:
            return None
        equal.append(bool(gap <= 1e-9))
    return all(equal)
