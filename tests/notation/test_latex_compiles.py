"""What is printed as LaTeX compiles under pdflatex with amsmath, and becomes valid MathML."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import symcalc as sc
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.surfaces import SURFACES
from symcalc.language.reader import read
from symcalc.notation import latex
from symcalc.views.page.markup import math

ROWS = {**LOSSES, **MODELS, **SURFACES}
LINES = {name: [f"{a} = {b}" if a else b for a, b in latex.statements(read(row.text))] for name, row in ROWS.items()}
SPECIAL = [
    "where(x > 0, x, 0)", "norm1(x)", "theta_0 + learning_rate + x_1y", "`Budget ($m) 5% #1`*2", "sum(x[row], row)",
    "cbrt(x) + gamma(x) + log2(x) + asin(x)", "[a, b]@w", "A.T@A + x*A", "1e-5*x", "L(m, b; x, A[n,n]) = m*x@A@x + b",
]  # fmt: skip


def test_everything_compiles_under_pdflatex(tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    formulas = [line for lines in LINES.values() for line in lines]
    formulas += [f"{a} = {b}" if a else b for text in SPECIAL for a, b in latex.statements(read(text))]
    for text in (
        "mean((y - X@w)^2)",
        "f(x[k], A[k,k]) = logdet(A) + x@inv(A)@x",
        "h = tanh(X@W); L(W[k,l], v[l]; X[n,k], y[n]) = mean((y - h@v)^2)",
        "norm(x) + std(x)",
    ):
        gradient = sc.differentiate(sc.parse(text))
        formulas += [*gradient.latex.values(), *gradient.index_latex.values(), *(e.latex for e in gradient.equations)]
    body = "\n".join(rf"\begin{{equation*}}{formula}\end{{equation*}}" for formula in formulas)
    page = rf"\documentclass{{article}}\usepackage{{amsmath}}\begin{{document}}{body}\end{{document}}"
    (tmp_path / "page.tex").write_text(page, encoding="utf-8")

    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "-draftmode", "page.tex"],
        cwd=tmp_path, capture_output=True, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]


def test_every_formula_of_the_catalogue_is_valid_mathml() -> None:
    for lines in LINES.values():
        for line in lines:
            element = ET.fromstring(math(line, "spoken"))
            assert element.tag.endswith("math")
            assert "\\" not in "".join(element.itertext())
