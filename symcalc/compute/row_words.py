"""The functions of a compiled pass over rows: the formulas of `safe_meanings`, without branches, so that they fill vectors.

Elementary functions are the C library's vector versions (libmvec of glibc 2.35 or later), whose errors are stated to
be below 4 units in the last place. Where they are missing the source does not compile, and NumPy works the rows out.
"""

from __future__ import annotations

from typing import Any

from symcalc.compute.dialects import NATIVE, InNative, NotWritten

_ONE = (
    "exp", "log", "log2", "log10", "log1p", "expm1", "tan", "asin", "acos", "atan", "sinh", "cosh",
    "tanh", "asinh", "acosh", "atanh", "cbrt", "erf", "erfc",
)  # fmt: skip
_TWO = ("pow", "atan2", "hypot")
# Measured beyond 4 units near their zeros: a pass with them stays with NumPy.
_LESS_EXACT = ("sin", "cos", "sec", "csc", "cot", "OneMinusCos")
# Words of C beside those that whole descents use too.
WORDS = {
    **NATIVE, "SignAt": "sign_at", "Above": "above", "Masked": "masked", "hypot": "hypot", "CubeRoot": "cbrt",
    "LogOneMinusExp": "log_one_minus_exp", "RootLessOne": "root_less_one", "TimesLogRatio": "times_log_ratio",
    "NormalDensity": "normal_density", "erf": "erf", "erfc": "erfc",
    "csch": "csch_of", "coth": "coth_of", "tanh": "tanh_of", "FiniteOr0": "finite_or_0",
}  # fmt: skip

_VECTORS = "\n".join(
    f'__attribute__((simd("notinbranch"), const)) double {word}(double{", double" * (word in _TWO)});'
    for word in (*_ONE, *_TWO)
)

HEAD = (
    """\
#define _GNU_SOURCE
#include <features.h>
#if !defined(__GLIBC__) || !defined(__x86_64__) || defined(__clang__)
#error "no vector functions"
#elif !__GLIBC_PREREQ(2, 35)
#error "no vector functions"
#endif
#include <math.h>
"""
    + _VECTORS
    + """
static inline double sign_of(double u) { return fabs(u) > 0 ? copysign(1.0, u) : u; }
static inline double sign_at(double u, double v) { return u == 0 ? v : sign_of(u); }
static inline double larger(double a, double b) { return a != a ? a : b != b ? b : a > b ? a : b; }
static inline double smaller(double a, double b) { return a != a ? a : b != b ? b : a < b ? a : b; }
static inline double relu_of(double u) { return larger(u, 0.0); }
static inline double above(double a, double b, double tie) { return a > b ? 1.0 : a == b ? tie : 0.0; }
static inline double either(double c, double a, double b) { return c != 0 ? a : b; }
static inline double masked(double s, double f) { return s == 0 ? 0.0 : s * f; }
static inline double less(double a, double b) { return a < b ? 1.0 : 0.0; }
static inline double less_equal(double a, double b) { return a <= b ? 1.0 : 0.0; }
static inline double same(double a, double b) { return a == b ? 1.0 : 0.0; }
static inline double differs(double a, double b) { return a != b ? 1.0 : 0.0; }
static inline double bell(double u, double scale) {
    const double small = exp(-scale * fabs(u)), below = small + 1.0;
    return small / (below * below);
}
static inline double sigmoid(double u) {
    const double small = exp(-fabs(u));
    return (u >= 0 ? 1.0 : small) / (1.0 + small);
}
static inline double softplus(double u) { return log1p(exp(-fabs(u))) + larger(u, 0.0); }
static inline double logistic_loss(double u, double w) {
    return (larger(u, 0.0) - w * u) + log1p(exp(-fabs(u)));
}
static inline double logistic_miss(double s, double u, double w) {
    const double small = exp(-fabs(u)), miss = small / (1.0 + small);
    return u >= 0 ? (1.0 - w) - miss : miss - w;
}
static inline double logistic_slope(double s, double u) { return bell(u, 1.0); }
/* The fraction near 0 is that of Cody and Waite (1980); the exponential is the one that the slope needs. */
static inline double tanh_of(double u) {
    const double small = exp(-2.0 * fabs(u)), far = (1.0 - small) / (1.0 + small), square = u * u;
    const double above = ((-0.96437492777225469787 * square - 99.225929672236083313) * square - 1613.4119023996228053) * square;
    const double below = ((square + 112.74474380534949335) * square + 2233.7720718962312926) * square + 4840.2357071988688686;
    return fabs(u) < 0.55 ? u + u * (above / below) : copysign(far, u);
}
static inline double tanh_slope(double h, double u) { return 4.0 * bell(u, 2.0); }
static inline double log_add_exp(double a, double b) { return larger(a, b) + log1p(exp(-fabs(a - b))); }
static inline double log_one_minus_exp(double u) {
    const double near = log(-expm1(u)), far = log1p(-exp(u));
    return u > -0.6931471805599453 ? near : far;
}
static inline double log_cosh(double u) {
    const double size = fabs(u), half = sinh(u / 2.0);
    const double near = log1p(2.0 * (half * half)), far = size + log1p(exp(-2.0 * size)) - 0.6931471805599453;
    return size < 1.0 ? near : far;
}
static inline double log_one_plus_square(double u) {
    const double near = log1p(u * u), far = 2.0 * log(fabs(u));
    return fabs(u) > 1e150 ? far : near;
}
static inline double times_log(double u) {
    const double product = u * log(u);
    return u == 0 ? u * 0.0 : product;
}
static inline double times_log_ratio(double u, double w) {
    const double product = u * log(u / w);
    return u == 0 ? u * 0.0 : product;
}
static inline double cosh_less_one(double u) { const double s = sinh(u / 2.0); return 2.0 * (s * s); }
static inline double sqrt_less_one(double u) { return u / (1.0 + sqrt(1.0 + u)); }
static inline double root_less_one(double u) { return u * (u / (1.0 + hypot(1.0, u))); }
static inline double sech_of(double u) {
    const double small = exp(-fabs(u));
    return 2.0 * small / (1.0 + small * small);
}
static inline double normal_density(double u) {
    const double high = rint(u * 16.0) / 16.0;
    return exp(-0.5 * high * high) * exp(-0.5 * (u - high) * (u + high)) * 0.3989422804014327;
}
static inline double csch_of(double u) { return 1.0 / sinh(u); }
static inline double coth_of(double u) { return 1.0 / tanh(u); }
static inline double finite_or_0(double u) { return u - u == 0 ? u : 0.0; }
static inline void added(double *total, double *lost, double value) {
    const double sum = *total + value, moved = sum - *total;
    *lost += (*total - (sum - moved)) + (value - moved);
    *total = sum;
}
#ifdef __FMA__
#define FMA(a, b, c) __builtin_fma(a, b, c)
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif
"""
)


# c·u^a/(1 + u^n)^k with its powers written out; beyond the largest numbers in 1/u, one power short of the subnormal
# ones, which c would lead out of again.
_RATIO = """\
static inline double {name}(double u) {{
    const double power = {u_n}, below = 1.0 + power, near = {c} * {u_a} / {below_k};
    const double v = 1.0 / u, under = 1.0 + {v_n}, far = {far} / {under_k};
    return fabs(power) < 1e90 ? near : far;
}}
"""
MOST_POWERS = 64


def _power(word: str, exponent: int) -> str:
    """A whole power by repeated squaring; the compiler works out once what is written twice."""
    if exponent < 2:
        return word if exponent else "1.0"
    half = _power(word, exponent // 2)
    return f"({half} * {half}{f' * {word}' if exponent % 2 else ''})"


class InRows(InNative):
    """C for one row: the printer of compiled descents, with the words of rows.

    Attributes:
        own: Name → definition of functions that the printed code calls, in order.
    """

    def __init__(self) -> None:
        super().__init__(frozenset(), {})
        self.own: dict[str, str] = {}

    def _ratio(self, c: int, a: int, n: int, k: int) -> str:
        """The name of a ratio of powers."""
        if not 0 <= a <= k * n <= MOST_POWERS:
            raise NotWritten("a ratio has powers that are too high")
        name = f"ratio_{c}_{a}_{n}_{k}".replace("-", "minus_")
        rest = k * n - a
        self.own[name] = _RATIO.format(
            name=name, c=float(c), u_n=_power("u", n), u_a=_power("u", a), below_k=_power("below", k),
            v_n=_power("v", n), under_k=_power("under", k),
            far=f"({float(c)} / u) * {_power('v', rest - 1)}" if rest else f"{float(c)}",
        )  # fmt: skip
        return name

    def _called(self, word: str, arguments: Any) -> str:
        if word == "PowerRatio" and all(a.is_Integer for a in arguments[1:]):
            return f"{self._ratio(*map(int, arguments[1:]))}({self._print(arguments[0])})"
        if word not in WORDS or word in _LESS_EXACT:
            raise NotWritten(f"there is no {word} in vectors")
        return f"{WORDS[word]}({', '.join(self._print(a) for a in arguments)})"
