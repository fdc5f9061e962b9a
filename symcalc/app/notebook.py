"""The explorer as a widget of a notebook: the same bench as the page, with the kernel behind it."""

from __future__ import annotations

from typing import Any

import anywidget
import numpy as np
import traitlets

from symcalc.calculus.gradient import Gradient, differentiate
from symcalc.compute.program import Program, compile_gradient
from symcalc.errors import InputError, SymcalcError
from symcalc.language.loss import Loss
from symcalc.views import derivation
from symcalc.views.page.assets import widget_module, widget_style
from symcalc.views.page.formulas import linked
from symcalc.views.page.spec import bench


class Explorer(anywidget.AnyWidget):  # type: ignore[misc]
    """Type a loss, see its slopes, move its sliders, walk down it.

    Attributes:
        formula: What is typed; may be set from a cell, too.
        point: Where the bench stands: parameter name → value.
        data: The table, as `parse` takes it.
        loss, gradient, program: What the bench stands on; None until a formula could be used.
    """

    _esm = widget_module()
    _css = widget_style()
    formula = traitlets.Unicode("").tag(sync=True)
    page = traitlets.Dict().tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    point = traitlets.Dict().tag(sync=True)

    def __init__(self, formula: str, data: Any = None) -> None:
        super().__init__()
        self.data = data
        self.loss: Loss | None = None
        self.gradient: Gradient | None = None
        self.program: Program | None = None
        self.observe(self._typed, "formula")
        self.formula = formula

    def _typed(self, _: Any) -> None:
        """Answers what was typed; while it is wrong, what was good stays."""
        try:
            page, code = self._answered()
        except SymcalcError as error:
            self.page = {**self.page, "error": str(error)}
        except (RecursionError, MemoryError):
            self.page = {**self.page, "error": "The formula is too large to be worked on here."}
        else:
            self.code = code
            self.page = page

    def _answered(self) -> tuple[dict[str, Any], str]:
        from symcalc.app.web.asked import typed_loss

        if not self.formula.strip():
            raise InputError("Type a loss, such as mean((y - (m*x + b))^2).")
        loss = typed_loss(self.formula, self.data)
        if not loss.parameters:
            raise InputError("The loss has no parameters, so there is no slope.")
        gradient = differentiate(loss)
        notes = [f"where {line}" for line in derivation.legend(gradient)]
        notes += [f"note: {note}" for note in loss.notes]
        typed, slopes = linked(gradient)
        page: dict[str, Any] = {"formulas": typed + "".join(slopes), "notes": notes, "bench": None, "error": None}
        program, code = None, ""
        try:
            program = compile_gradient(gradient)
            page["bench"], code = bench(program, self._stand(program))
        except SymcalcError as error:
            page["notes"].append(str(error))
        self.loss, self.gradient, self.program = loss, gradient, program
        return page, code

    def _stand(self, program: Program) -> dict[str, Any] | None:
        """Where the bench stood, as far as the new loss has such parameters."""
        shapes = program.layout.shapes
        return {n: v for n, v in self.point.items() if n in shapes and np.shape(v) == shapes[n]} or None


def explorer(formula: str, data: Any = None) -> Explorer:
    """The widget; a formula that cannot be used is told in it."""
    return Explorer(formula, data)
