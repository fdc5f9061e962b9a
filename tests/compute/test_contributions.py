"""What each row and each term adds to a slope: by hand, and in sum."""

import numpy as np
import pytest

import symcalc as sc
from symcalc.errors import InputError

X = np.array([100.0, 200, 250, 325, 400])
Y = np.array([275.0, 300, 550, 525, 700])


def found(formula, point, data="movies", **given):
    return sc.contributions(sc.compile(sc.differentiate(sc.parse(formula, data, **given))), point)


def test_each_row_adds_its_own_summand():
    made = found("mean((y - (m*x + b))^2)", {"m": 1.417, "b": 70.0})
    r = Y - (1.417 * X + 70)

    assert made.rows["m"] == pytest.approx(-2 / 5 * X * r, rel=1e-12)
    assert made.rows["b"] == pytest.approx(-2 / 5 * r, rel=1e-12)
    assert made.rest == {"m": 0.0, "b": 0.0}


def test_each_term_adds_its_own_slope():
    made = found("mean((y - (m*x + b))^2) + lam*m^2 - b", {"m": 1.4, "b": 70.0}, constants={"lam": 0.1})

    assert [text for text, _ in made.terms] == ["mean((y - (m*x + b))^2)", "lam*m^2", "-b"]
    assert made.terms[1][1] == {"m": pytest.approx(0.28), "b": 0.0}
    assert made.terms[2][1] == {"m": 0.0, "b": -1.0}


@pytest.mark.parametrize(
    ("formula", "data", "given", "point"),
    [
        ("mean((y - (m*x + b))^2) + m^2", "movies", {}, {"m": 1.4, "b": 70.0}),
        ("z = (x - mean(x))/std(x); log(mean((y - (m*z + b))^2))", "movies", {}, {"m": 100.0, "b": 400.0}),
        ("sqrt(mean((y - m*x)^2)) + sqrt(sum(x*m))", "movies", {}, {"m": 1.4}),
        ("h = tanh(X@W); mean((y - h@v)^2) + sum(W^2)", {"X": np.array([[0.1, 0.2], [0.5, -0.3], [1, 2.0]]), "y": [1.0, 2, 3]},
         {"shapes": {"W": (2, 3), "v": (3,)}}, {"W": np.arange(6.0).reshape(2, 3) / 5, "v": np.array([1.0, -1, 2])}),
        ("mean(abs(y - (m*x + b))) - 0.5*m", "movies", {}, {"m": 1.4, "b": 100.0}),
        ("sum(logsumexp(X@W)) - sum(Y*(X@W))", {"X": np.eye(3)[:, :2] + 0.1, "Y": np.eye(3)}, {"shapes": {"W": (2, 3)}},
         {"W": np.arange(6.0).reshape(2, 3)}),
    ],
)  # fmt: skip
def test_rows_and_terms_sum_to_the_slope(formula, data, given, point):
    made = found(formula, point, data, **given)

    for name, slope in made.slopes.items():
        total = np.sum(made.rows[name], axis=0) + made.rest[name]
        assert total == pytest.approx(slope, rel=1e-12, abs=1e-12)
        if made.terms:
            assert sum(np.asarray(s[name]) for _, s in made.terms) == pytest.approx(slope, rel=1e-12, abs=1e-12)


def test_a_mean_inside_a_logarithm_is_still_a_sum_over_rows():
    made = found("log(mean((y - m*x)^2))", {"m": 1.4})
    r = Y - 1.4 * X

    assert made.rows["m"] == pytest.approx(-2 * X * r / np.sum(r**2), rel=1e-12)


def test_without_rows_there_are_terms_alone():
    made = found("x^2 + 3*y", {"x": 2.0, "y": 1.0}, None, parameters=["x", "y"])

    assert made.rows == {}
    assert [s for _, s in made.terms] == [{"x": 4.0, "y": 0.0}, {"x": 0.0, "y": 3.0}]


def test_a_formula_with_one_value_a_row_is_refused():
    with pytest.raises(InputError, match="one value a row"):
        found("(y - m*x)^2", {"m": 1.0})
