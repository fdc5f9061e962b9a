"""Functions that stand for formulas: `mse(y, m*x + b)` reads as `mean((y - (m*x + b))^2)`.

Each row is text in the formula language over its arguments. Adding one is adding a row.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FormulaFunction:
    """A function that stands for a formula.

    Attributes:
        arguments: Its arguments, in order.
        formula: What it stands for.
        about: What it is, in one line, with its source.
    """

    arguments: tuple[str, ...]
    formula: str
    about: str


def _row(arguments: str, formula: str, about: str) -> FormulaFunction:
    return FormulaFunction(tuple(arguments.split()), formula, about)


FORMULAS: dict[str, FormulaFunction] = {
    "rss": _row("y yhat", "sum((y - yhat)^2)", "residual sum of squares"),
    "mse": _row("y yhat", "mean((y - yhat)^2)", "mean squared error, without a factor 1/2"),
    "rmse": _row("y yhat", "sqrt(mean((y - yhat)^2))", "root of the mean squared error, in the units of y"),
    "mae": _row("y yhat", "mean(abs(y - yhat))", "mean absolute error"),
    "huber": _row(
        "u delta", "where(abs(u) <= delta, u^2/2, delta*(abs(u) - delta/2))",
        "quadratic near 0, linear far out, entry by entry (Huber 1964)",
    ),
    "pseudo_huber": _row(
        "u delta", "delta^2*(sqrt(1 + (u/delta)^2) - 1)", "smooth form of huber, entry by entry (Charbonnier 1997)",
    ),
    "log_cosh": _row("u", "log(cosh(u))", "u^2/2 near 0, |u| - log(2) far out, entry by entry"),
    "pinball": _row("u q", "max(q*u, (q - 1)*u)", "quantile loss, entry by entry (Koenker and Bassett 1978)"),
    "epsilon_insensitive": _row("u epsilon", "max(abs(u) - epsilon, 0)", "free up to epsilon, then linear (Vapnik 1995)"),
    "cauchy": _row("u c", "c^2/2*log(1 + (u/c)^2)", "grows like a logarithm, entry by entry (Black and Anandan 1996)"),
    "welsch": _row("u c", "c^2/2*(1 - exp(-(u/c)^2))", "bounded, entry by entry (Dennis and Welsch 1978)"),
    "tukey": _row(
        "u c", "where(abs(u) <= c, c^2/6*(1 - (1 - (u/c)^2)^3), c^2/6)", "biweight: bounded, entry by entry (Beaton and Tukey 1974)",
    ),
    "hinge": _row("margin", "max(0, 1 - margin)", "0 beyond margin 1, entry by entry (Cortes and Vapnik 1995)"),
    "squared_hinge": _row("margin", "max(0, 1 - margin)^2", "smooth at margin 1, entry by entry"),
    "logistic_loss": _row("t z", "log(1 + exp(z)) - t*z", "cross-entropy of labels t in 0, 1 and logits z, entry by entry"),
    "cross_entropy": _row("t p", "-(t*log(p) + (1 - t)*log(1 - p))", "of labels t in 0, 1 and probabilities p, entry by entry"),
    "ridge": _row("w lam", "lam*sum(w^2)", "price on squared weights (Hoerl and Kennard 1970)"),
    "lasso": _row("w lam", "lam*sum(abs(w))", "price on absolute weights (Tibshirani 1996)"),
    "elastic_net": _row(
        "w lam ratio", "lam*(ratio*sum(abs(w)) + (1 - ratio)/2*sum(w^2))", "both prices, factor 1/2 as in the paper (Zou and Hastie 2005)",
    ),
}  # fmt: skip
