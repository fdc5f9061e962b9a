"""A loss and its gradient as JavaScript made by the same equations.

made = script(gradient)          made.text defines `evaluate(given, sizes)` and its kin

`given` maps private names to numbers or flat row-major arrays, `sizes` private axis names to lengths. Names of
the user never reach the code, so no text of a formula can become part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.calculus.gradient import Gradient
from symcalc.calculus.hessian import product
from symcalc.compute.dependence import needed
from symcalc.compute.prediction import target
from symcalc.equations import Axis, Equation, Name
from symcalc.errors import InputError
from symcalc.views.javascript.words import definitions
from symcalc.views.javascript.writer import Writer


@dataclass(frozen=True)
class Script:
    """JavaScript that works out a loss and what follows from it.

    Attributes:
        text: The code. It defines `evaluate(given, sizes)` → {value, slopes}, slopes in the order of the
            gradient; `product(given, sizes)` → the Hessian times the direction in `given`, in the same order;
            and, where `predicts`, `trained(given, sizes)` → what predictions take from the training rows, and
            `model(given, sizes, rows)` → the prediction for each row of `given`, which holds `trained` too.
        inputs: Private name → the Name that must be given: parameters, columns, constants.
        directions: Parameter name → the private name of its entry in a direction.
        sizes: Private name → the axis whose length must be given.
        predicts: Whether the loss has one model that predicts.
    """

    text: str
    inputs: Mapping[str, Name]
    directions: Mapping[str, str]
    sizes: Mapping[str, Axis]
    predicts: bool


def script(gradient: Gradient) -> Script:
    """The loss, its slopes, Hessian products and predictions as JavaScript.

    Raises:
        InputError: There is no JavaScript for a function, or the formula has one value a row.
    """
    if gradient.loss.per_row:
        raise InputError("This formula has one value a row; JavaScript needs one number: take its mean(…).")
    return _Scripting(gradient).script()


class _Scripting:
    """The functions of one script."""

    def __init__(self, gradient: Gradient) -> None:
        self.gradient, self.loss = gradient, gradient.loss
        self.size_of = {name.symbol: axis for name, axis in self.loss.sizes}
        self.inputs: dict[str, Name] = {}
        self.helpers: set[str] = set()
        self.sizes: dict[str, Axis] = {}

    def script(self) -> Script:
        gradient, loss = self.gradient, self.loss
        notation = gradient.notation
        own = Writer(notation.names, notation.axes, self.sizes)
        answers = ", ".join(own.word(n) for n in gradient.slopes)
        parts = [
            self._function(
                "evaluate", own, gradient.equations, (loss.output.name, *gradient.slopes),
                f"{{ value: {own.word(loss.output.name)}, slopes: [{answers}] }}",
            )
        ]  # fmt: skip
        made = product(gradient, gradient.wrt)
        second = Writer(made.names, made.axes, self.sizes)
        answers = ", ".join(second.word(n) for n in made.changes)
        parts.append(self._function("product", second, made.equations, made.changes, f"[{answers}]"))
        directions = {p.name: second.word(d) for p, d in zip(gradient.wrt, made.directions)}
        for word in directions.values():
            self.inputs.pop(word, None)
        predictions = self._predictions()
        text = "\n".join([*definitions(self.helpers), *parts, *predictions]) + "\n"
        return Script(text, dict(self.inputs), directions, dict(self.sizes), bool(predictions))

    def _predictions(self) -> list[str]:
        """What predictions take from the training rows, and the predictions."""
        loss, notation = self.loss, self.gradient.notation
        try:
            equation, column = target(loss, None)
        except InputError:
            return []
        chain = needed(loss.equations, [equation.name])
        rows = [e for e in chain if any(axis.rows for axis in e.name.axes)]
        kept = [e for e in chain if e not in rows]
        if not rows or rows[-1].name != equation.name:
            return []
        first, writer = (Writer(notation.names, notation.axes, self.sizes) for _ in range(2))
        answers = ", ".join(f"{first.word(e.name)}" for e in kept)
        trained = self._function("trained", first, loss.equations, [e.name for e in kept], f"{{ {answers} }}")
        word = writer.word(equation.name)
        before = set(self.inputs)
        predicted = self._function("predicted", writer, rows, [equation.name], word)
        for e in kept:
            if writer.word(e.name) not in before:
                self.inputs.pop(writer.word(e.name), None)
        if column is None:
            return [trained, predicted, "const model = (given, sizes, rows) => predicted(given, sizes);"]
        # The residual with its column at 0 is the model, or the model with the other sign.
        own = writer.word(loss.name_of(column))
        sign = "" if _model_stands_first(equation, loss.name_of(column).symbol) else "-"
        return [
            trained,
            predicted,
            f"const model = (given, sizes, rows) => "
            f"predicted({{ ...given, {own}: new Float64Array(rows) }}, sizes).map(r => {sign}r);",
        ]

    def _function(
        self, name: str, writer: Writer, equations: Sequence[Equation], outputs: Sequence[Name], answer: str
    ) -> str:
        steps = needed(equations, outputs)
        lines = [line for equation in steps for line in writer.equation(equation)]
        made = {e.name.symbol for e in steps}
        names = [writer.names[s] for s in sorted(writer.used, key=str)]
        given = [n for n in names if n.symbol not in made and n.symbol not in self.size_of]
        self.inputs |= {writer.word(n): n for n in given}
        self.helpers |= writer.helpers
        lengths = {writer.word(n): writer.size(self.size_of[n.symbol]) for n in names if n.symbol in self.size_of}
        body = [
            *(f"const {writer.word(n)} = given.{writer.word(n)};" for n in given),
            *(f"const {word} = sizes.{word};" for word in writer.lengths),
            *(f"const {word} = {size};" for word, size in lengths.items()),
            *lines,
            f"return {answer};",
        ]
        return "\n".join([f"const {name} = (given, sizes) => {{", *(f"  {line}" for line in body), "};"])


def _model_stands_first(equation: Equation, column: Any) -> bool:
    """Whether the residual is model - column, rather than column - model."""
    for term in equation.terms:
        for reference in [a for a in term.body.atoms(sp.Indexed) if a.base == column]:
            if reference in sp.Add.make_args(term.body):
                return False
    return True
