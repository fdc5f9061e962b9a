"""Values that are a function of one other value, entry by entry: `huber(r)` with r linear in the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from symcalc.calculus.partials import base_of, references
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.kinks import worked
from symcalc.equations import Equation
from symcalc.language.functions import KINKED

U = sp.Symbol("u", real=True)
Proof = Callable[[Any, Any], bool]
# Constants may differ from row to row; each combination is proven on its own.
_MOST_COMBINATIONS = 8
_LONGEST = 80


class Singles:
    """Which names are a function of one linear value, and which function.

    Args:
        values: Private symbol → value, for constants and columns.
        form: Turns bodies into array expressions.
    """

    def __init__(self, values: Mapping[Any, Any], form: ArrayForm) -> None:
        self.values, self.form = values, form
        # Private symbol → (symbol of the linear value, the function of it as an expression in U).
        self.known: dict[Any, tuple[Any, Any]] = {}

    def add(self, equation: Equation, moved: set[Any], affine: bool) -> None:
        """Takes up one more equation, in order."""
        symbol = equation.name.symbol
        plain = equation.reduction == "sum" and len(equation.terms) == 1 and not equation.terms[0].over
        found = self._function(equation.terms[0].body, equation.indices, moved) if plain else None
        if found is not None:
            self.known[symbol] = found
        elif affine:
            self.known[symbol] = (symbol, U)

    def _function(self, body: Any, order: tuple[Any, ...], moved: set[Any]) -> tuple[Any, Any] | None:
        """The linear value that a body depends on and the body as a function of it, None where there is no such."""
        roots = set()
        for reference in references(body, moved):
            known = self.known.get(base_of(reference))
            indices = reference.indices if isinstance(reference, sp.Indexed) else ()
            if known is None or tuple(indices) != tuple(order):
                return None
            roots.add(known[0])
            body = body.xreplace({reference: known[1]})
        if len(roots) != 1 or sp.count_ops(body) > _LONGEST:
            return None
        return roots.pop(), body

    def proven(self, proof: Proof, body: Any, order: tuple[Any, ...], moved: set[Any]) -> bool:
        """Whether something is proven of a body over some indices, in its one linear value, with the data put in.

        Args:
            proof: is_convex_in or is_smooth_in.
            body: The body; without kinks nothing is proven.
            order: Its indices.
            moved: Private symbols that move with the parameters.
        """
        found = self._function(body, order, moved)
        if found is None or not found[1].has(*KINKED):
            return False
        expression = found[1]
        given = [a for a in expression.atoms(sp.Indexed) if a.base in self.values]
        given += [s for s in expression.atoms(sp.Symbol) if s in self.values]
        with np.errstate(all="ignore"):
            arrays = [np.asarray(worked(g, self.values, self.form, order), dtype=float) for g in given]
        rows = (
            np.unique(np.column_stack([np.ravel(a) for a in np.broadcast_arrays(*arrays)]), axis=0) if given else [()]
        )
        if len(rows) > _MOST_COMBINATIONS or not np.all(np.isfinite(rows)):
            return False
        return all(
            proof(expression.xreplace({g: sp.Rational(float(v)) for g, v in zip(given, row)}), U) for row in rows
        )
