"""Rules of differentiation as text, worked out over any kind of numbers, and put in place of SymPy's.

    worked(ruled("product"), {"u": …, "du": …, "v": …, "dv": …}, Symbols())

`changed(body, changes, mistake)` differentiates an expression by the rules of `catalogue/rules.py`, with one of
them replaced by a row of `catalogue/mistakes.py`. A gradient derived with a mistake is wrong in exactly one way:
that is how a checker is tried (it must object), and how a learner's answer is explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from typing import Any, Protocol

import sympy as sp

from symcalc.catalogue.mistakes import Mistake
from symcalc.catalogue.rules import RULES, SLOPES
from symcalc.language import functions
from symcalc.language.reader import read
from symcalc.language.vocabulary import ELEMENTWISE, FUNCTIONS
from symcalc.notation import tree


class Arithmetic(Protocol):
    """What a rule needs besides + - * / and powers."""

    def number(self, numerator: int, denominator: int) -> Any: ...

    def call(self, word: str, arguments: list[Any]) -> Any: ...

    def compare(self, op: str, left: Any, right: Any) -> Any: ...


@cache
def parsed(text: str) -> tree.Node:
    """A rule's text as a tree."""
    return read(text).statements[-1].expression


def worked(text: str, values: Mapping[str, Any], arithmetic: Arithmetic) -> Any:
    """A rule's text with values for its letters."""
    return _worked(parsed(text), values, arithmetic)


def _worked(node: tree.Node, values: Mapping[str, Any], a: Arithmetic) -> Any:
    match node:
        case tree.Number():
            return a.number(node.value.numerator, node.value.denominator)
        case tree.Ref():
            return values[node.name] if node.name in values else a.call(node.name, [])
        case tree.Unary():
            inner = _worked(node.operand, values, a)
            return -inner if node.op == "-" else inner
        case tree.Compare():
            return a.compare(node.op, _worked(node.left, values, a), _worked(node.right, values, a))
        case tree.Call():
            arguments = [_worked(n, values, a) for n in node.arguments]
            own = values.get(f"{node.function}()")
            return own(*arguments) if own is not None else a.call(node.function, arguments)
        case tree.Binary():
            left, right = _worked(node.left, values, a), _worked(node.right, values, a)
            # In a matrix product the products of the rule are matrix products.
            return _OPERATORS[node.op](left, right) if "*" not in values or node.op != "*" else values["*"](left, right)
    raise TypeError(f"a rule holds no {type(node).__name__}")


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}  # fmt: skip


class Symbols:
    """The arithmetic of SymPy expressions, with symcalc's own functions."""

    def number(self, numerator: int, denominator: int) -> Any:
        return sp.Rational(numerator, denominator)

    def call(self, word: str, arguments: list[Any]) -> Any:
        return sp.pi if word == "pi" else FUNCTIONS[word].build(*arguments)

    def compare(self, op: str, left: Any, right: Any) -> Any:
        return _COMPARED[op](left, right)


_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    ">": lambda a, b: functions.Less(b, a), ">=": lambda a, b: functions.LessEqual(b, a),
    "<": lambda a, b: functions.Less(a, b), "<=": lambda a, b: functions.LessEqual(a, b),
}  # fmt: skip


def changed(body: Any, changes: Mapping[Any, Any], mistake: Mistake | None = None, variable: Any = None) -> Any:
    """How an expression changes, by the rules of the textbook.

    Args:
        body: An expression like the body of an equation.
        changes: Symbol or Indexed → how it changes; anything else in the body stays.
        mistake: The row that is put in place of one of the rules, wherever that rule applies.
        variable: What the letter w of a rule stands for; the first of `changes` unless given.
    """
    first = next(iter(changes), sp.S.Zero) if variable is None else variable
    return _Changing(changes, mistake, first).of(body)


def mistaken(body: Any, reference: Any, moving: Iterable[Any], mistake: Mistake) -> Any:
    """The slope of an expression in one of the things that move in it, as derived with a mistake.

    The mistake is seen where one expression shows it: the derivative of an inside is an equation of its own.
    """
    for others in (sp.S.Zero, sp.S.One):  # a quotient of derivatives has no value where the lower one is 0
        slope = changed(body, {**dict.fromkeys(moving, others), reference: sp.S.One}, mistake, reference)
        if not slope.has(sp.zoo, sp.nan):
            return slope
    raise ValueError(f"{mistake.change} gives {body} no slope")


class _Changing:
    def __init__(self, changes: Mapping[Any, Any], mistake: Mistake | None, variable: Any) -> None:
        self.changes, self.mistake, self.variable = changes, mistake, variable

    def of(self, e: Any) -> Any:
        if e in self.changes:
            return self.changes[e]
        if not self._varies(e):
            return sp.S.Zero
        if e.is_Add:
            return self._sum(e.args)
        if e.is_Mul:
            return self._product(e)
        if e.is_Pow and e.base is not sp.E:
            return self._power(e)
        return self._function(e)

    def _varies(self, e: Any) -> bool:
        return any(e.has(moving) for moving in self.changes)

    def _rule(self, rule: str, **values: Any) -> Any:
        mistaken = self.mistake is not None and self.mistake.rule == rule
        text = self.mistake.change if mistaken else RULES[rule]  # type: ignore[union-attr]
        return worked(text, {"w": self.variable, **values}, Symbols())

    def _sum(self, parts: tuple[Any, ...]) -> Any:
        varying = [p for p in parts if self._varies(p)]
        change = self.of(varying[0])
        for part in varying[1:]:
            negative = part.could_extract_minus_sign()
            change = self._rule("difference", du=change, dv=self.of(-part)) if negative else self._rule(
                "sum", du=change, dv=self.of(part))  # fmt: skip
        constant = sp.Add(*(p for p in parts if not self._varies(p)))
        return change if constant == 0 else self._rule("constant", du=change, c=constant)

    def _product(self, e: Any) -> Any:
        above, below, constant = [], [], []
        for factor in sp.Mul.make_args(e):
            if not self._varies(factor):
                constant.append(factor)
            elif factor.is_Pow and factor.exp.could_extract_minus_sign():
                below.append(1 / factor)
            else:
                above.append(factor)
        sign = -1 in constant
        c = sp.Mul(*constant) * (-1 if sign else 1)
        change = self._quotient(above, below, c)
        return self._rule("sign", du=change) if sign else change

    def _quotient(self, above: list[Any], below: list[Any], c: Any) -> Any:
        if below and not above:
            v, dv = self._factors(below)
            return self._rule("reciprocal", c=c, v=v, dv=dv)
        u, du = self._factors(above)
        if below:
            v, dv = self._factors(below)
            du = self._rule("quotient", u=u, du=du, v=v, dv=dv)
        return du if c == 1 else self._rule("factor", c=c, u=u if not below else u / v, du=du)

    def _factors(self, factors: list[Any]) -> tuple[Any, Any]:
        """A product of varying factors and its change."""

        def joined(one: tuple[Any, Any], two: tuple[Any, Any]) -> tuple[Any, Any]:
            return one[0] * two[0], self._rule("product", u=one[0], du=one[1], v=two[0], dv=two[1])

        return reduce(joined, [(f, self.of(f)) for f in factors])

    def _power(self, e: Any) -> Any:
        base, exponent = e.base, e.exp
        if not self._varies(exponent):
            if exponent == sp.S.Half:
                return self._outer("sqrt", sp.sqrt, base)
            if exponent == -1:
                return self._rule("reciprocal", c=sp.S.One, v=base, dv=self.of(base))
            return self._rule("power", u=base, du=self.of(base), p=exponent)
        if not self._varies(base):
            return self._rule("exponential", c=base, u=exponent, du=self.of(exponent))
        return self._rule("tower", u=base, du=self.of(base), v=exponent, dv=self.of(exponent))

    def _function(self, e: Any) -> Any:
        word = _word(e)
        if len(e.args) == 1:
            return self._outer(word, e.func, e.args[0])
        first, second, *_ = e.args[-2:]
        values = {"u": first, "du": self.of(first), "v": second, "dv": self.of(second)}
        if word in RULES:
            return self._rule(word, c=e.args[0], **values)
        dummies = [sp.Dummy(real=True) for _ in e.args]
        plain = e.func(*dummies)
        put = dict(zip(dummies, e.args))
        return sum((plain.diff(d).xreplace(put) * self.of(a) for d, a in put.items()), sp.S.Zero)

    def _outer(self, word: str, function: Any, inside: Any) -> Any:
        """f(u): by the rows of f itself, else by the chain rule."""
        values = {"u": inside, "du": self.of(inside), "w": self.variable}
        if self.mistake is not None and self.mistake.rule == word:
            return worked(self.mistake.change, values, Symbols())

        def slope(at: Any) -> Any:
            if word in SLOPES:
                return worked(SLOPES[word], {"u": at}, Symbols())
            dummy = sp.Dummy(real=True)
            return function(dummy).diff(dummy).xreplace({dummy: at})

        return self._rule("chain", **{**values, "f()": function, "slope()": slope})


@cache
def _words() -> dict[str, str]:
    """Name of a SymPy class → the word of the language that builds it."""
    return {row.meaning: row.name for row in ELEMENTWISE}


def _word(e: Any) -> str:
    name = type(e).__name__
    return "exp" if e.is_Pow else _words().get(name, name)
