"""Index form as typed: `D[i,k,a] = sum(Q[k,a,b]*(x[i,b] - mu[k,b]), b)`.

Every array carries its indices, the free ones stand on the left, and a sum names those it runs over. A
letter means the same axis throughout the formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from symcalc.equations import Name
from symcalc.language.contractions import same_axis
from symcalc.language.faults import Fault
from symcalc.language.names import ROWS, Reading, walk
from symcalc.language.scope import Value, single
from symcalc.language.shapes import Shape
from symcalc.notation import tree

if TYPE_CHECKING:
    from symcalc.language.lowering import Lowering


def indexed(statement: tree.Statement) -> bool:
    """Whether a statement is in index form: its left side or an array in it carries indices."""
    nodes = walk(statement.expression)
    return bool(statement.indices) or any(isinstance(n, tree.Ref) and n.indices for n in nodes)


def shapes(formula: tree.Formula, known: Mapping[str, Shape | None], found: Mapping[str, Reading]) -> dict[str, Shape]:
    """The shapes that the letters give: of definitions with indices, and of names nobody declared.

    A letter takes its size from the arrays whose shape is known; one that meets none stays symbolic.
    """
    uses: dict[str, tuple[str, ...]] = {}
    for statement in formula.statements:
        if statement.name and statement.indices:
            uses[statement.name] = statement.indices
        for node in walk(statement.expression):
            if isinstance(node, tree.Ref) and node.indices:
                uses.setdefault(node.name, node.indices)
    sizes: dict[str, int | str] = {}
    for name, letters in uses.items():
        shape = known.get(name)
        guessed = name in found and found[name].how.startswith("named like")
        if shape is not None and len(shape) == len(letters) and not guessed:
            sizes.update({c: s for c, s in zip(letters, shape) if not c.isdigit()})
    for name, letters in uses.items():
        if name in found and found[name].rows and letters:
            sizes.setdefault(letters[0], ROWS)
    made: dict[str, Shape] = {}
    for name, letters in uses.items():
        shape = known.get(name)
        guessed = name in found and found[name].how.startswith("named like")
        if shape is None or guessed or name not in found:
            made[name] = tuple(sizes.get(c, c) for c in letters)
    return made


def reference(low: Lowering, node: tree.Ref, name: Name) -> Value:
    """An array with its indices: each letter stands for one index throughout the statement."""
    letters = low.letters
    if letters is None or len(node.indices) != len(name.axes):
        axes = ", ".join(a.label for a in name.axes) or "no axis"
        raise Fault(f"{node.name} has {len(name.axes)} indices ({axes}), here it carries {len(node.indices)}.", node)
    chosen: list[Any] = []
    for letter, axis in zip(node.indices, name.axes):
        if letter.isdigit():
            if axis.size is not None and int(letter) >= axis.size:
                raise Fault(f"{node.name} has entries 0 to {axis.size - 1} there, not {letter}.", node)
            chosen.append(low.scope.whole(int(letter)))
            continue
        if letter not in letters:
            taken = axis.rows and low.scope.numbered_index(axis, 0) in letters.values()
            letters[letter] = low.scope.index(axis) if taken or not axis.rows else low.scope.numbered_index(axis, 0)
        other = low.scope.axis_of[letters[letter]]
        if not same_axis(axis, other):
            raise Fault(
                f"{letter} runs over {other.label} elsewhere and over {axis.label} in {low.source(node)}.", node
            )
        chosen.append(letters[letter])
    free = tuple(dict.fromkeys(i for i in chosen if not i.is_Integer))
    return single(name.symbol[tuple(chosen)], free)


def over(low: Lowering, node: tree.Call, value: Value) -> tuple[Any, ...] | None:
    """The indices a reduction names behind its argument: `sum(u, b)`; None where it names none."""
    named = node.arguments[1:]
    if not named:
        return None
    letters = low.letters or {}
    chosen = []
    for argument in named:
        if not isinstance(argument, tree.Ref) or argument.name not in letters:
            raise Fault(f"{low.source(argument)} is no index of {low.source(node.arguments[0])}.", argument)
        index = letters[argument.name]
        if index not in value.indices:
            raise Fault(f"{low.source(node.arguments[0])} does not run over {argument.name}.", argument)
        chosen.append(index)
    return tuple(chosen)


def ordered(low: Lowering, statement: tree.Statement, value: Value) -> Value:
    """A definition's value with its indices in the order of its left side."""
    letters = low.letters or {}
    for letter in statement.indices:
        if letter not in letters or letters[letter] not in value.indices:
            raise Fault(f"{letter} stands on the left only; it must run over something on the right.", statement)
    wanted = tuple(letters[c] for c in statement.indices)
    spare = [c for c, i in letters.items() if i in value.indices and i not in wanted]
    if spare:
        raise Fault(f"{', '.join(spare)} is free on the right: sum over it, or put it on the left.", statement)
    return Value(value.terms, wanted, value.constant)


def is_letter(node: tree.Node, letters: set[str]) -> bool:
    """Whether a node is a bare index letter, as a reduction names them."""
    return isinstance(node, tree.Ref) and not node.indices and node.name in letters


def letters_of(statement: tree.Statement) -> set[str]:
    """Every index letter of a statement."""
    nodes = [n for n in walk(statement.expression) if isinstance(n, tree.Ref)]
    return {c for n in nodes for c in n.indices if not c.isdigit()}.union(statement.indices)
