"""Constants: worked out exactly where that is small, bounded before it is worked out, refused where useless.

Every value that holds no name carries its size in extended-exponent floating point, so `9^9^9^9` is
refused without ever being computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp

from symcalc.language import exact
from symcalc.language.scope import Value, single

BITS = 1024
EXPONENT = 10_000
LARGEST = mpmath.mpf(2) ** 1024
SMALLEST = mpmath.mpf(2) ** -1074


class Unfit(Exception):
    """Why a constant part cannot be used: the end of a sentence that begins with its text."""


def value_of(number: Any) -> Any:
    """A constant SymPy number as a float with unbounded exponent."""
    if number.is_Rational:
        return checked(mpmath.mpf(number.p) / number.q)
    return checked(mpmath.mpf(number.evalf(20)))


def checked(value: Any) -> Any:
    """The value itself, if float64 can hold it.

    Raises:
        Unfit: It is not real, overflows or underflows.
    """
    if isinstance(value, mpmath.mpc) or mpmath.isnan(value):
        raise Unfit("is not a real number.")
    if abs(value) >= LARGEST:
        raise Unfit("is larger than any floating-point number (about 1.8e308).")
    if value != 0 and abs(value) < SMALLEST:
        raise Unfit("is closer to 0 than any floating-point number (about 5e-324).")
    return value


def kept(result: Value, op: str, left: Value, right: Value) -> Value:
    """The result with its constant worked out where both sides are constants."""
    if left.constant is None or right.constant is None:
        return result
    a, b = left.constant, right.constant
    # The right side of a difference arrives negated.
    value = a + b if op == "+" else a * b if op == "*" else a / b
    return Value(result.terms, result.indices, checked(value))


def check_exponent(exponent: Any) -> None:
    """Refuses exponents no float64 calculation can use."""
    if abs(exponent) > EXPONENT:
        raise Unfit(f"has an exponent beyond ±{EXPONENT}; no floating-point number survives it.")


def power(base: Value, exponent: Value, note: Callable[[str], None]) -> Value:
    """A constant to a constant power, exact where it has at most 1,024 bits."""
    a, b = base.constant, exponent.constant
    if a == 0 and b < 0:
        raise Unfit("divides by zero.")
    if a == 0 and b == 0:
        note("0^0 was read as 1.")
        return single(sp.S.One, constant=mpmath.mpf(1))
    if a < 0 and not exponent.body.is_Integer:
        raise Unfit("is not a real number; write -(c^p) or use cbrt.")
    size = mpmath.mpf(0) if a == 0 else b * mpmath.log(abs(a))
    if size > 710:
        raise Unfit("is larger than any floating-point number (about 1.8e308).")
    if size < -746 and a != 0:
        raise Unfit("is closer to 0 than any floating-point number (about 5e-324).")
    if base.body.is_Rational and exponent.body.is_Integer:
        bits = math.log2(max(abs(base.body.p), base.body.q)) * abs(int(exponent.body))
        if bits > BITS:
            raise Unfit(f"would have more than {BITS} binary digits.")
    elif base.body.is_Rational and abs(exponent.body) > EXPONENT:
        check_exponent(exponent.body)
    return single(base.body**exponent.body, constant=checked(mpmath.power(a, b)))


def call(row: Any, values: list[Value]) -> Value:
    """A function of constants: kept as written where SymPy could not keep it small."""
    arguments = [v.constant for v in values]
    if row.name in ("sin", "cos", "tan", "sec", "csc", "cot") and abs(arguments[0]) > 2**53:
        raise Unfit("has an argument beyond 2^53, where neighboring floating-point numbers skip whole periods.")
    try:
        value = checked(exact.MEANING[row.meaning](*arguments))
    except (ValueError, ZeroDivisionError, OverflowError, TypeError):
        raise Unfit(f"has no value; {row.name} needs {row.domain or 'a real number'}.") from None
    if abs(value) > 10**15 or any(abs(a) > 10**6 for a in arguments):
        raise Unfit("is too large to be written out exactly; write its value as a number.")
    body = row.build(*(v.body for v in values))
    if not body.is_real:
        raise Unfit(f"has no real value; {row.name} needs {row.domain or 'a real number'}.")
    return single(body, constant=value)
