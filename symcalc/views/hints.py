"""The derivation of a slope as hints: one step after the other, the last one left to the learner."""

from __future__ import annotations

from symcalc.calculus.gradient import Gradient


def hints(gradient: Gradient, style: str = "text") -> list[str]:
    """What to do first, what that gives, and so on; the slope itself is only described."""
    notation, found = gradient.notation, []
    finals = {slope.symbol for slope in gradient.slopes}
    for equation in gradient.equations:
        if equation.name.symbol in finals:
            found.append(f"the last step is a {equation.rule}: {equation.reason}")
        elif equation.name.kind != "definition" and (
            equation.name.shown or equation.name.kind == "derivative" or equation.rule == "name"
        ):
            why = equation.reason if equation.rule == "name" else f"{equation.rule}: {equation.reason}"
            found.append(f"{why}\n  {notation.equation(equation, style)}")
    return found
