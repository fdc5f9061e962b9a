"""Numbers that are promises are rounded to the safe side."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symcalc.notation.promised import at_most, below, share


@pytest.mark.parametrize(
    ("value", "digits", "up", "down"),
    [
        (0.279252, 2, "0.28", "0.27"),
        (0.9984, 3, "0.999", "0.998"),
        (0.99996, 3, "1", "0.999"),
        (0.02532853, 6, "0.0253286", "0.0253285"),
        (1.35e-5, 1, "2e-05", "1e-05"),
        (9.9999, 2, "10", "9.9"),
        (-0.279252, 2, "-0.27", "-0.28"),
        (123456.7, 6, "123457", "123456"),
        (0.49999999999999994, 6, "0.5", "0.5"),
        (0.0, 3, "0", "0"),
        (float("inf"), 3, "inf", "inf"),
    ],
)
def test_up_and_down(value, digits, up, down):
    assert (at_most(value, digits), below(value, digits)) == (up, down)


@pytest.mark.parametrize("digits", [1, 2, 3, 6, 12])
def test_what_is_printed_is_on_the_safe_side_and_close(digits):
    draw = np.random.default_rng(digits)
    for value in draw.normal(size=400) * 10.0 ** draw.integers(-12, 12, size=400):
        up, down = (Fraction(f(float(value), digits)) for f in (at_most, below))
        exact, slack = Fraction(float(value)), abs(Fraction(float(value))) * Fraction(1, 10**14)
        assert down - slack <= exact <= up + slack
        # Within one unit of the last digit.
        assert up - down <= abs(exact) * Fraction(11, 10) * Fraction(10) ** (1 - digits)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.9, "0.9"), (0.9984, "0.999"), (0.99951, "0.9996"), (0.9999963, "0.999997"), (0.99999999999, "0.99999999999"),
        (1.0, "1"), (0.0, "0"),
    ],
)  # fmt: skip
def test_a_share_below_1_never_reads_1_and_is_never_less_than_it_is(value, text):
    assert share(value) == text
