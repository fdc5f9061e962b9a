"""Claims about methods: where they land, what they print, what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from numeric.hand_written import rosenbrock

import symcalc as sc
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.methods import METHODS
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.surfaces import SURFACES
from symcalc.compute.residuals import residuals_of
from symcalc.curvature.degree import degree
from symcalc.descent.save import document
from symcalc.descent.stopping import StopReason
from symcalc.descent.written import rule
from symcalc.errors import FormulaError, InputError

SCALED = "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)"
LASSO = "mean((y - X@w)^2) + lam*sum(abs(w))"
LINE = "mean((y - (m*x + b))^2)"
# m = 764/… by hand: the line through b = 100 with the least squares is m = Σx(y - 100)/Σx².
X, Y = np.array([100, 200, 250, 325, 400.0]), np.array([275, 300, 550, 525, 700.0])
HELD = float((X @ (Y - 100)) / (X @ X))


def program(text, data=None, **given):
    return sc.compile(sc.differentiate(sc.parse(text, data, **given)))


def surface(name):
    row = SURFACES[name]
    return program(row.text, constants=row.constants, parameters=row.parameters)


# -- Newton ------------------------------------------------------------------------------------------


def _random_quadratic(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 9))
    root = rng.normal(size=(size, size))
    matrix = root @ root.T + 10.0 ** -rng.integers(0, 6) * np.eye(size)
    lowest = rng.normal(size=size)
    made = program("(v - c)@A@(v - c)/2 + 3", constants={"A": matrix, "c": lowest}, parameters={"v": (size,)})
    return made, rng.normal(size=size) * 10, lowest, matrix


@pytest.mark.parametrize("seed", range(12))
def test_newton_lands_in_one_step_on_a_random_quadratic(seed):
    made, start, lowest, matrix = _random_quadratic(seed)

    trace = sc.descend(made, {"v": start}, "newton", steps=1)

    off = np.linalg.norm(trace.point["v"] - lowest)
    assert off <= 1e-13 * np.linalg.cond(matrix) * np.linalg.norm(start)
    assert trace.loss == pytest.approx(3, rel=1e-12)


ROWS = {**SURFACES, **LOSSES, **MODELS}


def _quadratic(name):
    row = ROWS[name]
    loss = sc.parse(row.text, dict(row.example) or None, constants=row.constants, parameters=row.parameters)
    return loss if degree(loss) == 2 else None


QUADRATIC = [name for name in ROWS if _quadratic(name) is not None]


def test_there_are_quadratic_rows():
    assert {"sphere", "booth", "matyas", "trid", "mse", "ridge", "line", "polynomial"} <= set(QUADRATIC)


@pytest.mark.parametrize("name", QUADRATIC)
def test_newton_lands_in_one_step_on_every_quadratic_row(name):
    made = sc.compile(sc.differentiate(_quadratic(name)))
    start = np.linspace(-2, 3, made.layout.total)
    slopes, hessian = made.gradient(start), made.hessian(start)

    trace = sc.descend(made, start, "newton", steps=1)

    # Worked out beside it: the point where the slopes of a quadratic vanish, and that the step went all the way.
    assert trace.steps[0].learning_rate == 1
    lowest = start - np.linalg.lstsq(hessian, slopes, rcond=None)[0]
    assert made.layout.joined(trace.point) == pytest.approx(lowest, rel=1e-8, abs=1e-8)
    assert np.linalg.norm(trace.gradients[-1]) <= 1e-10 * np.linalg.norm(slopes)


@pytest.mark.parametrize("method", ["newton", "gauss-newton"])
def test_one_step_is_enough_for_the_line_on_movies(method):
    trace = sc.descend(program(LINE, "movies"), {"m": 0, "b": 0}, method, steps=1)

    assert trace.point == pytest.approx({"m": 1.441037735849056603773585, "b": 102.5353773584905660377358}, rel=1e-12)


def test_newton_walks_down_where_the_loss_bends_down():
    # f(x) = (x² - 1)² has a maximum at 0: Newton's own step would climb to it.
    trace = sc.descend(program("(x^2 - 1)^2", parameters=["x"]), {"x": 0.1}, "newton", steps=50)

    assert abs(trace.point["x"]) == pytest.approx(1, abs=1e-12)


def test_a_flat_direction_is_left_alone():
    trace = sc.descend(program("(a + b - 3)^2", parameters=["a", "b"]), {"a": 1, "b": 0}, "newton", steps=5)

    assert trace.point == pytest.approx({"a": 2, "b": 1})


@pytest.mark.parametrize("name", ["newton", "gauss-newton", "l-bfgs", "levenberg-marquardt", "trust-region"])
def test_methods_that_know_the_bend_reach_the_end_of_rosenbrocks_valley(name):
    trace = sc.descend(surface("rosenbrock"), {"x": -1.2, "y": 1}, name, steps=100, tolerance=0)

    assert trace.point == pytest.approx({"x": 1, "y": 1}, abs=1e-11)
    assert trace.stop_reason is StopReason.STALLED
    assert (np.diff(trace.losses) <= 1e-20).all()


def test_a_wolfe_search_comes_down_too():
    trace = sc.descend(surface("rosenbrock"), {"x": -1.2, "y": 1}, "l-bfgs", steps=100, line_search="wolfe")

    assert trace.point == pytest.approx({"x": 1, "y": 1}, abs=1e-9)


@pytest.mark.parametrize("name", [n for n in METHODS if n not in ("proximal-gradient",)])
def test_the_predicted_change_is_that_of_the_step_taken(name):
    options = {"batch_size": 2} if name == "sgd" else {}
    trace = sc.descend(program(SCALED, "movies"), {"m": 0, "b": 0}, name, steps=3, **options)

    # The loss is quadratic: slope and bend are all there is.
    for step in trace.steps[:-1]:
        assert step.actual_change == pytest.approx(step.predicted_change, rel=1e-9, abs=1e-8)


# -- resuming ----------------------------------------------------------------------------------------

RUNS = [(name, {"batch_size": 2} if name == "sgd" else {}) for name in METHODS if name != "proximal-gradient"] + [
    ("adam", {"batch_size": 2, "schedule": "cosine", "learning_rate": 0.1, "seed": 3}),
    ("momentum", {"schedule": "0.1/sqrt(t)"}),
    ("gradient-descent", {"bounds": {"b": (0, 100)}}),
    ("gradient-descent", {"constraints": ("m + b <= 300",)}),
]


@pytest.mark.parametrize(("name", "options"), RUNS, ids=lambda v: v if isinstance(v, str) else "-".join(v) or "plain")
def test_every_method_resumes_bit_for_bit(name, options):
    made = program(SCALED, "movies")
    start = {"m": 1, "b": 2}
    whole = sc.descend(made, start, name, steps=9, **options)
    if "schedule" in options:
        # A schedule goes by the steps that were asked for first.
        options = {**options}
    half = sc.descend(made, start, name, steps=9, on_step=_stop_at(4), **options)

    resumed = sc.descend(made, resume=document(half), steps=5)

    assert np.array_equal(whole.points, resumed.points)
    assert np.array_equal(whole.losses, resumed.losses)


def _stop_at(index):
    def heard(step, loss):
        if step == index:
            raise KeyboardInterrupt

    return heard


# -- batches and schedules -------------------------------------------------------------------------


def test_a_batch_of_all_rows_is_the_whole_loss():
    made = program("z = (x - mean(x))/std(x); mean((y - (m*z + b))^2) + m^2", "movies")

    batch = sc.descend(made, {"m": 0, "b": 0}, "sgd", 0.1, steps=5, batch_size=5)
    whole = sc.descend(made, {"m": 0, "b": 0}, "gradient-descent", 0.1, steps=5)

    assert batch.points == pytest.approx(whole.points, rel=1e-14)


def test_the_slopes_of_an_epoch_average_to_those_of_all_rows():
    from symcalc.compute.batches import Batches

    made = program(LINE, {"x": np.arange(6.0), "y": np.array([1, 3, 2, 5, 4, 9.0])})
    batches = Batches(made, 2, seed=4)
    point = np.array([0.3, -1.0])

    mean = np.mean([batches.gradient(point, k) for k in range(3)], axis=0)

    assert mean == pytest.approx(made.gradient(point), rel=1e-13)
    seen = sorted(row for k in range(3) for row in batches.chosen(k))
    assert seen == list(range(6))
    assert list(batches.chosen(3)) != list(batches.chosen(0)) or list(batches.chosen(4)) != list(batches.chosen(1))


def test_stochastic_descent_settles_with_a_falling_rate():
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    made = program(LINE, {"x": x, "y": 2 * x - 1 + 0.1 * rng.normal(size=200)})

    trace = sc.descend(made, {"m": 0, "b": 0}, "sgd", 0.1, steps=600, batch_size=10, schedule="1/t")

    slope, intercept = np.polyfit(x, made.given[made.loss.name_of("y").symbol], 1)
    assert trace.point == pytest.approx({"m": slope, "b": intercept}, abs=0.01)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [0.4, 0.4, 0.4, 0.4]),
        ("cosine", [0.4, 0.4 * (1 + np.cos(np.pi / 4)) / 2, 0.2, 0.4 * (1 + np.cos(3 * np.pi / 4)) / 2]),
        ("warm-up", [0.04, 0.08, 0.12, 0.16]),
        ("1/t", [0.4, 0.4 / 1.1, 0.4 / 1.2, 0.4 / 1.3]),
        ("step", [0.4, 0.4, 0.4, 0.4]),
        ("rate/t^2", [0.4, 0.1, 0.4 / 9, 0.025]),
    ],
)
def test_a_schedule_is_a_formula_of_the_step(schedule, rates):
    trace = sc.descend(program("x^2", parameters=["x"]), {"x": 1}, learning_rate=0.4, steps=4, schedule=schedule)

    assert [step.learning_rate for step in trace.steps[:-1]] == pytest.approx(rates)


@pytest.mark.parametrize(
    "options",
    [{"schedule": "warm-up"}, {"batch_size": 2}, {"bounds": {"b": (0, 100)}}, {"constraints": ("m + b <= 300",)}],
    ids=lambda options: next(iter(options)),
)
def test_no_number_of_steps_is_promised_where_the_rate_or_the_slopes_change(options):
    made = program(SCALED, "movies")
    plain = sc.descend(made, {"m": 0, "b": 0}, learning_rate=0.001, steps=5)
    other = sc.descend(made, {"m": 0, "b": 0}, learning_rate=0.001, steps=5, **options)

    assert "0.5 is the best constant one" in plain.message
    assert other.message.endswith("raise steps or the learning rate.")


def test_the_rule_names_a_rate_that_follows_a_schedule():
    trace = sc.descend(program("x^2", parameters=["x"]), {"x": 1}, learning_rate=0.4, steps=2, schedule="1/t")

    assert rule(trace) == ("x ← x - learning_rate·dL/dx",)
    assert rule(sc.descend(trace.program, {"x": 1}, learning_rate=0.4, steps=2)) == ("x ← x - 0.4·dL/dx",)


# -- limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["newton", "gauss-newton", "levenberg-marquardt", "trust-region", "l-bfgs"])
def test_bounds_are_kept_and_the_rest_is_solved(name):
    trace = sc.descend(program(LINE, "movies"), {"m": 0, "b": 0}, name, bounds={"b": (0, 100)})

    assert trace.point == pytest.approx({"m": HELD, "b": 100}, rel=1e-8)
    assert (trace.points[:, 1] <= 100).all()


def test_gradient_descent_keeps_bounds_too():
    trace = sc.descend(program(SCALED, "movies"), {"m": 0, "b": 0}, learning_rate=0.25, bounds={"b": (None, 300)})

    assert trace.point == pytest.approx({"m": 148.36391547507212, "b": 300}, rel=1e-9)


def test_linear_constraints_are_kept():
    # min (x-2)² + (y-2)² + xy with x + y <= 1: by symmetry x = y = 1/2.
    made = program("(x-2)^2 + (y-2)^2 + x*y", parameters=["x", "y"])

    for name in ("gradient-descent", "newton"):
        trace = sc.descend(made, {"x": 0, "y": -3}, name, constraints=["x + y <= 1"], steps=200)
        assert trace.point == pytest.approx({"x": 0.5, "y": 0.5}, abs=1e-9)


def test_an_equality_is_kept_at_every_step():
    made = program("sum((v - c)^2)", constants={"c": [1, 2, 3]}, parameters={"v": (3,)})

    trace = sc.descend(made, {"v": [1, 0, 0]}, "newton", constraints=["sum(v) = 1", "v >= 0"])

    # The nearest point of the simplex to (1, 2, 3), by hand: (0, 0, 1).
    assert trace.point["v"] == pytest.approx([0, 0, 1], abs=1e-12)


def test_proximal_steps_solve_a_lasso_where_zero_is_exact():
    # With orthogonal columns each entry is soft-thresholded: w = sign(c)·max(|c| - lam/2, 0), c = Xᵀy/n.
    X = np.array([[1, 1], [1, -1], [1, 1], [1, -1.0]])
    y = np.array([3, 2.5, 3.2, 2.9])
    c = X.T @ y / 4

    made = program(LASSO, {"X": X, "y": y}, constants={"lam": 0.8})
    trace = sc.descend(made, {"w": [0, 0]}, "proximal-gradient", steps=100)

    assert trace.point["w"] == pytest.approx(np.sign(c) * np.maximum(abs(c) - 0.4, 0), abs=1e-12)
    assert trace.point["w"][1] == 0


@pytest.mark.parametrize(
    "penalty",
    [
        "lam*(abs(m) + abs(b))",
        "lam*abs(m) + lam*abs(b)",
        "(abs(m) + abs(b))*lam/2 + lam*(2*abs(b) + 2*abs(m))/4",
        "s*lam",
    ],
)
def test_a_lasso_may_be_spelled_in_many_ways(penalty):
    x, y = np.array([1.0, -1, 1, -1]), np.array([3.0, 2.5, 3.2, 2.9])
    text = f"s = abs(m) + abs(b); mean((y - (m*x + b))^2) + {penalty}"
    made = program(text, {"x": x, "y": y}, constants={"lam": 0.8})

    trace = sc.descend(made, {"m": 0, "b": 0}, "proximal-gradient", steps=200)

    # The columns are orthogonal: mean(x·y) = 0.2 is below lam/2 = 0.4, and mean(y) = 2.9 is shrunk by it.
    assert trace.point == pytest.approx({"m": 0, "b": 2.5}, abs=1e-12)
    assert trace.point["m"] == 0
    # |m| takes all of the slope -2·0.2 at 0, since it is below lam: nothing is in the way.
    assert "in the way" not in trace.message
    assert sc.descend(made, {"m": 0, "b": 0}, "proximal-gradient", tolerance=1e-9).stop_reason is StopReason.CONVERGED


# -- squares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        LINE, "s = sum((y - m*x)^2); s/2 + 1", "sum((y - m*x)^2)/n + lam*m^2", "mean(lam*(y - m*exp(-b*x/100))^2)",
        "norm([m, b] - 3)^2", "x1 = m^2; (x1 - b)^2 + 100*(1 - m)^2", "var(y - m*x)", "(m*b - 1)^4",
    ],
)  # fmt: skip
def test_residuals_make_up_the_loss_and_their_slopes_its_gradient(text):
    made = program(text, "movies", constants={"lam": 2} if "lam" in text else None)
    point = np.array([0.7, 1.3])[: made.layout.total]
    r, jacobian = residuals_of(made)(point)
    constant = made.value(point) - r @ r

    assert constant == pytest.approx(1 if text.endswith("+ 1") else 0, abs=1e-9 * (1 + abs(made.value(point))))
    assert 2 * jacobian.T @ r == pytest.approx(made.gradient(point), rel=1e-10, abs=1e-9)


@pytest.mark.parametrize("text", ["mean(abs(y - m*x))", "log(1 + exp(m))", "m^2 - b^2"])
def test_what_is_no_sum_of_squares_is_refused(text):
    with pytest.raises(InputError, match="no sum of squares"):
        sc.descend(program(text, "movies" if "y" in text else None), optimizer="levenberg-marquardt")


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"optimizer": "newton", "batch_size": 2}, "looks at all rows"),
        ({"optimizer": "levenberg-marquardt", "schedule": "1/t"}, "sets its own pace"),
        ({"batch_size": 0, "learning_rate": 1}, "must be at least 1"),
        ({"batch_size": 2}, "needs a learning rate"),
        ({"schedule": "cosine"}, "give one"),
        ({"schedule": "cosin", "learning_rate": 1}, "Did you mean cosine"),
        ({"schedule": "1 - 2*rate", "learning_rate": 1}, "must be 0 or more"),
        ({"line_search": "golden"}, "there are armijo, wolfe"),
        ({"line_search": "wolfe", "learning_rate": 1}, "leave the rate and schedule out"),
        ({"bounds": {"b": (1, 0)}}, "the lowest value comes first"),
        ({"bounds": {"c": (0, 1)}}, "c is no parameter"),
        ({"bounds": {"b": 3}}, "a lowest and a highest value"),
        ({"constraints": ["m*b <= 1"]}, "not linear"),
        ({"constraints": ["m + b"]}, "compares two sides"),
        ({"constraints": ["m <= 1"], "bounds": {"b": (0, 1)}}, "not both"),
        ({"constraints": ["m <= 1"], "optimizer": "trust-region"}, "keeps bounds only"),
        ({"constraints": ["m <= -1", "m >= 1"], "learning_rate": 1e-9}, "contradict"),
        ({"optimizer": "proximal-gradient"}, "holds no .parameter."),
        ({"optimizer": "l-bfgs", "constants": {"memory": 0.5}}, "whole number of at least 1"),
        ({"digits": 0}, "whole number from 1 to 200"),
        ({"save_every": -1, "save": "run.json"}, "0 seconds or more"),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_remedy(options, sentence):
    with pytest.raises(InputError, match=sentence):
        sc.descend(program(LINE, "movies"), **options)


def test_a_schedule_that_cannot_be_read_shows_the_place():
    with pytest.raises(FormulaError, match="has no value"):
        sc.descend(program(LINE, "movies"), learning_rate=1, schedule="rate/tt")


def test_a_method_that_needs_the_formula_says_so():
    with pytest.raises(InputError, match="needs the formula of the loss"):
        sc.descend(rosenbrock(), optimizer="levenberg-marquardt")


def test_levenberg_marquardt_says_its_damping_and_the_step_solves_what_the_rule_says():
    """On a line there is nothing to curve: (JᵀJ + damping·D²)·v = -Jᵀr, D the lengths of the columns of J."""
    x, y = np.array([1.0, 2.0, 4.0, 7.0]), np.array([3.0, 2.5, 6.0, 9.0])
    program = sc.compile(sc.differentiate(sc.parse("sum((y - (m*x + b))^2)", data={"x": x, "y": y})))
    trace = sc.descend(program, {"m": 5, "b": -3}, "levenberg-marquardt", steps=3)
    jacobian = -np.stack([x, np.ones(4)], axis=1)
    scale = np.linalg.norm(jacobian, axis=0)
    dampings = []
    for step in trace.steps[:2]:
        damping = step.settled["damping"]
        residual = y - step.point["m"] * x - step.point["b"]
        matrix = jacobian.T @ jacobian + damping * np.diag(scale**2)
        by_hand = np.linalg.solve(matrix, -jacobian.T @ residual)
        assert [float(step.update["m"]), float(step.update["b"])] == pytest.approx(by_hand.tolist(), rel=1e-9)
        dampings.append(damping)
    assert dampings[1] < dampings[0]


def test_a_trust_region_says_its_radius_and_steps_no_farther():
    program = sc.compile(sc.differentiate(sc.parse("(1 - x)^2 + 100*(y - x^2)^2")))
    trace = sc.descend(program, {"x": -1.2, "y": 1}, "trust-region", steps=6)
    for step in trace.steps[:-1]:
        length = float(np.hypot(step.update["x"], step.update["y"]))
        assert length <= step.settled["radius"] * (1 + 1e-9)
    assert trace.steps[-1].settled == {}
