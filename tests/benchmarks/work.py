"""A piece of work that symcalc and its peers race in: the same numbers from the same data, whoever does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import symcalc as sc

OWN = "symcalc"
# One call of a side that is ready; what it gives is compared part by part.
Call = Callable[[], Sequence[Any]]
# Side → what makes it ready. A maker raises ImportError where its library is not installed.
Makers = Mapping[str, Callable[[], Call]]
_precision = ["float64"]


@contextmanager
def sides_in(dtype: str) -> Iterator[None]:
    """Sides made inside work in these numbers, where they say that they can: symcalc and JAX do."""
    _precision.append(dtype)
    try:
        yield
    finally:
        _precision.pop()


def dtype() -> str:
    """What sides that are made now work in."""
    return _precision[-1]


@dataclass(frozen=True)
class Work:
    """One piece of work; its makers build the sides, symcalc among them.

    Attributes:
        title: What is done, on how much data.
        makers: From the share of the full size (1, or less for a quick look) to the sides by name.
        wanted: Side → the least ratio of its time to symcalc's that is aimed at.
        remarks: Side → why its ratio falls short of what is wanted, where that is known.
        agree: How far the numbers of two sides may differ, relative to the largest of each part.
        apart: Sides that run in a process of their own, since their threads keep spinning after a call.
        limits: Sides that only say what the machine can do; their numbers are not compared.
        turns: How often each side is timed.
    """

    title: str
    makers: Callable[[float], Makers]
    wanted: Mapping[str, float] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    agree: float = 1e-9
    apart: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    turns: int = 9


@dataclass(frozen=True)
class Measured:
    """One line of the table of ratios: a peer beside symcalc.

    Attributes:
        work: Title of the work.
        peer: The side beside symcalc.
        own: symcalc's least seconds, or its MiB.
        theirs: The same of the peer.
        median: Median over the turns of the peer's time over symcalc's in the same turn; None where there are no turns.
        unit: "s" or "MiB".
        wanted: The ratio aimed at, if any.
        remark: Why the ratio falls short, where that is known.
    """

    work: str
    peer: str
    own: float
    theirs: float
    median: float | None
    unit: str = "s"
    wanted: float | None = None
    remark: str = ""

    @property
    def ratio(self) -> float:
        """Peer over symcalc: above 1, symcalc is faster, or smaller."""
        return self.theirs / self.own


def rows(full: int, share: float) -> int:
    """A number of rows for a share of the full size."""
    return max(40, int(full * share))


def program(formula: str, data: Any = None, point: Mapping[str, Any] | None = None, **rest: Any) -> Any:
    """A formula compiled over data; shapes of parameters come from the point."""
    shapes = {name: np.shape(value) for name, value in (point or {}).items()}
    return sc.compile(sc.differentiate(sc.parse(formula, data=data, shapes=shapes, **rest)), dtype())


def own_side(formula: str, data: Any, point: Mapping[str, Any], **rest: Any) -> Callable[[], Call]:
    """symcalc's value and gradient at a point, slopes in the order of the point."""

    def made() -> Call:
        ready = program(formula, data, point, **rest)
        names = [p.name for p in ready.parameters]
        values = [point[name] for name in names]
        function = ready.function
        if names == list(point):
            return lambda: function(*values)
        order = [0, *(1 + names.index(name) for name in point)]
        return lambda: [found[k] for found in (function(*values),) for k in order]

    return made


def parts(found: Sequence[Any]) -> list[Any]:
    """Value and gradient as two vectors."""
    value, *slopes = found
    return [np.ravel(np.asarray(value, float)), np.concatenate([np.ravel(np.asarray(s, float)) for s in slopes])]
