"""Claims about sums over the rows of a matrix: whatever its shape, each is right to a few roundings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from symcalc.compute.meanings import total


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("k", [0, 1, 3, 10, 63, 64, 200])
@pytest.mark.parametrize("n", [0, 1, 999, 1000, 1001, 5003, 40_000])
def test_sums_over_rows_are_right_to_a_few_roundings(n, k, dtype):
    a = np.random.default_rng(n + k).uniform(0.5, 1.5, size=(n, k)).astype(dtype)
    truth = [math.fsum(column) for column in a.T.astype(float)]

    for layout in (a, np.asfortranarray(a), np.repeat(a, 2, axis=1)[:, ::2]):
        found = total(layout, axis=(0,))
        assert (found.dtype, found.shape) == (dtype, (k,))
        np.testing.assert_allclose(found, truth, rtol=max(64, n**0.5) * np.finfo(dtype).eps)


def test_rows_that_are_not_finite_stay_so():
    a = np.ones((2000, 3))
    a[1500, 1], a[7, 2] = np.inf, np.nan
    assert [str(v) for v in total(a, axis=(0,))] == ["2000.0", "inf", "nan"]
