"""The cookbook's matrix formulas: how large their arrays are, and values drawn for them."""

from __future__ import annotations

import numpy as np
import pytest
from cases_at_hand import load

SHAPES = {
    **dict.fromkeys("xyzwvu", (4,)), **dict.fromkeys("ABCSDK", (4, 4)), "X": (6, 4), "Y": (6, 3), "G": (6, 3),
    "W": (4, 3), "t": (6,), "s": (6,), "ypm": (6,), "y01": (6,), "q": (3,), **dict.fromkeys(["a", "b", "c", "lam"], ()),
}  # fmt: skip


def drawn(name: str, rng: np.random.Generator) -> np.ndarray | float:
    value = rng.normal(size=SHAPES[name])
    if name in "xu":
        return np.abs(value) + 0.3
    if name == "S":
        return value + value.T
    return (value > 0) * 1.0 if name == "y01" else value


def every_pair() -> list[dict]:
    try:
        pairs: list[dict] = load("matrix_calculus.json")["pairs"]
    except pytest.skip.Exception:
        return []
    return pairs
