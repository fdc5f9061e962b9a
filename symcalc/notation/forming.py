"""From SymPy back to trees: private symbols become the user's names, in the order people write.

SymPy keeps sums and products in an order of its own; here numbers come first, then names in the order
they entered the formula, and a sum begins with a positive term.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp

from symcalc.notation import tree
from symcalc.notation.tidying import common, divided

Lookup = Callable[[Any], tree.Node]

_CALLS = {
    "Sigmoid": "sigmoid", "Softplus": "softplus", "CubeRoot": "cbrt", "Sign": "sign", "Relu": "relu",
    "Maximum": "max", "Minimum": "min", "polygamma": "digamma", "Cbrt": "cbrt",
}  # fmt: skip
_COMPARES = {"Less": "<", "LessEqual": "<=", "Same": "==", "Differs": "!="}


def number(value: Any) -> tree.Node:
    """A rational number as a tree: `2`, `-2`, `1/2`."""
    if value < 0:
        return tree.Unary(-1, -1, "-", number(-value))
    if value.q == 1:
        return tree.Number(-1, -1, str(value.p), Fraction(value.p))
    decimal = _decimal(value)
    if decimal is not None:
        return tree.Number(-1, -1, decimal, Fraction(value.p, value.q))
    return binary("/", number(sp.Integer(value.p)), number(sp.Integer(value.q)))


def _decimal(value: Any) -> str | None:
    """A fraction whose decimal form ends early, as that decimal; a half stays 1/2."""
    rest, places = value.q, 0
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
            places += 1
    if rest != 1 or value.q in (2, 4, 8) or places > 12:
        return None
    text = f"{value.p * 10**places // value.q:0{places + 1}d}"
    return f"{text[:-places]}.{text[-places:]}".rstrip("0")


def binary(op: str, left: tree.Node, right: tree.Node) -> tree.Node:
    """Two trees joined; a sign on the right of a sum is drawn into the operator."""
    if op == "+" and isinstance(right, tree.Unary) and right.op == "-":
        return tree.Binary(-1, -1, "-", left, right.operand)
    return tree.Binary(-1, -1, op, left, right)


def without_sign(node: tree.Node) -> tree.Node:
    """A tree that begins with a minus, without it."""
    if isinstance(node, tree.Unary):
        return node.operand
    if isinstance(node, tree.Binary) and node.op in "*/@":
        left = without_sign(node.left)
        # Typed without parentheses around it, the rest still stands in the text as it is.
        typed = node.start >= 0 and node.start < left.start
        return tree.Binary(left.start if typed else -1, node.end if typed else -1, node.op, left, node.right)
    return tree.Unary(-1, -1, "-", node)


def product(factors: list[tree.Node]) -> tree.Node:
    """Trees multiplied from left to right; an empty list is 1."""
    if not factors:
        return number(sp.S.One)
    result = factors[0]
    for factor in factors[1:]:
        result = binary("*", result, factor)
    return result


def entrywise(nodes: list[tree.Node]) -> tree.Node:
    """Arrays multiplied entry by entry: a ⊙ b."""
    result = nodes[0]
    for node in nodes[1:]:
        result = tree.Binary(-1, -1, "⊙", result, node)
    return result


def _spelled(factor: Any) -> Any:
    """A factor as the product that it is printed as."""
    if not hasattr(factor, "plain"):
        return factor
    plain = factor.plain(*factor.args)
    return plain if plain.is_Mul and plain.as_coeff_Mul()[0] == 1 else factor


class Former:
    """Makes trees from SymPy expressions.

    Args:
        lookup: What a Symbol or Indexed is written as.
        rank: The order of names in products and sums, from the expression.
        arrays: Whether arrays stand for themselves, so that their products are entry by entry (⊙).
    """

    def __init__(self, lookup: Lookup, rank: Callable[[Any], Any], arrays: bool = False) -> None:
        self.lookup, self.rank, self.arrays = lookup, rank, arrays

    def form(self, expression: Any) -> tree.Node:
        """The tree of an expression."""
        if expression.is_Rational:
            return number(expression)
        if expression is sp.pi or expression is sp.E:
            return tree.Ref(-1, -1, "pi" if expression is sp.pi else "e")
        if isinstance(expression, sp.Indexed) or expression.is_Symbol:
            return self.lookup(expression)
        if expression.is_Add:
            return self._sum(expression)
        if expression.is_Mul:
            return self._product(expression)
        if expression.is_Pow:
            return self._power(expression.base, expression.exp)
        return self._function(expression)

    def _sum(self, expression: Any) -> tree.Node:
        factor, rest = common(expression)
        if factor != 1:
            return self._fraction(factor.as_coeff_Mul()[0], [*sp.Mul.make_args(factor.as_coeff_Mul()[1]), rest])
        terms = sorted(expression.args, key=lambda t: (t.is_number, t.could_extract_minus_sign(), self.rank(t)))
        # 1 - h^2 and 1 + exp(z): a leading number stays in front where the rest is negative or a function.
        numbers = [t for t in terms if t.is_number]
        rest = [t for t in terms if not t.is_number]
        first_negative = not rest or rest[0].could_extract_minus_sign()
        plain = len(rest) == 1 and not rest[0].is_Symbol and not isinstance(rest[0], sp.Indexed)
        ordered = numbers + rest if numbers and (first_negative or plain) and not numbers[0].is_negative else terms
        result = self.form(ordered[0])
        for term in ordered[1:]:
            result = binary("+", result, self.form(term))
        return result

    def _product(self, expression: Any) -> tree.Node:
        coefficient, rest = expression.as_coeff_Mul()
        if coefficient.is_negative:
            return tree.Unary(-1, -1, "-", self.form(-expression))
        return self._fraction(coefficient, list(sp.Mul.make_args(rest)))

    def _fraction(self, coefficient: Any, factors: list[Any]) -> tree.Node:
        """A positive number times factors; numbers that the terms of a sum share join the number in front."""
        shared: list[Any] = []
        for k, factor in enumerate(factors):
            base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, sp.S.One)
            if exponent in (1, -1):
                number_, rest = divided(base)
                drawn, symbols = number_.as_coeff_Mul()
                coefficient *= drawn**exponent
                factors[k] = rest**exponent
                shared += sp.Mul.make_args(symbols**exponent)
        above: list[Any] = []
        below: list[Any] = []
        parts = [p for f in factors + shared if f != 1 for p in sp.Mul.make_args(_spelled(f))]
        for factor in parts:
            base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, sp.S.One)
            inverted = exponent.is_Rational and exponent.is_negative
            (below if inverted else above).append(base**-exponent if inverted else factor)
        above.sort(key=self.rank)
        many = [f for f in above if self.arrays and f.atoms(sp.Indexed)]
        top = [self.form(f) for f in above if f not in many]
        if many:
            top.append(entrywise([self.form(f) for f in many]))
        bottom = [self.form(f) for f in sorted(below, key=self.rank)]
        if coefficient.p != 1:
            top.insert(0, number(sp.Integer(coefficient.p)))
        if coefficient.q != 1:
            decimal = _decimal(coefficient)
            if decimal is not None:
                top = [number(coefficient), *(top[1:] if coefficient.p != 1 else top)]
            else:
                bottom.insert(0, number(sp.Integer(coefficient.q)))
        if not bottom:
            return product(top)
        return binary("/", product(top), product(bottom))

    def _power(self, base: Any, exponent: Any) -> tree.Node:
        if base is sp.E:
            return self._call("exp", exponent)
        if exponent.is_Rational and exponent.is_negative:
            return binary("/", number(sp.S.One), self.form(base**-exponent))
        if exponent == sp.S.Half:
            return self._call("sqrt", base)
        return binary("^", self.form(base), self.form(exponent))

    def _call(self, word: str, *arguments: Any) -> tree.Node:
        return tree.Call(-1, -1, word, tuple(self.form(a) for a in arguments))

    def _compare(self, op: str, left: Any, right: Any) -> tree.Compare:
        return tree.Compare(-1, -1, op, self.form(left), self.form(right))

    def _condition(self, expression: Any) -> tree.Compare:
        return self._compare(_COMPARES[type(expression).__name__], *expression.args)

    def _function(self, expression: Any) -> tree.Node:
        word, arguments = type(expression).__name__, expression.args
        if hasattr(expression, "plain"):
            # A function that is only worked out more safely is printed as what it is.
            return self.form(expression.plain(*arguments))
        if word == "Absolute":
            return tree.Bars(-1, -1, self.form(arguments[0]))
        if word == "Above":
            return tree.Bracket(-1, -1, self._compare(">=" if arguments[2] == 1 else ">", *arguments[:2]))
        if word == "SignAt":
            return self._call("sign", arguments[0])
        if word in _COMPARES:
            return tree.Bracket(-1, -1, self._compare(_COMPARES[word], *arguments))
        if word == "KroneckerDelta":
            return tree.Bracket(-1, -1, self._compare("==", *arguments))
        if word == "Masked":
            return self.form(arguments[0] * arguments[1])
        if word == "Where" and arguments[1:] in ((1, 0), (0, 1)):
            condition = self._condition(arguments[0])
            if arguments[1] == 0:
                opposite = {"<": ">=", "<=": ">", "==": "!=", "!=": "=="}[condition.op]
                condition = tree.Compare(-1, -1, opposite, condition.left, condition.right)
            return tree.Bracket(-1, -1, condition)
        if word == "Where":
            condition = self._condition(arguments[0])
            return tree.Call(-1, -1, "where", (condition, *map(self.form, arguments[1:])))
        if word == "polygamma" and arguments[0] == 0:
            return self._call("digamma", arguments[1])
        return self._call(_CALLS.get(word, word), *arguments)
