"""How an end moves: against closed forms by hand, and against running again."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.errors import InputError

RNG = np.random.default_rng(11)
X, Y = RNG.normal(size=(12, 3)), RNG.normal(size=12)
RIDGE = "mean((y - X@w)^2) + lam*w@w"


def program(text, data=None, **declared):
    return sc.compile(sc.differentiate(sc.parse(text, data, **declared)))


def ridge(lam=0.3, x=X, y=Y):
    return np.linalg.solve(x.T @ x / len(y) + lam * np.eye(x.shape[1]), x.T @ y / len(y))


def test_ridge_has_its_closed_form():
    made = program(RIDGE, {"X": X, "y": Y}, constants={"lam": 0.3})
    matrix = X.T @ X / 12 + 0.3 * np.eye(3)

    by_lam = sc.sensitivity(made, "lam", {"w": np.zeros(3)})
    by_y = sc.sensitivity(made, "y", {"w": np.zeros(3)})

    w = ridge()
    assert by_lam.how == "minimum"
    np.testing.assert_allclose(by_lam.point["w"], w, rtol=1e-13)
    np.testing.assert_allclose(by_lam.derivative["w"], -np.linalg.solve(matrix, w), rtol=1e-12)
    assert by_lam.loss_derivative == pytest.approx(w @ w, rel=1e-13)
    np.testing.assert_allclose(by_y.derivative["w"], np.linalg.solve(matrix, X.T / 12), rtol=1e-12)
    np.testing.assert_allclose(by_y.loss_derivative, 2 * (Y - X @ w) / 12, rtol=1e-12)
    cell = sc.sensitivity(made, ("y", 4), {"w": np.zeros(3)})
    np.testing.assert_allclose(cell.derivative["w"], by_y.derivative["w"][:, 4], rtol=1e-13)
    assert (cell.to, cell.value) == ("y[4]", Y[4])


@pytest.mark.parametrize("place", [(2, 1), (0, 0)])
def test_one_cell_of_a_matrix_moves_the_minimum_as_fitting_again_says(place):
    made = program(RIDGE, {"X": X, "y": Y}, constants={"lam": 0.3})

    found = sc.sensitivity(made, ("X", place), {"w": np.zeros(3)})

    def moved(h):
        x = X.copy()
        x[place] += h
        return ridge(x=x)

    np.testing.assert_allclose(found.derivative["w"], fifth(moved), rtol=1e-9)
    np.testing.assert_allclose(sc.sensitivity(made, f"X[{place[0]},{place[1]}]", np.zeros(3)).derivative["w"],
                               found.derivative["w"], rtol=0)  # fmt: skip


def fifth(value, h=1e-3):
    """A five-point difference: its error is h^4."""
    return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)


def test_a_standardized_column_passes_through_its_mean_and_spread():
    text = "z = (x - mean(x))/std(x);  mean((y - (m*z + b))^2)"
    case = load("lesson.json")["movies"]
    x, y = (np.array(case[name], dtype=float) for name in ("x", "y"))

    found = sc.sensitivity(program(text, {"x": x, "y": y}), ("x", 1), {"m": 0, "b": 0})

    def moved(h):
        other = x.copy()
        other[1] += h
        z = (other - other.mean()) / other.std()
        return z @ y / len(y)

    assert found.derivative["m"] == pytest.approx(fifth(moved, 0.1), rel=1e-9)
    assert found.derivative["b"] == pytest.approx(0, abs=1e-12)


def test_a_logistic_minimum_moves_with_its_penalty():
    def minimum(lam):
        made = program("z = w*x + c;  mean(log(1 + exp(z)) - t*z) + lam*w^2", "passfail", constants={"lam": lam})
        return made, sc.sensitivity(made, "lam", {"w": 0.5, "c": -1}).point

    made, _ = minimum(0.01)
    found = sc.sensitivity(made, "lam", {"w": 0.5, "c": -1})

    for name in ("w", "c"):
        rerun = fifth(lambda h, name=name: minimum(0.01 + h)[1][name], 1e-4)
        assert found.derivative[name] == pytest.approx(rerun, rel=1e-7)
    assert found.moved(0.001)["w"] == pytest.approx(minimum(0.011)[1]["w"], rel=1e-2)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("to", ["learning_rate", "lam", "y[2]"])
def test_the_end_of_a_run_moves_as_running_again_says(name, to):
    rate = {"adagrad": 0.3, "rmsprop": 0.02, "adam": 0.05}.get(name, 0.03)
    x, y = np.array([0.3, 0.9, 1.4, 2.0]), np.array([1.0, 0.4, 2.2, 1.7])

    @cache
    def run(h=0.0):
        other = y.copy()
        other[2] += h if to == "y[2]" else 0
        lam = 0.1 + (h if to == "lam" else 0)
        made = program("mean((y - a*tanh(k*x))^2) + lam*k^2", {"x": x, "y": other}, constants={"lam": lam})
        used = rate + (h if to == "learning_rate" else 0)
        return sc.descend(made, {"a": 0.5, "k": 0.7}, name, used, steps=25)

    if name not in OPTIMIZERS or not run().walked.optimizer.uses_learning_rate:
        pytest.skip("the rule sets its own pace")
    found = sc.sensitivity(run(), to)

    assert found.how == "run"
    for parameter in ("a", "k"):
        rerun = fifth(lambda h, p=parameter: run(h).point[p], 1e-4)
        assert found.derivative[parameter] == pytest.approx(rerun, rel=1e-6)
    assert found.loss_derivative == pytest.approx(fifth(lambda h: run(h).loss, 1e-4), rel=1e-6)


def test_a_constant_of_the_optimizer_moves_the_end_too():
    made = program("(1 - x)^2 + 100*(y - x^2)^2", parameters=["x", "y"])

    def run(h=0.0):
        return sc.descend(made, {"x": -1, "y": 1}, "momentum", 1e-4, steps=30, constants={"decay": 0.9 + h})

    found = sc.sensitivity(run(), "decay")

    assert found.derivative["x"] == pytest.approx(fifth(lambda h: run(h).point["x"], 1e-4), rel=1e-8)


def test_a_long_run_ends_where_the_minimum_is():
    made = program(RIDGE, {"X": X, "y": Y}, constants={"lam": 0.3})
    trace = sc.descend(made, steps=300)

    np.testing.assert_allclose(sc.sensitivity(trace, "lam").derivative["w"],
                               sc.sensitivity(made, "lam").derivative["w"], rtol=1e-10)  # fmt: skip


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("lamb", "Did you mean lam"),
        ("w", "w is a parameter"),
        ("y[12]", "no entry [12]: it has shape (12,)"),
        (("y", 1, 2), "a name and a place"),
        ("learning_rate", "does not depend on the learning rate"),
    ],
)
def test_what_cannot_move_is_refused(to, said):
    made = program(RIDGE, {"X": X, "y": Y}, constants={"lam": 0.3})
    with pytest.raises(InputError) as caught:
        sc.sensitivity(made, to, np.zeros(3))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "parameters", "said"),
    [
        ("mean((y - (a + b)*c)^2)", ["a", "b"], "leave some direction open"),
        ("mean(abs(y - c*a))", ["a"], "kink"),
        ("c*(a^2 - b^2) + 0*mean(y)", ["a", "b"], "bends down"),
    ],
)
def test_a_minimum_that_does_not_move_smoothly_is_refused(text, parameters, said):
    made = program(text, {"y": np.array([1.0, 2, 4])}, constants={"c": 1.0}, parameters=parameters)
    start = dict.fromkeys(parameters, 2.0)
    with pytest.raises(InputError, match=said):
        sc.sensitivity(made, "c", start)
