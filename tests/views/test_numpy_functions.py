"""Every function of the language as NumPy code: it runs, and gives the program's numbers."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symcalc as sc
from symcalc.compute.meanings import BACKENDS
from symcalc.language import safe
from symcalc.language.vocabulary import ELEMENTWISE
from symcalc.views import numpy_code
from symcalc.views.numpy_words import HELPERS, NUMPY, SCIPY


def defined(folder: Path, text: str) -> dict[str, Any]:
    """What a text defines when it runs as a file."""
    (folder / "printed.py").write_text(text, encoding="utf-8")
    return runpy.run_path(str(folder / "printed.py"))


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda row: row.name)
def test_every_function_of_the_language_prints_and_agrees(row: Any, tmp_path: Path) -> None:
    if row.name == "where":
        pytest.skip("tested with Huber's loss")
    if row.name in ("Si", "Ci", "besselj", "gamma", "loggamma", "digamma", "erfi", "erf", "erfc"):
        pytest.importorskip("scipy")
    at = 1.7 if row.name in ("acosh", "asec", "acsc", "acoth", "loggamma", "Ci") else 0.37
    text = {"besselj": "besselj(1, u)", "where": ""}.get(
        row.name, f"{row.name}({', '.join(['u', 'w'][: len(row.arguments)])})"
    )
    program = sc.compile(sc.differentiate(sc.parse(text)))
    point = {"u": at, "w": 0.61} if len(program.layout.names) == 2 else {"u": at}
    found, *slopes = defined(tmp_path, numpy_code.module(sc.differentiate(sc.parse(text))))["value_and_gradient"](
        **point
    )
    value, expected = program.value_and_gradient(point)

    np.testing.assert_allclose(found, value, rtol=1e-12)
    np.testing.assert_allclose(slopes, list(expected.values()), rtol=1e-12, atol=1e-14)


def test_every_safe_function_has_a_word() -> None:
    expanded = {"LogisticSlope", "LogisticLoss", "LogisticMiss", "TanhSlope"}

    assert {f.__name__ for f in safe.SAFE} <= {*HELPERS, *NUMPY, *SCIPY, *expanded}


@pytest.mark.parametrize("word", [f.__name__ for f in safe.SAFE if len(f.nargs) == 1 and 1 in f.nargs])
def test_safe_functions_keep_their_digits_in_print(word: str, tmp_path: Path) -> None:
    if word in NUMPY:
        pytest.skip("NumPy's own")
    helper, meaning = HELPERS[word], BACKENDS["numpy"]()[word]
    if helper.special:
        pytest.importorskip("scipy")
    lines = {"import numpy as np", *(["from scipy import special"] if helper.special else [])}
    points = [-30.0, -2.0, -1e-9] if word == "LogOneMinusExp" else [1e-9, 0.3, 2.0, 30.0]
    for u in points:
        told = "\n".join([*sorted(lines, reverse=True), helper.source, f"answer = {helper.name}(np.float64({u!r}))"])
        found = defined(tmp_path, told)["answer"]

        np.testing.assert_allclose(found, meaning(np.float64(u)), rtol=1e-12)
