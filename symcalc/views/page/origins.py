"""Where each term of a slope comes from: the parts of the typed loss that it is the derivative of.

Reverse accumulation keeps, for every name, which equations brought a slope to it, and each equation keeps what was typed
for it. A term of ∂L/∂m that came through r = y - (m*x + b) is from m*x; one that came from lam*m^2 is from that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from symcalc.calculus.contraction import contracted
from symcalc.calculus.gradient import Gradient
from symcalc.calculus.reverse import Arrival
from symcalc.equations import Equation, Name, Term
from symcalc.language.names import walk
from symcalc.notation import tree

Span = tuple[int, int]


@dataclass(frozen=True)
class Origin:
    """One term of a slope with its origin.

    Attributes:
        node: The term, in the tree of the printed slope.
        spans: Where in the typed formula its origin stands: (start, end) of each part.
        through: Names of the equations between those parts and the loss.
    """

    node: tree.Node
    spans: tuple[Span, ...]
    through: tuple[str, ...]


def origins(gradient: Gradient, name: Name) -> tuple[tree.Node, tuple[Origin, ...]]:
    """The printed slope in a name as a tree, and its terms with where they come from.

    Args:
        gradient: The gradient.
        name: One of what it is differentiated by.
    """
    notation, final = gradient.notation, gradient.equation_of(name.name)
    whole = notation.right_tree(final)
    arrivals = [] if gradient.reverse is None else gradient.reverse.arrivals.get(name.symbol, [])
    sources = [
        (_printed(gradient, final, name, a) if len(arrivals) > 1 else None, *_source(gradient, name, a))
        for a in arrivals
    ]
    found = []
    for node in addends(whole):
        own = _text(notation.write(node))
        matching = [s for s in sources if s[0] is None or own in s[0]] or sources
        spans = tuple(dict.fromkeys(span for _, spans, _ in matching for span in spans))
        through = tuple(dict.fromkeys(word for _, _, words in matching for word in words))
        if spans:
            found.append(Origin(node, spans, through))
    return whole, tuple(found)


def addends(node: tree.Node) -> Iterator[tree.Node]:
    """The terms of a sum, without their signs."""
    if isinstance(node, tree.Binary) and node.op in "+-":
        yield from addends(node.left)
        yield from addends(node.right)
    elif isinstance(node, tree.Unary):
        yield from addends(node.operand)
    else:
        yield node


def _source(gradient: Gradient, name: Name, arrival: Arrival) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """The typed parts that one arrival is the slope of, and the names it came through."""
    typed = arrival.equation.typed
    if typed is None or typed.start < 0:
        return (), ()
    inner = {_span(e.typed) for e in gradient.loss.equations if e.typed is not None and e.name != arrival.equation.name}
    spans = tuple(_span(part) for part in addends(typed) if part.start >= 0 and _mentions(part, name.name, inner))
    through = _through(gradient, arrival.equation)
    return spans or (_span(typed),), through


def _mentions(node: tree.Node, word: str, inner: set[Span]) -> bool:
    """Whether a part refers to a name other than inside what another equation stands for."""
    if isinstance(node, tree.Ref):
        return node.name == word
    if _span(node) in inner:
        return False
    from symcalc.language.names import children

    return any(_mentions(child, word, inner) for child in children(node))


def _through(gradient: Gradient, equation: Equation) -> tuple[str, ...]:
    """Names of the equations from one up to the loss, the shown ones."""
    names: list[str] = []
    reverse = gradient.reverse
    while reverse is not None and equation.name != gradient.loss.output.name:
        if equation.name.shown and equation.name.name not in names:
            names.append(equation.name.name)
        above = reverse.arrivals.get(equation.name.symbol, [])
        if not above:
            break
        equation = above[0].equation
    return tuple(names)


def _printed(gradient: Gradient, final: Equation, name: Name, arrival: Arrival) -> set[str]:
    """The terms of the slope that this arrival alone makes, as they are printed."""
    reverse: Any = gradient.reverse
    gathered = reverse.fresh(name)
    term: Term = reverse.arriving(arrival.equation, arrival.slope, arrival.partial, gathered)
    done = tuple(contracted([term], reverse.scope.size_of))
    indices, done = reverse.scope.canonical(gathered.indices, done)
    alone = gradient.notation.right_tree(replace(final, indices=indices, terms=done))
    return {_text(gradient.notation.write(node)) for node in addends(alone)}


def _text(written: str) -> str:
    """A term without its sign."""
    return written.removeprefix("-")


def _span(node: tree.Node) -> Span:
    return node.start, node.end


def typed_nodes(gradient: Gradient, spans: set[Span]) -> dict[int, Span]:
    """Identity of each typed node that stands at one of these places → the place; outermost where several do."""
    found: dict[int, Span] = {}
    for statement in gradient.loss.formula.statements:
        taken: set[Span] = set()
        for node in walk(statement.expression):
            if _span(node) in spans - taken:
                taken.add(_span(node))
                found[id(node)] = _span(node)
    return found
