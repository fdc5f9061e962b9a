"""A loss, its slopes and their derivation as MathML, without anything that is drawn."""

from __future__ import annotations

from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.language.loss import Loss
from symcalc.notation import tree
from symcalc.views.page.markup import math


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
    """The slope in each name as MathML, on a line of its own."""
    notation, shown = gradient.notation, []
    for name in gradient.wrt:
        equation = gradient.equation_of(name.name)
        latex, spoken = (f"{notation.left(equation, s)} = {notation.right(equation, s)}" for s in ("latex", "text"))
        shown.append(math(latex, spoken, block=True))
    return shown


def levels(gradient: Gradient, point: Any = None) -> list[tuple[str, str]]:
    """The derivation at each level, as (title, HTML); the last with the numbers of a point, where there is one."""
    found = [("One line an idea", gradient.explain(1).html), ("Every rule that is applied", gradient.explain(2).html)]
    if point is not None:
        found.append(("With numbers put in", gradient.explain(3, point).html))
    return found
