"""The rules of differentiation as a textbook states them: one row of text a rule.

RULES["product"]     "du*v + u*dv"        how u*v changes, where du and dv are the changes of u and v
SLOPES["sin"]        "cos(u)"             the slope of a function in its argument

In a rule, c is what does not change (in a `where`, its condition), p the exponent of a power, `f(u)` a function of one argument, `slope(u)`
its slope there, and w the variable itself. The engine does not use these rows: SymPy differentiates. They are what a
learner is taught, so `mistakes.py` can say what a learner gets wrong, and tests hold both against each other.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    "sum": "du + dv",
    "difference": "du - dv",
    "sign": "-du",
    "factor": "c*du",
    "constant": "du",
    "product": "du*v + u*dv",
    "quotient": "(du*v - u*dv)/v^2",
    "reciprocal": "-c*dv/v^2",
    "power": "p*u^(p - 1)*du",
    "exponential": "c^u*log(c)*du",
    "tower": "u^v*(dv*log(u) + v*du/u)",
    "chain": "slope(u)*du",
    "where": "where(c, du, dv)",
    "maximum": "where(u >= v, du, dv)",
    "minimum": "where(u <= v, du, dv)",
    "hypot": "(u*du + v*dv)/hypot(u, v)",
    "atan2": "(v*du - u*dv)/(u^2 + v^2)",
    "mean": "mean(du)",
    "total": "sum(du)",
}

SLOPES: dict[str, str] = {
    "exp": "exp(u)", "log": "1/u", "log2": "1/(u*log(2))", "log10": "1/(u*log(10))", "log1p": "1/(1 + u)",
    "expm1": "exp(u)", "sqrt": "1/(2*sqrt(u))", "cbrt": "1/(3*cbrt(u)^2)", "square": "2*u",
    "abs": "sign(u)", "sign": "0", "relu": "where(u > 0, 1, 0)",
    "sigmoid": "sigmoid(u)*(1 - sigmoid(u))", "softplus": "sigmoid(u)",
    "sin": "cos(u)", "cos": "-sin(u)", "tan": "1/cos(u)^2", "sec": "sec(u)*tan(u)", "csc": "-csc(u)*cot(u)",
    "cot": "-1/sin(u)^2", "asin": "1/sqrt(1 - u^2)", "acos": "-1/sqrt(1 - u^2)", "atan": "1/(1 + u^2)",
    "asec": "1/(abs(u)*sqrt(u^2 - 1))", "acsc": "-1/(abs(u)*sqrt(u^2 - 1))", "acot": "-1/(1 + u^2)",
    "sinh": "cosh(u)", "cosh": "sinh(u)", "tanh": "1 - tanh(u)^2", "sech": "-sech(u)*tanh(u)",
    "csch": "-csch(u)*coth(u)", "coth": "-csch(u)^2", "asinh": "1/sqrt(1 + u^2)", "acosh": "1/sqrt(u^2 - 1)",
    "atanh": "1/(1 - u^2)", "asech": "-1/(u*sqrt(1 - u^2))", "acsch": "-1/(abs(u)*sqrt(1 + u^2))",
    "acoth": "1/(1 - u^2)", "erf": "2*exp(-u^2)/sqrt(pi)", "erfc": "-2*exp(-u^2)/sqrt(pi)",
    "erfi": "2*exp(u^2)/sqrt(pi)", "gamma": "gamma(u)*digamma(u)", "loggamma": "digamma(u)",
    "Si": "sin(u)/u", "Ci": "cos(u)/u",
}  # fmt: skip
