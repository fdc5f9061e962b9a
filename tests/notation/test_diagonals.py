"""Claims about how slopes with diagonals are printed: what is no product of matrices falls back to indices, and means the same."""

from __future__ import annotations

import numpy as np
import pytest

import symcalc as sc

RNG = np.random.default_rng(2)
S, u, X = RNG.normal(size=(3, 3)), RNG.normal(size=3), RNG.normal(size=(5, 3))
FORMULAS = {
    "(M.T@diag(S))@(norm(u)*diag(w))@u^3": {"M": (3, 3), "w": (3,)},
    "((M.T)@(diag(S)))@((2*diag(w)))@(softmax(u^3))": {"M": (3, 3), "w": (3,)},
    "softmax(w)@((X.T@X)*(M*b))@softmax(u)": {"M": (3, 3), "w": (3,), "b": ()},
    "trace(X.T@X@M)": {"M": (3, 3)},
    "sum(diag(M@S)*w)": {"M": (3, 3), "w": (3,)},
}


@pytest.mark.parametrize("text", FORMULAS)
def test_every_slope_is_printed_in_every_form_and_proven(text):
    constants = {
        name: value for name, value in (("S", S), ("u", u)) if name in text.replace("sum", "").replace("sub", "")
    }
    loss = sc.parse(text, data={"X": X} if "X" in text else None, constants=constants, parameters=FORMULAS[text])
    found = sc.differentiate(loss)

    assert all(found.text.values())
    assert all(found.latex.values())
    assert found.verdict
    assert all(line.checked.status in ("exact", "numeric") for line in found.explain(2).lines)
