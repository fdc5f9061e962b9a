"""Reasons in words: what a rule does, for the functions and reductions that have one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import sympy as sp

from symcalc.language import safe

# A letter that stands for anything in a rule, where it stands by itself.
_LETTER = re.compile(r"(?<![A-Za-z_0-9])[uvwc](?![A-Za-z_0-9(])")
_OTHERS = "uvwpqrsfghjk"

# Function → what its slope is.
FUNCTIONS = {
    "exp": "exp is its own slope",
    "log": "the slope of log(u) is 1/u",
    "sqrt": "the slope of sqrt(u) is 1/(2·sqrt(u))",
    "tanh": "the slope of tanh(u) is 1 - tanh(u)^2, and tanh(u) is at hand",
    "sin": "the slope of sin is cos", "cos": "the slope of cos is -sin",
    "tan": "the slope of tan(u) is 1 + tan(u)^2",
    "sinh": "the slope of sinh is cosh", "cosh": "the slope of cosh is sinh",
    "asin": "the slope of asin(u) is 1/sqrt(1 - u^2)", "acos": "the slope of acos(u) is -1/sqrt(1 - u^2)",
    "atan": "the slope of atan(u) is 1/(1 + u^2)", "asinh": "the slope of asinh(u) is 1/sqrt(1 + u^2)",
    "Sigmoid": "the slope of sigmoid(u) is sigmoid(u)·(1 - sigmoid(u))",
    "Softplus": "the slope of log(1 + exp(u)) is sigmoid(u)",
    "LogisticLoss": "the slope of log(1 + exp(u)) - w·u is sigmoid(u) - w",
    "Absolute": "the slope of |u| is sign(u)",
    "Relu": "the slope of relu(u) is 1 where u > 0, else 0",
    "Maximum": "max has the slope of the larger one", "Minimum": "min has the slope of the smaller one",
    "Where": "where has the slope of the branch taken",
    "LogCosh": "the slope of log(cosh(u)) is tanh(u)",
    "hypot": "the slope of sqrt(u^2 + v^2) in u is u over it",
    "loggamma": "the slope of loggamma is digamma", "erf": "the slope of erf(u) is 2·exp(-u^2)/sqrt(pi)",
    "log1p": "the slope of log(1 + u) is 1/(1 + u)", "expm1": "the slope of exp(u) - 1 is exp(u)",
    "TimesLog": "the slope of u·log(u) is log(u) + 1",
    "LogOnePlusSquare": "the slope of log(1 + u^2) is 2u/(1 + u^2)",
    "RootLessOne": "the slope of sqrt(1 + u^2) - 1 is u/sqrt(1 + u^2)",
    "SqrtLessOne": "the slope of sqrt(1 + u) - 1 is 1/(2·sqrt(1 + u))",
    "OneMinusCos": "the slope of 1 - cos(u) is sin(u)", "CoshLessOne": "the slope of cosh(u) - 1 is sinh(u)",
    "LogOneMinusExp": "the slope of log(1 - exp(u)) is -1/(exp(-u) - 1)",
    "LogAddExp": "the slope of log(exp(u) + exp(w)) in each is its share of the sum",
    "NormalDensity": "the slope of the normal density phi(u) is -u·phi(u)",
    "TimesLogRatio": "the slope of u·log(u/w) in u is log(u/w) + 1, in w -u/w",
    "CubeRoot": "the slope of cbrt(u) is 1/(3·cbrt(u)^2)",
    "NormalCdf": "the slope of a distribution function is its density",
}  # fmt: skip
# Function of two arguments → the letter of its second one above.
SECOND = {"LogisticLoss": "w", "hypot": "v"}
REDUCTIONS = {
    "max": "only the largest entry matters: ties share the slope", "min": "only the smallest entry matters: ties share the slope",
    "prod": "the slope of a product in one factor is the product of all others",
    "logsumexp": "the slope of log(sum(exp(u))) is exp(u) over the sum of exps: softmax",
    "inv": "matrix rule: d inv(A) = -inv(A)·dA·inv(A)",
    "det": "matrix rule: d det(A) = det(A)·trace(inv(A)·dA)",
    "logdet": "matrix rule: d log|det(A)| = trace(inv(A)·dA)",
}  # fmt: skip


def apart(text: str, taken: Collection[str], known: Mapping[str, str]) -> str:
    """A general rule in letters that are no names of the loss: `the slope of |u| …` where u is a column is one of |v|.

    Args:
        text: The rule.
        taken: The names of the loss.
        known: Letter → what it stands for here.
    """
    used = dict.fromkeys(_LETTER.findall(text))
    free = (c for c in _OTHERS if c not in taken and c not in used)
    letters = {letter: next(free, letter) if letter in taken else letter for letter in used if letter not in known}
    letters.update(known)
    return _LETTER.sub(lambda found: letters[found[0]], text)


def function(body: Any) -> str:
    """What the slope of a function is; "" where the body is no function."""
    if isinstance(body, sp.Abs):
        return FUNCTIONS["Absolute"]
    if isinstance(body, sp.exp) or (body.is_Pow and body.base is sp.E):
        return FUNCTIONS["exp"]
    if body.is_Pow and body.exp == sp.S.Half:
        return FUNCTIONS["sqrt"]
    if not body.is_Function or isinstance(body, sp.KroneckerDelta):
        return ""
    word = type(body).__name__
    return FUNCTIONS.get(word, f"the slope of {safe.WORDS.get(word, word)}")


def listed(words: list[str]) -> str:
    """`y`, `y and b`, `y, x and b`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def lines(numbers: list[int]) -> str:
    """`line 3`, `lines 3 and 4`."""
    found = sorted(set(numbers))
    return f"line{'s' * (len(found) > 1)} {listed([str(n) for n in found])}" if found else ""
