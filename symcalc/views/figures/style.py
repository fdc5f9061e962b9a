"""How every picture looks: one palette, one set of settings, one way to write numbers.

Colors are those of Okabe and Ito, surfaces take cividis: both can be told apart with every kind of color
blindness. No color stands alone: each role has its own marker or line style too.
"""

from __future__ import annotations

import math
import textwrap
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import AutoLocator, FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullLocator

# Okabe and Ito (2008), "Color Universal Design".
PALETTE = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "bluish green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "reddish purple": "#CC79A7",
}
GRAY = "#595959"  # 7:1 on white
SURFACE = "cividis"

# fmt: off
# Role → how it is drawn.
LINES: dict[str, dict[str, Any]] = {
    "curve":      {"color": PALETTE["blue"], "linestyle": "-", "linewidth": 2.4},
    "tangent":    {"color": PALETTE["vermilion"], "linestyle": "--", "linewidth": 2.0},
    "model":      {"color": PALETTE["vermilion"], "linestyle": "-", "linewidth": 2.4},
    "before":     {"color": GRAY, "linestyle": "--", "linewidth": 1.8},
    "residual":   {"color": GRAY, "linestyle": ":", "linewidth": 1.4},
    "path":       {"color": "white", "linestyle": "-", "linewidth": 2.0},
}
MARKS: dict[str, dict[str, Any]] = {
    "data":       {"marker": "o", "color": PALETTE["blue"], "markersize": 7},
    "visited":    {"marker": "o", "color": PALETTE["sky blue"], "markersize": 5, "markeredgecolor": "black"},
    "point":      {"marker": "o", "color": "black", "markersize": 9},
    "predicted":  {"marker": "D", "markerfacecolor": "none", "markeredgecolor": PALETTE["orange"],
                   "markersize": 12, "markeredgewidth": 2.4},
    "landing":    {"marker": "x", "color": PALETTE["bluish green"], "markersize": 9, "markeredgewidth": 2.6},
    "start":      {"marker": "o", "markerfacecolor": "white", "markeredgecolor": "black", "markersize": 10,
                   "markeredgewidth": 1.8},
    "end":        {"marker": "*", "markerfacecolor": PALETTE["yellow"], "markeredgecolor": "black",
                   "markersize": 17, "markeredgewidth": 1.2},
    "not finite": {"marker": "X", "color": PALETTE["vermilion"], "markersize": 11},
}
SETTINGS: dict[str, Any] = {
    "font.family": ["DejaVu Sans"], "font.size": 12, "axes.titlesize": 13, "axes.labelsize": 12.5,
    "xtick.labelsize": 11, "ytick.labelsize": 11, "legend.fontsize": 11, "axes.titlelocation": "left",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8, "axes.axisbelow": True, "legend.framealpha": 0.92, "legend.edgecolor": "#CCCCCC",
    "figure.facecolor": "white", "axes.facecolor": "white", "savefig.facecolor": "white",
    # A name is drawn as it is written, dollar signs and all.
    "text.usetex": False, "text.parse_math": False,
    "svg.fonttype": "path", "svg.hashsalt": "symcalc", "pdf.fonttype": 42,
}
# fmt: on

_LOCK = threading.RLock()


@contextmanager
def styled() -> Iterator[None]:
    """The settings for as long as something is drawn; also a decorator.

    matplotlib keeps its settings for the whole process, so one thread draws at a time.
    """
    with _LOCK, matplotlib.rc_context(SETTINGS):
        yield


def panels(
    count: int, size: tuple[float, float] | None = None, widths: Sequence[float] | None = None
) -> tuple[Any, list[Any]]:
    """A figure without a window, and its axes: side by side, or stacked where it is higher than wide.

    Args:
        count: How many axes.
        size: Width and height in inches; 6.4 x 4.8 for one, 4.7 x 4.8 each for more, unless given.
        widths: How wide each is beside the others.
    """
    size = size or (6.4 if count == 1 else 4.7 * count, 4.8)
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.1, wspace=0.03))
    if size[1] > size[0]:
        axes = list(figure.subplots(count, 1, squeeze=False)[:, 0])
    else:
        axes = list(figure.subplots(1, count, squeeze=False, width_ratios=widths)[0])
    for one in axes:
        # Ticks are made when the figure is drawn, so what they look like must be said now.
        one.tick_params(labelsize=SETTINGS["xtick.labelsize"])
        for axis in (one.xaxis, one.yaxis):
            linear(axis)
    return figure, axes


def entitle(axes: Any, text: str, x: str, y: str) -> None:
    """Title and axis labels; a long title is broken into lines that fit above its axes."""
    place = axes.get_subplotspec()
    ratios = place.get_gridspec().get_width_ratios()
    share = ratios[place.colspan.start] / sum(ratios)
    inches = axes.figure.get_size_inches()[0] * share - (1.1 if share == 1 else 1.5)
    # A letter is about half as wide as it is high; 72 points make an inch.
    letters = max(20, int(inches * 72 / (0.53 * SETTINGS["axes.titlesize"])))
    # What is set equal stays together, and so does what stands in parentheses.
    parts = [text] if len(text) <= letters else text.replace(" (", "\n(").split("\n")
    lines = [line for part in parts for line in textwrap.wrap(part.replace(" = ", "\u00a0=\u00a0"), letters)]
    axes.set_title("\n".join(lines).replace("\u00a0", " "))
    axes.set_xlabel(textwrap.shorten(x, letters, placeholder=" …"))
    axes.set_ylabel(textwrap.shorten(y, 45, placeholder=" …"))


def linear(axis: Any, whole: bool = False) -> None:
    """Evenly spaced ticks, few enough not to collide; whole numbers only for a count."""
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10], integer=whole))
    axis.set_major_formatter(FuncFormatter(lambda x, _: tick(x, np.abs(axis.get_view_interval()).max())))


def logarithmic(axes: Any, which: str, low: float, high: float) -> None:
    """A logarithmic axis from low to high, both positive, with ticks even where that is a short way."""
    # The limits come first: matplotlib's own margins may leave the range of floats.
    axes.set(**{f"{which}lim": (low, high)})
    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    decades = math.log10(high) - math.log10(low)
    if decades < 1.2:
        axis.set_major_locator(AutoLocator())
    elif decades < 2.5:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    else:
        axis.set_major_locator(FixedLocator(powers(low, high)))
    axis.set_minor_locator(NullLocator())
    # Many decades are read as powers of ten, all of them.
    plain = decades < 6
    axis.set_major_formatter(FuncFormatter(lambda x, _: tick(x, x if plain else math.inf)))


def powers(low: float, high: float) -> list[float]:
    """At most eight powers of ten from low to high, evenly spaced."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    step = max(1, math.ceil((last - first) / 7))
    return [10.0**k for k in range(first + -first % step, last + 1, step)]


_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def tick(x: float, scale: float) -> str:
    """A tick's number: 250, 0.05, −3, 10⁻⁶, 2.5·10⁹.

    Args:
        x: The number.
        scale: The largest number on the axis: whether powers of ten are written is the same for all.
    """
    if abs(x) < 1e-9 * scale < math.inf:
        return "0"
    return _written(float(x), 9, 0.0, math.inf) if not 1e-3 <= scale < 1e6 else _written(float(x), 9, math.inf, 0.0)


def number(x: float, digits: int = 6) -> str:
    """A number for labels and sentences, six significant digits: 5339.26, −77.33, 1.2·10⁻⁹."""
    return _written(float(x), digits, 1e7, 1e-4)


def _written(x: float, digits: int, huge: float, tiny: float) -> str:
    if not math.isfinite(x):
        return {math.inf: "∞", -math.inf: "−∞"}.get(x, "nan")
    x += 0.0  # -0 is 0 to a reader
    if x == 0 or tiny <= abs(x) < huge:
        text = f"{x:.{digits}g}"
        text = f"{x:.0f}" if "e+" in text else f"{x:.{digits + 4}f}".rstrip("0") if "e" in text else text
        return text.replace("-", "−")
    mantissa, _, power = f"{x:.{digits - 1}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    raised = "10" + str(int(power)).translate(_RAISED)
    if int(power) == 0:
        return mantissa.replace("-", "−")
    if mantissa in ("1", "-1"):
        return raised if mantissa == "1" else "−" + raised
    return f"{mantissa}·{raised}".replace("-", "−")
