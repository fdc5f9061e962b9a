"""A learner who differentiates the formula as it was typed, by the textbook's rules, and may get one wrong.

    learner = Learner(formula, "m", values)
    learner.slope(())                                 the slope, by the rules as they are
    learner.slope((), {site: mistake})                what comes out where one rule is got wrong at one site

Works on numbers alone: each node of the typed tree has a value and a change (forward accumulation), so every
rule is applied where a person would apply it. The derivation that users read is not made here.

Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.rules import worked
from symcalc.catalogue.mistakes import Mistake
from symcalc.catalogue.rules import RULES, SLOPES
from symcalc.language.names import walk
from symcalc.language.vocabulary import FUNCTIONS
from symcalc.marking import arrays
from symcalc.marking.arrays import CHANGE, Numbers
from symcalc.marking.typed_values import TypedValues, Unread, stacked, word_of
from symcalc.notation import tree

mp = mpmath.mp
NUMBERS = Numbers()


@dataclass(frozen=True)
class Site:
    """A node of the formula where a rule applies.

    Attributes:
        rule: The rule, or the function whose slope is taken.
        node: The node.
        inside: What the rule is applied to there: the inside, or the first part.
        second: The second part, where there are two.
        constant: The node that stays, where there is one.
    """

    rule: str
    node: tree.Node
    inside: tree.Node
    second: tree.Node | None = None
    constant: tree.Node | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells one site from another."""
        return self.rule, id(self.node)


Made = Mapping[tuple[str, int], Mistake]


class Learner(TypedValues):
    """Differentiates one formula at one place.

    Args:
        formula: The tree, with functions that stand for formulas put in.
        word: The parameter.
        values: Name → its value there: an mpmath number or an array of them.
    """

    def __init__(self, formula: tree.Formula, word: str, values: Mapping[str, Any]) -> None:
        super().__init__(formula, values)
        self.word = word
        self.moving = self._moving()
        self.sites: dict[tuple[str, int], Site] = {}
        self.made: Made = {}
        self.entry: tuple[int, ...] = ()

    def _moving(self) -> set[str]:
        moving = {self.word}
        for name, expression in self.definitions.items():
            if name != self.word and any(isinstance(n, tree.Ref) and n.name in moving for n in walk(expression)):
                moving.add(name)
        return moving

    def slope(self, entry: tuple[int, ...], made: Made | None = None) -> Any:
        """The slope in one entry of the parameter, with mistakes made at some sites."""
        self.made, self.entry = made or {}, entry
        changed: dict[int, Any] = {}
        return self._change(self.expression, changed)

    # -- changes ---------------------------------------------------------------------------------

    def _varies(self, node: tree.Node) -> bool:
        return any(isinstance(n, tree.Ref) and n.name in self.moving for n in walk(node))

    def at(self, entry: tuple[int, ...], made: Made | None = None) -> Any:
        """The same for one entry of the slope, which has the rows first where the formula has one value a row."""
        own = np.ndim(self.given[self.word])
        value = self.slope(entry[len(entry) - own :], made)
        if np.ndim(value) == 0:
            return value.item() if isinstance(value, np.ndarray) else value
        return value[entry[: len(entry) - own] or entry]

    def _change(self, node: tree.Node, changed: dict[int, Any]) -> Any:
        """How a node changes; as wide as its value."""
        if id(node) not in changed:
            found = self._changes(node, changed) if self._varies(node) else mp.mpf(0)
            shape = np.shape(self.value(node))
            changed[id(node)] = np.broadcast_to(found, shape) if shape and np.shape(found) != shape else found
        return changed[id(node)]

    def _changes(self, node: tree.Node, changed: dict[int, Any]) -> Any:
        match node:
            case tree.Ref():
                return self._seed() if node.name == self.word else self._change(self.definitions[node.name], changed)
            case tree.Unary():
                inner = self._change(node.operand, changed)
                return self._rule(Site("sign", node, node.operand), du=inner) if node.op == "-" else inner
            case tree.Binary():
                return self._operator(node, changed)
            case tree.Bars():
                return self._outer(node, node.operand, "abs", changed)
            case tree.Transpose():
                return self._change(node.operand, changed).T
            case tree.Stack():
                shape = np.shape(self.value(node))[:-1]
                return stacked([np.broadcast_to(self._change(i, changed), shape) for i in node.items])
            case tree.Call():
                return self._call(node, changed)
        raise Unread

    def _seed(self) -> Any:
        shape = np.shape(self.given[self.word])
        if not shape:
            return mp.mpf(1)
        made = np.full(shape, mp.mpf(0), dtype=object)
        made[self.entry] = mp.mpf(1)
        return made

    def _rule(self, site: Site, **values: Any) -> Any:
        """A rule at a site: as it is, or the mistake that is made there."""
        self.sites.setdefault(site.key, site)
        mistake = self.made.get(site.key)
        own = self.given[self.word]
        w = own if np.ndim(own) == 0 else own[self.entry]
        return worked(RULES[site.rule] if mistake is None else mistake.change, {"w": w, **values}, NUMBERS)

    def _operator(self, node: tree.Binary, changed: dict[int, Any]) -> Any:
        one, two = node.left, node.right
        varying = (self._varies(one), self._varies(two))
        u, v = self.value(one), self.value(two)
        du, dv = self._change(one, changed), self._change(two, changed)
        both = {"u": u, "du": du, "v": v, "dv": dv}
        if node.op in "+-":
            return self._added(node, varying, both)
        if node.op in "*@":
            product = arrays.matrix_product if node.op == "@" else None
            if all(varying):
                times = {"*": product} if product else {}
                return self._rule(Site("product", node, one, two), **both, **times)
            if product:
                return self._matrix_times(node, varying[0], both)
            inside, constant = (one, two) if varying[0] else (two, one)
            return self._times(node, inside, constant, du if varying[0] else dv)
        if node.op == "/":
            if all(varying):
                return self._rule(Site("quotient", node, one, two), **both)
            if varying[1]:
                return self._rule(Site("reciprocal", node, two, two, one), c=u, v=v, dv=dv)
            return self._rule(Site("factor", node, one, constant=two), c=1 / v, u=u, du=du)
        return self._power(node, varying, both, changed)

    def _matrix_times(self, node: tree.Binary, left: bool, both: dict[str, Any]) -> Any:
        """A matrix product of which one side stays."""
        if left:
            site = Site("factor", node, node.left, constant=node.right)
            turned = {"*": lambda a, b: arrays.matrix_product(b, a)}
            return self._rule(site, c=both["v"], u=both["u"], du=both["du"], **turned)
        site = Site("factor", node, node.right, constant=node.left)
        return self._rule(site, c=both["u"], u=both["v"], du=both["dv"], **{"*": arrays.matrix_product})

    def _times(self, node: tree.Node, inside: tree.Node, constant: tree.Node, du: Any) -> Any:
        """A constant factor; its sign is a matter of its own."""
        if isinstance(constant, tree.Unary) and constant.op == "-":
            du = self._rule(Site("sign", constant, inside), du=du)
            constant = constant.operand
        return self._rule(Site("factor", node, inside, constant=constant), c=self.value(constant),
                          u=self.value(inside), du=du)  # fmt: skip

    def _added(self, node: tree.Binary, varying: tuple[bool, bool], both: dict[str, Any]) -> Any:
        one, two, minus = node.left, node.right, node.op == "-"
        if all(varying):
            return self._rule(Site("difference" if minus else "sum", node, one, two), **both)
        if varying[0]:
            c = -both["v"] if minus else both["v"]
            return self._rule(Site("constant", node, one, constant=two), du=both["du"], c=c)
        dv = self._rule(Site("sign", node, two), du=both["dv"]) if minus else both["dv"]
        return self._rule(Site("constant", node, two, constant=one), du=dv, c=both["u"])

    def _power(self, node: tree.Node, varying: tuple[bool, bool], both: dict[str, Any], changed: dict[int, Any]) -> Any:
        assert isinstance(node, (tree.Binary, tree.Call))
        base, exponent = (node.left, node.right) if isinstance(node, tree.Binary) else node.arguments
        if all(varying):
            return self._rule(Site("tower", node, base, exponent), **both)
        if varying[1]:
            if isinstance(base, tree.Ref) and base.name == "e" and "e" not in self.definitions:
                return self._outer(node, exponent, "exp", changed)
            return self._rule(Site("exponential", node, exponent, constant=base), c=both["u"], u=both["v"],
                              du=both["dv"])  # fmt: skip
        return self._rule(Site("power", node, base, exponent), u=both["u"], du=both["du"], p=both["v"])

    def _outer(self, node: tree.Node, inside: tree.Node, word: str, changed: dict[int, Any]) -> Any:
        """f(u): by the chain rule, unless the slope of f itself is got wrong."""
        u, du = self.value(inside), self._change(inside, changed)
        self.sites.setdefault((word, id(node)), Site(word, node, inside))
        mistake = self.made.get((word, id(node)))
        if mistake is not None:
            return worked(mistake.change, {"u": u, "du": du}, NUMBERS)
        own = {"f()": arrays.entrywise(word), "slope()": lambda at: worked(SLOPES[word], {"u": at}, NUMBERS)}
        return self._rule(Site("chain", node, inside), u=u, du=du, **own)

    def _call(self, node: tree.Call, changed: dict[int, Any]) -> Any:
        word, arguments = word_of(node), node.arguments
        values = [self.value(a) for a in arguments]
        changes = [self._change(a, changed) for a in arguments if not isinstance(a, tree.Compare)]
        if word in ("mean", "sum") and len(arguments) == 1 and np.ndim(values[0]):
            axis = node.axis
            own = {"mean()": lambda u: arrays.mean(u, axis), "sum()": lambda u: arrays.total(u, axis)}
            return self._rule(Site("mean" if word == "mean" else "total", node, arguments[0]), du=changes[0], **own)
        if word == "where":
            return self._rule(Site("where", node, *arguments[1:]), c=values[0], du=changes[0], dv=changes[1])
        if word in ("power", "square"):
            return self._as_power(node, word, values, changes, changed)
        if word in ("maximum", "minimum", "hypot", "atan2") and len(values) == 2:
            return self._rule(Site(word, node, *arguments), u=values[0], du=changes[0], v=values[1], dv=changes[1])
        if word in ("dot", "outer"):
            product = arrays.matrix_product if word == "dot" else np.outer
            if all(self._varies(a) for a in arguments):
                return self._rule(Site("product", node, *arguments), u=values[0], du=changes[0], v=values[1],
                                  dv=changes[1], **{"*": product})  # fmt: skip
            return product(changes[0], values[1]) if self._varies(arguments[0]) else product(values[0], changes[1])
        if word == "solve":
            inverse = arrays.inverse(values[0])
            return inverse.dot(changes[1] - changes[0].dot(inverse.dot(values[1]))) if self._varies(
                arguments[0]) else inverse.dot(changes[1])  # fmt: skip
        if FUNCTIONS[word].kind == "elementwise":
            if word not in SLOPES or len(arguments) > 1:
                raise Unread
            return self._outer(node, arguments[0], word, changed)
        if len(arguments) > 1 or np.ndim(values[0]) == 0:
            raise Unread
        return CHANGE[word](values[0], changes[0], node.axis)

    def _as_power(
        self, node: tree.Call, word: str, values: list[Any], changes: list[Any], changed: dict[int, Any]
    ) -> Any:
        if word == "square":
            two = mp.mpf(2)
            return self._rule(Site("power", node, node.arguments[0]), u=values[0], du=changes[0], p=two)
        varying = (self._varies(node.arguments[0]), self._varies(node.arguments[1]))
        both = {"u": values[0], "du": changes[0], "v": values[1], "dv": changes[1]}
        return self._power(node, varying, both, changed)
