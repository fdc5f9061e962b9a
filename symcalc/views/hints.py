"""The derivation of a slope as hints: one line after the other, the last one left to the learner."""

from __future__ import annotations

import re

from symcalc.calculus.gradient import Gradient

# References to lines by number say nothing where lines are told one by one.
_REFERENCES = re.compile(r" \(lines? [\d, and]+\)|[;,] by lines? [\d, and]+|[;,] lines? [\d, and]+ put in")


def hints(gradient: Gradient, style: str = "text") -> list[str]:
    """What to do first, and what that gives; then the next step; of the last step only how it goes.

    Args:
        gradient: The slope in one parameter.
        style: text or ascii.
    """
    derivation, found = gradient.explain(1), []
    finals = {slope.symbol for slope in gradient.slopes}
    for line in derivation.lines:
        equation = line.equation
        reason = _REFERENCES.sub("", line.reason)
        if equation is not None and equation.name.symbol in finals:
            found.append(f"the last step: {reason}")
        elif equation is None or equation.name.kind != "definition":
            write = derivation.notation.write
            found.append(f"{reason}\n  {write(line.left, style)} = {write(line.rights[0], style)}")
    return found
