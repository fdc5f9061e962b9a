"""Losses over matrices: logistic, several classes, a network, a Gaussian mixture."""

from __future__ import annotations

from typing import Any

import numpy as np
from libraries import with_jax, with_torch
from work import OWN, Makers, Work, own_side, rows

MIXTURE = """
    Q[k,a,b] = l[k,a,b]*M[a,b] + exp(q[k,a])*I[a,b]
    D[i,k,a] = sum(Q[k,a,b]*(x[i,b] - mu[k,b]), b)
    E[i,k] = alpha[k] + sum(q[k,a], a) - 0.5*sum(D[i,k,a]^2, a)
    sum(logsumexp(E[i,k], k)) - n*logsumexp(alpha[k], k) + 0.5*(sum((l[k,a,b]*M[a,b])^2) + sum(exp(q[k,a])^2))
"""


def logistic_loss(xp: Any, w: Any, b: Any, X: Any, t: Any) -> Any:
    z = X @ w + b
    return xp.mean(xp.logaddexp(xp.zeros_like(z), z) - t * z)


def logistic(share: float, full: int = 200_000, features: int = 50) -> Makers:
    rng = np.random.default_rng(0)
    n = rows(full, share)
    X, t = rng.normal(size=(n, features)), (rng.random(n) < 0.5) * 1.0
    data, point = {"X": X, "t": t}, {"w": np.linspace(-0.1, 0.1, features), "b": 0.2}
    w, b = point.values()

    def by_hand() -> Any:
        z = X @ w + b
        miss = (1 / (1 + np.exp(-z)) - t) / n
        return np.mean(np.logaddexp(0, z) - t * z), X.T @ miss, miss.sum()

    return {
        OWN: own_side("z = X@w + b; mean(log(1 + exp(z)) - t*z)", data, point),
        "JAX jit": with_jax(logistic_loss, point, data),
        "NumPy by hand": lambda: by_hand,
        "PyTorch": with_torch(logistic_loss, point, data),
    }


def classes(share: float) -> Makers:
    rng = np.random.default_rng(0)
    n, features, count = rows(100_000, share), 30, 10
    X, Y = rng.normal(size=(n, features)), np.eye(count)[rng.integers(0, count, n)]
    data, point = {"X": X, "Y": Y}, {"W": 0.1 * rng.normal(size=(features, count)), "b": np.linspace(-0.1, 0.1, count)}
    W, b = point.values()

    def loss(xp: Any, W: Any, b: Any, X: Any, Y: Any) -> Any:
        from jax.scipy.special import logsumexp

        Z = X @ W + b
        return xp.mean(logsumexp(Z, axis=1) - xp.sum(Y * Z, axis=1))

    def by_hand() -> Any:
        Z = X @ W + b
        top = Z.max(axis=1)
        E = np.exp(Z - top[:, None])
        total = E.sum(axis=1)
        value = np.mean(np.log(total) + top - np.einsum("ij,ij->i", Y, Z))
        miss = (E / total[:, None] - Y) / n
        return value, X.T @ miss, miss.sum(axis=0)

    return {
        OWN: own_side("Z = X@W + b; mean(logsumexp(Z) - sum(Y*Z, axis=1))", data, point),
        "JAX jit": with_jax(loss, point, data),
        "NumPy by hand": lambda: by_hand,
    }


def network(share: float) -> Makers:
    rng = np.random.default_rng(0)
    n, features, units = rows(20_000, share), 50, 64
    X = rng.normal(size=(n, features))
    data = {"X": X, "y": np.sin(X[:, 0]) + 0.1 * rng.normal(size=n)}
    y = data["y"]
    point = {"W": rng.normal(size=(features, units)) / 7, "c": 0.1 * rng.normal(size=units),
             "v": rng.normal(size=units) / 8, "d": 0.1}  # fmt: skip
    W, c, v, d = point.values()

    def loss(xp: Any, W: Any, c: Any, v: Any, d: Any, X: Any, y: Any) -> Any:
        return xp.mean((y - xp.tanh(X @ W + c) @ v - d) ** 2)

    def by_hand() -> Any:
        h = np.tanh(X @ W + c)
        r = h @ v + d - y
        back = (2 / n) * r
        inner = back[:, None] * v * (1 - h * h)
        return r @ r / n, X.T @ inner, inner.sum(axis=0), h.T @ back, back.sum()

    return {
        OWN: own_side("h = tanh(X@W + c); yhat = h@v + d; mean((y - yhat)^2)", data, point),
        "JAX jit": with_jax(loss, point, data),
        "NumPy by hand": lambda: by_hand,
    }


def mixture(share: float) -> Makers:
    rng = np.random.default_rng(0)
    n, d, k = rows(1000, share), 10, 25
    x = rng.normal(size=(n, d))
    lower, unit = np.tril(np.ones((d, d)), -1), np.eye(d)
    point = {"l": rng.normal(size=(k, d, d)), "q": 0.1 * rng.normal(size=(k, d)), "mu": rng.normal(size=(k, d)),
             "alpha": rng.normal(size=k)}  # fmt: skip

    def loss(xp: Any, l: Any, q: Any, mu: Any, alpha: Any, x: Any) -> Any:  # noqa: E741
        from jax.scipy.special import logsumexp

        Q = l * lower + xp.exp(q)[:, :, None] * unit
        away = xp.einsum("kab,ikb->ika", Q, x[:, None, :] - mu[None])
        E = alpha + q.sum(1) - 0.5 * (away**2).sum(-1)
        prior = 0.5 * (((l * lower) ** 2).sum() + (xp.exp(q) ** 2).sum())
        return logsumexp(E, axis=1).sum() - n * logsumexp(alpha) + prior

    return {
        OWN: own_side(MIXTURE, {"x": x}, point, constants={"M": lower, "I": unit}),
        "JAX jit": with_jax(loss, point, {"x": x}),
    }


WORKS = (
    Work("logistic, 200,000 × 50", logistic, wanted={"JAX jit": 1.7, "NumPy by hand": 2.5, "PyTorch": 1},
         apart=frozenset({"PyTorch"})),
    Work("10 classes (softmax), 100,000 × 30", classes, wanted={"JAX jit": 1.3, "NumPy by hand": 1}),
    Work("network, one hidden layer of 64 tanh, 20,000 × 50", network, wanted={"JAX jit": 1.1, "NumPy by hand": 1}),
    Work("Gaussian mixture, full covariances, n = 1000, d = 10, k = 25", mixture, wanted={"JAX jit": 1}),
)  # fmt: skip
