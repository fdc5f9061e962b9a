"""A gradient as fast NumPy: values, gradients, Hessians at points.

program = compile_gradient(gradient)
value, slopes = program.value_and_gradient({"m": 1.0, "b": 2.0})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.calculus.hessian import product
from symcalc.compute import bound, inspection, prediction
from symcalc.compute.assembly import Assembled, Lines, assemble
from symcalc.compute.certificate import Certificate, certificate
from symcalc.compute.hessian import WholeHessian
from symcalc.compute.multipliers import Linear
from symcalc.compute.plan import Plan
from symcalc.compute.points import Layout, Values
from symcalc.compute.precision import FLOAT64, Precision, precision_named
from symcalc.compute.printing import Backend
from symcalc.compute.reference import reference
from symcalc.compute.subdifferential import Subdifferential, subdifferential
from symcalc.equations import Axis, Equation, Name
from symcalc.language.scope import Scope, Value
from symcalc.looks import Shown

_MOST_SIDES = 500


class Program(Shown):
    """A compiled gradient.

    A point is a mapping from parameter names to numbers or arrays, or one flat array (row-major, in
    parameter order); answers come in the same form.

    Args:
        gradient: The gradient.
        dtype: How exactly rows are worked out for values and slopes: float64 or float32.

    Raises:
        InputError: The loss has columns and no data, a constant has no value, or there is no such dtype.
    """

    def __init__(self, gradient: Gradient, dtype: Any = "float64") -> None:
        self.precision = precision_named(dtype)
        self.gradient_equations = gradient
        self.loss = gradient.loss
        self.parameters = gradient.loss.parameters
        notation = gradient.notation
        self.sizes = bound.sizes(self.loss, {*notation.axes.values(), *(a for _, a in self.loss.sizes)})
        self.given = bound.given(self.loss, self.sizes)
        shapes = {p.name: tuple(self.sizes[a] for a in p.axes) for p in self.parameters}
        self.layout = Layout(self.parameters, shapes)
        self._moments: dict[Any, Any] = {}
        self._wrt = tuple(n for n in gradient.wrt if n in self.parameters)
        self.slopes = tuple(s for n, s in zip(gradient.wrt, gradient.slopes) if n in self.parameters)

    @cached_property
    def function(self) -> Callable[..., tuple[Any, ...]]:
        """The compiled function itself: (*parameters) → (value, *partials); nothing is checked."""
        return self._both.function

    @property
    def lines(self) -> Lines | None:
        """The lines of `function` where it is plain floats throughout, else None."""
        return self._both.lines

    def plan(self) -> Plan:
        """What a call does: each array operation, its shape and cost, the passes over the rows."""
        return self._both.plan()

    @property
    def kept_exact(self) -> str:
        """Why no row is worked out in float32 though that was asked for; empty where rows are, or nobody asked."""
        return self._both.kept_exact

    @property
    def rounds(self) -> bool:
        """Whether rows are worked out in float32."""
        return self.precision.single and not self.kept_exact

    @cached_property
    def _both(self) -> Assembled:
        return self._assembled(
            self.gradient_equations.equations, (self.loss.output.name, *self.slopes), precision=self.precision
        )

    @cached_property
    def _value(self) -> Assembled:
        both: Assembled | None = self.__dict__.get("_both")
        if both is not None and both.gathered:
            # The same bits, and slopes over moments cost less than more code.
            return replace(both, function=lambda *point: both.function(*point)[:1])
        return self._assembled(self.loss.equations, (self.loss.output.name,), precision=self.precision)

    @cached_property
    def _product(self) -> Assembled:
        made = product(self.gradient_equations, self._wrt)
        return self._assembled(
            made.equations, made.changes, (*self.parameters, *made.directions), made.names, made.axes
        )

    @cached_property
    def _hessian(self) -> WholeHessian:
        return WholeHessian(self)

    @cached_property
    def _kinked(self) -> bool:
        return not self.loss.per_row and bool(inspection.moving_kinks(self))

    @cached_property
    def _with_ties(self) -> Assembled:
        """Value, slopes, and how many entries stand on a kink."""
        notation = self.gradient_equations.notation
        scope = Scope.continued(notation.names, notation.axes, ())
        count = scope.define(Value(inspection.ties(self)), name="ties", kind="intermediate")
        equations = (*self.gradient_equations.equations, *scope.equations)
        outputs = (self.loss.output.name, *self.slopes, scope.name_of[count.body])
        return self._assembled(equations, outputs, None, scope.name_of, scope.axis_of, precision=self.precision)

    def _by_sides(self, values: Values, slopes: Values) -> Values:
        """The slopes, with the value by branch wherever both sides of a parameter agree."""
        found = dict(slopes)
        for name, (left, right) in inspection.sides(self, values).items():
            if name not in found:
                continue
            scale = np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
            agree = np.isfinite(left) & np.isfinite(right) & (np.abs(left - right) <= 1e-12 * scale)
            chosen = np.where(agree, right, found[name])
            found[name] = chosen if chosen.ndim else float(chosen)
        return found

    def _whole(self, slopes: Values) -> Values:
        return {n: slopes.get(n, np.zeros(self.layout.shapes[n])) for n in self.layout.names}

    def every_value(self, values: Values) -> tuple[Any, ...]:
        """The value of every equation of the loss, in order; for looking, not for speed."""
        return self._call(self._every, values)

    @cached_property
    def _every(self) -> Assembled:
        return self._assembled(self.loss.equations, tuple(e.name for e in self.loss.equations))

    def kinks(self, point: Any) -> tuple[str, ...]:
        """A sentence for each kink that the point stands on; empty if none."""
        return inspection.standing_on(self, point)

    @cached_property
    def linear(self) -> Linear:
        """The loss with each kinked function written as linear, given its slope."""
        return Linear(self)

    def subdifferential(self, point: Any) -> Subdifferential:
        """The interval of slopes in each parameter at a point; see `subdifferential.subdifferential`."""
        return subdifferential(self, point)

    def certificate(self, point: Any) -> Certificate:
        """Whether all slopes can be 0 at once at a point, with the proof; see `certificate.certificate`."""
        return certificate(self, point)

    def sides(self, point: Any) -> dict[str, tuple[Any, Any]]:
        """Parameter → (slope to its left, slope to its right): they differ where the point is on a kink."""
        return inspection.sides(self, point)

    def not_finite(self, point: Any) -> str:
        """Where the loss first leaves the finite numbers at a point: equation, row and point, as a sentence."""
        return inspection.not_finite(self, point)

    def predict(self, point: Any, data: Any, name: str | None = None) -> Any:
        """The definition `name` for new rows: one number a row, shape (m,); see `prediction.predict`.

        Args:
            point: The fitted parameters.
            data: Table, or mapping column → array (m,).
            name: The definition; the model in the loss's one residual `column - model` unless given.
        """
        return prediction.predict(self, point, data, name)

    def training_values(self, point: Any) -> dict[str, Any]:
        """What predictions take from the training data: the value of each reduction over rows."""
        return prediction.training_values(self, point)

    def _assembled(
        self,
        equations: tuple[Equation, ...],
        outputs: tuple[Name, ...],
        inputs: tuple[Name, ...] | None = None,
        names: Mapping[Any, Name] | None = None,
        axes: Mapping[Any, Axis] | None = None,
        backend: Backend | None = None,
        precision: Precision = FLOAT64,
    ) -> Assembled:
        notation = self.gradient_equations.notation
        return assemble(
            equations, self.parameters if inputs is None else inputs, outputs, self.given,
            axes or notation.axes, self.sizes, names or notation.names, backend, self._moments, precision,
        )  # fmt: skip

    def checked_point(self, point: Any) -> Values:
        """A point as a mapping of floats and float64 arrays.

        Raises:
            InputError: A name is missing or unknown, or a shape is wrong.
        """
        return self.layout.checked(point)

    def value(self, point: Any) -> Any:
        """The loss at a point: a float; an array (n,) for a formula with one value a row."""
        return _result(self._call(self._value, self.checked_point(point))[0])

    def gradient(self, point: Any) -> Any:
        """The slopes at a point, in the form of the point."""
        return self.value_and_gradient(point)[1]

    def value_and_gradient(self, point: Any) -> tuple[Any, Any]:
        """The loss and its slopes at a point; the slopes in the form of the point."""
        values = self.checked_point(point)
        if not self._kinked:
            value, *slopes = self._call(self._both, values)
            return _result(value), self._formed(slopes, point)
        value, *slopes, ties = self._call(self._with_ties, values)
        formed = self._formed(slopes, values)
        if ties and self.layout.total <= _MOST_SIDES:
            formed = self._by_sides(values, formed)
        return _result(value), formed if isinstance(point, Mapping) else self.layout.joined(self._whole(formed))

    def hessian_product(self, point: Any, direction: Any) -> Any:
        """The Hessian at a point times a direction, without forming the Hessian; in the form of the point."""
        values, along = self.checked_point(point), self.checked_point(direction)
        with np.errstate(all="ignore"):
            changes = self._product.function(*values.values(), *(along[n.name] for n in self._wrt))
        return self._formed(list(changes), point)

    def hessian(self, point: Any) -> Any:
        """All second derivatives at a point.

        Returns:
            (p, q) → array of shape p + q (a float for two numbers); for a flat point one (P, P) array.
        """
        whole = self._hessian(self.layout.joined(self.checked_point(point)))
        return self.layout.blocks(whole) if isinstance(point, Mapping) else whole

    def complex_value(self, point: Mapping[str, Any]) -> complex | None:
        """The loss for complex parameters, for the complex step; None where the loss has no complex form."""
        if (assembled := self._complex) is None:
            return None
        try:
            with np.errstate(all="ignore"):
                (value,) = assembled.function(*(np.asarray(point[n], dtype=complex) for n in self.layout.names))
            return complex(value)
        except (TypeError, ValueError, NameError):
            return None

    @cached_property
    def _complex(self) -> Assembled | None:
        if not inspection.has_complex_form(self) or self.loss.per_row:
            return None
        return self._assembled(self.loss.equations, (self.loss.output.name,), backend="complex")

    def reference(self, point: Any) -> tuple[Any, dict[str, Any]] | None:
        """The loss and its slopes worked out with 40 digits; None beyond 10,000 rows or outside the domain."""
        return reference(self, self.checked_point(point))

    def _call(self, assembled: Assembled, values: Values) -> tuple[Any, ...]:
        # Plain floats are several times as fast as NumPy's own.
        point = map(float, values.values()) if assembled.scalar else values.values()
        with np.errstate(all="ignore"):
            return assembled.function(*point)

    def _formed(self, slopes: list[Any], point: Any) -> Any:
        rows = (self.loss.rows or 0,) if self.loss.per_row else ()
        found: Values = dict.fromkeys(self.layout.names, 0.0) if len(self._wrt) < len(self.parameters) else {}
        for name, slope in zip(self._wrt, slopes):
            shape = rows + self.layout.shapes[name.name]
            array = np.broadcast_to(np.asarray(slope, dtype=float), shape)
            found[name.name] = np.array(array) if shape else float(array)
        if isinstance(point, Mapping):
            return {n.name: found[n.name] for n in self._wrt}
        return self.layout.joined({n: np.broadcast_to(found[n], self.layout.shapes[n]) for n in self.layout.names})


def _result(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else np.asarray(value, dtype=float)


def compile_gradient(gradient: Gradient, dtype: Any = "float64") -> Program:
    """A gradient as fast NumPy: `Program(gradient, dtype)`."""
    return Program(gradient, dtype)
