"""A loss and its slopes: the derivation as equations, and each slope as people write it.

gradient = differentiate(loss)
gradient.text["b"]          '-2·mean(r)'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from symcalc.calculus.checking import GradientChecker
from symcalc.calculus.conventions import DEFAULT, convention
from symcalc.calculus.partials import active, references
from symcalc.calculus.plain import plain
from symcalc.calculus.reverse import Reverse
from symcalc.catalogue.mistakes import Mistake
from symcalc.equations import Equation, Name, Verdict
from symcalc.errors import InputError
from symcalc.language.loss import Loss
from symcalc.language.scope import Scope
from symcalc.language.vocabulary import nearest
from symcalc.looks import Shown, view
from symcalc.notation.writing import Notation


@dataclass(frozen=True)
class Gradient(Shown):
    """The slopes of a loss, with every equation that leads to them.

    Attributes:
        loss: The loss.
        wrt: What it is differentiated by.
        slopes: Name of the slope in each of `wrt`, in the same order; each runs over the axes of its
            parameter (and over the rows first, for a formula with one value a row).
        equations: The loss's equations, then those of the slopes, in an order they can be worked out in.
        notation: Prints them.
        kinks: The convention for slopes at kinks, by its name.
        reverse: The accumulation that made it: what reached each name from where.
    """

    loss: Loss
    wrt: tuple[Name, ...]
    slopes: tuple[Name, ...]
    equations: tuple[Equation, ...]
    notation: Notation = field(repr=False, compare=False)
    kinks: str = DEFAULT
    reverse: Reverse | None = field(default=None, repr=False, compare=False)

    def explain(self, level: int = 1, at: Any = None) -> Any:
        """The derivation as a teacher would write it, line by line; its `str` is the text.

        Args:
            level: 0 the result; 1 one line an idea; 2 every application of a rule; 3 as 1, with numbers put in.
            at: The point whose numbers are put in: parameter name → value.

        Returns:
            A Derivation: `.lines`, each with left and right sides, reason, rule and how far it was checked.

        Raises:
            InputError: There is no such level, or level 3 lacks a point or data.
        """
        return view("explanation", "explained")(self, level, at)

    @property
    def derived(self) -> tuple[Equation, ...]:
        """The equations that differentiation added."""
        return self.equations[len(self.loss.equations) :]

    def equation_of(self, word: str) -> Equation:
        """The last equation of a slope: ∂L/∂word = …"""
        name = self.slope_name(word)
        return next(e for e in reversed(self.equations) if e.name.symbol == name.symbol)

    def slope_name(self, word: str) -> Name:
        """The Name of the slope in a parameter.

        Raises:
            InputError: The gradient holds no such slope.
        """
        for name, slope in zip(self.wrt, self.slopes):
            if name.name == word:
                return slope
        raise InputError(f"There is no slope in {word}; there is one in {', '.join(n.name for n in self.wrt)}.")

    @cached_property
    def text(self) -> dict[str, str]:
        """Parameter → the right side of its slope, as text: means and matrix products where it has them."""
        return {n.name: self.notation.right(self.equation_of(n.name)) for n in self.wrt}

    @cached_property
    def latex(self) -> dict[str, str]:
        """Parameter → the right side of its slope, as LaTeX."""
        return {n.name: self.notation.right(self.equation_of(n.name), "latex") for n in self.wrt}

    @cached_property
    def index_text(self) -> dict[str, str]:
        """Parameter → its slope in index form, both sides: the letters on the left say which entry it is."""
        return {n.name: self.notation.index_form(self.equation_of(n.name)) for n in self.wrt}

    @cached_property
    def index_latex(self) -> dict[str, str]:
        """Parameter → its slope in index form, both sides, as LaTeX."""
        return {n.name: self.notation.index_form(self.equation_of(n.name), "latex") for n in self.wrt}

    @cached_property
    def sympy(self) -> dict[str, Any]:
        """Parameter → its slope in SymPy: real symbols with the user's names, sums as Sum."""
        return {n.name: plain(self.equation_of(n.name), self.equations, self.notation) for n in self.wrt}

    @cached_property
    def verdict(self) -> Verdict:
        """How far all slopes were checked: the weakest of their verdicts."""
        return self.checker.verdict()

    @cached_property
    def checker(self) -> GradientChecker:
        """Checks the slopes; works when first asked."""
        return GradientChecker(self.loss, self.wrt, self.slopes, self.equations)


def differentiate(
    loss: Loss, wrt: str | Sequence[str] | None = None, kinks: str = DEFAULT, mistake: Mistake | None = None
) -> Gradient:
    """The slopes of a loss.

    Args:
        loss: The loss.
        wrt: Names to differentiate by: parameters (all of them by default), columns or definitions.
        kinks: What to take for a slope where there is none: minimum-norm, left, right, average, sympy, jax
            or torch.
        mistake: A row of `catalogue/mistakes.py` to derive with, instead of the rule that it changes: the slopes
            are then wrong on purpose, to try what checks them.

    Raises:
        InputError: A name is none of these, the slope is not one number a row, or there is no such convention.
    """
    convention(kinks)
    if wrt is not None and not set(loss.seen_through).isdisjoint([wrt] if isinstance(wrt, str) else wrt):
        loss = loss.by_its_definitions()
    names = _wanted(loss, wrt)
    sign = "d" if len(names) == 1 else "∂"
    if loss.per_row:
        _refuse_coupled_rows(loss, names)
    scope = Scope.continued(loss.notation.names, loss.notation.axes, loss.equations)
    scope.sizes = {axis: name for name, axis in loss.sizes}
    scope.kinks, scope.mistake = kinks, mistake
    reverse = Reverse(loss.equations, loss.output, names, scope, sign)
    slopes = reverse.run()
    if len(scope.sizes) > len(loss.sizes):
        # The slope of a sum counts what the sum itself need not count: d/db Σ_i (y[i] - b) = -n.
        loss = loss.with_sizes(scope.sizes)
    notation = loss.notation.extended(scope.name_of, scope.axis_of, (*loss.equations, *scope.equations))
    gradient = Gradient(loss, names, slopes, (), notation, kinks)
    finals = {s.symbol for s in slopes}
    lazy = _Lazy(gradient)
    derived = tuple(
        replace(e, writer=notation, checker=lazy if e.name.symbol in finals else None) for e in scope.equations
    )
    made = replace(gradient, equations=(*loss.equations, *derived), reverse=reverse)
    lazy.gradient = made
    return made


class _Lazy:
    """Reaches the checker of a gradient that is only now being built."""

    def __init__(self, gradient: Gradient) -> None:
        self.gradient = gradient

    def verdict_on(self, equation: Equation) -> Verdict:
        return self.gradient.checker.verdict_on(equation)


def _wanted(loss: Loss, wrt: str | Sequence[str] | None) -> tuple[Name, ...]:
    if wrt is None:
        return loss.parameters
    words = [wrt] if isinstance(wrt, str) else list(dict.fromkeys(wrt))
    found = []
    for word in words:
        try:
            found.append(loss.name_of(word))
        except KeyError:
            known = [n.name for n in (*loss.parameters, *loss.columns, *loss.constants, *loss.definitions)]
            near = nearest(word, known)
            hint = f" Did you mean {near}?" if near else f" It has {', '.join(known)}."
            raise InputError(f"The loss has no name {word} to differentiate by.{hint}") from None
    return tuple(found)


def _refuse_coupled_rows(loss: Loss, names: tuple[Name, ...]) -> None:
    """A formula with one value a row has a slope per row only if its rows do not mix."""
    moved = active(loss.equations, {n.symbol for n in names}, loss.output.name.symbol)
    row = loss.output.indices[0]
    axis = loss.notation.axes[row]
    for equation in loss.equations:
        for term in equation.terms:
            if any(loss.notation.axes[i] == axis for i in term.over) and references(term.body, moved):
                raise InputError(
                    f"{loss.name} has one value a row, and {equation.name.name} mixes the rows, so there is no "
                    "slope per row; reduce the formula with mean(…) or sum(…)."
                )
