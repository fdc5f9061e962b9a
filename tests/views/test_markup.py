"""MathML is well-formed whatever a name holds, and a name never becomes a tag."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

import symcalc as sc
from symcalc.views.page.formulas import slope_formulas, statements
from symcalc.views.page.markup import math

HEADERS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a & b", "a\\b{c}<b>", '"q"', "$5 %", "]]>", "&lt;b&gt;",
    "a_b^c~d#e",
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_stays_text(header):
    data = {header: np.array([1.0, 2.0]), "y": np.array([2.0, 4.0])}
    loss = sc.parse(f"mean((y - m*`{header}`)^2)", data=data)
    for made in (statements(loss), *slope_formulas(sc.differentiate(loss))):
        found = ElementTree.fromstring(made)
        assert {e.tag.partition("}")[0] for e in found.iter()} == {"{http://www.w3.org/1998/Math/MathML"}
        assert all(e.tag.partition("}")[2].startswith("m") for e in found.iter())


def test_a_header_is_shown_as_it_is():
    data = {"a < b & c": np.array([1.0, 2.0]), "y": np.array([2.0, 4.0])}
    found = ElementTree.fromstring(statements(sc.parse("mean((y - m*`a < b & c`)^2)", data=data)))

    assert "a\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}b\N{NO-BREAK SPACE}&\N{NO-BREAK SPACE}c" in "".join(found.itertext())


def test_a_comparison_is_an_operator():
    assert "<mi>a</mi><mo>&lt;</mo><mi>b</mi>" in math("a < b", "a < b")
    assert "<mo>&gt;</mo>" in math(r"\begin{cases} x & x > 1 \\ 2 & \text{otherwise} \end{cases}", "where(x > 1, x, 2)")
