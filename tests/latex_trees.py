"""Formulas made at random, and when two trees say the same: for the round trip through LaTeX."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from symcalc.language.vocabulary import ELEMENTWISE, SPELLINGS
from symcalc.notation import tree

NAMES = [
    "x", "y", "m", "b", "w", "theta", "lambda", "sigma", "alpha1", "theta_0", "x1", "x12", "yhat", "yhat2", "xtilde",
    "rate", "learning_rate", "lambda_ridge", "w_k", "ell", "A", "X", "T", "Gamma", "xbar", "e", "pi", "budget2",
    "a_b_c", "x_1y", "R2D2", "E", "phi", "f", "Budget ($m)", "größe",
]  # fmt: skip
LETTERS = ["i", "j", "k", "t", "n", "row"]


def same(node: tree.Node) -> tuple[Any, ...]:
    """A tree up to spelling: where a sign stands in a product, how a product is bracketed, |u| or abs(u)."""
    match node:
        case tree.Number():
            return "number", node.value
        case tree.Ref():
            return "name", node.name, node.indices
        case tree.Unary():
            inside = same(node.operand)
            if node.op == "+":
                return inside
            return inside[1] if inside[0] == "-" else ("-", inside)
        case tree.Binary(op="*"):
            negative, factors = False, []
            for factor in (same(node.left), same(node.right)):
                if factor[0] == "-":
                    negative, factor = not negative, factor[1]
                factors += factor[1] if factor[0] == "product" else [factor]
            return ("-", ("product", factors)) if negative else ("product", factors)
        case tree.Binary(op="@" | "/"):
            left, right = same(node.left), same(node.right)
            return ("-", (node.op, left[1], right)) if left[0] == "-" else (node.op, left, right)
        case tree.Binary():
            return node.op, same(node.left), same(node.right)
        case tree.Compare():
            return "compare", node.op, same(node.left), same(node.right)
        case tree.Call():
            return "call", SPELLINGS.get(node.function, node.function), [same(a) for a in node.arguments], node.axis
        case tree.Bars():
            return "call", "abs", [same(node.operand)], None
        case tree.Transpose():
            return "transpose", same(node.operand)
        case tree.Stack():
            return "stack", [same(i) for i in node.items]
    raise TypeError(type(node).__name__)


def formula(read: tree.Formula) -> tuple[Any, ...]:
    """A formula up to spelling."""
    head = read.head
    said = head and (
        head.name,
        *[[(d.name, d.sizes) for d in names or ()] for names in (head.parameters, head.columns)],
    )
    return said, [(s.name, s.indices, same(s.expression)) for s in read.statements]


_number = st.sampled_from("0 1 2 3 10 0.5 .25 2. 1e-5 2.5E3 100 1e+2".split())
_elementwise = {row.name: len(row.arguments) for row in ELEMENTWISE if row.name != "where"}


def _quoted(name: str) -> str:
    return name if name.isidentifier() else f"`{name}`"


def _expression(leaves: st.SearchStrategy[str], letters: bool) -> st.SearchStrategy[str]:
    def above(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        group = inner.map(lambda u: f"({u})")
        pair = st.tuples(group, group)
        made = [
            st.tuples(group, st.sampled_from(["+", "-", "*", "/", "^"]), group).map("".join),
            st.tuples(leaves, st.sampled_from([" + ", " - ", "*", "/"]), leaves, st.sampled_from([" + ", " - ", "*"]), leaves).map("".join),
            group.map(lambda u: f"-{u}"), group.map(lambda u: f"-{u}*x0"), inner.map(lambda u: f"abs({u})"),
            st.tuples(st.sampled_from([f for f, k in _elementwise.items() if k == 1]), inner).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(st.sampled_from([f for f, k in _elementwise.items() if k == 2]), pair).map(
                lambda t: f"{t[0]}({t[1][0]}, {t[1][1]})"),
            st.tuples(inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner, inner).map(
                lambda t: f"where({t[0]} {t[1]} {t[2]}, {t[3]}, {t[4]})"),
        ]  # fmt: skip
        if letters:
            words = st.sampled_from("sum mean prod max min norm norm1 logsumexp std".split())
            made.append(st.tuples(words, group, st.sampled_from(LETTERS)).map(
                lambda t: f"{t[0]}({t[1]}*{'v'}[{t[2]}], {t[2]})" if f"[{t[2]}" not in t[1] and f", {t[2]})" not in t[1] else t[1]))  # fmt: skip
        else:
            words = st.sampled_from("sum mean prod max min var std norm norm1 logsumexp softmax".split())
            made += [
                st.tuples(words, inner).map(lambda t: f"{t[0]}({t[1]})"),
                st.tuples(words, inner, st.sampled_from(["0", "1", "-1"])).map(lambda t: f"{t[0]}({t[1]}, axis={t[2]})"),
                pair.map("@".join), group.map(lambda u: f"{u}.T"), pair.map(lambda t: f"[{t[0]}, {t[1]}]"),
                st.tuples(st.sampled_from("inv det logdet trace diag diff".split()), inner).map(lambda t: f"{t[0]}({t[1]})"),
                st.tuples(st.sampled_from("outer dot solve".split()), pair).map(lambda t: f"{t[0]}({t[1][0]}, {t[1][1]})"),
                st.tuples(leaves, leaves, leaves).map("@".join), st.tuples(leaves, leaves).map(lambda t: f"{t[0]}.T@{t[1]}"),
                st.tuples(leaves, leaves).map(lambda t: f"{t[0]}@{t[1]}.T"), st.tuples(leaves, leaves).map(lambda t: f"{t[0]}*{t[1]}.T"),
            ]  # fmt: skip
        return st.one_of(made)

    return st.recursive(leaves, above, max_leaves=9)


_names = st.sampled_from(NAMES).map(_quoted)
array_form = _expression(st.one_of(_number, _names, _names), letters=False)
_indexed = st.tuples(_names, st.lists(st.sampled_from(["i", "j"]), min_size=1, max_size=2)).map(
    lambda t: f"{t[0]}[{','.join(t[1])}]"
)
index_form = _expression(st.one_of(_number, _indexed), letters=True).map(lambda u: f"sum({u} + x[i]*y[j], i, j)")
defined = st.tuples(array_form, array_form).map(lambda t: f"q1 = {t[0]}; {t[1]} + q1")
headed = array_form.map(lambda u: f"L(m, theta_0; x, A[n,n]) = {u}")
