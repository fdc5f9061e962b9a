"""Functions that stand for formulas, put in before anything else reads the tree: `mse(y, yhat)`."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

from symcalc.catalogue.formulas import FORMULAS
from symcalc.language.faults import Fault
from symcalc.language.reader import read
from symcalc.notation import tree


def expanded(formula: tree.Formula) -> tree.Formula:
    """The formula with every such call replaced by what it stands for, and a note on each.

    The replacement keeps the place of the call, so it is printed as typed; what is inside it stands nowhere.

    Raises:
        Fault: A call has the wrong number of arguments.
    """
    own = {s.name for s in formula.statements}
    if not any(f"{name}" in formula.text for name in FORMULAS):
        return formula
    notes: list[str] = []
    statements = tuple(replace(s, expression=_put_in(s.expression, own, notes)) for s in formula.statements)
    return replace(formula, statements=statements, notes=(*formula.notes, *dict.fromkeys(notes)))


def _put_in(node: tree.Node, own: set[str | None], notes: list[str]) -> tree.Node:
    node = mapped(node, lambda child: _put_in(child, own, notes))
    if not isinstance(node, tree.Call) or node.function not in FORMULAS or node.function in own:
        return node
    row = FORMULAS[node.function]
    if len(node.arguments) != len(row.arguments):
        raise Fault(
            f"{node.function} takes {len(row.arguments)} arguments ({', '.join(row.arguments)}), "
            f"got {len(node.arguments)}.", node,
        )  # fmt: skip
    notes.append(f"{node.function}({', '.join(row.arguments)}) is {row.formula}: {row.about}.")
    values = dict(zip(row.arguments, node.arguments))
    return replace(_substituted(_body(node.function), values), start=node.start, end=node.end)


@cache
def _body(name: str) -> tree.Node:
    return read(FORMULAS[name].formula).statements[-1].expression


def _substituted(node: tree.Node, values: dict[str, tree.Node]) -> tree.Node:
    """A formula's tree with arguments for its names; only the arguments stand somewhere in the text."""
    if isinstance(node, tree.Ref) and node.name in values:
        return values[node.name]
    return replace(mapped(node, lambda child: _substituted(child, values)), start=-1, end=-1)


def mapped(node: tree.Node, change: Any) -> tree.Node:
    """A node with its children changed; the very same node where none was."""
    changes: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tree.Node):
            made = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], tree.Node):
            made = tuple(change(v) for v in value)
            if all(a is b for a, b in zip(made, value)):
                made = value
        else:
            continue
        if made is not value:
            changes[field.name] = made
    return replace(node, **changes) if changes else node
