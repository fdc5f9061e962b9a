"""A plan in words: every array operation of a program, its shape and its cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from symcalc.compute.arrays import ArrayForm
from symcalc.compute.dependence import label
from symcalc.compute.plan import Cut, Operation, Pass, Plan, cost
from symcalc.compute.printing import Printer
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
