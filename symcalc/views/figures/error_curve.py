"""The error of a numeric slope against its step h: too large cuts the curve, too small loses digits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.numeric.comparison import Comparing
from symcalc.numeric.differences import method_named
from symcalc.numeric.differentiable import Differentiable
from symcalc.numeric.estimates import EPS
from symcalc.numeric.scan import ErrorCurve
from symcalc.views.figures.picture import Caption, Picture
from symcalc.views.figures.slices import Slice
from symcalc.views.figures.style import GRAY, PALETTE, entitle, logarithmic, number, panels, powers, styled, tick

DEFAULT = ("forward", "central", "complex-step")
# fmt: off
LOOKS: dict[str, dict[str, Any]] = {
    "forward":      {"color": PALETTE["orange"], "marker": "o"},
    "backward":     {"color": PALETTE["sky blue"], "marker": "<"},
    "central":      {"color": PALETTE["blue"], "marker": "s"},
    "five-point":   {"color": PALETTE["reddish purple"], "marker": "P"},
    "complex-step": {"color": PALETTE["bluish green"], "marker": "^"},
    "richardson":   {"color": PALETTE["vermilion"], "marker": "D"},
    "adaptive":     {"color": PALETTE["black"], "marker": "v"},
}
# Method → its truncation error in words, its line.
THEORY = {
    "forward":  ("truncation h/2·|L″|", "--"),
    "backward": ("truncation h/2·|L″|", "--"),
    "central":  ("truncation h²/6·|L‴|", "-."),
}
# fmt: on


@styled()
def error_curve(
    program: Differentiable,
    point: Mapping[str, Any],
    entry: str | None = None,
    methods: Sequence[str] | None = None,
    size: tuple[float, float] | None = None,
) -> Picture:
    """The error of difference methods for many steps h, beside what theory says of it.

    Args:
        program: The compiled loss.
        point: Where the slope is taken.
        entry: Along which entry, `m` or `w[0]`; the first unless given.
        methods: Names of difference methods; forward, central and complex-step unless given.
        size: Width and height in inches.

    Raises:
        InputError: There is no such entry or method, or nothing is finite at the point.
    """
    figure, (axes,) = panels(1, size)
    caption = draw_error_curve(axes, program, point, entry, methods)
    return Picture(figure, caption.title, caption.alt)


def draw_error_curve(
    axes: Any,
    program: Differentiable,
    point: Mapping[str, Any],
    entry: str | None = None,
    methods: Sequence[str] | None = None,
) -> Caption:
    """The same into axes that are there already."""
    view = Slice.at(program, point)
    k = 0 if entry is None else view.index(entry)
    with np.errstate(all="ignore"):
        work = Comparing(program, view.base)
    x, loss = float(view.base[k]), work.value
    truth = work.gradient[k] if work.reference is None else work.reference[k]
    source = "exact slope" if work.reference is None else "40-digit slope"
    if not (math.isfinite(loss) and math.isfinite(float(truth))):
        raise InputError("The loss or its slope is not finite at the point: choose another point.")
    curves = {
        name: work.scan(work.entries[k], name)
        for name in methods or DEFAULT
        if not (method_named(name).complex and work.why_not_complex)
    }
    errors = {name: np.abs(curve.errors) for name, curve in curves.items()}
    if not any(np.isfinite(e).any() for e in errors.values()):
        raise InputError("None of these difference methods applies at the point.")
    hs = next(iter(curves.values())).steps
    low, high = _limits(errors, float(truth))
    logarithmic(axes, "x", hs[0], hs[-1])
    logarithmic(axes, "y", low, high)
    words = [f"Error of numeric slopes along {view.names[k]} for h from {number(hs[0], 2)} to {number(hs[-1], 2)}."]
    for name, error in errors.items():
        # An error of zero has no place on a logarithmic axis: it lies on the lowest line.
        shown = np.where(error == 0, low, error)
        axes.plot(hs, shown, linestyle="none", label=name, gid=name, markersize=5, zorder=4, clip_on=False,
                  **LOOKS.get(name, {"color": GRAY, "marker": "."}))  # fmt: skip
        if np.isfinite(error).any():
            best = int(np.nanargmin(error))
            words.append(f"{name} is nearest at h = {number(hs[best], 2)}: off by {number(error[best], 2)}.")
    _theory(axes, curves)
    title = f"Error of the numeric slope along {view.names[k]} at {number(x)}"
    entitle(axes, title, "step h", f"|numeric − {source}|")
    _levels(axes, low, high)
    # Inside the axes it would cover one side of the V.
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2)
    return Caption(title, " ".join(words))


def _limits(errors: Mapping[str, Any], truth: float) -> tuple[float, float]:
    every = np.concatenate(list(errors.values()))
    positive = every[np.isfinite(every) & (every > 0)]
    if not positive.size:
        floor = EPS * max(abs(truth), EPS)
        return floor / 10, floor * 1e6
    return float(positive.min()) / 30, float(positive.max()) * 3


def _levels(axes: Any, low: float, high: float) -> None:
    """Ticks at powers of ten, and the lowest line marked as what it stands for: no error at all."""
    ticks = powers(low * 10, high)
    axes.set_yticks([low, *ticks], labels=["0", *(tick(power, math.inf) for power in ticks)])


def _theory(axes: Any, curves: Mapping[str, ErrorCurve]) -> None:
    """What theory says: round-off falls like 1/h, truncation grows like h or h²."""
    low, high = axes.get_ylim()
    theory = {name: curve for name, curve in curves.items() if name in THEORY}
    noises = {name: curve.round_off for name, curve in theory.items() if curve.round_off is not None}
    if noises and any(noise.any() for noise in noises.values()):
        noisiest = max(noises, key=lambda name: float(noises[name][0]))
        label = "round-off ε·|L|/2h" if noisiest == "central" else "round-off ε·|L|/h"
        axes.plot(theory[noisiest].steps, noises[noisiest], color="black", linestyle=":", linewidth=1.8, label=label,
                  gid="round-off")  # fmt: skip
    for name, curve in theory.items():
        if curve.truncation is None or not curve.truncation.any():
            continue
        axes.plot(curve.steps, np.abs(curve.truncation), color=LOOKS[name]["color"], linestyle=THEORY[name][1],
                  linewidth=1.8, label=THEORY[name][0], gid=f"{name} truncation")  # fmt: skip
    axes.set_ylim(low, high)
