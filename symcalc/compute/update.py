"""The rule of an optimizer, compiled: its lines become one NumPy function over the whole point.

Lines run top to bottom, entry by entry, over `point gradient learning_rate t`, constants and state. A name
that is read before it is set is state: it starts at 0 and is kept between steps. `dot(u, v)` alone makes one
number of whole vectors; `floor(u)` is there for schedules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from symcalc.compute.powers import multiplied
from symcalc.compute.printing import Text, compiled
from symcalc.language.faults import Fault, located
from symcalc.language.functions import Differs, Less, LessEqual, Same
from symcalc.language.vocabulary import FUNCTIONS, SPELLINGS, nearest
from symcalc.notation import tree

GIVEN = ("point", "gradient", "learning_rate", "t")
_EXACT = {"pi": sp.pi, "e": sp.E}
_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    "<": Less, "<=": LessEqual, ">": lambda a, b: Less(b, a), ">=": lambda a, b: LessEqual(b, a),
    "==": Same, "!=": Differs,
}  # fmt: skip


@dataclass(frozen=True)
class Update:
    """The compiled lines of a rule.

    Attributes:
        statements: The lines, in order.
        states: Names that are kept between steps.
        reads: Every name the lines read.
        constants: Names of the constants, in the order `run` takes their values.
        arguments: Symbols of what `run` hands on: given names, constants, states, literals.
        lines: Symbol and right side of each line; a right side holds arguments and symbols of earlier lines.
        numbers: Values of the literals.
    """

    statements: tuple[tree.Statement, ...]
    states: tuple[str, ...]
    reads: frozenset[str]
    constants: tuple[str, ...]
    _function: Callable[..., Any] = field(repr=False, compare=False)
    numbers: tuple[Any, ...] = field(repr=False, compare=False)
    arguments: tuple[Any, ...] = field(repr=False, compare=False)
    lines: tuple[tuple[Any, Any], ...] = field(repr=False, compare=False)

    def run(
        self, point: Any, gradient: Any, rate: float, t: int, constants: Sequence[Any], state: Sequence[Any]
    ) -> Sequence[Any]:
        """The value of every line, in order; shape (P,) or a number.

        Args:
            point, gradient: Flat vectors (P,).
            rate: The learning rate.
            t: 1 on the first step.
            constants: Their values, in the order of `constants`.
            state: State vectors (P,), in the order of `states`.
        """
        values: Sequence[Any] = self._function(
            point, gradient, np.float64(rate), np.float64(t), *constants, *state, *self.numbers
        )
        return values


def compiled_update(formula: tree.Formula, constants: Iterable[str] = ()) -> Update:
    """A rule's lines as one function.

    Args:
        formula: The rule as read.
        constants: Names that have a value.

    Raises:
        FormulaError: A line sets what is given, reads an unknown name, does not work entry by entry, or no
            line sets `point`.
    """
    try:
        return _Compiling(formula, tuple(constants)).update()
    except Fault as fault:
        raise located(fault, formula.text) from None


class _Compiling:
    def __init__(self, formula: tree.Formula, constants: tuple[str, ...]) -> None:
        self.formula, self.constants = formula, constants
        self.set = tuple(dict.fromkeys(s.name for s in formula.statements if s.name))
        self.states: dict[str, Any] = {}
        self.reads: set[str] = set()
        self.numbers: list[tuple[Any, float]] = []
        self.environment: dict[str, Any] = {name: sp.Symbol(f"v_{name}", real=True) for name in (*GIVEN, *constants)}

    def update(self) -> Update:
        given = [self.environment[name] for name in (*GIVEN, *self.constants)]
        self._check()
        lines: list[tuple[Any, Any]] = []
        for k, statement in enumerate(self.formula.statements):
            value = self.value(statement.expression)
            symbol = sp.Symbol(f"s{k}", real=True)
            lines.append((symbol, value))
            self.environment[str(statement.name)] = symbol
        # A literal enters as an argument: nothing is folded, so 9^9^9^9 is a float, not a computation.
        arguments = [*given, *self.states.values(), *(symbol for symbol, _ in self.numbers)]
        function = compiled(arguments, [symbol for symbol, _ in lines], multiplied(lines), "numpy")
        numbers = tuple(np.float64(number) for _, number in self.numbers)
        reads = frozenset(self.reads)
        return Update(
            self.formula.statements, tuple(self.states), reads, self.constants, function, numbers, tuple(arguments),
            tuple(lines),
        )  # fmt: skip

    def _check(self) -> None:
        if self.formula.head is not None:
            raise Fault("A rule has no head: write its lines, such as point = point - gradient.", self.formula.head)
        for statement in self.formula.statements:
            if statement.name is None or statement.indices:
                raise Fault("Each line of a rule sets a name: point = point - learning_rate*gradient.", statement)
            if statement.name in GIVEN[1:] or statement.name in self.constants:
                what = "a constant" if statement.name in self.constants else "given"
                raise Fault(f"{statement.name} is {what}; set a name of your own and use that.", statement)
        if "point" not in self.set:
            reason = "The rule never sets point: end it with point = point - learning_rate*gradient."
            raise Fault(reason, self.formula.statements[-1])

    def value(self, node: tree.Node) -> Any:
        """The SymPy expression of a node."""
        match node:
            case tree.Number():
                return self._number(node)
            case tree.Ref() if not node.indices:
                return self._ref(node)
            case tree.Unary():
                return self.value(node.operand) * (-1 if node.op == "-" else 1)
            case tree.Binary(op="^"):
                return self.value(node.left) ** self._exponent(node.right)
            case tree.Binary() | tree.Compare() if node.op in _OPERATIONS:
                return _OPERATIONS[node.op](self.value(node.left), self.value(node.right))
            case tree.Bars():
                return FUNCTIONS["abs"].build(self.value(node.operand))
            case tree.Call():
                return self._call(node)
        source = self.formula.text[node.start : node.end]
        raise Fault(f"A rule works entry by entry; {source} does not.", node)

    def _number(self, node: tree.Number) -> Any:
        try:
            number = float(node.value)
        except OverflowError:
            raise Fault(f"{node.text} is larger than any floating-point number.", node) from None
        symbol = sp.Symbol(f"c{len(self.numbers)}", real=True)
        self.numbers.append((symbol, number))
        return symbol

    def _exponent(self, node: tree.Node) -> Any:
        if isinstance(node, tree.Number) and node.value.denominator == 1 and node.value <= 16:
            return sp.Integer(int(node.value))
        return self.value(node)

    def _ref(self, node: tree.Ref) -> Any:
        name = node.name
        self.reads.add(name)
        if name in self.environment:
            return self.environment[name]
        if name in self.set:
            self.states[name] = self.environment[name] = sp.Symbol(f"v_{name}", real=True)
            return self.environment[name]
        if name in _EXACT:
            return _EXACT[name]
        near = nearest(name, [*GIVEN, *self.constants, *self.set])
        hint = f" Did you mean {near}?" if near else ""
        known = ", ".join((*GIVEN, *self.constants))
        raise Fault(f"{name} has no value in this rule.{hint} There are {known}; give others as constants.", node)

    def _call(self, node: tree.Call) -> Any:
        if node.function == "dot" and len(node.arguments) == 2 and node.axis is None:
            # The one number a rule may take from whole vectors: how long a step was, how far two agree.
            return Text.of("dot({0}, {1})", *map(self.value, node.arguments))
        if node.function == "floor" and len(node.arguments) == 1 and node.axis is None:
            return Text.of("floor({0})", self.value(node.arguments[0]))
        row = FUNCTIONS.get(SPELLINGS.get(node.function, ""))
        if row is not None and row.name in ("max", "min") and len(node.arguments) > 1:
            row = FUNCTIONS["maximum" if row.name == "max" else "minimum"]
            first, *others = (self.value(a) for a in node.arguments)
            for other in others:
                first = row.build(first, other)
            return first
        if row is None:
            near = nearest(node.function, list(SPELLINGS))
            hint = f" Did you mean {near}?" if near else ""
            raise Fault(f"Unknown function {node.function}.{hint}", node, near)
        if row.kind != "elementwise" or node.axis is not None:
            raise Fault(f"A rule works entry by entry; {node.function} does not.", node)
        if len(node.arguments) != len(row.arguments):
            raise Fault(f"{node.function} takes {', '.join(row.arguments)}.", node)
        return row.build(*map(self.value, node.arguments))


def environment(update: Update, given: Mapping[str, Any], values: Sequence[Any], line: int) -> dict[str, Any]:
    """What every name stands for just before a line runs.

    Args:
        update: The compiled rule.
        given: Name → value before the first line (given names, constants, state).
        values: What `run` returned.
        line: Which line, from 0.
    """
    names = {**given}
    for statement, value in zip(update.statements[:line], values):
        names[str(statement.name)] = value
    return names
