"""What a rule of descent does to the error on a quadratic: a small matrix for each eigenvalue.

Along an eigenvector of bend λ the gradient is λ times the error, so a rule that is linear in the point, the
gradient and its memory multiplies (error, memory) by one matrix a step. Its spectral radius is how much is left.
The matrix is taken from the rule itself, by running it; so it holds for a rule that was typed as well.

Source: Polyak (1964), USSR Comput. Math. Math. Phys. 4(5), 1-17; Lessard, Recht and Packard (2016), SIAM Journal
on Optimization 26(1), 57-95, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from symcalc.numeric.differentiable import Vector


class Rule(Protocol):
    """What this needs of an optimizer."""

    @property
    def name(self) -> str: ...
    @property
    def constants(self) -> Any: ...
    @property
    def states(self) -> tuple[str, ...]: ...
    @property
    def uses_learning_rate(self) -> bool: ...
    @property
    def changes_with_time(self) -> bool: ...
    def step(
        self, point: Vector, gradient: Vector, rate: float, t: int, state: tuple[Vector, ...]
    ) -> tuple[Vector, tuple[Vector, ...]]: ...


PLAIN = "gradient-descent"


@dataclass(frozen=True, eq=False)
class Linear:
    """A rule that is linear, so that a step multiplies (error, memory) by a matrix."""

    rule: Rule | None

    @property
    def plain(self) -> bool:
        """Whether it is gradient descent: the error is multiplied by 1 - rate·λ."""
        return self.rule is None

    def matrices(self, rate: float, bends: Vector) -> Vector:
        """The matrix of one step for each eigenvalue, (k, s, s)."""
        if self.rule is None:
            return (1 - rate * np.asarray(bends, dtype=float))[:, None, None]
        return _matrices(self.rule, rate, bends)

    def factors(self, rate: float, bends: Vector) -> Vector:
        """What a step leaves of the error along each eigenvector, in the long run, (k,)."""
        return np.asarray(np.abs(np.linalg.eigvals(self.matrices(rate, bends))).max(axis=-1))

    def largest(self, bends: Vector) -> float | None:
        """The rate beyond which the error grows along some direction that bends up; None where none bends up."""
        up = bends[bends > 0]
        if not len(up):
            return None
        steepest = float(up.max())
        if self.rule is None:
            return 2 / steepest
        high, low = 1e-3 / steepest, 0.0
        for _ in range(60):
            if not self._stable(high, up):
                break
            low, high = high, 2 * high
        else:
            return None
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if self._stable(middle, up) else (low, middle)
        return low or None

    def _stable(self, rate: float, bends: Vector) -> bool:
        return bool(self.factors(rate, bends).max() < 1)

    def best(self, bends: Vector) -> float | None:
        """The constant rate whose slowest direction is fastest, over directions that bend up."""
        up = bends[bends > 0]
        if not len(up):
            return None
        if self.rule is None:
            return float(2 / (up.min() + up.max()))
        limit = self.largest(bends)
        if limit is None:
            return None
        tried = limit * np.geomspace(1e-6, 1 - 1e-9, 400)
        worst = [float(self.factors(rate, up).max()) for rate in tried]
        k = int(np.argmin(worst))
        low, high = tried[max(k - 1, 0)], tried[min(k + 1, len(tried) - 1)]
        golden = (np.sqrt(5) - 1) / 2
        for _ in range(60):
            a, b = high - golden * (high - low), low + golden * (high - low)
            if self.factors(a, up).max() <= self.factors(b, up).max():
                high = b
            else:
                low = a
        return float((low + high) / 2)

    def formula(self, limit: float, steepest: float) -> str:
        """The limit as a formula, where it is a known one to nine digits: `2/λmax`."""
        if self.rule is None:
            return "2/λmax"
        for name, beta in dict(self.rule.constants).items():
            if not 0 <= beta < 1:
                continue
            known = {
                f"2(1 + {name})/λmax": 2 * (1 + beta) / steepest,
                f"2(1 + {name})/((1 + 2·{name})·λmax)": 2 * (1 + beta) / ((1 + 2 * beta) * steepest),
            }
            for text, value in known.items():
                if abs(value - limit) <= 1e-9 * value:
                    return text
        return ""


def linear(rule: Rule | None) -> Linear | None:
    """A rule as a linear one, None where it is not: where it divides by slopes, or changes with time."""
    if rule is None or rule.name == PLAIN:
        return Linear(None)
    if rule.changes_with_time or not rule.uses_learning_rate or getattr(rule, "given", None):
        return None
    bends = np.array([0.0, 0.3, 1.7])
    size = len(rule.states) + 1
    with np.errstate(all="ignore"):
        matrices = _matrices(rule, 0.4, bends)
        for seed in (0, 1):
            mixed = np.random.default_rng(seed).normal(size=(len(bends), size))
            point, state = rule.step(mixed[:, 0], bends * mixed[:, 0], 0.4, 3, tuple(mixed[:, 1:].T))
            expected = np.einsum("kij,kj->ki", matrices, mixed)
            if not np.allclose(np.column_stack([point, *state]), expected, rtol=1e-12, atol=1e-12):
                return None
    # Without a slope and without memory the point must stay: else the rule pulls it elsewhere than to the minimum.
    still = np.zeros(size)
    still[0] = 1.0
    return Linear(rule) if np.allclose(matrices[0][:, 0], still, rtol=0, atol=1e-12) else None


def _matrices(rule: Rule, rate: float, bends: Vector) -> Vector:
    bends = np.asarray(bends, dtype=float)
    size, count = len(rule.states) + 1, len(bends)
    found = np.empty((count, size, size))
    for j in range(size):
        point = np.full(count, float(j == 0))
        state = tuple(np.full(count, float(j == 1 + s)) for s in range(size - 1))
        moved, kept = rule.step(point, bends * point, rate, 1, state)
        found[:, :, j] = np.column_stack([moved, *kept])
    return found
