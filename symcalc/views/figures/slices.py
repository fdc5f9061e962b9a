"""The loss along one or two entries of a point, the others held: what curves and contours are made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from symcalc.compute.points import Layout
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector
from symcalc.views.figures.style import number

MANY = 2000  # more points of a path than can be told apart


class Modeled(Differentiable, Protocol):
    """A compiled loss that also predicts."""

    def predict(self, point: Any, data: Any, name: str | None = None) -> Any:
        """The model's value for new rows: column name → array."""


class StepLike(Protocol):
    """What pictures look at in one step of a run."""

    @property
    def index(self) -> int:
        """Step number; 0 is the start."""

    @property
    def point(self) -> Mapping[str, Any]:
        """Parameter name → value."""

    @property
    def update(self) -> Mapping[str, Any] | None:
        """Parameter name → the distance moved from here; None on the last step."""


class Run(Protocol):
    """What pictures look at in a run; a Trace is one."""

    @property
    def steps(self) -> Sequence[StepLike]:
        """Every step."""

    @property
    def points(self) -> Vector:
        """All points as flat vectors, (N + 1, P)."""

    @property
    def losses(self) -> Vector:
        """All losses, (N + 1,)."""


@dataclass(frozen=True)
class Slice:
    """A program and a point, its entries in one flat vector.

    Attributes:
        program: The compiled loss.
        base: The point, (P,).
    """

    program: Differentiable
    base: Vector

    @classmethod
    def at(cls, program: Differentiable, point: Mapping[str, Any]) -> Slice:
        """The slice through a point.

        Raises:
            InputError: The point does not fit, or the loss has one value a row.
        """
        if getattr(program.loss, "per_row", False):
            raise InputError("This formula has one value a row; a picture needs one number: take its mean(…).")
        return cls(program, np.asarray(program.layout.joined(program.checked_point(point)), dtype=float))

    @property
    def layout(self) -> Layout:
        """How the parameters lie in the vector."""
        return self.program.layout

    @property
    def names(self) -> list[str]:
        """Names of the entries: `m`, `w[0]`."""
        return self.layout.entries()

    @property
    def loss_name(self) -> str:
        """What the loss is called."""
        return str(getattr(self.program.loss, "name", "L"))

    def index(self, entry: str) -> int:
        """Place of an entry in the vector.

        Raises:
            InputError: There is none of that name.
        """
        names = self.names
        if entry in names:
            return names.index(entry)
        some = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
        raise InputError(f"There is no parameter entry '{entry}' to draw. There are {some}.")

    def moved(self, entries: Sequence[int], values: Sequence[float]) -> Slice:
        """The slice through the point with these entries set."""
        base = self.base.copy()
        base[list(entries)] = values
        return Slice(self.program, base)

    @property
    def value(self) -> float:
        """The loss at the point."""
        with np.errstate(all="ignore"):
            return float(self.program.value(self.base))

    def along(self, entry: int) -> Callable[[float], float]:
        """The loss as a function of one entry."""
        return lambda x: self.moved((entry,), (x,)).value

    @property
    def gradient(self) -> Vector:
        """The exact slopes at the point, (P,)."""
        with np.errstate(all="ignore"):
            return np.asarray(self.program.value_and_gradient(self.base)[1], dtype=float)

    def bend(self, entry: int) -> float:
        """The second derivative along one entry at the point."""
        unit = np.zeros_like(self.base)
        unit[entry] = 1.0
        with np.errstate(all="ignore"):
            return float(np.asarray(self.program.hessian_product(self.base, unit))[entry])

    def held(self, entries: Sequence[int]) -> str:
        """What is held, in words: "m = 1.417 held"; "" where nothing is."""
        rest = [k for k in range(len(self.base)) if k not in entries]
        if not rest:
            return ""
        if len(rest) > 2:
            return f"{len(rest):,} others held"
        names = self.names
        return ", ".join(f"{names[k]} = {number(self.base[k], 4)}" for k in rest) + " held"


@dataclass(frozen=True)
class Path:
    """The part of a run that can be shown.

    Attributes:
        points: The points visited, (k, P).
        losses: The loss at each, (k,).
        indices: Step number of each.
        whole: Whether the last of them is the last of the run; not so where a run left for the far.
    """

    points: Vector
    losses: Vector
    indices: tuple[int, ...]
    whole: bool

    @classmethod
    def of(cls, run: Run | None, size: int) -> Path:
        """The points of a run up to where it diverges, thinned where there are many.

        Args:
            run: The run; None is an empty path.
            size: How many entries a point has.
        """
        if run is None:
            return cls(np.zeros((0, size)), np.zeros(0), (), True)
        losses = np.asarray(run.losses, dtype=float)
        kept = until_far(losses)
        chosen = np.unique(np.linspace(0, max(kept - 1, 0), min(kept, MANY)).astype(int))
        first = int(run.steps[0].index)
        indices = tuple(first + int(k) for k in chosen)
        return cls(np.asarray(run.points)[chosen], losses[chosen], indices, kept == len(losses))

    @property
    def shown(self) -> str:
        """How much of the run is shown, in words; "" where all of it is."""
        if self.whole or not self.indices:
            return ""
        return f"Only steps {self.indices[0]} to {self.indices[-1]} are shown: then the run leaves the picture."

    def largest(self, count: int, size: int) -> list[int]:
        """The entries that changed most along the run, in parameter order; the first ones without a run."""
        change = np.ptp(self.points, axis=0) if len(self.points) else np.zeros(size)
        # A stable sort: entries that changed alike keep their order.
        return sorted(int(k) for k in np.argsort(-change, kind="stable")[:count])


def until_far(losses: Vector) -> int:
    """How many points to show: a run that diverges would shrink its beginning to a dot."""
    begun = np.abs(losses[:3][np.isfinite(losses[:3])])
    far = 100 * float(begun.max()) if begun.size and begun.max() > 0 else math.inf
    bad = ~np.isfinite(losses)
    bad[3:] |= losses[3:] > far
    return int(np.argmax(bad)) if bad.any() else len(losses)
