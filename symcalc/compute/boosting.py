"""A formula as the objective of gradient-boosted trees: its slope and second derivative in the score, a row each.

objective = boosting_objective("log(1 + exp(-y*p))", prediction="p", label="y")
xgboost.train(parameters, data, obj=objective.xgboost)
lightgbm.train({"objective": objective.lightgbm}, data)
catboost.CatBoostRegressor(loss_function=objective.catboost, eval_metric="RMSE")
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from symcalc.calculus.gradient import Gradient, differentiate
from symcalc.calculus.hessian import second_derivatives
from symcalc.compute.assembly import assemble
from symcalc.compute.boosting_notes import Called, notes_on
from symcalc.errors import InputError
from symcalc.language import loss as language
from symcalc.language.names import Declared, walk
from symcalc.language.reader import read
from symcalc.language.vocabulary import SPELLINGS
from symcalc.looks import Shown
from symcalc.notation import tree


@dataclass(frozen=True)
class BoostingObjective(Shown):
    """What boosting asks of a loss: its slope and second derivative in the prediction, one number a row each.

    Call it as XGBoost and LightGBM do: `(predictions, data)` with something that has `get_label()`, or
    `(labels, predictions)` in scikit-learn's order.

    Attributes:
        text: The formula as typed.
        prediction: Name of the prediction in it: the raw score, before any link function.
        label: Name of the label in it.
        weight: Name of the row weights in it, or None: weights then multiply slope and second derivative.
        clip: The least second derivative handed out, or None.
        constants: Name → number.
        slope: The slope in the prediction, as text: `dL/dp = …`.
        bend: The second derivative, as text: `d²L/dp² = …`.
        notes: What to know before training with it, in sentences.
    """

    text: str
    prediction: str
    label: str
    weight: str | None
    clip: float | None
    constants: Mapping[str, float]
    slope: str
    bend: str
    notes: tuple[str, ...]
    _function: Callable[..., tuple[Any, ...]] = field(repr=False, compare=False)

    def gradient_hessian(self, label: Any, prediction: Any, weight: Any = None) -> tuple[Any, Any]:
        """The slope and the second derivative in the prediction, row by row.

        Args:
            label: Labels, shape (n,).
            prediction: Raw scores, shape (n,).
            weight: Row weights, shape (n,), or None where each row counts once.

        Returns:
            Two new float64 arrays (n,), in units of the loss per score and per score squared.

        Raises:
            InputError: The shapes do not fit, or the formula has no finite slope in some row.
        """
        label, prediction = _row(label, self.label), _row(prediction, self.prediction)
        if label.shape != prediction.shape:
            raise InputError(
                f"{self.label} has {label.size} rows and {self.prediction} has {prediction.size}; this objective "
                "takes one score a row."
            )
        given = None if weight is None or np.size(weight) == 0 else _row(weight, self.weight or "the weight")
        if given is not None and given.shape != label.shape:
            raise InputError(f"There are {given.size} weights for {label.size} rows.")
        value, slope, bend = self._raw(label, prediction, given)
        self._refuse_not_finite(value, slope, bend, label, prediction)
        if self.clip is not None:
            bend = np.maximum(bend, self.clip)
        if given is not None and self.weight is None:
            slope, bend = slope * given, bend * given
        return slope, bend

    def __call__(self, first: Any, second: Any, sample_weight: Any = None) -> tuple[Any, Any]:
        """`(predictions, data)` or `(labels, predictions)`: slope and second derivative, each (n,)."""
        if hasattr(second, "get_label"):
            return self.gradient_hessian(second.get_label(), first, second.get_weight())
        return self.gradient_hessian(first, second, sample_weight)

    @property
    def xgboost(self) -> BoostingObjective:
        """For `xgboost.train(…, obj=…)` and `XGBRegressor(objective=…)`."""
        return self

    @property
    def lightgbm(self) -> BoostingObjective:
        """For `lightgbm.train({"objective": …}, …)` and `LGBMRegressor(objective=…)`."""
        return self

    @property
    def catboost(self) -> CatBoostObjective:
        """For `CatBoostRegressor(loss_function=…)` and `CatBoostClassifier(loss_function=…)`."""
        return CatBoostObjective(self)

    def __reduce__(self) -> tuple[Any, ...]:
        # Compiled functions do not pickle; the formula they were made from does.
        return _again, (self.text, self.prediction, self.label, self.clip, self.weight, dict(self.constants))

    def _raw(self, label: Any, prediction: Any, weight: Any = None) -> tuple[Any, Any, Any]:
        inputs = [label, prediction]
        if self.weight is not None:
            inputs.append(np.ones_like(label) if weight is None else weight)
        with np.errstate(all="ignore"):
            found = self._function(*inputs)
        value, slope, bend = (np.array(np.broadcast_to(v, label.shape), dtype=float) for v in found)
        return value, slope, bend

    def _refuse_not_finite(self, value: Any, slope: Any, bend: Any, label: Any, prediction: Any) -> None:
        bad = np.flatnonzero(np.isnan(value) | ~(np.isfinite(slope) & np.isfinite(bend)))
        if bad.size:
            row = int(bad[0])
            raise InputError(
                f"The formula has no finite slope in row {row + 1}, at {self.label} = {label[row]:g}, {self.prediction} "
                f"= {prediction[row]:g}. Scores are any real numbers: put a link function such as sigmoid"
                f"({self.prediction}) or exp({self.prediction}) into it."
            )


@dataclass  # not frozen: CatBoost leaves a mark of its own on the object it is given
class CatBoostObjective:
    """A boosting objective as CatBoost asks for it: derivatives of what is made larger, so with the other sign."""

    objective: BoostingObjective

    def calc_ders_range(self, approxes: Any, targets: Any, weights: Any) -> list[tuple[float, float]]:
        """First and second derivative of the negative loss, a pair a row."""
        slope, bend = self.objective.gradient_hessian(
            np.asarray(targets), np.asarray(approxes), None if weights is None else np.asarray(weights)
        )
        return list(zip((-slope).tolist(), (-bend).tolist()))


def boosting_objective(
    text: str,
    prediction: str,
    label: str,
    clip: float | None = None,
    weight: str | None = None,
    constants: Mapping[str, float] | None = None,
) -> BoostingObjective:
    """The objective of gradient-boosted trees that a formula is.

    Args:
        text: The loss of one row, such as `log(1 + exp(-y*p))`. An outer `mean(…)` or `sum(…)` is left out,
            with a warning: 1/n would scale every slope.
        prediction: Name of the prediction in it, the raw score.
        label: Name of the label in it.
        clip: The least second derivative to hand out, above 0; none by default.
        weight: Name of the row weights, where the formula has them.
        constants: Name → number, for every other name in it.

    Raises:
        FormulaError: The formula cannot be used.
        InputError: It has no slope per row in the prediction, or a name has no value.
    """
    if clip is not None and not (math.isfinite(clip) and clip > 0):
        raise InputError(f"clip is {clip!r}; give a number above 0, such as 1e-6, or None.")
    if not isinstance(text, str):
        raise InputError(f"A formula is text, not {type(text).__name__}.")
    formula, notes = _a_row(read(text))
    for note in notes:
        warnings.warn(note, stacklevel=2)
    words = [label, prediction, *([weight] if weight is not None else [])]
    numbers = {name: float(value) for name, value in (constants or {}).items()}
    said = _read_by_row(formula, words, numbers)
    # Read once more with a number for every name: NumPy then takes arrays of any length.
    shapes: dict[str, tuple[int | str, ...]] = dict.fromkeys(words, ())
    loss = language.read(formula, Declared(parameters=shapes, constants=dict.fromkeys(numbers, ())))
    gradient = differentiate(replace(loss, values=numbers), prediction)
    function, bend = _compiled(gradient, words, numbers)
    slope = f"{gradient.slope_name(prediction).name} = {gradient.text[prediction]}"
    made = BoostingObjective(text, prediction, label, weight, clip, numbers, slope, bend, tuple(notes), function)
    called = Called(bend.split(" = ")[0], label, prediction, clip)
    return replace(made, notes=(*notes, *said, *notes_on(called, made._raw)))


def _again(
    text: str,
    prediction: str,
    label: str,
    clip: float | None,
    weight: str | None,
    constants: Mapping[str, float],
) -> BoostingObjective:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # told when it was first made
        return boosting_objective(text, prediction, label, clip, weight, constants)


def _a_row(formula: tree.Formula) -> tuple[tree.Formula, list[str]]:
    """The formula without a reduction around it, and a note where there was one."""
    last = formula.statements[-1]
    node, found = last.expression, []
    while isinstance(node, tree.Call) and len(node.arguments) == 1 and SPELLINGS.get(node.function) in ("mean", "sum"):
        found.append(node.function)
        node = node.arguments[0]
    if not found:
        return formula, []
    words = " of ".join(found)
    scale = ": its 1/n would scale every slope and leave nothing of the least weight a leaf asks for" if (
        "mean" in (SPELLINGS[w] for w in found)) else ""  # fmt: skip
    note = f"The {words} was left out, since boosting takes the loss of one row{scale}."
    return replace(formula, statements=(*formula.statements[:-1], replace(last, expression=node))), [note]


def _read_by_row(formula: tree.Formula, words: list[str], numbers: Mapping[str, float]) -> tuple[str, ...]:
    """The notes on a formula whose names are columns.

    Raises:
        InputError: It is no loss of one row in these names.
    """
    columns: dict[str, None] = dict.fromkeys(words)
    loss = language.read(formula, Declared(bound=columns, constants=dict.fromkeys(numbers, ())))
    found = {n.name for s in formula.statements for n in walk(s.expression) if isinstance(n, tree.Ref)}
    unused = [word for word in words if word not in found]
    if unused:
        raise InputError(f"There is no {unused[0]} in the formula; it has {', '.join(sorted(found))}.")
    if loss.parameters:
        names = ", ".join(p.name for p in loss.parameters)
        raise InputError(f"{names} has no value: give it with constants=, or say that it is the label or the weight.")
    if any(loss.notation.axes[i].rows for e in loss.equations for t in e.terms for i in t.over):
        raise InputError(
            "The formula reduces over rows; boosting takes the loss of one row, without mean(…) or sum(…)."
        )
    return tuple(note for note in loss.notes if not note.startswith("There is no parameter"))


def _compiled(
    gradient: Gradient, words: list[str], numbers: Mapping[str, float]
) -> tuple[Callable[..., tuple[Any, ...]], str]:
    """(label, prediction[, weight]) → (value, slope, second derivative), and the second derivative as text."""
    (block,) = second_derivatives(gradient).values()
    loss, notation = gradient.loss, block.notation
    inputs = [loss.name_of(word) for word in words]
    given = {loss.name_of(name).symbol: value for name, value in numbers.items() if name in _names(loss)}
    outputs = (loss.output.name, *gradient.slopes, block.equation.name)
    made = assemble(block.equations, inputs, outputs, given, notation.axes, {}, notation.names, "numpy")
    return made.function, f"{block.name} = {block.text}"


def _names(loss: language.Loss) -> set[str]:
    return {c.name for c in loss.constants}


def _row(values: Any, name: str) -> Any:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"{name} is not an array of numbers.") from None
    if array.ndim == 2 and array.shape[1] == 1:
        return array[:, 0]
    if array.ndim != 1:
        raise InputError(f"{name} has the shape {array.shape}; this objective takes one number a row.")
    return array
