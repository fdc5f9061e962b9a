"""A formula as LaTeX, read again, is the same formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from latex_trees import array_form, defined, formula, headed, index_form

import symcalc as sc
from symcalc.catalogue.lessons import LESSONS
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.surfaces import SURFACES
from symcalc.language.latex.reader import read as read_latex
from symcalc.language.reader import read
from symcalc.notation import latex
from symcalc.notation.source import formula as written

ROWS = {**LOSSES, **MODELS, **SURFACES}
TEXTS = {**{name: row.text for name, row in ROWS.items()}, **{name: lesson.loss for name, lesson in LESSONS.items()}}


def as_latex(text: str) -> str:
    typed = read(text)
    return r" \\ ".join(f"{a} = {b}" if a else b for a, b in latex.statements(typed))


@given(st.one_of(array_form, index_form, defined, headed))
@example("A.T@A + x*A").via("a product entry by entry beside matrices")
@example("x^(-1) + A^(-1) + x^T").via("powers that look like an inverse and a transpose")
@example("sigma*(x + 1) + f*(x) + Gamma*(x)").via("products that look like calls")
@example("sum(x[i], i)*y + (sum(x[i], i))^2").via("what a sum takes in")
@example("1e-5*x + 2*10^(-5)").via("powers of ten")
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_formula_survives_latex(text: str) -> None:
    try:
        typed = read(text)
    except sc.FormulaError:
        return
    again = read_latex(as_latex(text))

    assert formula(typed) == formula(again)


@given(st.one_of(array_form, index_form, defined, headed))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_tree_written_in_the_language_reads_back(text: str) -> None:
    try:
        typed = read(text)
    except sc.FormulaError:
        return

    assert formula(typed) == formula(read(written(typed.statements, typed.head)))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_formula_of_the_catalogue_survives_latex(text: str) -> None:
    assert formula(read(text)) == formula(read_latex(as_latex(text)))


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_has_the_same_values(name: str) -> None:
    row = SURFACES[name]
    held: dict[str, Any] = {"constants": row.constants}
    if row.parameters is not None:
        held["parameters"] = {n: s for n, s in row.parameters.items() if n not in row.constants}
    typed = sc.parse(row.text, **held)
    if typed.columns:
        columns = {c.name: np.linspace(0.3, 1.7, 5) for c in typed.columns}
        held["data"] = columns
        typed = sc.parse(row.text, **held)
    again = sc.parse_latex(typed.latex, **held)
    one, two = (sc.compile(sc.differentiate(loss)) for loss in (typed, again))
    rng = np.random.default_rng(7)

    for _ in range(3):
        point = {p.name: rng.uniform(0.4, 0.9, tuple(a.size or 3 for a in p.axes)) for p in typed.parameters}
        np.testing.assert_allclose(one.value(point), two.value(point), rtol=1e-12)


def test_two_names_that_would_look_alike_do_not() -> None:
    loss = sc.parse("x1 + 2*x_1")

    assert loss.latex == r"x_{1} + 2\,\mathrm{x\_1}"
    assert formula(loss.formula) == formula(read_latex(loss.latex))
