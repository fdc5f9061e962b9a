"""The residuals of a loss that is a sum of squares, with their exact Jacobian.

residuals = residuals_of(program)
r, J = residuals(point)        loss = c + Σ r²,  J = ∂r/∂point
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symcalc.calculus.contraction import contracted
from symcalc.calculus.forward import Change, tangents, unit
from symcalc.compute.assembly import assemble
from symcalc.equations import Equation, Name, Term
from symcalc.errors import InputError
from symcalc.language.scope import Scope

if TYPE_CHECKING:
    from symcalc.compute.points import Vector
    from symcalc.compute.program import Program

NO_SQUARES = (
    "The loss is no sum of squares, so it has no residuals: least squares needs mean((y - yhat)^2) or the like; "
    "newton and l-bfgs take any smooth loss."
)


@dataclass(frozen=True)
class Square:
    """One term of a sum of squares: weight·root², summed over some indices.

    Attributes:
        over: The indices it is summed over.
        weight: The factor; it holds no parameter, and its values must not be negative.
        root: What is squared.
    """

    over: tuple[Any, ...]
    weight: Any
    root: Any


@dataclass(frozen=True)
class Residuals:
    """All residuals of a loss, and their slopes, as one function of a flat point.

    Attributes:
        size: Number of parameters P.
    """

    size: int
    _function: Callable[..., tuple[Any, ...]]
    _split: Callable[[Any], dict[str, Any]]
    _shapes: tuple[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]], ...]
    _roots: tuple[Vector, ...]

    def __call__(self, point: Any) -> tuple[Vector, Vector]:
        """Residuals (m,) and Jacobian (m, P) at a flat point (P,), weights included: the loss is Σ r²."""
        with np.errstate(all="ignore"):
            found = iter(self._function(*self._split(point).values()))
        parts, rows = [], []
        for (shape, widths), root in zip(self._shapes, self._roots):
            parts.append((_full(next(found), shape) * root).ravel())
            blocks = [_full(next(found), shape + width).reshape(parts[-1].size, -1) for width in widths]
            rows.append(np.hstack(blocks) * np.broadcast_to(root, shape).reshape(-1, 1))
        return np.concatenate(parts), np.vstack(rows)


def _full(value: Any, shape: tuple[int, ...]) -> Any:
    return np.broadcast_to(np.asarray(value, dtype=float), shape)


def squares(program: Program) -> tuple[Square, ...]:
    """The squares a loss is the sum of; what holds no parameter is left out.

    Raises:
        InputError: The loss is no sum of squares.
    """
    if program.loss.per_row:
        raise InputError(NO_SQUARES)
    moving = _moving(program)
    return tuple(_squares(program, program.loss.output, sp.S.One, moving))


def _moving(program: Program) -> set[Any]:
    """Private symbols that change with the parameters."""
    moving = {p.symbol for p in program.parameters}
    for equation in program.loss.equations:
        if any(_symbols(t.body) & moving for t in equation.terms):
            moving.add(equation.name.symbol)
    return moving


def _symbols(body: Any) -> set[Any]:
    found: set[Any] = {a.base for a in body.atoms(sp.Indexed)} | body.atoms(sp.Symbol)
    return found


def _squares(program: Program, equation: Equation, factor: Any, moving: set[Any]) -> list[Square]:
    defined = {e.name.symbol: e for e in program.loss.equations}
    found: list[Square] = []
    if equation.reduction != "sum":
        raise InputError(NO_SQUARES)
    for term in equation.terms:
        for body in sp.Add.make_args(sp.expand_mul(term.body, deep=False)):
            parts = sp.Mul.make_args(body)
            still = [p for p in parts if not _symbols(p) & moving]
            alive = [p for p in parts if _symbols(p) & moving]
            weight = sp.Mul(factor, *still)
            if not alive:
                continue
            root = _root(alive)
            if root is not None and (inner := _under_root(root, defined)) is not None and not term.over:
                found += _squares(program, replace(inner, terms=inner.terms), weight, moving)
            elif root is not None:
                found.append(Square(term.over, weight, root))
            elif len(alive) == 1 and not term.over and alive[0] in defined and not equation.indices:
                found += _squares(program, defined[alive[0]], weight, moving)
            else:
                raise InputError(NO_SQUARES)
    return found


def _root(parts: list[Any]) -> Any:
    """What a product of even powers is the square of, or None."""
    roots = []
    for part in parts:
        base, exponent = part.as_base_exp()
        if not (exponent.is_Integer and exponent > 0 and exponent % 2 == 0) or base is sp.E:
            return None
        roots.append(base ** (exponent / 2))
    return sp.Mul(*roots)


def _under_root(root: Any, defined: dict[Any, Equation]) -> Equation | None:
    """The sum S where the root is named √S, as in a squared norm."""
    equation = defined.get(root)
    if equation is None or len(equation.terms) != 1 or equation.terms[0].over:
        return None
    body = equation.terms[0].body
    if body.is_Pow and body.exp == sp.Rational(1, 2):
        return defined.get(body.base)
    return None


def residuals_of(program: Program) -> Residuals:
    """The residuals of a loss as a function.

    Raises:
        InputError: The loss is no sum of squares, or a weight is negative.
    """
    found, loss = squares(program), program.loss
    if not found:
        raise InputError(NO_SQUARES)
    notation = loss.notation
    scope = Scope.continued(notation.names, notation.axes, loss.equations)
    scope.sizes = {axis: name for name, axis in loss.sizes}
    roots: list[Name] = []
    weights: list[Name] = []
    for square in found:
        roots.append(_defined(scope, square.over, (Term((), square.root),), "residual"))
        weights.append(_defined(scope, square.over, (Term((), square.weight),), "weight"))
    base = (*loss.equations, *scope.equations)
    outputs: list[Name] = []
    slopes = {p.name: _changes(base, p, scope) for p in program.parameters}
    shapes = []
    for square, root in zip(found, roots):
        outputs.append(root)
        for p in program.parameters:
            extra, change = slopes[p.name]
            terms = change[root.symbol](square.over) if root.symbol in change else (Term((), sp.S.Zero),)
            terms = tuple(contracted(list(terms), scope.size_of)) or (Term((), sp.S.Zero),)
            outputs.append(_defined(scope, (*square.over, *extra), terms, f"slope {len(outputs)}"))
        widths = tuple(program.layout.shapes[p.name] for p in program.parameters)
        shapes.append((tuple(program.sizes[a] for a in root.axes), widths))
    names, axes = scope.name_of, scope.axis_of
    equations = (*loss.equations, *scope.equations)
    fixed = assemble(equations, (), tuple(weights), program.given, axes, program.sizes, names, "numpy")
    made = assemble(equations, program.parameters, tuple(outputs), program.given, axes, program.sizes, names, "numpy")
    return Residuals(
        program.layout.total, made.function, program.layout.split, tuple(shapes), _weights(fixed.function(), found)
    )


def _weights(values: Any, found: tuple[Square, ...]) -> tuple[Vector, ...]:
    roots = []
    for value in values:
        weight = np.asarray(value, dtype=float)
        if (weight < 0).any():
            raise InputError("A square enters the loss with a negative weight: it is no sum of squares.")
        roots.append(np.sqrt(weight))
    return tuple(roots)


def _changes(
    equations: tuple[Equation, ...], parameter: Name, scope: Scope
) -> tuple[tuple[Any, ...], dict[Any, Change]]:
    extra = tuple(scope.index(axis) for axis in parameter.axes)
    return extra, tangents(equations, {parameter.symbol: unit(extra)}, scope, extra)


def _defined(scope: Scope, indices: tuple[Any, ...], terms: tuple[Term, ...], title: str) -> Name:
    """An equation of its own, whatever it equals: every output needs a name."""
    own, body = scope.canonical(indices, terms)
    made = scope.new_name(scope.free_name(title), "derivative", tuple(scope.axis_of[i] for i in own))
    scope.equations.append(Equation(made, own, body))
    return made
