"""How exactly rows are worked out: with float64, or with float32 where that is asked for.

In float32 the columns are rounded once and the numbers of a row have 24 binary digits. What the rows add up to is put
together in float64, and so is everything without rows: a sum of a million rows then loses little more than one row does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symcalc.equations import Name
from symcalc.errors import InputError


@dataclass(frozen=True)
class Precision:
    """A kind of floating-point numbers.

    Attributes:
        name: float64 or float32.
        kind: NumPy's type.
        rounded: What was rounded so far, by identity: (the column, the same in these numbers).
    """

    name: str
    kind: Any
    rounded: dict[int, tuple[Any, Any]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def unit(self) -> float:
        """The spacing of these numbers at 1."""
        return float(np.finfo(self.kind).eps)

    @property
    def bytes(self) -> int:
        """What one number takes."""
        return int(np.dtype(self.kind).itemsize)

    @property
    def single(self) -> bool:
        """Whether it is float32."""
        return self.kind is np.float32

    def number(self, value: Any) -> Any:
        """A value without rows as rows read it; whole numbers such as a count stay what they are."""
        if not self.single or isinstance(value, int):
            return value
        with np.errstate(all="ignore"):
            return np.asarray(value, dtype=self.kind)[()]

    def columns(self, known: Mapping[Any, Any], names: Mapping[Any, Name], read: Collection[Any]) -> Mapping[Any, Any]:
        """What is known with every column that rows read rounded to these numbers.

        Args:
            known: Private symbol → value of data and of what was worked out once.
            names: Private symbol → Name.
            read: Private symbols of what rows read.

        Raises:
            InputError: A column has a number that is too large for them.
        """
        if not self.single:
            return known
        of_rows = [s for s in known if s in read and any(axis.rows for axis in names[s].axes)]
        return {**known, **{s: self._column(known[s], names[s]) for s in of_rows}}

    def _column(self, value: Any, name: Name) -> Any:
        if id(value) not in self.rounded:
            # Kept beside it, the column keeps its identity.
            self.rounded[id(value)] = value, self._rounded(value, name)
        return self.rounded[id(value)][1]

    def _rounded(self, value: Any, name: Name) -> Any:
        with np.errstate(over="ignore"):
            rounded = np.asarray(value).astype(self.kind, order="C")
        if (lost := np.isinf(rounded) & np.isfinite(value)).any():
            largest = float(np.asarray(value)[lost].flat[0])
            raise InputError(
                f"{name.name} holds {largest:.6g}, beyond the largest float32 (3.4e+38): use float64, or another unit."
            )
        return rounded


FLOAT64 = Precision("float64", np.float64)
_KINDS = {"float64": np.float64, "float32": np.float32}


def precision_named(name: Any) -> Precision:
    """A precision by its name, or by NumPy's type; a new one, which keeps what it rounds.

    Raises:
        InputError: There is none of that name.
    """
    try:
        # NumPy takes None for float64.
        word = name if isinstance(name, str) or name is None else np.dtype(name).name
    except TypeError:
        word = repr(name)
    if word not in _KINDS:
        raise InputError(f"There is no precision {word}; there are {' and '.join(_KINDS)}.")
    return Precision(word, _KINDS[word])
