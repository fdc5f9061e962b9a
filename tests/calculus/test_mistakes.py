"""The rules as a textbook states them are right, and deriving with any mistake is noticed."""

from __future__ import annotations

import re
import string

import pytest
import sympy as sp

import symcalc as sc
from symcalc.calculus.gradient import differentiate
from symcalc.calculus.plain import plainly
from symcalc.calculus.rules import Symbols, changed, worked
from symcalc.catalogue.mistakes import MISTAKES
from symcalc.catalogue.rules import RULES, SLOPES
from symcalc.language.loss import Loss
from symcalc.language.vocabulary import FUNCTIONS

# Each loss has a place for the rules behind it, with an inside whose slope is not 1.
LOSSES = {
    "power": "(3*x + 2)^3", "product": "sin(2*x)*exp(3*x)", "factor": "5*sin(x)", "sign": "-sin(x)",
    "quotient": "sin(2*x)/exp(3*x)", "reciprocal": "4/(x^3 + 2)", "sum": "sin(x) + exp(2*x)",
    "difference": "sin(x) - exp(2*x)", "constant": "sin(x) + c", "exponential": "3^(2*x)",
    "chain": "sin(3*x + 1)", "tower": "(x^2 + 1)^(2*x)", "where": "where(x > 1, x^2, sin(x))", "maximum": "max(sin(2*x), x^2)",
    "minimum": "min(sin(2*x), x^2)", "log": "log(3*x^2 + 2)", "sqrt": "sqrt(3*x + 2)", "log2": "log2(3*x^2 + 1)",
    "log10": "log10(3*x^2 + 1)", "asin": "asin(x/3)",
}  # fmt: skip
# What a mean or a sum does to its slopes is no part of one expression, and neither is the derivative of an
# inside: it is an equation of its own, so these mistakes do not show where equations are derived one by one.
NO_PART = {
    ("mean", "sum(du)"),
    ("total", "mean(du)"),
    ("power", "p*u^(p - 1)"),
    ("power", "p*w^(p - 1)*du"),
    ("chain", "slope(u)"),
    ("chain", "slope(w)*du"),
    ("exponential", "c^u*log(c)"),
    ("reciprocal", "-c/v^2"),
}


def loss_of(rule: str) -> Loss:
    return sc.parse(LOSSES.get(rule, f"{rule}(3*x + 1)"), parameters=["x"], constants={"c": 2})


@pytest.mark.parametrize("word", SLOPES)
def test_the_slope_of_each_function_is_that_of_sympy(word: str) -> None:
    u = sp.Symbol("u", real=True)
    stated = worked(SLOPES[word], {"u": u}, Symbols())
    exact = FUNCTIONS[word].build(u).diff(u)
    at = sp.Rational(13, 10) if word in ("asec", "acsc", "acoth", "acosh") else sp.Rational(7, 10)

    assert sp.N(plainly(stated).subs(u, at), 30) == pytest.approx(sp.N(plainly(exact).subs(u, at), 30), rel=1e-25)


@pytest.mark.parametrize("rule", [r for r in RULES if r not in ("mean", "total", "tower", "hypot", "atan2")])
def test_the_rules_give_what_sympy_gives(rule: str) -> None:
    for equation in loss_of(rule).equations:
        for term in equation.terms:
            for name in term.body.atoms(sp.Symbol):
                stated, exact = changed(term.body, {name: sp.S.One}), term.body.diff(name)
                at = {s: sp.Rational(6 + k, 10) for k, s in enumerate(sorted(term.body.atoms(sp.Symbol), key=str))}
                assert sp.N(plainly((stated - exact).subs(at)), 20) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    "mistake",
    [pytest.param(m, id=f"{m.rule}: {m.change}") for m in MISTAKES if (m.rule, m.change) not in NO_PART],
)
def test_a_gradient_derived_with_a_mistake_is_objected_to(mistake) -> None:
    gradient = differentiate(loss_of(mistake.rule), mistake=mistake)

    assert gradient.verdict.status == "failed"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.rule}: {m.change}")
def test_a_row_is_complete_and_says_how_to_repair(mistake) -> None:
    known = {"place", "inside", "first", "second", "c", "p", "f", "name"}
    fields = {name for text in (mistake.says, mistake.name) for _, name, _, _ in string.Formatter().parse(text) if name}

    assert mistake.rule in RULES or mistake.rule in SLOPES
    assert fields <= known
    assert mistake.says.endswith(".")
    assert not re.search(r"\s\s", mistake.says)
    assert mistake.change != (RULES.get(mistake.rule) or f"({SLOPES[mistake.rule]})*du")
