"""Losses: how wrong a prediction is, one row of text each.

A loss for numbers compares `yhat` with `y`; one for classes is written in the score z, whose sign is the
class, or in the probability p = 1/(1 + exp(-z)). Classes are t = 0 or 1, or y = -1 or 1, as the row says.
The model in front of each is a line or a plane; the same loss with another model works as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.rows import Row

LINE = "yhat = m*x + b"
PLANE = "yhat = X@w + b"
SCORE = "z = w*x + c"

LOSSES: Mapping[str, Row] = {
    "mse": Row(
        formula="mean((y - yhat)^2)",
        about="Mean squared error; no factor 1/2, so its slope has a 2.",
        model=LINE,
        minimum="yhat = y",
        source="Legendre (1805), Nouvelles méthodes pour la détermination des orbites des comètes, 72-80",
    ),
    "rss": Row(
        formula="sum((y - yhat)^2)",
        about="Residual sum of squares: n times the mean squared error, so rates are n times smaller.",
        model=LINE,
        minimum="yhat = y",
        source="Legendre (1805), Nouvelles méthodes pour la détermination des orbites des comètes, 72-80",
    ),
    "rmse": Row(
        formula="sqrt(mean((y - yhat)^2))",
        about="Root mean squared error, in the units of y; least where the mean squared error is.",
        model=LINE,
        domain="not smooth where yhat = y in every row",
        minimum="yhat = y",
        source="Bishop (2006), Pattern Recognition and Machine Learning, equation 1.3",
    ),
    "mae": Row(
        formula="mean(abs(y - yhat))",
        about="Mean absolute error: far points pull no harder than near ones.",
        model=LINE,
        domain="a kink where yhat = y in a row",
        minimum="yhat = y",
        source="Bloomfield and Steiger (1983), Least Absolute Deviations, chapter 1",
    ),
    "huber": Row(
        formula="mean(where(abs(y - yhat) <= delta, (y - yhat)^2/2, delta*(abs(y - yhat) - delta/2)))",
        about="Quadratic near zero, linear far out; no factor 2, as in the paper.",
        model=LINE,
        constants={"delta": 1},
        minimum="yhat = y",
        source="Huber (1964), Annals of Mathematical Statistics 35(1), 73-101",
    ),
    "pseudo_huber": Row(
        formula="mean(delta^2*(sqrt(1 + ((y - yhat)/delta)^2) - 1))",
        about="A smooth Huber loss: half a square near zero, slope delta far out.",
        model=LINE,
        constants={"delta": 1},
        minimum="yhat = y",
        source="Hartley and Zisserman (2003), Multiple View Geometry, 2nd edition, appendix 6.8",
    ),
    "log_cosh": Row(
        formula="mean(log(cosh(y - yhat)))",
        about="Half a square near zero, the absolute error less log(2) far out; smooth everywhere.",
        model=LINE,
        minimum="yhat = y",
        source="Green (1990), IEEE Transactions on Medical Imaging 9(1), 84-93",
    ),
    "quantile": Row(
        formula="mean(max(tau*(y - yhat), (tau - 1)*(y - yhat)))",
        about="Pinball loss: a share tau of the y come to lie below yhat; tau = 1/2 is half of mae.",
        model=LINE,
        constants={"tau": 0.9},
        domain="a kink where yhat = y in a row; 0 < tau < 1",
        minimum="yhat = y",
        source="Koenker and Bassett (1978), Econometrica 46(1), 33-50",
    ),
    "gaussian": Row(
        formula="mean(log(sigma) + (y - yhat)^2/(2*sigma^2)) + log(2*pi)/2",
        about="Negative log likelihood of normal errors, a row; learns their spread sigma as well.",
        model=LINE,
        domain="sigma > 0",
        minimum="yhat by least squares, sigma^2 = mean((y - yhat)^2)",
        start={"m": 0, "b": 0, "sigma": 1},
        source="Gauss (1809), Theoria motus corporum coelestium, book 2, section 3",
    ),
    "ridge": Row(
        formula="mean((y - yhat)^2) + lam*sum(w^2)",
        about="Mean squared error with a price on large weights; the intercept b is free of it.",
        model=PLANE,
        constants={"lam": 0.1},
        source="Hoerl and Kennard (1970), Technometrics 12(1), 55-67; there with a sum for the mean",
    ),
    "lasso": Row(
        formula="mean((y - yhat)^2)/2 + lam*sum(abs(w))",
        about="Squared error with a price on every weight but zero; with 1/2, as scikit-learn has it.",
        model=PLANE,
        constants={"lam": 0.1},
        domain="a kink where a weight is 0",
        source="Tibshirani (1996), Journal of the Royal Statistical Society B 58(1), 267-288",
    ),
    "logistic": Row(
        formula="mean(log(1 + exp(z)) - t*z)",
        about="Cross-entropy of classes t = 0 or 1, written in the score z: the log odds of t = 1.",
        model=SCORE,
        source="Cox (1958), Journal of the Royal Statistical Society B 20(2), 215-242",
    ),
    "binary_cross_entropy": Row(
        formula="mean(-t*log(p) - (1 - t)*log(1 - p))",
        about="Cross-entropy of classes t = 0 or 1 and the probability p of t = 1; in nats.",
        model="p = 1/(1 + exp(-(w*x + c)))",
        domain="0 < p < 1; the logistic loss is the same and holds for large scores too",
        minimum="p = t",
        source="Good (1952), Journal of the Royal Statistical Society B 14(1), 107-114",
    ),
    "hinge": Row(
        formula="mean(max(0, 1 - y*z))",
        about="Support vector loss of classes y = -1 or 1: nothing to pay beyond a margin of 1.",
        model=SCORE,
        domain="a kink where y*z = 1 in a row",
        minimum="y*z >= 1 in every row",
        source="Cortes and Vapnik (1995), Machine Learning 20(3), 273-297",
    ),
    "squared_hinge": Row(
        formula="mean(max(0, 1 - y*z)^2)",
        about="The hinge squared, classes y = -1 or 1: smooth slopes, and far misses cost more.",
        model=SCORE,
        minimum="y*z >= 1 in every row",
        source="Cortes and Vapnik (1995), Machine Learning 20(3), 273-297, with exponent 2",
    ),
    "exponential": Row(
        formula="mean(exp(-y*z))",
        about="What AdaBoost walks down, classes y = -1 or 1: every miss costs exponentially more.",
        model=SCORE,
        source="Friedman, Hastie and Tibshirani (2000), Annals of Statistics 28(2), 337-407",
    ),
    "poisson": Row(
        formula="mean(exp(z) - y*z)",
        about="Negative log likelihood of counts y with mean exp(z), less log(y!), which is constant.",
        model=SCORE,
        domain="y >= 0",
        minimum="exp(z) = y",
        source="Nelder and Wedderburn (1972), Journal of the Royal Statistical Society A 135(3), 370-384",
    ),
}
