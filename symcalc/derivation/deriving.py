"""From a gradient to the lines of its derivation.

derive(gradient, level=1).lines

First what the loss is made of, from the data on; then the slope in each of these, from the loss back, each once and
shared by all that follows. Every line is made of what the accumulation itself gathered for that name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy as sp

from symcalc.calculus.contraction import contracted
from symcalc.calculus.gradient import Gradient
from symcalc.calculus.reverse import Arrival, Reverse
from symcalc.derivation import simpler
from symcalc.derivation.claims import BY_DEFINITION, Claims
from symcalc.derivation.line import Derivation, Line
from symcalc.derivation.naming import Spelling
from symcalc.derivation.reasons import Reasons, shared
from symcalc.derivation.rules import applied
from symcalc.derivation.words import listed
from symcalc.equations import Equation, Name, Term, Verdict
from symcalc.language.scope import Scope, Value
from symcalc.notation import tree
from symcalc.notation.forming import binary
from symcalc.notation.symmetric import RULE as SYMMETRIC


def derive(gradient: Gradient, level: int = 1) -> Derivation:
    """The derivation of a gradient.

    Args:
        gradient: The gradient.
        level: 0 the result; 1 one line an idea; 2 every application of a rule (3 is written like 1).
    """
    work = _Deriving(gradient, level)
    return Derivation(level, tuple(work.run()), gradient, work.spelling.notation)


@dataclass(frozen=True)
class Chain:
    """What reaches one name: the line as an equation over the slopes above it, and those slopes.

    Attributes:
        equation: Slope of the loss in the name, with weights for the slopes above.
        weights: Symbol of what an equation defines → the Name that stands for its slope.
    """

    equation: Equation
    weights: dict[Any, Name]


class _Deriving:
    def __init__(self, gradient: Gradient, level: int) -> None:
        assert gradient.reverse is not None
        self.gradient, self.loss, self.level = gradient, gradient.loss, level
        self.reverse: Reverse = gradient.reverse
        self.spelling = Spelling(gradient)
        self.claims = Claims(gradient)
        self.scope: Scope = self.reverse.scope
        self.reasons = Reasons(self.spelling)
        self.lines: list[Line] = []
        self.forward: dict[Any, int] = {}
        self.backward: dict[Any, int] = {}
        self.weights: dict[Any, Name] = {}
        self.sign = self.reverse.sign

    def run(self) -> list[Line]:
        if self.level == 0:
            for name in self.gradient.wrt:
                self._result(name)
            return self.lines
        for equation in self.spelling.introduced:
            self._define(equation)
        for equation in reversed(self.loss.equations):
            symbol = equation.name.symbol
            if symbol in self.reverse.arrivals and symbol != self.loss.output.name.symbol:
                self._slope(equation.name)
        for name in self.gradient.wrt:
            if name.symbol not in self.backward:
                self._slope(name)
        return self.lines

    # -- lines -----------------------------------------------------------------------------------

    def _add(self, left: tree.Node, rights: tuple[tree.Node, ...], rule: str, reason: str, uses: list[int],
             checked: Verdict, equation: Equation | None = None, inner: bool = False) -> int:  # fmt: skip
        number = len(self.lines) + 1
        rights = tuple(map(self.spelling.parts.put_back, rights))
        above = tuple(sorted(set(uses)))
        self.lines.append(Line(number, left, rights, rule, reason, above, checked, equation, inner))
        return number

    def _define(self, equation: Equation) -> None:
        right = self.spelling.right(equation)
        if equation.rule == SYMMETRIC:
            rule, reason = "symmetric", equation.reason
        elif equation == self.loss.output:
            rule, reason = "loss", "the loss"
        elif equation.name.kind == "definition":
            rule, reason = "definition", "as defined"
        elif equation.rule == "stable form":
            rule, reason = "stable form", f"worked out in a stable form: {equation.reason.rpartition(': ')[2]}"
        else:
            residual = isinstance(equation.typed, tree.Binary) and equation.typed.op == "-"
            rule, reason = "name", "name the residual" if residual else "name this part"
        left = self.spelling.left(equation)
        number = self._add(left, (right,), rule, reason, [], BY_DEFINITION, equation)
        self.forward[equation.name.symbol] = number

    def _result(self, name: Name) -> None:
        equation = self.gradient.equation_of(name.name)
        left = self._left(equation)
        right = self.gradient.notation.right_tree(equation)
        self._add(left, (right,), "result", "", [], _of(equation), equation)

    def _slope(self, name: Name) -> None:
        """The slope of the loss in one name: how it is reached, and for a result how it is written."""
        arrivals = self.reverse.arrivals.get(name.symbol, [])
        final = next(
            (e for e in self.gradient.derived if e.name.name == f"{self.sign}{self.loss.name}/{self.sign}{name.name}"),
            None,
        )
        if not arrivals:
            self._untouched(name, final)
            return
        chain = self._chain(name, arrivals)
        above = [self.backward[s] for s in chain.weights if s in self.backward]
        uses = above + [
            self.forward[a.equation.name.symbol] for a in arrivals if a.equation.name.symbol in self.forward
        ]
        if self.level == 2:
            for arrival in arrivals:
                uses += self._rules(arrival)
        left, right = self._written(name, chain, arrivals)
        rights: tuple[tree.Node, ...] = (right,)
        checked = self.claims.chain(name, arrivals, chain.equation, chain.weights)
        if checked and final is not None:
            checked = self._against(final, name, arrivals, checked)
        if final is not None and name in self.gradient.wrt:
            result = self.gradient.notation.right_tree(final)
            if _text(self, result) not in (_text(self, right), ""):
                rights = (right, result)
        indices = left.indices if isinstance(left, tree.Ref) else ()
        entry = _text(self, tree.Ref(-1, -1, self.spelling.names[name.symbol].name, indices))
        rule, reason = self.reasons.chain(name, arrivals, self.loss.output, self.forward, above, len(rights) > 1, entry)
        sharing = shared(name, self.reverse.arrivals, self.gradient.wrt)
        reason = f"{reason}; shared by {listed(sharing)}" if len(sharing) > 1 else reason
        number = self._add(left, rights, rule, reason, uses, checked, final)
        self.backward[name.symbol] = number
        if final is not None and name in self.gradient.wrt:
            self._simpler(final, number)

    def _simpler(self, final: Equation, number: int) -> None:
        """One more line where a result has a shorter form."""
        line, form = self.lines[number - 1], self.spelling.form
        whole = simpler.scalar(final, self.spelling.by_symbol)
        found = simpler.offered(whole, _text(self, line.rights[-1]), lambda e: _text(self, form(e)))
        if found is not None:
            reason = f"line {number} more simply: {found[1]}"
            self._add(line.left, (form(found[0]),), found[1], reason, [number], simpler.PROVEN)

    def _untouched(self, name: Name, final: Equation | None) -> None:
        left = self._left(final) if final is not None else tree.Ref(-1, -1, name.name)
        zero = tree.Number(-1, -1, "0", Fraction(0))
        reason = f"{self.loss.name} does not contain {name.name}"
        checked = _of(final) if final is not None else BY_DEFINITION
        self.backward[name.symbol] = self._add(left, (zero,), "constant", reason, [], checked, final)

    def _rules(self, arrival: Arrival) -> list[int]:
        """Every application of a rule that gives one slope of one right side."""
        equation, partial = arrival.equation, arrival.partial
        if equation.reduction != "sum":
            return []
        own = equation.name.symbol
        value = own[equation.indices] if equation.indices else own
        writer = self.spelling.writer()
        numbers = []
        steps = applied(partial.body, partial.reference, partial.slope)
        for k, step in enumerate(steps):
            last = k == len(steps) - 1
            by = writer.lookup(partial.reference)
            left = tree.Slope(-1, -1, self.spelling.parts.put_back(writer.former.form(step.part)), by)
            known = (value, partial.body) if last and not partial.over else None
            checked = self.claims.step(step.part, partial.reference, step.slope, known)
            reason = self.reasons.function(step.part) or self.reasons.general(step.reason)
            if step.rule in ("sum rule", "constants drop out"):
                reason = self.reasons.constants(step.part, partial.reference)
            right, rule = writer.former.form(step.slope), self.reasons.general(step.rule)
            numbers.append(self._add(left, (right,), rule, reason, [], checked, None, True))
        return numbers[-1:]

    # -- the chain as an equation ----------------------------------------------------------------

    def _weight(self, equation: Equation) -> Name:
        """The name that stands for the slope in what an equation defines."""
        symbol = equation.name.symbol
        if symbol not in self.weights:
            word = self.spelling.names[symbol].name
            name = f"{self.sign}{self.loss.name}/{self.sign}{word}"
            kept = tuple(self.scope.axis_of[i] for i in self.reverse.kept if i not in equation.indices)
            label = sp.Symbol(f"w{len(self.weights)}", real=True)
            axes = (*kept, *equation.name.axes)
            made = Name(name, "derivative", axes, sp.IndexedBase(label) if axes else label)
            self.weights[symbol] = made
            self.spelling.names[made.symbol] = made
        return self.weights[symbol]

    def _chain(self, name: Name, arrivals: list[Arrival]) -> Chain:
        """The slope in a name, over the names of the slopes above it."""
        gathered = self.reverse.fresh(name)
        terms, weights = [], {}
        for arrival in arrivals:
            direct = arrival.equation == self.loss.output
            if not direct:
                weights[arrival.equation.name.symbol] = self._weight(arrival.equation)
            terms.append(self.reverse.arriving(arrival.equation, self._above(arrival), arrival.partial, gathered))
        done = tuple(contracted(terms, self.scope.size_of)) or (Term((), sp.S.Zero),)
        word = f"{self.sign}{self.loss.name}/{self.sign}{self.spelling.names[name.symbol].name}"
        symbol = (
            sp.IndexedBase(sp.Symbol(f"c{len(self.lines)}", real=True))
            if gathered.indices
            else sp.Symbol("c", real=True)
        )
        axes = tuple(self.scope.axis_of[i] for i in gathered.indices)
        made = Name(word, "derivative", axes, symbol)
        indices, done = self.scope.canonical(gathered.indices, done)
        self.spelling.axes.update({i: self.scope.axis_of[i] for t in done for i in t.over})
        self.spelling.axes.update({i: self.scope.axis_of[i] for i in indices})
        self.claims.axes.update(self.spelling.axes)
        return Chain(Equation(made, indices, done), weights)

    def _above(self, arrival: Arrival) -> Value:
        """The slope in what an equation defines, by its name."""
        if arrival.equation == self.loss.output:
            return arrival.slope
        weight = self.weights[arrival.equation.name.symbol]
        indices = arrival.slope.indices
        return Value((Term((), weight.symbol[indices] if indices else weight.symbol),), indices)

    def _against(self, final: Equation, name: Name, arrivals: list[Arrival], checked: Verdict) -> Verdict:
        """The verdict on a line whose slope is an equation of the gradient: that equation must say the same."""
        gathered = self.reverse.fresh(name)
        terms = [self.reverse.arriving(a.equation, a.slope, a.partial, gathered) for a in arrivals]
        done = tuple(contracted(terms, self.scope.size_of)) or (Term((), sp.S.Zero),)
        indices, done = self.scope.canonical(gathered.indices, done)
        if not self.claims.same(final, replace(final, indices=indices, terms=done)):
            return Verdict("failed", "the equation of the gradient says otherwise")
        found = final.checked
        return checked if found is None else found if found.status in ("exact", "failed") else checked

    # -- how it is written -----------------------------------------------------------------------

    def _left(self, equation: Equation) -> tree.Node:
        notation = self.gradient.notation
        name = tree.Ref(-1, -1, equation.name.name)
        return notation.index_trees(equation)[0] if equation.indices and notation.has_indices(equation) else name

    def _written(self, name: Name, chain: Chain, arrivals: list[Arrival]) -> tuple[tree.Node, tree.Node]:
        """Both sides of a line in index form, the slopes above standing first in each product."""
        writer = self.spelling.writer()
        left = writer.left(chain.equation)
        ranks = {w.symbol for w in self.weights.values()}
        whole: tree.Node | None = None
        for term in chain.equation.terms:
            for part in sp.Add.make_args(term.body):
                written = self._product(term.over, part, ranks, writer)
                whole = written if whole is None else binary("+", whole, written)
        assert whole is not None
        return left, whole

    def _product(self, over: tuple[Any, ...], body: Any, weights: set[Any], writer: Any) -> tree.Node:
        """Σ weight·(own factor)."""
        factors = sp.Mul.make_args(body)
        above = [f for f in factors if (f.base if isinstance(f, sp.Indexed) else f) in weights]
        if not above:
            return writer._contraction(over, body)  # type: ignore[no-any-return]
        letters = tuple(map(writer.letter, over))
        own = sp.Mul(*(f for f in factors if f not in above))
        head = writer.former.form(sp.Mul(*above))
        if own != 1:
            head = tree.Binary(-1, -1, "*", head, writer.former.form(own))
        return tree.Sigma(-1, -1, letters, head) if over else head


def _of(equation: Equation | None) -> Verdict:
    found = None if equation is None else equation.checked
    return BY_DEFINITION if found is None else found


def _text(work: _Deriving, node: tree.Node) -> str:
    return work.spelling.notation.write(node)
