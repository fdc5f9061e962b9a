"""The derivation of a slope as hints: one step after the other, the last one left to the learner."""

from __future__ import annotations

from symcalc.calculus.gradient import Gradient


def hints(gradient: Gradient, style: str = "text") -> list[str]:
    """What to do first, what that gives, and so on; the slope itself is only described."""
    notation, found = gradient.notation, []
    finals = {slope.symbol for slope in gradient.slopes}
    # What is named on the way to the slope is a step; what merely stands in the formula is none.
    sloped = {e.name.name.rpartition("/")[2][1:] for e in gradient.derived}
    active = {e.name.symbol for e in gradient.equations if e.rule == "name" and e.name.name in sloped}
    for equation in gradient.equations:
        if equation.name.symbol in finals:
            found.append(f"the last step is a {equation.rule}: {equation.reason}")
        elif equation.name.kind != "definition" and (
            equation.name.shown or equation.name.kind == "derivative" or equation.name.symbol in active
        ):
            why = equation.reason if equation.rule == "name" else f"{equation.rule}: {equation.reason}"
            found.append(f"{why}\n  {notation.equation(equation, style)}")
    return found
