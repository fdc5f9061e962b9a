"""`sc.explore`: the widget where a notebook runs, the page in a browser elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from symcalc.errors import InputError, MissingExtra

FIRST = "mean((y - (m*x + b))^2)"


def explore(text: str | None = None, data: Any = None) -> Any:
    """Opens the explorer: the widget in a notebook, else the page in a browser until Ctrl-C.

    Args:
        text: The loss; a lesson or a row of the catalogue by its name; a line fit to begin with unless given.
        data: Path of a CSV or Parquet file, mapping from names to arrays, data frame, or name of a built-in lesson.

    Returns:
        In a notebook the widget: `.point` is where its bench stands, `.loss`, `.gradient` and `.program` what it
        stands on. None elsewhere.

    Raises:
        InputError: The formula is no text.
        DataError: The data cannot be used.
        MissingExtra: A package it needs is not installed.
    """
    if text is not None and not isinstance(text, str):
        raise InputError(f"A formula is text, not {type(text).__name__}.")
    if in_notebook():
        return widget(text, data)
    from symcalc.app.output import tell

    begin: dict[str, Any] = {} if text is None else {"formula": text, "data": None}
    if data is not None:
        from symcalc.app.web.tables import for_page

        begin["data"] = for_page(data)
    page(begin, tell)
    return None


def in_notebook() -> bool:
    """Whether cells of a notebook run this: IPython's kernel (Jupyter, VS Code, Colab) or marimo."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is not None:
        return True
    marimo = sys.modules.get("marimo")
    return bool(marimo is not None and marimo.running_in_notebook())


def widget(text: str | None, data: Any) -> Any:
    """The widget.

    Raises:
        MissingExtra: anywidget is not installed.
    """
    try:
        from symcalc.app.notebook import explorer
    except ModuleNotFoundError as error:
        raise _missing(error, ("anywidget", "traitlets", "ipywidgets"), "notebook", "anywidget") from None
    if text is None and data is None:
        data = "movies"
    return explorer(text or FIRST, data)


def page(
    begin: dict[str, Any],
    tell: Callable[[str], None],
    port: int = 0,
    host: str = "127.0.0.1",
    browser: bool = True,
    **limits: float,
) -> None:
    """Serves the page until Ctrl-C; see `web.serving.serve`, which `limits` are for.

    Raises:
        MissingExtra: Starlette or uvicorn is not installed.
    """
    missing = [name for name in ("starlette", "uvicorn") if not _there(name)]
    if missing:
        raise _missing(ModuleNotFoundError(name=missing[0]), ("starlette", "uvicorn"), "web", "Starlette and uvicorn")
    from symcalc.app.web.nursery import Nursery

    # SymPy takes a second to import: its process begins before the server does.
    nursery = Nursery()
    try:
        from symcalc.app.web.serving import serve

        serve(begin, host, port, browser, tell, nursery, **limits)
    finally:
        nursery.close()


def _there(name: str) -> bool:
    """Whether a package is installed, without importing it."""
    try:
        return find_spec(name) is not None
    except ValueError:
        return False  # it is there but blocked


def _missing(error: ModuleNotFoundError, names: tuple[str, ...], extra: str, words: str) -> Exception:
    if (error.name or "").partition(".")[0] not in names:
        return error
    return MissingExtra(
        f"The explorer needs {words}: install symcalc-explorer with its extra {extra}, pip install '.[{extra}]'."
    )
