"""Every loss and model a second time, in NumPy, over the names of its example, constants and parameters."""

from __future__ import annotations

import math
from types import SimpleNamespace as Values

import numpy as np
from numpy import abs as size
from numpy import cosh, exp, log, maximum, mean, sqrt, tanh, where
from scipy import stats
from scipy.special import expit, log_softmax, softmax, xlogy


def r(v: Values) -> np.ndarray:
    """Residuals of the line."""
    return v.y - (v.m * v.x + v.b)


def z(v: Values) -> np.ndarray:
    """Scores of the line."""
    return v.w * v.x + v.c


def p(v: Values) -> np.ndarray:
    """Chances of class 1."""
    return expit(z(v))


def plane(v: Values) -> np.ndarray:
    """Residuals of the plane."""
    return v.y - (v.X @ v.w + v.b)


def square(u: np.ndarray) -> float:
    """Half the mean of squares."""
    return mean(u**2) / 2


def scores(v: Values) -> np.ndarray:
    """Scores of three classes."""
    return v.X @ v.W + v.b


def shares(v: Values) -> np.ndarray:
    """Shares that grow with x."""
    return softmax(v.w * v.x)


def fit(model):
    """The mean squared error of a model."""
    return lambda v: mean((v.y - model(v)) ** 2)


def huber(v: Values) -> float:
    u = size(r(v))
    return mean([a * a / 2 if a <= v.delta else v.delta * (a - v.delta / 2) for a in u])


def tukey(v: Values) -> float:
    return mean([v.c**2 / 6 * (1 - (1 - min(1, abs(u) / v.c) ** 2) ** 3) for u in r(v)])


def multiclass_hinge(v: Values) -> float:
    total = 0
    for row, label in zip(scores(v), v.Y.argmax(axis=1)):
        total += max(0, max(1 + s - row[label] for k, s in enumerate(row) if k != label))
    return total / len(v.X)


def ordinal(v: Values) -> float:
    edges = np.array([-np.inf, v.c, v.c + exp(v.d), np.inf])
    k = v.y.astype(int)
    return -mean(log(expit(edges[k + 1] - v.w * v.x) - expit(edges[k] - v.w * v.x)))


def weibull(v: Values) -> float:
    law = stats.weibull_min(v.shape, scale=exp(z(v)))
    return -mean(where(v.y == 1, law.logpdf(v.t), law.logsf(v.t)))


def cox(v: Values) -> float:
    total = 0.0
    for i in range(len(v.x)):
        at_risk = [exp(v.w * v.x[j]) for j in range(len(v.x)) if v.t[j] >= v.t[i]]
        total -= v.y[i] * (v.w * v.x[i] - math.log(sum(at_risk)))
    return total / len(v.x)


def student_t(v: Values) -> float:
    law = stats.t(v.nu)
    return mean(-law.logpdf(r(v) / v.sigma)) + log(v.sigma) + law.logpdf(0)


def crps(v: Values) -> float:
    s = r(v) / v.sigma
    return mean(v.sigma * (s * (2 * stats.norm.cdf(s) - 1) + 2 * stats.norm.pdf(s) - 1 / sqrt(np.pi)))


def negative_binomial(v: Values) -> float:
    mu = exp(z(v))
    law = stats.nbinom(v.size, v.size / (v.size + mu))
    alone = v.size * log(v.size) + stats.nbinom(v.size, 0.5).logpmf(v.y) + (v.size + v.y) * log(2)
    return mean(-law.logpmf(v.y) + alone)


def info_nce(v: Values) -> float:
    alike = (v.X @ v.W) @ (v.X1 @ v.W).T / v.tau
    return -mean([log_softmax(row)[i] for i, row in enumerate(alike)])


def contrastive(v: Values) -> float:
    d = np.linalg.norm(v.X @ v.W - v.X1 @ v.W, axis=1)
    return mean([a * a / 2 if t else max(0, v.margin - a) ** 2 / 2 for a, t in zip(d, v.t)])


def triplet(v: Values) -> float:
    a, b, c = v.X @ v.W, v.X1 @ v.W, v.X2 @ v.W
    return mean(maximum(0, ((a - b) ** 2).sum(1) - ((a - c) ** 2).sum(1) + v.margin))


def cosine(v: Values) -> float:
    u = v.X @ v.W
    return mean([1 - a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in zip(u, v.X1)])


def distances(v: Values) -> np.ndarray:
    """Squared distance of every row from every center."""
    return np.array([[np.sum((x - c) ** 2) for c in v.C] for x in v.X])


def gaussian_mixture(v: Values) -> float:
    laws = [stats.multivariate_normal(c, exp(2 * s) * np.eye(2)) for c, s in zip(v.C, v.s)]
    return -mean(log(sum(a * law.pdf(v.X) for a, law in zip(softmax(v.a), laws))))


TWICE = {
    "mse": lambda v: mean(r(v) ** 2),
    "rss": lambda v: r(v) @ r(v),
    "rmse": lambda v: np.linalg.norm(r(v)) / sqrt(len(v.x)),
    "weighted_mse": lambda v: np.average(r(v) ** 2, weights=v.t),
    "mae": lambda v: mean(size(r(v))),
    "weighted_mae": lambda v: np.average(size(r(v)), weights=v.t),
    "pinball": lambda v: mean(where(r(v) > 0, v.tau, v.tau - 1) * r(v)),
    "epsilon_insensitive": lambda v: mean(np.clip(size(r(v)) - v.epsilon, 0, None)),
    "squared_epsilon_insensitive": lambda v: mean(np.clip(size(r(v)) - v.epsilon, 0, None) ** 2),
    "msle": lambda v: mean((np.log1p(v.y) - np.log1p(exp(v.m * v.x + v.b))) ** 2),
    "mape": lambda v: mean(size(r(v)) / v.y),
    "huber": huber,
    "pseudo_huber": lambda v: mean(v.delta * np.hypot(v.delta, r(v)) - v.delta**2),
    "log_cosh": lambda v: mean(log(cosh(r(v)))),
    "cauchy": lambda v: v.c**2 / 2 * mean(np.log1p(r(v) ** 2 / v.c**2)),
    "tukey": tukey,
    "welsch": lambda v: -(v.c**2) / 2 * mean(np.expm1(-(r(v) ** 2) / v.c**2)),
    "geman_mcclure": lambda v: mean(v.c**2 * r(v) ** 2 / (v.c**2 + r(v) ** 2)) / 2,
    "fair": lambda v: v.c**2 * mean(size(r(v) / v.c) - np.log1p(size(r(v) / v.c))),
    "ridge": lambda v: mean(plane(v) ** 2) + v.lam * v.w @ v.w,
    "lasso": lambda v: square(plane(v)) + v.lam * np.linalg.norm(v.w, 1),
    "elastic_net": lambda v: (
        square(plane(v)) + v.lam * v.ratio * np.linalg.norm(v.w, 1) + v.lam * (1 - v.ratio) / 2 * v.w @ v.w
    ),
    "group_lasso": lambda v: square(plane(v)) + v.lam * sum(np.linalg.norm(v.w[g == 1]) for g in v.G),
    "fused_lasso": lambda v: square(plane(v)) + v.lam * sum(size(v.w)) + v.mu * sum(size(v.w[1:] - v.w[:-1])),
    "logistic_ridge": lambda v: -mean(stats.bernoulli(p(v)).logpmf(v.t)) + v.lam * v.w**2 / 2,
    "logistic": lambda v: -mean(stats.bernoulli(p(v)).logpmf(v.t)),
    "binary_cross_entropy": lambda v: -mean(stats.bernoulli(p(v)).logpmf(v.t)),
    "weighted_cross_entropy": lambda v: mean(where(v.t == 1, v.weight, 1) * -stats.bernoulli(p(v)).logpmf(v.t)),
    "smoothed_cross_entropy": lambda v: mean(-xlogy(s := v.t + v.alpha * (0.5 - v.t), p(v)) - xlogy(1 - s, 1 - p(v))),
    "softmax_cross_entropy": lambda v: -mean(log_softmax(scores(v), axis=1)[v.Y == 1]),
    "categorical_cross_entropy": lambda v: -mean(log(softmax(scores(v), axis=1))[v.Y == 1]),
    "focal": lambda v: mean(
        where(v.t == 1, -v.alpha, v.alpha - 1) * (1 - (q := where(v.t == 1, p(v), 1 - p(v)))) ** v.gamma * log(q)
    ),
    "brier": lambda v: mean((p(v) - v.t) ** 2),
    "hinge": lambda v: mean(np.clip(1 - v.y * z(v), 0, None)),
    "squared_hinge": lambda v: mean(np.clip(1 - v.y * z(v), 0, None) ** 2),
    "modified_huber": lambda v: mean([max(0, 1 - m) ** 2 if m >= -1 else -4 * m for m in v.y * z(v)]),
    "exponential": lambda v: mean(exp(-v.y * z(v))),
    "multiclass_hinge": multiclass_hinge,
    "ordinal": ordinal,
    "dice": lambda v: 1 - (2 * v.t @ p(v) + v.smooth) / (sum(v.t) + sum(p(v)) + v.smooth),
    "jaccard": lambda v: 1 - (v.t @ p(v) + v.smooth) / (sum(v.t + p(v) - v.t * p(v)) + v.smooth),
    "gaussian": lambda v: -mean(stats.norm(0, v.sigma).logpdf(r(v))),
    "laplace": lambda v: -mean(stats.laplace(0, v.sigma).logpdf(r(v))),
    "student_t": student_t,
    "crps_gaussian": crps,
    "poisson": lambda v: mean(-stats.poisson(exp(z(v))).logpmf(v.y) - [math.lgamma(y + 1) for y in v.y]),
    "gamma_likelihood": lambda v: mean(-stats.expon(scale=exp(z(v))).logpdf(v.y)),
    "tweedie": lambda v: mean(2 * sqrt(mu := exp(z(v))) + 2 * v.y / sqrt(mu)),
    "negative_binomial": negative_binomial,
    "weibull": weibull,
    "cox": cox,
    "kl": lambda v: stats.entropy(v.t, shares(v)),
    "reverse_kl": lambda v: stats.entropy(shares(v), v.t),
    "jensen_shannon": lambda v: sum(stats.entropy(u, (v.t + shares(v)) / 2) for u in (v.t, shares(v))) / 2,
    "hellinger": lambda v: 1 - sqrt(v.t) @ sqrt(shares(v)),
    "cosine": cosine,
    "triplet": triplet,
    "contrastive": contrastive,
    "info_nce": info_nce,
    "bradley_terry": lambda v: -mean([log(expit(v.s[g == 1] - v.s[g == -1])) for g in v.X]),
    "pca": lambda v: np.linalg.norm(v.X - v.X @ v.W @ v.W.T) ** 2 / len(v.X),
    "matrix_factorization": lambda v: (
        sum((v.R[i, j] - v.U[i] @ v.V[j]) ** 2 for i, j in zip(*np.nonzero(v.M)))
        + v.lam * (np.linalg.norm(v.U) ** 2 + np.linalg.norm(v.V) ** 2)
    ),
    "k_means": lambda v: mean(distances(v).min(axis=1)),
    "fuzzy_c_means": lambda v: mean([1 / sum(1 / d) for d in distances(v)]),
    "gaussian_mixture": gaussian_mixture,
    "line": fit(lambda v: v.m * v.x + v.b),
    "plane": fit(lambda v: v.w @ v.X.T + v.b),
    "polynomial": fit(lambda v: np.polyval([v.d, v.c, v.b, v.a], v.x)),
    "exponential_decay": fit(lambda v: v.c + v.a / exp(v.k * v.x)),
    "saturation": fit(lambda v: -v.a * np.expm1(-v.k * v.x)),
    "power_law": fit(lambda v: exp(log(v.a) + v.p * log(v.x))),
    "logistic_growth": fit(lambda v: v.a * expit(v.k * (v.x - v.x0))),
    "gompertz": fit(lambda v: v.a / exp(v.b / exp(v.k * v.x))),
    "michaelis_menten": fit(lambda v: v.V / (1 + v.K / v.x)),
    "hill": fit(lambda v: v.V / (1 + (v.K / v.x) ** v.p)),
    "exponential_growth": fit(lambda v: exp(v.b) * exp(v.m) ** v.x),
    "sinusoid": fit(lambda v: v.c + v.a * np.imag(exp(1j * (v.omega * v.x + v.phase)))),
    "damped_wave": fit(lambda v: v.c + v.a * np.real(exp((1j * v.omega - v.k) * v.x + 1j * v.phase))),
    "gaussian_peaks": fit(
        lambda v: sum(
            a * sqrt(2 * np.pi) * s * stats.norm(c, s).pdf(v.x)
            for a, c, s in ((v.a1, v.p1, size(v.s1)), (v.a2, v.p2, size(v.s2)))
        )
    ),
    "lorentzian": fit(lambda v: v.a * v.s**2 / (v.s**2 + (v.x - v.p) ** 2)),
    "small_network": fit(lambda v: [v.d + sum(v.v * tanh(x @ v.W + v.c)) for x in v.X]),
}
