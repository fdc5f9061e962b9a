"""symcalc: type a loss, see its exact gradient and why, walk down it.

import symcalc as sc
loss = sc.parse("mean((y - (m*x + b))^2)", data="movies")
gradient = sc.differentiate(loss)
trace = sc.descend(sc.compile(gradient), learning_rate=1e-6)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symcalc.api import (
        accuracy,
        boosting_objective,
        check,
        compare,
        compile,
        contributions,
        descend,
        descend_many,
        differentiate,
        ending,
        gauss_newton,
        jacobian,
        parse,
        parse_latex,
        sensitivity,
        step_sizes,
        study,
    )
    from symcalc.app.opening import explore
    from symcalc.errors import DataError, FormulaError, InputError, MissingExtra, SymcalcError

__version__ = "0.1.0"

# Loaded when first used: SymPy takes a quarter of a second, and `symcalc --help` needs none of it.
_HOMES = {
    "accuracy": "symcalc.api", "parse": "symcalc.api", "parse_latex": "symcalc.api", "differentiate": "symcalc.api", "compile": "symcalc.api",
    "contributions": "symcalc.api", "descend": "symcalc.api", "descend_many": "symcalc.api",
    "gauss_newton": "symcalc.api",
    "jacobian": "symcalc.api",
    "step_sizes": "symcalc.api", "ending": "symcalc.api", "sensitivity": "symcalc.api",
    "check": "symcalc.api",
    "explore": "symcalc.app.opening",
    "compare": "symcalc.api", "study": "symcalc.api", "boosting_objective": "symcalc.api",
    "SymcalcError": "symcalc.errors", "FormulaError": "symcalc.errors", "DataError": "symcalc.errors",
    "InputError": "symcalc.errors", "MissingExtra": "symcalc.errors",
}  # fmt: skip

__all__ = [
    "DataError",
    "FormulaError",
    "InputError",
    "MissingExtra",
    "SymcalcError",
    "accuracy",
    "boosting_objective",
    "check",
    "compare",
    "compile",
    "contributions",
    "descend",
    "descend_many",
    "differentiate",
    "ending",
    "explore",
    "gauss_newton",
    "jacobian",
    "parse",
    "parse_latex",
    "sensitivity",
    "step_sizes",
    "study",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'symcalc' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
