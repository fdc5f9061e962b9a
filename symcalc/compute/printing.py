"""The one place where SymPy expressions become code: a printer, and `lambdify` around it.

Array operations that SymPy has no word for (a dot product, a broadcast) are `Text` nodes: a template and
its arguments. The same expressions run on three sets of functions: NumPy, Python's math, and complex NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import sympy as sp
from sympy.core.symbol import Str
from sympy.printing.pycode import PythonCodePrinter

from symcalc.compute import meanings

Backend = Literal["numpy", "math", "complex"]


class Text(sp.Function):  # type: ignore[misc]
    """Code that SymPy has no word for: Text(template, arguments…), opaque to algebra."""

    @classmethod
    def of(cls, template: str, *arguments: Any) -> Any:
        """A node from a template such as `dot({0}, {1})`."""
        return cls(Str(template), *arguments)

    def _eval_is_commutative(self) -> bool:
        return True


class Printer(PythonCodePrinter):  # type: ignore[misc]
    """Prints expressions as code over the function names of `meanings`."""

    one = "1"

    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True})

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        # `b - a` is `-a + b` to the bit, without an operation for the sign.
        terms = super()._as_ordered_terms(expr, order)
        if len(terms) > 1 and terms[0].could_extract_minus_sign() and not terms[1].could_extract_minus_sign():
            terms[:2] = terms[1::-1]
        return list(terms)

    def _print_Text(self, expr: Any) -> str:
        template, *arguments = expr.args
        # What is transposed or indexed is one operand: (a + b).T, not a + b.T.
        one = [f"{{{k}}}{sign}" for k in range(len(arguments)) for sign in ".["]
        apart = {int(word[1:-2]) for word in one if word in str(template)}
        return str(template).format(
            *((self._factor if k in apart else self._print)(a) for k, a in enumerate(arguments))
        )

    def _print_loggamma(self, expr: Any) -> str:
        return f"loggamma({self._print(expr.args[0])})"

    def _print_Function(self, expr: Any) -> str:
        word = type(expr).__name__
        if word == "polygamma" and expr.args[0] == 0:
            return f"digamma({self._print(expr.args[1])})"
        return f"{word}({', '.join(self._print(a) for a in expr.args)})"

    def _print_Integer(self, expr: Any) -> str:
        return str(expr.p) if abs(expr.p) < 2**53 else repr(float(expr.p))

    def _print_Rational(self, expr: Any) -> str:
        # Python divides whole numbers with one rounding, and does it once, when the code is made.
        return f"({expr.p}/{expr.q})"

    def _print_Pi(self, expr: Any) -> str:
        return "pi"

    def _print_Exp1(self, expr: Any) -> str:
        return "e"

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        raise ValueError("complex numbers have no place in a real formula")

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, exponent = expr.base, expr.exp
        if exponent == sp.S.Half:
            return f"sqrt({self._print(base)})"
        if exponent.is_Rational and exponent.is_negative:
            return f"({self.one}/{self._factor(base**-exponent)})"
        if exponent.is_Integer:
            return self._whole_power(base, int(exponent))
        return f"power({self._print(base)}, {self._print(exponent)})"

    def _whole_power(self, base: Any, exponent: int) -> str:
        """A whole power as products; one multiplication costs far less than a general power."""
        text = self._factor(base)
        if exponent > 16 or not base.is_Symbol:
            return f"{text}**{exponent}"
        factors = [text] if exponent % 2 else []
        if exponent > 1:
            half = self._whole_power(base, exponent // 2)
            factors += [half, half] if exponent < 4 else [f"({half})**2"]
        return f"({'*'.join(factors)})" if len(factors) > 1 else factors[0]

    def _factor(self, expr: Any) -> str:
        text = self._print(expr)
        return text if expr.is_Symbol or expr.is_Function else f"({text})"


class FloatPrinter(Printer):
    """Prints whole numbers in sums and products as floats: only between floats are operations quick, or on arrays."""

    one = "1.0"

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return [Text.of(_as_float(t)) if _as_float(t) else t for t in super()._as_ordered_terms(expr, order)]

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """A factor."""
        return _as_float(item) or str(super().parenthesize(item, level, strict))


def _as_float(number: Any) -> str:
    """A whole number as a float; "" for what is none, or would not be this very number."""
    return repr(float(number.p)) if number.is_Integer and abs(number.p) < 2**53 else ""


def compiled(
    arguments: Sequence[Any],
    outputs: Sequence[Any] | sp.Basic,
    assignments: Sequence[tuple[Any, Any]] = (),
    backend: Backend = "numpy",
    more: Mapping[str, Any] | None = None,
) -> Callable[..., Any]:
    """A function of positional arguments that returns the outputs as a tuple; one expression as it is.

    Args:
        arguments: Symbols, in order.
        outputs: Expressions over arguments and assigned symbols.
        assignments: (symbol, expression) in order: shared work, done once a call.
        backend: numpy for arrays, math for plain floats, complex for the complex step.
        more: Further names that the code uses.
    """
    answer = outputs if isinstance(outputs, sp.Basic) else tuple(outputs)
    return sp.lambdify(  # type: ignore[no-any-return]
        list(arguments),
        answer,
        modules=[*([dict(more)] if more else []), meanings.BACKENDS[backend]()],
        printer=FloatPrinter(),
        # The equations are the shared subexpressions: lambdify writes one line of code for each.
        cse=lambda _: (list(assignments), answer),
    )
