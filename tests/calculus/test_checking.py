"""The checker: it proves what is right and objects to what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

import symcalc as sc
from symcalc.calculus.checking import GradientChecker
from symcalc.calculus.gradient import Gradient
from symcalc.equations import Term

LOSSES = [
    "mean((y - (m*x + b))^2)",
    "(1 - x)^2 + 100*(y - x^2)^2",
    "mean(log(1 + exp(w*x + c)) - t*(w*x + c))",
    "mean(abs(y - (m*x + b)))",
    "mean((y - a*exp(-b*x) - c)^2)",
    "yhat = X@w + b; mean((y - yhat)^2) + lam*w@w",
]


@pytest.mark.parametrize("text", LOSSES)
def test_a_right_gradient_is_proven(text: str) -> None:
    assert sc.differentiate(sc.parse(text)).verdict.status == "exact"


def tampered(gradient: Gradient, number: int, factor: int) -> GradientChecker:
    """A checker of the gradient with one derived equation changed."""
    wrong = gradient.derived[number]
    first = wrong.terms[0]
    changed = replace(wrong, terms=(Term(first.over, factor * first.body), *wrong.terms[1:]))
    equations = tuple(changed if e is wrong else e for e in gradient.equations)
    return GradientChecker(gradient.loss, gradient.wrt, gradient.slopes, equations)


@pytest.mark.parametrize("text", LOSSES)
@pytest.mark.parametrize("factor", [-1, 2])
def test_a_tampered_equation_is_caught(text: str, factor: int) -> None:
    gradient = sc.differentiate(sc.parse(text))
    for number in range(len(gradient.derived)):
        assert tampered(gradient, number, factor).verdict().status == "failed", gradient.derived[number].text


def test_checking_says_how() -> None:
    gradient = sc.differentiate(sc.parse("mean((y - (m*x + b))^2)"))
    (claim,) = [e for e in gradient.equations if e.name.name == "∂L/∂m"]
    assert claim.checked
    assert claim.checked.sentence == "exact, 20 points"


def test_a_definition_claims_nothing() -> None:
    gradient = sc.differentiate(sc.parse("yhat = m*x + b; mean((y - yhat)^2)"))
    assert gradient.equations[0].checked is None
