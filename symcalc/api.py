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
from importlib import import_module
from typing import TYPE_CHECKING, Any

from symcalc.calculus.conventions import DEFAULT
from symcalc.calculus.gradient import Gradient, differentiate
from symcalc.errors import FormulaError
from symcalc.given import classes_of, given
from symcalc.language import loss as language
from symcalc.language.limits import LIMITS, Limits
from symcalc.language.loss import Loss
from symcalc.language.names import Declared
from symcalc.language.reader import read as read_formula
from symcalc.notation import tree
from symcalc.sources.table import Table

if TYPE_CHECKING:
    from symcalc.compute.boosting import boosting_objective
    from symcalc.compute.contributions import contributions
    from symcalc.compute.curvature import gauss_newton, jacobian
    from symcalc.compute.program import Program
    from symcalc.curvature.step_sizes import StepSizes
    from symcalc.descent.accurate import accuracy
    from symcalc.descent.ended import ending
    from symcalc.descent.loop import descend
    from symcalc.descent.many import descend_many
    from symcalc.descent.optimizer import Optimizer
    from symcalc.descent.sensitivity import Sensitivity
    from symcalc.descent.trace import Trace
    from symcalc.marking.checking import Checked
    from symcalc.numeric.comparison import compare
    from symcalc.studies import Study

# Verbs that live elsewhere as they are; each is loaded when it is first asked for.
_HOMES = {
    "accuracy": "symcalc.descent.accurate", "boosting_objective": "symcalc.compute.boosting", "contributions": "symcalc.compute.contributions",
    "gauss_newton": "symcalc.compute.curvature", "jacobian": "symcalc.compute.curvature",
    "ending": "symcalc.descent.ended", "descend": "symcalc.descent.loop", "descend_many": "symcalc.descent.many", "compare": "symcalc.numeric.comparison",
}  # fmt: skip

__all__ = [
    "accuracy",
    "boosting_objective",
    "check",
    "compare",
    "compile",
    "contributions",
    "descend",
    "descend_many",
    "differentiate",
    "ending",
    "gauss_newton",
    "jacobian",
    "parse",
    "parse_latex",
    "sensitivity",
    "step_sizes",
    "study",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'symcalc.api' has no attribute '{name}'")


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
        data: Path of a CSV or Parquet file, mapping from names to arrays, data frame, or name of a built-in lesson.
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
    declared, table, values = given(text, data, constants, parameters, columns, shapes, symmetric, positive_definite)
    return _read(read_formula(text, limits), declared, table, values)


def parse_latex(
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
    """A loss from a formula in LaTeX, such as `\\frac{1}{n} \\sum_{i=1}^{n} (y_i - (m x_i + b))^2`.

    What is read is a strict subset; what is not understood is refused with its place.

    Args:
        text: The formula: lines ended by \\\\, the last of which is the loss; dollars and align around it are left out.
        data: As for `parse`, and so are the others.
        constants: Name → number or array.
        parameters: Names, or name → shape.
        columns: Name → header of a column of the data, or several headers.
        shapes: Name → shape of names that are otherwise inferred.
        limits: Bounds on length, depth and size of the formula.
        symmetric: Names of square matrices that are symmetric.
        positive_definite: The same of positive-definite ones.

    Returns:
        The loss; `.text` is the formula in symcalc's own language.

    Raises:
        FormulaError: The formula cannot be used; the error says where in the LaTeX and why.
        DataError: The data cannot be used.
        InputError: A declaration cannot be used.
    """
    from symcalc.language.latex import reader as latex

    declared, table, values = given(text, data, constants, parameters, columns, shapes, symmetric, positive_definite)
    formula, places = latex.read_placed(text, declared, limits)
    try:
        return _read(formula, declared, table, values)
    except FormulaError as error:
        raise latex.put_back(error, text, formula, places) from None


def _read(formula: tree.Formula, declared: Declared, table: Table | None, values: dict[str, Any]) -> Loss:
    declared = replace(declared, classes=classes_of(formula, declared, table))
    read = language.read(formula, declared, row_count=None if table is None else table.rows)
    notes = (*(table.notes if table is not None else ()), *read.notes)
    return replace(read, data=table, values=values, notes=notes)


def compile(gradient: Gradient, dtype: Any = "float64") -> Program:
    """A gradient as fast NumPy: `.value`, `.gradient`, `.hessian` at points, and the bare `.function`.

    Args:
        gradient: The gradient.
        dtype: How exactly rows are worked out for values and slopes: float64 or float32. `accuracy(program)` tells what
            float32 costs. Second derivatives, and what has no rows, are float64 in any case.

    Raises:
        InputError: The loss has columns and no data, a constant has no value, or there is no such dtype.
    """
    from symcalc.compute.program import compile_gradient

    return compile_gradient(gradient, dtype)


def sensitivity(of: Program | Trace, to: Any, at: Any = None) -> Sensitivity:
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
    from symcalc.descent import sensitivity as sensitivities
    from symcalc.descent.start import start_of
    from symcalc.descent.trace import Trace

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
) -> StepSizes:
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
    from symcalc.curvature import step_sizes as curvature
    from symcalc.descent.optimizer import optimizer_named
    from symcalc.descent.rates import checked_rate
    from symcalc.descent.start import start_of

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
    from symcalc.marking import checking

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
    from symcalc.numeric.comparison import compare
    from symcalc.studies import Study

    loss = parse(text, data, **declared)
    gradient = differentiate(loss)
    ready = not loss.columns or loss.data is not None
    program = compile(gradient) if ready else None
    comparison = compare(program, at=at) if program is not None and at is not None else None
    return Study(loss, gradient, program, comparison)
