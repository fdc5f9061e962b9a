"""Squared errors with a price on the weights; the intercept b is always free of it."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.examples import CLASSES, CORNERS
from symcalc.catalogue.rows import Row

PLANE = "yhat = X@w + b"
PARAMETERS = {"w": None, "b": ()}

PENALIZED: Mapping[str, Row] = {
    "ridge": Row(
        formula="mean((y - yhat)^2) + lam*sum(w^2)",
        about="Mean squared error with a price on large weights; no factor 1/2, and a mean, not a sum.",
        model=PLANE,
        constants={"lam": 0.1},
        parameters=PARAMETERS,
        example=CORNERS,
        minima=({"w": (3 / 1.1, 0.05 / 1.1), "b": 2},),
        lowest=0.25 + 9.0025 * 0.1 / 1.1,
        source="Hoerl and Kennard (1970), Technometrics 12(1), 55-67; there with a sum for the mean",
    ),
    "lasso": Row(
        formula="mean((y - yhat)^2)/2 + lam*sum(abs(w))",
        about="Squared error with a price on every weight but zero; with 1/2, as scikit-learn has it.",
        model=PLANE,
        constants={"lam": 0.1},
        parameters=PARAMETERS,
        example=CORNERS,
        domain="a kink where a weight is 0",
        minima=({"w": (2.9, 0), "b": 2},),
        lowest=(0.25 + 0.01 + 0.0025) / 2 + 0.29,
        source="Tibshirani (1996), Journal of the Royal Statistical Society B 58(1), 267-288",
    ),
    "elastic_net": Row(
        formula="mean((y - yhat)^2)/2 + lam*(ratio*sum(abs(w)) + (1 - ratio)/2*sum(w^2))",
        about="Between lasso (ratio 1) and ridge (ratio 0); the factors 1/2 are scikit-learn's.",
        model=PLANE,
        constants={"lam": 0.1, "ratio": 0.5},
        parameters=PARAMETERS,
        example=CORNERS,
        domain="a kink where a weight is 0",
        minima=({"w": (2.95 / 1.05, 0), "b": 2},),
        lowest=(0.25 + 9 + 0.0025) / 2 - 2.95**2 / 2.1,
        source="Zou and Hastie (2005), Journal of the Royal Statistical Society B 67(2), 301-320",
    ),
    "group_lasso": Row(
        formula="mean((y - yhat)^2)/2 + lam*sum(sqrt(G@w^2))",
        about="A price on the length of each group of weights: whole groups leave. G has a row a group.",
        model=PLANE,
        constants={"lam": 0.1, "G": ((1, 0), (0, 1))},
        parameters={"w": (2,), "b": ()},
        example=CORNERS,
        domain="not smooth where a whole group is 0",
        minimum="of two groups of one weight each: as the lasso",
        start={"w": (1, 1), "b": 0},
        source="Yuan and Lin (2006), Journal of the Royal Statistical Society B 68(1), 49-67",
    ),
    "fused_lasso": Row(
        formula="mean((y - yhat)^2)/2 + lam*sum(abs(w)) + mu*sum(abs(diff(w)))",
        about="A lasso that also pulls neighboring weights together; with 1/2 on the squared error.",
        model=PLANE,
        constants={"lam": 0.1, "mu": 0.1},
        parameters={"w": (2,), "b": ()},
        example=CORNERS,
        domain="a kink where a weight is 0 or equals its neighbor",
        minima=({"w": (2.8, 0.05), "b": 2},),
        lowest=(0.25 + 0.04) / 2 + 0.1 * 2.85 + 0.1 * 2.75,
        source="Tibshirani, Saunders, Rosset, Zhu and Knight (2005), Journal of the Royal Statistical Society "
        "B 67(1), 91-108",
    ),
    "logistic_ridge": Row(
        formula="mean(log(1 + exp(z)) - t*z) + lam/2*w^2",
        about="Logistic regression with a price on the weight, which keeps it finite; with 1/2.",
        model="z = w*x + c",
        constants={"lam": 0.1},
        example=CLASSES,
        minima=({"w": 0.43510476879755094, "c": -0.3400463623330065},),
        lowest=0.5939371860841158,
        source="le Cessie and van Houwelingen (1992), Applied Statistics 41(1), 191-201",
    ),
}
