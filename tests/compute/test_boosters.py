"""Real boosters grow the trees of their own logistic objective from the derived one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import symcalc as sc

SIGNED = "log(1 + exp(-y*p))"
LOGISTIC = "log(1 + exp(p)) - y*p"


def table(rows: int = 400) -> tuple[Any, Any]:
    """Made columns and labels 0 and 1."""
    random = np.random.default_rng(5)
    columns = random.normal(size=(rows, 5))
    chance = 1 / (1 + np.exp(-(columns[:, 0] - 0.5 * columns[:, 1] ** 2 + columns[:, 2] * columns[:, 3])))
    return columns, (random.random(rows) < chance).astype(float)


def test_lightgbm_grows_the_trees_of_its_own_logistic_objective() -> None:
    lightgbm = pytest.importorskip("lightgbm", reason="LightGBM is not installed")
    columns, labels = table()
    shared = {"num_leaves": 7, "learning_rate": 0.2, "verbose": -1, "deterministic": True, "num_threads": 1}
    own = {**shared, "objective": "binary", "boost_from_average": False}
    ours = {**shared, "objective": sc.boosting_objective(LOGISTIC, "p", "y").lightgbm}
    built_in = lightgbm.train(own, lightgbm.Dataset(columns, labels), 20)
    derived = lightgbm.train(ours, lightgbm.Dataset(columns, labels), 20)

    expected = built_in.predict(columns, raw_score=True)
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(derived.predict(columns), expected, rtol=1e-5, atol=1e-6)
    assert splits(built_in) == splits(derived)


def test_lightgbm_does_so_with_labels_of_either_sign_and_weights() -> None:
    lightgbm = pytest.importorskip("lightgbm", reason="LightGBM is not installed")
    columns, labels = table()
    weights = 0.5 + np.random.default_rng(2).random(labels.size)
    shared = {"num_leaves": 7, "learning_rate": 0.2, "verbose": -1, "deterministic": True, "num_threads": 1}
    own = {**shared, "objective": "binary", "boost_from_average": False}
    ours = {**shared, "objective": sc.boosting_objective(SIGNED, "p", "y").lightgbm}
    built_in = lightgbm.train(own, lightgbm.Dataset(columns, labels, weight=weights), 10)
    derived = lightgbm.train(ours, lightgbm.Dataset(columns, 2 * labels - 1, weight=weights), 10)

    expected = built_in.predict(columns, raw_score=True)
    np.testing.assert_allclose(derived.predict(columns), expected, rtol=1e-5, atol=1e-6)


def splits(booster: Any) -> list[list[tuple[int, float]]]:
    """Feature and threshold of every split of every tree."""

    def walked(node: dict[str, Any]) -> list[tuple[int, float]]:
        if "split_feature" not in node:
            return []
        here = [(node["split_feature"], node["threshold"])]
        return here + walked(node["left_child"]) + walked(node["right_child"])

    return [walked(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]


def test_the_scikit_learn_forms_agree_with_the_built_in_ones() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    lightgbm = pytest.importorskip("lightgbm", reason="LightGBM is not installed")
    columns, labels = table()
    weights = 0.5 + np.random.default_rng(2).random(labels.size)
    shared = {"n_estimators": 10, "num_leaves": 7, "verbose": -1, "n_jobs": 1}
    built_in = lightgbm.LGBMClassifier(**shared, objective="binary", boost_from_average=False)
    derived = lightgbm.LGBMRegressor(**shared, objective=sc.boosting_objective(LOGISTIC, "p", "y").lightgbm)
    expected = built_in.fit(columns, labels, sample_weight=weights).predict(columns, raw_score=True)
    found = derived.fit(columns, labels, sample_weight=weights).predict(columns)

    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_xgboost_grows_the_trees_of_its_own_logistic_objective() -> None:
    xgboost = pytest.importorskip("xgboost", reason="XGBoost is not installed")
    columns, labels = table()
    data = xgboost.DMatrix(columns, labels)
    shared = {"max_depth": 3, "eta": 0.2, "nthread": 1, "tree_method": "exact", "base_score": 0.5}
    objective = sc.boosting_objective(LOGISTIC, "p", "y").xgboost
    built_in = xgboost.train({**shared, "objective": "binary:logistic"}, data, 20)
    derived = xgboost.train({**shared, "base_score": 0.0}, data, 20, obj=objective)

    expected = built_in.predict(data, output_margin=True)
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(derived.predict(data, output_margin=True), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore")  # CatBoost asks for numba
def test_catboost_grows_the_trees_of_its_own_logistic_objective() -> None:
    catboost = pytest.importorskip("catboost", reason="CatBoost is not installed")
    columns, labels = table()
    shared = {
        "iterations": 10, "depth": 3, "learning_rate": 0.2, "verbose": False, "leaf_estimation_iterations": 1,
        "leaf_estimation_method": "Newton", "boost_from_average": False, "bootstrap_type": "No", "random_strength": 0,
        "allow_writing_files": False,
    }  # fmt: skip
    objective = sc.boosting_objective(LOGISTIC, "p", "y").catboost
    built_in = catboost.CatBoostClassifier(**shared, loss_function="Logloss").fit(columns, labels)
    derived = catboost.CatBoostClassifier(**shared, loss_function=objective, eval_metric="Logloss").fit(columns, labels)

    expected = built_in.predict(columns, prediction_type="RawFormulaVal")
    np.testing.assert_allclose(derived.predict(columns, prediction_type="RawFormulaVal"), expected, atol=1e-9)
