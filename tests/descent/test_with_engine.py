"""Claims about derived losses: the whole way from a formula to a descent."""

from __future__ import annotations

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.descent.loop import descend
from symcalc.descent.save import document
from symcalc.descent.stopping import StopReason
from symcalc.numeric.comparison import compare
from symcalc.sources.run_file import plain


def program(text, **given):
    return sc.compile(sc.differentiate(sc.parse(text, **given)))


def movies(text="mean((y - (m*x + b))^2)", **given):
    case = load("lesson.json")["movies"]
    data = {name: np.array(case[name], dtype=float) for name in ("x", "y")}
    return program(text, data=data, **given)


def test_the_lesson_comes_out_to_nine_digits():
    for run in load("lesson.json")["movies"]["descents on mse from m=0 b=0"]:
        trace = descend(movies(), {"m": 0, "b": 0}, learning_rate=float(run["learning_rate"]), steps=run["steps"])

        assert {"m": float(run["m"]), "b": float(run["b"])} == pytest.approx(trace.point, rel=1e-9)


def test_one_lever_shows_the_lessons_first_step():
    step = descend(
        movies(constants={"m": 1.417}), {"b": 70}, learning_rate=0.25, steps=1, compare="forward", h=0.001
    ).steps[0]

    assert {"b": -77.33} == pytest.approx(step.gradient)
    assert step.actual_change == pytest.approx(step.predicted_change, rel=1e-9)
    assert {"b": 89.33225} == pytest.approx(step.numeric_landing, abs=1e-8)


def test_both_levers_reach_the_optimum_on_standardized_budgets():
    trace = descend(
        movies("z = (x - mean(x))/std(x);  yhat = m*z + b;  mean((y - yhat)^2)"), learning_rate=0.25, steps=60
    )

    assert {"m": 148.363915, "b": 470} == pytest.approx(trace.point, rel=1e-8)


def test_a_classifier_reaches_its_optimum():
    case = load("lesson.json")["logistic"]
    data = {"x": np.array(case["x"], dtype=float), "t": np.array(case["t"], dtype=float)}

    trace = descend(program(case["formula"], data=data), learning_rate=0.5, steps=20_000, tolerance=1e-12)

    assert trace.steps[0].point == {"w": 0, "c": 0}
    assert {k: float(case["optimum"][k]) for k in ("w", "c")} == pytest.approx(trace.point, rel=1e-9)


def test_a_network_starts_where_its_slopes_do_not_vanish():
    data = {"x": np.linspace(-1, 1, 9), "y": np.linspace(-1, 1, 9) ** 2}

    trace = descend(program("mean((y - (a*tanh(w*x + c) + d))^2)", data=data), steps=50)

    assert any("by symmetry" in note for note in trace.notes)
    assert trace.loss < trace.steps[0].loss


def test_every_method_meets_the_reference_on_data():
    for row in compare(movies(), {"m": 1.417, "b": 133.33}).rows:
        assert float(row.reference) == pytest.approx(row.symbolic, rel=1e-14)
        assert row.numeric == pytest.approx(row.symbolic, rel=1e-4)


def test_the_complex_step_does_not_apply_to_an_absolute_value():
    rows = compare(movies("mean(abs(y - (m*x + b)))"), {"m": 1.4, "b": 100}, "complex-step").rows

    assert [None, None] == [row.numeric for row in rows]
    assert all("does not apply" in row.note for row in rows)


def test_a_run_of_a_derived_loss_resumes_bit_for_bit():
    whole = descend(movies(), {"m": 0, "b": 0}, "adam", 0.1, steps=30)

    resumed = descend(movies(), resume=document(descend(movies(), {"m": 0, "b": 0}, "adam", 0.1, steps=12)), steps=18)

    assert np.array_equal(whole.points, resumed.points)


def test_a_document_holds_what_predictions_take_from_the_training_data():
    text = "z = (x - mean(x))/std(x);  yhat = m*z + b;  mean((y - yhat)^2)"
    trace = descend(movies(text), learning_rate=0.25, steps=30)

    found = document(trace)

    assert found["training"] == plain(trace.program.training_values(trace.point)) != {}
    assert [{"name": "m", "shape": []}, {"name": "b", "shape": []}] == found["parameters"]


def test_leaving_the_finite_numbers_names_the_place():
    trace = descend(program("log(a) + 0*b"), {"a": 0.5, "b": 1}, learning_rate=1, steps=5)

    assert trace.stop_reason is StopReason.NOT_FINITE
    assert "log(a)" in trace.message
