"""The one lazy way from a value to how it looks: `trace.plot()` and notebooks reach the views through here only."""

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


class Shown:
    """A value that a notebook shows as the views write and draw it."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: type of text → text."""
        return dict(view("notebook.bundle", "bundle")(self))
