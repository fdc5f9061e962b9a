"""The error of a numeric slope against its step h: too large cuts the curve, too small loses digits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcalc.errors import InputError
from symcalc.numeric.differences import EPS, METHODS, method_named
from symcalc.numeric.differentiable import Differentiable, flat
from symcalc.numeric.slopes import along
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
}
# Method → (how often the round-off of one loss goes into it, its truncation error in words, its line).
THEORY = {
    "forward":  (1.0, "truncation h/2·|L″|", "--"),
    "backward": (1.0, "truncation h/2·|L″|", "--"),
    "central":  (0.5, "truncation h²/6·|L‴|", "-."),
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
    x, loss = float(view.base[k]), view.along(k)(float(view.base[k]))
    truth, source = _truth(view, point, k)
    if not (math.isfinite(loss) and math.isfinite(float(truth))):
        raise InputError("The loss or its slope is not finite at the point: choose another point.")
    names = tuple(methods or DEFAULT)
    hs = steps(x, getattr(program.loss, "rows", None))
    f = along(program, view.base, k, loss)
    errors: dict[str, Any] = {}
    for name in names:
        method = method_named(name)
        if method.complex and (
            program.kinks(point) or program.complex_value(view.layout.split(view.base.astype(complex))) is None
        ):
            continue
        slopes = [method.measure(f, x, float(h)).slope for h in hs]
        errors[name] = np.array([abs(float(s - truth)) if math.isfinite(s) else math.nan for s in slopes])
    if not any(np.isfinite(e).any() for e in errors.values()):
        raise InputError("None of these difference methods applies at the point.")
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
    _theory(axes, view, k, errors, hs, loss)
    title = f"Error of the numeric slope along {view.names[k]} at {number(x)}"
    entitle(axes, title, "step h", f"|numeric − {source}|")
    _levels(axes, low, high)
    # Inside the axes it would cover one side of the V.
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2)
    return Caption(title, " ".join(words))


def steps(x: float, rows: int | None = None) -> Any:
    """The steps h to try, evenly spaced in their logarithm; fewer where a loss takes long."""
    scale = max(1.0, abs(x))
    count = 69 if (rows or 1) <= 100_000 else 35
    return np.geomspace(1e-16, 10, count) * scale


def _truth(view: Slice, point: Mapping[str, Any], k: int) -> tuple[Any, str]:
    """The exact slope with 40 digits where they are to be had, and what it is called."""
    found = view.program.reference(view.base)
    if found is None:
        return view.gradient[k], "exact slope"
    return flat(view.layout, found[1])[k], "40-digit slope"


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


def _theory(axes: Any, view: Slice, k: int, errors: Mapping[str, Any], hs: Any, loss: float) -> None:
    """What theory says: round-off falls like 1/h, truncation grows like h or h²."""
    low, high = axes.get_ylim()
    bends = {2: view.bend(k), 3: _third(view, k)}
    theory = [name for name in errors if name in THEORY]
    if theory and loss:
        share = max(THEORY[name][0] for name in theory)
        label = "round-off ε·|L|/h" if share == 1.0 else "round-off ε·|L|/2h"
        axes.plot(hs, share * EPS * abs(loss) / hs, color="black", linestyle=":", linewidth=1.8, label=label,
                  gid="round-off")  # fmt: skip
    for name in theory:
        method = METHODS[name]
        if method.truncation is None or not bends[method.derivative]:
            continue
        cut = np.abs([method.truncation(float(h), bends[method.derivative]) for h in hs])
        axes.plot(hs, cut, color=LOOKS[name]["color"], linestyle=THEORY[name][2], linewidth=1.8, label=THEORY[name][1],
                  gid=f"{name} truncation")  # fmt: skip
    axes.set_ylim(low, high)


def _third(view: Slice, k: int) -> float:
    """Third derivative along entry k: a central difference of exact second derivatives."""
    h = METHODS["central"].default_step(float(view.base[k]))
    ahead, behind = view.base.copy(), view.base.copy()
    ahead[k] += h
    behind[k] -= h
    up, down = (Slice(view.program, base).bend(k) for base in (ahead, behind))
    # A difference within round-off says that there is no third derivative to speak of.
    if not abs(up - down) > 16 * EPS * max(abs(up), abs(down)):
        return 0.0
    return float((up - down) / (ahead[k] - behind[k]))
