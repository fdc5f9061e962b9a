"""Equations as one Python function: what depends on data alone is worked out once, the rest on every call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute import blocks
from symcalc.compute.apart import apart
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.cutting import NO_ROWS, cut_of, in_c
from symcalc.compute.dependence import depends_on, folded, label, needed, read_by
from symcalc.compute.described import described, engines, kept_exact, rounded_rows, with_moments
from symcalc.compute.masks import merged
from symcalc.compute.multiples import folded_multiples
from symcalc.compute.over_moments import OverMoments, function_of, over_moments
from symcalc.compute.plan import Cut, Plan, cost, passes
from symcalc.compute.powers import multiplied
from symcalc.compute.precision import FLOAT64, Precision
from symcalc.compute.printing import Backend, compiled
from symcalc.compute.repeated import named as repeated
from symcalc.compute.row_kernels import kernels, unwanted
from symcalc.compute.shared import shared
from symcalc.equations import Axis, Equation, Name


@dataclass(frozen=True)
class Lines:
    """A function of plain floats, line by line.

    Attributes:
        arguments: Symbols of what it takes.
        steps: (symbol, expression) in order; a symbol may be set again.
        results: Symbols of what it returns.
        values: Symbol → number for what it reads besides.
    """

    arguments: tuple[Any, ...]
    steps: tuple[tuple[Any, Any], ...]
    results: tuple[Any, ...]
    values: Mapping[Any, float]


@dataclass(frozen=True)
class Assembled:
    """A compiled list of equations.

    Attributes:
        function: Positional in the order of the inputs; returns the outputs as a tuple.
        scalar: Whether it is plain floats throughout.
        once: Private symbol → value of what was worked out once, from data alone.
        plan: What a call does; made when asked.
        lines: Its lines where it is plain floats throughout, else None.
        gathered: Whether a call costs the same for any number of rows.
        kept_exact: Why no row is in float32 though that was asked for; empty where rows are, or nobody asked.
    """

    function: Callable[..., tuple[Any, ...]]
    scalar: bool
    once: Mapping[Any, Any]
    plan: Callable[[], Plan]
    lines: Lines | None = None
    gathered: bool = False
    kept_exact: str = ""


def assemble(
    equations: Iterable[Equation],
    inputs: Iterable[Name],
    outputs: Iterable[Name],
    given: Mapping[Any, Any],
    axes: Mapping[Any, Axis],
    sizes: Mapping[Axis, int],
    names: Mapping[Any, Name],
    backend: Backend | None = None,
    moments: dict[Any, Any] | None = None,
    precision: Precision = FLOAT64,
) -> Assembled:
    """A function from the inputs to the outputs.

    Args:
        equations: In an order they can be worked out in.
        inputs: What the function takes, positionally.
        outputs: What it returns.
        given: Private symbol → value of data, constants and sizes.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
        names: Private symbol → Name.
        backend: numpy, math or complex; chosen by whether there are arrays unless given.
        moments: Moments of the same data gathered so far; None where every call is to go over the rows.
        precision: How exactly rows are worked out; moments and what has no rows are float64 in any case.
    """
    inputs, outputs = tuple(inputs), tuple(outputs)
    wanted = needed(folded(needed(equations, outputs), outputs), outputs)
    form = ArrayForm(axes, lambda axis: sp.Integer(sizes[axis]), names)
    moving = {name.symbol for name in inputs}
    once: list[Equation] = []
    live: list[Equation] = []
    for equation in wanted:
        if depends_on(equation) & moving:
            moving.add(equation.name.symbol)
            live.append(equation)
        else:
            once.append(equation)
    known = dict(given)
    known.update(_worked_out(once, known, form, backend))

    @cache
    def by_rows() -> Assembled:
        return _live(once, live, inputs, outputs, known, axes, sizes, names, backend, precision)

    if backend is not None or moments is None:
        return by_rows()
    work, notes = over_moments(live, outputs, moving, known, axes, sizes, names, moments)
    if work is None:
        made = by_rows()
        return replace(made, plan=lambda: _noted(made.plan(), notes))

    def direct(own: OverMoments, given: Mapping[Any, Any]) -> Callable[..., tuple[Any, ...]]:
        every = (*own.outputs, *own.checks)
        return _live(
            (), list(own.equations), inputs, every, given, own.axes, own.sizes, own.names, None, precision
        ).function

    function = function_of(work, inputs, lambda *point: by_rows().function(*point), direct)
    why = "" if work.rows or not precision.single else kept_exact("All sums over rows are gathered once, as moments.")
    return Assembled(
        function, False, known, lambda: with_moments(once, work, by_rows().plan()), None, not work.rows, why
    )


def _noted(plan: Plan, notes: tuple[str, ...]) -> Plan:
    return replace(plan, notes=(*notes, *plan.notes))


def _live(
    once: Iterable[Equation], live: list[Equation], inputs: tuple[Name, ...], outputs: tuple[Name, ...],
    known: Mapping[Any, Any], axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name],
    backend: Backend | None, precision: Precision,
) -> Assembled:  # fmt: skip
    """What moves from call to call, in blocks of rows or as whole arrays."""
    scalar = not any(n.axes for n in inputs) and not any(
        np.ndim(known[s]) for s in read_by(live) if s in known
    ) and not any(e.indices or any(t.over for t in e.terms) for e in live)  # fmt: skip
    form = ArrayForm(axes, lambda axis: sp.Integer(sizes[axis]), names)
    chosen: Backend = backend or ("math" if scalar else "numpy")
    cut = (
        cut_of([*once, *live], live, (*inputs, *outputs), axes, sizes, names, precision)
        if backend is None
        else Cut(None, None, NO_ROWS)
    )
    made = _in_blocks(cut, once, live, inputs, outputs, known, axes, sizes, names, precision) if cut.block else None
    if made is not None:
        return made
    cut = replace(cut, block=None)
    needs = read_by(live) | {n.symbol for n in outputs}
    extra = [s for s in known if s in needs]
    arguments = [*(label(n) for n in inputs), *(label(names[s]) for s in extra)]
    results = [label(n) for n in outputs]
    written = [form.assignment(apart(e)) for e in live]
    plain = multiplied(folded_multiples(written, results)) if chosen == "math" else merged(shared(written))
    steps = _tidied(plain, results)
    raw = compiled(arguments, results, _tidied(repeated(plain), results) if chosen == "math" else steps, chosen)
    values = tuple(known[s] for s in extra)
    function = _bound(raw, values)
    if chosen == "math" and _can_fail(live):
        again = _bound(compiled(arguments, results, steps, "numpy"), values)
        function = _safe(function, again)
    lines = None
    if scalar and chosen == "math" and not any(np.ndim(known[s]) for s in extra):
        numbers = {label(names[s]): float(known[s]) for s in extra}
        lines = Lines(tuple(arguments[: len(inputs)]), tuple(steps), tuple(results), numbers)
    why = kept_exact(cut.why) if precision.single else ""

    def plan() -> Plan:
        return replace(described(once, (), (), live, cut, axes, sizes, names), notes=(why,) if why else ())

    return Assembled(function, scalar, known, plan, lines, kept_exact=why)


def _in_blocks(
    cut: Cut, once: Iterable[Equation], live: list[Equation], inputs: tuple[Name, ...], outputs: tuple[Name, ...],
    known: Mapping[Any, Any], axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], names: Mapping[Any, Name],
    precision: Precision,
) -> Assembled | None:  # fmt: skip
    """What moves from call to call, in blocks of rows; None where they are too few for blocks and not gone over in C."""
    rows, block = cut.rows or 0, cut.block or 0
    if cut.few and unwanted(rows, sum(cost(e, axes, sizes) for e in live)):
        return None
    before, around, every = passes(live, axes, names)
    known = precision.columns(known, every, read_by(live))
    compiled_rows = kernels(around, axes, sizes, every, known, rows, block, precision)
    if cut.few and isinstance(compiled_rows, str):
        return None
    stages = blocks.stages(
        before, around, axes, sizes, every, known, lambda steps, results: _tidied(merged(shared(steps)), results),
        () if isinstance(compiled_rows, str) else compiled_rows, precision,
    )  # fmt: skip
    order = ([n.symbol for n in inputs], [n.symbol for n in outputs])
    run = blocks.runner(stages, *order, known, rows, block)

    def plan() -> Plan:
        own = cut if isinstance(compiled_rows, str) else in_c(cut, compiled_rows)
        made = described(once, before, around, (), own, axes, sizes, every)
        return replace(made, notes=(*rounded_rows(precision), *engines(compiled_rows)))

    return Assembled(run, False, known, plan)


def _tidied(steps: list[tuple[Any, Any]], results: list[Any]) -> list[tuple[Any, Any]]:
    return _reusing(_used(steps, results), results)


def _used(steps: list[tuple[Any, Any]], results: list[Any]) -> list[tuple[Any, Any]]:
    """The assignments that something needs: an inverse that only ever multiplied was solved instead."""
    wanted = set(results)
    kept = []
    for symbol, expression in reversed(steps):
        if symbol in wanted:
            kept.append((symbol, expression))
            wanted |= expression.free_symbols
    return kept[::-1]


def _reusing(steps: list[tuple[Any, Any]], results: list[Any]) -> list[tuple[Any, Any]]:
    """The assignments with the names of arrays that are no longer needed taken up again.

    An array is freed as soon as its name is: the next one gets its memory while that is still in the cache,
    and it is never handed back to the system between two calls.
    """
    last: dict[Any, int] = {}
    for number, (_, expression) in enumerate(steps):
        for symbol in expression.free_symbols:
            last[symbol] = number
    own = {symbol for symbol, _ in steps} - set(results)
    names: dict[Any, Any] = {}
    idle: list[Any] = []
    done = []
    for number, (symbol, expression) in enumerate(steps):
        renamed = expression.xreplace({s: names[s] for s in expression.free_symbols if names.get(s, s) != s})
        idle += [names[s] for s in sorted(expression.free_symbols & own, key=str) if last[s] == number]
        if symbol in own:
            names[symbol] = idle.pop() if idle else symbol
        done.append((names.get(symbol, symbol), renamed))
    return done


def _worked_out(
    equations: list[Equation], given: Mapping[Any, Any], form: ArrayForm, backend: Backend | None
) -> dict[Any, Any]:
    if not equations:
        return {}
    needs = read_by(equations)
    used = [s for s in given if s in needs]
    names = form.names
    function = compiled(
        [label(names[s]) for s in used], [label(e.name) for e in equations],
        [form.assignment(e) for e in equations], backend if backend == "complex" else "numpy",
    )  # fmt: skip
    with np.errstate(all="ignore"):
        values = function(*(given[s] for s in used))
    return {e.name.symbol: v for e, v in zip(equations, values)}


def _bound(raw: Callable[..., tuple[Any, ...]], values: tuple[Any, ...]) -> Callable[..., tuple[Any, ...]]:
    if not values:
        return raw
    return lambda *point: raw(*point, *values)


def _can_fail(equations: list[Equation]) -> bool:
    """Whether plain floats could raise where NumPy gives inf or nan."""
    for equation in equations:
        for term in equation.terms:
            for node in sp.preorder_traversal(term.body):
                if node.is_Function or (node.is_Pow and not (node.exp.is_Integer and 0 < node.exp <= 4)):
                    return True
    return False


def _safe(
    function: Callable[..., tuple[Any, ...]], again: Callable[..., tuple[Any, ...]]
) -> Callable[..., tuple[Any, ...]]:
    def safely(*point: float) -> tuple[Any, ...]:
        try:
            return function(*point)
        except (OverflowError, ValueError, ZeroDivisionError, TypeError):
            with np.errstate(all="ignore"):
                return tuple(float(v) for v in again(*(np.float64(p) for p in point)))

    return safely
