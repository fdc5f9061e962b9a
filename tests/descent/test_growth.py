"""A loss that grows on the way at a rate that looked safe at the start: the step, and the limit there."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from cases_at_hand import FOLDER

import symcalc as sc


def walked(text, start, data=None, **walk):
    return sc.descend(sc.compile(sc.differentiate(sc.parse(text, data))), start, **walk)


def test_a_rate_that_passed_at_the_start_is_named_where_it_fails():
    # log(cosh(x)) bends by 1/cosh²: 2/λmax is 2·cosh(5)² = 11014.2… at the start and 2 at the minimum.
    trace = walked("log(cosh(x))", {"x": 5}, learning_rate=2.5)
    found = trace.growth

    assert not any(">" in note for note in trace.notes)
    assert found.start == pytest.approx(2 * math.cosh(5) ** 2, rel=1e-9)
    # By hand: x ← x - 2.5·tanh(x), until |x| grows.
    x, losses = 5.0, []
    for _ in range(12):
        losses.append(math.log(math.cosh(x)))
        x -= 2.5 * math.tanh(x)
    step = next(k for k in range(11) if losses[k + 1] > losses[k])
    assert found.step == step
    assert (found.before, found.after) == pytest.approx((losses[step], losses[step + 1]), rel=1e-9)
    at = float(trace.points[step][0])
    assert found.there == pytest.approx(2 * math.cosh(at) ** 2, rel=1e-9)
    assert found.there < 2.5 < found.start
    assert f"from step {step} to {step + 1}" in found.sentence
    assert "Where it started it is 11014.2, so the rate passed." in found.sentence
    # The remedy keeps its word.
    rate = float(re.search(r"Take one below (\d\.\d+)\.", found.sentence)[1])
    assert rate <= found.there
    assert walked("log(cosh(x))", {"x": 5}, learning_rate=0.99 * min(rate, 2)).growth is None


def test_a_quadratic_that_was_named_beforehand_is_not_told_twice():
    trace = walked("sum((y - (m*x + b))^2)", {"m": 43, "b": 12}, "steplab", learning_rate=0.026, steps=20)

    assert trace.growth.named
    assert trace.growth.step == 0
    assert trace.growth.there == pytest.approx(0.025328536434424421622, rel=1e-12)


@pytest.mark.parametrize(
    "walk",
    [
        {"learning_rate": 0.02},
        {"learning_rate": 0.02, "optimizer": "momentum"},
        {"learning_rate": 0.5, "optimizer": "adam"},
        {"learning_rate": 0.01, "optimizer": "sgd", "batch_size": 5},
        {},
    ],
)
def test_what_comes_down_or_swings_by_nature_is_left_alone(walk):
    assert walked("sum((y - (m*x + b))^2)", {"m": 43, "b": 12}, "steplab", steps=60, **walk).growth is None


def test_a_kink_is_named_where_no_bend_says_anything():
    trace = walked("mean(abs(y - (m*x + b)))", {"m": 0, "b": 0}, "movies", learning_rate=1e-3)

    assert "a loss with kinks is stepped over to and fro" in trace.growth.sentence


def test_the_limit_at_the_place_is_that_of_the_hessian_by_hand():
    path = FOLDER / "datasets" / "iris_logit.csv"
    if not path.exists():
        pytest.skip("the cases beside the project are absent")
    z = "z = b0 + b1*Petal_Length + b2*Petal_Width"
    text = f"{z};  mean(log(1 + exp(z)) - y*z)"
    trace = walked(text, {"b0": 40, "b1": -5, "b2": -9}, path, learning_rate=3, steps=200)
    found = trace.growth

    table = np.genfromtxt(path, delimiter=",", skip_header=1)
    columns = np.column_stack([np.ones(len(table)), table[:, 1:]])

    def limit(point):
        p = 1 / (1 + np.exp(-columns @ point))
        return 2 / np.linalg.eigvalsh(columns.T @ (columns * (p * (1 - p))[:, None]) / len(table)).max()

    assert found.start == pytest.approx(limit(trace.points[0]), rel=1e-8)
    assert found.there == pytest.approx(limit(trace.points[found.step]), rel=1e-8)
    assert np.argmax(np.diff(trace.losses) > 1e-9 * np.abs(trace.losses[:-1])) == found.step
