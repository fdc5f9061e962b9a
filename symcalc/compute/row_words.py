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
    f'__attribute__((simd("notinbranch"), const)) real {word}(real{", real" * (word in _TWO)});'
    for word in (*_ONE, *_TWO)
)
# Float32 has functions of its own; numbers in the source are float32 then too (`SINGLE` of the compiler's flags).
_SINGLE = "\n".join(f"#define {word} {word}f" for word in (*_ONE, *_TWO, "fabs", "sqrt", "copysign", "rint", "floor"))

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
#ifdef SINGLE
typedef float real;
#define LARGE 1e15
#define LARGE_POWER 1e18
#define FMA_OF __builtin_fmaf
"""
    + _SINGLE
    + """
#else
typedef double real;
#define LARGE 1e150
#define LARGE_POWER 1e90
#define FMA_OF __builtin_fma
#endif
"""
    + _VECTORS
    + """
static inline real sign_of(real u) { return fabs(u) > 0 ? copysign(1.0, u) : u; }
static inline real sign_at(real u, real v) { return u == 0 ? v : sign_of(u); }
static inline real larger(real a, real b) { return a != a ? a : b != b ? b : a > b ? a : b; }
static inline real smaller(real a, real b) { return a != a ? a : b != b ? b : a < b ? a : b; }
static inline real relu_of(real u) { return larger(u, 0.0); }
static inline real above(real a, real b, real tie) { return a > b ? 1.0 : a == b ? tie : 0.0; }
static inline real either(real c, real a, real b) { return c != 0 ? a : b; }
static inline real masked(real s, real f) { return s == 0 ? 0.0 : s * f; }
static inline real less(real a, real b) { return a < b ? 1.0 : 0.0; }
static inline real less_equal(real a, real b) { return a <= b ? 1.0 : 0.0; }
static inline real same(real a, real b) { return a == b ? 1.0 : 0.0; }
static inline real differs(real a, real b) { return a != b ? 1.0 : 0.0; }
static inline real bell(real u, real scale) {
    const real small = exp(-scale * fabs(u)), below = small + 1.0;
    return small / (below * below);
}
static inline real sigmoid(real u) {
    const real small = exp(-fabs(u));
    return (u >= 0 ? 1.0 : small) / (1.0 + small);
}
static inline real softplus(real u) { return log1p(exp(-fabs(u))) + larger(u, 0.0); }
static inline real logistic_loss(real u, real w) {
    return (larger(u, 0.0) - w * u) + log1p(exp(-fabs(u)));
}
static inline real logistic_miss(real s, real u, real w) {
    const real small = exp(-fabs(u)), miss = small / (1.0 + small);
    return u >= 0 ? (1.0 - w) - miss : miss - w;
}
static inline real logistic_slope(real s, real u) { return bell(u, 1.0); }
/* The fraction near 0 is that of Cody and Waite (1980); the exponential is the one that the slope needs. */
static inline real tanh_of(real u) {
    const real small = exp(-2.0 * fabs(u)), far = (1.0 - small) / (1.0 + small), square = u * u;
    const real above = ((-0.96437492777225469787 * square - 99.225929672236083313) * square - 1613.4119023996228053) * square;
    const real below = ((square + 112.74474380534949335) * square + 2233.7720718962312926) * square + 4840.2357071988688686;
    return fabs(u) < 0.55 ? u + u * (above / below) : copysign(far, u);
}
static inline real tanh_slope(real h, real u) { return 4.0 * bell(u, 2.0); }
static inline real log_add_exp(real a, real b) { return larger(a, b) + log1p(exp(-fabs(a - b))); }
static inline real log_one_minus_exp(real u) {
    const real near = log(-expm1(u)), far = log1p(-exp(u));
    return u > -0.6931471805599453 ? near : far;
}
static inline real log_cosh(real u) {
    const real size = fabs(u), half = sinh(u / 2.0);
    const real near = log1p(2.0 * (half * half)), far = size + log1p(exp(-2.0 * size)) - 0.6931471805599453;
    return size < 1.0 ? near : far;
}
static inline real log_one_plus_square(real u) {
    const real near = log1p(u * u), far = 2.0 * log(fabs(u));
    return fabs(u) > LARGE ? far : near;
}
static inline real times_log(real u) {
    const real product = u * log(u);
    return u == 0 ? u * 0.0 : product;
}
static inline real times_log_ratio(real u, real w) {
    const real product = u * log(u / w);
    return u == 0 ? u * 0.0 : product;
}
static inline real cosh_less_one(real u) { const real s = sinh(u / 2.0); return 2.0 * (s * s); }
static inline real sqrt_less_one(real u) { return u / (1.0 + sqrt(1.0 + u)); }
static inline real root_less_one(real u) { return u * (u / (1.0 + hypot(1.0, u))); }
static inline real sech_of(real u) {
    const real small = exp(-fabs(u));
    return 2.0 * small / (1.0 + small * small);
}
static inline real normal_density(real u) {
    const real high = rint(u * 16.0) / 16.0;
    return exp(-0.5 * high * high) * exp(-0.5 * (u - high) * (u + high)) * 0.3989422804014327;
}
static inline real csch_of(real u) { return 1.0 / sinh(u); }
static inline real coth_of(real u) { return 1.0 / tanh(u); }
static inline real finite_or_0(real u) { return u - u == 0 ? u : 0.0; }
static inline void added(double *total, double *lost, double value) {
    const double sum = *total + value, moved = sum - *total;
    *lost += (*total - (sum - moved)) + (value - moved);
    *total = sum;
}
#ifdef __FMA__
#define FMA(a, b, c) FMA_OF(a, b, c)
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif
"""
)


# c·u^a/(1 + u^n)^k with its powers written out; beyond the largest numbers in 1/u, one power short of the subnormal
# ones, which c would lead out of again.
_RATIO = """\
static inline real {name}(real u) {{
    const real power = {u_n}, below = 1.0 + power, near = {c} * {u_a} / {below_k};
    const real v = 1.0 / u, under = 1.0 + {v_n}, far = {far} / {under_k};
    return fabs(power) < LARGE_POWER ? near : far;
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
