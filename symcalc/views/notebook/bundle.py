"""What a notebook shows of a value: a row here for each public type.

bundle(trace)          {"text/plain": …, "text/html": …}
bundle(gradient)       {"text/plain": …, "text/latex": …}
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from symcalc.looks import view

Bundle = dict[str, str]

# Type → (module below views.notebook, function that gives its parts).
PARTS = {
    "Program": ("formulas", "program"),
    "Study": ("formulas", "study"),
    "Trace": ("runs", "trace"),
    "Step": ("runs", "step"),
    "Comparison": ("runs", "comparison"),
    "StepSizes": ("findings", "step_sizes"),
    "Ending": ("findings", "ending"),
    "Sensitivity": ("findings", "sensitivity"),
    "Checked": ("findings", "checked"),
    "Contributions": ("findings", "contributions"),
    "BoostingObjective": ("findings", "boosting"),
    "Accuracy": ("findings", "accuracy"),
}


def bundle(value: Any) -> Bundle:
    """What a notebook shows of a value.

    Args:
        value: A value of one of the types below, or of one derived from them.
    """
    for kind in type(value).__mro__:
        if kind.__name__ in _FORMULAS:
            return _FORMULAS[kind.__name__](value)
        if kind.__name__ in PARTS:
            module, function = PARTS[kind.__name__]
            parts = view(f"notebook.{module}", function)(value)
            made = {"text/plain": view("notebook.parts", "text")(parts)}
            return made if _text_is_all() else {**made, "text/html": view("notebook.parts", "html")(parts)}
    return {"text/plain": repr(value)}


def _text_is_all() -> bool:
    """Whether a terminal asks, which shows text only: pictures would be drawn for nobody."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and list(shell.display_formatter.active_types) == ["text/plain"]


def _loss(value: Any) -> Bundle:
    made = [view("notebook.formulas", f"loss_{form}")(value) for form in ("text", "latex")]
    return dict(zip(("text/plain", "text/latex"), made))


def _gradient(value: Any) -> Bundle:
    made = [view("notebook.formulas", f"gradient_{form}")(value) for form in ("text", "latex")]
    return dict(zip(("text/plain", "text/latex"), made))


def _equation(value: Any) -> Bundle:
    return {"text/plain": value.text, "text/latex": rf"$\displaystyle {value.latex}$"}


def _derivation(value: Any) -> Bundle:
    return {
        "text/plain": value.text(100),
        "text/latex": value.latex,
        "text/markdown": value.markdown,
        "text/html": value.html,
    }


# Formulas have LaTeX instead of HTML: every notebook sets it.
_FORMULAS: dict[str, Callable[[Any], Bundle]] = {
    "Loss": _loss, "Gradient": _gradient, "Equation": _equation, "Derivation": _derivation,
}  # fmt: skip
