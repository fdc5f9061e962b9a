"""What rules are shown besides the slopes: the loss, one coordinate, a smooth part, the slopes of a batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.gradient import differentiate
from symcalc.calculus.partials import base_of, references
from symcalc.compute.batches import Batches
from symcalc.compute.inspection import all_values, array_form
from symcalc.compute.kinks import worked
from symcalc.compute.program import Program
from symcalc.descent.method import Plain, Sight
from symcalc.descent.optimizer import State
from symcalc.descent.record import Stand
from symcalc.equations import Equation, Term
from symcalc.errors import InputError
from symcalc.numeric.differentiable import Differentiable, Vector

# What |u| is called in an equation.
ABSOLUTE = ("Abs", "Absolute")


class Again(Plain):
    """A view that remembers nothing: for a step that was taken it looks once more."""

    whole = False

    def again(self, stand: Stand, rate: float, landing: Vector) -> Sight:
        """What the rule was shown for a step that was taken."""
        return self.at(stand, ())


class OfLoss(Again):
    """The loss itself, as `loss`."""

    def at(self, stand: Stand, memory: State) -> Sight:
        """The slopes and the loss."""
        return Sight(stand.gradient, {"loss": np.float64(stand.loss)})


class Coordinate(Again):
    """One entry in turn, as `chosen`, and the bend of the loss along it, as `bend`."""

    turns = True

    def __init__(self, program: Differentiable) -> None:
        self.program = program

    def at(self, stand: Stand, memory: State) -> Sight:
        """The entry whose turn it is; along one that does not bend up the bend is the slope's own size."""
        chosen = np.zeros(len(stand.point))
        k = stand.index % len(chosen)
        chosen[k] = 1.0
        bend = float(self.program.hessian_product(stand.point, chosen)[k])
        if not (np.isfinite(bend) and bend > 0):
            bend = abs(bend) if np.isfinite(bend) and bend else max(1.0, abs(float(stand.gradient[k])))
        return Sight(stand.gradient, {"chosen": chosen, "bend": np.float64(bend)})


class OfBatch(Again):
    """The slopes of a few rows, drawn anew for every epoch from a seed and the epoch's number."""

    called = "_B"
    turns = True

    def __init__(self, batches: Batches) -> None:
        self.batches = batches

    def at(self, stand: Stand, memory: State) -> Sight:
        """The slopes of the batch whose turn it is."""
        return Sight(self.batches.gradient(stand.point, stand.index))


class Smooth(Again):
    """A loss with absolute values of parameters: the slopes of the rest, and the weight of each |parameter|."""

    holds = "the absolute values"

    def __init__(self, program: Differentiable) -> None:
        if not isinstance(program, Program):
            raise InputError("proximal-gradient needs the formula of the loss.")
        self.rest: Differentiable
        self.weight, self.rest = _parted(program)

    def at(self, stand: Stand, memory: State) -> Sight:
        """Slopes of the smooth part, and what a point promises with the absolute values taken whole."""
        _, smooth = self.rest.value_and_gradient(stand.point)

        def promise(point: Vector) -> float:
            return float(smooth @ (point - stand.point) + self.weight @ (np.abs(point) - np.abs(stand.point)))

        return Sight(stand.gradient, {"smooth": smooth, "weight": self.weight}, (), promise)

    def left(self, stand: Stand) -> Vector:
        """The shortest slopes that the kinks leave: at 0 a slope up to the weight of |parameter| is held."""
        _, smooth = self.rest.value_and_gradient(stand.point)
        held = np.sign(smooth) * np.maximum(np.abs(smooth) - self.weight, 0.0)
        return np.asarray(np.where(stand.point == 0, held, stand.gradient))


def _parted(program: Program) -> tuple[Vector, Program]:
    """The weight of |p| for every entry p of the point, and the loss without those terms."""
    loss, layout = program.loss, program.layout
    absolute = {e.name.symbol: _inside(e.terms) for e in loss.equations if len(e.terms) == 1 and not e.terms[0].over}
    values, form = all_values(program, np.zeros(layout.total)), array_form(program)
    owner = {p.symbol: p.name for p in program.parameters}
    weight = np.zeros(layout.total)
    kept: list[Term] = []
    sums = _sums(loss.equations[:-1], absolute)
    for whole in loss.output.terms:
        for term in _addends(whole, absolute, sums):
            body = term.body
            found = [f for f in sp.Mul.make_args(body) if _owner(f, absolute, owner) is not None]
            rest = [f for f in sp.Mul.make_args(body) if f not in found]
            if len(found) != 1 or any(base_of(s) in owner for f in rest for s in f.atoms(sp.Symbol, sp.Indexed)):
                kept.append(Term(term.over, body))
                continue
            name = _owner(found[0], absolute, owner)
            assert name is not None
            factor = np.asarray(worked(sp.Mul(*rest), values, form, term.over if layout.shapes[name] else ()))
            weight[layout.slices[name]] += np.broadcast_to(factor, layout.shapes[name] or (1,)).ravel()
    if not weight.any():
        raise InputError(
            "The loss holds no |parameter| to step over: proximal-gradient is for a lasso, mean(r^2) + lam*sum(abs(w))."
        )
    if (weight < 0).any():
        raise InputError("An absolute value enters the loss with a negative weight: there is no proximal step.")
    terms = tuple(kept) or (Term((), sp.S.Zero),)
    smooth = replace(loss, equations=(*loss.equations[:-1], replace(loss.output, terms=terms)))
    return weight, Program(differentiate(smooth, kinks=program.gradient_equations.kinks))


def _sums(equations: tuple[Equation, ...], absolute: dict[Any, Any]) -> dict[Any, Equation]:
    """Private symbol → equation, for every number that is a sum of what holds an absolute value."""
    found: dict[Any, Equation] = {}
    for equation in equations:
        own = absolute.get(equation.name.symbol) is not None
        if not own and not equation.indices and equation.reduction == "sum":
            if any(references(t.body, {*_absolutes(absolute), *found}) for t in equation.terms):
                found[equation.name.symbol] = equation
    return found


def _absolutes(absolute: dict[Any, Any]) -> set[Any]:
    return {symbol for symbol, inside in absolute.items() if inside is not None}


def _addends(term: Term, absolute: dict[Any, Any], sums: dict[Any, Equation]) -> Iterator[Term]:
    """A term with its products multiplied out and sums put in, so that each absolute value stands in one of its own."""
    if not references(term.body, {*_absolutes(absolute), *sums}):
        yield from (Term(term.over, body) for body in sp.Add.make_args(term.body))
        return
    for body in sp.Add.make_args(sp.expand_mul(term.body)):
        factors = sp.Mul.make_args(body)
        inner = next((f for f in factors if f in sums), None)
        if inner is None:
            yield Term(term.over, body)
            continue
        rest = sp.Mul(*(f for f in factors if f is not inner))
        for part in sums[inner].terms:
            yield from _addends(Term((*term.over, *part.over), rest * part.body), absolute, sums)


def _inside(terms: tuple[Term, ...]) -> Any:
    body = terms[0].body
    return body.args[0] if type(body).__name__ in ABSOLUTE else None


def _owner(factor: Any, absolute: dict[Any, Any], owner: dict[Any, str]) -> str | None:
    """The parameter whose absolute value a factor is."""
    if type(factor).__name__ in ABSOLUTE:
        inside = factor.args[0]
    else:
        inside = absolute.get(base_of(factor)) if _is_name(factor) else None
    return owner.get(base_of(inside)) if inside is not None and _is_name(inside) else None


def _is_name(body: Any) -> bool:
    return bool(body.is_Symbol) or isinstance(body, sp.Indexed)
