"""A loss and its slopes as text."""

from __future__ import annotations

import pytest

import symcalc as sc
from symcalc.views import derivation, kinks


def test_the_loss_is_named_and_each_statement_has_a_line():
    loss = sc.parse("yhat = m*x + b\nmean((y -\n   yhat)^2)")

    assert derivation.typed(loss) == ["yhat = m*x + b", "L = mean((y - yhat)^2)"]


def test_a_head_is_one_line():
    loss = sc.parse("f(m; x, y) = mean((y - m*x)^2)")

    assert derivation.typed(loss) == ["f(m; x, y) = mean((y - m*x)^2)"]


def test_names_read_alike_share_a_line():
    loss = sc.parse("mean((y - (m*x + b))^2) + lam*m^2", "movies", constants={"lam": 0.5})

    assert derivation.reading(loss) == [
        "  m, b       parameters: inferred",
        "  y, x       columns: movies, 5 rows",
        "  lam = 0.5  constant: given",
    ]


def test_the_number_of_rows_is_said_where_it_is_typed():
    assert "  n = 5  the number of rows" in derivation.reading(sc.parse("sum((y - b)^2)/n", "movies"))


def test_the_legend_explains_inner_names_and_those_in_them():
    gradient = sc.differentiate(sc.parse("yhat = m*x + b; mean(where(abs(y - yhat) <= 1, (y - yhat)^2, 2*y*yhat))"))
    told = [line.split(" = ")[0] for line in derivation.legend(gradient)]

    assert "r" in told
    assert len(told) == len(set(told))


def test_an_ascii_derivation_is_ascii():
    gradient = sc.differentiate(sc.parse("mean((y - X@w)^2)"))
    lines = derivation.slopes(gradient, "ascii") + derivation.equations(gradient, "ascii")

    assert all(line.isascii() for line in lines)
    assert "dL/dw" in lines[0]


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("mean(abs(y - m*x))", "abs(r) at r = 0: slope 0"),
        ("mean(|y - m*x|)", "|r| at r = 0: slope 0"),
        ("relu(m)", "relu(m) at m = 0: slope 0"),
        ("max(m, 0)", "max(m, 0) at m = 0: slope 0"),
        ("max(m, c)", "max(m, c) at m = c: equal shares"),
        ("where(m > 1, m, 1)", "where(m > 1, m, 1) where m > 1 switches: the slope of the branch taken"),
    ],
)
def test_kinks_are_named_with_the_value_taken_there(formula, sentence):
    (found,) = kinks.conventions(sc.parse(formula))

    assert found.replace("y - m*x", "r") == sentence


def test_a_kink_of_the_data_alone_is_none():
    assert kinks.conventions(sc.parse("mean(m*abs(x))", "movies")) == []


@pytest.mark.parametrize(
    ("formula", "convention", "sentence"),
    [
        ("mean(abs(y - m*x))", "jax", "abs(r) at r = 0: slope 1 (convention: jax)"),
        ("relu(m)", "sympy", "relu(m) at m = 0: slope 1/2 (convention: sympy)"),
        ("min(m, 2)", "left", "min(m, 2) at m = 2: slope 1 (convention: left)"),
        ("max(m, c)", "left", "max(m, c) at m = c: the slope of the second (convention: left)"),
        ("max(m, c)", "torch", "max(m, c) at m = c: equal shares (convention: torch)"),
    ],
)
def test_another_convention_is_named(formula, convention, sentence):
    (found,) = kinks.conventions(sc.parse(formula), convention)

    assert found.replace("y - m*x", "r") == sentence
