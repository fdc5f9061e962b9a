"""What standardizing columns does to the condition: worked out on the standardized columns, not promised.

It is offered only where the loss with z = (x - mean(x))/std(x) for x can make the same predictions: every part
that is linear in the parameters must span the same space of columns as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.partials import references
from symcalc.compute.curvature import jacobian_rows
from symcalc.compute.program import Program
from symcalc.curvature.degree import degrees
from symcalc.curvature.spectrum import DENSE, spectrum
from symcalc.equations import Equation, Name
from symcalc.numeric.differentiable import Vector

MOST_ROWS, MOST_PARAMETERS = 1_000_000, 100


@dataclass(frozen=True)
class Scaling:
    """The loss with some columns put on one scale.

    Attributes:
        columns: Which.
        centered: Whether their means are taken off as well; else they are only divided.
        condition: The condition of the Hessian then.
        penalized: Whether a penalty on the parameters then means something else.
        wide: Whether one of them is a matrix of columns.
    """

    columns: tuple[str, ...]
    centered: bool
    condition: float
    penalized: bool
    wide: bool = False

    @property
    def formula(self) -> str:
        """How it is typed."""
        x = self.columns[0]
        if self.wide:
            return "each column less its mean, over its std" if self.centered else "each column over its length"
        return f"({x} - mean({x}))/std({x})" if self.centered else f"{x}/sqrt(mean({x}^2))"


def scaling(program: Program, point: Vector) -> Scaling | None:
    """The condition with columns standardized, None where that does not apply.

    Args:
        program: The compiled loss.
        point: Flat point.
    """
    loss = program.loss
    if loss.per_row or not loss.columns or program.layout.total > min(DENSE, MOST_PARAMETERS):
        return None
    if (loss.rows or 0) > MOST_ROWS:
        return None
    parts = _linear_parts(program)
    if not parts:
        return None
    columns = _columns(program, parts)
    if not columns:
        return None
    before = _rows(program, point, parts)
    for centered in (True, False):
        other = _rescaled(program, columns, centered)
        if other is None:
            continue
        after = _rows(other, point, parts)
        if not np.isfinite(after).all():
            continue  # a column inside a logarithm or a root has no value below 0
        moved, *_ = np.linalg.lstsq(after, before @ point, rcond=None)
        if not (_spans(before, after) and _spans(after, before)):
            continue
        found = spectrum(other, np.asarray(moved, dtype=np.float64))
        if found is None or found.flat.any() or not np.all(found.values > 0):
            return None
        condition = float(found.values[0] / found.values[-1])
        wide = any(len(c.axes) > 1 for c in columns)
        return Scaling(tuple(c.name for c in columns), centered, condition, _penalized(program, parts), wide)
    return None


def _rows(program: Program, point: Vector, parts: list[Name]) -> Vector:
    """The slopes of the linear parts, of so many rows as tell their space."""
    whole = np.vstack([jacobian_rows(program, point, part) for part in parts])
    kept = min(len(whole), 1000 + 5 * whole.shape[1])
    rows: Vector = np.asarray(whole[np.linspace(0, len(whole) - 1, kept).astype(int)], dtype=np.float64)
    return rows


def _spans(basis: Vector, columns: Vector) -> bool:
    """Whether the columns lie in the space that the basis spans."""
    scale = np.linalg.norm(basis, axis=0)
    left, sizes, _ = np.linalg.svd(basis / np.where(scale > 0, scale, 1.0), full_matrices=False)
    left = left[:, sizes > 1e-11 * sizes.max(initial=0.0)]
    rest = columns - left @ (left.T @ columns)
    return bool(np.all(np.linalg.norm(rest, axis=0) <= 1e-8 * np.linalg.norm(columns, axis=0)))


def _linear_parts(program: Program) -> list[Name]:
    """The values a row through which alone the parameters reach the loss, penalties apart; none if there is more."""
    loss = program.loss
    known = degrees(loss)
    parameters = {p.symbol for p in loss.parameters}
    rows = {i for i, axis in loss.notation.axes.items() if axis.rows}

    def over_rows(equation: Equation) -> bool:
        return any(i in rows for i in equation.indices)

    parts = {e.name.symbol: e.name for e in loss.equations if known[e.name.symbol] == 1 and over_rows(e)}
    # Only those that something beyond them uses: yhat is in r, and r in the loss.
    outer: dict[Any, Name] = {}
    for equation in loss.equations:
        symbol = equation.name.symbol
        if symbol in parts:
            continue
        for term in equation.terms:
            outer |= {r: parts[r] for r in parts if references(term.body, {r})}
            # A parameter that meets the rows anywhere else is no linear part.
            whole = {a.base for a in term.body.atoms(sp.Indexed)} | term.body.free_symbols
            if (set(term.over) & rows or over_rows(equation)) and whole & parameters:
                return []
    return list(outer.values())


def _columns(program: Program, parts: list[Name]) -> list[Name]:
    """The columns that meet parameters in these parts, less those of 0 and 1 for classes and constant ones."""
    loss = program.loss
    known = degrees(loss)
    moved = {s for s, d in known.items() if d > 0}
    met: set[Any] = set()
    for equation in loss.equations:
        for term in equation.terms:
            for product in sp.Add.make_args(term.body):
                if known[equation.name.symbol] == 1 and references(product, moved):
                    met |= {a.base for a in product.atoms(sp.Indexed)} | product.free_symbols
    # A column reaches a product through its own definitions as well: z = x^2.
    for equation in reversed(loss.equations):
        if equation.name.symbol in met and known[equation.name.symbol] == 0:
            for term in equation.terms:
                met |= {a.base for a in term.body.atoms(sp.Indexed)} | term.body.free_symbols
    return [c for c in loss.columns if c.symbol in met]


def _penalized(program: Program, parts: list[Name]) -> bool:
    loss = program.loss
    symbols = {p.name for p in parts}
    parameters = {p.symbol for p in loss.parameters}
    rows = {i for i, axis in loss.notation.axes.items() if axis.rows}
    return any(
        references(t.body, parameters) and not set(t.over) & rows and not any(i in rows for i in e.indices)
        for e in loss.equations if e.name.name not in symbols for t in e.terms
    )  # fmt: skip


def _rescaled(program: Program, columns: list[Name], centered: bool) -> Program | None:
    """The program over the columns put on one scale."""
    given = dict(program.given)
    for column in columns:
        values = np.asarray(given[column.symbol], dtype=float)
        middle = values.mean(axis=0) if centered else 0.0
        spread = np.sqrt(np.mean((values - middle) ** 2, axis=0))
        if not np.all(spread > 0) and centered:
            return None
        given[column.symbol] = (values - middle) / np.where(spread > 0, spread, 1.0)
    other = Program(program.gradient_equations)
    other.given = given
    return other
