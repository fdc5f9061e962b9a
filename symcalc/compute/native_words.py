"""The functions that C and numba need besides their own libraries: the formulas of `safe_floats`, operation for operation."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

C = """\
static inline double sign_of(double u) { return u != u ? u : (double)((u > 0) - (u < 0)); }
static inline double larger(double a, double b) { return a != a ? a : b != b ? b : a > b ? a : b; }
static inline double smaller(double a, double b) { return a != a ? a : b != b ? b : a < b ? a : b; }
static inline double relu_of(double u) { return larger(u, 0.0); }
static inline double either(double c, double a, double b) { return c != 0 ? a : b; }
static inline double less(double a, double b) { return a < b; }
static inline double less_equal(double a, double b) { return a <= b; }
static inline double same(double a, double b) { return a == b; }
static inline double differs(double a, double b) { return a != b; }
static inline double sigmoid(double u) {
    if (u >= 0) return 1.0 / (1.0 + exp(-u));
    double small = exp(u);
    return small / (1.0 + small);
}
static inline double softplus(double u) { return larger(u, 0.0) + log1p(exp(-fabs(u))); }
static inline double logistic_loss(double u, double w) {
    return (larger(u, 0.0) - w * u) + log1p(exp(-fabs(u)));
}
static inline double logistic_miss(double s, double u, double w) {
    return u < 1.0 ? s - w : (1.0 - w) - sigmoid(-u);
}
static inline double logistic_slope(double s, double u) { return s * sigmoid(-u); }
static inline double log_add_exp(double a, double b) { return larger(a, b) + log1p(exp(-fabs(a - b))); }
static inline double tanh_slope(double h, double u) {
    double slope = 1.0 - h * h;
    if (slope >= 0.5) return slope;
    double small = exp(-2.0 * fabs(u));
    return 4.0 * small / pow(1.0 + small, 2.0);
}
static inline double log_cosh(double u) {
    double size = fabs(u);
    if (size < 1.0) return log1p(2.0 * pow(sinh(u / 2.0), 2.0));
    return size + log1p(exp(-2.0 * size)) - 0.6931471805599453;
}
static inline double log_one_plus_square(double u) {
    return fabs(u) < 1e150 ? log1p(u * u) : 2.0 * log(fabs(u));
}
static inline double times_log(double u) { return u != 0.0 ? u * log(u) : 0.0; }
static inline double one_minus_cos(double u) { return 2.0 * pow(sin(u / 2.0), 2.0); }
static inline double cosh_less_one(double u) { return 2.0 * pow(sinh(u / 2.0), 2.0); }
static inline double sqrt_less_one(double u) { return u / (1.0 + sqrt(1.0 + u)); }
static inline double sech_of(double u) {
    double small = exp(-fabs(u));
    return 2.0 * small / (1.0 + small * small);
}
"""


def numba_words(jit: Callable[..., Any]) -> dict[str, Any]:
    """The same functions for numba, by their names in C.

    Args:
        jit: What compiles a function.
    """

    @jit
    def larger(a: float, b: float) -> float:
        return a if a != a else b if b != b else a if a > b else b

    @jit
    def smaller(a: float, b: float) -> float:
        return a if a != a else b if b != b else a if a < b else b

    @jit
    def sigmoid(u: float) -> float:
        if u >= 0:
            return 1.0 / (1.0 + math.exp(-u))
        small = math.exp(u)
        return small / (1.0 + small)

    @jit
    def tanh_slope(h: float, u: float) -> float:
        slope = 1.0 - h * h
        if slope >= 0.5:
            return slope
        small = math.exp(-2.0 * abs(u))
        return 4.0 * small / math.pow(1.0 + small, 2.0)

    @jit
    def log_cosh(u: float) -> float:
        size = abs(u)
        if size < 1.0:
            return math.log1p(2.0 * math.pow(math.sinh(u / 2.0), 2.0))
        return size + math.log1p(math.exp(-2.0 * size)) - 0.6931471805599453

    @jit
    def sech_of(u: float) -> float:
        small = math.exp(-abs(u))
        return 2.0 * small / (1.0 + small * small)

    own: dict[str, Callable[..., Any]] = {
        "sign_of": lambda u: u if u != u else float(u > 0) - float(u < 0),
        "relu_of": lambda u: larger(u, 0.0),
        "either": lambda c, a, b: a if c != 0 else b,
        "less": lambda a, b: float(a < b),
        "less_equal": lambda a, b: float(a <= b),
        "same": lambda a, b: float(a == b),
        "differs": lambda a, b: float(a != b),
        "softplus": lambda u: larger(u, 0.0) + math.log1p(math.exp(-abs(u))),
        "logistic_loss": lambda u, w: (larger(u, 0.0) - w * u) + math.log1p(math.exp(-abs(u))),
        "logistic_miss": lambda s, u, w: s - w if u < 1.0 else (1.0 - w) - sigmoid(-u),
        "logistic_slope": lambda s, u: s * sigmoid(-u),
        "log_add_exp": lambda a, b: larger(a, b) + math.log1p(math.exp(-abs(a - b))),
        "log_one_plus_square": lambda u: math.log1p(u * u) if abs(u) < 1e150 else 2.0 * math.log(abs(u)),
        "times_log": lambda u: u * math.log(u) if u != 0.0 else 0.0,
        "one_minus_cos": lambda u: 2.0 * math.pow(math.sin(u / 2.0), 2.0),
        "cosh_less_one": lambda u: 2.0 * math.pow(math.sinh(u / 2.0), 2.0),
        "sqrt_less_one": lambda u: u / (1.0 + math.sqrt(1.0 + u)),
    }
    library = {word: getattr(math, word) for word in dir(math) if not word.startswith("_")}
    given = {"larger": larger, "smaller": smaller, "sigmoid": sigmoid, "tanh_slope": tanh_slope, "log_cosh": log_cosh}
    return {**library, **given, "sech_of": sech_of, **{word: jit(function) for word, function in own.items()}}
