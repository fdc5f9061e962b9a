"""Claims about many descents at once: each goes as it would have gone by itself."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from descent.hand_loops import RULES, himmelblau, walked

import symcalc as sc
from symcalc.compute import native, native_lanes

HIMMELBLAU = sc.compile(sc.differentiate(sc.parse("(x^2 + y - 11)^2 + (x + y^2 - 7)^2")))
RNG = np.random.default_rng(7)
STARTS, RATES = RNG.uniform(-4, 4, (21, 2)), 10 ** RNG.uniform(-4, -0.5, 21)
needs_compiler = pytest.mark.skipif(native.compiler() is None, reason="there is no C compiler")
ENGINES = ["python", pytest.param("native", marks=needs_compiler)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", RULES)
def test_every_run_goes_as_one_written_by_hand(name, engine):
    batch = sc.descend_many(HIMMELBLAU, STARTS[:9], name, 0.004, 150, engine=engine, history=True)

    for k, start in enumerate(STARTS[:9]):
        points, losses, _ = walked(himmelblau, RULES[name], start.tolist(), 0.004, 150)
        assert points[-1] == pytest.approx(batch.points[k], rel=1e-11, abs=1e-11)
        told = batch.history[k][: batch[k].steps + 1]
        assert losses[: len(told)] == pytest.approx(told, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("tolerance", [None, 1e-4])
@pytest.mark.parametrize("name", ["gradient-descent", "momentum", "adam"])
def test_every_run_ends_as_a_single_one_to_the_last_bit(name, tolerance, engine):
    batch = sc.descend_many(HIMMELBLAU, STARTS, name, RATES, 800, tolerance, engine=engine, history=True)
    alone = [
        sc.descend(HIMMELBLAU, start, name, rate, 800, tolerance, engine="ordinary")
        for start, rate in zip(STARTS, RATES)
    ]

    for trace, end in zip(alone, batch):
        assert (trace.stop_reason, len(trace.steps) - 1) == (end.stop_reason, end.steps)
        assert np.array_equal(trace.points[-1], batch.points[end.index], equal_nan=True)
        assert np.array_equal(trace.losses, batch.history[end.index][: end.steps + 1], equal_nan=True)


def test_starts_come_by_name_as_rows_or_as_a_list():
    xs, ys = STARTS.T
    batches = [
        sc.descend_many(HIMMELBLAU, start, learning_rate=0.01, steps=50)
        for start in ({"x": xs, "y": ys}, STARTS, [{"x": x, "y": y} for x, y in STARTS])
    ]

    assert np.array_equal(batches[0].points, batches[1].points)
    assert np.array_equal(batches[0].points, batches[2].points)


def test_one_start_holds_for_all_rates_and_one_value_for_all_starts():
    rates = sc.descend_many(HIMMELBLAU, {"x": 1, "y": 2}, learning_rate=[0.001, 0.01, 0.5], steps=20)
    line = sc.descend_many(HIMMELBLAU, {"x": [0.0, 1.0], "y": 2.0}, learning_rate=0.01, steps=0)

    assert ["max_steps", "max_steps", "not_finite"] == [reason.word for reason in rates.stop_reasons]
    assert [0.001, 0.01, 0.5] == rates.learning_rates.tolist()
    assert [[0, 2], [1, 2]] == line.points.tolist()


def test_a_vector_has_one_axis_more():
    of = sc.compile(sc.differentiate(sc.parse("sum((w - 3)^2)", parameters={"w": (2,)})))

    batch = sc.descend_many(of, {"w": np.zeros((4, 2))}, learning_rate=0.25, steps=2)

    # Each step halves the way to 3.
    assert (4, [2.25, 2.25]) == (len(batch), batch[3].point["w"].tolist())


def test_the_best_run_is_the_lowest():
    batch = sc.descend_many(HIMMELBLAU, STARTS, learning_rate=RATES, steps=60)

    assert batch.best.loss == min(loss for loss in batch.losses if np.isfinite(loss))


def test_what_cannot_be_written_out_walks_one_run_after_the_other():
    of = sc.compile(sc.differentiate(sc.parse("abs(x) + x^2")))

    batch = sc.descend_many(of, {"x": [1.0, -2.0]}, learning_rate=0.1, steps=5)

    assert "ordinary" == batch.engine
    assert [sc.descend(of, {"x": x}, learning_rate=0.1, steps=5).loss for x in (1.0, -2.0)] == batch.losses.tolist()


def test_without_a_rate_every_step_of_every_run_chooses_its_own():
    batch = sc.descend_many(HIMMELBLAU, STARTS[:2], steps=200)

    assert batch[0].learning_rate is None
    assert batch.losses == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("start", "rate", "words"),
    [
        ({"x": [1.0, 2.0], "y": [1.0, 2.0, 3.0]}, 0.1, "y has 3 starts, another parameter 2"),
        ({"x": [[1.0]]}, 0.1, "The starts of x have shape"),
        (np.zeros((3, 5)), 0.1, "Starts are rows of 2 numbers, in the order x, y"),
        (STARTS, [0.1, 0.2], "There are 21 starts and 2 learning rates"),
        (STARTS, [[0.1]], "learning_rate is one number, or one number a run"),
        ({"z": [1.0]}, 0.1, "z"),
    ],
)
def test_what_cannot_be_used_is_said(start, rate, words):
    with pytest.raises(sc.InputError, match=words):
        sc.descend_many(HIMMELBLAU, start, learning_rate=rate)


def test_without_a_compiler_all_runs_go_in_step():
    with mock.patch.object(native, "compiler", return_value=None):
        batch = sc.descend_many(HIMMELBLAU, STARTS, learning_rate=0.01, steps=5000)
        with pytest.raises(sc.InputError, match="C compiler"):
            sc.descend_many(HIMMELBLAU, STARTS, learning_rate=0.01, engine="native")

    assert "numpy" == batch.engine


@needs_compiler
@pytest.mark.parametrize("more", [0, 1, 2, 3, 31])
def test_no_bit_depends_on_which_runs_step_side_by_side(more):
    count = native_lanes.TOGETHER + more
    starts, rates = RNG.uniform(-4, 4, (count, 2)), 10 ** RNG.uniform(-4, -0.5, count)
    asked = {"optimizer": "momentum", "steps": 500, "tolerance": 1e-4, "history": True}
    native_runs = sc.descend_many(HIMMELBLAU, starts, learning_rate=rates, engine="native", **asked)
    in_step = sc.descend_many(HIMMELBLAU, starts, learning_rate=rates, engine="python", **asked)

    assert in_step.stop_reasons == native_runs.stop_reasons
    for part in ("points", "losses", "steps", "history"):
        assert np.array_equal(getattr(in_step, part), getattr(native_runs, part), equal_nan=True), part
