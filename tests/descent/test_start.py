"""Claims about where a descent begins."""

from __future__ import annotations

import numpy as np
import pytest
from numeric.hand_written import HandWritten, bowl, line_fit, rosenbrock

from symcalc.descent.loop import descend
from symcalc.errors import InputError

X = np.array([-1.0, 0.0, 1.0, 2.0])
Y = np.array([0.5, 0.1, 1.0, 3.0])


def network():
    """mean((y - (v·tanh(x·w) + c))²): the slopes in w and v vanish where both are 0."""

    def parts(p):
        h = np.tanh(np.outer(X, p[:2]))
        return h, Y - (h @ p[2:4] + p[4])

    def gradient(p):
        h, r = parts(p)
        dh = np.outer(-2 * r / 4, p[2:4]) * (1 - h**2)
        return np.concatenate([X @ dh, h.T @ (-2 * r / 4), [np.sum(-2 * r / 4)]])

    return HandWritten(
        {"w": (2,), "v": (2,), "c": ()}, lambda p: np.mean(parts(p)[1] ** 2), gradient, lambda p: np.eye(5)
    )  # fmt: skip


def spread():
    """Normal log-likelihood, mean((y - mu)²)/(2 sigma²) + log(sigma): no value at sigma = 0."""

    def value(p):
        return np.mean((Y - p[0]) ** 2) / (2 * p[1] ** 2) + np.log(p[1])

    def gradient(p):
        mu, sigma = p
        return [-np.mean(Y - mu) / sigma**2, -np.mean((Y - mu) ** 2) / sigma**3 + 1 / sigma]

    return HandWritten({"mu": (), "sigma": ()}, value, gradient, lambda p: np.eye(2))


def test_the_default_start_is_0_and_is_said():
    trace = descend(line_fit(X, Y), steps=1)

    assert trace.steps[0].point == {"m": 0, "b": 0}
    assert "The start is 0 for every parameter." in trace.notes


def test_the_catalogues_start_comes_first():
    trace = descend(rosenbrock(start={"x": -1.2, "y": 1}), steps=1)

    assert trace.steps[0].point == {"x": -1.2, "y": 1}
    assert "The start is the catalogue's: x = -1.2, y = 1." in trace.notes


def test_a_users_start_is_complete_or_completed_and_said():
    assert not any("start" in note for note in descend(line_fit(X, Y), {"m": 1, "b": 2}, steps=1).notes)

    trace = descend(line_fit(X, Y), {"m": 1}, steps=1)

    assert trace.steps[0].point == {"m": 1, "b": 0}
    assert "b was not given and starts at 0." in trace.notes


def test_a_flat_start_is_row_major_in_parameter_order():
    assert descend(network(), [1.0, 2.0, 3.0, 4.0, 5.0], steps=0).point["v"].tolist() == [3.0, 4.0]


def test_where_the_loss_is_not_finite_at_0_the_parameter_at_fault_starts_at_1():
    trace = descend(spread(), steps=200)

    assert trace.steps[0].point == {"mu": 0, "sigma": 1}
    assert "sigma starts at 1: the loss is not finite at 0." in trace.notes
    assert {"mu": np.mean(Y), "sigma": np.std(Y)} == pytest.approx(trace.point, rel=1e-6)


def test_a_network_of_zeros_starts_at_small_random_numbers():
    trace = descend(network(), steps=300)
    start = trace.steps[0].point

    assert "w, v start at small random numbers (seed 0): at 0 the slopes vanish by symmetry." in trace.notes
    assert all(0 < abs(x) < 1 for x in (*start["w"], *start["v"]))
    assert start["c"] == 0
    assert trace.loss < 0.3 * trace.steps[0].loss


def test_the_random_start_is_the_same_every_time():
    first, second = (descend(network(), steps=0).point for _ in range(2))

    assert np.array_equal(first["w"], second["w"])


def test_a_slope_of_0_that_wakes_up_is_left_alone():
    # Columns of mean 0: the slope in b is 0 at the start as long as y is balanced, yet b is free to move.
    trace = descend(line_fit([-1, 1, 2, -2], [1, -1, 0.5, -0.5]), steps=1)

    assert trace.steps[0].point == {"m": 0, "b": 0}


def test_a_minimum_at_0_is_left_alone():
    assert descend(bowl(), steps=1).steps[0].point["w"].tolist() == [0, 0]


def test_two_factors_of_0_are_set_apart():
    # (a·b - 1)²: both slopes are 0 at 0, which is no minimum.
    program = HandWritten(
        {"a": (), "b": ()}, lambda p: (p[0] * p[1] - 1) ** 2,
        lambda p: [2 * (p[0] * p[1] - 1) * p[1], 2 * (p[0] * p[1] - 1) * p[0]], lambda p: np.eye(2),
    )  # fmt: skip

    trace = descend(program, steps=100)

    assert 1 == pytest.approx(trace.point["a"] * trace.point["b"], rel=1e-6)
    assert "a, b start at small random numbers (seed 0): at 0 the slopes vanish by symmetry." in trace.notes


def test_a_loss_with_one_value_a_row_is_refused():
    program = bowl()
    program.loss.per_row = True

    with pytest.raises(InputError, match="one value a row"):
        descend(program)
