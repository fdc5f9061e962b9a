"""A loss with each kinked function written as what it is given its slope: |u| = s·u.

With s between -1 and 1 where u = 0, the slopes of such a loss are all the slopes the kinks leave open:
gradient = fixed part + Σ_j s_j·column_j, as long as no kink lies inside another one that is stood on too.

Source: Clarke, Optimization and Nonsmooth Analysis (1983), section 2.3: chain rule and sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symcalc.calculus.forward import along, named, tangents
from symcalc.calculus.partials import branches, references
from symcalc.calculus.reverse import Reverse
from symcalc.compute import inspection
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.assembly import Assembled, assemble
from symcalc.compute.kinks import Kink
from symcalc.compute.standing import Standing
from symcalc.equations import Equation, Name, Term
from symcalc.language import functions as f
from symcalc.language.scope import Scope

if TYPE_CHECKING:
    from symcalc.compute.program import Program

Vector = Any


@dataclass(frozen=True)
class Opened:
    """One kinked function with its slope as a name of its own.

    Attributes:
        kink: The kink.
        name: The name of its slope s, over the kink's indices.
        along: The name of a change of s.
        low: The least value of s on the kink.
        high: The greatest.
        convex: 1 for |u|, relu and max, -1 for min, 0 for where.
        whole: Whether the function is all of its equation.
    """

    kink: Kink
    name: Name
    along: Name
    low: float
    high: float
    convex: int
    whole: bool


class Linear:
    """A loss whose kinks are opened, and its slopes for given s.

    Args:
        program: The compiled loss.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        loss, notation = program.loss, program.gradient_equations.notation
        scope = Scope.continued(notation.names, notation.axes, ())
        scope.sizes = {axis: name for name, axis in loss.sizes}
        self.opened = tuple(_opened(kink, scope) for kink in inspection.moving_kinks(program))
        self.equations = tuple(self._replaced(e) for e in loss.equations)
        output = next(e for e in self.equations if e.name.symbol == loss.output.name.symbol)
        kinked = {o.kink.equation.name.symbol: o.kink.equation.name for o in self.opened}
        kinked.pop(output.name.symbol, None)
        walk = Reverse(self.equations, output, (*program.parameters, *kinked.values()), scope, "∂")
        walk.masked = branches(loss.equations)
        slopes = walk.run()
        self.slopes = slopes[: len(program.parameters)]
        self.adjoints = dict(zip(kinked, slopes[len(program.parameters) :]))
        self.derived = tuple(scope.equations)
        seeds = {o.name.symbol: along(o.along) for o in self.opened}
        change = tangents((*self.equations, *self.derived), seeds, scope)
        self.changes = tuple(named(s, change, scope, (), f"change of {s.name}") for s in self.slopes)
        self.scope = scope
        self.form = ArrayForm(scope.axis_of, lambda axis: sp.Integer(program.sizes[axis]), scope.name_of)
        self._values = self._assembled((*self.equations, *self.derived), self._names())
        inputs = (*program.parameters, *(o.name for o in self.opened), *(o.along for o in self.opened))
        self._columns = self._assembled((*self.equations, *scope.equations), self.changes, inputs)

    def _replaced(self, equation: Equation) -> Equation:
        mine = [o for o in self.opened if o.kink.equation.name.symbol == equation.name.symbol]
        for one in mine:
            s = _reference(one.name, one.kink.indices)
            if one.kink.node is None:
                (term,) = equation.terms
                return replace(equation, terms=(Term(term.over, s * term.body),), reduction="sum")
            mapping = {one.kink.node: _linear(one.kink.node, s)}
            equation = replace(
                equation, terms=tuple(Term(t.over, t.body.xreplace(mapping)) for t in equation.terms)
            )  # fmt: skip
        return equation

    def _names(self) -> tuple[Name, ...]:
        return tuple(e.name for e in (*self.equations, *self.derived))

    def _assembled(
        self, equations: tuple[Equation, ...], outputs: tuple[Name, ...], inputs: tuple[Name, ...] | None = None
    ) -> Assembled:
        program, scope = self.program, self.scope
        chosen = (*program.parameters, *(o.name for o in self.opened)) if inputs is None else inputs
        return assemble(
            equations, chosen, outputs, program.given, scope.axis_of, program.sizes, scope.name_of, "numpy"
        )  # fmt: skip

    # -- values ----------------------------------------------------------------------------------

    def sizes(self, one: Opened) -> tuple[int, ...]:
        """The shape of s."""
        return tuple(int(self.form.size(self.form.axes[i])) for i in one.kink.indices)

    def values(self, point: Mapping[str, Any], s: list[Any]) -> dict[Any, Any]:
        """Private symbol → value for every name, slopes included."""
        with np.errstate(all="ignore"):
            results = self._values.function(*point.values(), *s)
        found = dict(self.program.given)
        found.update({p.symbol: point[p.name] for p in self.program.parameters})
        found.update({o.name.symbol: v for o, v in zip(self.opened, s)})
        found.update({name.symbol: v for name, v in zip(self._names(), results)})
        return found

    def gradient(self, values: Mapping[Any, Any]) -> Vector:
        """The slopes as one flat vector."""
        return self._flat([values[name.symbol] for name in self.slopes])

    def column(self, point: Mapping[str, Any], s: list[Any], which: int, place: tuple[int, ...]) -> Vector:
        """How the slopes change with one entry of one s."""
        units = [np.zeros(self.sizes(o)) for o in self.opened]
        units[which][place] = 1.0
        with np.errstate(all="ignore"):
            return self._flat(list(self._columns.function(*point.values(), *s, *units)))

    def _flat(self, parts: list[Any]) -> Vector:
        layout = self.program.layout
        shaped = {n: np.broadcast_to(np.asarray(p, dtype=float), layout.shapes[n]) for n, p in zip(layout.names, parts)}
        return layout.joined(shaped)

    def inner(self, standing: list[Standing]) -> set[int]:
        """Which of the kinks stood on lie inside another one that is stood on."""
        on = [k for k, found in enumerate(standing) if np.any(found.on)]
        found = set()
        for k in on:
            moved = {self.opened[k].name.symbol}
            for equation in self.equations:
                if any(references(t.body, moved) for t in equation.terms):
                    moved.add(equation.name.symbol)
            for other in on:
                at = self.opened[other].kink
                bodies = [at.gap] if at.gap is not None else [t.body for t in at.equation.terms]
                if other != k and any(references(body, moved) for body in bodies):
                    found.add(k)
        return found


def _opened(kink: Kink, scope: Scope) -> Opened:
    axes = tuple(scope.axis_of[i] for i in kink.indices)
    name = scope.new_name("s", "given", axes, shown=False)
    change = scope.new_name("change of s", "given", axes, shown=False)
    low = -1.0 if isinstance(kink.node, f.Absolute) else 0.0
    smallest = isinstance(kink.node, f.Minimum) or (kink.node is None and kink.equation.reduction == "min")
    convex = 0 if isinstance(kink.node, f.Where) else -1 if smallest else 1
    whole = kink.node is None or (len(kink.equation.terms) == 1 and kink.equation.terms[0].body == kink.node)
    return Opened(kink, name, change, low, 1.0, convex, whole)


def _reference(name: Name, indices: tuple[Any, ...]) -> Any:
    return name.symbol[indices] if indices else name.symbol


def _linear(node: Any, s: Any) -> Any:
    """A kinked function, given its slope."""
    if isinstance(node, f.Absolute | f.Relu):
        return s * node.args[0]
    if isinstance(node, f.Where):
        # A branch that is not taken may be infinite: 0 times it is 0.
        return f.Masked(s, node.args[1]) + f.Masked(1 - s, node.args[2])
    return s * node.args[0] + (1 - s) * node.args[1]


def taken(one: Opened, found: Standing, values: Mapping[Any, Any], linear: Linear) -> Any:
    """The s of one kinked function where it stands on no kink, and 0 where it does."""
    gap, node = found.gap, one.kink.node
    if node is None:
        s = np.where(gap == 0, 1.0, 0.0)
    elif isinstance(node, f.Absolute):
        s = np.sign(gap)
    elif isinstance(node, f.Where):
        from symcalc.compute.kinks import worked

        with np.errstate(all="ignore"):
            s = np.broadcast_to(worked(node.args[0], values, linear.form, one.kink.indices), gap.shape) * 1.0
    else:
        s = np.less(gap, 0) * 1.0 if isinstance(node, f.Minimum) else np.greater(gap, 0) * 1.0
    return np.where(found.on, 0.0, s)


def adjoint(linear: Linear, one: Opened, values: Mapping[Any, Any]) -> Any:
    """The slope of the loss in one kinked function's value."""
    name = linear.adjoints.get(one.kink.equation.name.symbol)
    return 1.0 if name is None else values[name.symbol]
