"""The files a page is made of: its modules of JavaScript and its style, which come with the package."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

# In the order in which one file can hold them all: each uses only what stands before it.
MODULES = ("numbers.js", "chart.js", "contour.js", "pictures.js", "model.js", "bench.js")
STYLE = "page.css"
# What the explorer loads besides.
EXPLORER = (*MODULES, "typing.js", "table.js", "panels.js", "explorer.js")
STYLES = (STYLE, "explorer.css")


@cache
def asset(name: str) -> str:
    """The text of one of the files."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


@cache
def one_module() -> str:
    """All modules as one, without imports and exports."""
    whole = "\n".join(asset(name) for name in MODULES)
    whole = re.sub(r"^import .*\n", "", whole, flags=re.MULTILINE)
    return re.sub(r"^export (?=(?:async )?(?:function|class|const|let))", "", whole, flags=re.MULTILINE)
