"""What a descent knows before its first step: a rate that must fail, and the rate it picks itself."""

from __future__ import annotations

import re

import numpy as np
import pytest

import symcalc as sc

RSS = "sum((y - (m*x + b))^2)"


def program(text, data=None, **declared):
    return sc.compile(sc.differentiate(sc.parse(text, data, **declared)))


def test_0026_on_steplab_is_named_before_it_runs_and_then_it_diverges():
    trace = sc.descend(program(RSS, "steplab"), {"m": 43, "b": 12}, learning_rate=0.026, steps=200)

    assert trace.notes[0].startswith("0.026 > 0.0253285 = 2/λmax: the error grows 1.05-fold a step along b + 0.581·m")
    assert "a rate below 0.0253285" in trace.notes[0]
    assert trace.stop_reason.word == "diverged"
    growth = np.diff(np.log(trace.losses[-20:]))
    # The loss grows by the square of what the error grows by.
    assert np.exp(growth / 2) == pytest.approx(0.026 * 78.962320036848548534 - 1, rel=1e-6)


def test_the_remedies_for_0026_keep_their_word():
    start, made = {"m": 43, "b": 12}, program(RSS, "steplab")
    (note,) = (n for n in sc.descend(made, start, learning_rate=0.026, steps=1).notes if "0.026 >" in n)

    below, best = (
        float(re.search(rf"{p}", note)[1]) for p in (r"a rate below (\S+);", r"(\S+) is the best constant one")
    )
    # So close to the limit it comes down slowly, but at every step; just above the limit it climbs.
    assert (np.diff(sc.descend(made, start, learning_rate=below, steps=2000).losses[200:]) < 0).all()
    assert (np.diff(sc.descend(made, start, learning_rate=below + 1e-7, steps=2000).losses[200:]) > 0).all()
    # At the best rate (condition - 1)/(condition + 1) of the error is left after a step.
    errors = np.linalg.norm(
        sc.descend(made, start, learning_rate=best, steps=40).points - [49.894483319171475338, 3.1321182474669780612],
        axis=1,
    )
    assert errors[-1] / errors[0] == pytest.approx(
        ((20.156308781608690302 - 1) / (20.156308781608690302 + 1)) ** 40, rel=1e-3
    )
    assert "standardize x: (x - mean(x))/std(x) makes the condition 20.1563 → 1" in note
    round_bowl = program("z = (x - mean(x))/std(x);  sum((y - (m*z + b))^2)", "steplab")
    assert sc.step_sizes(round_bowl, {"m": 0, "b": 0}).condition == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize(("rate", "named"), [(0.99, False), (1.01, True)])
@pytest.mark.parametrize("optimizer", ["gradient-descent", "momentum", "nesterov"])
def test_a_rate_is_named_on_one_side_of_the_limit_only(optimizer, rate, named):
    made = program(RSS, "steplab")
    limit = sc.step_sizes(made, {"m": 0, "b": 0}, optimizer=optimizer).largest

    trace = sc.descend(made, {"m": 0, "b": 0}, optimizer, learning_rate=rate * limit, steps=2)

    assert any(">" in note for note in trace.notes) is named


def test_a_quadratic_that_is_no_ravine_gets_the_best_constant_rate_and_is_told_why():
    made = program(RSS, "steplab")

    trace = sc.descend(made, {"m": 43, "b": 12}, steps=5)

    assert trace.learning_rate == pytest.approx(2 / (78.962320036848548534 + 3.9174990268504164997), rel=1e-12)
    assert "the best constant one" in trace.notes[0]


def test_a_ravine_is_left_to_backtracking_and_is_told_why():
    trace = sc.descend(program("mean((y - (m*x + b))^2)", "movies"), {"m": 0, "b": 0}, steps=5)

    assert trace.learning_rate is None
    assert "The condition is 539,554" in trace.notes[0]
    assert "standardize x" in trace.notes[0]
    assert "halves it" in trace.notes[1]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("(1 - x)^2 + 100*(y - x^2)^2", {"x": 0, "y": 0}),
        ("x^2 - y^2", {"x": 1, "y": 1}),
        ("x^2 + y", {"x": 1, "y": 1}),
        ("abs(x) + abs(y)", {"x": 1, "y": 1}),
    ],
)
def test_what_is_no_bowl_is_left_to_backtracking(text, start):
    trace = sc.descend(program(text, parameters=["x", "y"]), start, steps=3)

    assert trace.learning_rate is None
    assert [note for note in trace.notes if "halves it" in note]


def test_many_parameters_are_judged_by_products():
    made = program("sum(s*w^2)/2", constants={"s": np.linspace(1, 30, 150)}, parameters={"w": (150,)})

    trace = sc.descend(made, np.ones(150), learning_rate=0.07, steps=2)

    found = re.match(r"0\.07 > ([\d.]+), the largest stable rate by the steepest bend", trace.notes[0])
    # A few products may find a bend a little below the steepest, 30.
    assert 2 / 30 <= float(found[1]) < 1.01 * 2 / 30


def test_running_out_of_steps_says_how_many_are_missing():
    made = program(RSS, "steplab")
    slow = sc.descend(made, {"m": 43, "b": 12}, learning_rate=0.001, steps=10)
    best = sc.descend(made, {"m": 43, "b": 12}, steps=10)

    assert slow.message.endswith(
        "raise steps or the learning rate: 0.0241313 is the best constant one, and 140 steps at it would leave a millionth "
        "of the error."
    )
    assert best.message.endswith("raise steps: 140 more would leave a millionth of the error.")
    # The promise holds, to the step.
    minimum = np.array(list(sc.step_sizes(made, {"m": 0, "b": 0}).minimum.values()))
    more = sc.descend(made, best.point, learning_rate=best.learning_rate, steps=140)
    errors = np.linalg.norm(more.points - minimum, axis=1)
    assert errors[140] <= 1e-6 * errors[0] < errors[138]


def test_a_loss_with_kinks_is_not_told_to_take_larger_steps():
    made = program("mean(abs(y - (m*x + b)))", "steplab")
    run = sc.descend(made, {"m": 43, "b": 12}, learning_rate=1e-4, steps=10)

    assert run.message.endswith("raise steps, and let the learning rate fall on the way: the loss has kinks.")
