"""Two descents in lockstep: ends by algebra, numeric runs by hand-written differences, figures of the lesson."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.compute.batches import Batches
from symcalc.descent.side_by_side import side_by_side
from symcalc.errors import InputError

RSS = "sum((y - (m*x + b))^2)"
MSE = "mean((y - (m*x + b))^2)"


def program(text, data=None, **declared):
    return sc.compile(sc.differentiate(sc.parse(text, data, **declared)))


def beside(text, start, method="forward", h=1e-3, data=None, constants=None, **walk):
    return sc.descend(program(text, data, constants=constants), start, compare=method, h=h, **walk).side_by_side


# -- ends by algebra -----------------------------------------------------------------------------


@pytest.mark.parametrize("c", [0.5, 1, 7])
@pytest.mark.parametrize(("method", "sign"), [("forward", -1), ("backward", 1), ("central", 0)])
def test_the_minimum_of_a_parabola_moves_by_half_a_step(c, method, sign):
    # (c(x+h-3)² - c(x-3)²)/h = 2c(x-3) + ch, which is 0 at 3 - h/2.
    side = beside(f"{c}*(x - 3)^2", {"x": 0}, method, 0.01, learning_rate=0.2 / c, steps=200)

    assert side.numeric.points[-1] == pytest.approx(3 + sign * 0.005, abs=1e-11)
    assert side.apart == pytest.approx(sign * 0.005, abs=1e-11)
    assert (side.why.shift is None) is (method == "central")
    if sign:
        assert side.why.shift == pytest.approx(sign * 0.005, rel=1e-12)
        assert side.why.settled


@pytest.mark.parametrize("steps", [1, 2, 5, 40])
def test_how_far_apart_two_runs_down_a_parabola_are_after_some_steps(steps):
    # The distance obeys d ← (1 - 2cη)·d - η·c·h, so it is -h/2·(1 - (1 - 2cη)^N).
    side = beside("3*(x - 3)^2", {"x": 0}, "forward", 0.01, learning_rate=0.05, steps=steps)

    expected = -0.005 * (1 - (1 - 2 * 3 * 0.05) ** steps)
    assert side.apart == pytest.approx(expected, rel=1e-8)
    assert side.why.closed_form
    assert side.why.expected == pytest.approx(expected, rel=1e-10)


def test_in_two_parameters_the_shift_is_minus_the_inverse_hessian_times_the_gap():
    # Movies: H = [[151250, 510], [510, 2]], its determinant 42400, the gap h/2·(151250, 2) = (75.625, 0.001).
    side = beside(MSE, {"m": 0, "b": 0}, data="movies", optimizer="newton", steps=20)

    expected = [-(2 * 75.625 - 510 * 0.001) / 42400, (510 * 75.625 - 151250 * 0.001) / 42400]
    assert side.why.shift == pytest.approx(expected, rel=1e-9)
    assert side.apart == pytest.approx(expected, rel=1e-5)
    assert side.compared.startswith("Only slopes are measured")


@pytest.mark.parametrize("h", [0.1, 0.01])
def test_a_central_difference_moves_the_minimum_by_the_third_derivative(h):
    # The central difference of exp(a) - 2a is exp(a)·sinh(h)/h - 2, which is 0 at log(2h/sinh(h)).
    side = beside("exp(a) - 2*a", {"a": 0}, "central", h, learning_rate=0.4, steps=100)

    assert side.apart == pytest.approx(math.log(h / math.sinh(h)), rel=1e-6)
    # Taylor's first term: h²/6·f'''/f''.
    assert side.why.shift == pytest.approx(-h * h / 6, rel=1e-6)
    assert side.why.expected == pytest.approx(side.apart, rel=h * h)
    assert not side.why.closed_form


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
@pytest.mark.parametrize("steps", [3, 40])
def test_rules_with_memory_have_a_closed_form_too(optimizer, steps):
    side = beside(
        RSS, {"m": 43, "b": 12}, data="steplab", optimizer=optimizer, learning_rate=0.005, h=0.01, steps=steps
    )

    assert side.why.closed_form
    assert side.why.expected == pytest.approx(side.apart, rel=1e-7)
    assert side.why.loss_expected == pytest.approx(side.numeric.losses[-1] - side.exact.losses[-1], rel=1e-5)


# -- figures of the lesson -----------------------------------------------------------------------


def test_the_gap_of_steplab_is_n_times_h_and_moves_the_intercept_by_half_of_h():
    case = load("lesson.json")["steplab"]
    kept = case["descent in b only, m=43, rate 0.01 on rss, from 3"]["b"]
    side = beside(RSS, {"b": 3}, data="steplab", constants={"m": 43}, learning_rate=0.01, steps=5)

    (gap,) = side.why.gaps
    printed = case["slope in b at m=43"][0]
    assert gap.exact == pytest.approx(float(printed["exact"]), rel=1e-12)
    assert gap.numeric == pytest.approx(float(printed["forward"]), rel=1e-9)
    assert gap.leading.value == pytest.approx(float(printed["gap"]), rel=1e-12) == pytest.approx(30 * 0.001)
    assert gap.explained == pytest.approx(1, abs=1e-6)
    assert side.exact.points[:, 0] == pytest.approx(list(map(float, kept)), rel=1e-12)
    assert side.numeric.points[:, 0] - side.exact.points[:, 0] == pytest.approx(
        [-0.0005 * (1 - 0.4**k) for k in range(6)], abs=1e-9
    )


def test_the_gap_of_movies3_is_h_times_the_sum_of_squares():
    lesson = load("lesson.json")["movies3"]
    h, squares = 1e-4, sum(float(x) ** 2 for x in lesson["x"])
    side = beside(RSS, {"m": 0.6}, h=h, data="movies3", constants={"b": 133.33}, learning_rate=1e-6, steps=11)

    (gap,) = side.why.gaps
    assert gap.leading.value == pytest.approx(h * squares) == pytest.approx(21)
    assert gap.gap == pytest.approx(float(lesson["slope in m at m=0.6 b=133.33"]["gap"]), rel=1e-6)
    assert gap.exact == pytest.approx(float(lesson["slope in m at m=0.6 b=133.33"]["exact"]), rel=1e-12)


# -- numeric runs by hand ------------------------------------------------------------------------


def by_hand(x, y, method, h, optimizer, rate, steps, start):
    """A descent down the sum of squared residuals of a line by differences, in plain NumPy."""

    def loss(p):
        return float(((y - (p[0] * x + p[1])) ** 2).sum())

    def slope(p):
        found = np.zeros(2)
        for k in range(2):
            unit = np.eye(2)[k] * h
            ahead, behind = loss(p + unit), loss(p - unit)
            found[k] = (ahead - loss(p)) / h if method == "forward" else (ahead - behind) / (2 * h)
        return found

    p, memory, square, points = np.array(start, dtype=float), np.zeros(2), np.zeros(2), [np.array(start, dtype=float)]
    for t in range(1, steps + 1):
        g = slope(p)
        if optimizer == "gradient-descent":
            p = p - rate * g
        elif optimizer == "momentum":
            memory = 0.9 * memory + g
            p = p - rate * memory
        else:
            memory, square = 0.9 * memory + 0.1 * g, 0.999 * square + 0.001 * g**2
            p = p - rate * (memory / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.999**t)) + 1e-8)
        points.append(p)
    return np.array(points)


@pytest.mark.parametrize("method", ["forward", "central"])
@pytest.mark.parametrize(("optimizer", "rate"), [("gradient-descent", 0.01), ("momentum", 0.005), ("adam", 0.1)])
def test_the_numeric_run_is_the_one_a_few_lines_of_numpy_make(method, optimizer, rate):
    case = load("lesson.json")["steplab"]
    x, y = (np.array(case[name], dtype=float) for name in ("x", "y"))
    h = 1e-3

    side = beside(
        RSS, {"m": 43, "b": 12}, method, h, {"x": x, "y": y}, optimizer=optimizer, learning_rate=rate, steps=25
    )

    expected = by_hand(x, y, method, h, optimizer, rate, 25, (43, 12))
    assert np.abs(side.numeric.points - expected).max() < 1e-7
    assert bool(np.abs(side.numeric.points - side.exact.points).max() > 1e-6) is (method == "forward")


def test_batches_are_the_same_in_both_and_their_slopes_are_measured():
    rows = np.arange(12.0)
    x, y = np.sin(rows), np.cos(2 * rows)
    made = program(MSE, {"x": x, "y": y})
    walk = {"optimizer": "sgd", "learning_rate": 0.05, "batch_size": 5, "seed": 3}
    trace = sc.descend(made, {"m": 1, "b": 0}, compare="forward", h=0.01, steps=7, **walk)
    side, batches = trace.side_by_side, Batches(made, 5, 3)

    p = np.array([1.0, 0.0])
    for step in range(7):
        assert side.numeric.points[step] == pytest.approx(p, abs=1e-10)
        chosen = batches.chosen(step)
        r = y[chosen] - (p[0] * x[chosen] + p[1])
        assert batches.value(p, step) == pytest.approx((r**2).mean(), rel=1e-13)
        # A forward difference of a mean of squares: the slope plus h/2 times its bend.
        exact = np.array([-2 * (x[chosen] * r).mean(), -2 * r.mean()])
        p = p - 0.05 * (exact + 0.005 * np.array([2 * (x[chosen] ** 2).mean(), 2.0]))
    assert side.why.expected is None or not side.why.closed_form


WALKS = [
    {"learning_rate": 0.01},
    {},
    {"optimizer": "adam"},
    {"optimizer": "sgd", "batch_size": 8, "schedule": "1/t"},
    {"optimizer": "sgd", "batch_size": 7, "learning_rate": 0.001},
    {"optimizer": "coordinate-descent"},
    {"optimizer": "barzilai-borwein"},
    {"optimizer": "polyak", "constants": {"lowest": 200}},
    {"optimizer": "newton"},
    {"optimizer": "trust-region"},
    {"optimizer": "l-bfgs"},
    {"optimizer": "l-bfgs", "line_search": "wolfe"},
    {"optimizer": "newton", "bounds": {"b": (0, 2)}},
    {"optimizer": "newton", "constraints": ["m + b <= 50"]},
    {"optimizer": "velocity = 0.5*velocity + gradient; point = point - 0.01*velocity"},
]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: "-".join(map(str, walk.values()))[:40] or "backtracking")
def test_the_exact_run_is_the_trace_to_the_last_bit(walk):
    trace = sc.descend(program(RSS, "steplab"), {"m": 43, "b": 1}, compare="central", h=1e-3, steps=12, **walk)

    side = trace.side_by_side
    assert np.array_equal(side.exact.points, trace.points)
    assert np.array_equal(side.exact.losses, trace.losses)
    assert np.array_equal(side.numeric.points[0], trace.points[0])
    # Central differences have no truncation on a quadratic: the twin goes the same way but for round-off.
    count = min(len(side.numeric.points), len(trace.points))
    assert side.numeric.points[:count] == pytest.approx(trace.points[:count], rel=1e-5, abs=1e-5)


def test_a_proximal_step_has_a_twin():
    walk = {"optimizer": "proximal-gradient", "learning_rate": 0.01, "steps": 400}
    side = beside(f"{RSS} + 500*abs(b)", {"m": 43, "b": 1}, data="steplab", h=1e-4, **walk)

    # The penalty holds b at 0 in both, so m alone is shifted: by -h/2.
    assert side.exact.points[-1][1] == side.numeric.points[-1][1] == 0
    assert side.apart[0] == pytest.approx(-0.5e-4, rel=1e-4)


# -- cost, first digits, ends --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "each"), [("forward", 3), ("backward", 3), ("central", 5), ("five-point", 9), ("complex-step", 3)]
)
def test_what_each_run_took_is_counted(method, each):
    side = beside(RSS, {"m": 43, "b": 12}, method, None, "steplab", learning_rate=0.01, steps=10)

    assert (side.exact.values, side.exact.gradients) == (0, 11)
    assert (side.numeric.values, side.numeric.gradients) == (11 * each, 0)
    assert side.exact.seconds > 0 < side.numeric.seconds


def test_where_two_runs_first_differ_in_a_printed_digit():
    # x ← 0.6·x against 0.6·x - 0.0002, the slope 2 against 2.001.
    side = beside("x^2", {"x": 1}, "forward", 0.001, learning_rate=0.2, steps=3)

    slope, *others = side.first_differences(6)
    assert (slope.step, slope.what, slope.entry) == (0, "slope", "x")
    assert (slope.exact, slope.numeric) == (2, pytest.approx(2.001))
    assert [(d.step, d.what) for d in others] == [(1, "point"), (1, "loss")]
    assert (others[0].exact, others[0].numeric) == (pytest.approx(0.6), pytest.approx(0.5998))
    # With three digits only the loss at the second step differs first: 0.36² = 0.1296 against 0.35968².
    assert side.first_differences(3)[0][:3] == (2, "loss", "")
    assert beside("x^2", {"x": 1}, "complex-step", None, learning_rate=0.2, steps=3).first_differences(6) == ()


def test_round_off_is_called_round_off():
    side = beside(RSS, {"m": 43, "b": 12}, "central", 1e-3, "steplab", learning_rate=0.01, steps=10)

    assert all(gap.leading.value == 0 for gap in side.why.gaps)
    assert all(abs(gap.gap) < 64 * gap.rounding for gap in side.why.gaps)
    assert side.why.shift is None


def test_a_resumed_run_is_set_beside_from_its_own_start(tmp_path):
    made = program(RSS, "steplab")
    path = tmp_path / "run.json"
    sc.descend(made, {"m": 43, "b": 12}, "momentum", learning_rate=0.005, steps=5, save=path)
    trace = sc.descend(made, resume=path, steps=5, compare="forward", h=0.001)

    side = trace.side_by_side
    assert np.array_equal(side.exact.points, trace.points)
    assert len(side.numeric.points) == len(trace.steps)


def test_what_is_held_stays_held():
    loss = sc.parse(RSS, "steplab", parameters=["m", "b"])
    made = sc.compile(sc.differentiate(loss, wrt=["b"]))

    side = sc.descend(made, {"m": 43, "b": 3}, compare="forward", h=0.001, learning_rate=0.01, steps=60).side_by_side

    assert set(side.numeric.points[:, 0]) == {43}
    assert side.apart == pytest.approx([0, -0.0005], abs=1e-9)


# -- what goes wrong -----------------------------------------------------------------------------


def test_a_slope_that_cannot_be_measured_is_told_with_its_place():
    side = beside("a - log(a)", {"a": 0.002}, "central", 0.003, learning_rate=1e-6, steps=5)

    assert side.numeric.steps == 0
    assert side.numeric.stop_reason.word == "not_finite"
    assert side.why.not_finite == (
        "At step 0 the numeric slope in a is not finite, because the loss has no finite value h = 0.003 behind of "
        "a = 0.002: log(a) is nan at a = -0.001. Take a smaller h, or forward differences, which do not look there."
    )
    assert beside("a - log(a)", {"a": 0.002}, "forward", 0.003, learning_rate=1e-6, steps=5).why.not_finite == ""


def test_a_step_below_the_spacing_of_floats_is_told():
    # Far out 0.1 is lost in x: 2^60 + 0.1 is 2^60.
    side = beside("x^2", {"x": 2.0**60}, "forward", 0.1, learning_rate=0.1, steps=3)

    assert "h = 0.1 is less than the spacing of floats at x = 1.15292e+18, so it moves nothing" in side.why.not_finite


def test_a_kink_within_reach_is_told():
    # At m = 1, b = 100 the model gives 200 … 500: the row (200, 300) lies on its kink.
    side = beside("mean(abs(y - (m*x + b)))", {"m": 1, "b": 100}, data="movies", learning_rate=1e-3, steps=3)

    assert "A kink lay within reach of h at step 0" in side.why.kink
    assert beside("(x - 1)^2", {"x": 3}, learning_rate=0.1, steps=3).why.kink == ""


def test_a_method_that_goes_by_residuals_has_no_twin_and_says_so():
    side = beside(RSS, {"m": 43, "b": 12}, data="steplab", optimizer="levenberg-marquardt", steps=5)

    assert side.numeric is None
    assert "residuals and their exact Jacobian" in side.compared
    with pytest.raises(InputError, match="residuals"):
        _ = side.why


def test_an_interrupt_keeps_what_there_is():
    trace = sc.descend(
        program(RSS, "steplab"), {"m": 43, "b": 12}, learning_rate=0.01, steps=50, compare="forward", h=1e-3
    )

    def stop(index, loss):
        if index == 4:
            raise KeyboardInterrupt

    side = side_by_side(trace, stop)

    assert side.interrupted
    assert side.numeric.steps == 4
    assert side.exact.stop_reason.word == "interrupted"
    assert len(side.off) == 5


def test_without_a_method_to_compare_there_is_no_twin():
    assert sc.descend(program("x^2"), {"x": 1}, steps=2).side_by_side is None
