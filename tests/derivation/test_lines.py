"""Every line of a derivation is judged, a wrong one is caught, and what is printed is what is meant."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from cases_at_hand import load
from matrix_cases import SHAPES, drawn, every_pair

import symcalc as sc
from symcalc.calculus.gradient import differentiate
from symcalc.catalogue.mistakes import MISTAKES
from symcalc.derivation.deriving import derive
from symcalc.errors import InputError
from symcalc.language.vocabulary import FUNCTIONS

LINE = "mean((y - (m*x + b))^2)"


def pairs():
    try:
        return sorted({p["f"] for p in load("derivatives.json")["pairs"]})
    except pytest.skip.Exception:
        return []


@pytest.mark.parametrize("formula", pairs())
def test_every_line_of_every_tabled_derivative_is_checked(formula):
    derivation = sc.differentiate(sc.parse(formula, parameters=["x"])).explain(2)

    assert [(str(line.left), line.checked) for line in derivation.lines if not line.checked] == []


@pytest.mark.parametrize("pair", every_pair(), ids=lambda p: f"{p['expr']} ; {p['wrt']}")
def test_every_line_of_every_matrix_derivative_is_checked(pair):
    rng = np.random.default_rng(3)
    used = set(re.findall(r"[A-Za-z_]\w*", pair["expr"])) & set(SHAPES)
    constants = {name: drawn(name, rng) for name in sorted(used) if name != pair["wrt"]}
    loss = sc.parse(pair["expr"], parameters={pair["wrt"]: SHAPES[pair["wrt"]]}, constants=constants)
    derivation = sc.differentiate(loss).explain(2)

    assert [line for line in derivation.lines if not line.checked] == []


@pytest.mark.parametrize("factor", [2, -1])
@pytest.mark.parametrize("formula", [LINE, "mean((y - a*exp(-b*x))^2) + a^2", "mean(log(1 + exp(-y*(m*x + b))))"])
def test_a_tampered_equation_is_caught_by_its_line(formula, factor):
    gradient = sc.differentiate(sc.parse(formula, "movies"))
    for k, equation in enumerate(gradient.equations):
        if equation not in gradient.derived:
            continue
        terms = tuple(replace(t, body=factor * t.body) for t in equation.terms)
        tampered = (*gradient.equations[:k], replace(equation, terms=terms), *gradient.equations[k + 1 :])
        derivation = derive(replace(gradient, equations=tampered), 1)

        assert "failed" in [line.checked.status for line in derivation.lines], equation.text


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(
    "mistake",
    [m for m in MISTAKES if m.rule in ("power", "product", "quotient", "reciprocal", "sum", "difference", "sign", "factor", "exp", "log", "sin", "cos", "sqrt", "tanh")],
    ids=lambda m: f"{m.rule}: {m.change}",
)  # fmt: skip
def test_a_rule_that_is_got_wrong_is_caught_by_the_line_it_is_used_in(mistake, level):
    from test_mistakes import NO_PART, loss_of

    if (mistake.rule, mistake.change) in NO_PART:
        pytest.skip("the mistake does not show where equations are derived one by one")
    derivation = derive(differentiate(loss_of(mistake.rule), mistake=mistake), level)
    wrong = [line for line in derivation.lines if line.checked.status == "failed"]

    assert wrong
    assert not derivation.verdict


def test_lines_refer_to_earlier_lines_and_none_is_repeated():
    for level in (1, 2):
        lines = sc.differentiate(sc.parse("mean((y - a*exp(-b*x))^2)", "movies")).explain(level).lines

        assert all(used < line.number for line in lines for used in line.uses)
        assert [line.number for line in lines] == list(range(1, len(lines) + 1))
        shown = [(str(line.left), str(line.rights)) for line in lines if not line.inner]
        assert len(shown) == len(set(shown))


def test_the_numbers_of_the_lesson_stand_behind_the_symbols():
    text = str(sc.differentiate(sc.parse(LINE, "movies")).explain(3, {"m": 1.417, "b": 70}))

    # mean of the residuals 63.3, -53.4, 125.75, -5.525, 63.2 by hand: 38.665.
    assert "= -2·38.665 = -77.33" in text
    assert "= [63.3, -53.4, 125.75, -5.525, 63.2]" in text


def test_what_was_typed_is_spelled_as_typed():
    text = str(sc.differentiate(sc.parse("mean((y - (m*x + b))^2)/2 + 0.5*m^2", "movies")).explain(1))

    assert "r = y - (m*x + b)" in text
    assert "L = mean(r^2)/2 + 0.5*m^2" in text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_screen_where_it_can_be_broken(width):
    derivation = sc.differentiate(sc.parse("mean((y - a*exp(-b*x))^2)", "movies")).explain(2)
    longest = max(len(line) for line in derivation.text(width).splitlines())

    assert longest <= max(width, 44)


@pytest.mark.parametrize(
    ("formula", "shorter", "rule"),
    [
        ("x*(x-1)^2", "(3·x - 1)·(x-1)", "common factor"),
        ("sin(x)*cos(x)", "cos(2·x)", "double angle"),
        ("x*(x - 3)^3", "(x - 3)^2·(4·x - 3)", "common factor"),
    ],
)
def test_a_result_that_can_be_written_more_simply_gets_one_more_line(formula, shorter, rule):
    lines = sc.differentiate(sc.parse(formula, parameters=["x"])).explain(1).lines
    text = str(sc.differentiate(sc.parse(formula, parameters=["x"])).explain(1))

    assert f"dL/dx = {shorter}" in text
    assert rule in lines[-1].reason
    assert lines[-1].uses == (lines[-2].number,)
    assert lines[-1].checked.status == "exact"


@pytest.mark.parametrize("formula", ["(x^2 - 1)/(x - 1)", "log(x^2)", "sqrt(x^2)*x", "exp(x)/exp(x)"])
def test_no_simpler_form_is_defined_where_the_result_is_not(formula):
    gradient = sc.differentiate(sc.parse(formula, parameters=["x"]))

    assert not any("more simply" in line.reason for line in gradient.explain(1).lines)


def test_parts_that_occur_in_what_was_typed_print_as_typed():
    text = str(sc.differentiate(sc.parse("(b+a*t)/(1+t^2)", parameters=["t", "a", "b"])).explain(2))

    assert "∂L/∂z = -(b+a*t)/z^2" in text
    assert "∂(b+a*t)/∂t = a" in text


def test_a_slope_where_the_ways_part_says_who_shares_it():
    lines = sc.differentiate(sc.parse(LINE, "movies")).explain(1).lines

    assert [line.number for line in lines if "shared by m and b" in line.reason] == [3]


def test_numbers_say_which_way_the_loss_goes():
    gradient = sc.differentiate(sc.parse("(a - 3)^2 + 5*b", parameters=["a", "b"]))

    assert gradient.explain(3, {"a": 1, "b": 0}).notes[:2] == (
        "Here L falls as a grows, by about 4 (units of L) per unit of a.",
        "Here L rises as b grows, by about 5 (units of L) per unit of b.",
    )
    assert gradient.explain(3, {"a": 3, "b": 0}).notes[0] == "Here L is level in a."


def test_that_a_loss_has_no_kink_is_said_and_a_kink_is_not_denied():
    smooth, kinked = (sc.differentiate(sc.parse(f, parameters=["a"])) for f in ("(a - 3)^2", "abs(a - 3)"))

    assert "L has no kink: it is smooth wherever it has a value." in smooth.explain(3, {"a": 1}).notes
    assert not any("no kink" in note for note in kinked.explain(3, {"a": 1}).notes)


def test_a_level_that_is_none_is_refused():
    gradient = sc.differentiate(sc.parse("x^2", parameters=["x"]))
    with pytest.raises(InputError, match="0, 1, 2 and 3"):
        gradient.explain(4)
    with pytest.raises(InputError, match="needs a point"):
        gradient.explain(3)


def test_every_form_holds_every_line():
    derivation = sc.differentiate(sc.parse(LINE, "movies")).explain(2)

    assert derivation.latex.count(r"\tag{") == len(derivation.lines)
    assert derivation.markdown.count("\n") >= len(derivation.lines)
    assert [line["number"] for line in derivation.document] == [line.number for line in derivation.lines]
    assert len(derivation.mathml) == len(derivation.lines)
    for element in (*derivation.mathml, derivation.html):
        ElementTree.fromstring(element)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex")
@pytest.mark.parametrize("formula", [LINE, "mean(log(1 + exp(-y*(alpha*x + b))))", "x@A@x", "mean(huber(y - m*x, 1))"])
def test_the_latex_compiles(formula, tmp_path):
    shapes = {"x": (3,), "A": (3, 3)} if "@" in formula else None
    derivation = sc.differentiate(sc.parse(formula, shapes=shapes)).explain(2)
    page = (
        "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n" + derivation.latex + "\\end{document}\n"
    )
    (tmp_path / "page.tex").write_text(page, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout[-1500:]


def test_each_function_has_words_for_its_slope():
    from symcalc.derivation.words import FUNCTIONS as WORDS

    assert {"exp", "log", "sqrt", "tanh", "sin", "cos"} <= {w for w in WORDS if w in FUNCTIONS}


def test_general_rules_are_told_in_letters_that_are_no_names_of_the_loss():
    loss = sc.parse("z = a*u + w; mean(log(1 + exp(z)) - t*z)", {"u": [1.0, 2.0], "t": [0.0, 1.0]})
    told = str(sc.differentiate(loss).explain(2))

    assert "the slope of log(1 + exp(v)) - t·v is sigmoid(v) - t" in " ".join(told.split())
