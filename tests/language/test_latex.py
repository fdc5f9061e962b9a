"""LaTeX as a formula: what is read as what, what is refused, where and why."""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symcalc as sc
from symcalc.language.latex import reader
from symcalc.language.limits import LIMITS

CASES = Path(__file__).resolve().parents[1] / "cases"


def cases(name: str, parts: int) -> list[tuple[str, ...]]:
    """The lines of a file of cases."""
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    found = [tuple(line.split(" => ", parts - 1)) for line in lines if line.strip() and not line.startswith("# ")]
    assert found
    return found


ACCEPTED = cases("latex_accepted.txt", 2)
REFUSED = cases("latex_refused.txt", 3)


def test_there_are_enough_cases() -> None:
    assert len(ACCEPTED) >= 120
    assert len(REFUSED) >= 60


@pytest.mark.parametrize(("latex", "reading"), ACCEPTED)
def test_a_formula_from_a_paper_is_read_as_it_is_meant(latex: str, reading: str) -> None:
    assert reading == reader.read(latex).text


@pytest.mark.parametrize(("latex", "column", "reason"), REFUSED)
def test_what_is_not_understood_is_refused_with_its_place(latex: str, column: str, reason: str) -> None:
    with pytest.raises(sc.FormulaError) as caught:
        reader.read(latex)

    assert (reason, int(column), 1) == (caught.value.reason, caught.value.column, caught.value.line)
    assert latex == caught.value.text
    assert "^" in str(caught.value).splitlines()[-1]


def test_the_line_of_a_fault_is_counted() -> None:
    with pytest.raises(sc.FormulaError) as caught:
        sc.parse_latex("\\begin{align}\n  z &= w x \\\\\n  L &= \\foo z\n\\end{align}")

    assert (3, 8) == (caught.value.line, caught.value.column)


@pytest.mark.parametrize(
    ("latex", "column", "reason"),
    [
        (r"\sum_{i=1}^n (y_i - x)^2", 21, "In index form every array carries its indices: x[…]."),
        (r"x + \operatorname{relu}(x, y)", 5, "relu takes 1 argument (u), got 2."),
        (r"x \\ y", 1, "Only the last statement is the loss; give this one a name: name = …"),
        (r"L(m) = m \cdot k", 16, "k is unknown: it is neither declared nor a column; declare it."),
    ],
)
def test_a_fault_found_after_reading_is_put_back_to_its_place(latex: str, column: int, reason: str) -> None:
    with pytest.raises(sc.FormulaError) as caught:
        sc.parse_latex(latex)

    assert (latex, reason, column) == (caught.value.text, caught.value.reason, caught.value.column)


def test_a_name_that_the_data_have_is_found() -> None:
    columns = {"x_1": np.arange(1.0, 6.0), "target": np.arange(5.0)}
    loss = sc.parse_latex(r"\operatorname{mean}\left((\mathrm{target} - \theta_0 x_1)^2\right)", data=columns)

    assert ["target", "x_1"] == sorted(c.name for c in loss.columns)
    assert ["theta0"] == [p.name for p in loss.parameters]


def test_a_bar_is_a_mean_of_a_column_and_else_a_name() -> None:
    columns = {"speed": np.array([1.0, 2.0]), "x": np.array([1.0, 3.0])}

    assert "mean(x)*k" == sc.parse_latex(r"\bar{x} k", data=columns).text
    assert "zbar*k" == sc.parse_latex(r"\bar{z} k", data=columns).text
    assert "xbar*k" == sc.parse_latex(r"\bar{x} k", parameters=["xbar", "k"]).text


def test_the_number_of_terms_is_a_number() -> None:
    columns = {"x": np.array([1.0, 2.0, 4.0]), "y": np.array([1.0, 0.0, 2.0])}
    loss = sc.parse_latex(r"\frac{N}{2} \sum_{i=1}^{N} (y_i - m x_i)^2", data=columns)

    value = sc.compile(sc.differentiate(loss)).value({"m": 0.5})

    assert value == pytest.approx(3 / 2 * (0.5**2 + 1 + 0))


def test_vectors_of_a_row_are_columns_of_a_matrix() -> None:
    rng = np.random.default_rng(3)
    columns = {"a": rng.normal(size=7), "b": rng.normal(size=7), "y": np.sign(rng.normal(size=7))}
    latex = r"\frac{1}{n} \sum_{i=1}^n \log\left(1 + e^{-y_i (w^\top x_i + c)}\right) + \frac{\lambda}{2} \|w\|^2"
    loss = sc.parse_latex(latex, data=columns, columns={"x": ["a", "b"]}, constants={"lambda": 0.3})
    w, c = np.array([0.4, -0.2]), 0.1
    margin = columns["y"] * (np.column_stack([columns["a"], columns["b"]]) @ w + c)

    value = sc.compile(sc.differentiate(loss)).value({"w": w, "c": c})

    assert value == pytest.approx(np.mean(np.log1p(np.exp(-margin))) + 0.15 * w @ w)


def test_the_loss_shows_the_language_and_derives_like_the_typed_one() -> None:
    latex = sc.parse_latex(r"\hat{y}_i = m x_i + b \\ \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2", data="movies")
    typed = sc.parse("yhat = m*x + b; mean((y - yhat)^2)", data="movies")

    assert "yhat[i] = m*x[i] + b; mean((y[i] - yhat[i])^2, i)" == latex.text
    assert sc.differentiate(typed).text == sc.differentiate(latex).text


@pytest.mark.parametrize(
    "latex",
    [
        "(" * 100_000,
        "{" * 5_000 + "x" + "}" * 5_000,
        "x^{" * 300 + "x" + "}" * 300,
        r"\frac{1}{" * 300 + "x" + "}" * 300,
        r"\hat" * 20_000 + "x",
        r"\log" * 5_000 + " x",
        "+".join(["x"] * 50_000),
        " ".join(["x"] * 50_000),
        r"\begin{cases}" * 100,
        "x" * 200_000,
        "1" * 5_000,
        "x = 1 \\\\" * 30_000,
        r"\sum_i" * 2_000 + "x_i",
        r"9^{9^{9^{9^{9}}}}",
        "3 \\times 10^{999999999}",
        "\x00x", "\u202ex", r"\mathrm{" + "a" * 5_000 + "}",
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)  # fmt: skip
def test_hostile_latex_is_refused_in_time(latex: str) -> None:
    start = time.perf_counter()

    with pytest.raises(sc.FormulaError):
        sc.parse_latex(latex)

    assert time.perf_counter() - start < 15


_PIECES = st.sampled_from(
    r"x y_i \sum_i \sum_{i=1}^{n} ( ) \left( \right) { } ^ _ ^2 _i \frac \frac{1}{2} + - = \\ & , ; | \| \log \max \sqrt [ ] "
    r"\begin{cases} \end{cases} \hat \bar \top ^\top \mathrm{ab} \text{if} \cdot / 1 2.5 ' ! \{ \} {} \operatorname{tr} "
    r"\langle \rangle \le < \mathbf{w} e^{x} \alpha T ^T ^{-1} \Gamma \sigma \mathbb{1}".split()
)


@given(st.lists(_PIECES, max_size=14).map(" ".join))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_or_refused(latex: str) -> None:
    formula = None
    with contextlib.suppress(sc.FormulaError):
        formula = reader.read(latex)

    assert formula is None or formula.statements


def test_limits_are_the_callers() -> None:
    with pytest.raises(sc.FormulaError, match=re.escape("the limit is 10")):
        sc.parse_latex("x + y + z + x + y", limits=replace(LIMITS, length=10))
