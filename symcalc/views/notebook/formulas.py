"""What is shown of losses, gradients, derivations, programs and studies."""

from __future__ import annotations

from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.language.loss import Loss
from symcalc.views import derivation, numbers
from symcalc.views.notebook.parts import Formula, Markup, Part, Table, Words
from symcalc.views.page.formulas import statement_formulas


def loss_text(loss: Loss) -> str:
    """The formula as typed, and how its names were read."""
    return "\n".join([*derivation.typed(loss, 100), *(f"  {line}" for line in derivation.reading(loss, 100))])


def loss_latex(loss: Loss) -> str:
    """Every statement in one display."""
    return rf"$\displaystyle \begin{{gathered}}{loss.latex}\end{{gathered}}$"


def gradient_text(gradient: Gradient) -> str:
    """The slope in each name, and what inner names stand for."""
    return "\n".join(derivation.slopes(gradient, width=100))


def gradient_latex(gradient: Gradient) -> str:
    """The slope in each name, a line each."""
    notation = gradient.notation
    lines = [rf"{notation.left(gradient.equation_of(w), 'latex')} &= {right}" for w, right in gradient.latex.items()]
    shown = r" \\ ".join(lines)
    return rf"$\displaystyle \begin{{aligned}}{shown}\end{{aligned}}$"


def slopes(gradient: Gradient) -> list[Part]:
    """The slope in each name as a formula, and what inner names stand for."""
    notation = gradient.notation
    shown: list[Part] = []
    for name in gradient.wrt:
        equation = gradient.equation_of(name.name)
        sides = [f"{notation.left(equation, s)} = {notation.right(equation, s)}" for s in ("latex", "text")]
        shown.append(Formula(*sides))
    return [*shown, *(Words(f"where {line}") for line in derivation.legend(gradient))]


def statements(loss: Loss) -> list[Part]:
    """Every statement as a formula."""
    return [Formula(latex, spoken) for latex, spoken in statement_formulas(loss)]


def program(compiled: Any) -> list[Part]:
    """The loss with its slopes, and what its parameters and data are."""
    loss = compiled.loss
    sizes = [
        [p.name, p.kind, numbers.shape(compiled.layout.shapes[p.name]) if p.name in compiled.layout.shapes else ""]
        for p in loss.parameters
    ]
    rows = [] if loss.rows is None else [Words(f"over {numbers.count(loss.rows, 'row')} of {loss.data.name}")]
    return [
        *statements(loss),
        *slopes(compiled.gradient_equations),
        *rows,
        Table(["name", "", "shape"], sizes, [False] * 3),
    ]


def study(found: Any) -> list[Part]:
    """Loss, slopes, why, and the comparison where there is one."""
    from symcalc.views.notebook.runs import comparison

    explained = found.gradient.explain(1)
    below = [] if found.comparison is None else comparison(found.comparison)
    return [
        *statements(found.loss),
        *slopes(found.gradient),
        Markup(explained.html, explained.text(100)),
        Words(derivation.verdict(found.gradient)),
        *below,
    ]
