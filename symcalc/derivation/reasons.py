"""Why a line holds, in words a teacher would use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from symcalc.calculus.reverse import Arrival
from symcalc.derivation import words
from symcalc.derivation.as_typed import without_indices
from symcalc.derivation.naming import Spelling
from symcalc.equations import Equation, Name
from symcalc.notation.references import is_row_count
from symcalc.notation.symmetric import RULE as SYMMETRIC

_SHORT = 12  # a longer factor is not repeated in words


class Reasons:
    """Words for the lines of one derivation.

    Args:
        spelling: How its names are written.
    """

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def chain(
        self, name: Name, arrivals: list[Arrival], output: Equation, forward: Mapping[Any, int], above: list[int],
        put_in: bool, entry: str,
    ) -> tuple[str, str]:  # fmt: skip
        """(rule, reason) of the slope in a name.

        Args:
            name: The name.
            arrivals: What reaches it from where.
            output: The equation of the loss.
            forward: Symbol of what an equation defines → its line.
            above: Lines of the slopes above it.
            put_in: Whether the line ends with these put in.
            entry: The entry that the line is about: `w[j]`.
        """
        through = {a.equation.name.symbol: a.equation.name for a in arrivals if a.equation != output}
        parts = []
        if through:
            made = [
                f"{self._word(n)} (line {forward[s]})" if s in forward else self._word(n) for s, n in through.items()
            ]
            parts.append(f"chain rule through {words.listed(made)}")
        parts += list(dict.fromkeys(text for a in arrivals for text in self._own(name, a, output, entry) if text))
        if len(through) + any(a.equation == output for a in arrivals) > 1:
            parts.append("what reaches it on each way is added")
        if above:
            parts.append(f"{words.lines(above)} put in" if put_in else f"by {words.lines(above)}")
        rules = [self._rule(a, output) for a in arrivals]
        return (rules[0] if len(set(rules)) == 1 else "chain rule"), "; ".join(parts)

    def constants(self, body: Any, reference: Any) -> str:
        """What a sum loses: `y and b do not contain m`."""
        idle = self._idle(body, reference)
        of = self._named(reference)
        if not idle:
            return "each term has its slope"
        return f"{words.listed(idle)} {'do' if len(idle) > 1 else 'does'} not contain {of}"

    def function(self, body: Any) -> str:
        """What the slope of a function is; "" where the body is none. A second argument is told by its name."""
        second = body.args[1] if len(body.args) == 2 else None
        if second is None or not (second.is_Symbol or isinstance(second, sp.Indexed)):
            return self.general(words.function(body))
        return self.general(words.function(body), {words.SECOND.get(type(body).__name__, ""): self._plain(second)})

    def general(self, text: str, known: Mapping[str, str] | None = None) -> str:
        """A general rule in letters that are no names of this loss, but for those that are known to stand for one."""
        return words.apart(text, {n.name for n in self.spelling.names.values() if n.shown}, known or {})

    def _own(self, name: Name, arrival: Arrival, output: Equation, entry: str) -> list[str]:
        """What is to be said of one equation and one name in it."""
        equation, partial = arrival.equation, arrival.partial
        if equation.rule == SYMMETRIC:
            return [
                f"{name.name} is read as its symmetric part, so half of the slope comes from each side of the diagonal"
            ]
        if equation.reduction != "sum":
            return [self.general(words.REDUCTIONS[equation.reduction])]
        body, reference, said = partial.body, partial.reference, []
        if equation == output and partial.over:
            mean = any(is_row_count(self.spelling.names.get(s)) for s in (1 / body).free_symbols) and body.is_Mul
            kind = "mean" if mean else "sum"
            said.append(f"the derivative of a {kind} is the {kind} of the derivatives")
        function = self.function(body)
        if function:
            return [*said, function]
        powers = [f for f in _factors(body, reference) if f.is_Pow and f.base == reference and not f.exp.has(reference)]
        if powers:
            said.append("power rule" if powers[0].exp != -1 else self.general("quotient rule: (1/v)' = -v'/v^2"))
        elif body.is_Pow and body.exp.has(reference):
            both = "(u^v)' = u^v·(v'·log(u) + v·u'/u)"
            said.append(self.general(both if body.base.has(reference) else "exponential rule: (c^u)' = c^u·log(c)·u'"))
        elif body.is_Add:
            said.append(self._linear(body, reference, equation))
        elif body.is_Mul and not partial.over:
            others = [w for f in body.args if f != reference and not f.is_number for w in [self._named(f)] if w]
            short = len(others) == 1 and len(others[0]) <= _SHORT
            said.append(f"the factor {others[0]} stays" if short else "the other factors stay" if others else "")
        elif partial.over and equation != output:
            said.append(self._summand(reference, partial.over, entry))
        return said

    def _linear(self, body: Any, reference: Any, equation: Equation) -> str:
        varying = [part for part in body.args if part.has(reference)]
        idle, of = self._idle(body, reference), self._named(reference)
        rest = f"{words.listed(idle)} {'do' if len(idle) > 1 else 'does'} not contain {of}" if idle else ""
        if len(varying) == 1 and varying[0] not in (reference, -reference):
            only = f"only {self._signless(varying[0])} contains {of}"
            return f"{only}, {rest}" if rest else only
        if rest:
            return rest
        return "each term has its slope" if len(varying) > 1 else "a constant drops out"

    def _summand(self, reference: Any, over: tuple[Any, ...], entry: str) -> str:
        """Which term of a sum contains one entry: the delta that carries the sum out."""
        if not any(i in over for i in getattr(reference, "indices", ())):
            return ""
        return f"of the sum only the term with {entry} contains it"

    def _rule(self, arrival: Arrival, output: Equation) -> str:
        body = arrival.partial.body
        if arrival.equation.reduction != "sum":
            return f"derivative of {arrival.equation.reduction}"
        if arrival.equation != output:
            return "chain rule"
        if any(f.is_Pow and f.base == arrival.partial.reference for f in sp.Mul.make_args(body)):
            return "power rule"
        return "sum rule" if body.is_Add else "constant factor"

    def _word(self, name: Name) -> str:
        return self.spelling.names[name.symbol].name

    def _idle(self, body: Any, reference: Any) -> list[str]:
        """The terms of a sum that do not contain a name, in the order they are written in."""
        rank = self.spelling.writer().rank
        found = sorted((part for part in body.args if not part.has(reference)), key=rank)
        return [word for word in dict.fromkeys(map(self._named, found)) if word]

    def _signless(self, part: Any) -> str:
        return self._plain(-part if part.could_extract_minus_sign() else part)

    def _plain(self, part: Any) -> str:
        """A part without its indices."""
        writer = self.spelling.writer()
        bare = self.spelling.parts.put_back(without_indices(writer.former.form(part)))
        return re.sub(r"\[[^][]*\]", "", self.spelling.notation.write(bare))

    def _named(self, part: Any) -> str:
        """A part without sign and indices; "" for a number."""
        return "" if part.is_number else self._signless(part)


def _factors(body: Any, reference: Any) -> list[Any]:
    """The factors of the terms of a body that contain a name."""
    core = sp.Mul(*(f for f in sp.Mul.make_args(body) if f.has(reference)))
    return [f for part in sp.Add.make_args(core) if part.has(reference) for f in sp.Mul.make_args(part)]


def shared(name: Name, arrivals: Mapping[Any, list[Arrival]], wrt: Iterable[Name]) -> list[str]:
    """The names whose slopes use the slope in this one, where it is here that the ways to them part; else none.

    Args:
        name: The name.
        arrivals: Private symbol → what reaches that name, from which equations.
        wrt: The names that slopes are wanted in.
    """
    above = {symbol: {a.equation.name.symbol for a in found} for symbol, found in arrivals.items()}
    if sum(name.symbol in sources for sources in above.values()) < 2:
        return []
    reached, grown = {name.symbol}, True
    while grown:
        more = {symbol for symbol, sources in above.items() if sources & reached} - reached
        reached, grown = reached | more, bool(more)
    return [n.name for n in wrt if n.symbol in reached and n != name]
