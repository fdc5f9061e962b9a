"""One-hot labels: `onehot(species)` stands for a column (n, k) of 0 and 1, with one entry a class.

The call is read as a column of that name before anything else looks at names; the column of class names
itself takes no part in the formula. Only names and shapes are dealt with here, never the labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcalc.language.expansion import mapped
from symcalc.language.faults import Fault
from symcalc.language.names import Declared, no_column, walk
from symcalc.language.vocabulary import nearest
from symcalc.notation import text, tree

WORD = "onehot"
_MOST_SHOWN = 10


def label(word: str) -> str:
    """What the one-hot labels of a column are called: onehot(species)."""
    return f"{WORD}({text.quoted(word)})"


def labeled(name: str) -> str | None:
    """The column whose one-hot labels have a name; None for any other name."""
    inside = name.removeprefix(f"{WORD}(").removesuffix(")")
    return inside.strip("`") if name == f"{WORD}({inside})" else None


def words(formula: tree.Formula) -> tuple[str, ...]:
    """The names that stand inside onehot(…), in the order typed."""
    plain = [call.arguments[0] for call in _calls(formula) if len(call.arguments) == 1]
    return tuple(dict.fromkeys(node.name for node in plain if isinstance(node, tree.Ref)))


def header(word: str, declared: Declared) -> str:
    """The header of the column that a name inside onehot(…) means."""
    bound = declared.bound.get(word)
    return bound[0] if bound else word


def read(formula: tree.Formula, declared: Declared) -> tuple[tree.Formula, Declared, tuple[str, ...]]:
    """The formula and its declarations with every onehot(word) as a column of its own; and notes on the classes.

    Raises:
        Fault: onehot is not applied to one column of the data.
    """
    if any(statement.name == WORD for statement in formula.statements):
        return formula, declared, ()
    calls = list(_calls(formula))
    if not calls:
        return formula, declared, ()
    defined = {s.name for s in formula.statements}
    for call in calls:
        _check(call, declared, defined)
    found = words(formula)
    statements = tuple(replace(s, expression=_put_in(s.expression)) for s in formula.statements)
    made = replace(formula, statements=statements, head=_head(formula.head, found, statements))
    used = {n.name for s in statements for n in walk(s.expression) if isinstance(n, tree.Ref)}
    bound = {w: h for w, h in declared.bound.items() if w in used or w not in found}
    bound.update({label(w): (header(w, declared),) for w in found})
    notes = tuple(_note(w, declared.classes.get(header(w, declared), ())) for w in found)
    return made, replace(declared, bound=bound), tuple(n for n in notes if n)


def _note(word: str, classes: tuple[str, ...]) -> str:
    if not classes:
        return ""
    shown = ", ".join(classes[:_MOST_SHOWN])
    more = f", … ({len(classes)} classes)" if len(classes) > _MOST_SHOWN else ""
    return f"{label(word)}: {shown}{more}"


def _calls(formula: tree.Formula) -> Iterator[tree.Call]:
    for statement in formula.statements:
        for node in walk(statement.expression):
            if isinstance(node, tree.Call) and node.function == WORD:
                yield node


def _word(call: tree.Call) -> str:
    if len(call.arguments) == 1 and isinstance(call.arguments[0], tree.Ref) and not call.arguments[0].indices:
        return call.arguments[0].name
    raise Fault(f"{WORD} takes the name of one column of classes, such as {WORD}(species).", call)


def _check(call: tree.Call, declared: Declared, defined: set[str | None]) -> None:
    word = _word(call)
    if call.axis is not None:
        raise Fault(f"{WORD} takes no axis.", call)
    if word in defined or word in declared.constants or word in (declared.parameters or {}):
        raise Fault(f"{word} is no column; {WORD} takes a column of class names or whole numbers.", call.arguments[0])
    bound = declared.bound.get(word)
    if bound is not None and len(bound) > 1:
        raise Fault(f"{word} stands for {len(bound)} columns; {WORD} takes one.", call.arguments[0])
    column = header(word, declared)
    if declared.data and column not in declared.columns:
        near = nearest(column, list(declared.columns))
        raise Fault(no_column(column, declared), call.arguments[0], near)


def _put_in(node: tree.Node) -> tree.Node:
    if isinstance(node, tree.Call) and node.function == WORD:
        return tree.Ref(node.start, node.end, label(_word(node)))
    return mapped(node, _put_in)


def _head(head: tree.Head | None, found: tuple[str, ...], statements: tuple[tree.Statement, ...]) -> tree.Head | None:
    """The head with the labels in place of a column that is used for nothing else."""
    if head is None or head.columns is None:
        return head
    used = {n.name for s in statements for n in walk(s.expression) if isinstance(n, tree.Ref)}
    columns = tuple(
        replace(c, name=label(c.name), sizes=None) if c.name in found and c.name not in used else c
        for c in head.columns
    )
    return replace(head, columns=columns)
