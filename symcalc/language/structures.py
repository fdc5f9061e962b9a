"""What is declared of square matrices: symmetric, or positive-definite, which is symmetric too.

A constant that is symmetric has A[j,k] = A[k,j] everywhere. A parameter that is symmetric is read as its
symmetric part (A + Aᵀ)/2, so that a loss is defined for any entries; its slope is then symmetric, namely
(G + Gᵀ)/2 for the slope G that it would have with all entries free, and dL = Σ (dL/dA)·dA for symmetric dA.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symcalc.equations import Name
from symcalc.errors import InputError
from symcalc.language.contractions import same_axis
from symcalc.language.names import Declared
from symcalc.language.scope import Scope, single
from symcalc.notation import tree
from symcalc.notation.symmetric import RULE


def structured(name: Name, declared: Declared, scope: Scope) -> Name:
    """A name with what was declared of it; a constant at once, a parameter by `read_as_symmetric`.

    Raises:
        InputError: It is no square matrix, or neither a parameter nor a constant.
    """
    structure = declared.structures.get(name.name, "")
    if not structure:
        return name
    if name.kind not in ("parameter", "constant"):
        raise InputError(f"{name.name} is a {name.kind}; only a parameter or a constant can be declared {structure}.")
    if len(name.axes) != 2 or not same_axis(*name.axes):
        sizes = ", ".join(map(str, name.shape))
        shape = f"({sizes})" if sizes else "a number"
        raise InputError(
            f"{name.name} is declared {structure}, and it is {shape}, not a square matrix. "
            f"Say its shape: --shape {name.name}=3x3."
        )
    if name.kind == "constant":
        return scope.declare(name, structure)
    return replace(name, structure=structure)


def read_as_symmetric(name: Name, scope: Scope) -> Name:
    """The symmetric part of a parameter: what every use of its name means."""
    reference = scope.reference(name)
    row, column = reference.indices
    half = (name.symbol[row, column] + name.symbol[column, row]) * sp.S.Half
    made = scope.define(
        single(half, reference.indices), wanted=f"sym({name.name})", typed=tree.Ref(-1, -1, name.name), rule=RULE,
        reason=f"{name.name} is declared {name.structure}, so it is read as its symmetric part",
        structure=name.structure,
    )  # fmt: skip
    return scope.name_of[made.body.base]


def unknown(declared: Declared, found: set[str]) -> None:
    """Refuses what is declared of a name that does not occur.

    Raises:
        InputError: There is such a name.
    """
    for word, structure in declared.structures.items():
        if word not in found:
            raise InputError(f"{word} is declared {structure}, and the formula has no name {word}.")
