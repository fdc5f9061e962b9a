"""Where a loss has no slope, and the value that is taken there, in words."""

from __future__ import annotations

import re

from symcalc.calculus.conventions import CONVENTIONS, DEFAULT
from symcalc.language.loss import Loss
from symcalc.language.names import walk
from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS
from symcalc.notation import tree


def conventions(loss: Loss, kinks: str = DEFAULT) -> list[str]:
    """A sentence for each kinked function whose argument moves with a parameter: `|r| at r = 0: slope 0`.

    Args:
        loss: The loss.
        kinks: The convention; named in the sentences where it is not the default.
    """
    moving = _moving(loss)
    found: dict[str, None] = {}
    for statement in loss.formula.statements:
        for node in walk(statement.expression):
            if isinstance(node, tree.Bars | tree.Call) and _moves(node, moving):
                sentence = _sentence(loss, node, kinks)
                if sentence:
                    found[sentence] = None
    return list(found)


def _moving(loss: Loss) -> set[str]:
    """The names that change when a parameter does."""
    moving = {p.name for p in loss.parameters}
    for statement in loss.formula.statements:
        if statement.name and _moves(statement.expression, moving):
            moving.add(statement.name)
    return moving


def _moves(node: tree.Node, moving: set[str]) -> bool:
    return any(isinstance(inner, tree.Ref) and inner.name in moving for inner in walk(node))


def _sentence(loss: Loss, node: tree.Node, kinks: str) -> str:
    if isinstance(node, tree.Bars):
        function, text = FUNCTIONS["abs"], f"|{_short(loss, node.operand)}|"
        given: tuple[tree.Node, ...] = (node.operand,)
    elif isinstance(node, tree.Call):
        row = FUNCTIONS.get(SPELLINGS.get(node.function, ""))
        if row is None:
            return ""
        function, given = row, node.arguments
        inside = [_short(loss, argument) for argument in given]
        # A long call is named by its function alone: its condition says where it switches.
        whole = f"{node.function}({', '.join(inside)})"
        text = whole if len(whole) <= 40 else f"{node.function}(…)"
    if not function.kink:
        return ""
    if function.name == "where":
        return f"{text} where {_short(loss, given[0])} switches: the slope of the branch taken"
    kink = function.kink
    if function.name in ("max", "min") and len(given) > 1:
        kink = FUNCTIONS["maximum"].kink
    kink = _taken(kink, function.name, given, kinks)
    if len(given) == 2 and isinstance(given[0], tree.Number) and not isinstance(given[1], tree.Number):
        # `at r = 0`, also where the 0 was typed first.
        given = (given[1], given[0])
    words = dict(zip(("a", "b") if len(given) > 1 else function.arguments, given))
    at = re.sub(r"\b[a-z]\b", lambda m: _short(loss, words[m[0]]) if m[0] in words and m[0] != "a" else m[0], kink)
    if "a" in words:
        at = re.sub(r"^a\b", lambda _: _short(loss, words["a"]), at)
    return f"{text} at {at}" + ("" if kinks == DEFAULT else f" (convention: {kinks})")


def _taken(kink: str, function: str, given: tuple[tree.Node, ...], kinks: str) -> str:
    """Where a function has its kink, and what a convention takes for its slope there."""
    row, place = CONVENTIONS[kinks], kink.split(":")[0]
    if function in ("abs", "norm1"):
        return f"{place}: slope {row.absolute}"
    if function == "relu":
        return f"{place}: slope {row.relu}"
    if not place.startswith("a = b"):
        return kink
    largest = function in ("max", "maximum")
    if any(isinstance(node, tree.Number) for node in given):
        # Against a number only one side has a slope.
        return f"{place}: slope {row.bounded if largest else row.capped}"
    share = row.maximum if largest else row.minimum
    return f"{place}: {'the slope of the first' if share == 1 else 'the slope of the second' if share == 0 else 'equal shares'}"


def _short(loss: Loss, node: tree.Node) -> str:
    """The node as typed, or the name of the equation that stands for it."""
    typed = loss.notation.as_typed(node)
    for equation in loss.equations:
        if equation.typed is not None and equation.name.shown and loss.notation.as_typed(equation.typed) == typed:
            return equation.name.name
    return typed
