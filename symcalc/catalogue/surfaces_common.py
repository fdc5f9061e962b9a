"""What the rows of the surfaces share: a source, a number, shapes and ranges."""

from __future__ import annotations

from collections.abc import Mapping

JAMIL_YANG = "Jamil and Yang (2013), Int. J. Mathematical Modelling and Numerical Optimisation 4(2), 150-194"
PI = 3.141592653589793
XY: Mapping[str, tuple[int, ...]] = {"x": (), "y": ()}


def square(reach: float) -> Mapping[str, tuple[float, float]]:
    """The same range to both sides for both parameters."""
    return {"x": (-reach, reach), "y": (-reach, reach)}
