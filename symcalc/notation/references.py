"""What a body refers to: its names, their indices, and how they stand in it."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symcalc.equations import Name


def is_row_count(name: Name | None) -> bool:
    """Whether a name stands for the number of rows."""
    return name is not None and name.kind == "size" and name.how == "number of rows"


def references(body: Any) -> set[Any]:
    """The names that a body refers to: Indexed and Symbols, without the labels of the former."""
    arrays: set[Any] = body.atoms(sp.Indexed)
    labels = {a.base.label for a in arrays}
    return arrays | {s for s in body.atoms(sp.Symbol) if s not in labels}


def parts(reference: Any) -> tuple[Any, tuple[Any, ...]]:
    """A reference's symbol and its indices."""
    if isinstance(reference, sp.Indexed):
        return reference.base, reference.indices
    return reference, ()


def linear(body: Any, reference: Any) -> bool:
    """Whether a reference is a factor of the body and nothing else in it."""
    return reference in sp.Mul.make_args(body) and not (body / reference).has(reference)


def is_plain(part: Any) -> bool:
    """Whether a part of a product is names and numbers only."""
    return all(isinstance(f, sp.Indexed) or f.is_number or f.is_Symbol for f in sp.Mul.make_args(part))
