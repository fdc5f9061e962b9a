"""Claims about run files: whole, exact, and good to go on from."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numeric.hand_written import bowl, line_fit, rosenbrock

from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.descent import save as saving
from symcalc.descent.loop import descend
from symcalc.descent.save import document, save
from symcalc.errors import DataError, InputError
from symcalc.sources.run_file import read_run

START = {"x": -1.2, "y": 1}


@pytest.mark.parametrize("rate", [0.001, None])
@pytest.mark.parametrize("name", [*OPTIMIZERS, "old = 0.5*old + gradient; point = point - learning_rate*old/sqrt(t)"])
def test_a_resumed_run_goes_on_bit_for_bit(name, rate, tmp_path):
    whole = descend(rosenbrock(), START, name, rate, steps=50)

    save(descend(rosenbrock(), START, name, rate, steps=20), tmp_path / "run.json")
    resumed = descend(rosenbrock(), resume=tmp_path / "run.json", steps=30)

    assert np.array_equal(whole.points, resumed.points)
    assert np.array_equal(whole.losses, resumed.losses)
    assert np.array_equal(whole.gradients, resumed.gradients)
    assert (whole.stop_reason, whole.learning_rate) == (resumed.stop_reason, resumed.learning_rate)
    assert [s.learning_rate for s in whole.steps] == [s.learning_rate for s in resumed.steps]
    assert whole.steps[35].numeric_landing == resumed.steps[35].numeric_landing


def test_a_run_resumed_twice_is_the_same_run(tmp_path):
    first = descend(rosenbrock(), START, "adam", steps=10)
    second = descend(rosenbrock(), resume=document(first), steps=10)
    third = descend(rosenbrock(), resume=document(second), steps=10)

    assert np.array_equal(descend(rosenbrock(), START, "adam", steps=30).points, third.points)


def test_a_thinned_run_resumes_bit_for_bit_from_its_end(monkeypatch):
    monkeypatch.setattr(saving, "MANY_STEPS", 10)
    monkeypatch.setattr(saving, "KEPT", 5)
    shown = document(descend(rosenbrock(), START, "momentum", 0.0005, steps=40))

    resumed = descend(rosenbrock(), resume=shown, steps=10)

    assert [0, 10, 20, 30, 40] == [step["index"] for step in shown["steps"]]
    assert list(range(40, 51)) == [step.index for step in resumed.steps]
    assert resumed.point == descend(rosenbrock(), START, "momentum", 0.0005, steps=50).point
    assert resumed.start_loss == pytest.approx(24.2)


def test_an_interrupted_run_resumes(tmp_path):
    def interrupted(index, loss):
        if index == 7:
            raise KeyboardInterrupt

    part = descend(rosenbrock(), START, "adam", steps=20, on_step=interrupted)

    resumed = descend(rosenbrock(), resume=document(part), steps=13)

    assert resumed.point == descend(rosenbrock(), START, "adam", steps=20).point


def test_a_document_says_what_json_shows(tmp_path):
    trace = descend(rosenbrock(), START, learning_rate=0.001, steps=3, compare="forward", h=0.001)

    save(trace, tmp_path / "run.json")
    found = read_run(tmp_path / "run.json")

    assert {
        "index", "point", "loss", "gradient", "slope_change", "curvature_change", "predicted_change",
        "actual_change", "numeric", "learning_rate",
    } == set(found["steps"][0])  # fmt: skip
    assert ("max_steps", trace.message) == (found["stop_reason"], found["message"])
    assert (trace.point, trace.loss) == (found["point"], found["loss"])
    assert found["steps"][-1]["actual_change"] is None
    assert found["steps"][2]["point"] == trace.steps[2].point


def test_without_a_comparison_the_numeric_slopes_are_left_out():
    assert "numeric" not in document(descend(rosenbrock(), START, steps=1))["steps"][0]


def test_numbers_that_are_not_finite_are_words():
    trace = descend(rosenbrock(), START, learning_rate=1, steps=50)

    text = json.dumps(document(trace), allow_nan=False)

    assert json.loads(text)["loss"] in ("nan", "inf")
    assert json.loads(text)["stop_reason"] == "not_finite"


def test_arrays_are_nested_lists():
    found = document(descend(bowl(), {"w": [1.0, 2.0]}, learning_rate=0.5, steps=1))

    assert [1.0, 2.0] == found["steps"][0]["point"]["w"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"start": {"x": 1, "y": 1}}, "leave the start out"),
        ({"optimizer": "momentum"}, "walks by adam"),
        ({"constants": {"decay1": 0.5}}, "keeps the constants"),
    ],
)
def test_what_a_saved_run_has_settled_cannot_be_asked_for(options, sentence):
    shown = document(descend(rosenbrock(), START, "adam", steps=3))

    with pytest.raises(InputError, match=sentence):
        descend(rosenbrock(), resume=shown, **options)


def test_a_run_of_another_loss_cannot_be_resumed():
    with pytest.raises(InputError, match="about another loss"):
        descend(rosenbrock(), resume=document(descend(line_fit([1, 2], [3, 4]), steps=1)))


@pytest.mark.parametrize("missing", ["steps", "optimizer", "t", "start_loss", "versions", "formula"])
def test_a_run_file_that_lacks_something_says_what(missing):
    shown = document(descend(rosenbrock(), START, steps=2))
    del shown[missing]

    with pytest.raises(DataError, match=f"'{missing}' is missing"):
        descend(rosenbrock(), resume=shown)


def test_a_run_of_other_versions_says_so():
    shown = document(descend(rosenbrock(), START, steps=2))
    shown["versions"]["numpy"] = "1.0"

    notes = descend(rosenbrock(), resume=shown, steps=1).notes

    assert any("saved with numpy 1.0" in note for note in notes)
