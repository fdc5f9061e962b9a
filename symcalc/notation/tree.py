"""Formulas as trees: what a user typed, and what a printer writes, in one small set of frozen nodes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a formula.

    Attributes:
        start: Offset of its first code point in the text it was read from; -1 if it was not read.
        end: Offset behind its last code point; parentheses around it are not part of it.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number: exact `value`, and `text` as typed (`0.5`)."""

    text: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A name, with its indices in index form (`mu[k,b]`; entries are index names or whole numbers)."""

    name: str
    indices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """A sign before an operand: `op` is - or +."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands: `op` is + - * / ^ or @ (** reads as ^); `implicit` for a product without a sign."""

    op: str
    left: Node
    right: Node
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A comparison, only as the first argument of `where`: `op` is < <= > >= == or !=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function applied to arguments; `axis` is the value of the one keyword `axis=`, or None."""

    function: str
    arguments: tuple[Node, ...]
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class Bars(Node):
    """An absolute value written with bars: |u|."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    """A transposed operand: A.T."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Stack(Node):
    """Values side by side as the columns of a matrix: [tv, radio]."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """One statement: `name = expression`, `name[i,k] = expression`, or an expression alone (name None)."""

    name: str | None
    indices: tuple[str, ...]
    expression: Node


@dataclass(frozen=True, slots=True)
class Declared(Node):
    """A name in a head with its sizes: `A[n,n]` has sizes ("n", "n"); None where none were given."""

    name: str
    sizes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Head(Node):
    """The head of a loss: `L(m, b; x, y)`; names before the semicolon are parameters, behind it columns."""

    name: str
    parameters: tuple[Declared, ...]
    columns: tuple[Declared, ...] | None


@dataclass(frozen=True, slots=True)
class Formula:
    """What a text says: an optional head and statements, the last of which is the loss.

    Attributes:
        text: The text as typed.
        head: The head, or None.
        statements: The statements in order; the last one is the loss.
        notes: Sentences worth telling ("× was read as *").
    """

    text: str
    head: Head | None
    statements: tuple[Statement, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sigma(Node):
    """A sum over indices, as symcalc prints it: Σ_i body."""

    over: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """One entry of a value that has no name, as symcalc prints it: inv(D)[j,k]."""

    operand: Node
    indices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bracket(Node):
    """1 where a comparison holds and 0 elsewhere: [u > 0]."""

    condition: Compare


@dataclass(frozen=True, slots=True)
class Slope(Node):
    """A slope as symcalc prints it: ∂(m·x[i])/∂m."""

    of: Node
    by: Node
