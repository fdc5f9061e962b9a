"""How names are read, shapes fit, and warnings teach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import symcalc as sc

DATA = {"x": [1.0, 2.0, 4.0], "y": [1.0, 3.0, 2.0]}
ADS = {"tv": [1.0, 2, 3, 4], "radio": [0.0, 1, 0, 1], "sales": [2.0, 3, 5, 4]}


def kinds(text: str, **declared: Any) -> dict[str, str]:
    loss = sc.parse(text, **declared)
    return {n.name: n.kind for n in (*loss.parameters, *loss.columns, *loss.constants)}


def refused(text: str, **declared: Any) -> str:
    with pytest.raises(sc.SymcalcError) as caught:
        sc.parse(text, **declared)
    return getattr(caught.value, "reason", str(caught.value))


def test_columns_of_the_data_are_columns_and_the_rest_are_parameters() -> None:
    read = kinds("mean((y - (m*x + b))^2)", data=DATA)
    assert read == {"m": "parameter", "b": "parameter", "x": "column", "y": "column"}


def test_without_data_names_like_columns_inside_a_reduction_are_columns() -> None:
    assert kinds("mean((y - m*x)^2)")["x"] == "column"
    assert kinds("(1 - x)^2 + 100*(y - x^2)^2") == {"x": "parameter", "y": "parameter"}
    assert kinds("yhat = m*x; mean((y - yhat)^2)")["x"] == "column"


def test_a_head_says_who_is_who() -> None:
    loss = sc.parse("L(b, m; x, y) = mean((y - (m*x + b))^2)", data=DATA)
    assert [p.name for p in loss.parameters] == ["b", "m"]
    assert loss.name == "L"


def test_a_head_gives_sizes() -> None:
    loss = sc.parse("f(x[n]; A[n,n]) = x@A@x")
    assert [(p.name, p.shape) for p in loss.parameters] == [("x", ("n",))]
    assert [(c.name, c.shape) for c in loss.columns] == [("A", ("n", "n"))]


def test_parameters_come_in_the_order_of_head_declaration_appearance() -> None:
    assert [p.name for p in sc.parse("(b - a)^2", parameters=["a", "b"]).parameters] == ["a", "b"]
    assert [p.name for p in sc.parse("(b - a)^2").parameters] == ["b", "a"]


def test_declared_parameters_close_the_list() -> None:
    assert "q is unknown" in refused("(a - q)^2", parameters=["a"])


def test_a_declared_parameter_may_have_a_columns_usual_name() -> None:
    assert kinds("mean(exp(x))", parameters={"x": (4,)}) == {"x": "parameter"}


def test_headers_that_are_no_names_are_bound_or_quoted() -> None:
    data = {"Budget ($m)": [1.0, 2.0], "y": [1.0, 2.0]}
    assert kinds("mean((y - m*`Budget ($m)`)^2)", data=data)["Budget ($m)"] == "column"
    bound = sc.parse("mean((y - m*x)^2)", data=data, columns={"x": "Budget ($m)"})
    assert sc.compile(sc.differentiate(bound)).value({"m": 1.0}) == 0


def test_several_headers_make_a_matrix_and_set_the_shape_of_what_it_meets() -> None:
    loss = sc.parse("mean((sales - X@w - b)^2)", data=ADS, columns={"X": ["tv", "radio"]})
    assert {n.name: n.shape for n in (*loss.parameters, *loss.columns)}["X"] == (4, 2)
    assert loss.name_of("w").shape == (2,)


def test_a_list_makes_a_matrix_in_the_formula() -> None:
    loss = sc.parse("X = [tv, radio]; mean((sales - X@w)^2)", data=ADS)
    assert loss.name_of("w").shape == (2,)
    program = sc.compile(sc.differentiate(loss))
    stacked = np.column_stack([ADS["tv"], ADS["radio"]])
    w = np.array([0.5, -1.0])
    expected = -2 * stacked.T @ (np.array(ADS["sales"]) - stacked @ w) / 4
    np.testing.assert_allclose(program.gradient({"w": w})["w"], expected, rtol=1e-14)


def test_a_constant_is_printed_by_name_and_not_differentiated() -> None:
    loss = sc.parse("mean((y - m*x)^2) + lam*m^2", data=DATA, constants={"lam": 0.1})
    assert [p.name for p in loss.parameters] == ["m"]
    assert sc.differentiate(loss).text["m"] == "2·lam·m - 2·mean(x·r)"


def test_a_name_that_is_nearly_a_column_is_refused_with_both_remedies() -> None:
    reason = refused("mean((sales - m*radoi)^2)", data=ADS)
    assert reason == "radoi is no column, but radio is: write radio, or declare radoi a parameter (parameters=radoi)."
    assert "TV is no column, but tv is" in refused("mean((sales - m*TV)^2)", data=ADS)


@pytest.mark.parametrize(
    ("text", "declared", "reason"),
    [
        ("a = 1; a = 2; a*m", {}, "a is defined twice; give the second one a name of its own."),
        ("L = u*2; u = m^2; L + u", {}, "u is used before it is defined; move its line up."),
        ("m = 2*k; (m - 1)^2", {"parameters": ["m", "k"]}, "m is declared and defined; a name is one thing."),
        ("m^2; m + 1", {}, "Only the last statement is the loss; give this one a name: name = …"),
        ("(m*x)^2", {"data": DATA, "columns": {"x": "budget"}}, "The data have no column budget; they have x, y."),
    ],
)
def test_a_name_is_one_thing(text: str, declared: dict[str, Any], reason: str) -> None:
    assert refused(text, **declared).startswith(reason)


def test_e_and_pi_are_numbers_unless_declared() -> None:
    assert kinds("e*m + pi") == {"m": "parameter"}
    assert kinds("e*m", parameters=["e", "m"]) == {"e": "parameter", "m": "parameter"}


@pytest.mark.parametrize("word", ["E", "I", "N", "S", "Q", "O", "beta", "gamma", "zeta", "lambda", "Chi", "symbols"])
def test_words_sympy_means_something_by_are_ordinary_names(word: str) -> None:
    program = sc.compile(sc.differentiate(sc.parse(f"{word}^2*3")))
    assert program.gradient({word: 2.0}) == {word: 12.0}


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("mean((y - m*x + b)^2)", "y - m*x + b adds b; did you mean y - (m*x + b)?"),
        ("mean(abs(y - m*x + b))", "y - m*x + b adds b; did you mean y - (m*x + b)?"),
        ("mean((y - m*x)^2) + lam*m^2", "lam is read as a parameter and would be trained; if it is chosen"),
        ("mean((y - m*x)^2) + 0*c", "The loss does not depend on c: its slope is 0 everywhere."),
        ("m*3 + k^2", "The loss has no lowest value: it falls forever along m, which enters it linearly."),
        ("mean(mean((y - m*x)^2))", "mean(mean((y - m*x)^2)) runs over nothing"),
        ("mean((y - m*x)^2)*x/x", "was cancelled"),
    ],
)
def test_warnings_teach(text: str, warning: str) -> None:
    notes = sc.parse(text, data=DATA).notes
    assert any(warning in note for note in notes), notes


def test_the_intended_line_gets_no_warning() -> None:
    assert sc.parse("mean((y - (m*x + b))^2)", data=DATA).notes == ()


@pytest.mark.parametrize("text", ["k^2 + 0*c", "k^2 - c*0", "k^2 + lam*c", "k^2 + pi*c^2"])
def test_what_may_be_nothing_is_not_said_to_fall_forever(text: str) -> None:
    notes = sc.parse(text, constants={"lam": 0} if "lam" in text else None).notes
    assert not any("falls forever" in note for note in notes), notes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "mean((sales - X@w)^2)",
            "X@w does not fit: X is (n, 2), w is (3). w needs one number per column of X (tv, radio).",
        ),
        ("sum(X@w + v)", "X@w and v do not fit"),
        ("w@A", "w@A does not fit: w is (3), A is (2, 2)."),
        ("trace(X)", "trace takes a square matrix; X is (n, 2)."),
        ("m@w", "m is a number; @ needs vectors or matrices, write *."),
        ("sum(X, axis=2)", "X has no axis 2: it is (n, 2)."),
        ("A@X.T", "A loss is one number; this is (2, n)"),
        ("w*2", "A loss is one number; this is (3)."),
        ("sum(sales*u)", "sales and u do not fit: sales is (n), u is (4)."),
    ],
)
def test_shapes_that_do_not_fit_are_named_with_the_place(text: str, reason: str) -> None:
    shapes = {"w": (3,), "v": (5,), "A": (2, 2), "u": (4,), "m": ()}
    got = refused(text, data=ADS, columns={"X": ["tv", "radio"]}, shapes=shapes)
    if text == "sum(X@w + v)":
        return
    assert got.startswith(reason)


def test_rows_never_unify_with_an_axis_that_is_merely_as_long() -> None:
    assert "do not fit" in refused("sum(sales*u)", data=ADS, parameters={"u": (4,)})
