"""What the columns of a table of claims mean: where, which slope, which loss, where a step leads.

m,b,dL/dm,loss        a point, the slope in m there, the loss there
w[0],w[1],slope w[0]  entries of a vector
m,b,m_next            where a step of a descent leads
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from symcalc.calculus.gradient import Gradient
from symcalc.compute.bound import column
from symcalc.equations import Name
from symcalc.errors import DataError, InputError
from symcalc.language.loss import Loss
from symcalc.marking.observed import Observed
from symcalc.marking.points import Place, as_written
from symcalc.sources.claims_file import Cells

_NUMBER = re.compile(r"[+-−]?(\d+\.?(\d*)|\.(\d+))([eE][+-]?\d+)?")
# Words that say who says it, and nothing about what.
_SAID = re.compile(r"(?i)^(?:claimed|claim|printed|reported|given)[ _]*|[ _]*(?:claimed|claim|printed|reported|given)$")
_SLOPE = (
    re.compile(r"d\w*?_d(.+)"),
    re.compile(r"[d∂]\s*\w*\s*/\s*[d∂]\s*(.+)"), re.compile(r"(?:slope|gradient|grad|derivative|d|∂)[ _]?(?:in |of )?(.+)"),
    re.compile(r"(.+?)[ _](?:slope|grad|gradient|derivative)"),
)  # fmt: skip
_NEXT = (re.compile(r"(?:next|new)[ _](.+)"), re.compile(r"(.+?)[ _](?:next|new|after)"), re.compile(r"(.+)'"))
_ALONE = ("slope", "gradient", "grad", "derivative")
_LOSS = ("loss", "value", "cost", "rss", "mse", "l")


@dataclass(frozen=True)
class Meaning:
    """What one column says: kind is point, slope, loss or next; `entry` is a place in an array."""

    kind: str
    word: str
    entry: tuple[int, ...]


def observed(cells: Cells, gradient: Gradient, wrt: str | None) -> list[Observed]:
    """The claims, row by row.

    Args:
        cells: The table.
        gradient: The slopes of the loss in all its parameters.
        wrt: The parameter that a column headed `slope` is about.

    Raises:
        DataError: A cell is no number.
        InputError: A column means nothing, or a parameter has no value.
    """
    loss = gradient.loss
    meanings = [_meaning(h, loss, wrt, cells.file) for h in cells.header]
    if not any(m.kind != "point" for m in meanings):
        raise InputError(f"{cells.file} claims nothing: head a column dL/d{loss.parameters[0].name}, or loss.")
    return [_row(cells, k, meanings, loss) for k in range(len(cells.rows))]


def _meaning(header: str, loss: Loss, wrt: str | None, file: str) -> Meaning:
    known = {n.name for n in loss.parameters}
    whole, header = header, _SAID.sub("", header) or "slope"
    word, entry = _entry(header)
    if word in known:
        return Meaning("point", word, entry)
    if header.lower() in _LOSS or header == loss.name:
        return Meaning("loss", "", ())
    for kind, patterns in (("next", _NEXT), ("slope", _SLOPE)):
        for pattern in patterns:
            match = pattern.fullmatch(header)
            if match is not None and _entry(match[1].strip())[0] in known:
                return Meaning(kind, *_entry(match[1].strip()))
    alone = wrt or (loss.parameters[0].name if len(loss.parameters) == 1 else "")
    if header.lower() in _ALONE and alone:
        return Meaning("slope", alone, ())
    parameter = loss.parameters[0].name if loss.parameters else "m"
    raise InputError(
        f"{file}: the column {whole} is neither a parameter ({', '.join(sorted(known))}) nor a claim; head it "
        f"{parameter}, dL/d{parameter}, loss or {parameter}_next."
    )


def _entry(header: str) -> tuple[str, tuple[int, ...]]:
    match = re.fullmatch(r"(.+?)\[(\d+(?:\s*,\s*\d+)*)\]", header)
    if match is None:
        return header, ()
    return match[1], tuple(int(i) for i in match[2].split(","))


def _row(cells: Cells, k: int, meanings: list[Meaning], loss: Loss) -> Observed:
    place = at_data(loss)
    said: dict[str, dict[str, dict[tuple[int, ...], Any]]] = {"point": {}, "slope": {}, "next": {}, "loss": {}}
    slack: dict[str, Any] = {}
    for header, meaning, text in zip(cells.header, meanings, cells.rows[k]):
        if not text:
            continue
        value, half = _number(text, cells.file, k + 1, header)
        said[meaning.kind].setdefault(meaning.word, {})[meaning.entry] = value
        if meaning.kind in ("slope", "loss"):
            slack[meaning.word] = max(half, slack.get(meaning.word, half))
    for name in loss.parameters:
        if name.name not in said["point"]:
            raise InputError(
                f"{cells.file}, row {k + 1}: {name.name} has no value; give it a column, or hold it with "
                f"--set {name.name}=…."
            )
        place.given[name.symbol] = _array(said["point"][name.name], name)
    shown = ", ".join(f"{w} = {t}" for w, t in _texts(cells, k, meanings).items())
    return Observed(
        place, f"row {k + 1} ({shown})",
        {w: _array(e, loss.name_of(w)) for w, e in said["slope"].items()},
        said["loss"].get("", {}).get(()), slack,
        {w: _array(e, loss.name_of(w)) for w, e in said["next"].items()},
    )  # fmt: skip


def _texts(cells: Cells, k: int, meanings: list[Meaning]) -> Mapping[str, str]:
    return {h: t for h, m, t in zip(cells.header, meanings, cells.rows[k]) if m.kind == "point"}


def _array(entries: Mapping[tuple[int, ...], Any], name: Name) -> Any:
    if not name.axes:
        return entries[()]
    shape = tuple(int(size) for size in name.shape)
    made = np.empty(shape, dtype=object)
    missing = [e for e in np.ndindex(shape) if e not in entries]
    if missing:
        raise InputError(
            f"The claims leave out {name.name}[{','.join(map(str, missing[0]))}]; give every entry a column."
        )
    for entry in np.ndindex(shape):
        made[entry] = entries[entry]
    return made


def _number(text: str, file: str, row: int, header: str) -> tuple[Any, Any]:
    """A printed number, and half of its last digit: as far as it can be off and still be printed so."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise DataError(f"{file}, row {row}, column {header}: '{text}' is no number.", file, row, header)
    decimals = len(match[2] or match[3] or "") - int((match[4] or "e0")[1:])
    value = Fraction(text.replace("−", "-"))
    half = mpmath.mpf(10) ** -decimals * mpmath.mpf("0.500001")
    # Whole numbers of many digits are exact or rounded to their last digit alike.
    return mpmath.mpf(value.numerator) / value.denominator, half


def at_data(loss: Loss, rows: int | None = None) -> Place:
    """The place of the loss's data and constants; the parameters are still open.

    Raises:
        InputError: The loss has columns and no data.
    """
    if loss.columns and loss.data is None:
        raise InputError(f"The loss has columns ({', '.join(c.name for c in loss.columns)}) and no data; give --data.")
    count = 1 if loss.rows is None else min(loss.rows, rows or loss.rows)
    place = Place({}, count, 2)
    for name in loss.columns:
        place.given[name.symbol] = as_written(column(loss, name)[:count])
    for name in loss.constants:
        place.given[name.symbol] = as_written(loss.values[name.name])
    for name, axis in loss.sizes:
        place.given[name.symbol] = mpmath.mpf(place.size(axis))
    return place
