"""Whole fits from arrays to the optimum, derivation and compiling included, beside libraries for statistics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from work import OWN, Call, Makers, Work, program, rows

import symcalc as sc

FEATURES = 10
LINEAR = "mean((y - X@w - b)^2)"
LOGISTIC = "z = X@w + b; mean(log(1 + exp(z)) - t*z)"


def drawn(share: float) -> tuple[Any, Any, Any]:
    """Features, a target and labels; the same on each call."""
    rng = np.random.default_rng(0)
    n = rows(1_000_000, share)
    X = rng.normal(size=(n, FEATURES))
    z = X @ rng.normal(size=FEATURES) + 0.5
    return X, z + rng.normal(size=n), (rng.random(n) < 1 / (1 + np.exp(-z))) * 1.0


def own(text: str, data: dict[str, Any]) -> Callable[[], Call]:
    def fit() -> Any:
        trace = sc.descend(program(text, data), optimizer="newton", steps=30, tolerance=1e-7)
        return trace.point["b"], trace.point["w"]

    return lambda: fit


def of_sklearn(name: str, X: Any, y: Any, **settings: Any) -> Callable[[], Call]:
    def made() -> Call:
        from sklearn import linear_model

        model = getattr(linear_model, name)(**settings)

        def fit() -> Any:
            model.fit(X, y)
            return np.ravel(model.intercept_), model.coef_

        return fit

    return made


def of_statsmodels(name: str, X: Any, y: Any, **settings: Any) -> Callable[[], Call]:
    def made() -> Call:
        import statsmodels.api

        def fit() -> Any:
            found = getattr(statsmodels.api, name)(y, statsmodels.api.add_constant(X)).fit(**settings).params
            return found[0], found[1:]

        return fit

    return made


def linear(share: float) -> Makers:
    X, y, _ = drawn(share)
    return {
        OWN: own(LINEAR, {"X": X, "y": y}),
        "scikit-learn LinearRegression": of_sklearn("LinearRegression", X, y),
        "statsmodels OLS": of_statsmodels("OLS", X, y),
    }


def logistic(share: float) -> Makers:
    X, _, t = drawn(share)
    settings = {"C": np.inf, "tol": 1e-6, "max_iter": 1000}
    return {
        OWN: own(LOGISTIC, {"X": X, "t": t}),
        "scikit-learn, lbfgs": of_sklearn("LogisticRegression", X, t, **settings),
        "scikit-learn, newton-cholesky": of_sklearn("LogisticRegression", X, t, solver="newton-cholesky", **settings),
        "statsmodels Logit": of_statsmodels("Logit", X, t, disp=0),
    }


WORKS = (
    Work("linear fit, 1e6 × 10, arrays to optimum", linear, turns=5,
         wanted={"scikit-learn LinearRegression": 2, "statsmodels OLS": 2},
         remarks={"scikit-learn LinearRegression": "gathering the moments is 40 %, making the program and its Hessian the rest"}),
    # Each library stops by a rule of its own: that far apart are the ends.
    Work("logistic fit, 1e6 × 10, arrays to optimum", logistic, turns=3, agree=1e-4,
         wanted={"scikit-learn, lbfgs": 2, "scikit-learn, newton-cholesky": 2, "statsmodels Logit": 2}),
)  # fmt: skip
