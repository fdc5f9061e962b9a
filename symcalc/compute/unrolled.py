"""The equations of a small loss entry by entry: every index written out, every sum as a sum of numbers.

What holds no parameter is worked out once; its entries become numbers that the code reads.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.assembly import Lines, assemble
from symcalc.compute.dependence import depends_on, needed
from symcalc.compute.dialects import NotWritten
from symcalc.compute.multiples import folded_multiples
from symcalc.compute.powers import multiplied
from symcalc.compute.printing import Text
from symcalc.compute.program import Program
from symcalc.equations import Equation, Name, Term

# Beyond so many products, straight-line code is longer than it is fast.
MOST_TERMS = 3_000


def unrolled(program: Program) -> Lines:
    """A loss and its slopes as lines over plain numbers.

    Args:
        program: The compiled loss; every parameter has a slope.

    Raises:
        NotWritten: It is too long, or holds something that does not come entry by entry (an inverse).
    """
    return _Unrolling(program).lines()


class _Unrolling:
    def __init__(self, program: Program) -> None:
        self.program, self.gradient = program, program.gradient_equations
        self.axes, self.sizes = self.gradient.notation.axes, program.sizes
        self.entries: dict[Any, dict[tuple[int, ...], Any]] = {}
        self.values: dict[Any, float] = {}
        self.terms = 0

    def lines(self) -> Lines:
        """Every line, in order."""
        outputs = (self.program.loss.output.name, *self.gradient.slopes)
        moving = {p.symbol for p in self.program.parameters}
        still: list[Equation] = []
        live: list[Equation] = []
        for equation in needed(self.gradient.equations, outputs):
            moves = bool(depends_on(equation) & moving)
            (live if moves else still).append(equation)
            moving |= {equation.name.symbol} if moves else set()
        arguments = [s for p in self.program.parameters for s in self._named(p, "x")]
        self._known(still)
        steps = [line for equation in live for line in self._equation(equation)]
        results = [self.entries[name.symbol][place] for name in outputs for place in self._places(name)]
        steps = folded_multiples(steps, results)
        used = set(results).union(*(right.free_symbols for _, right in steps))
        return Lines(
            tuple(arguments), tuple(multiplied(steps)), tuple(results),
            {s: v for s, v in self.values.items() if s in used},
        )  # fmt: skip

    def _places(self, name: Name) -> Iterator[tuple[int, ...]]:
        return itertools.product(*(range(self.sizes[a]) for a in name.axes))

    def _named(self, name: Name, letter: str) -> list[Any]:
        """A symbol for each entry of a name."""
        number = len(self.entries)
        made = {
            place: sp.Symbol(f"{letter}{number}_{'_'.join(map(str, place))}", real=True) for place in self._places(name)
        }
        self.entries[name.symbol] = made
        return list(made.values())

    def _known(self, still: list[Equation]) -> None:
        """Numbers for data, constants and all that follows from them alone."""
        program, notation = self.program, self.gradient.notation
        known: dict[Any, Any] = dict(program.given)
        if still:
            made = assemble(
                still, (), [e.name for e in still], program.given, notation.axes, program.sizes, notation.names, "numpy"
            )  # fmt: skip
            known.update({e.name.symbol: value for e, value in zip(still, made.function())})
        for symbol, value in known.items():
            name = notation.names.get(symbol)
            if name is None:
                continue
            shape = tuple(self.sizes[a] for a in name.axes)
            if np.prod(shape, dtype=float) > MOST_TERMS:
                raise NotWritten("there is too much data to be written out")
            array = np.broadcast_to(np.asarray(value, dtype=float), shape)
            self.values.update(zip(self._named(name, "k"), array.ravel().tolist()))

    def _equation(self, equation: Equation) -> list[tuple[Any, Any]]:
        """A line for each entry of an equation."""
        self._named(equation.name, "y")
        made = []
        for place, symbol in self.entries[equation.name.symbol].items():
            at = dict(zip(equation.indices, place))
            parts = [part for term in equation.terms for part in self._parts(term, at)]
            made.append((symbol, _joined(equation.reduction, parts)))
        return made

    def _parts(self, term: Term, at: Mapping[Any, int]) -> Iterator[Any]:
        for place in itertools.product(*(range(self.sizes[self.axes[i]]) for i in term.over)):
            self.terms += 1
            if self.terms > MOST_TERMS:
                raise NotWritten("it has too many terms to be written out")
            yield self._body(term.body, {**at, **dict(zip(term.over, place))})

    def _body(self, body: Any, at: Mapping[Any, int]) -> Any:
        """A body at one place."""
        mapping: dict[Any, Any] = {}
        for node in body.atoms(sp.Indexed):
            place = tuple(int(i.subs(at)) for i in node.indices)
            mapping[node] = self.entries[node.base].get(place, sp.S.Zero)
        for node in body.atoms(sp.KroneckerDelta):
            left, right = (a.subs(at) for a in node.args)
            mapping[node] = sp.Integer(int(left == right))
        for symbol in body.atoms(sp.Symbol):
            if symbol in self.entries:
                mapping[symbol] = self.entries[symbol][()]
        return body.xreplace(mapping)


def _joined(reduction: str, parts: list[Any]) -> Any:
    """Parts summed, or multiplied, from the left."""
    if reduction not in ("sum", "prod"):
        raise NotWritten(f"{reduction} does not come entry by entry")
    sign = " + " if reduction == "sum" else "*"
    if len(parts) < 2:
        return parts[0] if parts else sp.Integer(reduction == "prod")
    return Text.of(f"({sign.join(f'({{{k}}})' for k in range(len(parts)))})", *parts)
