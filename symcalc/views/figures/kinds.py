"""The kinds of picture, one row each: what it shows, and the function that draws it.

KINDS["contour"].draw(Asked(program, point={"m": 0, "b": 0}, run=trace))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.views.figures.picture import Picture

Range = tuple[float, float]


@dataclass(frozen=True)
class Asked:
    """What a picture is to show.

    Attributes:
        program: The compiled loss.
        point: Where it is looked at: parameter name → value.
        run: A descent from there, or None.
        runs: (learning rate, descent) for several rates.
        entries: Names of the entries to draw along, as many as the kind takes; () chooses.
        ranges: Entry → from where to where; {} chooses.
        limit: The largest stable learning rate at the point, or None where it is not known.
    """

    program: Any
    point: Mapping[str, Any]
    run: Any = None
    runs: Sequence[tuple[float, Any]] = ()
    entries: tuple[str, ...] = ()
    ranges: Mapping[str, Range] | None = None
    limit: float | None = None

    @property
    def one(self) -> str | None:
        """The entry to draw along, or None where none was named."""
        return self.entries[0] if self.entries else None

    @property
    def two(self) -> tuple[str, str] | None:
        """The two entries to draw over, or None where none were named.

        Raises:
            InputError: Not two were named.
        """
        if not self.entries:
            return None
        if len(self.entries) != 2:
            raise InputError(f"This picture is over two entries, not {len(self.entries)}: --over m,b.")
        return self.entries[0], self.entries[1]

    @property
    def end(self) -> Mapping[str, Any]:
        """Where the run ended; the point itself without a run."""
        return self.point if self.run is None else self.run.point


@dataclass(frozen=True)
class Kind:
    """One kind of picture.

    Attributes:
        about: What it shows, in one line.
        draw: Draws it.
        walks: What it needs walked first: nothing, one run, or one for each rate.
    """

    about: str
    draw: Callable[[Asked], Picture]
    walks: str = ""


def _cost_curve(asked: Asked) -> Picture:
    from symcalc.views.figures.cost_curve import cost_curve

    update = None if asked.run is None else asked.run.steps[0].update
    return cost_curve(asked.program, asked.point, asked.one, update, asked.run)


def _fit(asked: Asked) -> Picture:
    from symcalc.views.figures.fit import fit

    return fit(asked.program, asked.end, None if asked.run is None else asked.point)


def _contour(asked: Asked) -> Picture:
    from symcalc.views.figures.contour import contour

    return contour(asked.program, asked.end, asked.run, asked.two)


def _surface(asked: Asked) -> Picture:
    from symcalc.views.figures.surface import surface

    return surface(asked.program, asked.end, asked.run, asked.two)


def _loss(asked: Asked) -> Picture:
    from symcalc.views.figures.loss import loss_curve

    return loss_curve(asked.run, str(asked.program.loss.name))


def _rates(asked: Asked) -> Picture:
    from symcalc.views.figures.rates import rates

    return rates(asked.runs, str(asked.program.loss.name), asked.limit)


def _error_curve(asked: Asked) -> Picture:
    from symcalc.views.figures.error_curve import error_curve

    return error_curve(asked.program, asked.point, asked.one)


def _secant(asked: Asked) -> Picture:
    from symcalc.views.figures.secant import secant

    return secant(asked.program, asked.point, asked.one)


def _eigen(asked: Asked) -> Picture:
    from symcalc.views.figures.eigen import eigen

    return eigen(asked.program, asked.end, asked.run, asked.two)


def _rows(asked: Asked) -> Picture:
    from symcalc.views.figures.rows import rows

    return rows(asked.program, asked.point, asked.one)


def _terms(asked: Asked) -> Picture:
    from symcalc.views.figures.terms import terms

    return terms(asked.program, asked.run, asked.one)


def _basins(asked: Asked) -> Picture:
    from symcalc.views.figures.basins import basins

    names = asked.two or tuple(asked.program.layout.entries()[:2])
    known = asked.ranges or {}
    pairs = [known.get(name) or _around(asked, name) for name in names]
    low, high = (tuple(pair[k] for pair in pairs) for k in (0, 1))
    return basins(asked.program, asked.point, low, high, asked.two)  # type: ignore[arg-type]


def _around(asked: Asked, name: str) -> Range:
    """Five to either side of where the entry is at the point."""
    entries = asked.program.layout.entries()
    base = np.asarray(asked.program.layout.joined(asked.program.checked_point(asked.point)), dtype=float)
    middle = float(base[entries.index(name)]) if name in entries else 0.0
    return middle - 5.0, middle + 5.0


KINDS: Mapping[str, Kind] = {
    "cost-curve": Kind("the loss along one parameter, its tangent, and where a step should land", _cost_curve, "run"),
    "fit": Kind("the data, the model, and each row's residual", _fit, "run"),
    "contour": Kind("lines of equal loss over two parameters, with the path of a run", _contour, "run"),
    "surface": Kind("the loss over two parameters as a landscape", _surface, "run"),
    "loss": Kind("the loss at every step of a run", _loss, "run"),
    "rates": Kind("the loss at every step for several learning rates", _rates, "rates"),
    "error-curve": Kind("the error of numeric slopes against their step h", _error_curve),
    "rows": Kind("which rows pull on a slope, and how hard", _rows),
    "terms": Kind("what each term of the loss adds to a slope, step by step", _terms, "run"),
    "secant": Kind("secants that turn into the tangent as h shrinks", _secant),
    "basins": Kind("which minimum each start of a grid reaches", _basins),
    "eigen": Kind("along which way the loss bends most, and least", _eigen, "run"),
}
