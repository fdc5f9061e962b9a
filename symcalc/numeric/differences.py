"""Slopes measured from values of the loss alone: one row for each difference method.

    METHODS["central"].measure(math.exp, 0.0)      # Estimate(slope=1.0000000000061, step=6.06e-06, …)

A method is one small function of f, x and the step h. Adding a method is adding a function and its row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

import numpy as np

from symcalc.errors import InputError
from symcalc.numeric.estimates import EPS, Curve, Estimate, Linear, central, quotient
from symcalc.numeric.extrapolation import adaptive, richardson


@dataclass(frozen=True)
class Method:
    """One difference method.

    Attributes:
        about: What it does, in one line.
        formula: The slope as a formula in f, x and h.
        estimate: f, x, h → Estimate.
        power: Truncation and round-off balance at h = eps^power.
        derivative: Which derivative the first term of its truncation holds; 0 where it changes from slope to slope.
        truncation: h and that derivative → the error that is due to h (numeric minus exact), first term.
        complex: Whether f is called with complex numbers.
    """

    about: str
    formula: str
    estimate: Callable[[Curve, float, float], Estimate]
    power: float
    derivative: int = 0
    truncation: Callable[[float, float], float] | None = None
    complex: bool = False

    def default_step(self, x: float) -> float:
        """The step that balances truncation and round-off for a loss of ordinary scale, at x."""
        if self.complex:
            # Nothing is subtracted, so h can be so small that h² is lost; it follows x down, never up.
            return 1e-20 * min(1.0, abs(x)) if x else 1e-20
        step: float = EPS**self.power * max(1.0, abs(x))
        return step

    def measure(self, f: Curve, x: float, h: float | None = None) -> Estimate:
        """The slope of f at x.

        Args:
            f: The loss along one parameter; numbers in, numbers out.
            x: Where.
            h: The step, in units of x; the default step unless given.
        """
        with np.errstate(all="ignore"):
            return self.estimate(f, x, self.default_step(x) if h is None else h)

    def weights(self, x: float, found: Estimate) -> dict[float, Fraction] | None:
        """The values of the loss that a measured slope is made of: point → weight, exact.

        Args:
            x: Where it was measured.
            found: What `measure` gave.

        Returns:
            None where the slope is no such sum: for the complex step, or where nothing moved.
        """
        if self.complex:
            return None
        if not found.steps:
            made = self.estimate(Linear.at, x, found.step).slope
            return made.weights if isinstance(made, Linear) else None
        total = Linear({})
        for step in found.steps:
            part = central(Linear.at, x, step).slope
            if not isinstance(part, Linear):
                return None
            # The polynomial in h² through these steps, at 0: Lagrange's formula.
            own = Fraction(step) ** 2
            others = [Fraction(other) ** 2 for other in found.steps if other != step]
            total = total + part * math.prod((other / (other - own) for other in others), start=Fraction(1))
        return total.weights


def _forward(f: Curve, x: float, h: float) -> Estimate:
    # Divide by the distance really moved: x + h is rounded.
    ahead = x + h
    return Estimate(quotient(f(ahead) - f(x), ahead - x), h, 2)


def _backward(f: Curve, x: float, h: float) -> Estimate:
    behind = x - h
    return Estimate(quotient(f(x) - f(behind), x - behind), h, 2)


def _five_point(f: Curve, x: float, h: float) -> Estimate:
    moved = (x + h) - x
    near, far = f(x + moved) - f(x - moved), f(x + 2 * moved) - f(x - 2 * moved)
    return Estimate(quotient(8 * near - far, 12 * moved), h, 4)


def _complex_step(f: Curve, x: float, h: float) -> Estimate:
    # f(x + ih) = f(x) + ih·f'(x) - …: the imaginary part holds the slope and no difference is taken.
    return Estimate(float(np.imag(f(complex(x, h)))) / h, h, 1)


METHODS: dict[str, Method] = {
    # Truncation error grows like h, round-off like eps/h: the square root of eps balances the two.
    "forward": Method(
        "one step ahead",
        "(f(x + h) - f(x))/h",
        _forward, power=1 / 2, derivative=2, truncation=lambda h, f2: h / 2 * f2,
    ),
    "backward": Method(
        "one step back",
        "(f(x) - f(x - h))/h",
        _backward, power=1 / 2, derivative=2, truncation=lambda h, f2: -h / 2 * f2,
    ),
    # The two sides cancel the term in h; what is left grows like h², so h may be larger.
    "central": Method(
        "one step to either side",
        "(f(x + h) - f(x - h))/(2h)",
        central, power=1 / 3, derivative=3, truncation=lambda h, f3: h * h / 6 * f3,
    ),
    "five-point": Method(
        "two steps to either side",
        "(8(f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h)))/(12h)",
        _five_point, power=1 / 5, derivative=5, truncation=lambda h, f5: -(h**4) / 30 * f5,
    ),
    "complex-step": Method(
        "one step along the imaginary axis",
        "Im f(x + ih)/h",
        _complex_step, power=1, derivative=3, truncation=lambda h, f3: -h * h / 6 * f3, complex=True,
    ),
    # Starts wide, at about 0.1: the table itself finds how far down to go.
    "richardson": Method(
        "central differences at h, h/2, h/4, … extrapolated to h = 0",
        "Ridders' table",
        richardson, power=1 / 16,
    ),
    # Starts at about a quarter: of 0.1, 0.25, 0.5 and 1 the one that lost least (docs/design/predicted-gaps.md).
    "adaptive": Method(
        "the same table, its order and step chosen by truncation and round-off together",
        "Ridders' table, least total error",
        adaptive, power=1 / 26,
    ),
}  # fmt: skip


def method_named(word: str) -> Method:
    """The row of a difference method.

    Raises:
        InputError: There is none of that name.
    """
    if word in METHODS:
        return METHODS[word]
    close = get_close_matches(str(word), METHODS, n=2, cutoff=0.5)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise InputError(f"There is no difference method {word!r}.{hint} There are {', '.join(METHODS)}.")


def checked_step(h: float | None) -> float | None:
    """The step as a float, None for each method's own.

    Raises:
        InputError: It is not a positive finite number.
    """
    if h is None:
        return None
    try:
        step = float(h)
    except (TypeError, ValueError):
        raise InputError(f"The step h is {h!r}; it must be a number, such as 0.001.") from None
    if not (math.isfinite(step) and step > 0):
        raise InputError(f"The step h is {h}; it must be positive and finite, such as 0.001.")
    return step


def checked_methods(methods: str | Sequence[str] | None, default: Sequence[str]) -> tuple[str, ...]:
    """The names of the methods asked for, each once.

    Raises:
        InputError: One is unknown, or none is left.
    """
    words = default if methods is None else methods.split(",") if isinstance(methods, str) else methods
    names = tuple(dict.fromkeys(str(word).strip() for word in words))
    for word in names:
        method_named(word)
    if not names:
        raise InputError(f"No difference method is named. There are {', '.join(METHODS)}.")
    return names
