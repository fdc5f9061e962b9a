"""From arrays to the first slopes, memory does not grow with the rows."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import symcalc as sc

ROWS = 3_000_000
MOST = 16 * 2**20


def drawn(rows):
    x = np.linspace(0.0, 4.0, rows)
    return {"x": x, "y": 2.0 * np.exp(-x) + 0.5 + np.sin(1000 * x) / 7}


def answered(text, data):
    program = sc.compile(sc.differentiate(sc.parse(text, data)))
    return program.value_and_gradient(np.full(len(program.parameters), 0.3))


@pytest.mark.parametrize("kind", ["mapping", "frame"])
@pytest.mark.parametrize(
    "text", ["mean((y - a*exp(-b*x) - c)^2)", "mean((y - (m*x + b))^2)", "mean(abs(y - (m*x + b)))"]
)
def test_the_first_answer_takes_little_beside_the_arrays(text, kind):
    data = drawn(ROWS)
    assert data["x"].nbytes > MOST
    if kind == "frame":
        data = pytest.importorskip("pandas").DataFrame(data)
    # Whatever an answer takes whatever its rows: imports, grammars, caches.
    answered(text, drawn(60_000))

    tracemalloc.start()
    try:
        answered(text, data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < MOST


@pytest.mark.parametrize(("m", "said"), [(0.3, 0), (0.0, 1)], ids=["between the rows", "on a row"])
def test_a_kink_is_looked_for_without_arrays_of_all_rows(m, said):
    # The last residual is 0 at m = 0, b = 0.5, and no other one is.
    data = {"x": np.linspace(1.0, 4.0, 400_000), "y": np.linspace(9.0, 0.5, 400_000)}
    program = sc.compile(sc.differentiate(sc.parse("mean(abs(y - (m*x + b)))", data)))
    program.kinks([0.7, 0.1])

    tracemalloc.start()
    try:
        found = program.kinks([m, 0.5])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(found) == said
    assert said == 0 or "row 400000" in found[0]
    assert (peak < 2**22) == (said == 0)
