"""A plan in words: every array operation of a program, its shape and its cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from symcalc.compute.arrays import ArrayForm
from symcalc.compute.dependence import label
from symcalc.compute.over_moments import OverMoments
from symcalc.compute.plan import Cut, Operation, Pass, Plan, cost
from symcalc.compute.precision import Precision
from symcalc.compute.printing import Printer
from symcalc.compute.row_kernels import RowKernel, are_ready
from symcalc.equations import Axis, Equation, Name


def described(
    once: Iterable[Equation], before: Iterable[Equation], passes: tuple[Pass, ...], live: Iterable[Equation], cut: Cut,
    axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name],
) -> Plan:  # fmt: skip
    """The plan of what was compiled.

    Args:
        once: Equations of data alone.
        before: Equations before any pass.
        passes: The passes; () where arrays are worked out whole.
        live: Equations worked out whole on every call.
        cut: How rows are cut.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
    """
    form = ArrayForm(axes, lambda axis: sp.Integer(sizes[axis]), names)
    spelled = {label(n): sp.Symbol(n.name) for n in names.values()}

    def operation(when: str, equation: Equation) -> Operation:
        symbol, expression = form.assignment(equation)
        code = Printer().doprint(expression.xreplace(spelled))
        shape = tuple(sizes[a] for a in equation.name.axes)
        return Operation(when, spelled.get(symbol, symbol).name, code, shape, cost(equation, axes, sizes))

    listed = [("once", tuple(once)), ("before the rows", tuple(before))]
    for number, one in enumerate(passes, 1):
        listed.append((f"pass {number} over the rows, block by block", (*one.rows, *one.sums)))
        listed.append((f"after pass {number}", one.then))
    listed.append(("on every call", tuple(live)))
    operations = tuple(operation(when, equation) for when, equations in listed for equation in equations)
    return Plan(operations, cut.rows, cut.block, len(passes), cut.why)


def rounded_rows(precision: Precision) -> tuple[str, ...]:
    """What is rounded to float32, as a sentence."""
    if not precision.single:
        return ()
    return ("Rows are worked out in float32; what they add up to, and what has no rows, in float64.",)


def kept_exact(why: str) -> str:
    """Why float32 was asked for and float64 is used, as a sentence."""
    return f"float32 is for rows that are gone over on every call; here all is float64. {why}"


def engines(kernels: Sequence[RowKernel] | str) -> tuple[str, ...]:
    """What goes over the rows, as a sentence.

    Args:
        kernels: What goes over the rows of each pass in C, or why NumPy does.
    """
    if isinstance(kernels, str):
        return (f"NumPy goes over the rows: {kernels}.",)
    if not are_ready(kernels):
        return ("NumPy goes over the rows: the compiler here did not compile the pass.",)
    in_strips = any(kernel.in_strips for kernel in kernels)
    return (f"The rows are gone over in C, {'a strip at a time' if in_strips else 'in one loop a pass'}.",)


def with_moments(once: Iterable[Equation], work: OverMoments, by_rows: Plan) -> Plan:
    """The plan of equations over moments, with the rows behind them.

    Args:
        once: Equations of data alone.
        work: What is worked out over moments.
        by_rows: The plan for points where the moments would lose digits.
    """
    way = by_rows.why[:1].lower() + by_rows.why[1:]
    if work.rows:
        why = f"Moments, gathered once, for the sums that separate; the others go over the rows: {way}"
    else:
        why = f"Moments, gathered once from {by_rows.rows:,} rows: a call costs the same for any number of rows."
    holds = f"Where too many digits of {_listed(work)} cancel, "
    if work.rows:
        holds += "all of it goes over the rows."
    else:
        holds += f"a call is done with longer mantissas, and where these are not enough, over the rows: {way}"
    cut = Cut(by_rows.rows, None, why)
    own = described(once, (), (), work.equations, cut, work.axes, work.sizes, work.names)
    before = tuple(o for o in own.operations if o.when == "once")
    after = tuple(replace(o, when="on every call, over moments") for o in own.operations if o.when != "once")
    notes = (*((holds,) if work.checks else ()), *work.notes)
    return Plan((*before, *work.gathered, *after), by_rows.rows, by_rows.block, by_rows.passes, why, notes)


def _listed(work: OverMoments) -> str:
    return ", ".join(dict.fromkeys(name.name.removeprefix("digits(").removesuffix(")") for name in work.checks))
