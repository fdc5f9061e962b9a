"""The update of a step in writing: as a formula, and with its numbers put in.

b ← b - 0.25·dL/db
b ← 70 - 0.25·(-77.33) = 89.3325
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from symcalc.descent.trace import Step, Trace
from symcalc.notation import text, tree

Meaning = Callable[[str], tree.Node | None]
Product = Callable[[tree.Call], tree.Node | None]

_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "^": 3}


@dataclass(frozen=True)
class Update:
    """The update of one entry of a parameter.

    Attributes:
        entry: `b`, `w[0]`.
        symbolic: The rule with the entry's own names: `b ← b - 0.25·dL/db`.
        numbers: The rule with numbers put in, and where it lands: `b ← 70 - 0.25·(-77.33) = 89.3325`.
        landing: Where it lands.
        numeric_landing: Where the numeric slope's step would land, or None unless asked for.
    """

    entry: str
    symbolic: str
    numbers: str
    landing: float
    numeric_landing: float | None = None


def updates(
    step: Step, digits: int = 6, ascii: bool = False, limit: int = 12, numeric: bool = False
) -> tuple[Update, ...]:
    """The update of each entry for the step taken from here; empty on the last step.

    Args:
        step: The step.
        digits: Significant digits shown.
        ascii: Plain ASCII: `b <- b - 0.25*dL/db`.
        limit: How many entries at most.
        numeric: Whether to measure where the numeric slope's step would land.
    """
    names = step.names_before_move()
    if names is None or step.update is None:
        return ()
    layout = step.walked.layout
    landing = layout.joined(step.point) + layout.joined(step.update)
    beside = layout.joined(step.numeric_landing) if numeric and step.numeric_landing else None
    style = text.ASCII if ascii else text.UNICODE
    formula = step.walked.optimizer.update.statements[step.walked.optimizer.point_line].expression
    found = []
    for k, entry in enumerate(layout.entries()[:limit]):
        here = {name: _entry(value, k) for name, value in names.items()}
        left = f"{entry} {style.gets} "
        symbolic = left + _written(formula, _symbols(step, entry, here, digits, ascii), style)
        end = _digits(landing[k], digits)
        numbers = left + _written(formula, _numbers(here, digits), style) + f" = {end}"
        found.append(Update(entry, symbolic, numbers, float(landing[k]), None if beside is None else float(beside[k])))
    return tuple(found)


def inner_lines(step: Step, digits: int = 6, ascii: bool = False) -> tuple[str, ...]:
    """The rule's lines that make one number for all entries: `rate = (246750 - 0)/971648 = 0.25395`.

    Args:
        step: The step.
        digits: Significant digits shown.
        ascii: Plain ASCII.
    """
    names = step.names_before_move()
    if names is None:
        return ()
    optimizer, style = step.walked.optimizer, text.ASCII if ascii else text.UNICODE
    single = {name: float(value) for name, value in names.items() if np.ndim(value) == 0}

    def product(call: tree.Call) -> tree.Node | None:
        if call.function != "dot" or not all(isinstance(a, tree.Ref) and a.name in names for a in call.arguments):
            return None
        left, right = (names[a.name] for a in call.arguments if isinstance(a, tree.Ref))
        return _number(float(np.dot(left, right)), digits)

    found = []
    for statement in optimizer.update.statements[: optimizer.point_line]:
        name = statement.name
        if name in single:
            end = _digits(single[name], digits)
            right = _written(_put_in(statement.expression, lambda word: None, product), _numbers(single, digits), style)
            found.append(f"{name} = {right} = {end}")
    found += [f"{name} = {_digits(value, digits)}" for name, value in step.settled.items()]
    return tuple(found)


def rule(trace: Trace, digits: int = 6, ascii: bool = False, limit: int = 12) -> tuple[str, ...]:
    """The update of each entry as a formula: `b ← b - 0.25·dL/db`; the rate by name where it changes."""
    style = text.ASCII if ascii else text.UNICODE
    optimizer = trace.optimizer
    formula = optimizer.update.statements[optimizer.point_line].expression
    here = dict(optimizer.constants)
    rate = trace.walked.method.rate
    if rate is not None:
        here["learning_rate"] = rate
    found = []
    for entry in trace.walked.layout.entries()[:limit]:
        meaning = _symbols(trace, entry, here, digits, ascii)
        found.append(f"{entry} {style.gets} {_written(formula, meaning, style)}")
    return tuple(found)


def slope_name(loss: str, entry: str, alone: bool, ascii: bool = False, of: str = "") -> tree.Ref:
    """The name of a partial derivative: `dL/db` where there is one number only, else `∂L/∂w[0]`."""
    d, loss = "d" if alone or ascii else "∂", loss + of
    name, _, inside = entry.partition("[")
    return tree.Ref(-1, -1, f"{d}{loss}/{d}{name}", tuple(inside.rstrip("]").split(",")) if inside else ())


def _symbols(whose: Step | Trace, entry: str, here: Mapping[str, Any], digits: int, ascii: bool) -> Meaning:
    walked = whose.walked
    loss = str(getattr(walked.program.loss, "name", "L"))
    name, _, inside = entry.partition("[")
    refs: dict[str, tree.Node] = {
        "point": tree.Ref(-1, -1, name, tuple(inside.rstrip("]").split(",")) if inside else ()),
        "gradient": slope_name(loss, entry, walked.layout.total == 1, ascii, walked.method.shows("gradient")),
    }
    fixed = ("learning_rate", *walked.optimizer.constants)

    def meaning(word: str) -> tree.Node | None:
        if word in fixed and word in here:
            return _number(float(here[word]), digits)
        return refs.get(word)

    return meaning


def _numbers(here: Mapping[str, Any], digits: int) -> Meaning:
    return lambda word: _number(here[word], digits) if word in here else None


def _written(formula: tree.Node, meaning: Meaning, style: text.Style) -> str:
    found = _put_in(formula, meaning)
    bare: set[int] = set()
    _collect_bare(found, True, bare)

    def number(node: tree.Number) -> str:
        return f"({node.text})" if node.text.startswith("-") and id(node) not in bare else node.text

    return text.write(found, style, number)


def _collect_bare(node: tree.Node, opens: bool, bare: set[int]) -> None:
    """Collect the numbers that open a line, a parenthesis or an argument: their minus stands alone there."""
    match node:
        case tree.Number():
            if opens:
                bare.add(id(node))
        case tree.Call():
            for argument in node.arguments:
                _collect_bare(argument, True, bare)
        case tree.Bars():
            _collect_bare(node.operand, True, bare)
        case tree.Unary() | tree.Transpose():
            _collect_bare(node.operand, False, bare)
        case tree.Compare():
            _collect_bare(node.left, False, bare)
            _collect_bare(node.right, False, bare)
        case tree.Binary():
            inside = _bracketed(node, node.left, "^")
            _collect_bare(node.left, inside or (opens and node.op != "^"), bare)
            _collect_bare(node.right, _bracketed(node, node.right, "-/^"), bare)


def _bracketed(parent: tree.Binary, child: tree.Node, strict: str) -> bool:
    """Whether a child is written in parentheses; a strict parent needs them at its own level too."""
    if not isinstance(child, tree.Binary):
        return False
    own, inner = _LEVEL[parent.op], _LEVEL[child.op]
    return inner < own or (inner == own and parent.op in strict) or (parent.op, child.op) == ("*", "/")


def _put_in(node: tree.Node, meaning: Meaning, product: Product = lambda call: None) -> tree.Node:
    """The tree with names, and calls where `product` knows them, replaced by what they stand for."""

    def put(part: tree.Node) -> tree.Node:
        return _put_in(part, meaning, product)

    match node:
        case tree.Ref():
            return meaning(node.name) or node
        case tree.Unary() | tree.Bars() | tree.Transpose():
            return replace(node, operand=put(node.operand))
        case tree.Binary() | tree.Compare():
            return replace(node, left=put(node.left), right=put(node.right))
        case tree.Call():
            return product(node) or replace(node, arguments=tuple(map(put, node.arguments)))
    return node


def _number(value: float, digits: int) -> tree.Number:
    # Only the text is printed; the value of a number that is not finite is never asked for.
    return tree.Number(-1, -1, _digits(value, digits), Fraction(0))


def _digits(value: float, digits: int) -> str:
    # Adding 0 turns -0.0 into 0.0.
    return f"{float(value) + 0.0:.{digits}g}"


def _entry(value: Any, k: int) -> float:
    return float(value[k] if np.ndim(value) else value)
