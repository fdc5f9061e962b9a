"""Where a point may lie: bounds on parameters, and linear constraints; a step that leads outside is led back.

Bounds    {"a": (0, 1)}: the point is clipped.
Linear    ["a + b <= 1", "w >= 0"]: the point goes to the nearest one that keeps them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcalc.compute.points import Layout
from symcalc.descent.optimizer import Given
from symcalc.errors import FormulaError, InputError, MissingExtra
from symcalc.language.reader import read
from symcalc.language.vocabulary import nearest
from symcalc.notation import tree
from symcalc.numeric.differentiable import Vector

# What a rule with limits ends with; the lines are printed with the others.
BOUNDED = ";  landed = point;  point = min(max(landed, low), high)"
CONSTRAINED = ";  landed = point;  point = landed + pull"
_TOUCH = 1e-12


@dataclass(frozen=True)
class Bounds:
    """A lowest and a highest value for every entry.

    Attributes:
        low, high: Flat (P,); minus infinity and infinity for none.
    """

    low: Vector
    high: Vector
    lines = BOUNDED
    names = ("low", "high")

    def given(self, size: int) -> Given:
        """What its lines read."""
        return {"low": self.low, "high": self.high}

    def onto(self, point: Vector) -> Vector:
        """The point, clipped."""
        return np.minimum(np.maximum(point, self.low), self.high)

    def again(self, landing: Vector, before: Vector) -> Given:
        """What its lines read in a step that was taken."""
        return self.given(len(landing))

    def touched(self, point: Vector) -> tuple[Vector, Vector]:
        """Normals of the bounds a point lies on, outwards (k, P), and whether each must be kept exactly."""
        units = np.eye(len(point))
        return np.vstack([-units[point <= self.low], units[point >= self.high]]), np.zeros(
            int((point <= self.low).sum() + (point >= self.high).sum()), dtype=bool
        )

    def held(self, point: Vector, slopes: Vector) -> tuple[Vector, Vector]:
        """Normals of the bounds that hold a point back, outwards (k, P), and how steep the loss is there, (k,)."""
        entries = np.flatnonzero((self.left(point, slopes) == 0) & (slopes != 0))
        return -np.sign(slopes[entries])[:, None] * np.eye(len(point))[entries], np.abs(slopes[entries])

    def said(self, names: Sequence[str], point: Vector, slopes: Vector) -> tuple[str, ...]:
        """The bounds that hold a point back, in words."""
        held = np.flatnonzero((self.left(point, slopes) == 0) & (slopes != 0))
        return tuple(
            f"{names[int(k)]} is at its bound {point[k]:g}: its slope {slopes[k]:.4g} pushes against it." for k in held
        )

    def left(self, point: Vector, slopes: Vector) -> Vector:
        """The slopes, 0 where one pushes against its bound."""
        held = ((point <= self.low) & (slopes > 0)) | ((point >= self.high) & (slopes < 0))
        return np.where(held, 0.0, slopes)


@dataclass(frozen=True)
class Constraints:
    """Linear constraints matrix·point <= limit, some of them with equality.

    Attributes:
        matrix: (m, P).
        limit: (m,).
        equal: (m,), whether it must be met exactly.
        texts: (m,), each as typed.
    """

    matrix: Vector
    limit: Vector
    equal: Vector
    texts: tuple[str, ...]
    lines = CONSTRAINED
    names = ("pull",)

    def given(self, size: int) -> Given:
        """No pull before it is known where the lines lead."""
        return {"pull": np.zeros(size)}

    def onto(self, point: Vector) -> Vector:
        """The nearest point that keeps the constraints.

        Source: Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23 (least distance programming).
        """
        excess = self.matrix @ point - self.limit
        scale = _TOUCH * np.maximum(1.0, np.abs(self.limit))
        if (excess <= scale).all() and (np.abs(excess) <= scale)[self.equal].all():
            return point
        rows = np.vstack([self.matrix, -self.matrix[self.equal]])
        above = np.concatenate([excess, -excess[self.equal]])
        # The least |s| with rows·s >= above: with m the solution of min |[rowsᵀ; aboveᵀ]·m - (0, 1)|, m >= 0.
        lengths = np.linalg.norm(rows, axis=1)
        rows, above = -rows / lengths[:, None], above / lengths
        size = float(np.abs(above).max())
        system = np.vstack([rows.T, (above / size)[None, :]])
        target = np.zeros(len(point) + 1)
        target[-1] = 1.0
        found = _nonnegative(system, target)
        rest = system @ found - target
        if not abs(rest[-1]) > 1e-14:
            raise InputError("The constraints contradict each other: no point keeps them all.")
        return np.asarray(point - size * rest[:-1] / rest[-1])

    def again(self, landing: Vector, before: Vector) -> Given:
        """The pull of a step that was taken."""
        return {"pull": landing - before}

    def touched(self, point: Vector) -> tuple[Vector, Vector]:
        """Normals of the constraints a point lies on, outwards (k, P), and whether each must be kept exactly."""
        on = self._on(point)
        return self.matrix[on], self.equal[on]

    def _on(self, point: Vector) -> Any:
        """Which constraints a point lies on, (m,) of bool."""
        near = self.limit - 1e3 * _TOUCH * np.maximum(1.0, np.abs(self.limit))
        return np.logical_or(self.equal, self.matrix @ point >= near)

    def held(self, point: Vector, slopes: Vector) -> tuple[Vector, Vector]:
        """Normals of the constraints that hold a point back, outwards (k, P), and their multipliers, (k,)."""
        which, multipliers = self._multipliers(point, slopes)
        return self.matrix[which], multipliers

    def said(self, names: Sequence[str], point: Vector, slopes: Vector) -> tuple[str, ...]:
        """The constraints that hold a point back, in words: what each unit of room would be worth."""
        return tuple(
            f"{self.texts[k]} holds the point back: moved outwards by 1 it would lower the loss by about {m:.4g}."
            if m > 0
            else f"{self.texts[k]} holds the point: its right side less by 1 would lower the loss by about {-m:.4g}."
            for k, m in zip(*self._multipliers(point, slopes))
        )

    def _multipliers(self, point: Vector, slopes: Vector) -> tuple[Any, Vector]:
        """Which constraints push back, and the m with slopes + matrixᵀ·m = 0; m >= 0 but for equalities."""
        on = np.flatnonzero(self._on(point))
        if not len(on):
            return on, np.zeros(0)
        rows, equal = self.matrix[on], self.equal[on]
        lengths = np.linalg.norm(rows, axis=1)
        found = _nonnegative(np.vstack([rows, -rows[equal]]).T / np.concatenate([lengths, lengths[equal]]), -slopes)
        pushed = found[: len(on)].copy()
        pushed[equal] -= found[len(on) :]
        kept = np.logical_or(equal, pushed > 1e-9 * float(np.abs(slopes).max(initial=0.0)))
        return on[kept], (pushed / lengths)[kept]

    def left(self, point: Vector, slopes: Vector) -> Vector:
        """How far a unit step down the slopes gets, as slopes."""
        return np.asarray(point - self.onto(point - slopes))


def _nonnegative(system: Vector, target: Vector) -> Vector:
    """The m >= 0 with the least |system·m - target|."""
    try:
        from scipy.optimize import nnls
    except ImportError:
        raise MissingExtra("Linear constraints need SciPy: install scipy, or symcalc-explorer[fit].") from None
    return np.asarray(nnls(system, target, maxiter=50 * system.shape[1])[0])


def bounds_of(bounds: Mapping[str, Any], layout: Layout) -> Bounds:
    """Bounds from (low, high) by name; None for none.

    Raises:
        InputError: A name is unknown, or a pair is no interval.
    """
    low, high = np.full(layout.total, -np.inf), np.full(layout.total, np.inf)
    for name, pair in bounds.items():
        _known(name, layout)
        try:
            least, most = pair
            ends = [-np.inf if least is None else float(least), np.inf if most is None else float(most)]
        except (TypeError, ValueError):
            raise InputError(
                f"The bounds of {name} are {pair!r}; write a lowest and a highest value: (0, 1)."
            ) from None
        if not ends[0] <= ends[1]:
            raise InputError(f"The bounds of {name} are {ends[0]:g} to {ends[1]:g}: the lowest value comes first.")
        low[layout.slices[name]], high[layout.slices[name]] = ends
    return Bounds(low, high)


def constraints_of(texts: Iterable[str], layout: Layout) -> Constraints:
    """Linear constraints from text: `a + b <= 1`, `w >= 0` (every entry), `a == 2*b`, `a = 2*b`.

    Raises:
        InputError: One is not linear in the parameters.
        FormulaError: One cannot be read.
    """
    rows: list[Vector] = []
    limits: list[float] = []
    equal: list[bool] = []
    typed: list[str] = []
    for text in texts:
        left, op, right = _sides(text)
        form = _combined(_linear(left, layout, text), _linear(right, layout, text), -1.0)
        sign = -1.0 if op in (">=", ">") else 1.0
        for k, (row, constant) in enumerate(zip(*form)):
            if not row.any():
                raise InputError(f"The constraint {text} holds no parameter.")
            rows.append(sign * row)
            limits.append(-sign * constant)
            equal.append(op in ("==", "="))
            typed.append(text.strip() if len(form[0]) == 1 else f"{text.strip()} in entry {k}")
    return Constraints(np.array(rows), np.array(limits), np.array(equal, dtype=bool), tuple(typed))


_Form = tuple[Vector, Vector]  # rows (k, P) and constants (k,): one linear form for each entry


def _sides(text: str) -> tuple[tree.Node, str, tree.Node]:
    for op in ("<=", ">=", "==", "=", "<", ">"):
        left, sign, right = text.partition(op)
        if sign and left.strip() and right.strip():
            return _read(left), op, _read(right)
    raise InputError(f"A constraint compares two sides, such as 'a + b <= 1'; this is '{text}'.")


def _read(text: str) -> tree.Node:
    formula = read(text)
    if len(formula.statements) != 1 or formula.statements[0].name is not None:
        raise FormulaError("A side of a constraint is one expression.", text)
    return formula.statements[0].expression


def _combined(a: _Form, b: _Form, sign: float) -> _Form:
    return a[0] + sign * b[0], a[1] + sign * b[1]


def _linear(node: tree.Node, layout: Layout, text: str) -> _Form:
    match node:
        case tree.Number():
            return np.zeros((1, layout.total)), np.array([float(node.value)])
        case tree.Ref():
            return _reference(node, layout)
        case tree.Unary():
            rows, constants = _linear(node.operand, layout, text)
            return (-rows, -constants) if node.op == "-" else (rows, constants)
        case tree.Binary(op="+") | tree.Binary(op="-"):
            left, right = _linear(node.left, layout, text), _linear(node.right, layout, text)
            return _combined(left, right, 1.0 if node.op == "+" else -1.0)
        case tree.Binary(op="*") | tree.Binary(op="/"):
            left, right = _linear(node.left, layout, text), _linear(node.right, layout, text)
            if not right[0].any():
                factor = float(right[1][0]) if node.op == "*" else 1 / float(right[1][0])
                return left[0] * factor, left[1] * factor
            if node.op == "*" and not left[0].any():
                return right[0] * left[1][0], right[1] * left[1][0]
        case tree.Call(function="sum") if len(node.arguments) == 1:
            rows, constants = _linear(node.arguments[0], layout, text)
            return rows.sum(axis=0, keepdims=True), constants.sum(keepdims=True)
    raise InputError(f"The constraint {text} is not linear in the parameters: write sums of numbers times parameters.")


def _reference(node: tree.Ref, layout: Layout) -> _Form:
    _known(node.name, layout)
    unit = np.eye(layout.total)[layout.slices[node.name]]
    if node.indices:
        place = tuple(int(str(i)) for i in node.indices if str(i).isdigit())
        shape = layout.shapes[node.name]
        if len(place) != len(shape) or any(p >= n for p, n in zip(place, shape)):
            raise InputError(f"{node.name} has shape {shape}; an entry of it is written with numbers from 0: w[0].")
        unit = unit[[int(np.ravel_multi_index(place, shape))]]
    return unit, np.zeros(len(unit))


def _known(name: str, layout: Layout) -> None:
    if name not in layout.slices:
        near = nearest(name, list(layout.names))
        hint = f" Did you mean {near}?" if near else f" The parameters are {', '.join(layout.names)}."
        raise InputError(f"{name} is no parameter of the loss.{hint}")
