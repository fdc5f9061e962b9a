"""What notebooks show: a bundle for every public value, the same facts as text and as HTML."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import symcalc as sc
from symcalc.looks import Shown

LINE = "mean((y - (m*x + b))^2)"
START = {"m": 1.4, "b": 70.0}


@pytest.fixture(scope="module")
def values():
    """One of each public value."""
    loss = sc.parse(LINE, data="movies")
    gradient = sc.differentiate(loss)
    program = sc.compile(gradient)
    trace = sc.descend(program, learning_rate=1e-6, steps=5)
    ridge = sc.compile(sc.differentiate(sc.parse("mean((y - m*x)^2) + lam*m^2", data="movies", constants={"lam": 0.1})))
    return {
        "loss": loss,
        "gradient": gradient,
        "equation": gradient.equations[-1],
        "derivation": gradient.explain(1),
        "program": program,
        "trace": trace,
        "step": trace.steps[0],
        "last step": trace.steps[-1],
        "comparison": sc.compare(program, at=START),
        "study": sc.study(LINE, data="movies", at=START),
        "step sizes": sc.step_sizes(program, START),
        "ending": sc.ending(program, {"m": 1.441038, "b": 102.535377}),
        "sensitivity": sc.sensitivity(ridge, "lam"),
        "right": sc.check("x^2", "x", "2*x"),
        "wrong": sc.check("x^2", "x", "x"),
        "contributions": sc.contributions(program, START),
        "boosting": sc.boosting_objective("(y - p)^2", prediction="p", label="y"),
    }


FORMULAS = ("loss", "gradient", "equation")
VALUES = (
    *FORMULAS, "derivation", "program", "trace", "step", "last step", "comparison", "study", "step sizes", "ending",
    "sensitivity", "right", "wrong", "contributions", "boosting",
)  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_every_public_value_shows_itself(values, name):
    found = values[name]._repr_mimebundle_()

    assert isinstance(values[name], Shown)
    assert found["text/plain"].strip()
    assert " object at 0x" not in found["text/plain"]
    if name in FORMULAS:
        assert set(found) == {"text/plain", "text/latex"}
        assert found["text/latex"].startswith("$\\displaystyle ")
    else:
        assert "text/html" in found


@pytest.mark.parametrize("name", [n for n in VALUES if n not in FORMULAS])
def test_the_html_is_well_formed_and_asks_for_nothing(values, name):
    found = values[name]._repr_mimebundle_()["text/html"]

    ElementTree.fromstring(f"<all>{re.sub('&[a-z]+;', '', found)}</all>")
    assert not re.search(r"(src|href)=.?https?:", found)
    assert "<script" not in found


def test_a_loss_and_its_slopes_are_latex(values):
    assert values["loss"]._repr_mimebundle_()["text/latex"] == (
        r"$\displaystyle \begin{gathered}" + values["loss"].latex + r"\end{gathered}$"
    )
    assert r"\frac{\partial L}{\partial m} &=" in values["gradient"]._repr_mimebundle_()["text/latex"]
    assert "∂L/∂m = -2·mean(x·r)" in values["gradient"]._repr_mimebundle_()["text/plain"]


def test_a_run_has_its_formulas_in_mathml_its_steps_and_one_inline_picture(values):
    found = values["trace"]._repr_mimebundle_()["text/html"]

    assert found.count("<math ") == 2
    assert found.count("<svg ") == 1
    assert values["trace"].message in found.replace("&#x27;", "'")
    # The loss at m = b = 0 is the mean of y²: (275² + 300² + 475² + 560² + 740²)/5 = 246750.
    assert "246750" in found
    assert "246750" in values["trace"]._repr_mimebundle_()["text/plain"]


def test_a_comparison_shows_every_method_and_the_v_curve(values):
    found = values["comparison"]._repr_mimebundle_()["text/html"]

    for method in ("forward", "central", "complex-step", "richardson"):
        assert found.count(f">{method}</span></td>") == 2
    assert found.count("<svg ") == 1
    assert values["comparison"].plot("b").alt.startswith("Error of numeric slopes along b")


def test_a_step_tells_what_was_predicted_and_what_came(values):
    step = values["step"]
    text = step._repr_mimebundle_()["text/plain"]

    assert f"came {step.actual_change:+.6g}" in text
    assert "came" not in values["last step"]._repr_mimebundle_()["text/plain"]


def test_a_wrong_answer_shows_the_right_one(values):
    assert "right: 2·x" in values["wrong"]._repr_mimebundle_()["text/plain"]
    assert "correct" in values["right"]._repr_mimebundle_()["text/html"]


def test_names_of_the_user_cannot_become_html():
    data = {"<script>alert(1)</script>": np.array([1.0, 2.0]), "y": np.array([2.0, 4.0])}
    loss = sc.parse("mean((y - m*`<script>alert(1)</script>`)^2)", data=data)
    program = sc.compile(sc.differentiate(loss))
    shown = sc.descend(program, steps=1, learning_rate=0.1)._repr_mimebundle_()["text/html"]
    shown += program._repr_mimebundle_()["text/html"]

    assert "<script>alert" not in shown


def test_a_loss_is_drawn_along_one_parameter_and_from_above_over_two():
    assert "the tangent has slope" in sc.parse("(a - 2)^2", parameters=["a"]).plot({"a": 1.0}).alt
    assert "Lines of equal loss L" in sc.parse(LINE, data="movies").plot().alt


def test_a_loss_without_data_or_parameters_says_what_it_lacks():
    with pytest.raises(sc.InputError, match="data"):
        sc.parse(LINE).plot()
    with pytest.raises(sc.InputError, match="no parameters"):
        sc.parse("2^2").plot()


def test_a_run_that_left_the_numbers_is_shown_without_failing():
    program = sc.compile(sc.differentiate(sc.parse("a^4", parameters=["a"])))
    found = sc.descend(program, {"a": 10.0}, learning_rate=1.0, steps=60)._repr_mimebundle_()

    assert "left the finite numbers" in found["text/plain"]
    assert found["text/html"]
