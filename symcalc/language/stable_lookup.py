"""Looking a part of a formula up in the table of stable forms, and which parts are worth looking up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symcalc.language import vocabulary
from symcalc.language.matching import matched, multiplied_out
from symcalc.language.stable_rules import Rule, rules
from symcalc.notation import tree


@dataclass(frozen=True, slots=True)
class Made(tree.Node):
    """A node that stands for a value worked out already, by the symbol it is known by."""

    symbol: Any


def elementwise(node: tree.Call) -> vocabulary.Function | None:
    """The row of a call that acts entry by entry, with as many arguments as it takes; else None."""
    row = vocabulary.FUNCTIONS[vocabulary.SPELLINGS[node.function]]
    fits = row.kind == "elementwise" and row.name != "where" and len(row.arguments) == len(node.arguments)
    return row if fits and node.axis is None else None


def by_power(node: tree.Binary) -> bool:
    """Whether a part is a quotient by a sum with a power in it."""
    below = node.right
    if node.op != "/" or not isinstance(below, tree.Binary) or below.op not in "+-":
        return False
    return any(isinstance(p, tree.Binary) and p.op == "^" for p in (below.left, below.right))


def of_sum(node: tree.Binary) -> bool:
    """Whether a part is a whole power of a sum."""
    return node.op == "^" and isinstance(node.left, tree.Binary) and node.left.op in "+-"


OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}  # fmt: skip


# The place of what is in no row: after all of them.
LAST = 10**6


def polynomial(expression: Any) -> bool:
    """Whether an expression has no function, root or quotient, so that no row of the table can be its spelling."""
    powers = expression.atoms(sp.Pow)
    return not expression.atoms(sp.Function) and all(p.exp.is_Integer and p.exp > 0 for p in powers)


def first(*expressions: Any) -> tuple[int, Rule, Any, Any] | None:
    """The first rule whose spelling one of the expressions has: its place in the table, and what was found."""
    there = [(e, {type(f) for f in e.atoms(sp.Function)}) for e in dict.fromkeys(expressions) if not polynomial(e)]
    # The table itself takes a while to make; sums of squares never need it.
    for place, rule in enumerate(rules() if there else ()):
        for expression, functions in there:
            found = matched(rule.spelling, expression) if rule.functions <= functions else None
            if found is not None:
                return (place, rule, *found)
    for expression in expressions:
        shorter = multiplied_out(expression)
        if shorter is not None:
            return LAST, Rule(expression, sp.S.One, "multiplied out, its leading parts cancel"), shorter, {}
    return None
