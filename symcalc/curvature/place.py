"""What kind of place a point is: a minimum, a saddle, a kink, a slope on the way down; and why."""

from __future__ import annotations

from typing import Any

import numpy as np

from symcalc.compute.program import Program
from symcalc.curvature.convex import Convexity
from symcalc.curvature.degree import degree
from symcalc.curvature.directions import combination
from symcalc.curvature.flats import flats, sentence
from symcalc.curvature.joints import slopes_jump
from symcalc.curvature.spectrum import Spectrum
from symcalc.errors import SymcalcError
from symcalc.notation.entries import entry_names
from symcalc.numeric.differentiable import Vector

# A slope this many rounding bounds long may still be 0.
_ROUNDINGS = 4
# A gradient is as good as 0 where following it would lower the loss by less than this share.
_LEVEL = 1e-12
# Nearly there: a Newton step would lower the loss by less than this share.
_CLOSE = 1e-6
# A slope along what does not bend is nothing where it is this share of the whole.
_OPEN = 1e-9
# What a Newton step gains and what the parabola promised agree to this share where the loss is one so far.
_AGREES = 0.1
_EPS = float(np.finfo(float).eps)

# kind, whether it is a minimum, how far the loss is above its lowest, and why in sentences
Judged = tuple[str, bool | None, float | None, list[str]]


def at_kink(program: Program, point: Vector, limited: bool = False) -> Judged:
    """What kind of place a point on a kink is, by its subdifferential.

    Args:
        program: The compiled loss.
        point: The flat point.
        limited: Whether a limit pushes back there as well, of which the subdifferential knows nothing.
    """
    if limited:
        return "kink", None, None, ["Whether this is the minimum is not worked out: a kink and a limit meet here."]
    try:
        proof = program.certificate(point)
    except SymcalcError as error:
        return "kink", None, None, [str(error)]
    minimum = bool(proof.contains_zero) if proof.convex and proof.contains_zero is not None else None
    if proof.contains_zero is False:
        minimum = False
    return "kink", minimum, None, [proof.message]


def between_kinks(
    program: Program, point: Vector, loss: float, gradient: Vector, found: Spectrum,
    bounds: tuple[float, Vector] | None, known: Convexity,
) -> Judged:  # fmt: skip
    """What kind of place a point is where the loss is smooth, by its slope and its bend.

    Args:
        program: The compiled loss.
        point: The flat point.
        loss: The loss there.
        gradient: The gradient there.
        found: The spectrum of the Hessian there.
        bounds: How far rounding may put the loss and each slope off, or None.
        known: What is known about the loss as a whole.
    """
    whole = _whole(known, found.whole and len(found.values) < len(point))
    if not len(found.values):
        return "minimum", True, 0.0, ["A minimum: limits hold the point back in every direction.", *whole]
    names = entry_names(program)
    length = float(np.linalg.norm(gradient))
    along = found.vectors.T @ gradient
    up, down = found.values > found.off, found.values < -found.off
    above = float(np.sum(along[up] ** 2 / found.values[up]) / 2)
    noise = None if bounds is None else float(np.linalg.norm(bounds[1]))
    scale = max(abs(loss), float(np.finfo(float).tiny))
    rounded = noise is not None and length <= _ROUNDINGS * noise
    level = rounded or (above <= _LEVEL * scale and not _open_slope(point, along, up, noise, _LEVEL * scale))
    if not level:
        return _on_slope(program, point, loss, gradient, found, noise, names)
    why = f"the gradient is {length:.2g} long" + (", no more than rounding" if rounded else "")
    if down.any():
        lowest = combination(names, found.vectors[:, int(np.argmin(found.values))])
        if not up.any() and found.whole:
            return "maximum", False, None, [f"A maximum: {why}, and the loss bends down in every direction."]
        return "saddle", False, None, [f"A saddle point, no minimum: {why}, but the loss bends down along {lowest}."]
    if not found.whole:
        ends = f"the least bend found is {found.values[-1]:.3g}"
        return (
            "minimum",
            True,
            above,
            [f"A minimum: {why}, and {ends} ({found.products} Hessian products).", *whole],
        )
    if up.all():
        least, most = float(found.values[-1]), float(found.values[0])
        bend = (
            f"bends up in every direction (by {least:.6g} to {most:.6g})"
            if len(up) > 1
            else f"bends up (by {most:.6g})"
        )
        return "minimum", True, above, [f"A minimum: {why}, and the loss {bend}.", *whole]
    if not up.any():
        kind, minimum, word = ("flat minimum", True, "minimum") if known.convex else ("unknown", None, "flat place")
        return kind, minimum, None, [f"A {word}: {why}, and the loss bends in no direction.", *whole]
    loose = flats(program, point, found)
    # What changes nothing at all does not keep the rest from being a minimum.
    sure = known.convex is True or all(flat.open for flat in loose)
    first = "A minimum, but not the only one" if sure else "Perhaps a minimum, perhaps a plateau"
    return "flat minimum", True if sure else None, above, [f"{first}: {why}. {sentence(loose)}", *whole]


def _whole(known: Convexity, limited: bool) -> list[str]:
    """What is known beyond the place, within the limits that hold it back if there are any."""
    within = " within the limits" if limited else ""
    if known.convex:
        how = "its one Hessian proves it convex" if known.proof == "Hessian" else "it is convex by how it is composed"
        return [f"No point{within} is lower: {how}."]
    why = "the loss is not known to be convex" if known.convex is None else "the loss is not convex"
    return [f"Others{within} may be lower: {why}."]


def _open_slope(point: Vector, along: Vector, up: Any, noise: float | None, least: float) -> bool:
    """Whether the loss slopes along a direction in which it does not bend up, by more than rounding and to some effect.

    Args:
        point: The flat point.
        along: Slopes along the eigenvectors.
        up: Which of these bend up.
        noise: How long a gradient rounding may leave, or None.
        least: A change of the loss that counts for nothing.
    """
    rest = float(np.linalg.norm(along[~up]))
    reach = max(1.0, float(np.linalg.norm(point)))
    return rest * reach > least and rest > _ROUNDINGS * (noise or 0.0)


def _on_slope(
    program: Program, point: Vector, loss: float, gradient: Vector, found: Spectrum, noise: float | None,
    names: list[str],
) -> Judged:  # fmt: skip
    """A place that is not level: how much lower the minimum lies, where slope and bend tell."""
    length = float(np.linalg.norm(gradient))
    along = found.vectors.T @ gradient
    up, down = found.values > found.off, found.values < -found.off
    if down.any():
        lowest = combination(names, found.vectors[:, int(np.argmin(found.values))])
        return "slope", False, None, [
            f"No minimum: the gradient is {length:.3g} long and the loss bends down along {lowest}."
        ]  # fmt: skip
    yet = f"No minimum yet: the gradient is {length:.3g} long."
    if not up.any() or not found.whole:
        return "slope", False, None, [yet]
    if _open_slope(point, along, up, noise, _OPEN * length):
        open_ = combination(names, -(found.vectors[:, ~up] @ along[~up]))
        if degree(program.loss) <= 2:
            return (
                "slope",
                False,
                None,
                [f"No minimum: the loss falls without end along {open_}, where it does not bend."],
            )
        return "slope", False, None, [f"{yet} Along {open_} the loss falls and does not bend here."]
    above = float(np.sum(along[up] ** 2 / found.values[up]) / 2)
    step = -(found.vectors[:, up] @ (along[up] / found.values[up]))
    if degree(program.loss) > 2 and not _keeps_to_parabola(program, point + step, loss, above, along, found.vectors):
        if slopes_jump(program):
            why = "How much lower the minimum lies cannot be told from slope and bend: kinks lie on the way."
        else:
            left = combination(names, step)
            why = f"Slope and bend lead along {left}; how much lower the minimum lies they cannot tell: the bend changes on the way."
        return "slope", False, None, [f"{yet} {why}"]
    near = above <= _CLOSE * abs(loss)
    place = "Nearly a minimum" if near else "No minimum yet"
    left = combination(names, step)
    return "nearly" if near else "slope", None if near else False, above, [
        f"{place}: by its slope and bend the loss is {above:.3g} above its lowest, most of the way left along {left}."
    ]  # fmt: skip


def _keeps_to_parabola(
    program: Program, landing: Vector, loss: float, above: float, along: Vector, vectors: Vector
) -> bool:
    """Whether the loss falls about as far as its slope and bend say, and is about level, where a Newton step lands."""
    with np.errstate(all="ignore"):
        there, gradient = program.value_and_gradient(landing)
        # Seen along the eigenvectors, since what a bound holds does not count.
        left = float(np.linalg.norm(vectors.T @ gradient))
    return abs(loss - float(there) - above) <= _AGREES * above and left <= _AGREES * float(np.linalg.norm(along))
