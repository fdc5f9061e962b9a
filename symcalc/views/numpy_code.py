"""A gradient to take away: a NumPy module of value, gradient and Hessian, readable and complete in itself.

text = module(differentiate(parse("mean((y - (m*x + b))^2)")))

The equations of the derivation are its lines, one each, under the user's names. It needs NumPy alone (and
SciPy where a special function occurs), and checks itself against central differences when it is run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symcalc.calculus.gradient import Gradient, differentiate
from symcalc.calculus.hessian import second_derivatives
from symcalc.calculus.partials import active
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.dependence import label, needed
from symcalc.equations import Axis, Equation, Name
from symcalc.errors import InputError
from symcalc.language import loss as language
from symcalc.language.names import Declared
from symcalc.views import numpy_identifiers as identifiers
from symcalc.views import numpy_text
from symcalc.views.numpy_expressions import Expressions
from symcalc.views.numpy_words import HELPERS

# What the cheapest order of a contraction is chosen for, where sizes are open.
_TYPICAL_ROWS, _TYPICAL = 100_000, 20


def module(gradient: Gradient, style: str = "text") -> str:
    """The NumPy module of a gradient.

    A formula of single numbers that is differentiated by some of its names only is printed row by row: every
    argument is an array (n,), and so is every answer.

    Args:
        gradient: The gradient; its parameters, columns and constants become arguments.
        style: text or ascii, for the derivation in its docstring.

    Raises:
        InputError: There is no code for a function, or one name of `wrt` is made of another.
    """
    if not gradient.wrt:
        raise InputError("The loss has no parameters, so there is no gradient to take away.")
    return _Module(by_rows(gradient)).text(style)


def by_rows(gradient: Gradient) -> Gradient:
    """The gradient with every name a column, where it is one of single numbers by some of them; else unchanged."""
    loss, wrt = gradient.loss, {n.name for n in gradient.wrt}
    given = (*loss.parameters, *loss.columns, *loss.constants)
    arrays = loss.columns or any(n.axes for n in given) or any(t.over for e in loss.equations for t in e.terms)
    if arrays or loss.formula.head is not None or not wrt < {p.name for p in loss.parameters}:
        return gradient
    columns = dict.fromkeys(p.name for p in loss.parameters)
    constants: dict[str, tuple[int | str, ...]] = {c.name: () for c in loss.constants}
    again = language.read(loss.formula, Declared(bound=columns, constants=constants))
    if not again.per_row:
        return gradient
    try:
        return differentiate(replace(again, values=loss.values), [n.name for n in gradient.wrt], gradient.kinks)
    except InputError:
        return gradient  # a reduction inside, which mixes the rows


@dataclass(frozen=True)
class _Work:
    """The lines of one function, the symbols of what they need, and the axes whose size they need."""

    lines: tuple[str, ...]
    needs: frozenset[Any]
    axes: frozenset[Axis]


class _Module:
    """The parts of one module."""

    def __init__(self, gradient: Gradient) -> None:
        _refuse_dependent(gradient)
        self.gradient, self.loss, self.wrt = gradient, gradient.loss, gradient.wrt
        self.words = identifiers.Identifiers()
        self.helpers: set[str] = set()
        self.special = False
        loss, inner = self.loss, [n for n in self.wrt if n.kind == "definition"]
        constants = sorted(loss.constants, key=lambda n: numpy_text.default(loss, n) is not None)
        every = (*loss.parameters, *inner, *loss.columns, *constants)
        for name in every:
            self.words.word(name.symbol, name.name)
        notation = gradient.notation
        outputs = (loss.output.name, *gradient.slopes)
        self.value = self._work(gradient.equations, outputs, notation.names, notation.axes)
        self.blocks: dict[tuple[str, str], str] = {}
        self.hessian = self._second()
        wanted = self.value.needs | self.hessian.needs | {n.symbol for n in self.wrt}
        self.arguments = tuple(n for n in every if n.symbol in wanted)

    def text(self, style: str) -> str:
        """The module as text."""
        told = numpy_text.Told(self.gradient, self.arguments, {n.symbol: self._word(n) for n in self.arguments})
        title = f"{self.loss.name} and its slope in {identifiers.joined(n.name for n in self.wrt)}"
        answers = ", ".join(self._word(n) for n in (self.loss.output.name, *self.gradient.slopes))
        parts = [numpy_text.heading(told, self.special, style)]
        parts += [helper.source for word, helper in HELPERS.items() if word in self.helpers]
        parts.append(told.function("value_and_gradient", f"{title}.", self._body(self.value, told), answers))
        about = f"The second derivatives of {self.loss.name}: a dictionary, by pairs of names."
        if len(self.wrt) == 1:
            shape = numpy_text.shape((*self.gradient.slopes[0].axes, *self._own_axes(self.wrt[0])))
            about = f"The second derivative of {self.loss.name} in {self.wrt[0].name}: {shape}."
        parts.append(told.function("hessian", about, self._body(self.hessian, told), self._answer()))
        parts.append(numpy_text.self_check(told))
        return "\n\n\n".join(parts) + "\n"

    def _body(self, work: _Work, told: numpy_text.Told) -> list[str]:
        return [*told.sizes({axis: self._size(axis) for axis in work.axes}), *work.lines]

    def _answer(self) -> str:
        """What the function of the Hessian returns: one block, or all of them by pairs of names."""
        if len(self.wrt) == 1:
            return self.blocks[self.wrt[0].name, self.wrt[0].name]
        pairs = []
        for i, p in enumerate(self.wrt):
            for j, q in enumerate(self.wrt):
                block = self.blocks[(p.name, q.name) if i <= j else (q.name, p.name)]
                pair = ", ".join(json.dumps(n.name, ensure_ascii=False) for n in (p, q))
                pairs.append(f"({pair}): {block if i <= j else self._transposed(block, q, p)}")
        return "{\n        " + ",\n        ".join(pairs) + ",\n    }"

    def _transposed(self, block: str, first: Name, other: Name) -> str:
        """A block over (first, other) with its axes in the order (other, first)."""
        rows = int(self.loss.per_row)
        one, two = (len(self._own_axes(n)) for n in (first, other))
        if not one or not two:
            return block
        if (rows, one, two) == (0, 1, 1):
            return f"{block}.T"
        order = (*range(rows), *range(rows + one, rows + one + two), *range(rows, rows + one))
        return f"np.transpose({block}, {order})"

    def _own_axes(self, name: Name) -> tuple[Axis, ...]:
        """The axes of a name, without the rows that a formula with one value a row keeps."""
        return tuple(a for a in name.axes if not (self.loss.per_row and a.rows))

    # -- equations as lines ----------------------------------------------------------------------

    def _second(self) -> _Work:
        """The lines that lead to the blocks on and above the diagonal."""
        works = []
        every = second_derivatives(self.gradient)
        for k, q in enumerate(self.wrt):
            mine = {p.name: every[p.name, q.name] for p in self.wrt[: k + 1]}
            last = max(mine.values(), key=lambda block: len(block.equations))
            for word, block in mine.items():
                wanted = identifiers.second(self.loss.name, word, q.name)
                self.blocks[word, q.name] = self.words.word((q.name, block.equation.name.symbol), wanted)
            outputs = [block.equation.name for block in mine.values()]
            works.append(self._work(last.equations, outputs, last.notation.names, last.notation.axes, q.name))
        return _Work(
            tuple(dict.fromkeys(line for work in works for line in work.lines)),
            frozenset().union(*(work.needs for work in works)), frozenset().union(*(work.axes for work in works)),
        )  # fmt: skip

    def _work(
        self, equations: Iterable[Equation], outputs: Sequence[Name], names: Mapping[Any, Name],
        axes: Mapping[Any, Axis], wrt: str = "",
    ) -> _Work:  # fmt: skip
        held = {n.symbol for n in self.wrt}
        steps = needed([e for e in equations if e.name.symbol not in held], outputs)
        sizes = _Sizes(names, axes, {n.symbol: axis for n, axis in self.loss.sizes})
        form = _SymbolicForm(axes, sizes.of, names)
        written = _without_unused([form.assignment(e) for e in steps], {label(n) for n in outputs})
        if wrt:
            written = self._renamed(written, outputs, names, wrt)
        free = {label(n) for n in outputs}.union(*({s, *expression.free_symbols} for s, expression in written))
        labels = {label(n): n for n in names.values()}
        words = {s: self._word(n, wrt) for s, n in labels.items() if s in free and n.kind != "size"}
        words |= {s: self._size(axis) for s, axis in sizes.axis_of.items() if s in free}
        writer = Expressions(words, labels)
        lines = tuple(f"{words[symbol]} = {writer.write(expression)}" for symbol, expression in written)
        self.helpers |= writer.helpers
        self.special |= writer.special or any(HELPERS[word].special for word in writer.helpers)
        return _Work(
            lines, frozenset(labels[s].symbol for s in free if s in labels),
            frozenset(axis for s, axis in sizes.axis_of.items() if s in free),
        )  # fmt: skip

    def _renamed(
        self, steps: list[tuple[Any, Any]], outputs: Sequence[Name], names: Mapping[Any, Name], wrt: str
    ) -> list[tuple[Any, Any]]:
        """The assignments without those that only give a step the name of a block: the step has it at once."""
        symbols = {label(n): n.symbol for n in names.values()}
        ends = {label(n) for n in outputs}
        own = {s for s, _ in steps if symbols[s] not in self.gradient.notation.names} - ends
        kept = []
        for symbol, expression in steps:
            if symbol in ends and expression in own:
                own.remove(expression)
                self.words.same((wrt, symbols[expression]), self.words.word((wrt, symbols[symbol]), ""))
            else:
                kept.append((symbol, expression))
        return kept

    def _word(self, name: Name, wrt: str = "") -> str:
        # Private symbols of one second derivative mean other things in another.
        own = name.symbol in self.gradient.notation.names
        return self.words.word(name.symbol if own else (wrt, name.symbol), identifiers.title(name, self.loss.name, wrt))

    def _size(self, axis: Axis) -> str:
        return self.words.word(axis, axis.label)


class _Sizes:
    """Symbols for the sizes of axes that are open, or that the number of rows decides."""

    def __init__(self, names: Mapping[Any, Name], axes: Mapping[Any, Axis], known: Mapping[Any, Axis]) -> None:
        self.axis_of: dict[Any, Axis] = dict(known)
        by_label = {axis.label: axis for axis in axes.values() if axis.size is None or axis.rows}
        for symbol, name in names.items():
            if name.kind == "size" and symbol not in self.axis_of and name.name in by_label:
                self.axis_of[symbol] = by_label[name.name]

    def of(self, axis: Axis) -> Any:
        """The size of an axis: a number, or its symbol."""
        if axis.size is not None and not axis.rows:
            return sp.Integer(axis.size)
        for symbol, known in self.axis_of.items():
            if known == axis:
                return symbol
        symbol = sp.Symbol(f"size{len(self.axis_of)}", positive=True)
        self.axis_of[symbol] = axis
        return symbol


class _SymbolicForm(ArrayForm):
    """Array expressions whose sizes are open: the order of a contraction is chosen for typical ones."""

    def _cheapest(self, groups: Any, kept: set[Any]) -> Any:
        exact, self.size = self.size, _typical
        try:
            return super()._cheapest(groups, kept)
        finally:
            self.size = exact


def _typical(axis: Axis) -> Any:
    return sp.Integer(_TYPICAL_ROWS if axis.rows else axis.size or _TYPICAL)


def _without_unused(steps: list[tuple[Any, Any]], results: set[Any]) -> list[tuple[Any, Any]]:
    """The assignments that something needs: an inverse that only ever multiplied was solved instead."""
    wanted, kept = set(results), []
    for symbol, expression in reversed(steps):
        if symbol in wanted:
            kept.append((symbol, expression))
            wanted |= expression.free_symbols
    return kept[::-1]


def _refuse_dependent(gradient: Gradient) -> None:
    """A definition becomes an argument, so nothing else that is differentiated by may lie behind it."""
    for made in gradient.wrt:
        for other in gradient.wrt:
            if made.kind == "definition" and other != made:
                if other.symbol in active(gradient.loss.equations, {other.symbol}, made.symbol):
                    raise InputError(
                        f"{made.name} is made of {other.name}: take their gradients away one at a time, "
                        f"--wrt {made.name} and --wrt {other.name}."
                    )
