"""A loss, its slopes and their derivation as MathML, without anything that is drawn."""

from __future__ import annotations

from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.language.loss import Loss
from symcalc.notation import tree
from symcalc.views.page.markup import math, text
from symcalc.views.page.origins import Origin, origins, typed_nodes


def statements(loss: Loss) -> str:
    """Every statement of a formula as MathML, a line each."""
    return "".join(math(latex, spoken, block=True) for latex, spoken in statement_formulas(loss))


def statement_formulas(loss: Loss) -> list[tuple[str, str]]:
    """Every statement of a formula, in LaTeX and as text."""
    write = loss.notation.write
    shown = []
    for statement in loss.formula.statements:
        left = tree.Ref(-1, -1, statement.name or loss.name, statement.indices)
        latex, spoken = (f"{write(left, s)} = {write(statement.expression, s)}" for s in ("latex", "text"))
        shown.append((latex, spoken))
    return shown


def slope_formulas(gradient: Gradient) -> list[str]:
    """The slope in each name as MathML, on a line of its own; each term knows the parts of the loss it comes from."""
    return linked(gradient)[1]


def linked(gradient: Gradient) -> tuple[str, list[str]]:
    """The loss and its slopes as MathML that refer to each other.

    A term of a slope has `data-from`, the keys of the parts of the loss that it is the derivative of; those parts have
    `data-part`. `data-words` says the same in words.
    """
    notation, slopes = gradient.notation, []
    every: set[tuple[int, int]] = set()
    for name in gradient.wrt:
        whole, found = origins(gradient, name)
        every.update(span for origin in found for span in origin.spans)
        left, right = (notation.left(gradient.equation_of(name.name), s) for s in ("latex", "text"))
        latex = notation.marked(whole, {id(origin.node): f"mark-{k}" for k, origin in enumerate(found)})
        marks = [_term(gradient, origin) for origin in found]
        slopes.append(math(f"{left} = {latex}", f"{right} = {notation.write(whole)}", True, marks))
    places = typed_nodes(gradient, every)
    keys = {identity: f"mark-{k}" for k, identity in enumerate(places)}
    marks = [f'class="part" data-part="{start}-{end}"' for start, end in places.values()]
    loss = gradient.loss
    lines = []
    for statement, (_, spoken) in zip(loss.formula.statements, statement_formulas(loss)):
        head = notation.write(tree.Ref(-1, -1, statement.name or loss.name, statement.indices), "latex")
        lines.append(math(f"{head} = {notation.marked(statement.expression, keys)}", spoken, True, marks))
    return "".join(lines), slopes


def _term(gradient: Gradient, origin: Origin) -> str:
    """The attributes of one term of a slope."""
    loss = gradient.loss
    keys = " ".join(f"{start}-{end}" for start, end in origin.spans)
    parts = " and ".join(" ".join(loss.text[start:end].split()) for start, end in origin.spans)
    through = f", through {' and '.join(origin.through)}" if origin.through else ""
    words = text(f"{gradient.notation.write(origin.node)} comes from {parts}{through}")
    return f'class="term" tabindex="0" role="group" data-from="{keys}" data-words="{words}" aria-label="{words}"'


def levels(gradient: Gradient, point: Any = None) -> list[tuple[str, str]]:
    """The derivation at each level, as (title, HTML); the last with the numbers of a point, where there is one."""
    found = [("One line an idea", gradient.explain(1).html), ("Every rule that is applied", gradient.explain(2).html)]
    if point is not None:
        found.append(("With numbers put in", gradient.explain(3, point).html))
    return found
