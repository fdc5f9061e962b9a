"""What a row of the catalogue is: formula text and what to know about it, never code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Name → a float, or nested tuples of floats for a vector or matrix.
Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One loss, model, surface or optimizer.

    Attributes:
        formula: Its text in the formula language. A loss is written in `yhat` (or `z`, `p`) and `y` or `t`;
            an optimizer assigns `point` from `point gradient learning_rate t`, constants and its own state.
        about: One line: what it is for, and which convention it follows.
        source: Where it comes from.
        model: Statements that a loss stands on (`yhat = m*x + b`); "" where the formula is whole.
        constants: Constant name → its default value; printed by name, never differentiated.
        parameters: Parameter name → shape, None for a shape the data decide; None where all are inferred.
        columns: Column name → what it holds, in words, where that is not plain.
        example: Column name → values, one row a position: a small table that the formula fits.
        domain: Where the formula is defined or smooth, in words; "" for everywhere.
        minimum: Where a loss is least, as an equation ("yhat = y"); "" where `minima` says it.
        minima: Points of the global minimum (of a loss or model: over its example), parameter name → value.
        lowest: The value there; None where none is stated.
        start: The usual point to begin a descent at: parameter name → value.
        bounds: Parameter name → (low, high), the range usually shown; for a vector that of every entry.
        learning_rate: The default of an optimizer's own paper; None where it gives none.
        given: Names an optimizer's lines read that symcalc works out for them at every step (`direction`).
    """

    formula: str
    about: str
    source: str
    model: str = ""
    constants: Numbers = field(default_factory=dict)
    parameters: Mapping[str, tuple[int, ...] | None] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    example: Numbers = field(default_factory=dict)
    domain: str = ""
    minimum: str = ""
    minima: tuple[Numbers, ...] = ()
    lowest: float | None = None
    start: Numbers = field(default_factory=dict)
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    learning_rate: float | None = None
    given: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole formula to read: the model, then the loss."""
        return f"{self.model};  {self.formula}" if self.model else self.formula
