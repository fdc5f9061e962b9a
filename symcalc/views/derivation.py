"""A loss, its slopes and why, as text: how each name was read, the slopes, the equations with their reasons.

for line in reading(loss): …          m, b  parameters: inferred
for line in slopes(gradient): …       ∂L/∂m = -2·mean(x·r)   …   r = y - (m*x + b)
for line in equations(gradient): …    r[i] = y[i] - m·x[i] - b    name: name the inside y - (m*x + b)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from symcalc.calculus.gradient import Gradient
from symcalc.derivation.words import apart
from symcalc.equations import Equation, Name
from symcalc.language.functions import Above
from symcalc.language.loss import Loss
from symcalc.language.names import children, walk
from symcalc.notation import tree
from symcalc.views import numbers
from symcalc.views.tables import beside, folded, padded, width_of

Values = Mapping[Any, Any]


def typed(loss: Loss, width: int = 80) -> list[str]:
    """The formula as typed, under the name of the loss."""
    joined = _statements(loss.text)
    if len(joined) == len(loss.formula.statements) and loss.formula.statements[-1].name is None:
        joined[-1] = joined[-1] if loss.formula.head is not None else f"{loss.name} = {joined[-1]}"
    return [line for part in joined for line in folded(part, width)]


def _statements(text: str) -> list[str]:
    """The statements of a formula as typed, each on one line: cut at `;` and line ends outside brackets."""
    found, depth = [""], 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character in ";\n" and depth <= 0:
            found.append("")
        else:
            found[-1] += character
    return [" ".join(part.split()) for part in found if part.strip()]


def reading(loss: Loss, width: int = 80, digits: int = 6, more: Sequence[tuple[str, str]] = ()) -> list[str]:
    """How each name was read: one line for names read alike.

    Args:
        loss: The loss.
        width: Columns of the screen.
        digits: Significant digits of constants.
        more: Further heads and sentences to set below.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name in (*loss.parameters, *loss.columns, *loss.constants):
        groups.setdefault((name.kind, _how(name, loss)), []).append(_named(name, loss, digits))
    pairs = []
    for (kind, how), words in groups.items():
        plural = kind if len(words) == 1 else f"{kind}s"
        pairs.append((", ".join(words), f"{plural}: {how}" if how else plural))
    if any(isinstance(n, tree.Ref) and n.name == "n" for s in loss.formula.statements for n in walk(s.expression)):
        if any(size.name == "n" for size, _ in loss.sizes):
            pairs.append(("n" if loss.rows is None else f"n = {loss.rows}", "the number of rows"))
    lines = beside([*pairs, *more], width)
    if loss.data is not None and not loss.columns:
        headers = ", ".join(loss.data.names)
        lines += folded(f"note: the formula uses no column of {loss.data.name}, which has {headers}.", width, 2)
    return lines


def _named(name: Name, loss: Loss, digits: int) -> str:
    if name.kind == "constant" and name.name in loss.values:
        return f"{name.name} = {numbers.value(loss.values[name.name], digits, many=4)}"
    axes = name.shape[1:] if name.kind == "column" and name.axes and name.axes[0].rows else name.shape
    return f"{name.name} {numbers.shape(name.shape)}" if axes else name.name


def _how(name: Name, loss: Loss) -> str:
    if name.kind == "column" and loss.data is not None:
        rows = numbers.count(loss.data.rows, "row")
        if name.how == "column of the data":
            return f"{loss.data.name}, {rows}"
        return f"{name.how}, {rows}"
    if name.structure:
        return f"{_how(replace(name, structure=''), loss)}, {name.structure}"
    # The kind stands before it already.
    how = name.how.removesuffix(", so a parameter").replace(f"{name.kind} in the head", "in the head")
    return {"declared a parameter": "declared", "declared a constant": "given"}.get(how, how)


def slopes(
    gradient: Gradient,
    style: str = "text",
    width: int = 80,
    values: Mapping[str, str] | None = None,
    index: bool = False,
) -> list[str]:
    """The slope in each name, and what the inner names in them stand for.

    Args:
        gradient: The gradient.
        style: text or ascii.
        width: Columns of the screen.
        values: Name → its slope in numbers, to write behind it.
        index: Whether to write them in index form.
    """
    notation = gradient.notation
    lefts, rights = [], []
    for name in gradient.wrt:
        equation = gradient.equation_of(name.name)
        if index:
            left_tree, right_tree = notation.index_trees(equation)
            lefts.append(notation.write(left_tree, style))
            rights.append(notation.write(right_tree, style))
            continue
        lefts.append(notation.left(equation, style))
        rights.append(notation.right(equation, style))
    column = max(map(width_of, lefts), default=0)
    lines = []
    for name, left, right in zip(gradient.wrt, lefts, rights):
        number = (values or {}).get(name.name)
        behind = f" = {number}" if number is not None and number != right else ""
        lines += folded(f"{padded(left, column)} = {right}{behind}", width, 2)
    explained = legend(gradient, style, index)
    return lines + [line for text in explained for line in folded(text, width, 4)]


def layout(gradient: Gradient) -> list[str]:
    """How the slopes are laid out, where a parameter has axes."""
    lines = ["Each slope has the shape of its parameter."] if any(name.axes for name in gradient.wrt) else []
    for name in gradient.wrt:
        if name.structure:
            lines.append(
                f"{name.name} is {name.structure}: its slope is (G + Gᵀ)/2 for the slope G with all entries free, "
                f"so dL is the sum of slope times change over all entries, and steps keep {name.name} symmetric."
            )
    return lines


def legend(gradient: Gradient, style: str = "text", index: bool = False) -> list[str]:
    """What the inner names that occur in the slopes stand for, each once: `r = y - (m*x + b)`."""
    notation = gradient.notation
    by_name = {e.name.name: e for e in gradient.equations if e.name.kind in ("intermediate", "derivative")}
    tree_of = (lambda e: notation.index_trees(e)[1]) if index else notation.right_tree
    wanted: set[str] = set()
    waiting = [gradient.equation_of(name.name) for name in gradient.wrt]
    finals = {equation.name.name for equation in waiting}
    while waiting:
        for word in _names_in(tree_of(waiting.pop())):
            if word in by_name and word not in wanted and word not in finals:
                wanted.add(word)
                waiting.append(by_name[word])
    found = [e for word, e in by_name.items() if word in wanted]
    trees = [tree_of(e) for e in (*found, *(gradient.equation_of(name.name) for name in gradient.wrt))]
    # Equal entries share a slope: a bracket is 1/2 there.
    ties = any(a.args[2] == sp.S.Half for e in gradient.equations for t in e.terms for a in t.body.atoms(Above))
    glosses = _glosses(trees, gradient.loss, ties, style)
    if index:
        return [notation.index_form(e, style) for e in found] + glosses
    return [f"{notation.left(e, style)} = {notation.right(e, style)}" for e in found] + glosses


# Word that a slope may hold though nobody typed it → what it is.
GLOSSES = {
    "hypot": "hypot(u, v) = sqrt(u^2 + v^2)",
    "log1p": "log1p(u) = log(1 + u)",
    "expm1": "expm1(u) = exp(u) - 1",
    "sigmoid": "sigmoid(u) = 1/(1 + exp(-u))",
    "softmax": "softmax(u) = exp(u)/sum(exp(u))",
}


def _glosses(trees: Sequence[tree.Node], loss: Loss, ties: bool, style: str) -> list[str]:
    """What brackets and functions in the slopes mean that the user did not type."""
    nodes = [inner for top in trees for inner in _parts(top)]
    typed = {n.function for s in loss.formula.statements for n in walk(s.expression) if isinstance(n, tree.Call)}
    taken = {n.name for n in (*loss.parameters, *loss.columns, *loss.constants, *loss.definitions)}
    words = dict.fromkeys(n.function for n in nodes if isinstance(n, tree.Call) and n.function not in typed)
    told = [apart(GLOSSES[word], taken, {}) for word in words if word in GLOSSES]
    bracket = next((n for n in nodes if isinstance(n, tree.Bracket)), None)
    if bracket is not None:
        tie = ", 1/2 where both sides are equal" if ties else ""
        told.append(f"{loss.notation.write(bracket, style)} = 1 where that holds{tie}, else 0")
    return [text.replace("·", "*") if style == "ascii" else text for text in told]


def _parts(node: tree.Node) -> list[tree.Node]:
    """A printed tree and everything in it."""
    if type(node) is tree.Node:
        return [node]
    inner = (
        [node.body]
        if isinstance(node, tree.Sigma)
        else [node.condition]
        if isinstance(node, tree.Bracket)
        else children(node)
    )
    return [node, *(part for child in inner for part in _parts(child))]


def _names_in(node: tree.Node) -> list[str]:
    """Names that occur in a printed tree, sums and brackets included."""
    match node:
        case tree.Ref():
            return [node.name]
        case tree.Sigma():
            return _names_in(node.body)
        case tree.Bracket():
            return _names_in(node.condition)
    if type(node) is tree.Node:
        return []
    return [word for child in children(node) for word in _names_in(child)]


def equations(
    gradient: Gradient,
    style: str = "text",
    width: int = 80,
    inner: bool = False,
    values: Values | None = None,
    digits: int = 6,
) -> list[str]:
    """The derivation: each equation in index notation, with the rule and the reason.

    Args:
        gradient: The gradient.
        style: text or ascii.
        width: Columns of the screen.
        inner: Whether equations that are printed as what they stand for are listed too.
        values: Private symbol → value at a point, written behind each equation.
        digits: Significant digits of the values.
    """
    chosen = [e for e in gradient.equations if inner or e.name.shown or e.rule == "stable form"]
    pairs = []
    for equation in chosen:
        text = gradient.notation.equation(equation, style)
        if values is not None and equation.name.symbol in values:
            text += f" = {numbers.value(values[equation.name.symbol], digits, many=4)}"
        pairs.append((text, _why(equation)))
    return beside(pairs, width)


def _why(equation: Equation) -> str:
    if not equation.reason or equation.reason == equation.rule:
        return equation.rule
    if equation.reason.startswith(equation.rule) or equation.rule in ("loss", "definition"):
        return equation.reason
    return f"{equation.rule}: {equation.reason}"


def verdict(gradient: Gradient) -> str:
    """How far the slopes were checked: `checked: exact, 20 points (0.08 s)`."""
    found = gradient.verdict
    seconds = f"{gradient.checker.seconds:.2f} s"
    word = {"failed": "check FAILED", "not proven": "check"}.get(found.status, "checked")
    return f"{word}: {found.sentence} ({seconds})"
