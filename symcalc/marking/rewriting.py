"""Small changes to a typed formula: lost parentheses, a sign, a transpose, a mean for a sum.

Applied to a loss they show what was differentiated in its stead; applied to an answer they show what would mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from symcalc.language.expansion import mapped
from symcalc.language.names import walk
from symcalc.notation import tree

_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "^": 3}


@dataclass(frozen=True)
class Rewritten:
    """A formula with one change.

    Attributes:
        formula: The changed tree.
        node: Where it was changed.
        made: What stands there now.
    """

    formula: tree.Formula
    node: tree.Node
    made: tree.Node


Change = Callable[[tree.Node], Iterator[tree.Node]]


def everywhere(formula: tree.Formula, change: Change) -> Iterator[Rewritten]:
    """The formula with a change at one place, for each place and each way to make it there."""
    for k, statement in enumerate(formula.statements):
        for node in walk(statement.expression):
            for made in change(node):
                expression = _put_in(statement.expression, node, made)
                statements = list(formula.statements)
                statements[k] = replace(statement, expression=expression)
                yield Rewritten(replace(formula, statements=tuple(statements)), node, made)


def _put_in(node: tree.Node, old: tree.Node, new: tree.Node) -> tree.Node:
    return new if node is old else mapped(node, lambda child: _put_in(child, old, new))


def without_parentheses(node: tree.Node) -> Iterator[tree.Node]:
    """What the same characters say without one pair of parentheses: y - (m*x + b) as y - m*x + b."""
    if isinstance(node, tree.Unary) and isinstance(node.operand, tree.Binary) and node.operand.op in "+-":
        inner = node.operand  # -(a + b) as -a + b
        yield replace(inner, left=replace(node, operand=inner.left))
    if not isinstance(node, tree.Binary):
        return
    right, left = node.right, node.left
    if (isinstance(right, tree.Binary) and _LEVEL[right.op] <= _LEVEL[node.op] and node.op not in "+*^@") or (
        isinstance(right, tree.Binary) and _LEVEL[right.op] < _LEVEL[node.op]
    ):
        yield from _lifted_right(node, right)
    if isinstance(left, tree.Binary) and _LEVEL[left.op] < _LEVEL[node.op]:
        yield replace(left, right=replace(node, left=left.right))  # (a + b)*c as a + b*c
    if isinstance(left, tree.Unary) and node.op == "^":
        yield replace(left, operand=replace(node, left=left.operand))  # (-a)^2 as -a^2


def _lifted_right(node: tree.Binary, right: tree.Binary) -> Iterator[tree.Node]:
    """a - (b + c) as (a - b) + c, however long the chain in the parentheses is."""
    links = [right]
    while isinstance(links[-1].left, tree.Binary) and _LEVEL[links[-1].left.op] == _LEVEL[right.op]:
        links.append(links[-1].left)
    made: tree.Node = replace(node, right=links[-1].left)
    for link in reversed(links):
        made = replace(link, left=made)
    yield made


def with_parentheses(node: tree.Node) -> Iterator[tree.Node]:
    """The other way round: y - m*x + b as y - (m*x + b)."""
    if not isinstance(node, tree.Binary):
        return
    left, right = node.left, node.right
    if (isinstance(left, tree.Binary) and left.op in "-/*" and node.op in "+-*/" and left.op != node.op) or (
        isinstance(left, tree.Binary) and left.op in "-/" and node.op == left.op
    ):  # fmt: skip
        yield replace(left, right=replace(node, left=left.right))
    if isinstance(right, tree.Binary) and node.op in "+-" and right.op in "*/":
        yield replace(right, left=replace(node, right=right.left))


def other_sign(node: tree.Node) -> Iterator[tree.Node]:
    """One term with the other sign."""
    if isinstance(node, tree.Binary) and node.op in "+-":
        yield replace(node, op="-" if node.op == "+" else "+")
        if not isinstance(node.left, tree.Binary) or node.left.op not in "+-":
            yield replace(node, left=tree.Unary(node.left.start, node.left.end, "-", node.left))


def transposed(node: tree.Node) -> Iterator[tree.Node]:
    """A matrix transposed, or not transposed where it was."""
    if isinstance(node, tree.Ref) and not node.indices:
        yield tree.Transpose(node.start, node.end, node)
    elif isinstance(node, tree.Transpose):
        yield node.operand


def other_reduction(node: tree.Node) -> Iterator[tree.Node]:
    """A mean for a sum, or a sum for a mean."""
    if isinstance(node, tree.Call) and node.function in ("mean", "sum"):
        yield replace(node, function="sum" if node.function == "mean" else "mean")
