"""The files a page is made of: its modules of JavaScript and its style, which come with the package."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path

# In the order in which one file can hold them all: each uses only what stands before it.
MODULES = (
    "numbers.js", "markup.js", "chart.js", "contour.js", "pictures.js", "model.js", "predict.js", "bench.js", "lights.js",
)  # fmt: skip
STYLE = "page.css"
# A part of STIX Two Math, made by docs/math_font.py; its license stands beside it.
FONT = "stix-two-math.woff2"


@cache
def asset(name: str) -> str:
    """The text of one of the files."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


@cache
def explorer_module() -> str:
    """The explorer's page as one module: modules that import each other arrive in rounds, one file at once."""
    return one_module(
        (*MODULES, "typing.js", "table.js", "runs.js", "exercise.js", "panels.js", "past.js", "explorer.js")
    )


@cache
def explorer_style() -> str:
    """How the explorer's page looks."""
    return _face(FONT) + asset(STYLE) + asset("explorer.css")


@cache
def report_style() -> str:
    """How a report looks; it holds its font itself."""
    return _face(f"data:font/woff2;base64,{base64.b64encode(font()).decode('ascii')}") + asset(STYLE)


@cache
def font() -> bytes:
    """The font of formulas (WOFF2)."""
    return (Path(__file__).parent / FONT).read_bytes()


def _face(address: str) -> str:
    return f'@font-face {{ font-family: "STIX Two Math"; src: url("{address}") format("woff2"); }}\n'


@cache
def widget_module() -> str:
    """The widget of notebooks as one module, which exports what a notebook calls."""
    return one_module((*MODULES, "widget.js"))


@cache
def widget_style() -> str:
    """The same look for a widget, which must not change the notebook around it."""
    whole = asset(STYLE)
    light, dark = re.findall(r":root \{(.*?)\}", whole, flags=re.DOTALL)
    rest = whole[whole.index("* { box-sizing") :]
    # `&` is the widget itself: every rule holds below it only.
    return f".symcalc-widget {{\n{light}\n&.dark {{ {dark} }}\n{asset('widget.css')}\n{rest}\n}}\n"


@cache
def one_module(names: tuple[str, ...] = MODULES) -> str:
    """Modules as one, without their imports and exports of names."""
    whole = "\n".join(asset(name) for name in names)
    whole = re.sub(r"^import .*\n", "", whole, flags=re.MULTILINE)
    return re.sub(r"^export (?=(?:async )?(?:function|class|const|let))", "", whole, flags=re.MULTILINE)
