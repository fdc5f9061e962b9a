"""The functions of the language as one table: names, arguments, meaning, domain.

Adding a function is adding a row. An elementwise row names the SymPy function that it means and that
SymPy differentiates. Reductions and array functions are built in `lowering.py`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Function:
    """One function of the language.

    Attributes:
        name: How it is written and printed.
        arguments: The argument names; their number is checked.
        kind: elementwise, reduction or array.
        meaning: For an elementwise one: name of the SymPy (or own) function, or a formula in the arguments.
        about: What it is, in one line.
        domain: Where it is defined, in words; "" for all real numbers.
        aliases: Other spellings understood (NumPy's first).
        kink: Where it has no slope and the value taken there, in words.
        also_a_name: Whether the word may be an ordinary name where it is not called.
    """

    name: str
    arguments: tuple[str, ...]
    kind: str
    meaning: str
    about: str
    domain: str = ""
    aliases: tuple[str, ...] = ()
    kink: str = ""
    also_a_name: bool = False

    def build(self, *arguments: Any) -> Any:
        """The SymPy expression for SymPy arguments (elementwise rows only)."""
        return _builder(self.meaning)(*arguments)


def _row(
    name: str, arguments: str, meaning: str, about: str, domain: str = "", aliases: str = "", kink: str = "",
    also_a_name: bool = False, kind: str = "elementwise",
) -> Function:  # fmt: skip
    return Function(
        name,
        tuple(arguments.split()),
        kind,
        meaning,
        about,
        domain,
        tuple(aliases.split()),
        kink,
        also_a_name,
    )


ELEMENTWISE = (
    _row("exp", "u", "exp", "e to the power u"),
    _row("log", "u", "log", "natural logarithm", "u > 0", "ln"),
    _row("log2", "u", "log2", "logarithm to base 2", "u > 0"),
    _row("log10", "u", "log10", "logarithm to base 10", "u > 0"),
    _row("log1p", "u", "log1p", "log(1 + u), exact near 0", "u > -1"),
    _row("expm1", "u", "expm1", "exp(u) - 1, exact near 0"),
    _row("sqrt", "u", "sqrt", "square root", "u >= 0"),
    _row("cbrt", "u", "CubeRoot", "cube root, also of negative numbers"),
    _row("abs", "u", "Absolute", "absolute value |u|", aliases="absolute fabs", kink="u = 0: slope 0"),
    _row("sign", "u", "Sign", "-1, 0 or 1", kink="u = 0: slope 0"),
    _row("relu", "u", "Relu", "max(u, 0)", kink="u = 0: slope 0"),
    _row("where", "condition a b", "Where", "a where the condition holds, else b", kink="where it switches"),
    _row("sigmoid", "u", "Sigmoid", "1/(1 + exp(-u))", aliases="expit logistic"),
    _row("softplus", "u", "Softplus", "log(1 + exp(u)), without overflow"),
    _row("sin", "u", "sin", "sine"),
    _row("cos", "u", "cos", "cosine"),
    _row("tan", "u", "tan", "tangent", "u not an odd multiple of pi/2"),
    _row("sec", "u", "sec", "1/cos(u)", "u not an odd multiple of pi/2"),
    _row("csc", "u", "csc", "1/sin(u)", "u not a multiple of pi"),
    _row("cot", "u", "cot", "1/tan(u)", "u not a multiple of pi"),
    _row("asin", "u", "asin", "inverse sine", "-1 <= u <= 1", "arcsin"),
    _row("acos", "u", "acos", "inverse cosine", "-1 <= u <= 1", "arccos"),
    _row("atan", "u", "atan", "inverse tangent", aliases="arctan"),
    _row("atan2", "y x", "atan2", "angle of the point (x, y)", "not both 0", "arctan2"),
    _row("asec", "u", "asec", "inverse secant", "|u| >= 1", "arcsec"),
    _row("acsc", "u", "acsc", "inverse cosecant", "|u| >= 1", "arccsc"),
    _row("acot", "u", "acot", "inverse cotangent", "u != 0", "arccot"),
    _row("sinh", "u", "sinh", "hyperbolic sine"),
    _row("cosh", "u", "cosh", "hyperbolic cosine"),
    _row("tanh", "u", "tanh", "hyperbolic tangent"),
    _row("sech", "u", "sech", "1/cosh(u)"),
    _row("csch", "u", "csch", "1/sinh(u)", "u != 0"),
    _row("coth", "u", "coth", "1/tanh(u)", "u != 0"),
    _row("asinh", "u", "asinh", "inverse hyperbolic sine", aliases="arcsinh"),
    _row("acosh", "u", "acosh", "inverse hyperbolic cosine", "u >= 1", "arccosh"),
    _row("atanh", "u", "atanh", "inverse hyperbolic tangent", "-1 < u < 1", "arctanh"),
    _row("asech", "u", "asech", "inverse hyperbolic secant", "0 < u <= 1", "arcsech"),
    _row("acsch", "u", "acsch", "inverse hyperbolic cosecant", "u != 0", "arccsch"),
    _row("acoth", "u", "acoth", "inverse hyperbolic cotangent", "|u| > 1", "arccoth"),
    _row("erf", "u", "erf", "error function"),
    _row("erfc", "u", "erfc", "1 - erf(u)"),
    _row("erfi", "u", "erfi", "imaginary error function, erf(i·u)/i"),
    _row("gamma", "u", "gamma", "gamma function, (u - 1)!", "u not 0, -1, -2, …", also_a_name=True),
    _row("loggamma", "u", "loggamma", "log(gamma(u))", "u > 0", "gammaln lgamma"),
    _row("digamma", "u", "digamma", "derivative of loggamma", "u not 0, -1, -2, …", "psi"),
    _row("besselj", "order u", "besselj", "Bessel function of the first kind", "order is a whole number", "jv"),
    _row("Si", "u", "Si", "sine integral"),
    _row("Ci", "u", "Ci", "cosine integral", "u > 0"),
    _row("power", "u p", "power", "u to the power p", "u > 0 unless p is a whole number", "pow"),
    _row("square", "u", "square", "u times u"),
    _row("hypot", "u w", "hypot", "sqrt(u^2 + w^2)"),
    _row("maximum", "a b", "Maximum", "the larger of two, entry by entry", aliases="Max fmax",
         kink="a = b: equal shares; against a constant 0"),
    _row("minimum", "a b", "Minimum", "the smaller of two, entry by entry", aliases="Min fmin",
         kink="a = b: equal shares; against a constant 0"),
)  # fmt: skip

REDUCTIONS = tuple(
    _row(name, "u", "", about, kind="reduction", kink=kink, aliases=aliases)
    for name, about, kink, aliases in (
        ("mean", "average over all entries, or along axis=", "", "average"),
        ("sum", "sum of all entries, or along axis=", "", ""),
        ("prod", "product of all entries, or along axis=", "", ""),
        ("max", "largest entry; of two or more arguments: entry by entry", "a tie: equal shares", "amax"),
        ("min", "smallest entry; of two or more arguments: entry by entry", "a tie: equal shares", "amin"),
        ("var", "mean squared distance from the mean (divided by n)", "", ""),
        ("std", "square root of var", "", ""),
        ("norm", "square root of the sum of squares", "", ""),
        ("norm1", "sum of absolute values", "an entry 0: slope 0", ""),
        ("logsumexp", "log(sum(exp(u))) along the last axis, without overflow", "", ""),
        ("softmax", "exp(u)/sum(exp(u)) along the last axis", "", ""),
    )
)

ARRAYS = (
    _row("dot", "u v", "", "sum of the products: u@v", kind="array", aliases="inner"),
    _row("outer", "u v", "", "all products u[i]*v[j]", kind="array"),
    _row("trace", "A", "", "sum of the diagonal", kind="array"),
    _row("diag", "A", "", "diagonal of a matrix; of a vector the diagonal matrix", kind="array"),
    _row("diff", "u", "", "differences of neighbors, u[i+1] - u[i]", kind="array", also_a_name=True),
    _row("transpose", "A", "", "rows and columns exchanged: A.T", kind="array"),
    _row("inv", "A", "", "inverse of a square matrix", "A is invertible", kind="array", aliases="inverse"),
    _row("det", "A", "", "determinant of a square matrix", kind="array"),
    _row("logdet", "A", "", "log(|det(A)|), without overflow", "A is invertible", kind="array"),
    _row("solve", "A b", "", "the u with A@u = b", "A is invertible", kind="array"),
    _row("onehot", "classes", "", "0 and 1 for each class of a column of class names, (n, k)", kind="array"),
    _row("len", "u", "", "number of entries along the first axis", kind="array"),
)

FUNCTIONS: dict[str, Function] = {row.name: row for row in (*ELEMENTWISE, *REDUCTIONS, *ARRAYS)}
SPELLINGS: dict[str, str] = {
    **{alias: row.name for row in FUNCTIONS.values() for alias in row.aliases},
    **{name: name for name in FUNCTIONS},
}

# Words that mean something in other tools: what to write instead.
ELSEWHERE = {
    "MSE": "mse(y, m*x + b)", "RMSE": "rmse(y, m*x + b)", "MAE": "mae(y, m*x + b)",
    "norm2": "norm(u)", "arcsinh": "asinh(u)", "log_2": "log2(u)", "tg": "tan(u)",
    "ReLU": "relu(u)", "Sum": "sum(u)", "Mean": "mean(u)", "sgn": "sign(u)", "heaviside": "where(u > 0, 1, 0)",
}  # fmt: skip


def nearest(word: str, among: list[str]) -> str | None:
    """The word among those given that is spelled most like `word`, or None if none is close."""
    close = difflib.get_close_matches(word, among, n=1, cutoff=0.6)
    if close:
        return close[0]
    folded = [w for w in among if w.lower() == word.lower()]
    return folded[0] if folded else None


@cache
def _builder(meaning: str) -> Callable[..., Any]:
    """The SymPy function behind a row's `meaning`."""
    import sympy as sp
    from sympy.codegen import cfunctions

    from symcalc.language import functions

    own: dict[str, Callable[..., Any]] = {
        "power": lambda u, p: u**p,
        "square": lambda u: u**2,
    }
    for home in (functions, cfunctions, sp):
        if meaning not in own and hasattr(home, meaning):
            own[meaning] = getattr(home, meaning)
    return own[meaning]
