"""Central differences at smaller and smaller steps, extrapolated to h = 0.

The error of a central difference is a series in h²; each column of the table removes one more term of it. Richardson's
method takes the steadiest entry of the table, the adaptive one the entry whose truncation and round-off together are
least, and stops where a smaller step could only lose digits.

Source: Ridders, Adv. Eng. Software 4(2) (1982), 75-76.
"""

from __future__ import annotations

import math

from symcalc.numeric.estimates import EPS, Curve, Estimate, central

_HALVED = 8


class _Seen:
    """The loss, with how many values it took and how large they are."""

    def __init__(self, f: Curve) -> None:
        self.f, self.evaluations, self.size = f, 0, 0.0

    def __call__(self, x: float) -> float:
        value = float(self.f(x))
        self.evaluations += 1
        self.size = max(self.size, abs(value)) if math.isfinite(value) else self.size
        return value

    def first(self, x: float, h: float) -> tuple[float, float]:
        """The first slope that is finite, and its step."""
        slope, tried = central(self, x, h).slope, 0
        while not math.isfinite(slope) and tried < _HALVED:
            # The first steps may leave the domain of the loss: log(x) near 0.
            h, tried = h / 4, tried + 1
            slope = central(self, x, h).slope
        return slope, h


def _row(first: float, column: list[float]) -> list[float]:
    """The next row of the table, from the slope at the next step and the row before."""
    row = [first]
    for k, coarse in enumerate(column):
        row.append(row[k] + (row[k] - coarse) / (4 ** (k + 1) - 1))
    return row


def richardson(f: Curve, x: float, h: float, rows: int = 10) -> Estimate:
    """Ridders' table: the entry that differs least from its neighbors."""
    seen = _Seen(f)
    best, h = seen.first(x, h)
    error, chosen = math.inf, (0, 0)
    column = [best]
    for row in range(1, rows):
        finer = _row(central(seen, x, h / 2**row).slope, column)
        for k in range(1, len(finer)):
            doubt = max(abs(finer[k] - finer[k - 1]), abs(finer[k] - column[k - 1]))
            if doubt < error:
                best, error, chosen = finer[k], doubt, (row, k)
        if not abs(finer[-1] - column[-1]) < 2 * error or error == 0:
            break
        column = finer
    # The table cannot see round-off that all its entries share.
    return _estimate(seen, best, error + EPS * seen.size / (h / 2 ** chosen[0]), h, chosen)


def adaptive(f: Curve, x: float, h: float, rows: int = 12) -> Estimate:
    """Order and step chosen together: the entry with the least truncation and round-off."""
    seen = _Seen(f)
    best, h = seen.first(x, h)
    error, chosen = math.inf, (0, 0)
    column = [best]
    for row in range(1, rows):
        step = h / 2**row
        finer = _row(central(seen, x, step).slope, column)
        noise = EPS * seen.size / step
        for k in range(1, len(finer)):
            doubt = max(abs(finer[k] - finer[k - 1]), abs(finer[k] - column[k - 1])) + noise
            if doubt < error:
                best, error, chosen = finer[k], doubt, (row, k)
        if noise > error:
            # Round-off alone would now be more than all there is: a smaller step can only lose.
            break
        column = finer
    return _estimate(seen, best, error, h, chosen)


def _estimate(seen: _Seen, slope: float, error: float, h: float, chosen: tuple[int, int]) -> Estimate:
    row, column = chosen
    steps = tuple(h / 2**k for k in range(row - column, row + 1))
    return Estimate(slope, steps[-1], seen.evaluations, error if math.isfinite(error) else None, steps)
