"""A formula read inside a loss: with its parameters, columns, definitions, named residuals and n.

    read_answer("-2*mean(x*r)", loss, names, axes, equations).equations

What a learner answers, what somebody claims a slope to be: text of the same language, in which every name must be
one of the loss. It may define names of its own, and it may begin with `dL/dm =`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from symcalc.equations import Axis, Equation, Name
from symcalc.language import indexform, onehot
from symcalc.language.expansion import expanded
from symcalc.language.faults import Fault, located
from symcalc.language.loss import NUMBERS, Loss, define, value_of
from symcalc.language.lowering import Lowering
from symcalc.language.names import ROWS, check_function, walk
from symcalc.language.reader import read
from symcalc.language.scope import Scope
from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS, nearest
from symcalc.notation import tree

_LEFT_SIDE = re.compile(r"\s*[d∂]\s*\w+\s*/\s*[d∂]\s*\w+\s*(\[[^\]=]*\])?\s*=(?!=)")


@dataclass(frozen=True)
class Answer:
    """A formula read inside a loss.

    Attributes:
        text: As it was typed.
        formula: Its tree.
        symbol: Private symbol of its value; that of another equation where it says the very same.
        axes: The axes its value runs over.
        equations: What it takes to work it out, besides the equations it was read among.
        index_axes: Index symbol → Axis, new ones included.
        sizes: Names of symbolic sizes, with the axis each one measures.
        notes: Sentences on how it was read.
    """

    text: str
    formula: tree.Formula
    symbol: Any
    axes: tuple[Axis, ...]
    equations: tuple[Equation, ...]
    index_axes: Mapping[Any, Axis]
    sizes: tuple[tuple[Name, Axis], ...]
    notes: tuple[str, ...]


def read_answer(
    text: str, loss: Loss, names: Mapping[Any, Name], axes: Mapping[Any, Axis], equations: tuple[Equation, ...]
) -> Answer:
    """An answer, read among the equations of a loss and its slopes.

    Args:
        text: The answer.
        loss: The loss.
        names: Private symbol → Name, of loss and slopes.
        axes: Index symbol → Axis, likewise.
        equations: The equations of loss and slopes.

    Raises:
        FormulaError: It is no formula, or holds a name the loss does not have.
    """
    formula = read(_without_left_side(text, names))
    return answer_of(formula, loss, names, axes, equations)


def answer_of(
    formula: tree.Formula, loss: Loss, names: Mapping[Any, Name], axes: Mapping[Any, Axis],
    equations: tuple[Equation, ...],
) -> Answer:  # fmt: skip
    """The same, from the tree of an answer."""
    try:
        plain, _, _ = onehot.read(expanded(formula), loss.declared)
        return _read(plain, loss, names, axes, equations)
    except Fault as fault:
        raise located(fault, formula.text) from None


def _without_left_side(text: str, names: Mapping[Any, Name]) -> str:
    """`dL/dm = …` without its left side, `dL/dw[k] = …` as `g[k] = …`; every other character keeps its place."""
    match = _LEFT_SIDE.match(text)
    if match is None:
        return text
    taken = {n.name for n in names.values()}
    left = next(word for word in "gsuqh" if word not in taken) + match[1] + "=" if match[1] else ""
    return left.rjust(match.end()) + text[match.end() :]


def _read(
    formula: tree.Formula, loss: Loss, names: Mapping[Any, Name], axes: Mapping[Any, Axis],
    equations: tuple[Equation, ...],
) -> Answer:  # fmt: skip
    scope = Scope.continued(names, axes, equations)
    scope.sizes = {axis: name for name, axis in loss.sizes}
    scope.names = dict(_words(loss, names, equations))
    rows = next((a for n in (*loss.columns, *names.values()) for a in n.axes if a.rows), None)
    if rows is not None and ROWS not in scope.names:
        scope.names[ROWS] = scope.name_of[scope.size(rows)]
    for word, number in NUMBERS.items():
        scope.names.setdefault(word, number)
    _check_names(formula, scope)
    notes = list(formula.notes)
    low = Lowering(scope, formula.text, lambda sentence: notes.append(sentence) if sentence not in notes else None)
    for statement in formula.statements[:-1]:
        define(low, scope, statement)
    last = formula.statements[-1]
    value = value_of(low, last)
    made = scope.define(value, typed=last.expression, wanted="answer", rule="answer", reason="as answered")
    symbol = made.body.base if made.indices else made.body
    return Answer(
        formula.text, formula, symbol, tuple(scope.axis_of[i] for i in value.indices), tuple(scope.equations),
        dict(scope.axis_of), tuple((n, a) for a, n in scope.sizes.items()), tuple(notes),
    )  # fmt: skip


def _words(
    loss: Loss, names: Mapping[Any, Name], equations: tuple[Equation, ...]
) -> Iterator[tuple[str, Name]]:  # fmt: skip
    """The words an answer may use: the loss's own, then what is named where the loss and its slopes are printed."""
    own = (*loss.parameters, *loss.columns, *loss.constants, *loss.definitions)
    yield from ((name.name, name) for name in own)
    taken = {name.name for name in own}
    for equation in equations:
        name = names.get(equation.name.symbol, equation.name)
        if name.shown and name.name.isidentifier() and name.name not in taken:
            yield name.name, name


def _check_names(formula: tree.Formula, scope: Scope) -> None:
    """Refuses names that the loss does not have.

    Raises:
        Fault: There is one.
    """
    later = {s.name for s in formula.statements if s.name}
    own: set[str] = set()
    for statement in formula.statements:
        letters = set(statement.indices) | indexform.letters_of(statement)
        for node in walk(statement.expression):
            if isinstance(node, tree.Call):
                check_function(node, scope.names, later, formula)
            if isinstance(node, tree.Ref) and node.name not in (*scope.names, *own, *letters):
                raise Fault(_unknown(node.name, scope), node, nearest(node.name, list(scope.names)))
        if statement.name:
            own.add(statement.name)


def _unknown(word: str, scope: Scope) -> str:
    row = FUNCTIONS.get(SPELLINGS.get(word, ""))
    if row is not None:
        return f"{word} is a function: write {word}({', '.join(row.arguments)})."
    near = nearest(word, list(scope.names))
    known = [w for w in scope.names if w not in NUMBERS]
    return f"{word} is no name of this loss; it has {', '.join(known)}." + (f" Did you mean {near}?" if near else "")
