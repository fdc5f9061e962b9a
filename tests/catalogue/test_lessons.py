"""The lessons' tables are what they say, and every figure in their sentences is true."""

from __future__ import annotations

import numpy as np
import pytest
from cases_at_hand import load

from symcalc.catalogue.lessons import LESSONS
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.catalogue.surfaces import SURFACES


def columns(name):
    return {column: np.array(values, float) for column, values in LESSONS[name].columns.items()}


def scaled(x):
    return (x - x.mean()) / x.std()


def ravine(*inputs):
    """Smallest and largest bend of a mean squared error over a plane through these columns."""
    design = np.column_stack([*inputs, np.ones(len(inputs[0]))])
    return np.linalg.eigvalsh(2 * design.T @ design / len(design))[[0, -1]]


def test_names_are_unique_over_all_tables():
    names = [*LOSSES, *MODELS, *SURFACES, *OPTIMIZERS, *LESSONS]

    assert len(names) == len(set(names))
    assert list(LESSONS) == ["movies", "movies3", "steplab", "passfail", "houses"]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_each_lesson_is_complete_and_fits_the_screen(lesson):
    assert len({len(values) for values in lesson.columns.values()}) == 1
    assert set(lesson.labels) == set(lesson.columns)
    assert set(lesson.predict) < set(lesson.columns)
    assert lesson.levers
    assert len(lesson.next) == 3
    lines = [line for lever in lesson.levers for line in (*lever.before, *lever.after)]
    assert max(map(len, lines)) <= 78
    assert len(f"EXPLORE  {lesson.explore}") <= 90
    for command, why in lesson.next:
        assert len(f"Next     {command}   {why}") <= 110


@pytest.mark.parametrize(("name", "correlation"), [("movies", 0.92), ("movies3", 0.96), ("steplab", 0.98)])
def test_the_stated_correlations_are_true(name, correlation):
    data = columns(name)

    assert correlation == round(np.corrcoef(data["x"], data["y"])[0, 1], 2)
    assert f"correlation {correlation}" in LESSONS[name].explore


def test_the_stated_ravines_are_true():
    for name, times in (("movies", 539_554), ("movies3", 315_007), ("steplab", 20)):
        low, high = ravine(columns(name)["x"])
        assert times == round(high / low)

    low, high = ravine(columns("movies")["x"])
    assert (1 - 2 / high * low) ** 100_000 > 0.1, "100,000 steps are too few"
    low, high = ravine(columns("steplab")["x"]) * 30
    assert round(2 / high, 4) == 0.0253
    low, high = ravine(scaled(columns("movies")["x"]))
    assert (pytest.approx(2), pytest.approx(2)) == (low, high)


def test_one_lever_of_movies_halves_the_way_left():
    data, lever = columns("movies"), LESSONS["movies"].levers[0]
    b = [70.0]
    for _ in range(lever.steps):
        residual = data["y"] - (lever.held["m"] * data["x"] + b[-1])
        b.append(b[-1] + lever.learning_rate * 2 * residual.mean())

    assert pytest.approx([70, 89.3325, 98.99875, 107.45671875], rel=1e-6) == [b[0], b[1], b[2], b[5]]


def test_movies3_comes_out_in_whole_numbers():
    data = columns("movies3")
    design = np.column_stack([data["x"], np.ones(3)])
    solution, (rss,), *_ = np.linalg.lstsq(design, data["y"], rcond=None)

    assert pytest.approx([1.5, 75], rel=1e-12) == solution
    assert pytest.approx(8750, rel=1e-12) == rss


@pytest.mark.parametrize(("name", "m", "b"), [("movies", 611 / 424, 43475 / 424), ("movies3", 1.5, 75.0)])
def test_both_levers_reach_the_minimum(name, m, b):
    data, lever = columns(name), LESSONS[name].levers[1]
    z, y = scaled(data["x"]), data["y"]
    slope = offset = 0.0
    for _ in range(lever.steps):
        residual = y - (slope * z + offset)
        slope += lever.learning_rate * 2 * np.mean(z * residual)
        offset += lever.learning_rate * 2 * np.mean(residual)

    assert pytest.approx(m, rel=1e-8) == slope / data["x"].std()
    assert pytest.approx(b, rel=1e-7) == offset - slope / data["x"].std() * data["x"].mean()


def test_passfail_reaches_the_minimum():
    data, lever = columns("passfail"), LESSONS["passfail"].levers[1]
    z, t = scaled(data["x"]), data["t"]
    w = c = 0.0
    for _ in range(lever.steps):
        gap = 1 / (1 + np.exp(-(w * z + c))) - t
        w -= lever.learning_rate * np.mean(gap * z)
        c -= lever.learning_rate * np.mean(gap)

    assert pytest.approx(2.0722625, rel=1e-4) == w / data["x"].std()
    assert np.mean(np.log1p(np.exp(w * z + c)) - t * (w * z + c)) == pytest.approx(0.38302989, rel=1e-6)


def test_houses_settle_within_their_steps():
    data, lever = columns("houses"), LESSONS["houses"].levers[0]
    inputs = [scaled(data[name]) for name in ("area", "rooms", "age", "distance")]
    design = np.column_stack([*inputs, np.ones(60)])
    theta = np.zeros(5)
    for _ in range(lever.steps):
        theta += lever.learning_rate * 2 * design.T @ (data["price"] - design @ theta) / 60
    best = np.linalg.lstsq(design, data["price"], rcond=None)[0]

    loss, least = (np.mean((data["price"] - design @ p) ** 2) for p in (theta, best))
    assert pytest.approx(least, rel=1e-3) == loss
    assert round(np.corrcoef(data["area"], data["price"])[0, 1], 2) == 0.92


def test_steplab_is_the_recipe():
    state = np.random.RandomState(225)
    x = state.rand(30, 1).reshape(30)
    y = 3 + 50 * x + state.normal(0, 3, 30)
    data = columns("steplab")

    assert x.tolist() == data["x"].tolist()
    np.testing.assert_allclose(data["y"], y, rtol=1e-14)


def test_houses_are_their_recipe():
    r = np.random.default_rng(7)
    area = np.round(r.uniform(40, 200, 60))
    rooms = np.maximum(1, np.round(area / 30 + r.normal(0, 0.7, 60)))
    age = np.round(r.uniform(0, 80, 60))
    distance = np.round(r.uniform(0.5, 25, 60), 1)
    price = np.round(60 + 2.1 * area + 8 * rooms - 0.9 * age - 4.5 * distance + r.normal(0, 20, 60))
    made = {"area": area, "rooms": rooms, "age": age, "distance": distance, "price": price}

    for name, values in columns("houses").items():
        np.testing.assert_allclose(values, made[name])


def test_the_tables_are_the_public_lessons_tables():
    cases = load("lesson.json")

    for name in ("movies", "movies3", "steplab"):
        for column, values in columns(name).items():
            assert list(map(float, cases[name][column])) == values.tolist()
    for column, values in columns("passfail").items():
        assert list(map(float, cases["logistic"][column])) == values.tolist()
    assert cases["logistic"]["formula"] == LESSONS["passfail"].loss
