"""Claims about what stands beside each step."""

from __future__ import annotations

import numpy as np
import pytest
from cases_at_hand import load
from numeric.hand_written import bowl, line_fit, rosenbrock

from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.descent.loop import descend
from symcalc.descent.written import rule, updates


def movies(**kept):
    case = load("lesson.json")["movies"]
    return line_fit(case["x"], case["y"], mean=True, **kept)


def lesson(**options):
    return descend(movies(m=1.417), {"b": 70}, learning_rate=0.25, steps=5, compare="forward", h=0.001, **options)


def test_the_first_step_shows_the_lessons_numbers():
    step = lesson().steps[0]

    assert {"b": -77.33} == pytest.approx(step.gradient)
    assert -1494.98 == pytest.approx(step.slope_change, abs=0.005)
    assert 373.75 == pytest.approx(step.curvature_change, abs=0.005)
    assert -1121.24 == pytest.approx(step.predicted_change, abs=0.005)
    assert -1121.24 == pytest.approx(step.actual_change, abs=0.005)


def test_the_prediction_is_exact_for_a_squared_loss():
    for step in descend(movies(), {"m": 0, "b": 0}, learning_rate=1e-5, steps=20).steps[:-1]:
        assert step.actual_change == pytest.approx(step.predicted_change, rel=1e-9)


def test_the_numeric_slope_of_the_lesson_is_off_by_h():
    for step in lesson().steps:
        assert 0.001 == pytest.approx(step.numeric["b"] - step.gradient["b"], abs=1e-8)


def test_the_numeric_slope_would_land_a_quarter_of_the_gap_away():
    step = lesson().steps[0]

    assert 89.33225 == pytest.approx(step.numeric_landing["b"], abs=1e-8)


def test_without_a_method_the_numeric_slope_is_a_central_difference():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, learning_rate=1e-3, steps=2)

    assert trace.compare is None
    assert {"x": -215.6, "y": -88} == pytest.approx(trace.steps[0].numeric, rel=1e-9)


def test_the_last_step_has_no_next_one():
    last = lesson().steps[-1]

    assert [None] * 7 == [
        last.update, last.learning_rate, last.slope_change, last.curvature_change, last.predicted_change,
        last.actual_change, last.numeric_landing,
    ]  # fmt: skip
    assert updates(last) == ()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_numeric_landing_is_where_the_step_itself_lands(name):
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, name, 0.001, steps=6)

    # Also out of order: what the optimizer remembered is worked out again.
    for k in (3, 0, 5, 4, 1):
        assert trace.steps[k + 1].point == pytest.approx(trace.steps[k].numeric_landing, rel=1e-6)


def test_the_update_is_the_step_that_was_made():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, "momentum", 0.001, steps=6)
    for step, following in zip(trace.steps, trace.steps[1:]):
        assert {n: following.point[n] - step.point[n] for n in ("x", "y")} == step.update


def test_steps_can_be_counted_from_the_end_and_cut():
    trace = lesson()

    assert trace.steps[-1].index == 5
    assert [1, 2] == [step.index for step in trace.steps[1:3]]
    with pytest.raises(IndexError):
        trace.steps[6]


def test_points_given_out_are_copies():
    trace = descend(bowl(), {"w": [1.0, 2.0]}, learning_rate=0.5, steps=2)
    trace.steps[0].point["w"][0] = 99

    assert trace.steps[0].point["w"].tolist() == [1.0, 2.0]


def test_an_update_is_written_with_its_numbers_put_in():
    (update,) = updates(lesson().steps[0], numeric=True)

    assert update.symbolic == "b ← b - 0.25·dL/db"
    assert update.numbers == "b ← 70 - 0.25·(-77.33) = 89.3325"
    assert 89.33225 == pytest.approx(update.numeric_landing, abs=1e-8)


def test_an_update_can_be_plain_ascii():
    (update,) = updates(lesson().steps[0], digits=4, ascii=True)

    assert update.symbolic == "b <- b - 0.25*dL/db"
    assert update.numbers == "b <- 70 - 0.25*(-77.33) = 89.33"


def test_a_rule_with_memory_is_written_with_what_it_remembers():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, "momentum", 0.001, steps=3)

    assert updates(trace.steps[0])[0].symbolic == "x ← x - 0.001·velocity"
    assert updates(trace.steps[0])[0].numbers == "x ← -1.2 - 0.001·(-215.6) = -0.9844"


def test_adam_is_written_in_full():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, "adam", 0.1, steps=3)

    assert updates(trace.steps[0])[0].numbers == (
        "x ← -1.2 - 0.1·(-21.56/(1 - 0.9^1))/(sqrt(46.4834/(1 - 0.999^1)) + 1e-08) = -1.1"
    )


def test_entries_of_arrays_have_their_own_updates():
    trace = descend(bowl(3), {"w": [1.0, -2.0, 3.0]}, learning_rate=0.5, steps=1)

    assert updates(trace.steps[0], limit=2)[1].symbolic == "w[1] ← w[1] - 0.5·∂L/∂w[1]"
    assert updates(trace.steps[0], limit=2)[1].numbers == "w[1] ← -2 - 0.5·(-2) = -1"
    assert len(updates(trace.steps[0], limit=2)) == 2


def test_the_rule_of_a_trace_keeps_a_changing_rate_by_name():
    trace = descend(rosenbrock(), steps=3)

    assert rule(trace) == ("x ← x - learning_rate·∂L/∂x", "y ← y - learning_rate·∂L/∂y")


def test_each_landing_is_the_next_point():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, "nesterov", 0.001, steps=5)
    for step, following in zip(trace.steps, trace.steps[1:]):
        landings = [update.landing for update in updates(step)]

        assert list(following.point.values()) == pytest.approx(landings, rel=1e-15)


def test_losses_are_those_of_the_points():
    trace = descend(rosenbrock(), {"x": -1.2, "y": 1}, learning_rate=0.001, steps=5)

    assert np.array_equal(trace.losses, [step.loss for step in trace.steps])
    assert trace.losses[0] == 24.199999999999996 == pytest.approx(24.2)
