"""Slopes measured from values of the loss alone: one row for each difference method.

    METHODS["central"].measure(math.exp, 0.0)      # Estimate(slope=1.0000000000061, step=6.06e-06, …)

A method is one small function of f, x and the step h. Adding a method is adding a function and its row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np

from symcalc.errors import InputError

EPS = float(np.finfo(np.float64).eps)
Curve = Callable[[Any], Any]


class Estimate(NamedTuple):
    """A measured slope.

    Attributes:
        slope: Units of the loss per unit of the parameter.
        step: The step h used, in units of the parameter.
        evaluations: How many values of the loss it took.
        error: The method's own estimate of its error, never negative; None where it has none.
    """

    slope: float
    step: float
    evaluations: int
    error: float | None = None


@dataclass(frozen=True)
class Method:
    """One difference method.

    Attributes:
        about: What it does, in one line.
        formula: The slope as a formula in f, x and h.
        estimate: f, x, h → Estimate.
        power: Truncation and round-off balance at h = eps^power.
        derivative: Which derivative its truncation error holds; 0 where the error is estimated otherwise.
        truncation: h and that derivative → the error that is due to h (numeric minus exact).
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


def _forward(f: Curve, x: float, h: float) -> Estimate:
    # Divide by the distance really moved: x + h is rounded.
    ahead = x + h
    return Estimate(_quotient(f(ahead) - f(x), ahead - x), h, 2)


def _backward(f: Curve, x: float, h: float) -> Estimate:
    behind = x - h
    return Estimate(_quotient(f(x) - f(behind), x - behind), h, 2)


def _central(f: Curve, x: float, h: float) -> Estimate:
    ahead, behind = x + h, x - h
    return Estimate(_quotient(f(ahead) - f(behind), ahead - behind), h, 2)


def _five_point(f: Curve, x: float, h: float) -> Estimate:
    moved = (x + h) - x
    near, far = f(x + moved) - f(x - moved), f(x + 2 * moved) - f(x - 2 * moved)
    return Estimate(_quotient(8 * near - far, 12 * moved), h, 4)


def _complex_step(f: Curve, x: float, h: float) -> Estimate:
    # f(x + ih) = f(x) + ih·f'(x) - …: the imaginary part holds the slope and no difference is taken.
    return Estimate(float(np.imag(f(complex(x, h)))) / h, h, 1)


def _richardson(f: Curve, x: float, h: float, rows: int = 10) -> Estimate:
    """Ridders' table: central differences at h, h/2, h/4, … extrapolated; the steadiest entry wins."""
    evaluations, skipped, size = 2, 0, 0.0

    def seen(t: float) -> float:
        nonlocal size
        value = float(f(t))
        size = max(size, abs(value)) if math.isfinite(value) else size
        return value

    first = _central(seen, x, h).slope
    while not math.isfinite(first) and skipped < 8:
        # The first steps may leave the domain of the loss: log(x) near 0.
        h, skipped, evaluations = h / 4, skipped + 1, evaluations + 2
        first = _central(seen, x, h).slope
    best, error, step = first, math.inf, h
    column = [first]
    for row in range(1, rows):
        finer = [_central(seen, x, h / 2**row).slope]
        evaluations += 2
        for k, coarse in enumerate(column):
            # The error of a central difference is a series in h²; each extrapolation removes one term.
            finer.append(finer[k] + (finer[k] - coarse) / (4 ** (k + 1) - 1))
            doubt = max(abs(finer[-1] - finer[k]), abs(finer[-1] - coarse))
            if doubt < error:
                best, error, step = finer[-1], doubt, h / 2**row
        if not abs(finer[-1] - column[-1]) < 2 * error or error == 0:
            break
        column = finer
    # The table cannot see round-off that all its entries share.
    error += EPS * size / step
    return Estimate(best, step, evaluations, error if math.isfinite(error) else None)


def _quotient(rise: Any, run: float) -> float:
    # A step below half a spacing of floats moves nothing: no slope can be measured.
    return float(rise) / run if run else math.nan


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
        _central, power=1 / 3, derivative=3, truncation=lambda h, f3: h * h / 6 * f3,
    ),
    "five-point": Method(
        "two steps to either side",
        "(8(f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h)))/(12h)",
        _five_point, power=1 / 5,
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
        _richardson, power=1 / 16,
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
