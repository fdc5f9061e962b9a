"""The one lazy way from a value to how it looks: `trace.plot()` reaches the views through here and nowhere else."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def view(module: str, function: str) -> Any:
    """A function of the views, imported when it is first wanted.

    Args:
        module: Module below `symcalc.views`, such as `figures.run`.
        function: Its name there.
    """
    return getattr(import_module(f"symcalc.views.{module}"), function)
