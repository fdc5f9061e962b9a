"""Spellings that overflow or lose digits, read as functions of the same value that do not.

Every part of a formula is looked up in the table `stable_rules.py` before it is lowered, definitions seen
through. What matched becomes a step of its own, whose rule is "stable form" and whose reason says why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy as sp

from symcalc.equations import Name, Term
from symcalc.language import reductions, vocabulary
from symcalc.language.names import walk
from symcalc.language.safe import SAFE
from symcalc.language.scope import Value, single
from symcalc.language.stable_lookup import OPERATIONS, Made, by_power, elementwise, first, of_sum
from symcalc.language.stable_rules import Rule
from symcalc.notation import text, tree
from symcalc.notation.forming import Former

if TYPE_CHECKING:
    from symcalc.language.lowering import Lowering

_LARGEST, _DEFINITIONS, _LARGEST_POWER = 60, 2, 64  # no spelling is longer than that; a long sum has many parts
RULE = "stable form"


class StableForms:
    """The stable forms of one formula, which `low` lowers."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        # Whether definitions are seen through, and which ones were.
        self.through = True
        self.seen: dict[str, None] = {}
        self._read_already: dict[tuple[int, int], tuple[Any, Any]] = {}
        self._found: dict[tuple[int, int], tuple[int, Rule, Any, Any]] = {}
        # Nodes are told apart by identity, so none may be freed and its place taken by another.
        self._kept: list[tree.Node] = []
        self._letters: dict[str, Any] = {}
        self._node: dict[Any, tree.Node] = {}
        self._made: dict[Any, Value] = {}

    def value(self, node: tree.Node) -> Value | None:
        """A part of the formula in its stable form, lowered; None where it is fine as it is."""
        over_exp = self._log_of_sum(node) if isinstance(node, tree.Call) else None
        if over_exp is not None:
            return over_exp
        deepest = self._depth(node) if isinstance(node, (tree.Binary, tree.Call)) else None
        if deepest is None:
            return None
        # The first rule of the table counts, wherever its spelling is; and no definition is passed by for nothing.
        places = []
        for depth in range(deepest + 1):
            self._both(node, depth)
            if (id(node), depth) in self._found:
                places.append((self._found[id(node), depth][0], depth))
        if not places:
            return None
        _, depth = min(places)
        _, rule, factor, meaning = self._found[id(node), depth]
        self._note_definitions(node, depth)
        form = rule.form
        functions = [f for f in form.atoms(sp.Function) if f.free_symbols]
        whole = factor == 1 and form in functions
        if not functions:
            self.low.note(f"{self.low.source(node)}: {rule.reason}.")
        made = {}
        for function in functions:
            made[function] = sp.Dummy()
            self._made[made[function]] = self._step(function.xreplace(meaning), node, whole, rule)
        value = self._value(factor * form.xreplace(made).xreplace(meaning))
        return (
            Value(value.terms, self._indices(rule.spelling, node), value.constant)
            if not functions and factor.is_number
            else value
        )

    def _indices(self, expression: Any, node: tree.Node) -> tuple[Any, ...]:
        """The indices that an expression runs over, even where what is left of it is one number."""
        values = [self._value(symbol) for symbol in sorted(expression.free_symbols, key=str)]
        for k in range(1, len(values)):
            values[0], values[k] = self.low.aligned(node, values[0], values[k])
        return self.low.common_indices(*values)

    def _log_of_sum(self, node: tree.Call) -> Value | None:
        """log(sum(exp(u))) or log(mean(exp(u))) as a reduction of its own, which cannot overflow."""
        low = self.low
        inner = node.arguments[0] if node.arguments else node
        inner = (self._definition(inner) or inner) if isinstance(inner, tree.Ref) and self.through else inner
        if vocabulary.SPELLINGS[node.function] != "log" or not isinstance(inner, tree.Call) or not inner.arguments:
            return None
        word = vocabulary.SPELLINGS[inner.function]
        depth = self._depth(inner.arguments[0]) if word in ("sum", "mean") else None
        self._note_definitions(node, _DEFINITIONS if depth is not None else 0)
        body = None if depth is None else self._both(inner.arguments[0], depth)[0]
        if not isinstance(body, sp.exp):
            return None
        core = self._tree(body.args[0])
        value = low.named(low.lower(core), core)
        over = reductions.indices_over(low, inner, value, word)
        if not over:
            return None
        rest = tuple(i for i in value.indices if i not in over)
        made = low.scope.define(
            Value((Term(over, value.body),), rest), reduction="logsumexp", rule=RULE,
            typed=node if word == "sum" else tree.Call(-1, -1, "logsumexp", (core,)),
            reason=f"{low.source(node)}: exp overflows beyond 709, logsumexp does not",
        )  # fmt: skip
        if word == "sum":
            return made
        count = low.step(single(sp.log(reductions.count(low, over))), node)
        return single(made.body - count.body, made.indices)

    # -- what was found, as values ---------------------------------------------------------------

    def _step(self, function: Any, node: tree.Node, whole: bool, rule: Rule) -> Value:
        low = self.low
        values = [self._argument(a) for a in function.args]
        for k in range(1, len(values)):
            values[0], values[k] = low.aligned(node, values[0], values[k])
        free = low.common_indices(*values)
        body = function.func(*(v.body for v in values))
        typed = node if whole else self._printed(function)
        return low.scope.define(single(body, free), typed=typed, rule=RULE, reason=f"{low.source(node)}: {rule.reason}")

    def _argument(self, expression: Any) -> Value:
        """An argument as a name, with a number in front where that keeps it one that is there already."""
        if expression.is_number:
            return single(expression)
        for factor, core in (expression.as_coeff_Mul(), (sp.S.NegativeOne, -expression), (sp.S.One, expression)):
            if core in self._node:
                value = self.low.scope.recalled(self._value(core))
                if value.atomic:
                    return single(factor * value.body, value.indices)
        turned = expression not in self._node and expression.could_extract_minus_sign()
        factor, core = (sp.S.NegativeOne, -expression) if turned else (sp.S.One, expression)
        value = self.low.named(self.low.scope.recalled(self._value(core)), self._tree(core))
        return single(factor * value.body, value.indices)

    def _value(self, expression: Any) -> Value:
        return self.low.lower(self._tree(expression))

    def made(self, node: Made) -> Value:
        """The value that a node made here stands for."""
        return self._made[node.symbol]

    def _tree(self, expression: Any) -> tree.Node:
        """An expression as a tree: the part of the formula that it is, wherever it is one."""
        if expression in self._node:
            return self._node[expression]
        if -expression in self._node and expression.could_extract_minus_sign():
            return tree.Unary(-1, -1, "-", self._node[-expression])
        if type(expression) in SAFE:
            raise AssertionError(f"{type(expression).__name__} has no place in a formula")
        return self._former().form(expression)

    def _printed(self, function: Any) -> tree.Node:
        """How a step that is only part of a form is printed."""
        arguments = {sp.Dummy(): a for a in function.args if not a.is_number}
        back = {a: d for d, a in arguments.items()}
        trees = {d: self._tree(a) for d, a in arguments.items()}
        return self._former(trees).form(function.func(*(back.get(a, a) for a in function.args)))

    def _former(self, trees: dict[Any, tree.Node] | None = None) -> Former:
        order = {symbol: k for k, symbol in enumerate(self._letters.values())}

        def lookup(symbol: Any) -> tree.Node:
            if trees and symbol in trees:
                return trees[symbol]
            return Made(-1, -1, symbol) if symbol in self._made else self._node[symbol]

        def rank(expression: Any) -> tuple[Any, ...]:
            first = min((order.get(s, -1) for s in expression.free_symbols), default=-1)
            return (expression.is_Add or expression.is_Function, first, str(expression))

        return Former(lookup, rank)

    # -- the formula as expressions --------------------------------------------------------------

    def _depth(self, node: tree.Node) -> int | None:
        """How many definitions deep a part is worth reading; None where no spelling can be in it."""
        for depth in range(_DEFINITIONS if self.through else 0, -1, -1):
            count, promising, waiting = 0, False, [(node, depth)]
            while waiting and count <= _LARGEST:
                part, below = waiting.pop()
                count += 1
                if isinstance(part, tree.Binary) and part.op != "@":
                    waiting += ((part.left, below), (part.right, below))
                    promising = promising or by_power(part) or of_sum(part)
                elif isinstance(part, tree.Unary):
                    waiting.append((part.operand, below))
                elif isinstance(part, tree.Call) and elementwise(part) is not None:
                    waiting += ((a, below) for a in part.arguments)
                    promising = True
                elif isinstance(part, tree.Ref) and below:
                    definition = self._definition(part)
                    waiting += () if definition is None else ((definition, below - 1),)
            if count <= _LARGEST:
                return depth if promising else None
        return None

    def _note_definitions(self, node: tree.Node, depth: int) -> None:
        for part in (p for p in walk(node) if isinstance(p, tree.Ref) and depth):
            definition = self._definition(part)
            if definition is not None:
                self.seen[part.name] = None
                self._note_definitions(definition, depth - 1)

    def _definition(self, node: tree.Ref) -> tree.Node | None:
        """The right side of the definition that a name is, as typed."""
        name = self.low.scope.names.get(node.name)
        if node.indices or not isinstance(name, Name) or name.kind != "definition":
            return None
        for equation in reversed(self.low.scope.equations):
            if equation.name.symbol == name.symbol:
                typed = equation.typed
                return typed if isinstance(typed, tree.Node) else None
        return None

    def _both(self, node: tree.Node, depth: int) -> tuple[Any, Any]:
        """A part as an expression, as typed and with the stable forms inside it put in."""
        key = (id(node), depth)
        if key in self._read_already:
            return self._read_already[key]
        self._kept.append(node)
        typed, safe = self._read(node, depth)
        found = None
        if isinstance(node, (tree.Binary, tree.Call)) and typed.free_symbols:
            found = first(typed, safe)
            if found is not None:
                _, rule, factor, meaning = self._found[key] = found
                safe = factor * rule.form.xreplace(dict(meaning))
        # What was only multiplied out must not lead back to the part that it came from.
        for expression in (typed, safe) if found is None or found[1].form.atoms(sp.Function) else (typed,):
            if isinstance(node, tree.Ref):
                self._node[expression] = node
            elif expression.free_symbols:
                self._node.setdefault(expression, node)
        self._read_already[key] = typed, safe
        return typed, safe

    def _read(self, node: tree.Node, depth: int) -> tuple[Any, Any]:
        made: tuple[Any, Any] | None = None
        match node:
            case tree.Number():
                made = (sp.Rational(node.value.numerator, node.value.denominator),) * 2
            case tree.Unary():
                sign = -1 if node.op == "-" else 1
                made = self._of(lambda a: sign * a, depth, node.operand)
            case tree.Ref():
                value = self.low.scope.names.get(node.name)
                definition = self._definition(node) if depth else None
                if value is not None and not isinstance(value, Name):
                    made = value, value
                elif definition is not None:
                    made = self._both(definition, depth - 1)
            case tree.Binary():
                made = self._operation(node, depth)
            case tree.Call():
                row = elementwise(node)
                made = None if row is None else self._of(row.build, depth, *node.arguments)
                root = row is not None and row.name == "sqrt" and isinstance(node.arguments[0], tree.Number)
                made = made if root or (made is not None and made[0].free_symbols) else None
        if made is None:
            letter = self._letter(node)
            return letter, letter
        return made

    def _of(self, build: Callable[..., Any], depth: int, *parts: tree.Node) -> tuple[Any, Any]:
        pairs = [self._both(p, depth) for p in parts]
        return build(*(p[0] for p in pairs)), build(*(p[1] for p in pairs))

    def _operation(self, node: tree.Binary, depth: int) -> tuple[Any, Any] | None:
        """An operation as an expression; None where SymPy would work out a number of unknown size."""
        if node.op == "@":
            return None
        left, right = self._both(node.left, depth)[0], self._both(node.right, depth)[0]
        if node.op == "^":
            if not left.free_symbols and left is not sp.E:
                return None
            if right.is_number and not (right.is_Rational and abs(right) <= _LARGEST_POWER):
                return None
        if node.op == "/" and not right.free_symbols and right.is_zero is not False:
            return None
        return self._of(OPERATIONS[node.op], depth, node.left, node.right)

    def _letter(self, node: tree.Node) -> Any:
        """The letter that stands for a part nothing is known about: one for equal parts."""
        if isinstance(node, Made):
            return node.symbol
        word = text.write(node, text.ASCII)
        if word not in self._letters:
            self._letters[word] = sp.Symbol(f"t{len(self._letters)}")
            self._node[self._letters[word]] = node
        return self._letters[word]
