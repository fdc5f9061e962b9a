"""Equations as one Python function: what depends on data alone is worked out once, the rest on every call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.arrays import ArrayForm
from symcalc.compute.printing import Backend, compiled
from symcalc.equations import Axis, Equation, Name, Term


@dataclass(frozen=True)
class Assembled:
    """A compiled list of equations.

    Attributes:
        function: Positional in the order of the inputs; returns the outputs as a tuple.
        scalar: Whether it is plain floats throughout.
        once: Private symbol → value of what was worked out once, from data alone.
    """

    function: Callable[..., tuple[Any, ...]]
    scalar: bool
    once: Mapping[Any, Any]


def label(name: Name) -> Any:
    """The plain symbol that stands for a name's whole array."""
    return name.symbol.label if name.axes else name.symbol


def needed(equations: Iterable[Equation], outputs: Iterable[Name]) -> list[Equation]:
    """The equations that the outputs depend on, in order."""
    wanted = {name.symbol for name in outputs}
    kept = []
    for equation in reversed(list(equations)):
        if equation.name.symbol in wanted:
            kept.append(equation)
            wanted |= depends_on(equation)
    return kept[::-1]


def folded(equations: list[Equation], outputs: tuple[Name, ...]) -> list[Equation]:
    """The equations with plain multiples put into what uses them: 2·r[i]/n costs no array of its own."""
    final = {name.symbol for name in outputs}
    multiples: dict[Any, tuple[tuple[Any, ...], Any]] = {}
    kept = []
    for equation in equations:
        if multiples and depends_on(equation) & multiples.keys():
            terms = tuple(Term(t.over, _with_multiples(t.body, multiples)) for t in equation.terms)
            equation = replace(equation, terms=terms)
        if equation.indices and equation.name.symbol not in final and _multiple(equation):
            multiples[equation.name.symbol] = (equation.indices, equation.terms[0].body)
        else:
            kept.append(equation)
    return kept


def _multiple(equation: Equation) -> bool:
    """Whether an equation is a number, or factor without indices, times one array as it stands."""
    if equation.reduction != "sum" or len(equation.terms) != 1 or equation.terms[0].over:
        return False
    body = equation.terms[0].body
    arrays = body.atoms(sp.Indexed)
    return len(arrays) == 1 and body.is_Mul and all(a in body.args and a.indices == equation.indices for a in arrays)


def _with_multiples(body: Any, multiples: Mapping[Any, tuple[tuple[Any, ...], Any]]) -> Any:
    mapping = {}
    for reference in body.atoms(sp.Indexed):
        if reference.base in multiples:
            indices, inner = multiples[reference.base]
            mapping[reference] = inner.xreplace(dict(zip(indices, reference.indices)))
    return body.xreplace(mapping)


def depends_on(equation: Equation) -> set[Any]:
    """Private symbols in an equation's right side (and labels and indices, which do no harm)."""
    found: set[Any] = set()
    for term in equation.terms:
        found |= {a.base for a in term.body.atoms(sp.Indexed)} | term.body.atoms(sp.Symbol)
    return found


def assemble(
    equations: Iterable[Equation],
    inputs: Iterable[Name],
    outputs: Iterable[Name],
    given: Mapping[Any, Any],
    axes: Mapping[Any, Axis],
    sizes: Mapping[Axis, int],
    names: Mapping[Any, Name],
    backend: Backend | None = None,
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
    scalar = not any(n.axes for n in inputs) and not any(
        np.ndim(known[s]) for e in live for s in depends_on(e) if s in known
    ) and not any(e.indices or any(t.over for t in e.terms) for e in live)  # fmt: skip
    chosen: Backend = backend or ("math" if scalar else "numpy")
    extra = [s for s in known if any(s in depends_on(e) for e in live) or any(s == n.symbol for n in outputs)]
    arguments = [*(label(n) for n in inputs), *(label(names[s]) for s in extra)]
    results = [label(n) for n in outputs]
    steps = _reusing(_used([form.assignment(e) for e in live], results), results)
    raw = compiled(arguments, results, steps, chosen)
    values = tuple(known[s] for s in extra)
    function = _bound(raw, values)
    if chosen == "math" and _can_fail(live):
        again = _bound(compiled(arguments, results, steps, "numpy"), values)
        function = _safe(function, again)
    return Assembled(function, scalar, known)


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
    used = [s for s in given if any(s in depends_on(e) for e in equations)]
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
