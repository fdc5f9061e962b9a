"""Equations without rows as straight-line code over plain floats: small arrays entry by entry.

c[p] = Σ_j R[p,j]·d[j]      becomes      c_0 = 1000.0*d_0 + 3.2*d_1;  c_1 = 577.3*d_1

An operation on a plain float takes a fiftieth of what NumPy takes for an array of any size.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.dependence import label
from symcalc.compute.printing import Text, compiled
from symcalc.equations import Axis, Equation, Name

MOST_OPERATIONS = 500


class TooLong(Exception):
    """The code would be longer than it is worth."""


class Unrolled:
    """Equations entry by entry.

    Args:
        given: Private symbol → value; its entries stand in the code.
        axes: Index symbol → Axis.
        sizes: Axis → number of entries.
    """

    def __init__(self, given: Mapping[Any, Any], axes: Mapping[Any, Axis], sizes: Mapping[Axis, int]) -> None:
        self.given, self.axes, self.sizes = given, axes, sizes
        self.steps: list[tuple[Any, Any]] = []
        self._entries: dict[tuple[Any, tuple[int, ...]], Any] = {}
        self._operations = 0

    def take(self, name: Name, shape: tuple[int, ...]) -> None:
        """Takes an input apart."""
        if not shape:
            self._entries[name.symbol, ()] = name.symbol
            return
        whole = self._new(Text.of("{0}.tolist()", label(name)))
        for place in np.ndindex(*shape):
            subscript = "".join(f"[{k}]" for k in place)
            self._entries[name.symbol, place] = self._new(Text.of(f"{{0}}{subscript}", whole))

    def add(self, equation: Equation) -> None:
        """One more equation.

        Raises:
            TooLong: The code would be longer than it is worth, or the equation is no sum.
        """
        if equation.reduction != "sum":
            raise TooLong
        terms = [(t, *self._read(t.body)) for t in equation.terms]
        for place in np.ndindex(*self.shape(equation.name)):
            parts = []
            for term, references, plain in terms:
                for inner in itertools.product(*(range(self.sizes[self.axes[i]]) for i in term.over)):
                    self._operations += 2
                    if self._operations > MOST_OPERATIONS:
                        raise TooLong
                    at = dict(zip((*equation.indices, *term.over), (*place, *inner)))
                    entries = {
                        r: self.entry(r.base, tuple(at[i] if i.is_Symbol else int(i) for i in r.indices))
                        for r in references
                    }
                    indices = {i: sp.Integer(k) for i, k in at.items()}
                    parts.append(term.body.xreplace({**indices, **entries, **plain}))
            self._entries[equation.name.symbol, place] = self._new(sp.Add(*parts))

    def _read(self, body: Any) -> tuple[list[Any], dict[Any, Any]]:
        """(the entries of arrays that a body reads, its plain names and their values)."""
        references = list(body.atoms(sp.Indexed))
        if any(not (i.is_Symbol or i.is_Integer) for r in references for i in r.indices):
            raise TooLong
        inside = {s for r in references for s in r.free_symbols}
        plain = {s: self.entry(s, ()) for s in body.free_symbols - inside if s not in self.axes}
        return references, plain

    def shape(self, name: Name) -> tuple[int, ...]:
        """The shape of a name."""
        return tuple(self.sizes[a] for a in name.axes)

    def whole(self, name: Name) -> Any:
        """A name as one expression: a number, or an array of its entries."""
        shape = self.shape(name)
        if not shape:
            return self.entry(name.symbol, ())

        def nested(place: tuple[int, ...]) -> Any:
            if len(place) == len(shape):
                return self.entry(name.symbol, place)
            inner = [nested((*place, k)) for k in range(shape[len(place)])]
            return Text.of(f"[{', '.join(f'{{{k}}}' for k in range(len(inner)))}]", *inner)

        return Text.of("array({0})", nested(()))

    def entry(self, symbol: Any, place: tuple[int, ...]) -> Any:
        """One entry of a name."""
        if symbol in self.given:
            return literal(np.asarray(self.given[symbol], dtype=float)[place])
        return self._entries[symbol, place]

    def _new(self, expression: Any) -> Any:
        # SymPy adds in the order of names: with these, in the order in which they were made.
        symbol = sp.Symbol(f"t{len(self.steps):04d}", real=True)
        self.steps.append((symbol, expression))
        return symbol


def literal(value: float) -> Any:
    """A float as code that gives this very float; 0 and 1 as numbers of algebra."""
    number = float(value)
    if number in (0.0, 1.0, -1.0):
        return sp.Integer(int(number))
    text = Text.of(f"{abs(number)!r}")
    return -text if number < 0 else text


def function(
    equations: Iterable[Equation], inputs: Sequence[Name], outputs: Sequence[Name], checks: Sequence[Name],
    given: Mapping[Any, Any], axes: Mapping[Any, Axis], sizes: Mapping[Axis, int], by_rows: Callable[..., Any],
) -> Callable[..., tuple[Any, ...]]:  # fmt: skip
    """A function from the inputs to the outputs; `by_rows` in its place where a check is below 0 or no number.

    Raises:
        TooLong: The code would be longer than it is worth.
    """
    made = Unrolled(given, axes, sizes)
    for name in inputs:
        made.take(name, made.shape(name))
    for equation in equations:
        made.add(equation)
    values = [made.whole(n) for n in outputs]
    holds = [made.entry(n.symbol, ()) for n in checks]
    template = ", ".join(f"{{{k}}}" for k in range(len(values)))
    answer = Text.of(f"({template},)", *values)
    arguments = [label(n) for n in inputs]
    if holds:
        passed = " and ".join(f"{{{k + 1}}} >= 0" for k in range(len(holds)))
        again = ", ".join(f"{{{len(holds) + 1 + k}}}" for k in range(len(arguments)))
        answer = Text.of(f"{{0}} if {passed} else by_rows({again})", answer, *holds, *arguments)
    return compiled(arguments, answer, made.steps, "math", {"by_rows": by_rows})
