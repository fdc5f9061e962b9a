"""Second derivatives of the cookbook's matrix formulas against differences of the loss at 40 digits."""

from __future__ import annotations

import re

import mpmath
import numpy as np
import pytest
from matrix_cases import SHAPES, drawn, every_pair

import symcalc as sc

STEP = 2.0**-20
ENTRIES = 12


@pytest.mark.parametrize("pair", every_pair(), ids=lambda p: f"{p['expr']} by {p['wrt']}")
def test_matrix_hessians_agree_with_exact_differences(pair: dict) -> None:
    rng = np.random.default_rng(11)
    word = pair["wrt"]
    words = set(re.findall(r"[A-Za-z_]\w*", pair["expr"])) & set(SHAPES) | {word}
    values = {name: drawn(name, rng) for name in sorted(words)}
    constants = {name: value for name, value in values.items() if name != word}
    loss = sc.parse(pair["expr"], parameters={word: SHAPES[word]}, constants=constants)
    program = sc.compile(sc.differentiate(loss))
    point = np.asarray(values[word], dtype=float)
    # Rounded to 2^-20 so that every moved point is exact.
    point = np.round(point / STEP) * STEP
    size = max(1, point.size)
    hessian = np.reshape(program.hessian({word: point})[word, word], (size, size))
    scale = max(1e-3, float(np.max(np.abs(hessian))))

    def moved(*places: tuple[int, int]) -> mpmath.mpf:
        flat = point.ravel().copy()
        for place, sign in places:
            flat[place] += sign * STEP
        found = program.reference({word: flat.reshape(point.shape) if point.ndim else float(flat[0])})
        assert found is not None
        return found[0]

    for one, two in rng.integers(0, size, (ENTRIES, 2)):
        with mpmath.workdps(40):
            total = sum(s * t * moved((one, s), (two, t)) for s in (1, -1) for t in (1, -1))
            expected = float(total / (4 * mpmath.mpf(STEP) ** 2))
        assert abs(hessian[one, two] - expected) <= 1e-6 * scale
