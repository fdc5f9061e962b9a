"""Everything is an equation: the one value that losses, gradients and derivations are made of.

An equation defines one name in index notation, as a sum of contractions:

    L        = Σ_i r[i]^2/n            Equation(L,  (),   terms=[Term(over=(i,), body=r[i]**2/n)])
    dL/dw[k] = Σ_i X[i,k]·dL/dz[i]     Equation(dw, (k,), terms=[Term(over=(i,), body=X[i,k]*dz[i])])

Every body is a SymPy expression over private real symbols (`v0`, `v1[i]`, …); names come back only when
an equation is printed. A body holds no sums: what is summed over stands in `over`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from symcalc.looks import Shown

Status = Literal["exact", "numeric", "failed", "not proven"]
# What is declared of a square matrix; a positive-definite one is symmetric too.
Structure = Literal["", "symmetric", "positive-definite"]
Kind = Literal["parameter", "column", "constant", "size", "definition", "intermediate", "derivative", "given"]


@dataclass(frozen=True)
class Axis:
    """One direction an array runs in; two axes are the same only if they are this very one.

    Attributes:
        key: Unique key, the start of the names of its index symbols.
        label: How its size is written: `n`, `k`, `4`.
        size: Number of entries, or None while it is symbolic.
        rows: Whether it runs over the rows of the data.
        entries: Names of the entries where they have some (the columns of `X = [tv, radio]`).
    """

    key: str
    label: str
    size: int | None
    rows: bool = False
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Name:
    """A name in a loss: how the user writes it, what it is, which axes it runs over.

    Attributes:
        name: As the user writes it (`m`, `yhat`) or as it is printed (`dL/dr`).
        kind: parameter, column, constant, size, definition, intermediate, derivative or given.
        axes: The axes it runs over; () for a number.
        symbol: The private SymPy object: a Symbol for a number, an IndexedBase for an array.
        shown: Whether views print it by name; an inner name that is not is printed as what it stands for.
        how: How the name was read, in words ("column of the data", "inferred").
        structure: What was declared of it: symmetric, positive-definite, or nothing ("").
    """

    name: str
    kind: Kind
    axes: tuple[Axis, ...]
    symbol: Any = field(compare=False)
    shown: bool = True
    how: str = ""
    structure: Structure = ""

    @property
    def shape(self) -> tuple[int | str, ...]:
        """Size of each axis; the label where the size is symbolic."""
        return tuple(axis.label if axis.size is None else axis.size for axis in self.axes)


@dataclass(frozen=True)
class Term:
    """One contraction of an equation: the body summed over the indices in `over`."""

    over: tuple[Any, ...]
    body: Any


@dataclass(frozen=True)
class Verdict:
    """How far an equation was checked.

    Attributes:
        status: exact (proven equal to SymPy's derivative of the unrolled loss), numeric (agrees at random
            points to 40 digits), failed or not proven.
        sentence: What was done, in words.
    """

    status: Status
    sentence: str

    def __bool__(self) -> bool:
        return self.status in ("exact", "numeric")


class Writer(Protocol):
    """Turns equations into text; made by the notation layer, carried by each equation."""

    def equation(self, equation: Equation, style: str) -> str: ...


class Checker(Protocol):
    """Checks the slopes of one gradient; the work is done once, when first asked."""

    def verdict_on(self, equation: Equation) -> Verdict: ...


# How an equation makes one value of what it runs over. The last three take a matrix, over its two indices.
Reduction = Literal["sum", "max", "min", "prod", "logsumexp", "inv", "det", "logdet"]


@dataclass(frozen=True)
class Equation(Shown):
    """One named equation in index notation, with the rule that gave it.

    Attributes:
        name: What it defines.
        indices: Free index symbols, one for each axis of `name`.
        terms: The right side: a sum of contractions.
        reduction: How `over` is reduced; any but sum has one term.
        rule: The rule used, in the field's words: "definition", "chain rule".
        reason: Why, in one line of words.
        typed: The syntax tree the user typed for it, or None.
        writer: Prints it.
        checker: Checks it when asked; None for an equation that defines rather than claims.
    """

    name: Name
    indices: tuple[Any, ...]
    terms: tuple[Term, ...]
    reduction: Reduction = "sum"
    rule: str = "definition"
    reason: str = ""
    typed: Any = field(default=None, compare=False, repr=False)
    writer: Writer | None = field(default=None, compare=False, repr=False)
    checker: Checker | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The equation in index notation, as text."""
        return self._written("text")

    @property
    def checked(self) -> Verdict | None:
        """How far the equation was checked; None where it defines a name instead of claiming a slope."""
        return None if self.checker is None else self.checker.verdict_on(self)

    @property
    def latex(self) -> str:
        """The equation in index notation, as LaTeX."""
        return self._written("latex")

    def _written(self, style: str) -> str:
        if self.writer is None:
            raise ValueError("an equation without a writer cannot be printed")
        return self.writer.equation(self, style)

    def __str__(self) -> str:
        return self.text


Point = Mapping[str, Any]
