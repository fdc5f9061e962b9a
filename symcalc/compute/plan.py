"""The plan of a program: what is worked out once, what for every block of rows, and what between the passes.

A reduction over rows that later rows need is a barrier: the rows are gone over once more after it. Each
barrier starts a pass; what has no rows is worked out between two passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symcalc.compute.apart import apart
from symcalc.compute.arrays import used
from symcalc.compute.dependence import depends_on, read_by, with_multiples
from symcalc.equations import Axis, Equation, Name, Term

_OF_MATRIX = ("inv", "det", "logdet")


@dataclass(frozen=True)
class Pass:
    """One pass over the rows and what follows it.

    Attributes:
        rows: Equations with an entry a row, worked out block by block.
        sums: Reductions over rows, worked out for each block and then put together.
        then: Equations without rows, worked out after the pass.
    """

    rows: tuple[Equation, ...]
    sums: tuple[Equation, ...]
    then: tuple[Equation, ...]


@dataclass(frozen=True)
class Cut:
    """How rows are cut.

    Attributes:
        rows: Number of rows; None where there are none.
        block: Rows in a block; None where arrays are worked out whole.
        why: Why, as a sentence.
        few: Whether the rows are so few that blocks only pay where they are gone over in C.
    """

    rows: int | None
    block: int | None
    why: str
    few: bool = False


@dataclass(frozen=True)
class Operation:
    """One line of a plan.

    Attributes:
        when: once, before, "pass 1", "after pass 1" or call.
        name: What it gives.
        code: The array expression.
        shape: Shape of what it gives.
        cost: Elementary operations on numbers, in all.
    """

    when: str
    name: str
    code: str
    shape: tuple[int, ...]
    cost: int


@dataclass(frozen=True)
class Plan:
    """What a program does on a call.

    Attributes:
        operations: In the order in which they are done.
        rows: Number of rows; None where there are none.
        block: Rows in a block; None where arrays are worked out whole.
        passes: Times the rows are gone over in blocks; 0 where arrays are worked out whole.
        why: Why blocks, or why not, as a sentence.
        notes: What stays with the rows and why, where other sums are moments.
    """

    operations: tuple[Operation, ...]
    rows: int | None
    block: int | None
    passes: int
    why: str
    notes: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """Elementary operations on numbers of one call."""
        return sum(o.cost for o in self.operations if o.when != "once")

    def __str__(self) -> str:
        lines = [self.why, *self.notes]
        when = ""
        for o in self.operations:
            if o.when != when:
                when = o.when
                lines.append(f"{when}:")
            shape = "×".join(f"{s:,}" for s in o.shape) or "number"
            lines.append(f"  {o.name} = {o.code}    [{shape}; cost {o.cost:,}]")
        lines.append(f"In all {self.cost:,} elementary operations a call.")
        return "\n".join(lines)


def not_in_blocks(
    equations: Iterable[Equation], outputs: Iterable[Name], axes: Mapping[Any, Axis], names: Mapping[Any, Name]
) -> str:
    """Why equations cannot be worked out block by block; empty where they can."""
    if any(axis.rows for name in outputs for axis in name.axes):
        return "It gives one value a row."
    for equation in equations:
        if equation.reduction in _OF_MATRIX:
            return f"{equation.name.name} is a matrix factored whole."
        own = {i for i in equation.indices if axes[i].rows}
        for term in equation.terms:
            rows = own | {i for i in (*term.over, *used(term.body)) if axes[i].rows}
            if len(rows) > 1 or own & set(term.over):
                return f"{equation.name.name} puts rows beside other rows."
            if own and equation.reduction != "sum" and rows & set(term.over):
                return f"{equation.name.name} reduces rows within rows."
            for reference in term.body.atoms(sp.Indexed):
                for index, axis in zip(reference.indices, names[reference.base].axes):
                    if axis.rows != (index in rows):
                        return f"{equation.name.name} reads single or shifted rows."
            if any(node.free_symbols & rows for node in term.body.atoms(sp.KroneckerDelta)):
                return f"{equation.name.name} compares numbers of rows."
    return ""


def passes(
    equations: Sequence[Equation], axes: Mapping[Any, Axis], names: Mapping[Any, Name]
) -> tuple[tuple[Equation, ...], tuple[Pass, ...], dict[Any, Name]]:
    """(what comes before any pass, the passes, every name), for equations that `not_in_blocks` allows."""
    every = dict(names)
    level: dict[Any, int] = {}  # rows: the pass they need; no rows: the pass after which they are known
    rows: list[Equation] = []
    sums: dict[int, list[Equation]] = {}
    after: dict[int, list[Equation]] = {}
    for equation in _pulled_out(equations, every):
        name = equation.name
        if any(axis.rows for axis in name.axes):
            level[name.symbol] = _first_pass(equation, level, every)
            rows.append(equation)
            continue
        parts, whole = _split(equation, axes, every)
        for part in parts:
            number = max(1, _first_pass(part, level, every))
            level[part.name.symbol] = number
            sums.setdefault(number, []).append(part)
        if whole is not None:
            level[name.symbol] = max((level.get(s, 0) for s in depends_on(whole)), default=0)
            after.setdefault(level[name.symbol], []).append(whole)
    last = max(sums, default=0)
    made = []
    for number in range(1, last + 1):
        here = sums.get(number, [])
        made.append(Pass(_behind(here, rows), tuple(here), tuple(after.get(number, ()))))
    return tuple(after.get(0, ())), tuple(made), every


def _pulled_out(equations: Sequence[Equation], names: dict[Any, Name]) -> list[Equation]:
    """The equations with factors that are the same for every row moved to what uses them, and so out of sums.

    Where such a factor is a reduction over rows, the rows no longer wait for it: a pass less.
    """
    multiples: dict[Any, tuple[tuple[Any, ...], Any]] = {}
    made = []
    for equation in equations:
        terms = tuple(Term(t.over, with_multiples(t.body, multiples)) for t in equation.terms)
        equation = replace(equation, terms=terms)
        name = equation.name
        if any(a.rows for a in name.axes) and len(terms) == 1 and not terms[0].over and terms[0].body.is_Mul:
            outside = sp.Mul(*(f for f in terms[0].body.args if not used(f)))
            if outside != 1:
                symbol = sp.IndexedBase(sp.Symbol(f"{name.symbol}_rows", real=True))
                multiples[name.symbol] = (equation.indices, outside * symbol[equation.indices])
                names[symbol] = replace(name, name=f"{name.name} by rows", symbol=symbol)
                inside = Term((), sp.Mul(*(f for f in terms[0].body.args if used(f))))
                equation = replace(equation, name=names[symbol], terms=(inside,))
        made.append(equation)
    return made


def _first_pass(equation: Equation, level: Mapping[Any, int], names: Mapping[Any, Name]) -> int:
    """The first pass in which rows can be worked out: after every barrier they read."""
    numbers = [1]
    for symbol in depends_on(equation):
        if symbol in level:
            of_rows = any(axis.rows for axis in names[symbol].axes)
            numbers.append(level[symbol] if of_rows else level[symbol] + 1)
    return max(numbers)


def _split(
    equation: Equation, axes: Mapping[Any, Axis], names: dict[Any, Name]
) -> tuple[list[Equation], Equation | None]:
    """(its reductions over rows, what is made of them): factors without rows stand outside the sums."""
    if equation.reduction != "sum":
        over = any(axes[i].rows for term in equation.terms for i in term.over)
        return ([equation], None) if over else ([], equation)
    parts: list[Equation] = []
    rest: list[Term] = []
    for term in apart(equation).terms:
        if not any(axes[i].rows for i in set(term.over) & used(term.body)):
            rest.append(term)
            continue
        factors = sp.Mul.make_args(term.body)
        summed = _first(factors, term.over, axes)
        outside = [f for f in factors if not used(f) & set(summed)]
        inside = sp.Mul(*(f for f in factors if used(f) & set(summed)))
        along = {**dict(zip(equation.indices, equation.name.axes)), **{i: axes[i] for i in term.over}}
        free = tuple(i for i in along if i in used(inside) and i not in summed)
        whole = sp.Symbol(f"{equation.name.symbol}_part{len(parts)}", real=True)
        symbol = sp.IndexedBase(whole) if free else whole
        name = Name(
            f"{equation.name.name}, part {len(parts) + 1}", "intermediate", tuple(along[i] for i in free), symbol
        )
        names[symbol] = name
        parts.append(replace(equation, name=name, indices=free, terms=(Term(summed, inside),)))
        left = tuple(i for i in term.over if i not in summed)
        rest.append(Term(left, sp.Mul(*outside) * (symbol[free] if free else symbol)))
    return parts, replace(equation, terms=tuple(rest))


def _first(factors: Sequence[Any], over: tuple[Any, ...], axes: Mapping[Any, Axis]) -> tuple[Any, ...]:
    """The indices that are summed together with the rows: factors without rows can wait until these are summed.

    Σ_i Σ_a D[i,k,a]·Q[k,a,b] takes a sum over rows for each k and a, and one product of what came of it. It waits only
    where one factor has all the indices that the factors with rows have: otherwise the sum would be over their product.
    """
    rows = {i for i in over if axes[i].rows}
    of_rows = [used(f) for f in factors if used(f) & rows]
    waiting = set().union(*(used(f) for f in factors if not used(f) & rows)) & set(over)
    if not waiting or max(map(len, of_rows)) < len(set().union(*of_rows)):
        return over
    return tuple(i for i in over if i not in waiting)


def _behind(sums: Sequence[Equation], rows: Sequence[Equation]) -> tuple[Equation, ...]:
    """The equations of rows that reductions depend on, in order."""
    wanted = read_by(sums)
    kept = []
    for equation in reversed(rows):
        if equation.name.symbol in wanted:
            kept.append(equation)
            wanted |= depends_on(equation)
    return tuple(kept[::-1])


def cost(equation: Equation, axes: Mapping[Any, Axis], sizes: Mapping[Axis, int]) -> int:
    """Elementary operations that an equation takes if each term is one loop over its indices."""
    total = 0
    for term in equation.terms:
        entries = 1
        for index in {*term.over, *used(term.body)}:
            entries *= sizes[axes[index]]
        total += entries * (int(term.body.count_ops()) + bool(term.over))
    return total
