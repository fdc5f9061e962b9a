"""Claims about whole descents: the lesson's figures, every way to end, every optimizer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases_at_hand import load
from numeric.hand_written import HandWritten, bowl, line_fit, rosenbrock

from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.descent.loop import descend
from symcalc.descent.stopping import StopReason
from symcalc.errors import InputError

RATES = {"gradient-descent": 0.002, "momentum": 0.0005, "nesterov": 0.0005, "adagrad": 0.5, "rmsprop": 0.01,
         "adam": 0.05, "adamw": 0.05}  # fmt: skip


def test_the_lesson_on_movies_comes_out_to_nine_digits():
    case = load("lesson.json")["movies"]
    for run in case["descents on mse from m=0 b=0"]:
        trace = descend(
            line_fit(case["x"], case["y"], mean=True), {"m": 0, "b": 0},
            learning_rate=float(run["learning_rate"]), steps=run["steps"],
        )  # fmt: skip

        assert {"m": float(run["m"]), "b": float(run["b"])} == pytest.approx(trace.point, rel=1e-9)


def test_the_lesson_on_steplab_comes_out_to_nine_digits():
    case = load("lesson.json")["steplab"]
    for run in case["descents on rss from m=43 b=12"]:
        trace = descend(
            line_fit(case["x"], case["y"]), {"m": 43, "b": 12},
            learning_rate=float(run["learning_rate"]), steps=run["steps"],
        )  # fmt: skip

        assert {"m": float(run["m"]), "b": float(run["b"])} == pytest.approx(trace.point, rel=1e-9)


def test_one_lever_walks_through_the_lessons_points():
    case = load("lesson.json")["steplab"]
    points = case["descent in b only, m=43, rate 0.01 on rss, from 3"]["b"]

    trace = descend(
        line_fit(case["x"], case["y"], m=43), {"b": 3}, learning_rate=0.01, steps=len(points) - 1
    )  # fmt: skip

    assert list(map(float, points)) == pytest.approx([step.point["b"] for step in trace.steps], rel=1e-12)


def test_the_other_lever_walks_through_the_lessons_points():
    case = load("lesson.json")["movies3"]
    points = case["descent in m only, b=133.33, rate 1e-6 on rss, from 0"]

    trace = descend(
        line_fit(case["x"], case["y"], b=133.33), {"m": 0}, learning_rate=1e-6, steps=len(points) - 1
    )  # fmt: skip

    assert list(map(float, points)) == pytest.approx([step.point["m"] for step in trace.steps], rel=1e-12)


def test_movies3_reaches_its_optimum_from_standardized_columns():
    case = load("lesson.json")["movies3"]
    x = np.array(case["x"], dtype=float)
    z = (x - x.mean()) / x.std()

    trace = descend(line_fit(z, case["y"], mean=True), learning_rate=0.25, steps=60)
    slope = trace.point["m"] / x.std()

    assert 1.5 == pytest.approx(slope, rel=1e-9)
    assert 75 == pytest.approx(trace.point["b"] - slope * x.mean(), rel=1e-9)
    assert 8750 == pytest.approx(3 * trace.loss, rel=1e-9)


def test_n_steps_give_n_plus_one_entries():
    trace = descend(rosenbrock(), learning_rate=1e-3, steps=7)

    assert 8 == len(trace.steps) == len(list(trace.steps))
    assert list(range(8)) == [step.index for step in trace.steps]
    assert 1 == len(descend(rosenbrock(), steps=0).steps)


# Each optimizer written out by hand, as its source has it.
def _by_hand(name, gradient, point, rate, steps):
    p = np.array(point, dtype=float)
    a, b = np.zeros_like(p), np.zeros_like(p)
    for t in range(1, steps + 1):
        g = np.array(gradient(p))
        if name == "gradient-descent":
            p = p - rate * g
        elif name == "momentum":
            a = 0.9 * a + g
            p = p - rate * a
        elif name == "nesterov":
            a = 0.9 * a + g
            p = p - rate * (g + 0.9 * a)
        elif name == "adagrad":
            a = a + g**2
            p = p - rate * g / (np.sqrt(a) + 1e-8)
        elif name == "rmsprop":
            a = 0.9 * a + 0.1 * g**2
            p = p - rate * g / (np.sqrt(a) + 1e-8)
        elif name == "adam":
            a, b = 0.9 * a + 0.1 * g, 0.999 * b + 0.001 * g**2
            p = p - rate * (a / (1 - 0.9**t)) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8)
        elif name == "adamw":
            a, b = 0.9 * a + 0.1 * g, 0.999 * b + 0.001 * g**2
            p = p - rate * 0.01 * p - rate * (a / (1 - 0.9**t)) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8)
    return p


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_walks_as_its_source_says(name):
    program = rosenbrock()

    trace = descend(program, {"x": -1.2, "y": 1}, name, RATES[name], steps=40)

    expected = _by_hand(name, program._gradient, [-1.2, 1], RATES[name], 40)
    assert expected.tolist() == pytest.approx([trace.point["x"], trace.point["y"]], rel=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_comes_down_without_a_learning_rate(name):
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, name, steps=300)

    assert trace.loss < 24.2
    assert any("learning rate" in note for note in trace.notes)


@pytest.mark.parametrize("name", ["gradient-descent", "momentum", "nesterov", "adagrad"])
def test_backtracking_never_climbs(name):
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, name, steps=200)

    assert trace.learning_rate is None
    assert (np.diff(trace.losses) <= 0).all()
    for step in trace.steps[:-1]:
        assert step.learning_rate == 0 or math.log2(step.learning_rate).is_integer()


def test_a_default_rate_is_the_optimizers_own_and_is_said():
    trace = descend(rosenbrock(), optimizer="adam", steps=3)

    assert trace.learning_rate == 0.001
    assert "The learning rate is 0.001, the default of adam." in trace.notes


def test_converged_says_how_far():
    trace = descend(bowl(), {"w": [1.0, 2.0]}, learning_rate=0.5, tolerance=1e-6)

    assert trace.stop_reason is StopReason.CONVERGED
    assert math.hypot(*trace.steps[-1].gradient["w"]) < 1e-6 <= math.hypot(*trace.steps[-2].gradient["w"])
    assert trace.message.startswith("The gradient is smaller than the tolerance after ")


def test_running_out_of_steps_says_so():
    trace = descend(rosenbrock(), learning_rate=1e-3, steps=3)

    assert trace.stop_reason is StopReason.MAX_STEPS
    assert trace.message.endswith("raise steps or the learning rate.")


def test_a_long_way_down_is_told_by_both_ends():
    trace = descend(line_fit([-1, 0, 1], [1, 2, 4], mean=True), learning_rate=0.25, steps=80)

    assert trace.stop_reason is StopReason.MAX_STEPS
    assert "the gradient's length fell from " in trace.message


def test_backtracking_never_steps_onto_minus_infinity():
    program = HandWritten({"a": ()}, lambda p: np.log(p[0]), lambda p: 1 / p, lambda p: -1 / p**2)

    trace = descend(program, {"a": 1}, steps=10)

    assert (StopReason.MAX_STEPS, 11) == (trace.stop_reason, len(trace.steps))


def test_a_walk_that_jams_at_a_kink_says_so():
    # Mean absolute residual: in the ravine between two rows no straight step comes down.
    case = load("lesson.json")["movies"]
    x, y = np.array(case["x"], dtype=float), np.array(case["y"], dtype=float)

    def gradient(p):
        s = np.sign(y - (p[0] * x + p[1]))
        return [-np.mean(s * x), -np.mean(s)]

    program = HandWritten(
        {"m": (), "b": ()}, lambda p: np.mean(abs(y - (p[0] * x + p[1]))), gradient, lambda p: np.zeros((2, 2))
    )

    trace = descend(program, {"m": 0, "b": 0}, steps=1000)

    assert trace.stop_reason is StopReason.STALLED
    assert "a kink may be in the way: give a learning rate" in trace.message


def test_a_growing_loss_walks_all_its_steps_and_is_called_diverged():
    case = load("lesson.json")["movies"]

    trace = descend(line_fit(case["x"], case["y"], mean=True), {"m": 0, "b": 0}, learning_rate=1.4e-5, steps=200)

    assert (StopReason.DIVERGED, 201) == (trace.stop_reason, len(trace.steps))
    # 2 over the largest eigenvalue of the Hessian is 1.32229…e-5.
    assert "it was 1.4e-05; the largest stable one where it started is 1.32229e-05" in trace.message


def test_a_number_that_is_not_finite_ends_it_at_once_and_is_kept():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, learning_rate=1, steps=1000)

    assert trace.stop_reason is StopReason.NOT_FINITE
    assert len(trace.steps) < 20
    assert all(math.isfinite(step.loss) for step in trace.steps[:-1])
    last = trace.steps[-1]
    assert not (math.isfinite(last.loss) and all(map(math.isfinite, last.gradient.values())))
    assert "lower the learning rate" in trace.message


def test_a_start_without_a_finite_loss_asks_for_another_one():
    program = HandWritten({"a": ()}, lambda p: np.log(p[0]), lambda p: 1 / p, lambda p: -1 / p**2)

    trace = descend(program, {"a": -1})

    assert (StopReason.NOT_FINITE, 1) == (trace.stop_reason, len(trace.steps))
    assert trace.message == "The loss is not finite at the start (a = -1): give another start."


def test_a_point_that_no_longer_moves_is_called_stalled():
    trace = descend(bowl(), {"w": [1.0, 1.0]}, learning_rate=1, steps=50)

    assert (StopReason.STALLED, 2) == (trace.stop_reason, len(trace.steps))
    assert "exactly 0" in trace.message


def test_a_rule_that_never_moves_is_called_stalled():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, "point = point + 0*gradient", steps=50)

    assert (StopReason.STALLED, 1) == (trace.stop_reason, len(trace.steps))
    assert "The gradient's length there is 233" in trace.message


def test_an_interrupt_keeps_what_there_is():
    def interrupted(index, loss):
        if index == 5:
            raise KeyboardInterrupt

    trace = descend(rosenbrock(), learning_rate=1e-3, steps=100, on_step=interrupted)

    assert (StopReason.INTERRUPTED, 6) == (trace.stop_reason, len(trace.steps))
    assert trace.point == descend(rosenbrock(), learning_rate=1e-3, steps=5).point


def test_an_interrupt_inside_the_loss_keeps_what_there_is():
    program = rosenbrock()
    true = program._gradient

    def gradient(p):
        if p[0] > 0.015:
            raise KeyboardInterrupt
        return true(p)

    program._gradient = gradient

    trace = descend(program, {"x": 0, "y": 0}, learning_rate=1e-3, steps=100)

    assert trace.stop_reason is StopReason.INTERRUPTED
    assert trace.steps[-1].point["x"] <= 0.015


def test_on_step_hears_of_every_step():
    heard = []

    trace = descend(rosenbrock(), learning_rate=1e-3, steps=4, on_step=lambda i, loss: heard.append((i, loss)))

    assert heard == [(step.index, step.loss) for step in trace.steps]


def test_a_descent_says_when_it_ends_on_a_kink():
    program = bowl()
    program.standing = ("abs(w) has a kink at w = 0.",)

    assert "abs(w) has a kink at w = 0." in descend(program, {"w": [1.0, 1.0]}, steps=3).notes


def test_twenty_thousand_steps_are_light():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, learning_rate=1e-3, steps=20_000)

    assert len(trace.steps) == 20_001
    assert trace.points.shape == trace.gradients.shape == (20_001, 2)
    assert trace.points[-1].tolist() == [trace.point["x"], trace.point["y"]]


@pytest.mark.parametrize(
    ("argument", "value", "sentence"),
    [
        ("learning_rate", -0.1, "a negative one walks uphill"),
        ("learning_rate", 0, "must be positive and finite"),
        ("learning_rate", math.nan, "must be positive and finite"),
        ("learning_rate", "fast", "must be a number"),
        ("steps", -1, "must be 0 or more"),
        ("steps", 2.5, "must be a whole number"),
        ("tolerance", -1, "must be 0 or more and finite"),
        ("tolerance", "small", "must be a number"),
        ("compare", "centrl", "Did you mean central"),
        ("h", 0, "must be positive and finite"),
        ("optimizer", "adem", "Did you mean adam"),
        ("start", {"x": 1, "z": 2}, "z is no parameter"),
        ("start", [1.0, 2.0, 3.0], "2 numbers"),
        ("constants", {"decay": 0.5}, "has no constant 'decay'"),
    ],
)
def test_an_argument_that_cannot_be_used_is_refused_with_the_remedy(argument, value, sentence):
    with pytest.raises(InputError, match=sentence):
        descend(rosenbrock(), **{argument: value})
