"""Second derivatives of the cookbook's matrix formulas against differences of the loss at 40 digits."""

from __future__ import annotations

import re

import mpmath
import numpy as np
import pytest
from matrix_cases import SHAPES, drawn, every_pair

import symcalc as sc
from symcalc.calculus.hessian import second_derivatives

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


def test_entries_beyond_the_ends_count_as_nothing_in_second_derivatives_too():
    """L = sum(diff(x)²)/2 has the Hessian DᵀD: 2 on its diagonal, but 1 at both ends, and -1 beside it."""
    loss = sc.parse("sum(diff(x)^2)/2", shapes={"x": (4,)})
    program = sc.compile(sc.differentiate(loss))
    (block,) = second_derivatives(program.gradient_equations).values()
    by_hand = [[1, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 1]]

    # d²L/dudx[j,k] = [k = j + 1] - [j = k] for the three j there are, and 0 for j = -1 and j = 3.
    assert block.text == "d²L/dudx[j-1,k] - d²L/dudx[j,k]"
    inner = next(e for e in block.equations if e.name.name == "d²L/dudx")
    assert block.notation.index_form(inner) == "d²L/dudx[j,k] = [k = j + 1] - [j = k]"
    read = [[0] * 4, *([(k == j + 1) - (k == j) for k in range(4)] for j in range(3)), [0] * 4]
    assert [[read[j][k] - read[j + 1][k] for k in range(4)] for j in range(4)] == by_hand
    assert program.hessian({"x": [1.0, 4.0, 2.0, 7.0]})["x", "x"].tolist() == by_hand
