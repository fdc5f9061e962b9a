"""Losses written by hand, so that what is drawn is checked against algebra and not against the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from symcalc.compute.points import Layout
from symcalc.equations import Axis, Name
from symcalc.sources.arrays import from_mapping

X = np.array([100.0, 200, 250, 325, 400])
Y = np.array([275.0, 300, 550, 525, 700])
ROWS = Axis("n_", "n", None, rows=True)


def name(word: str, kind: Any = "parameter", *axes: Axis) -> Name:
    return Name(word, kind, axes, None)


def vector(word: str, size: int) -> Name:
    return Name(word, "parameter", (Axis("k", "k", size),), None)


@dataclass
class ByHand:
    """A program: f, its gradient g and Hessian H as functions of one flat point."""

    parameters: tuple[Name, ...]
    f: Callable[[Any], Any]
    g: Callable[[Any], Any]
    H: Callable[[Any], Any]
    loss: Any = field(default_factory=lambda: SimpleNamespace(name="L", rows=None, columns=(), residual=None))
    model: Callable[[Any, Any], Any] | None = None
    kinked: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        shapes = {p.name: tuple(int(size) for size in p.shape) for p in self.parameters}
        return Layout(self.parameters, shapes)

    def checked_point(self, point):
        return self.layout.checked(point)

    def value(self, point):
        return float(self.f(self._flat(point)))

    def value_and_gradient(self, point):
        return self.value(point), np.asarray(self.g(self._flat(point)), dtype=float)

    def hessian_product(self, point, direction):
        return np.asarray(self.H(self._flat(point)), dtype=float) @ self._flat(direction)

    def hessian(self, point):
        return np.asarray(self.H(self._flat(point)), dtype=float)

    def complex_value(self, point):
        flat = np.array([z for n in self.layout.names for z in np.ravel(point[n])])
        return complex(self.f(flat))

    def reference(self, point):
        return None

    def kinks(self, point):
        return self.kinked

    def predict(self, point, data, name=None):
        return self.model(self._flat(point), *data.values())

    def _flat(self, point):
        return self.layout.joined(self.layout.checked(point))


def over(columns: dict[str, Any], residual: Any, **more: Any) -> Any:
    """A loss over a table."""
    data = from_mapping(columns)
    names = tuple(name(word, "column", ROWS) for word in columns)
    return SimpleNamespace(name="L", rows=data.rows, columns=names, residual=residual, data=data, headers={}, **more)


@pytest.fixture
def line() -> ByHand:
    """mean((y - (m*x + b))^2) over five films."""
    A = np.column_stack([X, np.ones(5)])
    return ByHand(
        (name("m"), name("b")),
        lambda p: np.mean((Y - A @ p) ** 2),
        lambda p: -2 * A.T @ (Y - A @ p) / 5,
        lambda p: 2 * A.T @ A / 5,
        over({"x": X, "y": Y}, ("y", None)),
        lambda p, x: p[0] * x + p[1],
    )


@pytest.fixture
def scaled() -> ByHand:
    """The same with z = (x - mean(x))/std(x): a round bowl."""
    A = np.column_stack([(X - X.mean()) / X.std(), np.ones(5)])
    return ByHand(
        (name("m"), name("b")),
        lambda p: np.mean((Y - A @ p) ** 2),
        lambda p: -2 * A.T @ (Y - A @ p) / 5,
        lambda p: 2 * A.T @ A / 5,
        over({"x": X, "y": Y}, ("y", None)),
        lambda p, x: p[0] * (x - X.mean()) / X.std() + p[1],
    )


@pytest.fixture
def lever() -> ByHand:
    """mean((y - (1.417*x + b))^2): b moves, m is a constant."""
    r = Y - 1.417 * X
    return ByHand(
        (name("b"),),
        lambda p: np.mean((r - p[0]) ** 2),
        lambda p: [-2 * np.mean(r - p[0])],
        lambda p: [[2.0]],
        over({"x": X, "y": Y}, ("y", None)),
        lambda p, x: 1.417 * x + p[0],
    )


@pytest.fixture
def exponential() -> ByHand:
    """exp(a): every derivative is itself."""
    return ByHand((name("a"),), lambda p: np.exp(p[0]), lambda p: [np.exp(p[0])], lambda p: [[np.exp(p[0])]])


@pytest.fixture
def many() -> ByHand:
    """sum_k k*(w[k] - 1)^2 + c^2: five entries, no data."""
    c = np.array([1.0, 2, 3, 4, 1])
    to = np.array([1.0, 1, 1, 1, 0])
    return ByHand(
        (vector("w", 4), name("c")),
        lambda p: np.sum(c * (p - to) ** 2),
        lambda p: 2 * c * (p - to),
        lambda p: np.diag(2 * c),
    )


@pytest.fixture
def rosenbrock() -> ByHand:
    return ByHand(
        (name("x"), name("y")),
        lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2,
        lambda p: [-2 * (1 - p[0]) - 400 * p[0] * (p[1] - p[0] ** 2), 200 * (p[1] - p[0] ** 2)],
        lambda p: [[2 - 400 * (p[1] - 3 * p[0] ** 2), -400 * p[0]], [-400 * p[0], 200]],
    )


@dataclass
class WalkByHand:
    program: ByHand
    points: Any
    losses: Any

    @property
    def steps(self) -> Any:
        split = self.program.layout.split
        ways = [split(d) for d in np.diff(self.points, axis=0)]
        return [
            SimpleNamespace(index=k, point=split(p), loss=float(loss), update=way)
            for k, (p, loss, way) in enumerate(zip(self.points, self.losses, [*ways, None]))
        ]


def walked(program: ByHand, start: Any, rate: float, steps: int) -> WalkByHand:
    points = [np.array(start, dtype=float)]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            points.append(points[-1] - rate * np.asarray(program.g(points[-1])))
        return WalkByHand(program, np.array(points), np.array([float(program.f(p)) for p in points]))


@pytest.fixture
def walk() -> Callable[..., WalkByHand]:
    """program, start, rate, steps → a run of gradient descent."""
    return walked


@pytest.fixture
def part() -> Callable[[Any, str], Any]:
    """axes, role → the one artist drawn for that role."""

    def found(axes: Any, role: str) -> Any:
        artists = [a for a in axes.get_children() if a.get_gid() == role]
        assert len(artists) == 1, f"{role}: {len(artists)}"
        return artists[0]

    return found
