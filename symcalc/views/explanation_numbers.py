"""The lines of a derivation with the numbers of one point put in: symbols = numbers = value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from symcalc.compute.program import compile_gradient
from symcalc.derivation.line import Derivation, Line
from symcalc.views import numbers
from symcalc.views.equation_values import equation_values
from symcalc.views.kinks import conventions
from symcalc.views.tree_numbers import put_in

DIGITS, MANY = 6, 4


def with_numbers(derivation: Derivation, at: Any) -> Derivation:
    """The derivation at a point.

    Args:
        derivation: The derivation.
        at: Parameter name → number or array.

    Raises:
        InputError: The point does not fit, or the loss has columns and no data.
    """
    program = compile_gradient(derivation.gradient)
    point = program.checked_point(at)
    values = equation_values(program, point)
    by_name: dict[str, Any] = {name.name: values[s] for s, name in derivation.notation.names.items() if s in values}
    by_name |= {name.name: program.given[s] for s, name in derivation.notation.names.items() if s in program.given}
    by_name |= point
    lines = tuple(_with_numbers(derivation, line, values, by_name) for line in derivation.lines)
    return replace(derivation, lines=lines, point=point, notes=(*_signs(derivation, values), *_kinks(derivation)))


def _kinks(derivation: Derivation) -> list[str]:
    """That a loss has no kink, where it has none; those that it has are said beside the slopes."""
    gradient = derivation.gradient
    if conventions(gradient.loss, gradient.kinks):
        return []
    return [f"{gradient.loss.name} has no kink: it is smooth wherever it has a value."]


def _inside(x: float) -> str:
    """A number as a part of a formula: in parentheses where it is negative."""
    written = numbers.value(x, DIGITS)
    return f"({written})" if written.startswith("-") else written


def _with_numbers(derivation: Derivation, line: Line, values: dict[Any, Any], by_name: dict[str, Any]) -> Line:
    if line.equation is None or line.equation.name.symbol not in values:
        return line
    value = values[line.equation.name.symbol]
    written = numbers.value(value, DIGITS, MANY)
    if np.ndim(value):
        return replace(line, numbers=(written,))
    arithmetic = put_in(line.rights[-1], by_name, _inside)
    shown = "" if arithmetic is None else derivation.notation.write(arithmetic)
    plain = shown in ("", written, f"({written})")
    return replace(line, numbers=(written,) if plain else (f"{shown} = {written}",))


def _signs(derivation: Derivation, values: dict[Any, Any]) -> list[str]:
    """Sign and size of each slope that is one number, in words."""
    gradient, found = derivation.gradient, []
    for name, slope in zip(gradient.wrt, gradient.slopes):
        value, loss = values[slope.symbol], gradient.loss.name
        if np.ndim(value) or not np.isfinite(value):
            continue
        if value == 0:
            found.append(f"Here {loss} is level in {name.name}.")
            continue
        way, size = "falls" if value < 0 else "rises", numbers.value(abs(value), DIGITS)
        found.append(
            f"Here {loss} {way} as {name.name} grows, by about {size} (units of {loss}) per unit of {name.name}."
        )
    return found
