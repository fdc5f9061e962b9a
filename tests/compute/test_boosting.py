"""A formula as a boosting objective: against algebra, and what it says and refuses."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import symcalc as sc

SIGNED = "log(1 + exp(-y*p))"
LOGISTIC = "log(1 + exp(p)) - y*p"
SCORES = np.linspace(-4.0, 4.0, 33)


# -- against algebra -----------------------------------------------------------------------------


@pytest.mark.parametrize("label", [-1.0, 1.0])
def test_the_logistic_loss_by_hand(label: float) -> None:
    objective = sc.boosting_objective(SIGNED, prediction="p", label="y")
    slope, bend = objective.gradient_hessian(np.full_like(SCORES, label), SCORES)
    share = 1 / (1 + np.exp(-SCORES))

    np.testing.assert_allclose(slope, share - (label > 0), rtol=1e-12)
    np.testing.assert_allclose(bend, share * (1 - share), rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "slope", "bend"),
    [
        ("(y - p)^2", lambda y, p: 2 * (p - y), lambda y, p: 2 + 0 * p),
        ("(y - p)^2/2", lambda y, p: p - y, lambda y, p: 1 + 0 * p),
        ("exp(p) - y*p", lambda y, p: np.exp(p) - y, lambda y, p: np.exp(p)),
        ("u = y - p; u^4", lambda y, p: -4 * (y - p) ** 3, lambda y, p: 12 * (y - p) ** 2),
        ("log(cosh(p - y))", lambda y, p: np.tanh(p - y), lambda y, p: 1 / np.cosh(p - y) ** 2),
        (
            "(y - sigmoid(p))^2",
            lambda y, p: 2 * (s(p) - y) * s(p) * (1 - s(p)),
            lambda y, p: 2 * (s(p) * (1 - s(p))) ** 2 + 2 * (s(p) - y) * s(p) * (1 - s(p)) * (1 - 2 * s(p)),
        ),
    ],
)
def test_slopes_and_second_derivatives_by_hand(text: str, slope: Any, bend: Any) -> None:
    labels = np.random.default_rng(1).random(SCORES.size)
    found = sc.boosting_objective(text, "p", "y").gradient_hessian(labels, SCORES)

    np.testing.assert_allclose(found[0], slope(labels, SCORES), rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(found[1], bend(labels, SCORES), rtol=1e-11, atol=1e-14)


def s(p: Any) -> Any:
    return 1 / (1 + np.exp(-p))


def test_far_scores_stay_finite() -> None:
    slope, bend = sc.boosting_objective(LOGISTIC, "p", "y").gradient_hessian([0.0, 1.0], [-800.0, 800.0])

    assert [0.0, 0.0] == slope.tolist()
    assert [0.0, 0.0] == bend.tolist()


def test_constants_have_numbers() -> None:
    objective = sc.boosting_objective("where(y > p, q*(y - p), (1 - q)*(p - y))", "p", "y", constants={"q": 0.9})

    assert [-0.9, pytest.approx(0.1)] == objective.gradient_hessian([1.0, -1.0], [0.0, 0.0])[0].tolist()


# -- notes ---------------------------------------------------------------------------------------


def test_a_mean_is_left_out_with_a_warning() -> None:
    with pytest.warns(UserWarning, match=r"The mean was left out.*1/n would scale every slope"):
        objective = sc.boosting_objective(f"mean({SIGNED})", "p", "y")

    plain = sc.boosting_objective(SIGNED, "p", "y")
    assert plain.gradient_hessian([1.0], [0.3]) == objective.gradient_hessian([1.0], [0.3])
    assert objective.notes[0].startswith("The mean was left out")


def test_a_reduction_inside_is_refused() -> None:
    for text in ("mean((y - p)^2) + 1", "p*mean(y)", "sqrt(sum((y - p)^2))"):
        with pytest.raises(sc.InputError, match="reduces over rows"):
            sc.boosting_objective(text, "p", "y")


def test_a_negative_second_derivative_is_named_and_clipped() -> None:
    text = "log(1 + (y - p)^2)"
    free, clipped = sc.boosting_objective(text, "p", "y"), sc.boosting_objective(text, "p", "y", clip=1e-6)
    raw, held = free.gradient_hessian([0.0, 0.0], [0.5, 3.0])[1], clipped.gradient_hessian([0.0, 0.0], [0.5, 3.0])[1]

    (note,) = [n for n in free.notes if "negative" in n]
    assert "d²L/dp² is negative for p - y from -10 to -1.05 and from 1.05 to 10" in note
    assert note.endswith("Boosting divides by it: give clip=1e-6 to hold it above 0.")
    assert any("held at 1e-06" in n for n in clipped.notes)
    assert raw[1] < 0
    assert [raw[0], 1e-6] == held.tolist()


def test_a_negative_second_derivative_is_named_by_label() -> None:
    (note,) = sc.boosting_objective("(y - sigmoid(p))^2", "p", "y").notes

    assert "at y = 1 for p from -10 to -0.7" in note


@pytest.mark.parametrize("text", [SIGNED.replace("y*", "(2*y - 1)*"), LOGISTIC, "(y - p)^2", "exp(p) - y*p"])
def test_a_sound_objective_has_no_notes(text: str) -> None:
    assert sc.boosting_objective(text, "p", "y").notes == ()


def test_a_second_derivative_of_0_is_named() -> None:
    (everywhere,) = sc.boosting_objective("abs(y - p)", "p", "y").notes
    (somewhere,) = sc.boosting_objective("where(abs(y - p) <= 1, (y - p)^2/2, abs(y - p) - 1/2)", "p", "y").notes

    assert everywhere == "d²L/dp² is 0 everywhere. Boosting divides by it: give clip=1 to step along the slope."
    assert "is 0 for p - y from -10 to -1.05" in somewhere


def test_labels_of_the_other_spelling_are_told() -> None:
    (note,) = sc.boosting_objective(SIGNED, "p", "y").notes

    assert "Rows with y = 0 have no slope at any p: the formula is for labels -1 and 1." in note
    assert "write 2*y - 1 in place of y" in note


def test_scores_outside_the_domain_are_told_and_refused() -> None:
    objective = sc.boosting_objective("-y*log(p) - (1 - y)*log(1 - p)", "p", "y")

    assert any("for p from -10 to 0 and from 1 to 10" in note and "sigmoid(p)" in note for note in objective.notes)
    with pytest.raises(sc.InputError, match=r"in row 2, at y = 1, p = -1"):
        objective.gradient_hessian([1.0, 1.0], [0.5, -1.0])


def test_slope_and_second_derivative_are_told() -> None:
    objective = sc.boosting_objective("(y - p)^2", "p", "y")

    assert objective.slope.startswith("dL/dp = ")
    assert objective.bend == "d²L/dp² = 2"


# -- what cannot be used -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told", "reason"),
    [
        ("(y - q)^2", {}, "There is no p in the formula; it has q, y."),
        ("(y - p)^2 + lam*p", {}, "lam has no value"),
        ("(y - p)^2", {"clip": 0.0}, "clip is 0.0; give a number above 0"),
        ("(y - p)^2", {"clip": float("nan")}, "give a number above 0"),
        ("(y - p)^2", {"weight": "w"}, "There is no w in the formula"),
        (3, {}, "A formula is text, not int"),
    ],
)
def test_what_is_no_objective_is_refused(text: Any, told: dict[str, Any], reason: str) -> None:
    with pytest.raises(sc.InputError) as caught:
        sc.boosting_objective(text, "p", "y", **told)

    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("label", "prediction", "weight", "reason"),
    [
        ([1.0, 2.0], [1.0], None, "y has 2 rows and p has 1"),
        ([1.0], np.ones((1, 3)), None, "p has the shape"),
        ([1.0], [1.0], [1.0, 2.0], "There are 2 weights for 1 rows"),
        (["a"], [1.0], None, "y is not an array of numbers"),
    ],
)
def test_rows_that_do_not_fit_are_refused(label: Any, prediction: Any, weight: Any, reason: str) -> None:
    with pytest.raises(sc.InputError, match=reason.replace("(", r"\(")):
        sc.boosting_objective("(y - p)^2", "p", "y").gradient_hessian(label, prediction, weight)


# -- calling it ----------------------------------------------------------------------------------


class Rows:
    """What XGBoost and LightGBM hand over."""

    def __init__(self, label: Any, weight: Any) -> None:
        self._label, self._weight = label, weight

    def get_label(self) -> Any:
        return self._label

    def get_weight(self) -> Any:
        return self._weight


def test_both_orders_of_arguments_are_understood() -> None:
    objective, labels = sc.boosting_objective("(y - p)^2", "p", "y"), np.array([1.0, 2.0])
    scores = np.array([0.5, 0.0])

    native, learned = objective(scores, Rows(labels, None)), objective(labels, scores)
    assert [-1.0, -4.0] == native[0].tolist() == learned[0].tolist()
    assert [2.0, 2.0] == native[1].tolist() == learned[1].tolist()


def test_weights_of_the_data_multiply_and_none_are_no_weights() -> None:
    objective, labels, scores = sc.boosting_objective("(y - p)^2", "p", "y"), np.ones(2), np.zeros(2)

    assert [-2.0, -6.0] == objective(scores, Rows(labels, np.array([1.0, 3.0])))[0].tolist()
    assert [-2.0, -2.0] == objective(scores, Rows(labels, np.array([])))[0].tolist()


def test_weights_in_the_formula_are_those_of_the_data() -> None:
    objective = sc.boosting_objective("w^2*(y - p)^2", "p", "y", weight="w")
    slope, bend = objective(np.zeros(2), Rows(np.ones(2), np.array([1.0, 3.0])))

    assert [-2.0, -18.0] == slope.tolist()
    assert [2.0, 18.0] == bend.tolist()


def test_catboost_gets_the_derivatives_of_what_it_makes_larger() -> None:
    objective = sc.boosting_objective(LOGISTIC, "p", "y").catboost
    (first, second), (weighted, _) = objective.calc_ders_range([0.0, 0.0], [1.0, 1.0], [1.0, 2.0])

    assert (0.5, -0.25) == (first, second)
    assert weighted == 1.0


def test_it_pickles_and_copies() -> None:
    objective = sc.boosting_objective(SIGNED, "p", "y", clip=1e-3)
    again = pickle.loads(pickle.dumps(objective))

    assert objective == again == copy.deepcopy(objective)
    assert objective.gradient_hessian([1.0], [0.2]) == again.gradient_hessian([1.0], [0.2])
