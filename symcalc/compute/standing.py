"""Which kinks a point stands on, entry by entry, and whether exactly or to within rounding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symcalc.compute import inspection, rounding
from symcalc.compute.arrays import ArrayForm
from symcalc.compute.kinks import Kink, worked
from symcalc.compute.near_kinks import NEAR

if TYPE_CHECKING:
    from symcalc.compute.program import Program

# The bound is to first order; a gap of more than twice the bound is no rounding.
ROUNDINGS = 2


@dataclass(frozen=True)
class Standing:
    """One kinked function at a point.

    Attributes:
        kink: The kink.
        gap: What must be 0 to stand on it, an array over the kink's indices.
        on: Where it stands on it: booleans of the same shape.
        off: The largest |gap| among these; 0 where it stands exactly.
    """

    kink: Kink
    gap: Any
    on: Any
    off: float


def standing(program: Program, point: Any) -> list[Standing]:
    """Every kink that moves with the parameters, with the entries that a point stands on."""
    found = inspection.moving_kinks(program)
    if not found:
        return []
    values, form = inspection.all_values(program, point), inspection.array_form(program)
    with np.errstate(all="ignore"):
        gaps = [_gap(kink, values, form) for kink in found]
        limits = _limits(program, found, gaps, values, form)
        return [_standing(kink, gap, limit) for kink, gap, limit in zip(found, gaps, limits)]


def _gap(kink: Kink, values: Mapping[Any, Any], form: ArrayForm) -> Any:
    """The gap in every entry; of a max or min over entries, how far each is from the extreme."""
    sizes = tuple(int(form.size(form.axes[i])) for i in kink.indices)
    if kink.gap is not None:
        return np.broadcast_to(np.asarray(worked(kink.gap, values, form, kink.indices), dtype=float), sizes)
    (term,) = kink.equation.terms
    inner = np.broadcast_to(np.asarray(worked(term.body, values, form, kink.indices), dtype=float), sizes)
    extreme = np.asarray(values[kink.equation.name.symbol])
    return inner - extreme.reshape(extreme.shape + (1,) * len(term.over))


def _limits(
    program: Program, found: tuple[Kink, ...], gaps: list[Any], values: Mapping[Any, Any], form: ArrayForm
) -> list[Any]:
    """How large each gap may be and still be nothing but rounding; 0 where none is near enough to matter."""
    largest = max(float(np.nanmax(np.abs(v), initial=0.0)) for v in map(np.asarray, values.values()) if v.size)
    near = [
        bool(np.any((gap != 0) & (np.abs(gap) <= NEAR * (largest if np.isfinite(largest) else 1.0)))) for gap in gaps
    ]
    if not any(near):
        return [0.0] * len(gaps)
    names = form.names
    inputs = [s for s in (*program.given, *(p.symbol for p in program.parameters)) if names[s].kind != "size"]
    bounds = rounding.bounds(program.loss.equations, values, inputs, form)
    limits = []
    for kink, close in zip(found, near):
        if not close:
            limits.append(0.0)
            continue
        body = kink.gap if kink.gap is not None else kink.equation.terms[0].body
        limits.append(ROUNDINGS * rounding.of_body(body, values, bounds, form, kink.indices))
    return limits


def _standing(kink: Kink, gap: Any, limit: Any) -> Standing:
    on = np.abs(gap) <= np.where(np.isfinite(limit), limit, 0.0)
    if kink.gap is None:
        # An entry that reaches the extreme alone has no kink.
        over = tuple(range(len(kink.equation.indices), gap.ndim))
        on = on & (np.sum(on, axis=over, keepdims=True) > 1)
    return Standing(kink, gap, on, float(np.max(np.abs(gap), where=on, initial=0.0)))


def described(text: str, found: Standing) -> str:
    """The sentence on one kinked function that a point stands on.

    Args:
        text: The function as typed.
        found: Where it stands.
    """
    rounded = f", to within rounding ({found.off:.1e})" if found.off else ""
    if found.kink.gap is None:
        over = tuple(range(len(found.kink.equation.indices), found.on.ndim))
        count = int(np.max(np.sum(found.on, axis=over)))
        return f"{text} is reached by {count} entries at once{rounded}: they share its slope."
    return f"{text} stands on its kink{inspection.rows(np.argwhere(found.on), found.on.ndim)}{rounded}."
