"""Columns of text, and numbers as a screen shows them."""

from __future__ import annotations

import numpy as np
import pytest

from symcalc.views import numbers, tables


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 6, "0"), (-0.0, 6, "0"), (2.0, 6, "2"), (-77.33, 6, "-77.33"), (26696.278125, 6, "26696.3"),
        (246750.0, 6, "246750"), (1234567.0, 6, "1234567"), (1234567.8, 6, "1234568"), (2.5e-7, 6, "2.5e-07"),
        (1e300, 6, "1e+300"), (1 / 3, 3, "0.333"), (1 / 3, 17, "0.33333333333333331"),
        (float("nan"), 6, "nan"), (float("-inf"), 6, "-inf"),
    ],
)  # fmt: skip
def test_a_number_has_so_many_digits(value, digits, text):
    assert numbers.number(value, digits) == text


def test_arrays_are_shortened_in_the_middle():
    assert numbers.value([1.0, 2.5]) == "[1, 2.5]"
    assert numbers.value(np.eye(2)) == "[[1, 0], [0, 1]]"
    assert numbers.value(np.arange(20.0)) == "[0, 1, 2, 3, … 12 more …, 16, 17, 18, 19]"


def test_a_long_text_is_folded_with_a_hanging_indent():
    assert tables.folded("one two three four five six seven", 24, 2) == ["  one two three four", "      five six seven"]
    assert tables.folded("x" * 40, 24, 2) == ["  " + "x" * 40]


def test_columns_are_as_wide_as_their_widest_entry():
    assert tables.table([["a", "10"], ["bbb", "5"]], ["n", "h"], [False, True]) == [
        "  n     h",
        "  a    10",
        "  bbb   5",
    ]


def test_a_remark_stands_beside_or_below():
    pairs = [("short", "first remark"), ("a text far too long for its column", "second remark")]

    assert tables.beside(pairs, 40) == [
        "  short  first remark",
        "  a text far too long for its column",
        "      second remark",
    ]


def test_wide_letters_take_two_columns():
    assert tables.width_of("数x") == 3
    assert tables.padded("数", 4) == "数  "
