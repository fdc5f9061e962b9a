"""The public verbs: parse, differentiate, compile, descend, compare, check, study.

loss     = parse("mean((y - (m*x + b))^2)", data="movies")
gradient = differentiate(loss)
program  = compile(gradient)
trace    = descend(program, start={"m": 0, "b": 0}, learning_rate=1e-6)
rates    = step_sizes(program, at={"m": 0, "b": 0})
result   = compare(program, at={"m": 1.4, "b": 100})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symcalc.calculus.conventions import DEFAULT
from symcalc.calculus.gradient import Gradient, differentiate
from symcalc.catalogue.lessons import LESSONS
from symcalc.compute.boosting import boosting_objective
from symcalc.compute.curvature import gauss_newton, jacobian
from symcalc.compute.program import Program, compile_gradient
from symcalc.curvature import step_sizes as curvature
from symcalc.curvature.ending import ending
from symcalc.descent import sensitivity as sensitivities
from symcalc.descent.loop import descend
from symcalc.descent.optimizer import Optimizer, optimizer_named
from symcalc.descent.rates import checked_rate
from symcalc.descent.start import start_of
from symcalc.descent.trace import Trace
from symcalc.equations import Structure
from symcalc.errors import InputError
from symcalc.language import loss as language
from symcalc.language import onehot
from symcalc.language.limits import LIMITS, Limits
from symcalc.language.loss import Loss
from symcalc.language.names import Declared
from symcalc.language.reader import read as read_formula
from symcalc.language.shapes import Shape
from symcalc.marking import checking
from symcalc.marking.checking import Checked
from symcalc.notation import tree
from symcalc.numeric.comparison import compare
from symcalc.sources.classes import classes
from symcalc.sources.reading import read as read_data
from symcalc.sources.table import Fault, Table
from symcalc.studies import Study

__all__ = [
    "boosting_objective",
    "check",
    "compare",
    "compile",
    "descend",
    "differentiate",
    "ending",
    "gauss_newton",
    "jacobian",
    "parse",
    "sensitivity",
    "step_sizes",
    "study",
]


def parse(
    text: str,
    data: Any = None,
    constants: Mapping[str, Any] | None = None,
    parameters: Sequence[str] | Mapping[str, Any] | None = None,
    columns: Mapping[str, str | Sequence[str]] | Sequence[str] | None = None,
    shapes: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
    symmetric: Sequence[str] = (),
    positive_definite: Sequence[str] = (),
) -> Loss:
    """A loss from a formula.

    Args:
        text: The formula: statements, the last of which is the loss.
        data: Path of a CSV file, mapping from names to arrays, data frame, or name of a built-in lesson.
        constants: Name → number or array: printed by name, not differentiated.
        parameters: What is differentiated: names, or name → shape; inferred unless given.
        columns: Name → header of a column of the data, or several headers for a matrix (n, k).
        shapes: Name → shape of names that are otherwise inferred; unlike `parameters` it declares nothing else.
        limits: Bounds on length, depth and size of the formula.
        symmetric: Names of square matrices that are symmetric; the slope in such a parameter is symmetric too.
        positive_definite: The same of positive-definite ones; they are solved by Cholesky's factorization.

    Returns:
        The loss, with `.parameters`, `.columns`, `.equations`, `.text`, `.latex` and `.notes`.

    Raises:
        FormulaError: The formula cannot be used; the error says where and why.
        DataError: The data cannot be used.
        InputError: A declaration cannot be used.
    """
    if not isinstance(text, str):
        raise InputError(f"A formula is text, not {type(text).__name__}.")
    table = read_data(data, {name: lesson.columns for name, lesson in LESSONS.items()})
    values = _constants(constants or {})
    declared = Declared(
        columns=_widths(table),
        bound=_bound(columns),
        constants={name: np.shape(value) for name, value in values.items()},
        parameters=_parameters(parameters),
        shapes={n: s for n, s in (_parameters(shapes) or {}).items() if s is not None},
        data=table is not None,
        structures=_structures(symmetric, positive_definite),
    )
    formula = read_formula(text, limits)
    declared = replace(declared, classes=_classes(formula, declared, table))
    read = language.read(formula, declared, row_count=None if table is None else table.rows)
    notes = (*(table.notes if table is not None else ()), *read.notes)
    return replace(read, data=table, values=values, notes=notes)


def compile(gradient: Gradient) -> Program:
    """A gradient as fast NumPy: `.value`, `.gradient`, `.hessian` at points, and the bare `.function`.

    Raises:
        InputError: The loss has columns and no data, or a constant has no value.
    """
    return compile_gradient(gradient)


def sensitivity(of: Program | Trace, to: Any, at: Any = None) -> sensitivities.Sensitivity:
    """How an end point would move if something did: its derivative.

    Args:
        of: A compiled loss, for the minimum near `at`; or a trace, for the end of that run.
        to: A constant (`"lam"`), a column (`"y"`), one cell of it (`("y", 3)` or `"y[3]"`, counted from 0); for a trace
            also `"learning_rate"` or a constant of its optimizer.
        at: A point near the minimum; where a descent would start unless given. A trace given together with it
            speaks of the minimum as well.

    Raises:
        InputError: There is nothing of that name, no minimum near the point, or the run cannot be differentiated.
    """
    if isinstance(of, Trace) and at is None:
        return sensitivities.of_run(of, to)
    program: Any = of.program if isinstance(of, Trace) else of
    return sensitivities.of_minimum(program, to, start_of(program, None)[0] if at is None else at)


def step_sizes(
    program: Program,
    at: Any = None,
    learning_rate: float | None = None,
    optimizer: str | Optimizer = "gradient-descent",
    constants: Mapping[str, float] | None = None,
) -> curvature.StepSizes:
    """Which rates can work from a point, by the exact Hessian there: before any step is taken.

    Args:
        program: The compiled loss.
        at: The point; where a descent would start unless given.
        learning_rate: A rate to judge; the best constant one unless given.
        optimizer: The rule it is for. Those that are linear in the gradient have an exact theory: gradient
            descent, momentum, nesterov, and your own.
        constants: Values of the optimizer's constants.

    Returns:
        A frozen value: `.largest .best .condition .contraction .directions`, sentences (`.verdict .findings
        .remedies`), and for a quadratic loss `.minimum` and the whole run in closed form, `.path(steps)`.

    Raises:
        InputError: The point does not fit, or the bend of the loss is not finite there.
    """
    point = start_of(program, None)[0] if at is None else at
    return curvature.step_sizes(
        program, point, checked_rate(learning_rate), optimizer_named(optimizer, constants)
    )  # fmt: skip


def check(
    loss: Loss | str, wrt: str | None = None, answer: str = "", data: Any = None, on_data: bool = False,
    kinks: str = DEFAULT, **declared: Any,
) -> Checked:  # fmt: skip
    """Whether an answer is the slope of a loss, and if not, which mistake leads to it.

    Args:
        loss: The loss, or its formula.
        wrt: The parameter; may be left out where there is only one.
        answer: The slope as somebody wrote it, in the names of the loss: `-2*mean(x*(y - (m*x + b)))`.
        data: For a formula: as for `parse`.
        on_data: Whether it is enough to be equal on the data, instead of for all data.
        kinks: The convention for slopes at kinks.
        declared: For a formula: constants, parameters, columns, shapes as for `parse`.

    Returns:
        A frozen value with `.verdict` (correct or wrong), `.diagnosis`, `.right` and `.counterexample`.

    Raises:
        FormulaError: The answer cannot be read; the error says where and why.
        InputError: There is no such parameter, or nothing can be compared.
    """
    made = parse(loss, data, **declared) if isinstance(loss, str) else loss
    return checking.check(made, wrt, answer, kinks, on_data)


def study(text: str, data: Any = None, at: Any = None, **declared: Any) -> Study:
    """Everything about one loss in one frozen value: loss, gradient, program, comparison at a point.

    Args:
        text: The formula.
        data: As for `parse`.
        at: A point for the comparison; none without it.
        declared: constants, parameters, columns as for `parse`.
    """
    loss = parse(text, data, **declared)
    gradient = differentiate(loss)
    ready = not loss.columns or loss.data is not None
    program = compile(gradient) if ready else None
    comparison = compare(program, at=at) if program is not None and at is not None else None
    return Study(loss, gradient, program, comparison)


def _constants(constants: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for name, value in constants.items():
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise InputError(f"The constant {name} is not a number or an array of numbers: {value!r}.") from None
        if not np.all(np.isfinite(array)):
            raise InputError(f"The constant {name} is not finite.")
        values[name] = float(array) if array.ndim == 0 else array
    return values


def _structures(symmetric: Sequence[str], definite: Sequence[str]) -> dict[str, Structure]:
    one, two = ([words] if isinstance(words, str) else words for words in (symmetric, definite))
    return {**dict.fromkeys(one, "symmetric"), **dict.fromkeys(two, "positive-definite")}


def _widths(table: Table | None) -> dict[str, Shape]:
    """Column → the shape of one row of it."""
    if table is None:
        return {}
    widths: dict[str, Shape] = {}
    for name in table.names:
        entry = table.columns.entry(name)
        widths[name] = () if isinstance(entry, Fault) else tuple(int(n) for n in entry.shape[1:])
    return widths


def _classes(formula: tree.Formula, declared: Declared, table: Table | None) -> dict[str, tuple[str, ...]]:
    """Column of the data that onehot(…) is applied to → its classes."""
    if table is None:
        return {}
    headers = [onehot.header(word, declared) for word in onehot.words(formula)]
    return {header: classes(table, header) for header in headers if header in table.columns}


def _bound(
    columns: Mapping[str, str | Sequence[str]] | Sequence[str] | None,
) -> dict[str, Sequence[str] | None]:
    if columns is None:
        return {}
    if not isinstance(columns, Mapping):
        return dict.fromkeys([columns] if isinstance(columns, str) else columns)
    every = {name: [headers] if isinstance(headers, str) else list(headers) for name, headers in columns.items()}
    # What a loss calls its one-hot labels means the column they are made from.
    return {onehot.labeled(name) or name: headers for name, headers in every.items()}


def _parameters(parameters: Sequence[str] | Mapping[str, Any] | None) -> dict[str, Shape | None] | None:
    if parameters is None:
        return None
    if isinstance(parameters, str):
        parameters = [parameters]
    if not isinstance(parameters, Mapping):
        return dict.fromkeys(parameters)
    shapes: dict[str, Shape | None] = {}
    for name, shape in parameters.items():
        if shape is None:
            shapes[name] = None
            continue
        sizes = (shape,) if isinstance(shape, int | str) else tuple(shape)
        if not all(isinstance(s, str) or (isinstance(s, int | np.integer) and s > 0) for s in sizes):
            raise InputError(f"The shape of {name} is {shape!r}; write whole numbers above 0, such as (4, 3).")
        shapes[name] = tuple(s if isinstance(s, str) else int(s) for s in sizes)
    return shapes
