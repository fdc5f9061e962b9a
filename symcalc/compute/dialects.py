"""How an expression is written in a compiled loop: as Python, or as what C and numba both read.

The order of operations is the printer's in both, so that both round alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy as sp

from symcalc.compute.printing import FloatPrinter, Text

# What C's library and Python's math both call by this name, or one of ours that is written in both.
NATIVE = {
    "exp": "exp", "log": "log", "log2": "log2", "log10": "log10", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan", "atan2": "atan2",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh",
    "power": "pow", "floor": "floor", "Absolute": "fabs", "Sign": "sign_of", "Maximum": "larger", "Minimum": "smaller",
    "Relu": "relu_of", "Where": "either", "Less": "less", "LessEqual": "less_equal", "Same": "same",
    "Differs": "differs", "Sigmoid": "sigmoid", "Softplus": "softplus", "LogisticLoss": "logistic_loss",
    "LogisticMiss": "logistic_miss", "LogisticSlope": "logistic_slope", "LogAddExp": "log_add_exp",
    "TanhSlope": "tanh_slope", "LogCosh": "log_cosh", "LogOnePlusSquare": "log_one_plus_square",
    "TimesLog": "times_log", "OneMinusCos": "one_minus_cos", "CoshLessOne": "cosh_less_one",
    "SqrtLessOne": "sqrt_less_one", "sech": "sech_of",
}  # fmt: skip
_NAME = re.compile(r"[^\W\d]\w*")
_EXACT = re.compile(r"[\w\s()+\-*/.]*")


class NotWritten(Exception):
    """An expression that a dialect has no words for."""


class _Hoisting(FloatPrinter):
    """A printer that prints a name for each whole part over fixed symbols, and keeps what it stands for."""

    def __init__(self, fixed: frozenset[Any], hoisted: dict[Any, str]) -> None:
        super().__init__()
        self._fixed, self._hoisted = fixed, hoisted

    def _is_fixed(self, expr: Any) -> bool:
        free = getattr(expr, "free_symbols", None)
        return bool(free and getattr(expr, "args", ()) and free <= self._fixed)

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if self._is_fixed(expr):
            return self._hoisted.setdefault(expr, f"hoisted{len(self._hoisted)}")
        return str(super()._print(expr, **kwargs))


class InPython(_Hoisting):
    """Python, over the function names of `meanings`."""


class InNative(_Hoisting):
    """C and numba: numbers as floating-point literals, no powers by operator, only functions both have."""

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if isinstance(expr, sp.Function) and not isinstance(expr, Text) and not self._is_fixed(expr):
            return self._called(type(expr).__name__, expr.args)
        return super()._print(expr, **kwargs)

    def _print_Text(self, expr: Any) -> str:
        words = set(_NAME.findall(str(expr.args[0])))
        if not words <= {"floor"}:
            raise NotWritten(f"there is no {', '.join(sorted(words))} in C")
        return super()._print_Text(expr)

    def _print_Integer(self, expr: Any) -> str:
        return repr(float(expr.p))

    def _print_Rational(self, expr: Any) -> str:
        return repr(expr.p / expr.q)

    def _print_Half(self, expr: Any) -> str:
        return "0.5"

    def _print_Infinity(self, expr: Any) -> str:
        raise NotWritten("infinity is no number of a formula")

    _print_NegativeInfinity = _print_NaN = _print_ComplexInfinity = _print_Infinity

    def _print_Float(self, expr: Any) -> str:
        return repr(float(expr))

    def _print_Pi(self, expr: Any) -> str:
        return "3.141592653589793"

    def _print_Exp1(self, expr: Any) -> str:
        return "2.718281828459045"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        exponent = expr.exp
        if exponent.is_Integer and exponent > 3:
            return f"pow({self._print(expr.base)}, {float(exponent)!r})"
        text = str(super()._print_Pow(expr, rational))
        if "**" in text:
            raise NotWritten("a power of an expression was not given a name")
        return re.sub(r"^\(1/", "(1.0/", re.sub(r"^power\(", "pow(", text))

    def _called(self, word: str, arguments: Any) -> str:
        if word not in NATIVE:
            raise NotWritten(f"there is no {word} in C")
        return f"{NATIVE[word]}({', '.join(self._print(a) for a in arguments)})"


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Code with its names replaced."""
    return _NAME.sub(lambda found: names.get(found[0], found[0]), text)


def is_exact(text: str) -> bool:
    """Whether code holds only operations that every engine rounds alike: sums, products, quotients, roots."""
    called = set(re.findall(r"([^\W\d]\w*)\(", text))
    return called <= {"sqrt"} and "**" not in text and bool(_EXACT.fullmatch(text))


def words(text: str) -> set[str]:
    """Every name in code."""
    return set(_NAME.findall(text))
