"""A descent as straight-line code: the lines of a rule, entry by entry, and then the lines of the loss.

p0, p1  the point        g0, g1  the slopes        q0_0, q0_1  what the rule remembers
n0, n1  where it leads   h0, h1  the slopes there  r0_0, r0_1  what it remembers then      f  the loss there
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from symcalc.compute.across import over_arrays
from symcalc.compute.assembly import Lines
from symcalc.compute.dialects import InNative, InPython, NotWritten, is_exact, renamed
from symcalc.compute.powers import multiplied
from symcalc.compute.printing import compiled
from symcalc.compute.update import GIVEN, Update

Code = tuple[tuple[str, str], ...]  # (name, expression) in order
# Beyond, straight-line code is longer than it is fast.
MOST_LINES = 4_000
_NOT_ENTRYWISE = "dot("


@dataclass(frozen=True)
class Written:
    """One dialect's code of a step: the rule's lines, then the loss's."""

    rule: Code
    loss: Code


@dataclass(frozen=True, eq=False)
class Fused:
    """One step of a descent in every dialect, and the numbers it reads.

    Attributes:
        size: Entries of the point, P.
        states: How many vectors the rule remembers.
        constants: Names of its numbers; `numbers` gives their values.
        tables: Names of the numbers that change with t.
        timed: Whether a step depends on its number.
        python: Its code in Python.
        native: Its code in C and numba, or why they have no words for it.
        exact: Whether the loss holds only operations that every engine rounds alike.
    """

    size: int
    states: int
    constants: tuple[str, ...]
    tables: tuple[str, ...]
    timed: bool
    python: Written
    native: Written | str
    exact: bool
    lines: Lines
    update: Update
    hoisted: tuple[Any, ...]

    def numbers(self, constants: Any) -> Any:
        """The value of every constant name.

        Args:
            constants: Values of the rule's constants, in the order of `update.constants`.
        """
        found = self._evaluated(constants, np.float64(1.0))
        still = [float(v) for v, moves in zip(found, self._moving) if not moves]
        own = [*map(float, constants), *map(float, self.update.numbers)]
        return np.array([*still, *own, *self.lines.values.values()])

    def table(self, constants: Any, first: int, count: int) -> Any:
        """The numbers of each step that change with t, (tables, count); the first step's t is `first`."""
        if not self.tables:
            return np.empty((0, count))
        found = self._evaluated(constants, np.arange(first, first + count, dtype=float))
        rows = [np.broadcast_to(v, (count,)) for v, moves in zip(found, self._moving) if moves]
        return np.ascontiguousarray(rows, dtype=float)

    def _evaluated(self, constants: Any, t: Any) -> list[Any]:
        values = map(np.float64, constants)
        with np.errstate(all="ignore"):
            return list(self._function(t, *values, *self.update.numbers))

    @cached_property
    def _function(self) -> Any:
        known = _fixed(self.update)
        return compiled(list(known), list(self.hoisted), (), "numpy")

    @cached_property
    def _moving(self) -> list[bool]:
        return _moving(self.update, self.hoisted)

    @cached_property
    def operations(self) -> int:
        """About how many operations of plain floats a step is."""
        code = (*self.python.rule, *self.python.loss)
        return sum(1 + sum(text.count(sign) for sign in "+-*/(") for _, text in code)

    @cached_property
    def everywhere(self) -> Any:
        """The loss and its slopes at many points at once, exact: (P arrays, then numbers) → (loss, *slopes)."""
        return over_arrays(self.lines)


def fuse(lines: Lines, update: Update) -> Fused:
    """The lines of a loss and of a rule as one step.

    Args:
        lines: The loss: arguments are the entries of the point, results the loss and its slopes.
        update: The rule.

    Raises:
        NotWritten: The rule does not work entry by entry, or the code would be too long.
    """
    size = len(lines.arguments)
    if len(lines.results) != size + 1:
        raise NotWritten("not every parameter has a slope")
    steps = multiplied(update.lines)
    if any(_NOT_ENTRYWISE in str(right) for _, right in steps):
        raise NotWritten("the rule makes one number of whole vectors")
    if len(lines.steps) + size * len(steps) > MOST_LINES:
        raise NotWritten("the formula is too long to be written out")
    hoisted: dict[Any, str] = {}
    fixed = frozenset(_fixed(update))
    python = _written(InPython(fixed, hoisted), InPython(frozenset(), {}), lines, update, steps)
    native: Written | str
    try:
        native = _written(InNative(fixed, hoisted), InNative(frozenset(), {}), lines, update, steps)
    except NotWritten as reason:
        native = str(reason)
    names, moving = _names(lines, update, hoisted), _moving(update, tuple(hoisted))
    python, native = _named(python, names), native if isinstance(native, str) else _named(native, names)
    still = [names[word] for word, moves in zip(hoisted.values(), moving) if not moves]
    constants = (*still, *(names[str(s)] for s in _own(update)), *(names[str(s)] for s in lines.values))
    tables = tuple(names[word] for word, moves in zip(hoisted.values(), moving) if moves)
    return Fused(
        size, len(update.states), constants, tables, "t" in update.reads, python, native,
        all(is_exact(text) for _, text in python.loss), lines, update, tuple(hoisted),
    )  # fmt: skip


def _own(update: Update) -> tuple[Any, ...]:
    """Symbols of a rule's constants and literals."""
    skip = len(GIVEN) + len(update.constants)
    return (*update.arguments[len(GIVEN) : skip], *update.arguments[skip + len(update.states) :])


def _fixed(update: Update) -> tuple[Any, ...]:
    """Symbols that no step changes but t: t, constants, literals. The learning rate may differ from run to run."""
    return (update.arguments[GIVEN.index("t")], *_own(update))


def _moving(update: Update, hoisted: tuple[Any, ...]) -> list[bool]:
    t = update.arguments[GIVEN.index("t")]
    return [t in expression.free_symbols for expression in hoisted]


def _names(lines: Lines, update: Update, hoisted: Mapping[Any, str]) -> dict[str, str]:
    """Printed name of each number → its private name in the code."""
    words = [*hoisted.values(), *map(str, _own(update)), *map(str, lines.values)]
    return {word: f"a{k}" for k, word in enumerate(words)}


def _named(written: Written, names: Mapping[str, str]) -> Written:
    rule, loss = (tuple((name, renamed(text, names)) for name, text in code) for code in (written.rule, written.loss))
    return Written(rule, loss)


def _written(
    rule_printer: Any, loss_printer: Any, lines: Lines, update: Update, steps: list[tuple[Any, Any]]
) -> Written:
    texts = [(str(symbol), rule_printer.doprint(right)) for symbol, right in steps]
    point, gradient, rate, t = map(str, update.arguments[: len(GIVEN)])
    skip = len(GIVEN) + len(update.constants)
    states = list(map(str, update.arguments[skip : skip + len(update.states)]))
    last = {str(s.name): str(symbol) for s, (symbol, _) in zip(update.statements, update.lines)}
    rule: list[tuple[str, str]] = []
    for e in range(len(lines.arguments)):
        names = {name: f"{name}_{e}" for name, _ in texts}
        names |= {point: f"p{e}", gradient: f"g{e}", rate: "rate", t: "t"}
        names |= {state: f"q{j}_{e}" for j, state in enumerate(states)}
        names[last["point"]] = f"n{e}"
        names |= {last[word]: f"r{j}_{e}" for j, word in enumerate(update.states)}
        rule += [(names[name], renamed(text, names)) for name, text in texts]
    # A symbol of the loss may be set again, so names only get a letter of their own.
    own = {symbol for symbol, _ in lines.steps}
    inner = {str(symbol): f"l_{symbol}" for symbol in own}
    inner |= {str(symbol): f"n{e}" for e, symbol in enumerate(lines.arguments)}
    # A result is set once; it takes the name it is known by, the first of them where it is several.
    results = list(zip(("f", *(f"h{e}" for e in range(len(lines.arguments)))), lines.results))
    inner |= {str(symbol): name for name, symbol in results[::-1] if symbol in own}
    loss = [(inner[str(symbol)], renamed(loss_printer.doprint(right), inner)) for symbol, right in lines.steps]
    loss += [
        (name, renamed(loss_printer.doprint(symbol), inner))
        for name, symbol in results
        if inner.get(str(symbol)) != name
    ]
    return Written(tuple(rule), tuple(loss))
