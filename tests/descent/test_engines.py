"""Claims about compiled descents: they walk as a loop written by hand, and as the ordinary loop, to the last bit."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from descent.hand_loops import RULES, SURFACES, rosenbrock, walked

import symcalc as sc
from symcalc.catalogue.optimizers import OPTIMIZERS
from symcalc.compute import native
from symcalc.descent import engines
from symcalc.descent.stopping import StopReason

START = (-0.7, 0.4)
needs_compiler = pytest.mark.skipif(native.compiler() is None, reason="there is no C compiler")
ENGINES = [
    "python",
    pytest.param("c", marks=needs_compiler),
    pytest.param("numba", marks=pytest.mark.skipif(not native.has_numba(), reason="numba is not installed")),
]


def program(text, **given):
    return sc.compile(sc.differentiate(sc.parse(text, **given)))


PROGRAMS = {text: program(text) for text in SURFACES}


def by(engine, of, **asked):
    """A descent by one engine and no other."""
    absent = mock.patch.object(native, "c_loops", return_value=None)
    if engine == "numba":
        with absent:
            trace = sc.descend(of, **asked, engine="native")
    else:
        trace = sc.descend(of, **asked, engine="native" if engine == "c" else engine)
    assert trace.engine == engine
    return trace


def same(one, two):
    """Whether two runs are the same to the last bit, and say the same."""
    return (
        np.array_equal(one.points, two.points, equal_nan=True)
        and np.array_equal(one.losses, two.losses, equal_nan=True)
        and np.array_equal(one.gradients, two.gradients, equal_nan=True)
        and np.array_equal(one.walked.record.rates, two.walked.record.rates)
        and all(map(np.array_equal, one.walked.record.last.state, two.walked.record.last.state))
        and (one.stop_reason, one.message, one.notes) == (two.stop_reason, two.message, two.notes)
    )


def test_every_elementwise_optimizer_is_written_by_hand():
    assert set(OPTIMIZERS) == set(RULES)


@pytest.mark.parametrize("engine", ["python", pytest.param("c", marks=needs_compiler)])
@pytest.mark.parametrize("text", SURFACES)
@pytest.mark.parametrize("name", RULES)
def test_a_compiled_descent_walks_as_one_written_by_hand(name, text, engine):
    points, losses, gradients = walked(SURFACES[text], RULES[name], START, 2.0**-10, 300)

    trace = by(engine, PROGRAMS[text], start=START, optimizer=name, learning_rate=2.0**-10, steps=300)

    # The hand-written slopes round otherwise here and there: some hundred roundings in 300 steps.
    assert trace.points == pytest.approx(np.array(points), rel=1e-12, abs=1e-13)
    assert trace.losses == pytest.approx(np.array(losses), rel=1e-12, abs=1e-12)
    assert trace.gradients == pytest.approx(np.array(gradients), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_operations_in_the_same_order_give_the_same_bits(engine):
    points, losses, gradients = walked(rosenbrock, RULES["gradient-descent"], START, 2.0**-10, 5000)

    trace = by(engine, PROGRAMS[next(iter(SURFACES))], start=START, learning_rate=2.0**-10, steps=5000)

    assert np.array_equal(points, trace.points)
    assert np.array_equal(losses, trace.losses)
    assert np.array_equal(gradients, trace.gradients)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", SURFACES)
def test_every_engine_gives_the_bits_of_the_ordinary_loop(text, engine):
    for name in RULES if engine != "numba" else ("adam",):
        asked = {"start": START, "optimizer": name, "learning_rate": 0.003, "steps": 700}

        assert same(sc.descend(PROGRAMS[text], **asked, engine="ordinary"), by(engine, PROGRAMS[text], **asked)), name


OWN = "m = 0.5*m + sign(gradient)*min(abs(gradient), 3); point = point - learning_rate*m/(1 + floor(t/50))"
ENDINGS = [
    ("converged", {"learning_rate": 0.01, "tolerance": 1e-6}),
    ("stalled", {"learning_rate": 0.01}),
    ("stalled", {"start": (3.0, 2.0), "learning_rate": 0.01, "optimizer": "momentum"}),
    ("stalled", {"learning_rate": 1e-20, "optimizer": "momentum"}),
    ("not_finite", {"learning_rate": 0.5}),
    ("max_steps", {"learning_rate": 0.001, "optimizer": OWN, "steps": 900}),
    ("max_steps", {"learning_rate": 0.02, "optimizer": "adam", "constants": {"decay1": 0.5}, "steps": 200}),
    ("max_steps", {"learning_rate": 0.02, "steps": 0}),
]


@pytest.mark.parametrize("engine", ["python", pytest.param("c", marks=needs_compiler)])
@pytest.mark.parametrize(("word", "asked"), ENDINGS)
def test_a_compiled_descent_ends_where_and_why_the_ordinary_one_does(word, asked, engine):
    asked = {"start": (1.0, 2.0), "steps": 4000, **asked}
    of = PROGRAMS["(x^2 + y - 11)^2 + (x + y^2 - 7)^2"]
    ordinary = sc.descend(of, **asked, engine="ordinary")

    assert word == ordinary.stop_reason.word
    assert same(ordinary, by(engine, of, **asked))


def test_where_plain_floats_raise_the_ordinary_loop_takes_over():
    of = program("exp(x)/(y - 1) + x^2")
    asked = {"start": {"x": 3.0, "y": 1.0 + 2.0**-20}, "learning_rate": 1e-4, "steps": 200}

    assert same(sc.descend(of, **asked, engine="ordinary"), by("python", of, **asked))


@pytest.mark.parametrize("engine", ["python", pytest.param("c", marks=needs_compiler)])
def test_vectors_and_small_data_are_written_out(engine):
    x, y = np.array([1.0, 2, 3, 4, 5.5]), np.array([1.0, 3, 2, 5, 4])
    of = program("mean((y - (m*x + b))^2) + dot(w, w)", data={"x": x, "y": y}, parameters={"m": (), "b": (), "w": (3,)})
    m, b, w = 0.0, 0.0, np.array([1.0, -2, 3])
    for _ in range(400):
        r = y - (m * x + b)
        m, b, w = m + 0.02 * np.mean(r * x), b + 0.02 * np.mean(r), w - 0.02 * w

    trace = by(engine, of, start={"m": 0, "b": 0, "w": [1, -2, 3]}, learning_rate=0.01, steps=400)

    assert (m, b) == pytest.approx((trace.point["m"], trace.point["b"]), rel=1e-12)
    assert w == pytest.approx(trace.point["w"], rel=1e-12)


def test_steps_are_made_when_looked_at():
    trace = sc.descend(PROGRAMS["x^2 + 3*y^2 + x*y"], {"x": 1, "y": 1}, learning_rate=1e-7, steps=20_000)

    assert trace.engine != "ordinary"
    assert (20_001, 19_999) == (len(trace.steps), trace.steps[-2].index)
    assert trace.steps[7].predicted_change == pytest.approx(trace.steps[7].actual_change, rel=1e-6)


def test_the_choice_is_made_by_the_length_of_the_run_and_never_changes_a_bit():
    of, asked = PROGRAMS["x^2 + 3*y^2 + x*y"], {"start": (1, 1), "learning_rate": 1e-4}

    assert sc.descend(of, **asked, steps=10).engine == "ordinary"
    assert same(sc.descend(of, **asked, steps=2000), sc.descend(of, **asked, steps=2000, engine="ordinary"))


@pytest.mark.parametrize(
    "asked",
    [
        {"line_search": "armijo"},
        {"schedule": "cosine", "learning_rate": 0.1},
        {"bounds": {"x": (0, 1)}, "learning_rate": 0.1},
    ],
)
def test_what_is_not_covered_walks_as_ever(asked):
    assert sc.descend(PROGRAMS["x^2 + 3*y^2 + x*y"], (1, 1), steps=1500, **asked).engine == "ordinary"


def test_kinks_and_rules_over_whole_vectors_are_refused_with_a_reason():
    with pytest.raises(sc.InputError, match="kinks"):
        sc.descend(program("abs(x) + x^2"), {"x": 1}, learning_rate=0.1, engine="python")
    with pytest.raises(sc.InputError, match="whole vectors"):
        sc.descend(program("x^2"), {"x": 1}, "barzilai-borwein", engine="python")
    with pytest.raises(sc.InputError, match="There is no engine 'gpu'; there are ordinary, python, native"):
        sc.descend(program("x^2"), {"x": 1}, learning_rate=0.1, engine="gpu")


def test_without_compiler_and_numba_the_run_falls_back_quietly():
    with (
        mock.patch.object(native, "compiler", return_value=None),
        mock.patch.object(native, "has_numba", return_value=False),
    ):
        trace = sc.descend(PROGRAMS["x^2 + 3*y^2 + x*y"], (1, 1), learning_rate=1e-9, steps=300_000)
        with pytest.raises(sc.InputError, match=r"symcalc-explorer\[native\]"):
            sc.descend(PROGRAMS["x^2 + 3*y^2 + x*y"], (1, 1), learning_rate=1e-9, engine="native")

    assert (trace.engine, len(trace.steps)) == ("python", 300_001)


def test_an_interrupt_keeps_what_there_is():
    of, chunks = PROGRAMS["x^2 + 3*y^2 + x*y"], []
    chunk = engines.InPython._chunk

    def interrupted(self, *asked):
        if len(chunks) == 2:
            raise KeyboardInterrupt
        chunks.append(asked)
        return chunk(self, *asked)

    with mock.patch.object(engines.InPython, "_chunk", interrupted):
        trace = sc.descend(of, (1, 1), learning_rate=1e-9, steps=10**9, engine="python")

    assert trace.stop_reason is StopReason.INTERRUPTED
    assert len(trace.steps) == 2 * engines.PYTHON_CHUNK + 1


def test_a_run_that_is_saved_and_resumed_has_the_bits_of_one_that_was_not(tmp_path):
    of, asked = PROGRAMS["x^2 + 3*y^2 + x*y"], {"learning_rate": 1e-3, "optimizer": "momentum"}
    whole = sc.descend(of, (1, 1), steps=3000, **asked)
    sc.descend(of, (1, 1), steps=1500, save=tmp_path / "run.json", **asked)

    rest = sc.descend(of, resume=tmp_path / "run.json", steps=1500)

    assert whole.engine != "ordinary"
    assert np.array_equal(whole.points[-1], rest.points[-1])


def test_whoever_wants_to_see_every_step_sees_every_step():
    seen = []

    def on_step(index, loss):
        seen.append(index)

    sc.descend(PROGRAMS["x^2 + 3*y^2 + x*y"], (1, 1), learning_rate=1e-3, steps=1500, on_step=on_step)

    assert list(range(1501)) == seen
