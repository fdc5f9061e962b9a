"""Random formulas over arrays, made from a table of text: formula(random, depth)."""

from __future__ import annotations

import re

import numpy as np

# Shape → names of it: s a number, n rows, j and k axes of 3 and 4 entries.
NAMES = {
    "s": ["a", "b"], "n": ["y", "t"], "j": ["u", "w"], "k": ["v", "g"], "nj": ["X"], "nk": ["Z"], "jj": ["A", "S", "M"],
    "jk": ["B", "W"], "kj": ["C"],
}  # fmt: skip
SIZES = {"n": 7, "j": 3, "k": 4}
COLUMNS, PARAMETERS = ("X", "Z", "y", "t"), ("a", "b", "w", "g", "W", "M")
ENTRYWISE = (
    "{0} + {0}", "{0} - {0}", "{0}*{0}", "{0}/(1.5 + sin({0}))", "{s}*{0}", "{0} + {s}", "tanh({0})", "{0}^2", "{0}^3",
    "exp(-{0}^2)", "sqrt(1 + {0}^2)", "log(1 + exp({0}))", "abs({0})", "relu({0})", "sigmoid({0})", "huber({0}, 0.5)",
    "erf({0})", "log(1 + {0}^2)", "cbrt({0})", "1/(2 + cos({0}))", "max({0}, {0})", "min({0}, {0})",
    "hypot({0}, 1 + {0}^2)", "where({0} < {0}, {0}, {0}^2)", "atan2({0}, 2 + {0}^2)", "log(cosh({0}))", "asinh({0})",
)  # fmt: skip
# Shape → what else gives it.
OTHERS = {
    "s": ("sum({n})", "sum({nj})", "sum({jk})", "sum({jj})", "mean({n})", "mean({nk})", "{n}@{n}", "{j}@{jj}@{j}",
          "trace({jj})", "norm({n})", "norm({j})", "logdet({jj}@{jj}.T + S@S.T)", "var({n})", "std({k})", "max({n})",
          "min({j})", "logsumexp({k})", "prod(1 + {j}/9)", "sum(diff({n})^2)", "sum(X[i,j]*w[j]*y[i]^2, i, j)"),
    "n": ("{nj}@{j}", "{nk}@{k}", "sum({nj}, axis=1)", "logsumexp({nk}, axis=1)", "max({nj}, axis=1)", "mean({nk}, axis=1)"),
    "j": ("{jj}@{j}", "{nj}.T@{n}", "{jk}@{k}", "inv({jj} + 5*S)@{j}", "solve({jj} + 5*S, {j})", "sum({nj}, axis=0)",
          "diag({jj})", "softmax({j})", "var({nj}, axis=0)"),
    "k": ("{jk}.T@{j}", "{nk}.T@{n}", "softmax({k})"),
    "nj": ("{nj}@{jj}", "{nj} + {j}", "softmax({nj})"), "nk": ("{nj}@{jk}", "{nk}*{k}"),
    "jj": ("{jj}@{jj}", "{jj}.T", "{nj}.T@{nj}", "inv({jj} + 4*A)", "{jk}@{kj}", "diag({j})"),
    "jk": ("{jj}@{jk}", "{kj}.T", "outer({j}, {k})"), "kj": ("{kj}@{jj}", "{jk}.T"),
}  # fmt: skip


def formula(random, depth, shape="s"):
    """A formula of a shape; its text stands in parentheses unless it is a name."""
    if depth <= 0:
        return random.choice(NAMES[shape])
    template = random.choice((*ENTRYWISE[: 9 if shape != "s" else None], *ENTRYWISE, *3 * OTHERS[shape])).replace(
        "{0}", f"{{{shape}}}"
    )
    return f"({re.sub('{([a-z]+)}', lambda hole: formula(random, depth - 1 - random.randrange(2), hole[1]), template)})"


def shape_of(name):
    """The shape of a name, in numbers."""
    letters = next(shape for shape, names in NAMES.items() if name in names)
    return tuple(SIZES[letter] for letter in letters if letter != "s")


def used(text):
    """The names in a formula."""
    return {word for word in re.findall(r"[A-Za-z]+", text) if any(word in names for names in NAMES.values())}


def values(rng):
    """Name → random value, for every name."""
    every = {name: rng.normal(size=shape_of(name)) * 0.7 for names in NAMES.values() for name in names}
    return {name: float(value) if np.ndim(value) == 0 else value for name, value in every.items()}
